/* view_rejects.c - what is refused: of how many tried, since when, and is it going on. */
#include "view.h"

#include <string.h>

/* Start of the first bin with a reject; INT64_MIN: not known. */
static int64_t rejected_since(const struct result *r, const struct result_row *row)
{
	for (unsigned i = 0; row->bin && i < r->bins; i++)
		if (row->bin[i].rejects)
			return r->bin_start + (int64_t)i * r->bin_width;
	return INT64_MIN;
}

static void draw_row(struct app *a, struct area area, int y, const struct result *r,
		     const struct result_row *row, int trend)
{
	int end = area.cols;
	uint64_t series[64];
	char text[64], x[32], z[32], time[32];
	struct buf key = { 0 };

	view_series(a, r, row, METRIC_REJECTS, series, trend);
	screen_spark(area, y, end - trend, ROLE_REJECT, series, trend);
	end -= trend + 1;
	if (area.cols >= 52) {
		app_time(a, rejected_since(r, row), false, time, sizeof time);
		if (strlen(time) > 5)
			time[5] = '\0';
		screen_right(area, y, end, ROLE_TEXT, time);
		end -= 6;
	}
	snprintf(text, sizeof text, "%s of %s", human_count(x, sizeof x, row->tally.rejects),
		 human_count(z, sizeof z, row->tally.flows));
	screen_right(area, y, end, row->tally.rejects == row->tally.flows ? ROLE_REJECT : ROLE_WARNING,
		     text);
	end -= 13;
	view_key(r, row, &key);
	screen_text(area, y, 0, end, ROLE_TEXT, buf_str(&key));
	buf_release(&key);
}

void view_rejects_draw(struct app *a, struct area area, bool focused)
{
	const struct result *r = &a->result[VIEW_REJECTS];
	int lines = area.rows - 1, top = view_scroll(a, VIEW_REJECTS, (int)r->rows, lines);
	int trend = area.cols >= 52 ? 10 : area.cols >= 44 ? 6 : 4, end = area.cols - trend - 1;

	if (r->rows == 0) {
		view_empty(a, area, "nothing was refused");
		return;
	}
	screen_paint(area, 0, 0, area.cols, ROLE_HEADING);
	screen_puts(area, 0, 0, ROLE_HEADING, "refused");
	if (trend >= 6)
		screen_right(area, 0, area.cols, ROLE_HEADING, "trend");
	if (area.cols >= 52) {
		screen_right(area, 0, end, ROLE_HEADING, "since");
		end -= 6;
	}
	screen_right(area, 0, end, ROLE_HEADING, "of tried");
	for (int i = 0; i < lines && top + i < (int)r->rows; i++) {
		draw_row(a, area, i + 1, r, &r->row[top + i], trend);
		if (focused && top + i == a->selected[VIEW_REJECTS])
			screen_paint(area, i + 1, 0, area.cols, ROLE_SELECTED);
	}
}
