/* cursor.c - see cursor.h. */
#include "state/cursor.h"

/* ---- the timeline's ---- */

void bars_cursor_move(struct app *a, int by)
{
	struct bars *c = &a->cursor;
	int64_t last = c->from + (c->n - 1) * c->width;

	if (c->n < 1)
		return;
	int64_t at = (c->at == INT64_MIN ? last : c->at) + by * c->width;
	at = at < c->from ? c->from : at;
	c->at = at >= last ? INT64_MIN : at; /* the last bar goes on with time */
}

bool bars_cursor_moves(const struct app *a, int by)
{
	const struct bars *c = &a->cursor;

	if (by > 0)
		return c->n > 0 && c->at != INT64_MIN;
	return c->at == INT64_MIN ? c->n > 1 : c->at > c->from;
}

void bars_cursor_mark(struct app *a)
{
	struct bars *c = &a->cursor;

	if (c->n < 1)
		return;
	if (c->mark != INT64_MIN)
		c->mark = INT64_MIN;
	else
		c->mark = c->at == INT64_MIN ? c->from + (c->n - 1) * c->width : c->at;
}

void bars_marked(const struct app *a, const struct view_axis *x, int *first, int *last)
{
	const struct bars *c = &a->cursor;
	int at = c->at == INT64_MIN ? x->n - 1 : view_axis_at(x, c->at);
	int mark = c->mark == INT64_MIN ? at : view_axis_at(x, c->mark);

	at = at < 0 ? 0 : at; /* it slid out of the window */
	mark = mark < 0 ? 0 : mark;
	*first = at < mark ? at : mark;
	*last = at < mark ? mark : at;
}

bool bars_marked_span(const struct app *a, struct span *out)
{
	const struct bars *c = &a->cursor;
	const struct view_axis x = { .from = c->from, .width = c->width, .n = c->n };
	int first, last;

	if (c->n < 1)
		return false;
	bars_marked(a, &x, &first, &last);
	*out = (struct span){ x.from + first * x.width, x.from + (last + 1) * x.width, false };
	return true;
}

/* ---- the heatmap's ---- */

int heat_cursor_column(const struct app *a)
{
	const struct app_heat *h = &a->heat;
	int at = h->column;

	if (!h->on || h->columns < 1)
		return -1;
	if (h->width > 0) /* it stays at its time while the window moves on */
		at = h->time < h->from ? 0 : (int)((h->time - h->from) / h->width);
	return at < h->columns ? at : h->columns - 1;
}

bool heat_cursor_span(struct app *a, int64_t *from, int64_t *to)
{
	int at = heat_cursor_column(a);

	if (a->focus != pane_of_heat(a) || at < 0 || a->heat.width <= 0)
		return false;
	*from = a->heat.from + at * a->heat.width;
	*to = *from + a->heat.width;
	return true;
}

/* From no cell to the nearest edge, and over an edge to no cell. */
void heat_cursor_move(struct app *a, int by)
{
	struct app_heat *h = &a->heat;
	int at = heat_cursor_column(a);

	if (pane_of_heat(a)->result.by_change || h->columns < 1)
		return;
	at = at >= 0 ? at + by : by > 0 ? 0 : h->columns - 1;
	h->on = at >= 0 && at < h->columns;
	h->column = at;
	h->time = h->from + at * h->width;
}
