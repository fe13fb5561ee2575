/* view_rejects.c - what is refused: of how many tried, since when, and is it going on. */
#include <string.h>

#include "view/view_causes.h"

/* Start of the first bin with a reject; INT64_MIN: not known. */
static int64_t rejected_since(const struct result *r, const struct result_row *row)
{
	for (unsigned i = 0; row->bin && i < r->bins; i++)
		if (row->bin[i].rejects)
			return r->bin_start + (int64_t)i * r->bin_width;
	return INT64_MIN;
}

/* Start of the last one. */
static int64_t rejected_last(const struct result *r, const struct result_row *row)
{
	for (unsigned i = r->bins; row->bin && i-- > 0;)
		if (row->bin[i].rejects)
			return r->bin_start + (int64_t)i * r->bin_width;
	return INT64_MIN;
}

/* Columns: key, "refused of tried", share of all that was refused, since, last, trend. */
struct rejects_layout {
	int key, tried, share, since, last; /* where each ends; 0: not shown */
	int trend;                          /* its width */
	struct view_times times;            /* of since and last */
};

static void tried_text(const struct result_row *row, char *out, size_t size)
{
	const struct tally *t = &row->tally;
	char x[24], y[24];

	snprintf(out, size, "%s of %s", human_count(x, sizeof x, t->rejects),
		 human_count(y, sizeof y, t->flows));
	view_mark_partial(row->partial, out, size);
}

static struct rejects_layout lay_out(const struct app *a, const struct result *r, int width,
				     int top, int lines)
{
	struct rejects_layout c = { .trend = width >= 64 ? 10 : width >= 44 ? 6 : 4 };
	int end = width - c.trend - 1, most = 8;
	char text[64];

	if (width >= 52) {
		int64_t now = live_now(a->live);
		c.times = view_times_of(a, r->time_min <= r->time_max ? r->time_min : now, now,
					false);
		int head = 5 + (int)strlen(c.times.head); /* "since Z" */
		int room = (c.times.width > head ? c.times.width : head) + 1;
		if (width >= 78 + room) {
			c.last = end;
			end -= room;
		}
		c.since = end;
		end -= room;
	}
	if (width >= 70) {
		c.share = end;
		end -= 5;
	}
	for (int i = top; i < top + lines; i++) {
		const struct result_row *row = result_at(r, (uint32_t)i);
		if (!row)
			break;
		tried_text(row, text, sizeof text);
		most = (int)strlen(text) > most ? (int)strlen(text) : most;
	}
	c.tried = end;
	c.key = end - most - 1;
	return c;
}

static void draw_row(const struct app *a, struct area area, int y, const struct result *r,
		     const struct result_row *row, const void *layout)
{
	const struct rejects_layout *c = layout;
	struct view_axis axis = view_axis_of(r, c->trend);
	uint64_t series[64];
	char text[64];
	double percent;

	view_series(&axis, r, row, METRIC_REJECTS, series);
	screen_spark(area, y, area.cols - axis.n, ROLE_REJECT, series, axis.n);
	view_tail_paint(area, y, area.cols - axis.n, &axis, r);
	if (c->since) {
		view_times_text(a, &c->times, rejected_since(r, row), text, sizeof text);
		screen_right(area, y, c->since, ROLE_TEXT, text);
	}
	if (c->last) {
		view_times_text(a, &c->times, rejected_last(r, row), text, sizeof text);
		screen_right(area, y, c->last, ROLE_TEXT, text);
	}
	if (c->share && result_share(r, row, &percent)) {
		snprintf(text, sizeof text, percent < 1 ? "<1%%" : "%.0f%%", percent);
		screen_right(area, y, c->share, ROLE_TEXT, text);
	}
	tried_text(row, text, sizeof text);
	screen_right(area, y, c->tried,
		     row->tally.rejects == row->tally.flows ? ROLE_REJECT : ROLE_WARNING, text);
	view_key_draw(a, area, y, c->key, r, row);
}

static void draw(struct app *a, struct pane *p, struct area area, bool focused)
{
	const struct result *r = &p->result;
	int lines = area.rows - 1, top = pane_scroll(p, (int)r->ranked, lines);
	struct rejects_layout c;

	if (causes_are_shown(a, p)) {
		view_causes_draw(a, p, area, focused);
		return;
	}
	if (r->ranked == 0) {
		view_empty(a, area, "nothing was refused");
		return;
	}
	c = lay_out(a, r, area.cols, top, lines);
	screen_paint(area, 0, 0, area.cols, ROLE_HEADING);
	screen_puts(area, 0, 0, ROLE_HEADING, "refused");
	if (c.trend >= 6)
		screen_right(area, 0, area.cols, ROLE_HEADING, "trend");
	if (c.since) {
		char head[32];
		snprintf(head, sizeof head, "since%s", c.times.head);
		screen_right(area, 0, c.since, ROLE_HEADING, head);
	}
	if (c.last) {
		char head[32];
		snprintf(head, sizeof head, "last%s", c.times.head);
		screen_right(area, 0, c.last, ROLE_HEADING, head);
	}
	if (c.share)
		screen_right(area, 0, c.share, ROLE_HEADING, "%");
	screen_right(area, 0, c.tried, ROLE_HEADING, "of tried");
	view_ranked_draw(a, p, area, focused, draw_row, &c);
}

static void add_title(const struct app *a, const struct pane *p, struct buf *out)
{
	if (causes_are_shown(a, p)) {
		buf_puts(out, " by cause");
		return;
	}
	if (result_hides(&p->result))
		view_add_count(&p->result, out);
	view_add_group(a, p, out);
}

static bool take(struct app *a, struct pane *p)
{
	if (!causes_are_shown(a, p))
		return false;
	causes_take(a, p);
	return true;
}

static int count_rows(const struct app *a, const struct pane *p)
{
	return causes_are_shown(a, p) ? (int)a->causes.n : view_ranked_rows(a, p);
}

static void clause(struct app *a, struct pane *p, struct buf *out)
{
	if (causes_are_shown(a, p)) {
		view_causes_clause(a, p, out);
		return;
	}
	view_ranked_clause(a, p, out);
	if (out->n) { /* the row stands for what was refused of it */
		buf_puts(out, " and ");
		view_clause(FIELD_ACTION, str_of("REJECT"), out);
	}
}

static const char *const groups[] = {
	"client,server,service,protocol",
	"client",
	"client/24",
	"pair",
	"server,service",
	"service",
	"interface-id",
	NULL,
};

const struct view view_rejects = {
	.name = "rejects",
	.key = '2',
	.layer = LAYER_REJECTS,
	.title = "Rejects",
	.help = "rejects",
	.query = { QUERY_ALL,
		   .group = { .field = { FIELD_CLIENT, FIELD_SERVER, FIELD_SERVICE,
					 FIELD_PROTOCOL },
			      .n = 4 },
		   .metric = METRIC_REJECTS, .bins = { BINS_TREND, FIELD_BIN, TREND_BINS, false } },
	.beside = true,
	.own_metric = true,
	.groups = groups,
	.draw = draw,
	.add_title = add_title,
	.rows = count_rows,
	.clause = clause,
	.take = take,
};
