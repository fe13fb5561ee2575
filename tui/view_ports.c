/* view_ports.c - the port heatmap: server port x time, '!' where something was refused. */
#include "view.h"

#include <string.h>

#define LABEL 15
#define COLUMNS_MAX 256

static void series_of(struct app *a, const struct result *r, const struct result_row *row,
		      int cols, uint64_t *value, uint64_t *rejects)
{
	view_series(a, r, row, a->metric, value, cols);
	view_series(a, r, row, METRIC_REJECTS, rejects, cols);
}

static void label(struct area area, int y, const struct result_row *row, int width)
{
	struct buf text = { 0 };
	struct str name;

	value_render(&row->key[0], &text);
	name = row->key[0].absent ? (struct str){ "", 0 } : service_name((unsigned)row->key[0].number);
	screen_right(area, y, 5, ROLE_TEXT, text.s);
	screen_text(area, y, 6, width - 7, ROLE_DIM, name);
	buf_release(&text);
}

static void legend(struct app *a, struct area area, int y, uint64_t max)
{
	char text[24];
	int x = 0;

	for (uint64_t i = 0; i < 4; i++)
		screen_heat(area, y, x++, UINT64_C(1) << (3 * i), UINT64_C(1) << 9);
	x += screen_printf(area, y, x + 1, ROLE_DIM, "%s a cell, most %s", metric_name(a->metric),
			   a->metric == METRIC_BYTES ? human_bytes(text, sizeof text, max)
						     : human_count(text, sizeof text, max)) + 2;
	screen_puts(area, y, x + 1, ROLE_REJECT, "!");
	screen_puts(area, y, x + 3, ROLE_DIM, "refused");
}

static void axis(struct app *a, struct area area, int y, int x, int cols, const struct result *r)
{
	int64_t from, to;
	char text[32];

	view_times(a, r, &from, &to);
	screen_paint(area, y, 0, area.cols, ROLE_HEADING);
	screen_puts(area, y, 0, ROLE_HEADING, " port");
	app_time(a, from, false, text, sizeof text);
	text[5] = '\0';
	screen_puts(area, y, x, ROLE_HEADING, text);
	app_time(a, to, false, text, sizeof text);
	if (cols >= 14)
		screen_right(area, y, x + cols, ROLE_HEADING, text);
}

void view_ports_draw(struct app *a, struct area area, bool focused)
{
	const struct result *r = &a->result[VIEW_PORTS];
	int lines = area.rows - 2 > 0 ? area.rows - 2 : area.rows - 1;
	int top = view_scroll(a, VIEW_PORTS, (int)r->rows, lines);
	int left = area.cols >= 30 ? LABEL : 6, cols = area.cols - left;
	uint64_t value[COLUMNS_MAX], rejects[COLUMNS_MAX], max = 0;

	if (r->rows == 0) {
		view_empty(a, area, "no ports");
		return;
	}
	cols = cols < COLUMNS_MAX ? cols : COLUMNS_MAX;
	for (int i = 0; i < lines && top + i < (int)r->rows; i++) {
		series_of(a, r, &r->row[top + i], cols, value, rejects);
		for (int x = 0; x < cols; x++)
			max = value[x] > max ? value[x] : max;
	}
	axis(a, area, 0, left, cols, r);
	for (int i = 0; i < lines && top + i < (int)r->rows; i++) {
		series_of(a, r, &r->row[top + i], cols, value, rejects);
		label(area, i + 1, &r->row[top + i], left);
		for (int x = 0; x < cols; x++) {
			screen_heat(area, i + 1, left + x, value[x], max);
			if (rejects[x])
				screen_puts(area_part(area, i + 1, left + x, 1, 1), 0, 0, ROLE_REJECT, "!");
		}
		if (focused && top + i == a->selected[VIEW_PORTS])
			screen_paint(area, i + 1, 0, left - 1, ROLE_SELECTED);
	}
	if (area.rows - 2 > 0)
		legend(a, area, area.rows - 1, max);
}
