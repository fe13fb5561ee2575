/* app_page.h - pages of text over the panes: why, a finding. What they have in
 * common is here. */
#ifndef ENITOP_APP_PAGE_H
#define ENITOP_APP_PAGE_H

#include "app/app.h"

struct page_kind {
	const char *name; /* "why": of its file */
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

/* Moves the page on show by lines. */
void app_page_scroll(struct app *a, int by);
void app_page_draw(struct text_page *p, struct area area);

#endif
