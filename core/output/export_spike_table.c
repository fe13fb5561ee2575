/* export_spike_table.c - series that are watched as a table: see export_spike.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "output/export_grid.h"
#include "output/export_spike_state.h"

static void grid_amount(struct grid *g, enum metric m, double v)
{
	struct buf text = { 0 };

	spike_amount(m, v, &text);
	grid_add(g, buf_str(&text));
	buf_release(&text);
}

static void grid_series(const struct spike_writer *w, struct grid *g, uint32_t i)
{
	const struct spike_series *s = watched_series(w->watched, i);
	const struct spike_rule *r = watched_rule(w->watched, i);
	const struct spike_point *last = spike_series_last(s), *odd = spike_series_oddest(s);
	unsigned points = spike_series_points(s);
	struct buf who = { 0 };
	char text[48];

	watched_name(w->watched, i, &who);
	grid_add(g, buf_str(&who));
	grid_add(g, str_of(metric_name(watched_rule(w->watched, i)->metric)));
	grid_add(g, str_of(spike_every(r->every)));
	grid_amount(g, r->metric, last->value);
	grid_amount(g, r->metric, last->said.expected);
	grid_amount(g, r->metric, fmax(last->said.low, 0));
	grid_amount(g, r->metric, last->said.high);
	snprintf(text, sizeof text, "%.2f", odd->said.score);
	grid_add(g, str_of(text));
	grid_add(g, str_of(rfc3339(text, sizeof text, odd->time)));
	if (points < SPIKE_LEARNS && r->scorer != SCORER_ZSCORE)
		snprintf(text, sizeof text, "zscore: learning, %u of %u", points, SPIKE_LEARNS);
	else
		snprintf(text, sizeof text, "%s", scorer_name(r->scorer));
	grid_add(g, str_of(text));
	buf_release(&who);
}

static int by_score(const void *a, const void *b)
{
	const struct odd_target *x = a, *y = b;

	if (x->asked != y->asked)
		return x->asked ? -1 : 1;
	if (x->found != y->found)
		return x->found ? -1 : 1;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return (x->rank > y->rank) - (x->rank < y->rank);
}

size_t spike_in_order(const struct spike_writer *w, struct odd_target **out)
{
	uint32_t all = watched_count(w->watched);
	struct odd_target *o = xcalloc(all + 1, sizeof *o);
	size_t n = 0;

	for (uint32_t i = 0; i < all; i++) {
		const struct spike_series *s = watched_series(w->watched, i);
		if (s && watched_counts(w->watched, i))
			o[n++] = (struct odd_target){ i, watched_rank(w->watched, i),
						      watched_target(w->watched, i)->kind ==
							      TARGET_FILTER,
						      spike_series_count(s) > 0,
						      spike_series_oddest(s)->said.score };
	}
	qsort(o, n, sizeof *o, by_score);
	*out = o;
	return n;
}

static void table_forecast(const struct spike_writer *w, uint32_t i)
{
	const struct spike_series *s = watched_series(w->watched, i);
	const struct spike_rule *r = watched_rule(w->watched, i);
	unsigned points = spike_series_points(s), n = spike_bins_ahead(w, i);
	struct judgement said, sum = { 0 };
	struct buf who = { 0 };
	char text[16];

	watched_name(w->watched, i, &who);
	export_printable(w->out, buf_str(&who));
	buf_release(&who);
	if (points < SPIKE_LEARNS) {
		buf_printf(w->out, ": learning, %u of %u\n", points, SPIKE_LEARNS);
		return;
	}
	for (unsigned ahead = 1; ahead <= n; ahead++) {
		spike_series_forecast(s, ahead, &said);
		sum.expected += said.expected / n;
		sum.low += said.low / n;
		sum.high += said.high / n;
	}
	buf_printf(w->out, ": %s ", metric_name(watched_rule(w->watched, i)->metric));
	spike_amount(r->metric, sum.expected, w->out);
	buf_printf(w->out, " %s on the average (", spike_per(r->every));
	spike_amount(r->metric, sum.low, w->out);
	buf_puts(w->out, " to ");
	spike_amount(r->metric, sum.high, w->out);
	human_duration(text, sizeof text, (int64_t)points * r->every);
	buf_printf(w->out, "), by %s from %s of history\n", scorer_name(r->scorer), text);
}

void spike_table(struct spike_writer *w)
{
	static const char *const heads[] = { "series", "metric", "every", "last", "expected",
					     "low",    "high",   "score", "at",   "judged by" };
	struct odd_target *o;
	size_t n = spike_in_order(w, &o), shown = w->limit && w->limit < n ? (size_t)w->limit : n;
	struct spike_finding *f;
	size_t found = watched_findings(w->watched, &f);
	struct grid g = { 0 };
	struct buf text = { 0 };
	char time[21];

	for (size_t i = 0; i < found; i++) {
		buf_clear(&text);
		watched_finding_text(w->watched, &f[i], &text);
		buf_printf(w->out, "%s  ", rfc3339(time, sizeof time, f[i].spike->since));
		export_printable(w->out, buf_str(&text));
		buf_putc(w->out, '\n');
	}
	if (found == 0)
		buf_printf(w->out, "no spike in %zu series%s\n", n,
			   n ? "" : ": no bin is complete");
	buf_puts(w->out, n ? "\n" : "");
	for (size_t i = 0; n && i < ARRAY_SIZE(heads); i++)
		grid_head(&g, heads[i], i < 3 || i > 7);
	for (size_t i = 0; i < shown; i++)
		grid_series(w, &g, o[i].target);
	grid_widen(&g);
	grid_table(&g, w->out);
	if (shown < n)
		buf_printf(w->out, "%zu more\n", n - shown);
	if (w->forecast_s)
		buf_printf(w->out, "\nthe next %s:\n",
			   human_duration(time, sizeof time, w->forecast_s));
	for (size_t i = 0; w->forecast_s && i < shown; i++)
		table_forecast(w, o[i].target);
	grid_release(&g);
	buf_release(&text);
	free(o);
	free(f);
}
