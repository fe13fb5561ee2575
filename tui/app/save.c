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

#include "base/descriptor.h"
#include "query/scan.h"
#include "query/tables.h"

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
	struct export_context context;
	struct query query;          /* of the pane; the filter is the file's own */
	struct result answer;        /* window and counts of the report's end */
	struct tables tables;        /* of a ranking, which is made anew */
	struct flow_writer writer;   /* of records */
	struct flow_columns columns; /* those on show when it began; none: all */
	struct scan scan;
	uint32_t row;       /* of the segment that is scanned: the next to be written */
	bool selected;      /* some row of it matches */
	uint64_t undecided; /* records in the window, as the filter says while it writes */
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
	if (!s->error)
		s->error = write_all(s->fd, buf_str(&s->out));
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

/* What is on screen knows first and last seen to the bin, as records that leave are taken
 * out again: a file has them to the second. */
static void begin_ranking(struct save *s)
{
	struct app *a = s->app;
	const struct ring *ring = monitor_ring(a->monitor);
	unsigned shift = 0;

	while (shift < 40 && ring_oldest(ring) <= live_now(a->live) &&
	       (live_now(a->live) - ring_oldest(ring)) >> shift >= TIMELINE_BINS)
		shift++;
	s->query.bins.kind = BINS_NONE;
	tables_init(&s->tables, &s->query, ring_dict(ring));
	accumulator_set_bin_shift(s->tables.rows, shift);
}

/* The ranking has all rows: the answer anew. */
static void end_ranking(struct save *s)
{
	const struct result *was = &s->answer;
	struct result_window all = { 0, 0, 0, 0 };
	struct result r;

	tables_answer(&s->tables, &s->query, all, was->window, &was->compare, &r);
	r.seconds = was->seconds;
	r.undecided = s->undecided;
	write_result(s, &r);
	result_release(&r);
}

/* Rankings and records are of the ring as it is now, with a filter of their own. */
static void begin_scan(struct save *s)
{
	struct app *a = s->app;
	struct filter_error unused;

	s->query.filter = live_filter(a->live) ? filter_copy(live_filter(a->live))
					       : filter_new(str_of(""), 0, &unused);
	scan_begin(&s->scan, monitor_ring(a->monitor), false, s->answer.window);
	if (s->query.rows == ROWS_RANKED) {
		begin_ranking(s);
		return;
	}
	if (a->list.chosen)
		s->columns = a->list.columns;
	flow_writer_begin(&s->writer, s->output, &s->columns, 0, &s->out);
}

static void begin(struct save *s)
{
	struct app *a = s->app;
	const struct pane *p = a->focus;
	const struct ring *ring = monitor_ring(a->monitor);
	struct result_window all = { 0, 0, 0, UINT32_MAX };
	struct result *r = &s->answer;

	s->context = (struct export_context){ .title = p->view->name,
					      .where = live_filter(a->live)
							       ? filter_says(live_filter(a->live))
							       : "",
					      .mark_label = a->mark_label,
					      .clock_s = (int64_t)time(NULL),
					      .now_s = live_now(a->live),
					      .local = a->options->local_time,
					      .columns = &s->columns };
	monitor_counts(a->monitor, &s->context.input);
	if (!pane_asks(p)) {
		s->context.complete = true;
		p->view->report(s->output, a->monitor, 0, &s->context, &s->out);
		s->rows = monitor_sources(a->monitor);
		s->done = true;
		return;
	}
	s->query = live_query(a->live, p->query);
	query_uses(&s->query, &s->context.uses);
	s->query.filter = NULL;
	if (s->query.rows == ROWS_RANKED && s->query.bins.kind != BINS_HEAT)
		all = (struct result_window){ .rows = 1 }; /* all of them come by the scan */
	live_answer(a->live, p->query, all, r);
	s->context.complete = r->complete && !monitor_failed(a->monitor) &&
			      (!s->context.input.evicted || ring_oldest(ring) <= r->window.from);
	if (s->query.rows == ROWS_TIMELINE || s->query.bins.kind == BINS_HEAT)
		write_result(s, r);
	else
		begin_scan(s);
}

static void end_scan(struct save *s)
{
	s->context.where = filter_says(s->query.filter);
	if (s->tables.rows) {
		end_ranking(s);
		return;
	}
	s->answer.totals = s->writer.totals;
	s->answer.undecided = s->undecided;
	flow_writer_end(&s->writer, &s->answer, &s->context, &s->out);
	s->done = true;
}

/* Writes some rows, or adds up a segment; what is evicted meanwhile is gone. */
static void write_some(struct save *s)
{
	const struct scan *scan = &s->scan;
	const struct dict *d = ring_dict(scan->ring);

	if (!scan_look(&s->scan)) {
		end_scan(s);
		return;
	}
	if (scan->fresh) {
		s->row = 0;
		s->selected = scan_select(&s->scan, s->query.filter);
		s->undecided += s->scan.undecided;
	}
	if (s->selected && s->tables.rows) {
		accumulator_fold(s->tables.rows, scan->segment, 0, scan->rows, scan->bits,
				 scan->span, 1);
		accumulator_adopt(s->tables.rows); /* the segment may go before it is written */
	} else if (s->selected) {
		uint32_t left = scan->rows - s->row, n = left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE;
		flow_writer_rows(&s->writer, scan->segment, d, s->row, n, scan->bits, scan->span,
				 &s->out);
		s->row += n;
		if (s->row < scan->rows)
			return;
	}
	scan_next(&s->scan);
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
	if (output_is_flows_only((enum output)output) &&
	    a->focus->view->query.rows != ROWS_RECORDS) {
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
	tables_release(&s->tables);
	filter_free(s->query.filter);
	buf_release(&s->out);
	free(s->path);
	free(s->part);
	free(s);
	return error;
}
