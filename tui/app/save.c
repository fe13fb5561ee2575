/* save.c - see save.h. */
#include "app/save.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ROWS_AT_ONCE 1024u
#define FLUSH_BYTES (256u << 10)

const char save_suffixes[] = ".csv .json .ndjson .txt .raw .ocsf";

struct save {
	struct app *app;
	char *path, *part; /* part: written to until it is whole */
	int fd, error;     /* negative errno */
	bool done;
	enum output output;
	struct buf out;
	uint64_t rows;
	/* records: which of them, and how far */
	struct filter *filter;
	struct span span;
	struct flow_writer writer;
	struct flow_columns columns; /* those on show when it began; none: all */
	struct export_context context;
	struct result answer;       /* window and counts of the report's end */
	struct accumulator *ranked; /* talkers and rejects, anew: to the second; else NULL */
	uint64_t serial, last; /* the segment being written; the last there was at the beginning */
	uint32_t row, rows_there; /* of that segment */
	uint64_t *bits;           /* of that segment; NULL: not chosen yet */
};

int save_output(const char *path)
{
	static const struct {
		const char *suffix;
		enum output output;
	} known[] = {
		{ ".csv", OUTPUT_CSV },        { ".ocsf", OUTPUT_OCSF },
		{ ".ocsf.json", OUTPUT_OCSF }, { ".json", OUTPUT_JSON },
		{ ".ndjson", OUTPUT_NDJSON },  { ".jsonl", OUTPUT_NDJSON },
		{ ".txt", OUTPUT_TABLE },      { ".raw", OUTPUT_RAW },
		{ ".log", OUTPUT_RAW },
	};
	size_t n = strlen(path);

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		size_t m = strlen(known[i].suffix);
		if (n > m && strcmp(path + n - m, known[i].suffix) == 0)
			return (int)known[i].output;
	}
	return -1;
}

uint64_t save_rows(const struct save *s)
{
	return s->rows + s->writer.rows;
}

/* ---- the file ---- */

static void flush(struct save *s)
{
	for (size_t done = 0; done < s->out.n && !s->error;) {
		ssize_t n = write(s->fd, s->out.s + done, s->out.n - done);
		if (n > 0)
			done += (size_t)n;
		else if (errno != EINTR)
			s->error = -errno;
	}
	buf_clear(&s->out);
}

/* "~/x" is in the home directory. */
static char *whole_path(const char *path)
{
	const char *home = getenv("HOME");
	struct buf b = { 0 };

	if (path[0] == '~' && path[1] == '/' && home)
		buf_printf(&b, "%s%s", home, path + 1);
	else
		buf_puts(&b, path);
	return b.s;
}

/* 0, or negative errno. */
static int open_part(struct save *s)
{
	struct buf part = { 0 };

	buf_printf(&part, "%s.%d.part", s->path, (int)getpid());
	s->part = part.s;
	s->fd = open(s->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	return s->fd < 0 ? -errno : 0;
}

/* ---- what is written ---- */

static void write_result(struct save *s, const struct result *r)
{
	export_result(s->output, r, &s->context, &s->out);
	s->rows = r->rows;
	s->done = true;
}

/* Goes through the ring as it is now, with a filter of its own. */
static void begin_scan(struct save *s)
{
	const struct ring *ring = monitor_ring(s->app->monitor);
	int64_t now = live_now(s->app->live);
	struct filter_error error;

	s->filter = filter_new(str_of(app_filter(s->app)), now == INT64_MIN ? 0 : now, &error);
	s->span = s->answer.window;
	s->last = ring_count(ring) ? ring_peek(ring, ring_count(ring) - 1)->serial : 0;
}

/* What is on screen knows first and last seen to the bin, as records that leave are taken
 * out again: a file has them to the second. */
static void begin_ranking(struct save *s, enum view_kind v)
{
	struct app *a = s->app;
	const struct ring *ring = monitor_ring(a->monitor);
	unsigned shift = 0;

	while (shift < 40 && ring_oldest(ring) <= live_now(a->live) &&
	       (live_now(a->live) - ring_oldest(ring)) >> shift >= RESULT_BINS)
		shift++;
	s->ranked = accumulator_new(live_group(a->live, v), ring_dict(ring));
	accumulator_set_bin_shift(s->ranked, shift);
	accumulator_keep_seen(s->ranked);
	accumulator_set_distinct(s->ranked, &s->answer.distinct);
	accumulator_set_mark(s->ranked, live_mark(a->live));
}

/* The ranking has all rows: the answer anew. */
static void end_ranking(struct save *s)
{
	const struct result *was = &s->answer;
	struct result_window all = { 0, 0, 0, 0 };
	struct result r;

	if (was->by_change)
		result_changes(&r, was->view, s->ranked, was->metric, all, NULL, s->span,
			       &was->compare, was->only);
	else
		result_ranked(&r, was->view, s->ranked, was->metric, all, NULL, s->span);
	result_compared(&r, &was->compare);
	r.compare = was->compare;
	r.seconds = was->seconds;
	write_result(s, &r);
	result_release(&r);
}

static void begin(struct save *s)
{
	struct app *a = s->app;
	enum view_kind v = a->focus;
	const struct ring *ring = monitor_ring(a->monitor);
	struct result *r = &s->answer;

	s->context = (struct export_context){ .where = app_filter(a),
					      .mark_label = a->compare.label,
					      .clock_s = (int64_t)time(NULL) };
	monitor_counts(a->monitor, &s->context.input);
	if (v == VIEW_SOURCES) {
		s->context.complete = true;
		export_sources(s->output, a->monitor, 0, &s->context, &s->out);
		s->rows = monitor_sources(a->monitor);
		s->done = true;
		return;
	}
	live_result(a->live, v == VIEW_FLOWS ? VIEW_TIMELINE : v,
		    v == VIEW_REJECTS ? METRIC_REJECTS : a->metric, v == VIEW_PORTS ? 0 : 1, r);
	s->context.complete = r->complete && !monitor_failed(a->monitor) &&
			      (!s->context.input.evicted || ring_oldest(ring) <= r->window.from);
	if (v == VIEW_PORTS || v == VIEW_TIMELINE) {
		write_result(s, r);
		return;
	}
	begin_scan(s);
	if (v != VIEW_FLOWS) {
		begin_ranking(s, v);
		return;
	}
	r->view = VIEW_FLOWS;
	if (a->list.chosen)
		s->columns = a->list.columns;
	flow_writer_begin(&s->writer, s->output, &s->columns, 0, &s->out);
}

/* The segment to go on with: the first that came with or behind `serial`. */
static const struct segment *segment_at(const struct save *s)
{
	struct ring *ring = monitor_ring(s->app->monitor);
	size_t low = 0, high = ring_count(ring);

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (ring_peek(ring, middle)->serial < s->serial)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ring_count(ring) && ring_peek(ring, low)->serial <= s->last
		       ? ring_at(ring, low)
		       : NULL;
}

static void next_segment(struct save *s, uint64_t serial)
{
	free(s->bits);
	s->bits = NULL;
	s->row = 0;
	s->serial = serial;
}

/* Writes some rows; what is evicted meanwhile is gone. */
static void write_some(struct save *s)
{
	const struct segment *g = segment_at(s);
	const struct dict *d = ring_dict(monitor_ring(s->app->monitor));

	if (!g && s->ranked) {
		s->context.where = filter_text(s->filter);
		end_ranking(s);
		return;
	}
	if (!g) {
		s->context.where = filter_text(s->filter);
		s->answer.totals = s->writer.totals;
		flow_writer_end(&s->writer, &s->answer, &s->context, &s->out);
		s->done = true;
		return;
	}
	if (g->serial != s->serial || !s->bits) {
		next_segment(s, g->serial);
		s->bits = xcalloc((SEGMENT_ROWS + 63) / 64, sizeof *s->bits);
		s->rows_there = g->rows;
		filter_select(s->filter, g, d, 0, g->rows, s->bits);
	}
	if (s->ranked) {
		accumulator_fold(s->ranked, g, 0, s->rows_there, s->bits, s->span, 1);
		accumulator_adopt(s->ranked); /* the segment may go before it is written */
		next_segment(s, g->serial + 1);
		return;
	}
	uint32_t left = s->rows_there - s->row, n = left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE;
	flow_writer_rows(&s->writer, g, d, s->row, n, s->bits, s->span, &s->out);
	s->row += n;
	if (s->row >= s->rows_there)
		next_segment(s, g->serial + 1);
}

/* ---- life ---- */

struct save *save_open(struct app *a, const char *path, bool replace, bool *exists, char *why,
		       size_t size)
{
	int output = save_output(path);
	struct save *s;
	struct stat st;

	*exists = false;
	if (output < 0) {
		snprintf(why, size, "the suffix says the format: %s", save_suffixes);
		return NULL;
	}
	if (output_is_flows_only((enum output)output) && a->focus != VIEW_FLOWS) {
		snprintf(why, size, "%s is of records: pane 5, flows",
			 output_name((enum output)output));
		return NULL;
	}
	s = xcalloc(1, sizeof *s);
	s->app = a;
	s->fd = -1;
	s->path = whole_path(path);
	if (stat(s->path, &st) == 0) {
		*exists = S_ISREG(st.st_mode) && !replace;
		s->error = !S_ISREG(st.st_mode) ? -EEXIST : *exists ? -EEXIST : 0;
	}
	if (!s->error)
		s->error = open_part(s);
	if (s->error) {
		snprintf(why, size, "cannot write '%s': %s", path, strerror(-s->error));
		save_close(s, NULL);
		return NULL;
	}
	s->output = (enum output)output;
	begin(s);
	return s;
}

bool save_step(struct save *s, uint64_t budget_ns)
{
	uint64_t deadline = monotonic_ns() + budget_ns;

	while (!s->done && !s->error) {
		write_some(s);
		if (s->out.n >= FLUSH_BYTES)
			flush(s);
		if (monotonic_ns() >= deadline)
			break;
	}
	if (s->done)
		flush(s);
	return !s->done && !s->error;
}

int save_close(struct save *s, uint64_t *rows)
{
	int error = s->error;

	if (s->fd >= 0 && close(s->fd) != 0 && !error)
		error = -errno;
	if (!error && !s->done)
		error = -ECANCELED;
	if (!error && rename(s->part, s->path) != 0)
		error = -errno;
	if (error && s->fd >= 0)
		unlink(s->part);
	if (rows)
		*rows = save_rows(s);
	result_release(&s->answer);
	accumulator_free(s->ranked);
	filter_free(s->filter);
	buf_release(&s->out);
	free(s->bits);
	free(s->path);
	free(s->part);
	free(s);
	return error;
}
