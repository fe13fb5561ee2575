/* app_layout.c - what stands where on a large screen: strips, the findings across it, below them two
 * panes in a row, in as many rows as have room. */
#include "app/app.h"

#define SPLIT_ROWS 24
#define OTHERS_LEAST 7  /* rows of each of the other panes, with its frame */
#define FINDINGS_ELSE 4 /* rows of theirs that hold none: frame, heading, sums */
#define SPLIT_COLS 80
#define TWO_ROWS 28   /* of all panes together, from which on there are two rows of them */
#define ALL_STRIPS 30 /* rows of the screen from which on none of the strips is left out */

bool app_is_split(const struct app *a)
{
	return a->screen.rows >= SPLIT_ROWS && a->screen.cols >= SPLIT_COLS;
}

int app_strips(const struct app *a)
{
	return !app_is_beside(a) ? 0 : a->screen.rows >= ALL_STRIPS ? 3 : 2;
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

bool app_has_place(const struct app *a, const struct pane *p)
{
	int before = 0, places = has_two_rows(a) ? 4 : 2;

	if (!app_is_split(a) || !p->view->beside)
		return false;
	for (const struct pane *q = a->pane; q < p; q++)
		before += q->view->beside && !q->view->judged;
	return p->view->judged || before < places;
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

struct area app_place(const struct app *a, const struct pane *p, struct area body)
{
	bool two = has_two_rows(a);
	int top = findings_rows(a, body.rows, two), left = body.rows - top;
	int at = 0, rows = two ? 2 : 1, w = body.cols / 2, y;

	if (p->view->judged)
		return area_part(body, 0, 0, top, body.cols);
	for (const struct pane *q = a->pane; q < p; q++)
		at += q->view->beside && !q->view->judged;
	y = top + left * (at / 2) / rows;
	return area_part(body, y, at % 2 ? w : 0, top + left * (at / 2 + 1) / rows - y,
			 at % 2 ? body.cols - w : w);
}
