/* view_compare.c - a ranked pane by what changed around the mark: the rate before and
 * after, the difference, and a word for it. */
#include <inttypes.h>
#include <string.h>

#include "view/view.h"

/* Columns from the right edge; where each ends, 0: not shown. */
struct compare_layout {
	int trend, word, change, after, before;
	int key; /* width left for the key */
};

static struct compare_layout lay_out(int width, bool trend)
{
	struct compare_layout c = { 0 };
	int end = width;

	if (width >= 84 && trend) {
		c.trend = end;
		end -= 13;
	}
	c.word = end;
	end -= 7;
	c.change = end;
	end -= 7;
	if (width >= 48) {
		c.after = end;
		end -= 7;
		c.before = end;
		end -= 7;
	}
	c.key = end - 1;
	return c;
}

/* An amount a second in at most five columns: small ones have a fraction. */
static char *rate_text(char *out, size_t size, double rate, enum metric m)
{
	if (m == METRIC_COST) /* an hour: a second's is little */
		view_cost(out, size, (uint64_t)(rate * 3600));
	else if (rate > 0 && rate < 0.0005)
		snprintf(out, size, "<.001");
	else if (rate > 0 && rate < 9.95)
		snprintf(out, size, rate < 0.0995 ? "%.3f" : rate < 0.995 ? "%.2f" : "%.1f", rate);
	else if (metric_base(m) == METRIC_BYTES && metric_scale(m) == 1)
		human_bytes(out, size, (uint64_t)(rate + 0.5));
	else
		human_count(out, size, (uint64_t)(rate + 0.5));
	return out;
}

static enum role word_role(enum change c)
{
	static const enum role roles[CHANGES] = {
		[CHANGE_SAME] = ROLE_DIM,     [CHANGE_NEW] = ROLE_WARNING,
		[CHANGE_GONE] = ROLE_REJECT,  [CHANGE_GROWN] = ROLE_PROGRESS,
		[CHANGE_SHRUNK] = ROLE_TREND,
	};

	return roles[c];
}

static void draw_row(const struct app *a, struct area area, int y, const struct result *r,
		     const struct result_row *row, const void *layout)
{
	const struct compare_layout *c = layout;
	double was = compare_rate_before(&r->compare, &row->before, r->query.metric);
	double is = compare_rate_after(&r->compare, &row->tally, &row->before, r->query.metric);
	char text[24], sum[32];

	view_key_draw(a, area, y, c->key, r, row);
	if (c->before) {
		screen_right(area, y, c->before, ROLE_TEXT,
			     rate_text(text, sizeof text, was, r->query.metric));
		screen_right(area, y, c->after, ROLE_TEXT,
			     rate_text(text, sizeof text, is, r->query.metric));
	}
	rate_text(text, sizeof text, is > was ? is - was : was - is, r->query.metric);
	snprintf(sum, sizeof sum, "%s%s", is > was ? "+" : is < was ? "-" : "", text);
	view_mark_partial(row->missing > 0, sum, sizeof sum);
	screen_right(area, y, c->change, word_role(row->change), sum);
	screen_right(area, y, c->word, word_role(row->change), change_name(row->change));
	if (c->trend) {
		struct view_axis axis = view_axis_of(r, 12);
		uint64_t series[12];
		view_series(&axis, r, row, r->query.metric, series);
		screen_spark(area, y, c->trend - axis.n, ROLE_TREND, series, axis.n);
	}
}

static void heading(struct area area, const struct result *r, const struct compare_layout *c)
{
	struct buf names = { 0 };

	screen_paint(area, 0, 0, area.cols, ROLE_HEADING);
	group_name(&r->query.group, &names);
	screen_text(area, 0, 0, c->key, ROLE_HEADING, buf_str(&names));
	buf_release(&names);
	if (c->before) {
		screen_right(area, 0, c->before, ROLE_HEADING, "before");
		screen_right(area, 0, c->after, ROLE_HEADING, "after");
	}
	screen_right(area, 0, c->change, ROLE_HEADING, "change");
	if (c->trend)
		screen_right(area, 0, c->trend, ROLE_HEADING, "trend");
}

void view_compare_title(const struct result *r, struct buf *out)
{
	enum metric m = r->query.metric == METRIC_DISTINCT ? METRIC_FLOWS : r->query.metric;

	view_add_count(r, out);
	if (r->query.mark.only != CHANGES)
		buf_printf(out, " %s,", change_name(r->query.mark.only));
	buf_printf(out, " change of %s%s", metric_name(m),
		   metric_is_rate(m)  ? ""
		   : m == METRIC_COST ? "/h"
				      : "/s");
}

void view_compare_draw(struct app *a, struct pane *p, struct area area, bool focused)
{
	const struct result *r = &p->result;
	struct compare_layout c = lay_out(area.cols, r->query.bins.kind != BINS_NONE);

	pane_scroll(p, (int)r->ranked, area.rows - 1);
	if (r->ranked == 0) {
		char what[64];
		snprintf(what, sizeof what, "nothing is %s (D)",
			 r->query.mark.only == CHANGES ? "there" : change_name(r->query.mark.only));
		view_empty(a, area, what);
		return;
	}
	heading(area, r, &c);
	view_ranked_draw(a, p, area, focused, draw_row, &c);
}

void view_mark_draw(const struct app *a, struct area area, int y, int rows, int left,
		    const struct view_axis *x)
{
	int64_t mark = a->mark.time;
	int at = mark == INT64_MIN ? -1 : view_axis_at(x, mark);

	for (int i = 0; at >= 0 && i < rows; i++)
		screen_glyph(area, y + i, left + at, ROLE_FOCUS, GLYPH_V);
}
