/* view_talkers.c - who talks most: a ranking, and of each row what fits beside its key. */
#include "view/view.h"

#include <inttypes.h>
#include <string.h>

enum talkers_column {
	FIGURE,
	ERROR,
	SHARE,
	SENT,
	RECV,
	ACCEPTS,
	REJECTS,
	SINCE,
	LAST,
	TREND,
	WHATS
};

/* What is shown, from left to right after the key; those with more need go first. */
struct talkers_layout {
	int width[WHATS];        /* with the gap before it; 0: not shown */
	int key, enough;         /* width left for the key, and what it must keep */
	struct view_times times; /* of since and last */
};

#define KEY_ENOUGH 30 /* "10.20.32.50 > 203.0.113.77:443": names and IPv6 want more */
#define TREND_MIN 5
#define TREND_MAX 13

static bool has_sides(const struct result *r)
{
	return metric_base(r->query.metric) == METRIC_BYTES && group_is_oriented(&r->query.group);
}

/* Takes the room for a column if the key keeps enough. */
static void want(struct talkers_layout *c, enum talkers_column first, int n, int width)
{
	if (c->key - n * width < c->enough)
		return;
	for (int i = 0; i < n; i++)
		c->width[first + (enum talkers_column)i] = width;
	c->key -= n * width;
}

/* What the keys on show want, at most three fifths of the pane. */
static int key_enough(const struct app *a, const struct result *r, int width, int top, int lines)
{
	int most = KEY_ENOUGH, limit = width * 3 / 5;
	const struct result_row *row;

	for (int i = top; i < top + lines && (row = result_at(r, (uint32_t)i)); i++) {
		struct view_ends key;
		view_key(a, r, row, &key);
		most = (int)key.text.n > most ? (int)key.text.n : most;
		buf_release(&key.text);
	}
	limit = limit > KEY_ENOUGH ? limit : KEY_ENOUGH;
	return most < limit ? most : limit;
}

static struct talkers_layout lay_out(const struct app *a, const struct result *r, int width,
				     int top, int lines)
{
	struct talkers_layout c = { .key = width - 1,
				    .enough = key_enough(a, r, width, top, lines) };
	int64_t now = live_now(a->live);
	int figure = (int)strlen(metric_name(r->query.metric)) + 1;

	figure = figure < 7 ? 7 : figure;
	/* What was sent and what came back stand for their sum where there is no room. */
	if (has_sides(r) && width - 1 - c.enough >= TREND_MIN + 14) {
		want(&c, SENT, 2, 7);
	} else {
		c.width[FIGURE] = figure;
		c.key -= figure;
	}
	if (width >= 32) {
		c.width[TREND] = TREND_MIN;
		c.key -= TREND_MIN;
	}
	want(&c, SHARE, 1, 5);
	if (!c.width[FIGURE])
		want(&c, FIGURE, 1, figure);
	if (c.width[FIGURE] && r->capped)
		want(&c, ERROR, 1, 7);
	c.times = view_times_of(a, r->time_min <= r->time_max ? r->time_min : now, now, false);
	int head = 5 + (int)strlen(c.times.head); /* "since Z" */
	int times = (c.times.width > head ? c.times.width : head) + 1;
	want(&c, REJECTS, 1, 6);
	want(&c, LAST, 1, times);
	want(&c, ACCEPTS, 1, 6);
	want(&c, SINCE, 1, times);
	while (c.width[TREND] && c.width[TREND] < TREND_MAX && c.key > c.enough) {
		c.width[TREND]++;
		c.key--;
	}
	return c;
}

/* ---- figures ---- */

static void amount(const struct result *r, enum metric m, uint64_t total, char *out, size_t size)
{
	double rate;

	if (metric_is_rate(r->query.metric)) {
		if (!result_rate(r, total, &rate)) {
			snprintf(out, size, "-");
			return;
		}
		if (rate > 0 && rate < 10) {
			snprintf(out, size,
				 rate < 0.0005   ? "<.001"
				 : rate < 0.0995 ? "%.3f"
						 : "%.2f",
				 rate);
			return;
		}
		total = (uint64_t)(rate + 0.5);
	}
	if (m == METRIC_COST)
		view_cost(out, size, total);
	else if (m == METRIC_BYTES && metric_scale(r->query.metric) == 1)
		human_bytes(out, size, total);
	else
		human_count(out, size, total);
}

/* Never all or nothing when it is not. */
static void share(const struct result *r, const struct result_row *row, char *out, size_t size)
{
	double percent;

	if (!result_share(r, row, &percent))
		snprintf(out, size, "-");
	else if (percent > 0 && percent < 1)
		snprintf(out, size, "<1%%");
	else
		snprintf(out, size, "%d%%",
			 percent > 99 && percent < 100 ? 99 : (int)(percent + 0.5));
}

static void cell_text(const struct app *a, const struct talkers_layout *c, const struct result *r,
		      const struct result_row *row, enum talkers_column what, char *out,
		      size_t size)
{
	const struct tally *t = &row->tally;

	out[0] = '\0';
	switch (what) {
	case FIGURE:
		amount(r, metric_base(r->query.metric), result_row_metric(r, row), out, size);
		break;
	case ERROR:
		if (row->missing) {
			out[0] = '+';
			amount(r, metric_base(r->query.metric), row->missing, out + 1, size - 1);
		}
		break;
	case SHARE:
		share(r, row, out, size);
		break;
	case SENT:
		amount(r, METRIC_BYTES, t->sent, out, size);
		break;
	case RECV:
		if (t->bytes == UINT64_MAX && t->sent) /* nobody knows */
			snprintf(out, size, "-");
		else
			amount(r, METRIC_BYTES, t->bytes - t->sent, out, size);
		break;
	case ACCEPTS:
	case REJECTS:
		if (what == ACCEPTS ? t->accepts : t->rejects)
			human_count(out, size, what == ACCEPTS ? t->accepts : t->rejects);
		break;
	case SINCE:
		view_times_text(a, &c->times, row->since, out, size);
		break;
	case LAST:
		view_times_text(a, &c->times, row->until, out, size);
		break;
	default:
		break;
	}
	if (what == FIGURE || what == SENT || what == RECV)
		view_mark_partial(row->missing > 0, out, size);
}

static const char *heading(const struct result *r, const struct talkers_layout *c,
			   enum talkers_column what)
{
	static const char *const names[WHATS] = {
		[ERROR] = "error", [SHARE] = "%",     [SENT] = "sent",
		[RECV] = "recv",   [ACCEPTS] = "acc", [REJECTS] = "rej",
		[SINCE] = "since", [LAST] = "last",   [TREND] = "trend",
	};

	if (what == TREND && c->width[TREND] < 6)
		return "";
	return what == FIGURE ? metric_name(r->query.metric) : names[what];
}

/* ---- rows ---- */

static void draw_trend(struct area area, int y, const struct result *r,
		       const struct result_row *row, int width)
{
	struct view_axis axis = view_axis_of(r, width - 1);
	uint64_t series[64];

	view_series(&axis, r, row, r->query.metric, series);
	screen_spark(area, y, area.cols - axis.n, ROLE_TREND, series, axis.n);
	view_tail_paint(area, y, area.cols - axis.n, &axis, r);
}

static void draw_row(const struct app *a, struct area area, int y, const struct result *r,
		     const struct result_row *row, const void *layout)
{
	const struct talkers_layout *c = layout;
	char text[48];
	int end = c->key + 1;

	view_key_draw(a, area, y, c->key, r, row);
	for (enum talkers_column w = FIGURE; w < TREND; w++) {
		if (!c->width[w])
			continue;
		end += c->width[w];
		cell_text(a, c, r, row, w, text, sizeof text);
		screen_right(area, y, end, w == REJECTS ? ROLE_REJECT : ROLE_TEXT, text);
	}
	if (c->width[TREND])
		draw_trend(area, y, r, row, c->width[TREND]);
}

static void draw_heading(struct area area, const struct result *r, const struct talkers_layout *c)
{
	int end = c->key + 1, x = 0;
	char text[40];

	screen_paint(area, 0, 0, area.cols, ROLE_HEADING);
	for (unsigned i = 0; i < r->query.group.n && x < c->key - 8; i++) {
		struct buf name = { 0 };
		group_part_name(&r->query.group, i, &name);
		x += screen_text(area, 0, x, c->key - x, ROLE_HEADING, buf_str(&name)) + 1;
		buf_release(&name);
	}
	for (enum talkers_column w = FIGURE; w < WHATS; w++) {
		end += c->width[w];
		snprintf(text, sizeof text, "%s%s", heading(r, c, w),
			 w == SINCE || w == LAST ? c->times.head : "");
		if (c->width[w])
			screen_right(area, 0, end, ROLE_HEADING, text);
	}
}

static void draw(struct app *a, struct pane *p, struct area area, bool focused)
{
	const struct result *r = &p->result;
	int lines = area.rows - 1, top = pane_scroll(p, (int)r->ranked, lines);
	struct talkers_layout c = lay_out(a, r, area.cols, top, lines);

	if (r->ranked == 0) {
		view_empty(a, area, "no talkers");
		return;
	}
	draw_heading(area, r, &c);
	view_ranked_draw(a, p, area, focused, draw_row, &c);
}

static void add_title(const struct app *a, const struct pane *p, struct buf *out)
{
	if (p->result.ranked)
		view_add_count(&p->result, out);
	view_add_group(a, p, out);
}

static const char *const groups[] = {
	"client,server,service",
	"srcaddr",
	"dstaddr",
	"srcaddr,dstaddr",
	"pair",
	"srcaddr/24",
	"service",
	"interface-id",
	"protocol",
	"action",
	NULL,
};

const struct view view_talkers = {
	.name = "talkers",
	.key = '1',
	.layer = LAYER_TALKERS,
	.title = "Talkers",
	.help = "talkers",
	.query = { QUERY_ALL,
		   .group = { .field = { FIELD_CLIENT, FIELD_SERVER, FIELD_SERVICE }, .n = 3 },
		   .bins = { BINS_TREND, FIELD_BIN, TREND_BINS, false } },
	.beside = true,
	.groups = groups,
	.draw = draw,
	.add_title = add_title,
	.rows = view_ranked_rows,
	.clause = view_ranked_clause,
};
