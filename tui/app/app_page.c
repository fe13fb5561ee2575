/* app_page.c - see app_page.h. */
#include "app/app_page.h"

#include <string.h>

#include "app/app_filter.h"
#include "app/command.h"
#include "view/view.h"

#define PAGE_LINES (1 << 29)

struct text_page *app_page(struct app *a)
{
	struct text_page *const page[] = { &a->why.page, &a->usual.page, &a->findings.page };

	for (size_t i = 0; i < ARRAY_SIZE(page); i++)
		if (page[i]->open)
			return page[i];
	return NULL;
}

void text_page_clear(struct text_page *p)
{
	buf_clear(&p->text);
	buf_clear(&p->json);
	buf_clear(&p->records);
	p->open = false;
	p->width = p->scroll = 0;
	p->since = INT64_MIN;
}

void text_page_release(struct text_page *p)
{
	buf_release(&p->text);
	buf_release(&p->json);
	buf_release(&p->records);
}

size_t text_page_bytes(const struct text_page *p)
{
	return p->text.cap + p->json.cap + p->records.cap;
}

/* ---- commands ---- */

void command_records(struct app *a)
{
	struct text_page *p = app_page(a);
	struct buf clause = { 0 };

	if (!p->records.n)
		return;
	buf_add_str(&clause, buf_str(&p->records));
	p->kind->close(a);
	app_drill(a, clause.s);
	buf_release(&clause);
}

void command_mark_since(struct app *a)
{
	struct text_page *p = app_page(a);
	const struct page_kind *kind = p->kind;
	int64_t since = p->since;

	if (since == INT64_MIN) {
		snprintf(a->message, sizeof a->message,
			 "since when it is so is not known: nothing to mark");
		return;
	}
	kind->close(a);
	app_mark_at(a, since, kind->name);
}

void app_page_scroll(struct app *a, int by)
{
	struct text_page *p = app_page(a);

	p->scroll = view_clamp(p->scroll + by, PAGE_LINES); /* its end is known when drawn */
}

/* ---- drawing ---- */

void app_page_draw(struct text_page *p, struct area area)
{
	int lines = 0, y = 0;

	for (size_t i = 0; i < p->text.n; i++)
		lines += p->text.s[i] == '\n';
	p->scroll = view_clamp(p->scroll, lines > area.rows ? lines - area.rows : 0);
	for (const char *line = p->text.s; line && *line; y++) {
		size_t n = strcspn(line, "\n");
		if (y >= p->scroll && y - p->scroll < area.rows)
			screen_label(area, y - p->scroll, 1, area.cols - 1,
				     p->kind->role(line, n, y), (struct str){ line, n });
		line += n + (line[n] == '\n');
	}
}
