/* batch.c - see batch.h. Each segment is folded into the views that were asked for and
 * let go, so the answer is exact for input of any size. Only a window that follows log
 * time needs the ring: its end is not known before the input's. */
#include "cli/batch.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "cli/held.h"
#include "cli/inputs.h"
#include "cli/labels_open.h"
#include "output/export_doubts.h"
#include "query/flow_pick.h"
#include "query/fold.h"
#include "query/scan.h"

#define FLUSH_BYTES (256u << 10)
#define HOLD_MAX (32u << 20) /* of segments that wait for a series: see fold.h */

/* A view's report. */
struct report {
	const struct view *view;
	struct query query;
	unsigned asked;            /* its number in the folds; none where the view asks nothing */
	struct flow_writer writer; /* of records; */
	struct flow_pick *pick;    /* in an order of their own: written at the end */
};

struct reports {
	const struct options *o;
	uv_loop_t loop;
	struct monitor *monitor;
	struct filter *filter;
	struct folds *folds;
	struct report report[OPTION_VIEWS_MAX];
	struct buf out;
	uint64_t *bits;
	struct held_list held; /* while some report is of records as they come */
	bool of_records;
	struct span span;
	uv_signal_t signal[2];
	uv_timer_t flush;
	bool caught_up, ended, broken; /* broken: nobody reads us any more */
	bool stopping;                 /* by a signal, once what is there has been read */
	bool cut;                      /* by a signal, before all was read */
	int write_error;
	bool keep;          /* what counts is known at the end: the ring holds it until then */
	bool window_cut;    /* something inside the window was evicted */
	uint64_t undecided; /* records of which the filter can't tell whether they count */
	bool doubted;       /* an answer is not complete for what was read */
	struct buf said;    /* what makes it so, of formats that have no place for it */
	int64_t evicted_max;
};

/* ---- writing ---- */

static void finish(struct reports *b);

static void flush(struct reports *b)
{
	int rc = b->broken ? 0 : write_all(STDOUT_FILENO, buf_str(&b->out));

	if (rc < 0) {
		b->broken = true;
		b->write_error = rc == -EPIPE ? 0 : -rc;
	}
	buf_clear(&b->out);
	if (b->broken)
		finish(b);
}

static void flush_some(struct reports *b)
{
	if (b->out.n >= FLUSH_BYTES)
		flush(b);
}

/* ---- folding ---- */

#define ROWS_AT_ONCE 1024u /* between two looks at whether anybody reads */

struct writing {
	struct reports *b;
	struct report *r;
};

/* Rows first..first+n-1. */
static bool write_flows(void *ctx, const struct held_segment *h, uint32_t first, uint32_t n)
{
	struct writing *w = ctx;
	struct reports *b = w->b;

	for (uint32_t done = 0; done < n && !b->broken; done += ROWS_AT_ONCE) {
		uint32_t some = n - done < ROWS_AT_ONCE ? n - done : ROWS_AT_ONCE;
		flow_writer_rows(&w->r->writer, h->segment, monitor_dict(b->monitor), first + done,
				 some, h->bits, b->span, &b->out);
		flush_some(b);
	}
	return !b->broken;
}

/* Writes the records that were picked, in their order. */
static void write_picked(struct reports *b, struct report *r)
{
	struct flow_ref *flow;
	size_t n = flow_pick_end(r->pick, &flow, NULL);

	r->pick = NULL;
	for (size_t i = 0; i < n && !b->broken; i++) {
		flow_writer_row(&r->writer, flow[i].segment, monitor_dict(b->monitor), flow[i].row,
				&b->out);
		flush_some(b);
	}
	free(flow);
}

static bool is_of_records(const struct report *r)
{
	return !r->view->report && r->query.rows == ROWS_RECORDS;
}

static void select_rows(struct reports *b, const struct segment *s, uint64_t *bits)
{
	uint64_t undecided[(SEGMENT_ROWS + 63) / 64];

	if (filter_select(b->filter, s, monitor_dict(b->monitor), 0, s->rows, bits, undecided))
		b->undecided += span_count(s, undecided, s->rows, b->span);
}

/* Records are picked, groups added up. The segment is freed unless it is kept. */
static void add_up(struct reports *b, struct segment *s, const uint64_t *bits, bool kept)
{
	for (unsigned i = 0; i < b->o->views; i++)
		if (b->report[i].pick)
			flow_pick_add(b->report[i].pick, s, s->rows, bits, b->span);
	folds_put(b->folds, s, bits, b->span, kept);
}

/* Records of several formats that came among each other are written in their order. */
static void let_go(struct reports *b)
{
	for (size_t i = 0; i < b->held.n; i++)
		select_rows(b, b->held.held[i].segment, b->held.held[i].bits);
	for (unsigned i = 0; b->held.n && i < b->o->views; i++)
		if (is_of_records(&b->report[i]))
			held_write(&b->held, write_flows, &(struct writing){ b, &b->report[i] });
	for (size_t i = 0; i < b->held.n; i++) {
		const struct held_segment *h = &b->held.held[i];
		add_up(b, h->segment, h->bits, h->kept);
	}
	held_clear(&b->held);
}

static void consume(struct reports *b, struct segment *s, bool kept)
{
	if (!b->of_records || s->rows == 0) {
		select_rows(b, s, b->bits);
		add_up(b, s, b->bits, kept);
		return;
	}
	if (held_is_before(&b->held, s))
		let_go(b);
	held_add(&b->held, s, kept);
}

static void on_segment(void *ctx, struct segment *s)
{
	struct reports *b = ctx;

	if (b->keep) {
		/* The segment will be looked at, and its values count in what is held. */
		ring_publish(monitor_ring(b->monitor), s);
		return;
	}
	if (b->ended) {
		segment_free(s, monitor_dict(b->monitor));
		return;
	}
	consume(b, s, false);
}

static void on_full(void *ctx, bool full)
{
	struct reports *b = ctx;

	monitor_hold(b->monitor, full);
}

/* ---- the end ---- */

/* With a window that ends at log time: what the ring still holds of it. */
static void consume_ring(struct reports *b)
{
	struct ring *ring = monitor_ring(b->monitor);
	int64_t now = ring_now(ring);
	struct scan scan;

	if (options_last_s(b->o))
		b->span = span_window(b->span, options_last_s(b->o), now);
	b->window_cut = ring_evicted(ring) && b->evicted_max >= b->span.from;
	/* Segments outside the window too: bins begin where it does, if there are older ones. */
	scan_begin(&scan, ring, false, (struct span){ INT64_MIN, INT64_MAX, false });
	for (; scan_look(&scan); scan_next(&scan))
		consume(b, scan.segment, true);
}

static void on_evict(void *ctx, struct segment *s)
{
	struct reports *b = ctx;

	if (s->dated < s->rows)
		b->evicted_max = INT64_MAX;
	else if (s->time_max > b->evicted_max)
		b->evicted_max = s->time_max;
}

/* A table says above its rows what can make them wrong, JSON beside them; of the others, and of a
 * stream of lines, standard error does, once for all views. */
static void say_doubts(struct reports *b, const struct result *r, const struct export_context *c,
		       bool lines_only)
{
	enum output o = b->o->output;
	struct buf lines = { 0 };

	b->doubted |= !doubts_complete(r, c);
	if (!lines_only && (o == OUTPUT_TABLE || o == OUTPUT_JSON))
		return;
	doubts_lines(r, c, "enitop: ", &lines);
	if (lines.n && !(b->said.n && strstr(b->said.s, lines.s))) {
		fputs(lines.s, stderr);
		buf_add_str(&b->said, buf_str(&lines));
	}
	buf_release(&lines);
}

static void write_answer(struct reports *b, struct answer *a, const struct export_context *c)
{
	struct report_writer *w = report_begin(b->o->output, a, c);

	while (!b->broken && report_step(w, &b->out))
		flush_some(b);
	report_free(w);
}

static void print_report(struct reports *b, struct report *r)
{
	const struct options *o = b->o;
	struct export_context c = { .title = r->view->name,
				    .where = filter_says(b->filter),
				    .mark_label = o->mark_label,
				    .clock_s = options_now(o),
				    .columns = &o->columns };
	/* A stream of lines has no report at its end. */
	bool stream = is_of_records(r) && o->follow && o->output != OUTPUT_JSON;
	struct answer answer;
	struct result *result = &answer.result;

	monitor_counts(b->monitor, &c.input);
	query_uses(&r->query, &c.uses);
	c.complete = !monitor_failed(b->monitor) && !b->window_cut && !b->cut;
	if (r->view->report) {
		r->view->report(o->output, b->monitor, r->query.limit, &c, &b->out);
		return;
	}
	folds_answer(b->folds, r->asked, b->span, &answer);
	result->undecided = b->undecided;
	if (is_of_records(r))
		result->totals = r->writer.totals;
	if (r->pick)
		write_picked(b, r);
	if (!is_of_records(r))
		write_answer(b, &answer, &c);
	else if (!stream)
		flow_writer_end(&r->writer, result, &c, &b->out);
	say_doubts(b, result, &c, stream);
	answer_release(&answer);
}

/* What a format had no place for is said. */
static void say_left_out(const struct report *r)
{
	char text[96];

	if (!is_of_records(r) || !r->writer.left_out)
		return;
	snprintf(text, sizeof text, "%" PRIu64 " NODATA or SKIPDATA records are not in ocsf",
		 r->writer.left_out);
	inputs_complain(text);
}

/* A field's name that is not known as one, a word that is no name of ours: it parses as text. */
static void say_vain_words(struct reports *b)
{
	struct input_counts counts;
	struct buf words = { 0 };

	monitor_counts(b->monitor, &counts);
	filter_vain_words(b->filter, &words);
	if (words.n && counts.flows) {
		buf_puts(&words, ": taken as text, found in no record (a field is written "
				 "NAME=VALUE, see --fields)");
		inputs_complain(words.s);
	}
	buf_release(&words);
}

static void report_all(struct reports *b)
{
	unsigned printed = 0;

	if (b->keep)
		consume_ring(b);
	let_go(b);
	folds_drain(b->folds);
	/* Rows of flows were written as they came: what is open is closed before the rest. */
	for (unsigned i = 0; i < 2 * b->o->views && !b->broken; i++) {
		struct report *r = &b->report[i % b->o->views];
		bool flows = is_of_records(r);
		if (flows != (i < b->o->views))
			continue;
		if (printed++ && b->o->output == OUTPUT_TABLE)
			buf_putc(&b->out, '\n');
		print_report(b, r);
		say_left_out(r);
	}
	say_vain_words(b);
	flush(b);
}

/* Stops the loop; what was asked for has been written. */
static void finish(struct reports *b)
{
	if (b->ended)
		return;
	b->ended = true;
	uv_stop(&b->loop);
}

static void on_caught_up(void *ctx)
{
	struct reports *b = ctx;

	b->caught_up = true;
	if (!b->o->follow || b->stopping || !monitor_is_live(b->monitor))
		finish(b);
}

/* A stream ends when nothing can come any more: a pipe that was closed. */
static void on_changed(void *ctx)
{
	struct reports *b = ctx;

	if (!b->ended)
		let_go(b);
	if (b->caught_up && !monitor_is_live(b->monitor))
		finish(b);
}

static bool on_saving(void *ctx)
{
	struct reports *b = ctx;

	flush(b);
	return !b->broken;
}

static void on_error(void *ctx, const char *message)
{
	(void)ctx;
	inputs_complain(message);
}

/* The first one lets what stands in followed files be read to its end, the next one does not. */
static void on_signal(uv_signal_t *h, int number)
{
	struct reports *b = h->data;
	uint64_t done, total;

	(void)number;
	if (b->caught_up && !b->stopping) {
		b->stopping = true;
		monitor_hurry(b->monitor);
		return;
	}
	monitor_progress(b->monitor, &done, &total);
	b->cut = b->stopping || done < total;
	finish(b);
}

static void on_flush(uv_timer_t *h)
{
	flush(h->data);
}

/* ---- life ---- */

static void watch_signals(struct reports *b)
{
	static const int numbers[] = { SIGINT, SIGTERM };

	for (int i = 0; i < 2; i++) {
		uv_signal_init(&b->loop, &b->signal[i]);
		b->signal[i].data = b;
		if (b->o->follow)
			uv_signal_start(&b->signal[i], on_signal, numbers[i]);
		uv_unref((uv_handle_t *)&b->signal[i]);
	}
	uv_timer_init(&b->loop, &b->flush);
	b->flush.data = b;
	if (b->o->follow)
		uv_timer_start(&b->flush, on_flush, 500, 500);
}

static void close_all(struct reports *b, int status)
{
	monitor_close(b->monitor, NULL, NULL);
	for (int i = 0; i < 2; i++)
		uv_close((uv_handle_t *)&b->signal[i], NULL);
	uv_close((uv_handle_t *)&b->flush, NULL);
	inputs_leave(&b->loop, status);
	uv_loop_close(&b->loop);
}

static int exit_status(struct reports *b)
{
	if (b->write_error) {
		fprintf(stderr, "enitop: cannot write: %s\n", strerror(b->write_error));
		return 1;
	}
	return monitor_failed(b->monitor) || b->doubted || b->cut;
}

static void run(struct reports *b)
{
	inputs_add(b->o, b->monitor);
	uv_run(&b->loop, UV_RUN_DEFAULT);
	let_go(b);
	if (!b->broken)
		report_all(b);
	if (!b->broken)
		monitor_save_state(b->monitor);
}

static void report_init(struct reports *b, struct report *r, const struct view *v)
{
	const struct options *o = b->o;
	uint64_t limit;

	*r = (struct report){ .view = v, .query = options_query(o, v) };
	b->of_records |= is_of_records(r);
	if (v->report)
		return;
	r->query.filter = b->filter;
	r->asked = folds_ask(b->folds, &r->query);
	if (!is_of_records(r))
		return;
	limit = r->query.limit;
	flow_writer_begin(&r->writer, o->output, &o->columns, limit, &b->out);
	if (r->query.sort.field != FIELD_NONE)
		r->pick = flow_pick_new(&r->query.sort, monitor_dict(b->monitor),
					limit ? limit : SIZE_MAX);
	r->writer.only_counts = r->pick != NULL;
}

static void reports_init(struct reports *b)
{
	uint64_t memory = b->o->memory, hold = memory / 8 < HOLD_MAX ? memory / 8 : HOLD_MAX;

	b->folds = folds_new(&b->loop, monitor_dict(b->monitor), hold, memory / 4, on_full, b);
	folds_set_latest(b->folds, monitor_ceiling(b->monitor));
	for (unsigned i = 0; i < b->o->views; i++)
		report_init(b, &b->report[i], b->o->view[i]);
}

static void reports_free(struct reports *b)
{
	held_release(&b->held);
	folds_free(b->folds);
	for (unsigned i = 0; i < b->o->views; i++)
		flow_pick_free(b->report[i].pick);
}

/* The fields of records that the reports read; false: any may be read. */
static bool reports_want(const struct reports *b, struct field_set *out)
{
	bool known = true;

	for (unsigned i = 0; i < b->o->views; i++) {
		struct query q = options_query(b->o, b->o->view[i]);
		q.filter = b->filter;
		known = known && !b->o->view[i]->report && query_wants(&q, out);
	}
	return known;
}

int batch_run(const struct options *o)
{
	struct reports b = { .o = o,
			     .keep = options_last_s(o) > 0 || o->sort_given,
			     .evicted_max = INT64_MIN,
			     .span = options_span(o) };
	struct monitor_options mo = { .memory = o->memory,
				      .format = o->format,
				      .follow = o->follow,
				      .keep = b.keep,
				      .since_s = b.span.from,
				      .until_s = b.span.to,
				      .now_s = o->now_s };
	struct monitor_events me = { .ctx = &b,
				     .changed = on_changed,
				     .segment = on_segment,
				     .caught_up = on_caught_up,
				     .saving = on_saving,
				     .error = on_error };
	struct field_set wanted = { 0 };
	struct filter_error error;
	int status;

	signal(SIGPIPE, SIG_IGN);
	uv_loop_init(&b.loop);
	b.filter = filter_new(str_of(o->where), options_now(o), &error);
	if (reports_want(&b, &wanted))
		mo.wanted = &wanted;
	b.monitor = monitor_new(&b.loop, &mo, &me);
	monitor_on_evict(b.monitor, on_evict, &b);
	b.bits = xcalloc((SEGMENT_ROWS + 63) / 64, sizeof *b.bits);
	reports_init(&b);
	watch_signals(&b);
	if (inputs_open_state(o, b.monitor) && labels_open(o, b.monitor, NULL, 0)) {
		run(&b);
		status = exit_status(&b);
	} else {
		status = 2;
	}
	dict_retire(monitor_dict(b.monitor));
	reports_free(&b);
	close_all(&b, status);
	filter_free(b.filter);
	free(b.bits);
	buf_release(&b.out);
	buf_release(&b.said);
	return status;
}
