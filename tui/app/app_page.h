/* app_page.h - pages of text over the panes: why, a finding. Each kind has a table of keys, which
 * its footer shows; what they have in common is here. */
#ifndef ENITOP_APP_PAGE_H
#define ENITOP_APP_PAGE_H

#include "app/app.h"

struct page_key {
	int key;
	const char *label; /* in the footer; empty: not there */
	void (*act)(struct app *a);
};

struct page_kind {
	const char *name; /* "why": of its file */
	const struct page_key *key;
	size_t keys;
	void (*close)(struct app *a);
	/* What a line of it is; `y` counts from 0. */
	enum role (*role)(const char *line, size_t n, int y);
};

/* The page on show; NULL: none. */
struct text_page *app_page(struct app *a);
/* Nothing of it is left but the memory. */
void text_page_clear(struct text_page *p);
void text_page_release(struct text_page *p);
size_t text_page_bytes(const struct text_page *p);

/* A key on the page on show; false: it is none of the page's, which may have closed for it. */
bool app_page_key(struct app *a, int key);
void app_page_draw(struct text_page *p, struct area area);
void app_page_footer_draw(const struct text_page *p, struct area area, int y);

/* What keys of more than one kind do. Enter: the records that it rests on, in the pane of records; */
void app_page_records(struct app *a);
/* b: all panes compare what was before with what is since. */
void app_page_mark(struct app *a);

#endif
