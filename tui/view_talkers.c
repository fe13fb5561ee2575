/* view_talkers.c - who talks most: a ranking with both directions and a trend a row. */
#include "view.h"

/* Columns from the right edge, dropped from the left of this list when there is no room. */
struct columns {
	int trend, rejects, recv, sent, metric; /* where each ends; 0: not shown */
	int key;                                /* width left for the key */
};

static struct columns lay_out(int width)
{
	struct columns c = { 0 };
	int end = width;

	c.trend = end;
	end -= width >= 70 ? 13 : width >= 50 ? 9 : 5;
	if (width >= 70) {
		c.rejects = end;
		end -= 6;
	}
	if (width >= 50) {
		c.recv = end;
		end -= 7;
		c.sent = end;
		end -= 7;
	} else {
		c.metric = end;
		end -= 7;
	}
	c.key = end - 1;
	return c;
}

static void metric_text(enum metric m, const struct tally *t, char *out, size_t size)
{
	if (m == METRIC_BYTES)
		human_bytes(out, size, t->bytes);
	else
		human_count(out, size, tally_metric(t, m));
}

static void draw_row(struct app *a, struct area area, int y, const struct result *r,
		     const struct result_row *row, struct columns c)
{
	int trend = c.trend - (c.rejects ? c.rejects : c.recv ? c.recv : c.metric) - 1;
	uint64_t series[64];
	struct view_axis axis;
	struct buf key = { 0 };
	char text[24];

	view_key(r, row, &key);
	screen_text_middle(area, y, 0, c.key, ROLE_TEXT, buf_str(&key));
	buf_release(&key);
	if (c.sent && a->metric == METRIC_BYTES) {
		screen_right(area, y, c.sent, ROLE_TEXT,
			     human_bytes(text, sizeof text, row->tally.sent));
		screen_right(area, y, c.recv, ROLE_TEXT,
			     human_bytes(text, sizeof text, row->tally.bytes - row->tally.sent));
	} else {
		metric_text(a->metric, &row->tally, text, sizeof text);
		screen_right(area, y, c.sent ? c.recv : c.metric, ROLE_TEXT, text);
	}
	if (c.rejects && row->tally.rejects)
		screen_right(area, y, c.rejects, ROLE_REJECT,
			     human_count(text, sizeof text, row->tally.rejects));
	trend = trend < 64 ? trend : 64;
	axis = view_axis_of(r, trend);
	view_series(&axis, r, row, a->metric, series);
	screen_spark(area, y, c.trend - axis.n, ROLE_TREND, series, axis.n);
	view_tail_paint(area, y, c.trend - axis.n, &axis, r);
}

void view_talkers_draw(struct app *a, struct area area, bool focused)
{
	const struct result *r = &a->result[VIEW_TALKERS];
	struct columns c = lay_out(area.cols);
	int lines = area.rows - 1, top = view_scroll(a, VIEW_TALKERS, (int)r->rows, lines);

	if (view_compare_shown(a, VIEW_TALKERS)) {
		view_compare_draw(a, VIEW_TALKERS, area, focused);
		return;
	}
	if (r->rows == 0) {
		view_empty(a, area, "no talkers");
		return;
	}
	screen_paint(area, 0, 0, area.cols, ROLE_HEADING);
	for (unsigned i = 0, x = 0; i < r->group.n && (int)x < c.key - 8; i++)
		x += (unsigned)screen_text(area, 0, (int)x, c.key - (int)x, ROLE_HEADING,
					   str_of(field_name(r->group.field[i]))) +
		     1;
	if (c.sent && a->metric == METRIC_BYTES) {
		screen_right(area, 0, c.sent, ROLE_HEADING, "sent");
		screen_right(area, 0, c.recv, ROLE_HEADING, "recv");
	} else {
		screen_right(area, 0, c.sent ? c.recv : c.metric, ROLE_HEADING,
			     metric_name(a->metric));
	}
	if (c.rejects)
		screen_right(area, 0, c.rejects, ROLE_HEADING, "rej");
	if (area.cols >= 50)
		screen_right(area, 0, c.trend, ROLE_HEADING, "trend");
	for (int i = 0; i < lines && top + i < (int)r->rows; i++) {
		draw_row(a, area, i + 1, r, &r->row[top + i], c);
		if (focused && top + i == a->selected[VIEW_TALKERS])
			screen_paint(area, i + 1, 0, area.cols, ROLE_SELECTED);
	}
}
