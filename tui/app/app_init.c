/* app_init.c - the interface without its loop: made, let go. */
#include <stdlib.h>

#include "app/app.h"
#include "app/app_copy.h"
#include "app/app_filter.h"
#include "app/app_causes.h"
#include "app/app_findings.h"
#include "app/app_usual.h"
#include "app/app_why.h"
#include "base/job.h"
#include "cli/rules_open.h"
#include "cli/spikes.h"
#include "triage/edges.h"
#include "triage/detector.h"
#include "triage/watching.h"

#define SCREEN_BYTES (3u << 20) /* what cells, rows, names and the allocator take besides */

_Static_assert(VIEWS_MAX <= LIVE_QUERIES, "each view may have a query");

static void on_evict(void *ctx, struct segment *s)
{
	struct app *a = ctx;

	flows_forget(a);
	app_save_evict(a, s);
	live_evict(a->live, s);
	if (a->watching)
		watching_evict(a->watching, s);
	if (a->detail.segment == s)
		a->detail.segment = NULL;
}

static unsigned log_of(void *ctx, uint32_t source)
{
	return named_logs_of(ctx, source);
}

static void on_remark(void *ctx, struct segment *s)
{
	struct app *a = ctx;

	flows_forget(a);
	live_remark(a->live, s);
	if (a->watching)
		watching_remark(a->watching, s);
}

/* A pane of each view; the axes of the heatmap and the first grouping as they were asked for. */
static void make_panes(struct app *a)
{
	const struct options *o = a->options;
	bool chosen = o->view_given || o->view[0] != o->known->usual;
	struct pane *p;

	a->focus = a->pane;
	for (a->panes = 0; a->panes < o->known->n; a->panes++) {
		p = &a->pane[a->panes];
		p->view = o->known->row[a->panes];
		if (chosen && p->view == o->view[0])
			a->focus = p;
		if (pane_asks(p))
			p->query = live_add(a->live, &p->view->query);
	}
	if (o->group_given && (p = pane_of_groups(a))) {
		struct query q = pane_query(a, p);
		q.group = o->group;
		live_ask(a->live, p->query, &q);
	}
	if (o->heat_given && (p = pane_of_heat(a))) {
		struct query q = pane_query(a, p);
		q.group.field[0] = o->heat_row;
		q.bins.field = o->heat_column;
		live_ask(a->live, p->query, &q);
	}
	a->layout = o->layout;
	a->zoomed = o->views == 1 && a->focus != a->pane;
	if (!chosen)
		a->focus = app_first_place(a);
}

static void on_rows(void *ctx, const struct segment *s, uint32_t first, uint32_t n, int sign,
		    const uint64_t *second)
{
	struct app *a = ctx;

	edges_rows(a->edges, s, first, n, sign, second);
	trust_rows(a, s, first, n, sign);
}

/* What is summed beside the edges, in about so many bytes. */
static void make_sums(struct app *a, size_t most)
{
	const struct options *o = a->options;
	struct spike_rule rule = spikes_rule(o, rules_limit(a->rules, &detect_spike, "z"));
	const struct summing_of of = { .ring = monitor_ring(a->monitor),
				       .places = live_places(a->live),
				       .labels = monitor_labels(a->monitor),
				       .rule = &rule,
				       .prices = &o->prices,
				       .most = most };

	rule.size = rules_limit(a->rules, &detect_spike, "bytes");
	live_want_ways(a->live);
	a->sums = summing_new(&of);
	spikes_add_watches(o, summing_series(a->sums), a->watch);
	watching_set_sums(a->watching, a->sums);
}

/* Edges have a sixteenth of the memory, and what is judged by them as much for as long as a judgement
 * takes, which is not long, out of what the queries would have; sums half as much. */
static void make_edges(struct app *a)
{
	size_t share = monitor_share(a->monitor), most = a->options->memory / 16, judging;

	most = most < share / 4 ? most : share / 4;
	judging = most;
	a->edges = edges_new(monitor_ring(a->monitor), live_places(a->live), most);
	live_set_consumer(a->live, (struct live_consumer){ on_rows, a });
	a->rules = rules_open(a->options);
	if (a->rules)
		a->watching =
			watching_new(a->rules, monitor_ring(a->monitor), a->edges,
				     live_places(a->live), monitor_labels(a->monitor), judging);
	if (a->watching)
		make_sums(a, most / 2);
	live_set_room(a->live, share - most - judging / 4 - most / 2);
}

void app_init(struct app *a, const struct options *o, struct monitor *m)
{
	*a = (struct app){ .options = o,
			   .monitor = m,
			   .metric = o->metric_given ? o->metric : METRIC_BYTES,
			   .distinct = o->distinct };
	a->live = live_new(monitor_ring(m));
	live_set_workers(a->live, job_cores());
	make_edges(a);
	live_set_once(a->live, o->once || !o->once_given);
	a->why.logs = (struct named_logs){ .options = o, .monitor = m };
	live_set_logs(a->live, log_of, &a->why.logs);
	app_findings_init(a);
	app_usual_init(a);
	flows_init(a, o);
	make_panes(a);
	a->screen.ascii = o->ascii;
	live_set_window(a->live, o->window_given ? o->window_s : 15 * 60);
	live_set_limits(a->live, o->since_s, o->until_s);
	live_compare_whole(a->live, true);
	app_compare_init(a);
	monitor_on_evict(m, on_evict, a);
	monitor_on_remark(m, on_remark);
	a->cursor.at = a->cursor.mark = INT64_MIN;
	prompt_set(&a->prompt, o->where);
	app_set_filter(a, o->where);
	stack_follow(&a->stack, live_filter(a->live));
	if (o->config && o->config->errors)
		snprintf(a->message, sizeof a->message, "%.150s", o->config->error);
}

void app_release(struct app *a)
{
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++) {
		result_release(&p->result);
		pane_forget(p);
	}
	prompt_release(&a->grouping.prompt);
	app_copy_release(a);
	app_save_release(a);
	app_why_release(a);
	app_usual_release(a);
	app_causes_release(a);
	shown_trust_release(a);
	app_findings_release(a);
	app_filter_release(a);
	complete_close(&a->menu);
	free(a->flow);
	prompt_release(&a->prompt);
	prompt_release(&a->ask);
	prompt_release(&a->find.prompt);
	watching_free(a->watching);
	summing_free(a->sums);
	for (unsigned i = 0; i < a->options->watches; i++)
		filter_free(a->watch[i]);
	rules_free(a->rules);
	live_free(a->live);
	edges_free(a->edges);
	screen_release(&a->screen);
}

uint64_t app_bytes(const struct app *a)
{
	return SCREEN_BYTES + live_bytes(a->live) + count_bytes(a->count) + app_save_bytes(a) +
	       app_why_bytes(a) + app_causes_bytes(a) + app_findings_bytes(a) +
	       edges_bytes(a->edges) + trust_bytes(a) +
	       (a->watching ? watching_bytes(a->watching) + summing_bytes(a->sums) : 0);
}
