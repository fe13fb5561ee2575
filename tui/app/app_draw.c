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

/* ---- panes ---- */

static void draw_pane(struct app *a, struct pane *p, struct area area, bool frame)
{
	struct buf title = { 0 };
	bool focused = p == a->focus;

	view_title(a, p, &title);
	if (frame)
		area = screen_box(area, focused, title.s);
	buf_release(&title);
	p->place = area;
	p->framed = frame;
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
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++)
		p->place.rows = 0;
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
		app_footer_draw(a, all, all.rows - 1);
	draw_panes(a, area_part(all, head, 0, all.rows - head - foot, all.cols));
	app_rank_drawn(a);
	findings_note(a, pane_of_findings(a));
}
