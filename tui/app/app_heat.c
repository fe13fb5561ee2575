/* app_heat.c - the heatmap's axes, scale and cell, as keys change them. */
#include "app/app.h"
#include "app/command.h"
#include "query/heat.h"

void command_axes(struct app *a);
void command_scale(struct app *a);

void command_axes(struct app *a)
{
	size_t n, next = 0;
	const struct heat *list = heats(&n);
	int row, column;

	live_heat(a->live, &row, &column);
	for (size_t i = 0; i < n; i++)
		if (list[i].row->field == row && list[i].column->field == column)
			next = (i + 1) % n;
	live_set_heat(a->live, list[next].row->field, list[next].column->field);
	a->heat.on = false;
	app_rank_top(a, VIEW_PORTS);
}

void command_scale(struct app *a)
{
	a->heat.linear = !a->heat.linear;
}

int app_heat_column(const struct app *a)
{
	const struct app_heat *h = &a->heat;
	int at = h->column;

	if (!h->on || h->columns < 1)
		return -1;
	if (h->width > 0) /* it stays at its time while the window moves on */
		at = h->time < h->from ? 0 : (int)((h->time - h->from) / h->width);
	return at < h->columns ? at : h->columns - 1;
}

bool app_heat_span(const struct app *a, int64_t *from, int64_t *to)
{
	int at = app_heat_column(a);

	if (a->focus != VIEW_PORTS || at < 0 || a->heat.width <= 0)
		return false;
	*from = a->heat.from + at * a->heat.width;
	*to = *from + a->heat.width;
	return true;
}

/* From no cell to the nearest edge, and over an edge to no cell. */
void app_heat_move(struct app *a, int by)
{
	struct app_heat *h = &a->heat;
	int at = app_heat_column(a);

	if (a->focus != VIEW_PORTS || a->result[VIEW_PORTS].by_change || h->columns < 1)
		return;
	at = at >= 0 ? at + by : by > 0 ? 0 : h->columns - 1;
	h->on = at >= 0 && at < h->columns;
	h->column = at;
	h->time = h->from + at * h->width;
}
