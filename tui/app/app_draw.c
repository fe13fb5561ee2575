/* app_draw.c - one frame: takes the answers of the panes on show, draws the status
 * lines, the panes and the footer on the grid. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "app/app_copy.h"
#include "app/app_filter.h"
#include "app/app_findings.h"
#include "app/app_page.h"
#include "app/app_time.h"
#include "app/app_usual.h"
#include "app/app_why.h"
#include "state/age.h"
#include "state/app_labels.h"
#include "view/view.h"

#define HEAD_LINES 3

/* ---- answers ---- */

static bool on_show(const struct app *a, const struct pane *p)
{
	return app_is_beside(a) ? app_has_place(a, p) : p == a->focus;
}

static void take_answers(struct app *a)
{
	live_totals(a->live, &a->totals);
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++) {
		if (!on_show(a, p))
			continue;
		if (!(p->view->take && p->view->take(a, p)) && pane_asks(p))
			app_rank_take(a, p);
		p->result.names = app_names(a);
	}
}

/* A frame costs two lines: on a small screen they are data. */
static bool framed(const struct app *a)
{
	return a->screen.rows >= HEAD_LINES + 1 + 8;
}

/* What the keys do in the bar. */
static const char *bar_help(const struct app *a)
{
	if (a->menu.n)
		return "Tab next  S-Tab before  Enter take  Esc as typed";
	if (a->prompt.searching)
		return "^R further back  Enter keep  Esc leave the search";
	return "Enter keep  Esc as it was  Tab complete  ^U empty  Up before  ^R search";
}

/* What the chosen cell says, and what can be done with it. */
static bool draw_cell_help(struct app *a, struct area area, int y)
{
	struct buf clause = { 0 };
	int x = 1;

	if (a->cell)
		app_selected_clause(a, &clause);
	if (clause.n) {
		x += screen_text(area, y, x, area.cols / 2, ROLE_FOCUS, buf_str(&clause)) + 2;
		screen_puts(area, y, x, ROLE_DIM,
			    "+ only  - all but it  Enter drill  < > cell  Esc row");
	}
	bool drawn = clause.n > 0;
	buf_release(&clause);
	return drawn;
}

static void draw_footer(struct app *a, struct area area)
{
	size_t n, panes;
	const struct command *c = commands(&n, &panes);
	int y = area.rows - 1;
	int x;

	if (app_copy_footer(a, area, y))
		return;
	if (a->why.typing) {
		app_why_footer_draw(area, y);
		return;
	}
	if (app_page(a)) {
		app_page_footer_draw(app_page(a), area, y);
		return;
	}
	if (a->asking) {
		screen_puts(area, y, 1, ROLE_DIM, "Enter look  Esc as it was  Up before");
		return;
	}
	if (a->grouping.active) {
		screen_puts(area, y, 1, ROLE_DIM,
			    "Enter group by these  Esc as it was  Tab complete  Up others  "
			    "(srcaddr/24,pair,service)");
		return;
	}
	if (a->editing) {
		screen_puts(area, y, 1, ROLE_DIM, bar_help(a));
		return;
	}
	if (draw_cell_help(a, area, y))
		return;
	x = screen_printf(area, y, 1, ROLE_KEY, "%c-%c", a->pane[0].view->key,
			  a->pane[a->panes - 1].view->key) +
	    2;
	x += screen_puts(area, y, x, ROLE_DIM, "pane") + 2;
	for (size_t i = 0; i < n; i++) {
		char key[16];
		if (!*c[i].footer || (c[i].own && !a->focus->view->judged))
			continue;
		key_label(c[i].key, key, sizeof key);
		if (x + (int)(strlen(key) + strlen(c[i].footer)) + 1 > area.cols)
			continue;
		x += screen_puts(area, y, x, ROLE_KEY, key) + 1;
		x += screen_puts(area, y, x, ROLE_DIM, c[i].footer) + 2;
	}
}

/* ---- panes ---- */

static void draw_pane(struct app *a, struct pane *p, struct area area, bool frame)
{
	struct buf title = { 0 };
	bool focused = p == a->focus;

	view_title(a, p, &title);
	if (frame)
		area = screen_box(area, focused, title.s);
	buf_release(&title);
	if (area.rows <= 0 || area.cols <= 0)
		return;
	if (p->result.by_change)
		view_compare_draw(a, p, area, focused);
	else
		p->view->draw(a, p, area, focused);
	if (focused)
		app_cell_paint(a, area);
}

static void draw_beside(struct app *a, struct area body)
{
	int strips = app_strips(a);

	view_strips_draw(a, area_part(body, 0, 0, strips, body.cols));
	body = area_part(body, strips, 0, body.rows - strips, body.cols);
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++)
		if (app_has_place(a, p))
			draw_pane(a, p, app_place(a, p, body), true);
}

static void draw_record(struct app *a, struct area body)
{
	view_detail_draw(a, body);
	app_cell_paint(a, area_part(body, 1, 1, body.rows - 2, body.cols - 2));
}

static void draw_panes(struct app *a, struct area body)
{
	if (a->help)
		view_help_draw(a, screen_box(body, true, "Help"));
	else if (a->why.page.open)
		app_why_draw(a, body);
	else if (a->usual.page.open)
		app_usual_draw(a, body);
	else if (a->findings.page.open)
		app_finding_draw(a, body);
	else if (a->panel)
		app_panel_draw(a, body);
	else if (a->detail.segment)
		draw_record(a, body);
	else if (a->source_open)
		view_source_draw(a, screen_box(body, true, "Source"));
	else if (app_is_beside(a))
		draw_beside(a, body);
	else
		draw_pane(a, a->focus, body, framed(a));
}

void app_draw(struct app *a)
{
	struct area all = screen_area(&a->screen);
	int head = HEAD_LINES - 1 + app_bar_lines(a), foot = 1;

	a->moving = false;
	a->across = app_is_beside(a) && app_is_across(a);
	age_step(a);
	app_compare_step(a);
	take_answers(a);
	screen_clear(&a->screen);
	if (app_copy_draw(a, all))
		return;
	if (all.rows < 6) {
		head = all.rows >= 4 ? 2 : all.rows > 1;
		foot = 0;
	}
	if (head >= 1)
		app_first_line(a, all);
	if (head >= 2 && (head >= 3 || (!a->editing && !a->grouping.active)))
		app_second_line(a, all, framed(a));
	/* What is being exported, or a window or grouping that is typed, has the line of the
	 * filter. */
	int bar = head >= 3 ? HEAD_LINES - 1 : head > 0 ? head - 1 : 0;
	bool taken = head && app_save_draw(a, all, bar);
	if (a->why.typing && !taken)
		app_why_prompt_draw(a, all, bar);
	else if (a->findings.muting && !taken)
		app_findings_prompt_draw(a, all, bar);
	else if (a->asking && !taken)
		app_ask_draw(a, all, bar);
	else if (a->grouping.active && !taken)
		app_group_draw(a, all, bar);
	else if (head >= 3 && !taken)
		app_bar_draw(a, all, HEAD_LINES - 1);
	else if (a->editing && !taken)
		prompt_draw(&a->prompt, all, head - 1, 0, all.cols, true);
	if (foot)
		draw_footer(a, all);
	draw_panes(a, area_part(all, head, 0, all.rows - head - foot, all.cols));
	app_rank_drawn(a);
	findings_note(a, pane_of_findings(a));
}
