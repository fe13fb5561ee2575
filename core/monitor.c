/* monitor.c - see monitor.h. */
#include "monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ingest.h"
#include "source_dir.h"

#define BLOCK_MAX ((size_t)4 << 20)
#define BLOCK_MIN ((size_t)256 << 10)

struct monitor {
	uv_loop_t *loop;
	struct monitor_options options;
	struct monitor_events events;
	struct dict *dict;
	struct ring *ring;
	struct ingest *ingest;
	struct malformed_list malformed;
	uv_prepare_t prepare; /* after each turn: tell of what changed */
	bool changed, caught_up, failed, closing;
	uint64_t charged, future;
	char **dir; /* folders to look through for new files */
	size_t dirs, dir_cap;
	struct dict *known; /* paths that are sources */
	uv_timer_t rescan;
	struct scan *scan; /* under way */
	unsigned handles;  /* still closing */
	void (*evict)(void *ctx, struct segment *s);
	void *evict_ctx;
	void (*closed)(void *ctx);
	void *closed_ctx;
};

const char *source_state_name(enum source_state s)
{
	static const char *const names[] = {
		[SOURCE_READING] = "reading", [SOURCE_FOLLOWING] = "following",
		[SOURCE_WAITING] = "waiting", [SOURCE_DONE] = "done",
		[SOURCE_FAILED] = "failed",
	};
	return names[s];
}

/* ---- what the ingest brings ---- */

static int64_t ceiling(const struct monitor *m)
{
	return m->options.now_s != INT64_MIN ? m->options.now_s : (int64_t)time(NULL) + 86400;
}

static void count_future(struct monitor *m, const struct segment *s)
{
	int64_t limit = ceiling(m);

	for (uint32_t row = 0; s->time_max > limit && row < s->rows; row++)
		m->future += segment_time(s, row) > limit;
}

static void trim(struct monitor *m)
{
	ring_trim(m->ring, m->charged + ingest_bytes(m->ingest));
}

static void on_segment(void *ctx, struct segment *s)
{
	struct monitor *m = ctx;

	if (m->options.keep) {
		ring_set_ceiling(m->ring, ceiling(m));
		ring_add(m->ring, s);
		if (m->events.segment)
			m->events.segment(m->events.ctx, s);
		trim(m);
		return;
	}
	segment_publish(s, m->dict);
	count_future(m, s);
	m->events.segment(m->events.ctx, s);
	segment_free(s, m->dict);
}

/* Drops the sealed segments from the decoder's list: the ring has them. */
static void release_sealed(struct decoder *tail)
{
	struct segment **sealed;

	decoder_take_sealed(tail, &sealed);
	free(sealed);
}

static void on_tail(void *ctx, struct decoder *tail)
{
	struct monitor *m = ctx;
	struct segment *const *list;
	size_t n = decoder_segments(tail, &list);

	ring_set_ceiling(m->ring, ceiling(m));
	for (size_t i = 0; i < n; i++)
		if (list[i]->serial == 0)
			ring_add(m->ring, list[i]);
		else
			ring_grown(m->ring, list[i]);
	release_sealed(tail);
	trim(m);
}

static void on_evict(void *ctx, struct segment *s)
{
	struct monitor *m = ctx;

	if (m->evict)
		m->evict(m->evict_ctx, s);
	if (s->cap) {
		decoder_close(ingest_tail(m->ingest), s);
		release_sealed(ingest_tail(m->ingest));
	}
}

void monitor_on_evict(struct monitor *m, void (*evict)(void *ctx, struct segment *s), void *ctx)
{
	m->evict = evict;
	m->evict_ctx = ctx;
}

static void on_malformed(void *ctx, const struct malformed_list *bad, uint64_t line_offset)
{
	struct monitor *m = ctx;

	malformed_list_append(&m->malformed, bad, line_offset);
}

static void on_changed(void *ctx)
{
	struct monitor *m = ctx;

	m->changed = true;
}

static void on_fault(void *ctx, struct source *s, const char *message)
{
	struct monitor *m = ctx;

	m->failed |= s->failed;
	m->changed = true;
	if (m->events.error)
		m->events.error(m->events.ctx, message);
}

static void after_turn(uv_prepare_t *h)
{
	struct monitor *m = h->data;

	if (!m->changed || m->closing)
		return;
	m->changed = false;
	if (m->events.changed)
		m->events.changed(m->events.ctx);
	if (!m->caught_up && !m->closing && ingest_caught_up(m->ingest)) {
		m->caught_up = true;
		if (m->events.caught_up)
			m->events.caught_up(m->events.ctx);
	}
}

/* ---- life ---- */

struct monitor *monitor_new(uv_loop_t *loop, const struct monitor_options *options,
			    const struct monitor_events *events)
{
	struct monitor *m = xcalloc(1, sizeof *m);
	struct ingest_events ie = { m, on_segment, on_tail, on_malformed, on_changed, on_fault };
	size_t block = options->memory / 32 < BLOCK_MAX ? options->memory / 32 : BLOCK_MAX;

	m->loop = loop;
	m->options = *options;
	m->events = *events;
	m->dict = dict_new();
	m->ring = ring_new(m->dict, options->memory);
	ring_on_evict(m->ring, on_evict, m);
	m->ingest = ingest_new(loop, &ie, block < BLOCK_MIN ? BLOCK_MIN : block, options->keep,
			       options->format);
	m->known = dict_new();
	uv_timer_init(loop, &m->rescan);
	m->rescan.data = m;
	uv_prepare_init(loop, &m->prepare);
	m->prepare.data = m;
	uv_prepare_start(&m->prepare, after_turn);
	uv_unref((uv_handle_t *)&m->prepare);
	return m;
}

static void handle_closed(uv_handle_t *h)
{
	struct monitor *m = h->data;
	void (*closed)(void *) = m->closed;
	void *ctx = m->closed_ctx;

	if (--m->handles)
		return;
	for (size_t i = 0; i < m->dirs; i++)
		free(m->dir[i]);
	free(m->dir);
	dict_free(m->known);
	free(m);
	if (closed)
		closed(ctx);
}

static void ingest_closed(void *ctx)
{
	struct monitor *m = ctx;

	ring_free(m->ring);
	dict_free(m->dict);
	malformed_list_release(&m->malformed);
	m->handles = 2;
	uv_close((uv_handle_t *)&m->prepare, handle_closed);
	uv_close((uv_handle_t *)&m->rescan, handle_closed);
}

/* The last thing, once no scan is under way. */
static void close_ingest(struct monitor *m)
{
	ingest_close(m->ingest, ingest_closed, m);
}

void monitor_close(struct monitor *m, void (*closed)(void *ctx), void *ctx)
{
	m->closing = true;
	m->closed = closed;
	m->closed_ctx = ctx;
	if (m->options.keep) {
		/* The ring owns the tail's open segments as well: the decoder lets go. */
		struct segment **list;
		decoder_take(ingest_tail(m->ingest), &list);
		free(list);
	}
	uv_timer_stop(&m->rescan);
	if (!m->scan)
		close_ingest(m);
}

/* ---- inputs ---- */

static void add(struct monitor *m, struct source *s)
{
	ingest_add(m->ingest, s);
	m->changed = true;
	ingest_pump(m->ingest);
}

/* Unless it is one already. */
static void add_file(void *ctx, const char *path)
{
	struct monitor *m = ctx;
	size_t had = dict_count(m->known);

	dict_text_ref(m->known, str_of(path));
	if (dict_count(m->known) > had)
		add(m, source_file_new(path, m->options.follow));
}

static void report(struct monitor *m, const char *path, int error)
{
	char text[512];

	m->failed = true;
	snprintf(text, sizeof text, "cannot open '%s': %s", path, uv_strerror(error));
	if (m->events.error)
		m->events.error(m->events.ctx, text);
}

static void walk_failed(void *ctx, const char *path, int error)
{
	report(ctx, path, error);
}

/* ---- folders that fill ---- */

#define RESCAN_MS 5000

struct scan {
	uv_work_t work;
	struct monitor *monitor;
	char **dir;
	size_t dirs;
	struct buf found; /* paths, each with its NUL */
};

static void scan_found(void *ctx, const char *path)
{
	struct scan *s = ctx;

	buf_add(&s->found, path, strlen(path) + 1);
}

/* Trouble with a folder was said when it was added. */
static void scan_failed(void *ctx, const char *path, int error)
{
	(void)ctx;
	(void)path;
	(void)error;
}

static void scan_work(uv_work_t *w)
{
	struct scan *s = w->data;

	for (size_t i = 0; i < s->dirs; i++)
		source_dir_walk(s->dir[i], scan_found, scan_failed, s);
}

static void scan_done(uv_work_t *w, int status)
{
	struct scan *s = w->data;
	struct monitor *m = s->monitor;

	(void)status;
	m->scan = NULL;
	if (m->closing)
		close_ingest(m);
	for (size_t at = 0; !m->closing && at < s->found.n; at += strlen(s->found.s + at) + 1)
		add_file(m, s->found.s + at);
	buf_release(&s->found);
	free(s->dir);
	free(s);
}

static void on_rescan(uv_timer_t *t)
{
	struct monitor *m = t->data;
	struct scan *s;

	if (m->scan)
		return;
	s = m->scan = xcalloc(1, sizeof *s);
	s->monitor = m;
	s->dir = xmemdup(m->dir, m->dirs * sizeof *m->dir);
	s->dirs = m->dirs;
	s->work.data = s;
	uv_queue_work(m->loop, &s->work, scan_work, scan_done);
}

static void watch_dir(struct monitor *m, const char *path)
{
	xgrow((void **)&m->dir, &m->dir_cap, m->dirs + 1, sizeof *m->dir);
	m->dir[m->dirs++] = xstrndup(path, strlen(path));
	uv_timer_start(&m->rescan, on_rescan, RESCAN_MS, RESCAN_MS);
}

void monitor_add_path(struct monitor *m, const char *path)
{
	struct stat st;
	int fd;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		int error = source_dir_walk(path, add_file, walk_failed, m);
		if (error)
			report(m, path, error);
		m->changed = true;
		if (m->options.follow)
			watch_dir(m, path);
	} else if (stat(path, &st) == 0 && S_ISFIFO(st.st_mode)) {
		fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0)
			report(m, path, -errno);
		else
			add(m, source_pipe_new(path, fd, m->loop));
	} else {
		add_file(m, path);
	}
}

void monitor_add_stdin(struct monitor *m)
{
	uv_handle_type type = uv_guess_handle(0);

	if (type == UV_FILE)
		add(m, source_fd_new("-", dup(0), m->options.follow));
	else
		add(m, source_pipe_new("-", dup(0), m->loop));
}

void monitor_add_demo(struct monitor *m, uint64_t seed, unsigned flows_per_s, int64_t start_s)
{
	add(m, source_demo_new(seed, flows_per_s, start_s, m->options.follow));
}

void monitor_hold(struct monitor *m, bool hold)
{
	ingest_hold(m->ingest, hold);
}

/* ---- what there is to see ---- */

struct ring *monitor_ring(struct monitor *m)
{
	return m->ring;
}

struct dict *monitor_dict(struct monitor *m)
{
	return m->dict;
}

void monitor_charge(struct monitor *m, uint64_t bytes)
{
	m->charged = bytes;
	trim(m);
}

uint64_t monitor_bytes(const struct monitor *m)
{
	return ring_bytes(m->ring) + m->charged + ingest_bytes(m->ingest);
}

void monitor_counts(const struct monitor *m, struct input_counts *out)
{
	*out = (struct input_counts){ .future = m->future + ring_future(m->ring),
				      .evicted = ring_evicted(m->ring) };
	struct ingest_totals t;

	ingest_totals(m->ingest, &t);
	out->control = t.control;
	out->lines = t.counts.lines;
	out->flows = t.counts.flows;
	out->nodata = t.counts.nodata;
	out->skipdata = t.counts.skipdata;
	out->malformed = t.counts.malformed;
	out->headers = t.counts.headers;
}

size_t monitor_sources(const struct monitor *m)
{
	return ingest_sources(m->ingest);
}

void monitor_source(const struct monitor *m, size_t i, struct source_info *out)
{
	const struct source *s = ingest_source(m->ingest, i);

	*out = (struct source_info){
		.id = s->id,
		.name = s->name,
		.state = s->state,
		.error = s->error,
		.shape = strcmp(s->ops->kind, "demo") == 0 ? "demo"
			 : s->shape                        ? s->shape
							   : "?",
		.format = s->decode.format ? s->decode.format : s->decode.guess,
		.newest_s = s->newest_s,
		.counts = s->counts,
		.size = __atomic_load_n(&s->size, __ATOMIC_RELAXED),
		.read = __atomic_load_n(&s->read, __ATOMIC_RELAXED),
	};
}

const struct malformed_list *monitor_malformed(const struct monitor *m)
{
	return &m->malformed;
}

void monitor_progress(const struct monitor *m, uint64_t *done, uint64_t *total)
{
	struct ingest_totals t;

	ingest_totals(m->ingest, &t);
	*done = *total = 0;
	if (t.in_state[SOURCE_READING]) {
		*done = t.read;
		*total = t.size;
	}
}

bool monitor_is_live(const struct monitor *m)
{
	struct ingest_totals t;

	ingest_totals(m->ingest, &t);
	return t.in_state[SOURCE_READING] + t.in_state[SOURCE_FOLLOWING] +
		       t.in_state[SOURCE_WAITING] >
	       0;
}

bool monitor_failed(const struct monitor *m)
{
	return m->failed;
}
