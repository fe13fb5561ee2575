/* pane_rows.c - see pane_rows.h. */
#include "app/pane_rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "decode/charge.h"
#include "query/answer.h"

#define ROWS_AT_ONCE 1024u /* written; */
#define FOLD_AT_ONCE 4096u /* added up */

struct pane_rows {
	struct app *app;
	const struct view *view;
	enum output output;
	enum { REPORT, SEE_TIMES, ADD_UP, WRITE_ANSWER, PICK, WRITE_PICKED, COPY, DONE } phase;
	struct export_context context;
	struct query query; /* with a filter of its own */
	struct flow_columns columns;
	struct filter *filter;
	struct span window;
	struct snapshot snapshot;
	uint64_t bits[(SEGMENT_ROWS + 63) / 64]; /* what matches of segment `selected` */
	uint64_t selected;
	bool some; /* any does */
	/* a ranking or chart: first it is added up, then it has an answer */
	struct extent extent;
	bool series; /* some table has bins */
	size_t seen; /* parts of the snapshot whose times are known, of a series */
	struct tables tables;
	struct answer answer;
	struct report_writer *report;
	/* records: those that are picked first, to be put in order, then written; or all of them */
	struct flow_pick *pick;
	struct flow_ref *flow;
	size_t flows, at;
	struct flow_writer writer;
	bool begun;
	struct buf *out;    /* of the step */
	uint64_t evicted;   /* rows that it has lost */
	uint64_t undecided; /* of which the filter can't tell */
	uint64_t second, second_undecided;
	uint64_t unpriced; /* bytes */
};

/* ---- the question ---- */

/* The heatmap's axes are told in a report where they are others than it begins with: then it has
 * a line a cell. */
static void list_cells(struct query *q, const struct query *usual)
{
	q->bins.listed =
		q->bins.field != usual->bins.field || !group_equal(&q->group, &usual->group);
}

/* As a report of all rows asks it. */
static void ask(struct pane_rows *x, const struct pane *p)
{
	struct app *a = x->app;
	struct query *q = &x->query;

	*q = pane_query(a, p);
	x->window = q->span;
	q->limit = 0;
	q->priced = q->metric == METRIC_COST && q->rows != ROWS_RECORDS;
	q->sort = (struct flow_order){ .field = FIELD_NONE };
	q->distinct = q->metric == METRIC_DISTINCT ? a->distinct : (struct group){ .n = 0 };
	app_compare_if_due(a, q);
	if (q->bins.kind == BINS_HEAT)
		list_cells(q, &p->view->query);
	else if (q->rows == ROWS_RANKED)
		q->bins = query_report_bins(q, false);
}

/* The screen's, with a memory of its own. */
static void set_filter(struct pane_rows *x)
{
	const struct filter *live = live_filter(x->app->live);
	struct filter_error error;

	x->filter = live ? filter_copy(live) : filter_new(str_of(""), 0, &error);
	x->query.filter = x->filter;
	query_uses(&x->query, &x->context.uses);
	x->context.where = filter_says(x->filter);
}

static void begin_records(struct pane_rows *x)
{
	struct app *a = x->app;

	if (a->list.chosen)
		x->columns = a->list.columns;
	x->query.sort = a->list.order;
	x->pick = flow_pick_new(&x->query.sort, monitor_dict(a->monitor), FLOWS_MAX);
	x->phase = PICK;
}

/* What the queries of the screen hold is their share of the budget at most; half of it more is for
 * an export, and what they don't use: rankings keep their heaviest groups where that is not enough,
 * as the screen does. */
static void begin_tables(struct pane_rows *x)
{
	struct app *a = x->app;
	size_t share = monitor_share(a->monitor), held = live_bytes(a->live);
	size_t room = share - (held < share / 2 ? held : share / 2);
	struct accumulator *all[TABLES_MAX];
	unsigned n;

	tables_init(&x->tables, &x->query, monitor_dict(a->monitor));
	n = tables_list(&x->tables, all);
	for (unsigned i = 0; i < n; i++) {
		x->series |= accumulator_is_series(all[i]);
		accumulator_limit(all[i], room / n, x->query.metric);
		accumulator_price(all[i], x->query.priced);
	}
	if (x->series)
		extent_want_bins(&x->extent);
	x->phase = x->series ? SEE_TIMES : ADD_UP;
}

struct pane_rows *pane_rows_new(struct app *a, const struct pane *p, enum output o)
{
	struct pane_rows *x = xcalloc(1, sizeof *x);

	*x = (struct pane_rows){ .app = a,
				 .view = p->view,
				 .output = o,
				 .selected = UINT64_MAX,
				 .extent = EXTENT_NONE };
	x->extent.latest = monitor_ceiling(a->monitor);
	x->context = (struct export_context){ .title = p->view->name,
					      .where = "",
					      .mark_label = a->mark_label,
					      .clock_s = (int64_t)time(NULL),
					      .columns = &x->columns };
	monitor_counts(a->monitor, &x->context.input);
	if (!pane_asks(p)) {
		x->context.complete = true;
		x->context.trust = p->view->report == export_trust ? &a->trust.facts : NULL;
		return x;
	}
	ask(x, p);
	x->context.prices = x->query.priced ? &a->options->prices : NULL;
	set_filter(x);
	live_snapshot(a->live, &x->snapshot);
	x->context.complete = !monitor_failed(a->monitor) &&
			      (!x->context.input.evicted ||
			       ring_oldest(monitor_ring(a->monitor)) <= x->window.from);
	(x->query.rows == ROWS_RECORDS ? begin_records : begin_tables)(x);
	return x;
}

void pane_rows_free(struct pane_rows *x)
{
	if (!x)
		return;
	report_free(x->report);
	answer_release(&x->answer);
	tables_release(&x->tables);
	extent_release(&x->extent);
	flow_pick_free(x->pick);
	free(x->flow);
	snapshot_release(&x->snapshot);
	filter_free(x->filter);
	free(x);
}

/* ---- the records ---- */

static bool is_outside(const struct pane_rows *x, const struct segment *s)
{
	/* A series has what ran in the window of records that end behind it, too. */
	int64_t late = x->series ? SPREAD_MAX_S : 0;

	return s->dated == s->rows &&
	       (s->time_max < x->window.from || s->time_min - late >= x->window.to);
}

/* Takes second sightings out of what counts, if they are to be. */
static void count_seconds(struct pane_rows *x, const struct segment *s,
			  const struct snapshot_part *p)
{
	if (p->second && x->query.priced)
		segment_keep_charged(s, p->rows, p->second);
	x->second += span_count_both(s, x->bits, p->second, p->rows, x->window);
	x->second_undecided += span_count_both(s, x->bits, p->undecided, p->rows, x->window);
	for (uint32_t w = 0; p->second && x->query.once && w < (p->rows + 63) / 64; w++)
		x->bits[w] &= ~p->second[w];
	x->unpriced = saturating_add(x->unpriced, span_unpriced(s, x->bits, p->rows, x->window));
}

/* Which rows match, where any can. */
static void select_rows(struct pane_rows *x, const struct segment *s, const struct snapshot_part *p)
{
	const struct dict *d = monitor_dict(x->app->monitor);
	uint64_t undecided[ARRAY_SIZE(x->bits)];
	uint32_t rows = p->rows;

	if (x->selected == s->serial)
		return;
	x->selected = s->serial;
	x->some = !filter_excludes(x->filter, s, d);
	if (!x->some)
		return;
	if (filter_select(x->filter, s, d, 0, rows, x->bits, undecided))
		x->undecided += span_count(s, undecided, rows, x->window);
	for (uint32_t w = (rows + 63) / 64; w < (s->rows + 63) / 64; w++)
		x->bits[w] = 0; /* rows that came since */
	count_seconds(x, s, p);
}

static void add_up(struct pane_rows *x, const struct segment *s, uint32_t first, uint32_t n)
{
	struct accumulator *all[TABLES_MAX];
	unsigned k = tables_list(&x->tables, all);

	accumulators_fold(all, k, s, first, n, x->bits + first / 64, x->window, 1);
	accumulators_fold_overlaps(all, k, s, first, n, x->bits + first / 64, x->window, 1);
	for (unsigned i = 0; i < k; i++)
		accumulator_adopt(all[i]); /* the segment may go before it is written */
}

static void write_rows(struct pane_rows *x, const struct segment *s, uint32_t first, uint32_t n)
{
	x->writer.only_counts = x->phase == PICK;
	flow_writer_rows(&x->writer, s, monitor_dict(x->app->monitor), first, n, x->bits, x->window,
			 x->out);
}

/* Works on rows of a segment: `n` at most; how many that were. */
static uint32_t work_on(struct pane_rows *x, struct segment *s, const struct snapshot_part *p,
			uint32_t most)
{
	uint32_t n = p->rows - p->done < most ? p->rows - p->done : most;

	if (!x->series && p->done == 0)
		extent_see(&x->extent, s, NULL, x->window);
	if (is_outside(x, s))
		return p->rows - p->done;
	select_rows(x, s, p);
	if (!x->some)
		return p->rows - p->done;
	if (x->phase == PICK) {
		write_rows(x, s, 0, p->rows); /* for the totals alone */
		flow_pick_add(x->pick, s, p->rows, x->bits, x->window);
		return p->rows;
	}
	if (x->tables.rows)
		add_up(x, s, p->done, n);
	else
		write_rows(x, s, p->done, n);
	return n;
}

/* Bins are wide enough before anything is put into them: where not all groups are kept they can't
 * be widened. */
static void see_times(struct pane_rows *x, const struct segment *s, const struct snapshot_part *p)
{
	static const uint64_t none[(SEGMENT_ROWS + 63) / 64];

	select_rows(x, s, p);
	extent_see(&x->extent, s, x->some ? x->bits : none, x->window);
}

static void widen_bins(struct pane_rows *x)
{
	struct accumulator *all[TABLES_MAX];

	for (unsigned i = tables_list(&x->tables, all); i-- > 0;)
		if (accumulator_is_series(all[i]))
			extent_widen(&x->extent, all[i], x->query.bins.most);
}

/* Lets go of the records of a segment that were picked to be written. */
static void drop_picked(struct pane_rows *x, const struct segment *s)
{
	size_t end = x->at;

	if (x->pick)
		x->evicted += flow_pick_drop(x->pick, s);
	for (size_t i = x->at; i < x->flows; i++)
		if (x->flow[i].segment != s)
			x->flow[end++] = x->flow[i];
	x->evicted += x->flows - end;
	x->flows = end;
}

void pane_rows_evict(struct pane_rows *x, struct segment *s)
{
	struct snapshot_part *p = snapshot_leaves(&x->snapshot, s);

	if (p && x->tables.rows) { /* it counts, before it goes */
		ring_publish(x->snapshot.ring, s);
		if (x->phase == SEE_TIMES)
			see_times(x, s, p);
		widen_bins(x);
		while (p->done < p->rows)
			p->done += work_on(x, s, p, p->rows);
	}
	if (p)
		snapshot_gone(&x->snapshot, p, p->rows - p->done);
	drop_picked(x, s);
}

/* ---- steps ---- */

/* A slice of the records; true while there are more. */
static bool look_at_some(struct pane_rows *x)
{
	struct segment *s = snapshot_look(&x->snapshot);

	if (s)
		snapshot_did(&x->snapshot,
			     work_on(x, s, &x->snapshot.part[x->snapshot.at],
				     x->phase == ADD_UP ? FOLD_AT_ONCE : ROWS_AT_ONCE));
	return s != NULL;
}

static void begin_answer(struct pane_rows *x)
{
	x->evicted += x->snapshot.lost;
	x->context.complete &= x->evicted == 0;
	answer_begin(&x->answer, &x->tables, &x->query, x->window, &x->extent);
	x->answer.result.undecided = x->undecided;
	x->answer.result.judged = x->query.rows != ROWS_RECORDS;
	x->answer.result.second = x->second;
	x->answer.result.unpriced = x->unpriced;
	x->answer.result.second_undecided = x->second_undecided;
	x->answer.result.undecided_cut = x->filter && filter_is_cut(x->filter);
	/* All there is goes up to log time; as a question it has no end. */
	if (x->window.from == INT64_MIN && !x->window.dated_only)
		x->answer.result.window.to = INT64_MAX;
}

/* More than are put in order: all of them, as they were read. */
static void give_up_order(struct pane_rows *x)
{
	flow_pick_free(x->pick);
	x->pick = NULL;
	x->evicted = x->undecided = x->second = x->second_undecided = 0;
	x->query.sort = (struct flow_order){ .field = FIELD_NONE };
	x->writer.totals = (struct tally){ 0 };
	x->selected = UINT64_MAX;
	snapshot_again(&x->snapshot);
	x->phase = COPY;
}

static void pick_some(struct pane_rows *x)
{
	if (!x->begun)
		flow_writer_begin(&x->writer, x->output, &x->columns, 0, x->out);
	x->begun = true;
	if (look_at_some(x)) {
		if (flow_pick_offered(x->pick) > FLOWS_MAX)
			give_up_order(x);
		return;
	}
	x->flows = flow_pick_end(x->pick, &x->flow, NULL);
	x->pick = NULL;
	x->phase = WRITE_PICKED;
}

static void end_records(struct pane_rows *x)
{
	begin_answer(x);
	x->answer.result.totals = x->writer.totals;
	flow_writer_end(&x->writer, &x->answer.result, &x->context, x->out);
	x->phase = DONE;
}

static void write_picked(struct pane_rows *x)
{
	for (uint32_t i = 0; i < ROWS_AT_ONCE && x->at < x->flows; i++, x->at++)
		flow_writer_row(&x->writer, x->flow[x->at].segment, monitor_dict(x->app->monitor),
				x->flow[x->at].row, x->out);
	if (x->at == x->flows)
		end_records(x);
}

static void see_some_times(struct pane_rows *x)
{
	struct segment *s;

	if (x->seen == x->snapshot.n) {
		widen_bins(x);
		x->selected = UINT64_MAX;
		/* They are counted once more. */
		x->undecided = x->second = x->second_undecided = x->unpriced = 0;
		x->phase = ADD_UP;
		return;
	}
	s = snapshot_segment(&x->snapshot, x->seen);
	if (s) {
		ring_publish(x->snapshot.ring, s);
		see_times(x, s, &x->snapshot.part[x->seen]);
	}
	x->seen++;
}

static void add_up_some(struct pane_rows *x)
{
	struct accumulator *all[TABLES_MAX];

	if (look_at_some(x))
		return;
	for (unsigned i = tables_list(&x->tables, all); i-- > 0;)
		accumulator_settled(all[i]);
	begin_answer(x);
	x->report = report_begin(x->output, &x->answer, &x->context);
	x->phase = WRITE_ANSWER;
}

bool pane_rows_step(struct pane_rows *x, struct buf *out)
{
	x->out = out;
	switch (x->phase) {
	case REPORT:
		if (x->view->write)
			x->view->write(x->app, x->output, out);
		else
			x->view->report(x->output, x->app->monitor, 0, &x->context, out);
		x->phase = DONE;
		break;
	case SEE_TIMES:
		see_some_times(x);
		break;
	case ADD_UP:
		add_up_some(x);
		break;
	case WRITE_ANSWER:
		if (!report_step(x->report, out))
			x->phase = DONE;
		break;
	case PICK:
		pick_some(x);
		break;
	case WRITE_PICKED:
		write_picked(x);
		break;
	case COPY:
		if (!look_at_some(x))
			end_records(x);
		break;
	case DONE:
		break;
	}
	return x->phase != DONE;
}

/* ---- what became of it ---- */

uint64_t pane_rows_written(const struct pane_rows *x)
{
	if (x->view->write)
		return x->phase == DONE ? (uint64_t)x->view->rows(x->app, NULL) : 0;
	if (x->view->report)
		return x->phase != DONE   ? 0
		       : x->context.trust ? x->context.trust->trust->n
					  : monitor_sources(x->app->monitor);
	return x->report ? report_rows(x->report) : x->writer.rows;
}

unsigned pane_rows_percent(const struct pane_rows *x)
{
	const struct snapshot *s = &x->snapshot;

	return s->rows ? (unsigned)(s->done * 100 / s->rows) : 100;
}

const char *pane_rows_note(const struct pane_rows *x, char *out, size_t size)
{
	bool unordered = x->query.rows == ROWS_RECORDS && x->query.sort.field == FIELD_NONE;
	int n = snprintf(out, size, "%s", unordered && view_is_query(x->view) ? ", as read" : "");

	if (x->evicted)
		snprintf(out + n, size - (size_t)n, ", %" PRIu64 " evicted meanwhile", x->evicted);
	return out;
}

void pane_rows_around(const struct pane_rows *x, struct buf *out)
{
	if (view_is_query(x->view))
		report_around(&x->answer.result, &x->context, out);
}

size_t pane_rows_bytes(const struct pane_rows *x)
{
	struct accumulator *all[TABLES_MAX];
	size_t n = sizeof *x + answer_bytes(&x->answer) + flow_pick_bytes(x->pick) +
		   x->flows * sizeof *x->flow;

	for (unsigned i = tables_list(&x->tables, all); i-- > 0;)
		n += accumulator_bytes(all[i]);
	return n;
}
