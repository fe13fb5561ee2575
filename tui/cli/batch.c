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

#include "cli/batch_report.h"
#include "query/fold.h"
#include "cli/inputs.h"
#include "cli/labels_open.h"

#define FLUSH_BYTES (256u << 10)
#define HOLD_MAX (32u << 20) /* of segments that wait for a series: see fold.h */

struct batch {
	const struct options *o;
	uv_loop_t loop;
	struct monitor *monitor;
	struct filter *filter;
	struct folds *folds;
	struct report report[OPTION_VIEWS_MAX];
	struct buf out;
	uint64_t *bits;
	struct span span;
	int64_t time_min, time_max;
	int64_t bins_min; /* when the first of the records began */
	uv_signal_t signal[2];
	uv_timer_t flush;
	bool series;                   /* some view has bins */
	bool caught_up, ended, broken; /* broken: nobody reads us any more */
	int write_error;
	bool keep;       /* what counts is known at the end: the ring holds it until then */
	bool window_cut; /* something inside the window was evicted */
	int64_t evicted_max;
};

/* ---- writing ---- */

static void finish(struct batch *b);

static void flush(struct batch *b)
{
	size_t done = 0;

	while (done < b->out.n && !b->broken) {
		ssize_t n = write(STDOUT_FILENO, b->out.s + done, b->out.n - done);
		if (n > 0) {
			done += (size_t)n;
		} else if (errno != EINTR) {
			b->broken = true;
			b->write_error = errno == EPIPE ? 0 : errno;
		}
	}
	buf_clear(&b->out);
	if (b->broken)
		finish(b);
}

static void flush_some(struct batch *b)
{
	if (b->out.n >= FLUSH_BYTES)
		flush(b);
}

/* ---- folding ---- */

#define ROWS_AT_ONCE 1024u /* between two looks at whether anybody reads */

static void write_flows(struct batch *b, struct report *r, const struct segment *s)
{
	for (uint32_t row = 0; row < s->rows && !b->broken; row += ROWS_AT_ONCE) {
		uint32_t n = s->rows - row < ROWS_AT_ONCE ? s->rows - row : ROWS_AT_ONCE;
		flow_writer_rows(&r->writer, s, monitor_dict(b->monitor), row, n, b->bits, b->span,
				 &b->out);
		flush_some(b);
	}
}

/* Those that were picked, in their order. */
static void write_picked(struct batch *b, struct report *r)
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

/* Bins of ports and timeline cover all that was seen. */
static void widen_bins(struct batch *b, struct accumulator *a)
{
	unsigned shift = accumulator_bin_shift(a);
	int64_t most = accumulator_group(a)->n == 1 ? RESULT_BINS : HEAT_BINS;

	if (b->bins_min > b->time_max)
		return;
	while (shift < 40 && (b->time_max >> shift) - (b->bins_min >> shift) >= most)
		shift++;
	if (shift != accumulator_bin_shift(a))
		accumulator_set_bin_shift(a, shift);
}

/* What of time the segment adds to what was seen. */
static void see(struct batch *b, const struct segment *s)
{
	if (s->dated && s->time_min < b->time_min)
		b->time_min = s->time_min > b->span.from ? s->time_min : b->span.from;
	if (s->dated && s->time_max > b->time_max)
		b->time_max = s->time_max < b->span.to ? s->time_max : b->span.to - 1;
	if (b->series && s->dated && s->time_min < b->span.to) {
		int64_t first = series_first(s);
		first = first > b->span.from ? first : b->span.from;
		b->bins_min = first < b->bins_min ? first : b->bins_min;
	}
}

/* All but what is ranked. */
static void consume(struct batch *b, struct segment *s)
{
	see(b, s);
	filter_select(b->filter, s, monitor_dict(b->monitor), 0, s->rows, b->bits);
	for (unsigned i = 0; i < b->o->views; i++) {
		struct report *r = &b->report[i];
		if (r->view == VIEW_FLOWS)
			write_flows(b, r, s);
		if (r->pick)
			flow_pick_add(r->pick, s, s->rows, b->bits, b->span);
	}
}

static void on_segment(void *ctx, struct segment *s)
{
	struct batch *b = ctx;

	if (b->keep) {
		/* It will be looked at, and its values count in what is held. */
		ring_publish(monitor_ring(b->monitor), s);
		return;
	}
	if (b->ended) {
		segment_free(s, monitor_dict(b->monitor));
		return;
	}
	consume(b, s);
	folds_put(b->folds, s, b->bits, b->span);
}

static void on_series(void *ctx, struct accumulator *a)
{
	widen_bins(ctx, a);
}

static void on_full(void *ctx, bool full)
{
	struct batch *b = ctx;

	monitor_hold(b->monitor, full);
}

/* Of all views; the number of them. */
static unsigned accumulators(const struct batch *b, struct accumulator **out)
{
	unsigned n = 0;

	for (unsigned i = 0; i < b->o->views; i++)
		n += report_accumulators(&b->report[i], out + n);
	return n;
}

static void fold(struct batch *b, struct segment *s)
{
	struct accumulator *all[OPTION_VIEWS_MAX * REPORT_RANKED];
	unsigned n = accumulators(b, all);

	for (unsigned i = 0; i < n; i++) {
		widen_bins(b, all[i]);
		accumulator_fold(all[i], s, 0, s->rows, b->bits, b->span, 1);
		accumulator_adopt(all[i]);
	}
}

/* ---- the end ---- */

/* With a window that ends at log time: what the ring still holds of it. */
static void consume_ring(struct batch *b)
{
	struct ring *ring = monitor_ring(b->monitor);
	int64_t now = ring_now(ring);

	if (now != INT64_MIN && b->o->window_s) {
		int64_t from = now - b->o->window_s;
		b->span.from = from > b->span.from ? from : b->span.from;
		b->span.to = now + 1 < b->span.to ? now + 1 : b->span.to;
	}
	b->window_cut = ring_evicted(ring) && b->evicted_max >= b->span.from;
	for (size_t i = 0; i < ring_count(ring); i++) {
		consume(b, ring_at(ring, i));
		fold(b, ring_at(ring, i));
	}
}

static void on_evict(void *ctx, struct segment *s)
{
	struct batch *b = ctx;

	if (s->dated < s->rows)
		b->evicted_max = INT64_MAX;
	else if (s->time_max > b->evicted_max)
		b->evicted_max = s->time_max;
}

/* With a mark by what changed, where it has two sides. */
static void print_ranked(struct batch *b, struct report *r, struct result *result)
{
	struct compare c = compare_of(b->o->mark_s, b->span, b->time_min, b->time_max);
	struct result_window w = { 0, (uint32_t)r->limit, 0, UINT32_MAX };

	if (compare_is_possible(&c))
		result_changes(result, r->view, r->ranked, r->metric, w, r->bins, b->span, &c,
			       b->o->changes);
	else if (r->columns)
		result_matrix(result, r->view, r->ranked, r->columns, r->bins, r->metric, w,
			      b->span);
	else
		result_ranked(result, r->view, r->ranked, r->metric, w, r->bins, b->span);
	result->by_cell = r->view == VIEW_PORTS && b->o->heat_given;
}

static void print_report(struct batch *b, struct report *r)
{
	const struct options *o = b->o;
	struct export_context c = { .where = o->where,
				    .mark_label = o->mark_label,
				    .clock_s = options_now(o) };
	struct result result = { .view = VIEW_FLOWS, .metric = r->metric, .distinct = o->distinct };

	monitor_counts(b->monitor, &c.input);
	c.complete = !monitor_failed(b->monitor) && !b->window_cut;
	if (r->view == VIEW_SOURCES) {
		export_sources(o->output, b->monitor, r->limit, &c, &b->out);
		return;
	}
	if (r->view == VIEW_TIMELINE)
		result_timeline(&result, r->ranked, NULL, r->metric, b->span);
	else if (r->ranked)
		print_ranked(b, r, &result);
	result.compare = compare_of(o->mark_s, b->span, b->time_min, b->time_max);
	result.window = b->span;
	if (b->time_min <= b->time_max) {
		result.time_min = b->time_min;
		result.time_max = b->time_max;
	} else {
		result.time_min = INT64_MAX;
		result.time_max = INT64_MIN;
	}
	result.seconds = result_seconds(result.window, result.time_min, result.time_max);
	if (r->view == VIEW_FLOWS)
		result.totals = r->writer.totals;
	if (r->pick)
		write_picked(b, r);
	if (r->view == VIEW_FLOWS)
		flow_writer_end(&r->writer, &result, &c, &b->out);
	else
		export_result(o->output, &result, &c, &b->out);
	result_release(&result);
}

/* What a format had no place for is said. */
static void say_left_out(const struct report *r)
{
	char text[96];

	if (r->view != VIEW_FLOWS || !r->writer.left_out)
		return;
	snprintf(text, sizeof text, "%" PRIu64 " NODATA or SKIPDATA records are not in ocsf",
		 r->writer.left_out);
	inputs_complain(text);
}

static void report_all(struct batch *b)
{
	bool stream = b->o->follow;
	unsigned printed = 0;

	if (b->keep)
		consume_ring(b);
	else
		folds_drain(b->folds);
	/* Rows of flows were written as they came: what is open is closed before the rest. */
	for (unsigned i = 0; i < 2 * b->o->views && !b->broken; i++) {
		struct report *r = &b->report[i % b->o->views];
		bool flows = r->view == VIEW_FLOWS;
		if (flows != (i < b->o->views))
			continue;
		if (printed++ && b->o->output == OUTPUT_TABLE)
			buf_putc(&b->out, '\n');
		/* A stream of lines has no report at its end. */
		if (!stream || !flows || b->o->output == OUTPUT_JSON)
			print_report(b, r);
		say_left_out(r);
	}
	flush(b);
}

/* Stops the loop; what was asked for has been written. */
static void finish(struct batch *b)
{
	if (b->ended)
		return;
	b->ended = true;
	uv_stop(&b->loop);
}

static void on_caught_up(void *ctx)
{
	struct batch *b = ctx;

	b->caught_up = true;
	if (!b->o->follow || !monitor_is_live(b->monitor))
		finish(b);
}

/* A stream ends when nothing can come any more: a pipe that was closed. */
static void on_changed(void *ctx)
{
	struct batch *b = ctx;

	if (b->caught_up && !monitor_is_live(b->monitor))
		finish(b);
}

static bool on_saving(void *ctx)
{
	struct batch *b = ctx;

	flush(b);
	return !b->broken;
}

static void on_error(void *ctx, const char *message)
{
	(void)ctx;
	inputs_complain(message);
}

static void on_signal(uv_signal_t *h, int number)
{
	(void)number;
	finish(h->data);
}

static void on_flush(uv_timer_t *h)
{
	flush(h->data);
}

/* ---- life ---- */

static void watch_signals(struct batch *b)
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

static void close_all(struct batch *b, int status)
{
	monitor_close(b->monitor, NULL, NULL);
	for (int i = 0; i < 2; i++)
		uv_close((uv_handle_t *)&b->signal[i], NULL);
	uv_close((uv_handle_t *)&b->flush, NULL);
	inputs_leave(&b->loop, status);
	uv_loop_close(&b->loop);
}

static int exit_status(struct batch *b)
{
	if (b->write_error) {
		fprintf(stderr, "enitop: cannot write: %s\n", strerror(b->write_error));
		return 1;
	}
	return monitor_failed(b->monitor);
}

static void run(struct batch *b)
{
	inputs_add(b->o, b->monitor);
	uv_run(&b->loop, UV_RUN_DEFAULT);
	if (!b->broken)
		report_all(b);
	if (!b->broken)
		monitor_save_state(b->monitor);
}

/* Their accumulators, which are folded into; the number of them. */
static unsigned reports_init(struct batch *b, struct accumulator **all)
{
	struct fold_events events = { b, on_series, on_full };
	struct dict *d = monitor_dict(b->monitor);
	uint64_t memory = b->o->memory, hold = memory / 8 < HOLD_MAX ? memory / 8 : HOLD_MAX;
	unsigned n;

	for (unsigned i = 0; i < b->o->views; i++) {
		report_init(b->report, i, b->o, d, &b->out);
		b->series |= report_is_series(&b->report[i]);
	}
	n = accumulators(b, all);
	b->folds = folds_new(&b->loop, d, b->series ? hold : 0, memory / 4, &events);
	for (unsigned i = 0; i < n; i++)
		folds_add(b->folds, all[i]);
	return n;
}

static void reports_free(struct batch *b, struct accumulator **all, unsigned n)
{
	folds_free(b->folds);
	for (unsigned i = 0; i < n; i++)
		accumulator_free(all[i]);
	for (unsigned i = 0; i < b->o->views; i++)
		flow_pick_free(b->report[i].pick);
}

int batch_run(const struct options *o)
{
	struct batch b = { .o = o,
			   .keep = o->window_s > 0 || o->sort_given,
			   .time_min = INT64_MAX,
			   .time_max = INT64_MIN,
			   .bins_min = INT64_MAX,
			   .evicted_max = INT64_MIN,
			   .span = { o->since_s, o->until_s, false } };
	struct monitor_options mo = { .memory = o->memory,
				      .format = o->format,
				      .follow = o->follow,
				      .keep = b.keep,
				      .since_s = o->since_s,
				      .until_s = o->until_s,
				      .now_s = o->now_s };
	struct monitor_events me = { .ctx = &b,
				     .changed = on_changed,
				     .segment = on_segment,
				     .caught_up = on_caught_up,
				     .saving = on_saving,
				     .error = on_error };
	struct accumulator *all[OPTION_VIEWS_MAX * REPORT_RANKED];
	struct field_set wanted = { 0 };
	struct filter_error error;
	unsigned ranked;
	int status;

	signal(SIGPIPE, SIG_IGN);
	uv_loop_init(&b.loop);
	b.filter = filter_new(str_of(o->where), options_now(o), &error);
	if (reports_want(o, b.filter, &wanted))
		mo.wanted = &wanted;
	b.monitor = monitor_new(&b.loop, &mo, &me);
	monitor_on_evict(b.monitor, on_evict, &b);
	b.bits = xcalloc((SEGMENT_ROWS + 63) / 64, sizeof *b.bits);
	ranked = reports_init(&b, all);
	watch_signals(&b);
	if (inputs_open_state(o, b.monitor) && labels_open(o, b.monitor, NULL, 0)) {
		run(&b);
		status = exit_status(&b);
	} else {
		status = 2;
	}
	dict_retire(monitor_dict(b.monitor));
	reports_free(&b, all, ranked);
	close_all(&b, status);
	filter_free(b.filter);
	free(b.bits);
	buf_release(&b.out);
	return status;
}
