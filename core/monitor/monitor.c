/* monitor.c - see monitor.h. */
#include "monitor/monitor.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/job.h"
#include "monitor/monitor_state.h"

#define BLOCK_MAX ((size_t)4 << 20)
#define BLOCK_MIN ((size_t)256 << 10)
#define BLOCKS_MOST ((uint64_t)5 << 20)  /* of a report, whatever its budget */
#define PROGRAM_MOST ((uint64_t)7 << 20) /* measured: VmHWM of an empty log on screen */

/* ---- what the ingest brings ---- */

int64_t monitor_ceiling(const struct monitor *m)
{
	return m->options.now_s != INT64_MIN ? m->options.now_s : (int64_t)time(NULL) + 86400;
}

static void count_future(struct monitor *m, const struct segment *s)
{
	int64_t limit = monitor_ceiling(m);

	for (uint32_t row = 0; s->time_max > limit && row < s->rows; row++)
		m->future += segment_time(s, row) > limit;
}

/* What is held besides the ring, the consumers' part aside. */
static uint64_t other_bytes(const struct monitor *m)
{
	return ingest_bytes(m->ingest) + backlog_bytes(m->backlog) +
	       identities_bytes(m->identities) + ledger_bytes(m->ledger) +
	       labels_bytes(dict_labels(m->dict)) + monitor_sides_bytes(m) + formats_bytes();
}

/* What the program has resident before it reads a byte: code, libraries, the screen. */
static uint64_t program_bytes(const struct monitor *m)
{
	return m->options.memory / 4 < PROGRAM_MOST ? m->options.memory / 4 : PROGRAM_MOST;
}

uint64_t monitor_share(const struct monitor *m)
{
	uint64_t data = m->options.memory - program_bytes(m), blocks = data / 16 * 7;

	if (m->options.keep)
		return data / 5;
	/* A quarter is for what is on its way, and for holes. */
	return data - data / 4 - (blocks < BLOCKS_MOST ? blocks : BLOCKS_MOST);
}

/* What goes leaves holes, which malloc keeps: once in a while, where it comes to more than the
 * budget, they are given back. */
static void give_back(struct monitor *m)
{
	uint64_t gone = ring_evicted(m->ring) - m->evicted, change;
	size_t resident;

	change = m->charged > m->charged_then ? m->charged - m->charged_then
					      : m->charged_then - m->charged;
	if ((gone == 0 || gone < ring_flows(m->ring) / 32) && change < m->options.memory / 32)
		return;
	m->evicted += gone;
	m->charged_then = m->charged;
	if (uv_resident_set_memory(&resident) == 0 && resident > m->options.memory)
		job_trim();
}

/* What stands besides never takes more than an eighth from the ring. */
static void trim(struct monitor *m)
{
	uint64_t others = other_bytes(m), most = m->options.memory / 8;

	ring_trim(m->ring, program_bytes(m) + monitor_share(m) + (others < most ? others : most));
	give_back(m);
}

void monitor_take(struct monitor *m, struct segment *s)
{
	if (m->options.keep) {
		ring_set_ceiling(m->ring, monitor_ceiling(m));
		ring_add(m->ring, s);
		if (m->events.segment)
			m->events.segment(m->events.ctx, s);
		trim(m);
		return;
	}
	monitor_sides_clear(m, s);
	segment_publish(s, m->dict);
	count_future(m, s);
	m->events.segment(m->events.ctx, s);
}

static void on_segment(void *ctx, struct segment *s)
{
	monitor_sides_segment(ctx, s);
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

	monitor_sides_tail(m);
	ring_set_ceiling(m->ring, monitor_ceiling(m));
	for (size_t i = 0; i < n; i++)
		if (list[i]->serial == 0)
			ring_add(m->ring, list[i]);
		else
			ring_grown(m->ring, list[i]);
	release_sealed(tail);
	monitor_sides_told(m);
	trim(m);
}

static void on_evict(void *ctx, struct segment *s)
{
	struct monitor *m = ctx;

	if (m->evict)
		m->evict(m->evict_ctx, s);
	if (m->servers)
		servers_forget(m->servers, s);
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

static void on_rows(void *ctx, struct source *s, struct segment *seg, uint32_t first, uint32_t rows)
{
	struct monitor *m = ctx;

	monitor_sides_rows(m, s, seg, first, rows);
	ledger_rows(m->ledger, s, seg, first, rows, monitor_ceiling(m));
}

static void on_malformed(void *ctx, struct source *s, const struct malformed_list *bad,
			 uint64_t count, uint64_t line_offset)
{
	struct monitor *m = ctx;

	ledger_malformed(m->ledger, s, bad, count, line_offset, ring_now(m->ring));
}

static void on_noted(void *ctx, struct source *s)
{
	struct monitor *m = ctx;

	ledger_touch(m->ledger, s);
	m->changed = true;
}

/* Nothing may come behind the last of it. */
static void on_changed(void *ctx)
{
	struct monitor *m = ctx;

	m->changed = true;
	if (!m->closing)
		monitor_sides_look(m);
}

static void on_fault(void *ctx, struct source *s, const char *message)
{
	struct monitor *m = ctx;

	m->failed |= s->failed;
	on_noted(m, s);
	if (m->events.error)
		m->events.error(m->events.ctx, message);
}

static bool is_caught_up(const struct monitor *m)
{
	int64_t next_s;

	return !(m->first && m->again < ingest_sources(m->first->ingest)) &&
	       !backlog_is_looking(m->backlog) && !backlog_next_time(m->backlog, &next_s) &&
	       ingest_caught_up(m->ingest);
}

static void after_turn(uv_prepare_t *h)
{
	struct monitor *m = h->data;

	if (m->closing)
		return;
	monitor_sides_rest(m);
	if (!m->changed)
		return;
	m->changed = false;
	monitor_take_files(m);
	if (m->events.changed)
		m->events.changed(m->events.ctx);
	if (!m->caught_up && !m->closing && is_caught_up(m)) {
		m->caught_up = true;
		job_trim();
		if (m->events.caught_up)
			m->events.caught_up(m->events.ctx);
	}
}

/* ---- life ---- */

struct monitor *monitor_new(uv_loop_t *loop, const struct monitor_options *options,
			    const struct monitor_events *events)
{
	struct monitor *m = xcalloc(1, sizeof *m);
	struct ingest_events ie = { .ctx = m,
				    .segment = on_segment,
				    .tail = on_tail,
				    .rows = on_rows,
				    .malformed = on_malformed,
				    .changed = on_changed,
				    .moved = monitor_on_moved,
				    .gone = monitor_on_gone,
				    .late = monitor_on_late,
				    .fault = on_fault,
				    .noted = on_noted };
	struct backlog_options bo = { .follow = options->follow,
				      .look_ms = options->look_ms,
				      .newest_first = options->newest_first,
				      .follow_links = options->follow_links,
				      .since_s = options->since_s,
				      .until_s = options->until_s };
	struct backlog_events be = { .ctx = m,
				     .found = monitor_on_found,
				     .met_again = monitor_on_met_again,
				     .folder = monitor_on_folder,
				     .failed = monitor_report_path };
	size_t block = options->memory / 64 < BLOCK_MAX ? options->memory / 64 : BLOCK_MAX;
	struct ingest_options io = { .block = block < BLOCK_MIN ? BLOCK_MIN : block,
				     .look_ms = options->look_ms,
				     .memory = options->memory,
				     .since_s = options->since_s,
				     .until_s = options->until_s,
				     .tail = options->keep,
				     .format = options->format,
				     .wanted = options->keep ? NULL : options->wanted };

	m->loop = loop;
	m->options = *options;
	m->events = *events;
	m->first = options->first;
	m->dict = m->first ? m->first->dict : dict_new();
	if (!m->first)
		labels_new(m->dict);
	m->ring = ring_new(m->dict, options->memory);
	ring_on_evict(m->ring, on_evict, m);
	m->identities = io.identities = identities_new();
	io.wanted = monitor_sides_init(m, io.wanted);
	m->ingest = ingest_new(loop, &ie, &io);
	m->ledger = ledger_new();
	m->named = dict_new();
	m->stirring = dict_new();
	m->backlog = backlog_new(loop, &bo, &be);
	monitor_watch(m);
	uv_prepare_init(loop, &m->prepare);
	m->prepare.data = m;
	uv_prepare_start(&m->prepare, after_turn);
	uv_unref((uv_handle_t *)&m->prepare);
	return m;
}

static void part_closed(struct monitor *m)
{
	void (*closed)(void *) = m->closed;
	void *ctx = m->closed_ctx;

	if (--m->open_parts)
		return;
	if (!m->first)
		dict_retire(m->dict);
	ring_free(m->ring);
	if (!m->first) {
		labels_free(dict_labels(m->dict));
		dict_free(m->dict);
	}
	ledger_free(m->ledger);
	monitor_sides_free(m);
	dict_free(m->named);
	dict_free(m->stirring);
	free(m->stirred);
	identities_free(m->identities);
	free(m);
	if (closed)
		closed(ctx);
}

static void prepare_closed(uv_handle_t *h)
{
	part_closed(h->data);
}

static void user_closed(void *ctx)
{
	part_closed(ctx);
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
	m->open_parts = 3 + (m->state != NULL) + (m->watches != NULL);
	if (m->state)
		state_close(m->state, user_closed, m);
	ingest_close(m->ingest, user_closed, m);
	backlog_close(m->backlog, user_closed, m);
	if (m->watches)
		watches_close(m->watches, user_closed, m);
	uv_close((uv_handle_t *)&m->prepare, prepare_closed);
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

struct labels *monitor_labels(struct monitor *m)
{
	return dict_labels(m->dict);
}

void monitor_charge(struct monitor *m, uint64_t bytes)
{
	m->charged = bytes;
	give_back(m);
}

uint64_t monitor_bytes(const struct monitor *m)
{
	return program_bytes(m) + ring_bytes(m->ring) + m->charged + other_bytes(m);
}

void monitor_hurry(struct monitor *m)
{
	m->caught_up = false;
	m->changed = true;
	backlog_hurry(m->backlog);
	ingest_hurry(m->ingest);
}

void monitor_counts(const struct monitor *m, struct input_counts *out)
{
	struct backlog_counts folders;

	backlog_counts(m->backlog, &folders);
	*out = (struct input_counts){ .future = m->future + ring_future(m->ring),
				      .evicted = ring_evicted(m->ring),
				      .links_out = folders.links_out,
				      .unreadable = ledger_unreadable(m->ledger) };
	struct ingest_totals t;

	ingest_totals(m->ingest, &t);
	out->control = t.control;
	out->lines = t.counts.lines;
	out->flows = t.counts.flows;
	out->nodata = t.counts.nodata;
	out->skipdata = t.counts.skipdata;
	out->malformed = t.counts.malformed;
	out->undated = t.counts.undated;
	out->headers = t.counts.headers;
	out->partial = t.counts.partial;
	memcpy(out->lacking, t.lacking, sizeof out->lacking);
	out->lacking_sources = t.lacking_sources;
}

size_t monitor_sources(const struct monitor *m)
{
	return ingest_sources(m->ingest);
}

void monitor_source(const struct monitor *m, size_t i, struct source_info *out)
{
	source_info_of(ingest_source(m->ingest, i), out);
}

void monitor_source_sums(const struct monitor *m, struct source_sums *out)
{
	const struct source_order *order = ledger_order(m->ledger);
	struct ingest_totals t;

	ingest_totals(m->ingest, &t);
	*out = (struct source_sums){ .sources = ingest_sources(m->ingest),
				     .failed = source_order_count(order, TROUBLE_FAILED),
				     .warned = source_order_count(order, TROUBLE_WARNED) };
	memcpy(out->in_state, t.in_state, sizeof out->in_state);
}

size_t monitor_source_at(const struct monitor *m, size_t row)
{
	return source_order_at(ledger_order(m->ledger), row);
}

size_t monitor_source_row(const struct monitor *m, size_t i)
{
	return source_order_row(ledger_order(m->ledger), (uint32_t)i);
}

const struct malformed *monitor_malformed(const struct monitor *m, size_t i, size_t line)
{
	return malformed_book_get(ledger_book(m->ledger), (uint32_t)i, line);
}

const struct malformed *monitor_unreadable(const struct monitor *m, size_t i, size_t line)
{
	return malformed_book_get(ledger_unreadable_book(m->ledger), (uint32_t)i, line);
}

struct doubt monitor_doubts(const struct monitor *m, int64_t from, int64_t to)
{
	return doubts_in(ledger_doubts(m->ledger), from, to);
}

void monitor_progress(const struct monitor *m, uint64_t *done, uint64_t *total)
{
	bool coming = ingest_has_history(m->ingest); /* though all may have been read */
	struct ingest_totals t;
	struct backlog_counts waiting;

	ingest_totals(m->ingest, &t);
	*done = *total = 0;
	backlog_counts(m->backlog, &waiting);
	if (t.in_state[SOURCE_READING] || waiting.waiting || coming) {
		*done = t.read;
		*total = t.size + waiting.bytes;
	}
	if (*total && *done >= *total)
		*done = *total - 1; /* a job still has the last of it */
}

bool monitor_is_live(const struct monitor *m)
{
	struct ingest_totals t;
	struct backlog_counts folders;

	backlog_counts(m->backlog, &folders);
	ingest_totals(m->ingest, &t);
	return (m->options.follow && folders.folders) || t.in_state[SOURCE_READING] ||
	       t.in_state[SOURCE_FOLLOWING] || t.in_state[SOURCE_WAITING];
}

bool monitor_failed(const struct monitor *m)
{
	struct backlog_counts folders;
	struct ingest_totals t;

	ingest_totals(m->ingest, &t);
	backlog_counts(m->backlog, &folders);
	return m->failed || t.unrecognised || folders.links_out;
}

void monitor_folders(const struct monitor *m, struct backlog_counts *out)
{
	backlog_counts(m->backlog, out);
}
