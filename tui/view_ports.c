/* view_ports.c - the port heatmap: server port x time, '!' where something was refused. */
#include "view.h"

#include <string.h>

#define LABEL 15
#define COLUMNS_MAX 256

static void label(struct area area, int y, const struct result_row *row, int width)
{
	struct buf text = { 0 };
	struct str name;

	value_render(&row->key[0], &text);
	name = row->key[0].absent ? (struct str){ "", 0 }
				  : service_name((unsigned)row->key[0].number);
	screen_right(area, y, 5, ROLE_TEXT, text.s);
	screen_text(area, y, 6, width - 7, ROLE_DIM, name);
	buf_release(&text);
}

static void legend(struct app *a, struct area area, int y, uint64_t max)
{
	char text[24];
	int x = 0;

	for (uint64_t i = 0; i < 4; i++)
		screen_heat(area, y, x++, UINT64_C(1) << (3 * i), UINT64_C(1) << 12);
	x += screen_printf(area, y, x + 1, ROLE_DIM, "%s a cell, most %s", metric_name(a->metric),
			   a->metric == METRIC_BYTES ? human_bytes(text, sizeof text, max)
						     : human_count(text, sizeof text, max)) +
	     2;
	screen_puts(area, y, x + 1, ROLE_REJECT, "!");
	x += 3 + screen_puts(area, y, x + 3, ROLE_DIM, "refused") + 2;
	if (a->result[VIEW_PORTS].incomplete_s != INT64_MAX && x + 12 <= area.cols)
		screen_puts(area, y, x, ROLE_TAIL, "not complete");
}

static void heading(struct app *a, struct area area, int left, const struct view_axis *x)
{
	screen_paint(area, 0, 0, area.cols, ROLE_HEADING);
	screen_puts(area, 0, 0, ROLE_HEADING, " port");
	view_axis_times(a, area, 0, left, left - 6 > 0 ? left - 6 : 0, x, ROLE_HEADING);
}

static void draw_row(struct app *a, struct area area, int y, int left, const struct view_axis *x,
		     const struct result_row *row, uint64_t max)
{
	const struct result *r = &a->result[VIEW_PORTS];
	uint64_t value[COLUMNS_MAX], rejects[COLUMNS_MAX];

	view_series(x, r, row, a->metric, value);
	view_series(x, r, row, METRIC_REJECTS, rejects);
	label(area, y, row, left);
	for (int i = 0; i < x->n; i++) {
		screen_heat(area, y, left + i, value[i], max);
		if (rejects[i])
			screen_text(area, y, left + i, 1, ROLE_REJECT, str_of("!"));
	}
	view_tail_paint(area, y, left, x, r);
}

/* The largest cell on show. */
static uint64_t largest(struct app *a, const struct view_axis *x, int top, int lines)
{
	const struct result *r = &a->result[VIEW_PORTS];
	uint64_t value[COLUMNS_MAX], max = 0;

	for (int i = top; i < top + lines && i < (int)r->rows; i++) {
		view_series(x, r, &r->row[i], a->metric, value);
		for (int k = 0; k < x->n; k++)
			max = value[k] > max ? value[k] : max;
	}
	return max;
}

void view_ports_draw(struct app *a, struct area area, bool focused)
{
	const struct result *r = &a->result[VIEW_PORTS];
	int lines = area.rows - 2 > 0 ? area.rows - 2 : area.rows - 1;
	int top = view_scroll(a, VIEW_PORTS, (int)r->rows, lines);
	int left = area.cols >= 30 ? LABEL : 6;
	struct view_axis x =
		view_axis_of(r, area.cols - left < COLUMNS_MAX ? area.cols - left : COLUMNS_MAX);
	uint64_t max;

	if (view_compare_shown(a, VIEW_PORTS)) {
		view_compare_draw(a, VIEW_PORTS, area, focused);
		return;
	}
	if (r->rows == 0) {
		view_empty(a, area, "no ports");
		return;
	}
	max = largest(a, &x, top, lines);
	heading(a, area, left, &x);
	for (int i = 0; i < lines && top + i < (int)r->rows; i++) {
		draw_row(a, area, i + 1, left, &x, &r->row[top + i], max);
		if (focused && top + i == a->selected[VIEW_PORTS])
			screen_paint(area, i + 1, 0, left - 1, ROLE_SELECTED);
	}
	if (area.rows - 2 > 0)
		legend(a, area, area.rows - 1, max);
}
