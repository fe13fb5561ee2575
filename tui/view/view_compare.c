/* view_compare.c - a ranked pane by what changed around the mark: the rate before and
 * after, how many times as much that is, the difference, and a word for it. */
#include <inttypes.h>
#include <string.h>

#include "view/view.h"

/* Columns from the right edge; where each ends, 0: not shown. */
struct compare_layout {
	int word, change, times, rates;
	int key; /* width left for the key */
};

#define RATES 13 /* columns of "before>after" and one before them */

static struct compare_layout lay_out(int width)
{
	struct compare_layout c = { .word = width, .change = width - 7 };
	int end = width - 14;

	if (width >= 48) {
		c.times = width >= 56 ? end : 0;
		end -= width >= 56 ? 6 : 0;
		c.rates = end;
		end -= RATES;
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

/* Nobody is glad of a refusal: a new one is bad, one that is gone is good. */
static enum role word_role(enum change c, enum metric m)
{
	static const enum role roles[CHANGES] = {
		[CHANGE_SAME] = ROLE_DIM,     [CHANGE_NEW] = ROLE_WARNING,
		[CHANGE_GONE] = ROLE_REJECT,  [CHANGE_GROWN] = ROLE_PROGRESS,
		[CHANGE_SHRUNK] = ROLE_TREND,
	};
	static const enum role refused[CHANGES] = {
		[CHANGE_SAME] = ROLE_DIM,      [CHANGE_NEW] = ROLE_REJECT,
		[CHANGE_GONE] = ROLE_ACCEPT,   [CHANGE_GROWN] = ROLE_REJECT,
		[CHANGE_SHRUNK] = ROLE_ACCEPT,
	};
	bool bad = metric_base(m) == METRIC_REJECTS || metric_base(m) == METRIC_LOST;

	return (bad ? refused : roles)[c];
}

/* "x25", "x0.3": how many times as much; nothing where the word says it all. */
static char *times_text(char *out, size_t size, double was, double is)
{
	double times = was > 0 ? is / was : 0;
	char n[24];

	if (was <= 0 || is <= 0)
		*out = '\0';
	else if (times >= 999.5)
		snprintf(out, size, "x%s", human_count(n, sizeof n, (uint64_t)(times + 0.5)));
	else
		snprintf(out, size,
			 times < 0.0095   ? "x<.01"
			 : times < 0.0995 ? "x%.2f"
			 : times < 9.95   ? "x%.1f"
					  : "x%.0f",
			 times);
	return out;
}

/* "52M -> 13M" with an arrow of one column. */
static void draw_rates(struct area area, int y, int end, double was, double is, enum metric m)
{
	char x[24], z[24];
	int at = end - (int)strlen(rate_text(z, sizeof z, is, m));

	screen_puts(area, y, at, ROLE_TEXT, z);
	screen_glyph(area, y, at - 1, ROLE_DIM, GLYPH_ARROW);
	screen_right(area, y, at - 1, ROLE_TEXT, rate_text(x, sizeof x, was, m));
}

static void draw_row(const struct app *a, struct area area, int y, const struct result *r,
		     const struct result_row *row, const void *layout)
{
	const struct compare_layout *c = layout;
	enum metric m = r->query.metric;
	double was = compare_rate_before(&r->compare, &row->before, m);
	double is = compare_rate_after(&r->compare, &row->tally, &row->before, m);
	enum role role = word_role(row->change, m);
	char text[24], sum[32];

	view_key_draw(a, area, y, c->key, r, row);
	if (c->rates)
		draw_rates(area, y, c->rates, was, is, m);
	if (c->times)
		screen_right(area, y, c->times, role, times_text(text, sizeof text, was, is));
	rate_text(text, sizeof text, is > was ? is - was : was - is, m);
	snprintf(sum, sizeof sum, "%s%s", is > was ? "+" : is < was ? "-" : "", text);
	view_mark_partial(row->missing > 0, sum, sizeof sum);
	screen_right(area, y, c->change, role, sum);
	screen_right(area, y, c->word, role, change_name(row->change));
}

static void heading(struct area area, const struct result *r, const struct compare_layout *c)
{
	struct buf names = { 0 };

	screen_paint(area, 0, 0, area.cols, ROLE_HEADING);
	group_name(&r->query.group, &names);
	screen_text(area, 0, 0, c->key, ROLE_HEADING, buf_str(&names));
	buf_release(&names);
	if (c->rates) {
		screen_right(area, 0, c->rates, ROLE_HEADING, "before after");
		screen_glyph(area, 0, c->rates - 6, ROLE_HEADING, GLYPH_ARROW);
	}
	if (c->times)
		screen_right(area, 0, c->times, ROLE_HEADING, "times");
	screen_right(area, 0, c->change, ROLE_HEADING, "change");
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
	struct compare_layout c = lay_out(area.cols);

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
		screen_glyph(area, y + i, left + view_axis_left(x, at), ROLE_FOCUS, GLYPH_V);
}
