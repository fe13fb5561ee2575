/* batch.c - see batch.h. Each segment goes to the reports and is let go. Only a window that
 * follows log time needs the ring: its end is not known before the input's. */
#include "cli/batch.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>

#include "base/job.h"
#include "base/terminal.h"
#include "cli/inputs.h"
#include "cli/labels_open.h"
#include "cli/reports.h"
#include "cli/reread.h"
#include "cli/spikes.h"
#include "cli/whys.h"
#include "monitor/monitor.h"
#include "query/scan.h"

#define FLUSH_MS 20

enum { SIGNALS = 3 };

struct batch_run {
	const struct options *o;
	uv_loop_t loop;
	struct monitor *monitor;
	struct filter *filter;
	struct reports reports;
	struct whys *whys;     /* asked instead of views; NULL: none */
	struct spikes *spikes; /* the same */
	uv_signal_t signal[SIGNALS];
	uv_timer_t flush;
	bool caught_up, ended;
	bool stopping;   /* by a signal, once what is there has been read */
	bool cut;        /* by a signal, before all was read */
	bool keep;       /* what counts is known at the end: the ring holds it until then */
	bool window_cut; /* something inside the window was evicted */
	int64_t evicted_max;
};

/* Stops the loop; what was asked for has been written. */
static void finish(struct batch_run *b)
{
	if (b->ended)
		return;
	if (!b->reports.broken)
		monitor_let_go(b->monitor);
	b->ended = true;
	uv_stop(&b->loop);
}

/* After what may have written. */
static void finish_unread(struct batch_run *b)
{
	if (b->reports.broken)
		finish(b);
}

/* ---- segments ---- */

/* Of those that are asked instead of views. */
static void add_to_question(struct batch_run *b, const struct segment *s, struct span span)
{
	if (b->whys)
		whys_add(b->whys, s, span);
	else
		spikes_add(b->spikes, s, span);
}

static void on_segment(void *ctx, struct segment *s)
{
	struct batch_run *b = ctx;
	bool kept;

	if (b->keep) {
		/* The segment will be looked at, and its values count in what is held. */
		ring_publish(monitor_ring(b->monitor), s);
		return;
	}
	if (b->reports.finds && !b->ended)
		finds_learn(b->reports.finds, s);
	if (b->reports.once && !b->ended)
		once_add(b->reports.once, s);
	if (b->ended || b->reports.once) {
		segment_free(s, monitor_dict(b->monitor));
		return;
	}
	if (b->whys || b->spikes) {
		add_to_question(b, s, b->reports.span);
		segment_free(s, monitor_dict(b->monitor));
		return;
	}
	kept = b->reports.finds && finds_hold(b->reports.finds, s);
	reports_add(&b->reports, s, kept);
	finish_unread(b);
}

static void learn_of_ring(struct batch_run *b)
{
	struct scan scan;

	scan_begin(&scan, monitor_ring(b->monitor), false,
		   (struct span){ INT64_MIN, INT64_MAX, false });
	for (; scan_look(&scan); scan_next(&scan)) {
		if (b->reports.once)
			once_add(b->reports.once, scan.segment);
		if (b->reports.finds)
			finds_learn(b->reports.finds, scan.segment);
	}
}

/* With a window that ends at log time: what the ring still holds of it. */
static void consume_ring(struct batch_run *b)
{
	struct ring *ring = monitor_ring(b->monitor);
	struct span *span = &b->reports.span;
	int64_t now = ring_now(ring);
	struct scan scan;

	if (options_last_s(b->o))
		*span = span_window(*span, options_last_s(b->o), now);
	b->window_cut = ring_evicted(ring) && b->evicted_max >= span->from;
	/* Segments outside the window too: bins begin where it does, if there are older ones. */
	scan_begin(&scan, ring, false, (struct span){ INT64_MIN, INT64_MAX, false });
	for (; scan_look(&scan); scan_next(&scan))
		if (b->whys || b->spikes)
			add_to_question(b, scan.segment, *span);
		else
			reports_add(&b->reports, scan.segment, true);
}

static void on_evict(void *ctx, struct segment *s)
{
	struct batch_run *b = ctx;

	if (s->dated < s->rows)
		b->evicted_max = INT64_MAX;
	else if (s->time_max > b->evicted_max)
		b->evicted_max = s->time_max;
}

/* ---- events ---- */

static void on_caught_up(void *ctx)
{
	struct batch_run *b = ctx;

	b->caught_up = true;
	/* What was held until the end came before it. */
	b->reports.arrive = b->o->follow && !b->keep;
	if (!b->o->follow || b->stopping || !monitor_is_live(b->monitor))
		finish(b);
}

static void on_flush(uv_timer_t *h)
{
	struct batch_run *b = h->data;

	reports_flush(&b->reports);
	finish_unread(b);
}

/* Lines of a stream are written when nothing else comes at once, and not one by one when much
 * does. */
static void flush_soon(struct batch_run *b)
{
	if (b->o->follow && b->reports.out.n && !uv_is_active((uv_handle_t *)&b->flush))
		uv_timer_start(&b->flush, on_flush, FLUSH_MS, 0);
}

/* Not while history is read, of which the end is known. */
static void judge_minute(struct batch_run *b)
{
	uint64_t done, total;

	monitor_progress(b->monitor, &done, &total);
	if (b->o->follow && !b->ended && total <= done)
		reports_judge(&b->reports, !monitor_failed(b->monitor));
}

/* A stream ends when nothing can come any more: a pipe that was closed. */
static void on_changed(void *ctx)
{
	struct batch_run *b = ctx;

	if (!b->ended)
		reports_let_go(&b->reports);
	judge_minute(b);
	flush_soon(b);
	finish_unread(b);
	if (b->caught_up && !monitor_is_live(b->monitor))
		finish(b);
}

static bool on_saving(void *ctx)
{
	struct batch_run *b = ctx;

	reports_flush(&b->reports);
	finish_unread(b);
	return !b->reports.broken;
}

static void on_error(void *ctx, const char *message)
{
	(void)ctx;
	complain("%s", message);
}

/* The first one lets what stands in followed files be read to its end, the next one does not. */
static void on_signal(uv_signal_t *h, int number)
{
	struct batch_run *b = h->data;
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

/* ---- life ---- */

/* Somebody may wait for the next line. */
static bool is_stream(const struct options *o)
{
	bool records = false;

	for (unsigned i = 0; i < o->views; i++)
		records |= o->view[i]->query.rows == ROWS_RECORDS;
	return o->follow || records;
}

static void watch_signals(struct batch_run *b)
{
	static const int numbers[SIGNALS] = { SIGINT, SIGTERM, SIGQUIT };

	for (int i = 0; i < SIGNALS; i++) {
		uv_signal_init(&b->loop, &b->signal[i]);
		b->signal[i].data = b;
		if (b->o->follow)
			uv_signal_start(&b->signal[i], on_signal, numbers[i]);
		uv_unref((uv_handle_t *)&b->signal[i]);
	}
	uv_timer_init(&b->loop, &b->flush);
	b->flush.data = b;
}

static void close_all(struct batch_run *b, int status)
{
	monitor_close(b->monitor, NULL, NULL);
	for (int i = 0; i < SIGNALS; i++)
		uv_close((uv_handle_t *)&b->signal[i], NULL);
	uv_close((uv_handle_t *)&b->flush, NULL);
	inputs_leave(&b->loop, status);
	uv_loop_close(&b->loop);
}

static int exit_status(struct batch_run *b)
{
	if (b->reports.write_error) {
		complain("cannot write: %s", strerror(b->reports.write_error));
		return 1;
	}
	if (b->reports.asserts && asserts_status(b->reports.asserts))
		return asserts_status(b->reports.asserts);
	return monitor_failed(b->monitor) || b->reports.doubted || b->cut;
}

static void run(struct batch_run *b)
{
	inputs_add(b->o, b->monitor);
	flush_soon(b);
	uv_run(&b->loop, UV_RUN_DEFAULT);
	b->ended = true; /* also where the loop had nothing more to do: it may run again */
	monitor_let_go(b->monitor);
	reports_let_go(&b->reports);
	if ((b->reports.once || b->reports.finds) && b->keep)
		learn_of_ring(b);
	if (b->reports.once)
		once_settle(b->reports.once);
	if (!b->reports.broken && b->keep)
		consume_ring(b);
	else if (!b->reports.broken && b->reports.once)
		b->reports.changed |= !reread(&b->reports, reports_add);
	if (!b->reports.broken && b->reports.finds)
		b->reports.changed |= !finds_judge(b->reports.finds, &b->reports);
	if (b->reports.asserts && finds_asked(b->o))
		asserts_set_findings(b->reports.asserts, finds_count, b->reports.finds);
	if (!b->reports.broken && !b->whys && !b->spikes)
		reports_count_seconds(&b->reports);
	if (b->whys)
		b->reports.doubted |= !whys_answer(
			b->whys, !monitor_failed(b->monitor) && !b->window_cut && !b->cut,
			&b->reports.out);
	if (b->spikes)
		b->reports.doubted |= !spikes_answer(b->spikes, !monitor_failed(b->monitor) &&
									!b->window_cut && !b->cut);
	if (!b->reports.broken)
		reports_end(&b->reports, !monitor_failed(b->monitor) && !b->window_cut && !b->cut);
	if (!b->reports.broken)
		monitor_save_state(b->monitor);
}

/* The fields that are read of records; false: any may be. */
static bool wants_some(const struct options *o, struct filter *f, struct field_set *out)
{
	if (o->whys) {
		whys_want(out);
		return true;
	}
	if (o->spike)
		return spikes_want(o, out);
	/* What counts once goes by who asked, and that by nearly all of them. */
	return !o->once && !o->asserts && !options_price(o) && reports_want(o, f, out);
}

int batch_run(const struct options *o)
{
	struct batch_run b = { .o = o, .keep = reread_holds(o), .evicted_max = INT64_MIN };
	const struct span span = options_span(o);
	struct monitor_options mo = { .memory = o->memory,
				      .format = o->format,
				      .follow = o->follow,
				      .follow_links = o->follow_links,
				      .keep = b.keep,
				      .prompt = is_stream(o),
				      .since_s = span.from,
				      .until_s = span.to,
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
	if (job_loop_init(&b.loop) < 0)
		return 2;
	b.filter = filter_new(str_of(o->where), options_now(o), &error);
	if (wants_some(o, b.filter, &wanted))
		mo.wanted = &wanted;
	b.monitor = monitor_new(&b.loop, &mo, &me);
	monitor_on_evict(b.monitor, on_evict, &b);
	reports_init(&b.reports, o, &b.loop, b.monitor, b.filter, span);
	b.reports.wanted = mo.wanted;
	if ((o->once || options_price(o)) && !o->whys && !o->spike)
		b.reports.once = once_new(o, b.monitor);
	watch_signals(&b);
	if (inputs_open_state(o, b.monitor) && labels_open(o, b.monitor, NULL, 0) &&
	    (!o->whys || (b.whys = whys_new(o, b.monitor))) &&
	    ((!finds_asked(o) && !finds_lead(o)) || (b.reports.finds = finds_new(o, b.monitor))) &&
	    reports_assert(&b.reports)) {
		if (o->spike)
			b.spikes = spikes_new(o, b.monitor, &b.reports.out);
		run(&b);
		status = exit_status(&b);
	} else {
		status = 2;
	}
	dict_retire(monitor_dict(b.monitor));
	once_free(b.reports.once);
	finds_free(b.reports.finds);
	reports_release(&b.reports);
	whys_free(b.whys);
	spikes_free(b.spikes);
	close_all(&b, status);
	filter_free(b.filter);
	return status;
}
