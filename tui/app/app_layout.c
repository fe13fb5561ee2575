/* app_layout.c - what stands where on a large screen: strips, the findings across it, below them two
 * panes in a row, in as many rows as have room; on a wide one the timeline above the findings and the
 * heatmap below the others, both from edge to edge; or what another layout has. */
#include "app/app.h"

#define SPLIT_ROWS 24
#define OTHERS_LEAST 7  /* rows of each of the other panes, with its frame */
#define FINDINGS_ELSE 4 /* rows of theirs that hold none: frame, heading, sums */
#define SPLIT_COLS 80
#define PAIR_COLS 160 /* from which on two panes that have the screen stand side by side */
#define ACROSS_COLS 160
#define CLOCK_ROWS 10 /* of the timeline across, with its frame; */
#define CLOCK_LEAST 8 /* where there are fewer than */
#define CLOCK_ENOUGH 36
#define TWO_ROWS 28   /* of all panes together, from which on there are two rows of them */
#define ALL_STRIPS 30 /* rows of the screen from which on none of the strips is left out */

bool app_is_split(const struct app *a)
{
	return a->layout != LAYOUT_SINGLE && a->screen.rows >= SPLIT_ROWS &&
	       a->screen.cols >= SPLIT_COLS;
}

int app_strips(const struct app *a)
{
	return !app_is_beside(a) ? 0 : a->screen.rows >= ALL_STRIPS ? 3 : 2;
}

bool app_is_in_layout(const struct app *a, const struct pane *p)
{
	return layout_has(a->layout, p->view->name, p->view->beside);
}

struct pane *app_first_place(struct app *a)
{
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++)
		if (app_is_in_layout(a, p))
			return p;
	return a->pane;
}

/* Rows of the screen that strips and panes have. */
static int rows_of(const struct app *a)
{
	return a->screen.rows - 4;
}

static bool has_two_rows(const struct app *a)
{
	return rows_of(a) - (a->screen.rows >= ALL_STRIPS ? 3 : 2) >= TWO_ROWS;
}

bool app_is_across(const struct app *a)
{
	return a->layout == LAYOUT_OVERVIEW && a->screen.cols >= ACROSS_COLS && has_two_rows(a);
}

static bool is_clock(const struct app *a, const struct pane *p)
{
	return app_is_across(a) && p->view->query.rows == ROWS_TIMELINE;
}

/* How many panes of the layout stand before it, apart from those that are above all others. */
static int before(const struct app *a, const struct pane *p)
{
	int n = 0;

	for (const struct pane *q = a->pane; q < p; q++)
		n += app_is_in_layout(a, q) && !q->view->judged && !is_clock(a, q);
	return n;
}

bool app_has_place(const struct app *a, const struct pane *p)
{
	if (!app_is_split(a) || !app_is_in_layout(a, p))
		return false;
	return p->view->judged || is_clock(a, p) || before(a, p) < (has_two_rows(a) ? 4 : 2);
}

bool app_is_beside(const struct app *a)
{
	return !a->zoomed && app_has_place(a, a->focus);
}

/* Findings have their share, and more while there are more of them and others keep a few rows. */
static int findings_rows(const struct app *a, int rows, bool two)
{
	int share = two ? rows * 2 / 5 : rows * 5 / 9;
	int most = rows - (two ? 2 : 1) * OTHERS_LEAST, wanted = (int)a->findings.n + FINDINGS_ELSE;

	wanted = wanted < most ? wanted : most;
	return wanted > share ? wanted : share;
}

/* Two panes that have all of it: side by side where that leaves each what a row wants to say. */
static struct area half(struct area body, int at)
{
	int w = body.cols / 2, h = body.rows / 2;

	if (body.cols >= PAIR_COLS)
		return area_part(body, 0, at ? w : 0, body.rows, at ? body.cols - w : w);
	return area_part(body, at ? h : 0, 0, at ? body.rows - h : h, body.cols);
}

static struct area below_clock(const struct app *a, struct area body, struct area *clock)
{
	int rows = !app_is_across(a) ? 0 : body.rows < CLOCK_ENOUGH ? CLOCK_LEAST : CLOCK_ROWS;

	*clock = area_part(body, 0, 0, rows, body.cols);
	return area_part(body, rows, 0, body.rows - rows, body.cols);
}

struct area app_place(const struct app *a, const struct pane *p, struct area body)
{
	bool two = has_two_rows(a), alone = app_is_across(a) && before(a, p) == 2;
	int at = before(a, p), rows = two ? 2 : 1, w = body.cols / 2, top, left, y;
	struct area clock, rest = below_clock(a, body, &clock);

	if (a->layout == LAYOUT_TALKERS_REJECTS)
		return half(body, at);
	if (is_clock(a, p))
		return clock;
	top = findings_rows(a, rest.rows, two);
	left = rest.rows - top;
	if (p->view->judged)
		return area_part(rest, 0, 0, top, rest.cols);
	y = top + left * (at / 2) / rows;
	return area_part(rest, y, at % 2 ? w : 0, top + left * (at / 2 + 1) / rows - y,
			 alone    ? rest.cols
			 : at % 2 ? rest.cols - w
				  : w);
}
