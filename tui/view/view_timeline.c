/* view_timeline.c - accepted and rejected traffic over the window, each on its own scale: a
 * hundred rejects must be seen beside a million accepted. A cursor over the bars gives
 * exact values, and what it marks becomes the window. */
#include "view/view.h"

#include <string.h>

#include "state/cursor.h"
#include "state/steps.h"

#define COLUMNS_MAX AXIS_MOST
#define LEFT 7         /* columns before the bars */
#define MARKS_FROM 8   /* rows from which on one is for what happened when; */
#define MARKS_ACROSS 6 /* of one across */

struct bars_chart {
	const char *upper; /* what the upper bars are of */
	uint64_t others[COLUMNS_MAX], rejected[COLUMNS_MAX];
};

/* One bin's figures: the metric of what passed; of what was refused how many records, as a scan of a
 * few bytes is a thousand refusals. */
static void figures(enum metric m, const struct tally *t, const struct tally *refused,
		    uint64_t *others, uint64_t *rejected)
{
	static const struct tally none;
	const struct tally *r = refused ? refused : &none;
	uint64_t all = tally_metric(t, m), without = 0;

	switch (m) {
	case METRIC_BYTES:
	case METRIC_PACKETS:
		without = tally_metric(r, m);
		break;
	case METRIC_LOST: /* by gateways, which refuse nothing */
	case METRIC_COST: /* what is refused costs nothing */
		break;
	default:
		all = t->flows;
		without = t->rejects;
	}
	*rejected = t->rejects;
	/* While it is counted the two may not be equally far. */
	*others = all > without ? all - without : 0;
}

static void gather(const struct result *r, const struct view_axis *x, struct bars_chart *c)
{
	uint64_t accepts = 0, without = 0;

	memset(c->others, 0, (size_t)x->n * sizeof *c->others);
	memset(c->rejected, 0, (size_t)x->n * sizeof *c->rejected);
	for (uint32_t i = 0; i < r->rows; i++) {
		int at = view_axis_at(x, r->row[i].since);
		const struct tally *t = &r->row[i].tally;
		uint64_t others, rejected;
		if (at < 0)
			continue;
		figures(r->query.metric, t, r->row[i].bin, &others, &rejected);
		c->others[at] += others;
		c->rejected[at] += rejected;
		accepts += t->accepts;
		without += t->flows - t->rejects - t->accepts;
	}
	/* Records of transit gateways are neither accepted nor refused. */
	c->upper = r->query.metric == METRIC_LOST   ? "lost"
		   : r->query.metric == METRIC_COST ? "cost"
		   : !without                       ? "accept"
		   : accepts                        ? "accept+"
						    : "others";
}

static uint64_t largest(const uint64_t *value, int n)
{
	uint64_t max = 0;

	for (int i = 0; i < n; i++)
		max = value[i] > max ? value[i] : max;
	return max;
}

static char *figure_text(enum metric m, uint64_t value, char *out, size_t size)
{
	return m == METRIC_COST    ? view_cost(out, size, value)
	       : m == METRIC_BYTES ? human_bytes(out, size, value)
				   : human_count(out, size, value);
}

static void scale(struct area area, int y, enum metric m, uint64_t value)
{
	char text[24];

	screen_puts(area, y, 0, ROLE_DIM, figure_text(m, value, text, sizeof text));
}

/* What is not complete yet is hatched: it will grow. */
static void hatch(struct area area, int y, int rows, int x, enum role role)
{
	for (int i = 0; i < rows; i++)
		if (screen_at(area.screen, area.y + y - i, area.x + x)->ch != ' ')
			screen_glyph(area, y - i, x, role, GLYPH_SHADE_2);
}

static void bars(struct area area, int y, int rows, int left, const struct view_axis *x, int tail,
		 enum metric m, enum role role, const char *name, const uint64_t *value)
{
	uint64_t max = largest(value, x->n);

	if (rows <= 0)
		return;
	screen_puts(area, y, 0, role, name);
	if (rows > 1)
		scale(area, y + 1, m, max);
	if (rows > 5 && max > 1)
		scale(area, y + rows / 2 + 1, m,
		      (max * (uint64_t)(rows / 2 - 1) * 2 + (uint64_t)rows) / ((uint64_t)rows * 2));
	if (rows > 3)
		scale(area, y + rows - 1, m, 0);
	for (int i = 0, at = left; i < x->n; i++)
		for (; at < left + view_axis_left(x, i + 1); at++) {
			screen_column(area, y + rows - 1, at, rows, role, value[i], max);
			if (i >= tail)
				hatch(area, y + rows - 1, rows, at, role);
		}
}

/* ---- the cursor ---- */

static void draw_cursor(const struct app *a, struct area area, int rows, int left, int y,
			const struct view_axis *x, const struct bars_chart *c)
{
	uint64_t others = 0, rejected = 0;
	char range[80], n[32], k[32];
	int first, last;

	bars_marked(a, x, &first, &last);
	for (int i = first; i <= last; i++) {
		others += c->others[i];
		rejected += c->rejected[i];
	}
	for (int row = 0; row < rows; row++)
		screen_paint(area, row, left + view_axis_left(x, first),
			     view_axis_left(x, last + 1) - view_axis_left(x, first), ROLE_SELECTED);
	if (y < 0)
		return;
	app_range(a, x->from + first * x->width, x->from + (last + 1) * x->width, range,
		  sizeof range);
	view_count(n, sizeof n, others);
	view_count(k, sizeof k, rejected);
	/* Without room a letter says which is which; without that too, it is less exact. */
	int room = area.cols - (int)(strlen(range) + strlen(n) + strlen(k));
	bool full = room >= (int)strlen(c->upper) + 10;
	if (room < 6) {
		figure_text(a->metric, others, n, sizeof n);
		figure_text(METRIC_REJECTS, rejected, k, sizeof k);
	}
	int at = screen_puts(area, y, 0, ROLE_FOCUS, range) + 1;
	at += screen_printf(area, y, at, ROLE_ACCEPT, "%.*s %s", full ? 16 : 1, c->upper, n) + 1;
	screen_printf(area, y, at, ROLE_REJECT, "%.*s %s", full ? 16 : 1, "reject", k);
}

static void draw_legend(const struct app *a, struct area area, int y, const struct view_axis *x,
			int tail, unsigned marks)
{
	char step[24];
	int at =
		screen_printf(area, y, 0, ROLE_DIM, "%s, refused flows per %s bar",
			      metric_name(a->metric), human_duration(step, sizeof step, x->width)) +
		2;

	if (tail < x->n && at + 14 <= area.cols) {
		screen_glyph(area, y, at, ROLE_DIM, GLYPH_SHADE_2);
		at += 2 + screen_puts(area, y, at + 2, ROLE_TAIL, "not complete") + 2;
	}
	view_marks_legend(area, y, at, marks);
}

/* Rows of the chart: those of the bars, and where the others stand; -1: nowhere. */
struct bars_rows {
	int body, marks, times, note;
};

static struct bars_rows rows_of(int rows, bool across)
{
	bool marks = rows >= (across ? MARKS_ACROSS : MARKS_FROM), note = rows >= 5;
	int body = rows - 1 - note - marks;

	return (struct bars_rows){ body, marks ? body : -1, body + marks,
				   note ? body + marks + 1 : -1 };
}

static void draw(struct app *a, struct pane *p, struct area area, bool focused)
{
	const struct result *r = &p->result;
	const struct bars_rows at = rows_of(area.rows, a->across);
	int low = at.body / 3, tail, left = a->across ? AXIS_LEFT_ACROSS : LEFT;
	unsigned marks = 0;
	struct bars_chart c;
	struct view_axis x = view_axis_filling(a, r, area.cols - left);

	a->cursor.from = x.from;
	a->cursor.width = x.width;
	a->cursor.n = r->rows ? x.n : 0;
	a->cursor.left = area.x + LEFT;
	a->cursor.cols = x.n;
	if (r->rows == 0 || x.n < 1) {
		view_empty(a, area, r->totals.flows ? "none of the flows has a time" : "no flows");
		return;
	}
	gather(r, &x, &c);
	tail = view_tail(&x, r);
	if (at.body >= 2 && low == 0)
		low = 1;
	bars(area, 0, at.body - low, left, &x, tail, a->metric,
	     *c.upper == 'a' ? ROLE_ACCEPT : ROLE_TREND, c.upper, c.others);
	bars(area, at.body - low, low, left, &x, tail, METRIC_REJECTS, ROLE_REJECT, "reject",
	     c.rejected);
	view_mark_draw(a, area, 0, at.body, left, &x);
	if (at.marks >= 0)
		marks = view_marks_draw(a, area, at.marks, left, &x);
	view_axis_times(a, area, at.times, left, left, &x, ROLE_DIM);
	if (focused)
		draw_cursor(a, area, at.body, left, at.note, &x, &c);
	else if (at.note >= 0)
		draw_legend(a, area, at.note, &x, tail, marks);
}

static void add_title(const struct app *a, const struct pane *p, struct buf *out)
{
	(void)p;
	buf_puts(out, " accepted, rejected, ");
	metric_title(a->metric, &a->distinct, out);
}

static void move(struct app *a, struct pane *p, int by)
{
	(void)p;
	bars_cursor_move(a, by);
}

/* What is marked becomes the window. */
static void drill(struct app *a, struct pane *p)
{
	struct span s = live_span(a->live), bars;

	(void)p;
	if (!bars_marked_span(a, &bars))
		return;
	bars.from = bars.from > s.from ? bars.from : s.from;
	bars.to = bars.to < s.to ? bars.to : s.to;
	if (bars.from >= bars.to || (bars.from == s.from && bars.to == s.to))
		return;
	steps_remember(a, app_filter(a));
	live_look_at(a->live, bars.from, bars.to);
	a->cursor.at = a->cursor.mark = INT64_MIN;
}

const struct view view_timeline = {
	.name = "timeline",
	.key = '4',
	.layer = LAYER_TIMELINE,
	.title = "Timeline",
	.help = "timeline",
	.query = { QUERY_ALL, .rows = ROWS_TIMELINE, .group = { .field = { FIELD_BIN }, .n = 1 },
		   .bins = { .most = TIMELINE_BINS } },
	.beside = true,
	.draw = draw,
	.add_title = add_title,
	.rows = view_ranked_rows,
	.move = move,
	.drill = drill,
};
