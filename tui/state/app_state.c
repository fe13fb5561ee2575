/* app_state.c - the state of the interface without its loop: filter, queries. */
#include "state/app_state.h"

void app_ask(struct app *a)
{
	live_set_prices(a->live, a->metric == METRIC_COST ? &a->options->prices : NULL);
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++) {
		struct query q;
		if (!pane_asks(p))
			continue;
		q = pane_query(a, p);
		if (!p->view->own_metric)
			q.metric = a->metric;
		if (!p->view->own_metric && q.rows == ROWS_RANKED)
			q.distinct = a->distinct;
		q.mark = a->mark;
		live_ask(a->live, p->query, &q);
	}
}

const char *app_filter(const struct app *a)
{
	return live_filter(a->live) ? filter_text(live_filter(a->live)) : "";
}

struct filter *app_compile(const struct app *a, const char *text, struct filter_error *error)
{
	int64_t now = live_now(a->live);

	return filter_new(str_of(text), now == INT64_MIN ? options_now(a->options) : now, error);
}

bool app_set_filter(struct app *a, const char *text)
{
	struct filter *f = app_compile(a, text, &a->error);

	a->rests_ns = 0;
	if (!f)
		return false;
	a->error.message[0] = '\0';
	a->counted_valid = false; /* it was of other clauses */
	live_set_filter(a->live, f);
	return true;
}

bool app_detail(const struct app *a)
{
	return a->detail.segment || a->source_open;
}

/* Nothing matches, and nothing more is to be counted. */
bool app_found_nothing(const struct app *a)
{
	const struct result *r = &a->totals;

	return r->complete && result_matching(r) == 0 && *app_filter(a) && !a->editing;
}
