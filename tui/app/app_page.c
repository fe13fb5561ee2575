/* app_page.c - see app_page.h. */
#include "app/app_page.h"

#include <string.h>

#include "app/app_filter.h"
#include "app/command.h"
#include "view/view.h"

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

/* ---- keys ---- */

void app_page_records(struct app *a)
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

void app_page_mark(struct app *a)
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

static void scroll(struct text_page *p, command_fn *run)
{
	static const struct {
		command_fn *run;
		int by;
	} moves[] = { { command_up, -1 },          { command_down, 1 },
		      { command_page_up, -10 },    { command_page_down, 10 },
		      { command_top, -(1 << 20) }, { command_bottom, 1 << 20 } };

	for (size_t i = 0; i < ARRAY_SIZE(moves); i++)
		if (moves[i].run == run)
			p->scroll += moves[i].by;
}

bool app_page_key(struct app *a, int key)
{
	struct text_page *p = app_page(a);
	command_fn *run = command_of(key);

	if (!p)
		return false;
	if (key == K_ESCAPE || key == K_BACKSPACE || key == 'q') {
		p->kind->close(a);
		return true;
	}
	for (size_t i = 0; i < p->kind->keys; i++)
		if (p->kind->key[i].key == (key == '\n' ? K_ENTER : key)) {
			p->kind->key[i].act(a);
			return true;
		}
	if (run == command_pause || run == command_redraw || run == command_suspend)
		return false;
	if (pane_of_key(a, key) || run == command_help || key == K_CTRL('C')) {
		p->kind->close(a); /* another pane, the help: the page makes room */
		return false;
	}
	scroll(p, run);
	return true;
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

void app_page_footer_draw(const struct text_page *p, struct area area, int y)
{
	static const char back[] = "Backspace back";
	int x = 1;

	for (size_t i = 0; i < p->kind->keys; i++) {
		const struct page_key *k = &p->kind->key[i];
		char name[16];
		key_label(k->key, name, sizeof name);
		if (!*k->label ||
		    x + (int)(strlen(name) + strlen(k->label) + sizeof back) + 3 > area.cols)
			continue;
		x += screen_puts(area, y, x, ROLE_KEY, name) + 1;
		x += screen_puts(area, y, x, ROLE_DIM, k->label) + 2;
	}
	screen_puts(area, y, x, ROLE_DIM, back);
}
