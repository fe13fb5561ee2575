/* ingest.c - see ingest.h. A read job pulls text out of one source up to a block; the
 * block, cut at its last newline, is decoded by another job while the next is read;
 * blocks are linked in the order they were cut. A block is decoded on the assumption
 * that no header before it changes the format; when one did, it is decoded again. */
#include "ingest.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "job.h"

#define TAIL_MAX (256u << 10) /* smaller pieces of a quiet source skip the pool */

struct block {
	uv_work_t work;
	struct ingest *ingest;
	struct source *source;
	uint64_t number;
	char *text;
	size_t n;
	struct decode_state before, after;
	struct decode_counts counts;
	struct malformed_list bad;
	struct segment **segment;
	size_t segments;
	bool decoded;
	struct block *next; /* in `waiting` or `decoded` */
};

struct read_job {
	uv_work_t work;
	struct source *source;
	char *text;
	size_t n, size;
	ssize_t status; /* 0: dry; 1: the block is full; or what read said */
};

struct check_job {
	uv_work_t work;
	struct ingest *ingest;
	struct source **source;
	bool *ready;
	size_t n;
};

struct ingest {
	uv_loop_t *loop;
	struct ingest_events events;
	size_t block_size;
	const struct format *format;
	struct decoder *tail; /* NULL: every block goes through the pool */
	struct source **source;
	size_t sources, cap, turn;
	uv_timer_t timer; /* once a second while something is followed */
	struct block *waiting, **waiting_end;
	struct block *decoded; /* finished, not linked */
	unsigned blocks, decoding, reading, handles;
	bool held, closing, checking;
	void (*closed)(void *ctx);
	void *closed_ctx;
};

/* ---- life ---- */

struct ingest *ingest_new(uv_loop_t *loop, const struct ingest_events *events, size_t block,
			  bool tail, const struct format *format)
{
	struct ingest *g = xcalloc(1, sizeof *g);

	g->loop = loop;
	g->events = *events;
	g->block_size = block;
	g->format = format;
	g->tail = tail ? decoder_new() : NULL;
	g->waiting_end = &g->waiting;
	uv_timer_init(loop, &g->timer);
	g->timer.data = g;
	return g;
}

static void source_free(struct source *s)
{
	s->ops->free(s);
	unwrap_release(&s->unwrap);
	buf_release(&s->rest);
	free(s->name);
	free(s->error);
	free(s);
}

static void block_free(struct block *b)
{
	for (size_t i = 0; i < b->segments; i++)
		segment_free(b->segment[i], NULL);
	free(b->segment);
	malformed_list_release(&b->bad);
	free(b->text);
	free(b);
}

static void free_list(struct block *b)
{
	while (b) {
		struct block *next = b->next;
		block_free(b);
		b = next;
	}
}

/* The last job or handle is gone: so are we. */
static void finish_close(struct ingest *g)
{
	if (!g->closing || g->decoding || g->reading || g->checking || g->handles)
		return;
	free_list(g->waiting);
	free_list(g->decoded);
	for (size_t i = 0; i < g->sources; i++)
		source_free(g->source[i]);
	free(g->source);
	decoder_free(g->tail);
	void (*closed)(void *) = g->closed;
	void *ctx = g->closed_ctx;
	free(g);
	closed(ctx);
}

void ingest_handle_open(struct ingest *g)
{
	g->handles++;
}

void ingest_handle_closed(struct ingest *g)
{
	g->handles--;
	finish_close(g);
}

static void timer_closed(uv_handle_t *h)
{
	ingest_handle_closed(h->data);
}

void ingest_close(struct ingest *g, void (*closed)(void *ctx), void *ctx)
{
	g->closing = true;
	g->closed = closed;
	g->closed_ctx = ctx;
	ingest_handle_open(g);
	for (size_t i = 0; i < g->sources; i++)
		if (g->source[i]->ops->close)
			g->source[i]->ops->close(g->source[i]);
	uv_close((uv_handle_t *)&g->timer, timer_closed);
}

/* ---- faults ---- */

void source_fault(struct source *s, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	if (s->error && strcmp(s->error, text) == 0)
		return; /* said already */
	free(s->error);
	s->error = xstrndup(text, strlen(text));
	s->ingest->events.fault(s->ingest->events.ctx, s, text);
}

/* ---- linking ---- */

static void link_segments(struct ingest *g, struct source *s, struct block *b)
{
	for (size_t i = 0; i < b->segments; i++) {
		struct segment *seg = b->segment[i];
		seg->line += s->decode.line;
		if (seg->time_max > s->newest_s)
			s->newest_s = seg->time_max;
		g->events.segment(g->events.ctx, seg);
	}
	b->segments = 0;
}

/* Puts a decoded block behind its predecessor. False when it must be decoded again. */
static bool link_block(struct ingest *g, struct block *b)
{
	struct source *s = b->source;

	if (b->before.format != s->decode.format) {
		for (size_t i = 0; i < b->segments; i++)
			segment_free(b->segment[i], NULL);
		b->segments = 0;
		malformed_list_release(&b->bad);
		b->counts = (struct decode_counts){ 0 };
		b->before.format = s->decode.format;
		b->decoded = false;
		b->next = g->waiting; /* it is the next in line */
		if (!g->waiting)
			g->waiting_end = &b->next;
		g->waiting = b;
		return false;
	}
	link_segments(g, s, b);
	if (b->bad.n)
		g->events.malformed(g->events.ctx, &b->bad, s->decode.line);
	decode_counts_add(&s->counts, &b->counts);
	s->decode.format = b->after.format;
	s->decode.guess = b->after.guess ? b->after.guess : s->decode.guess;
	s->decode.started = true;
	s->decode.line += b->after.line;
	s->next_link++;
	g->blocks--;
	block_free(b);
	return true;
}

static void link_ready(struct ingest *g)
{
	for (struct block **at = &g->decoded; *at;) {
		struct block *b = *at;
		if (b->number != b->source->next_link) {
			at = &b->next;
			continue;
		}
		*at = b->next;
		bool linked = link_block(g, b);
		at = &g->decoded; /* its successor may stand before it */
		if (!linked)
			break;
	}
	g->events.changed(g->events.ctx);
}

/* ---- decoding ---- */

static void decode_work(uv_work_t *w)
{
	struct block *b = (struct block *)w->data;
	struct decoder *d = decoder_new();

	b->after = b->before;
	b->after.line = 0;
	decoder_feed(d, &b->after, (struct str){ b->text, b->n }, &b->counts, &b->bad);
	b->segments = decoder_take(d, &b->segment);
	decoder_free(d);
}

static void decode_done(uv_work_t *w, int status)
{
	struct block *b = w->data;
	struct ingest *g = b->ingest;

	(void)status;
	g->decoding--;
	b->decoded = true;
	b->next = g->decoded;
	g->decoded = b;
	if (g->closing) {
		finish_close(g);
		return;
	}
	link_ready(g);
	ingest_pump(g);
}

static void submit(struct block *b)
{
	b->ingest->decoding++;
	b->work.data = b;
	free(b->segment);
	b->segment = NULL;
	uv_queue_work(b->ingest->loop, &b->work, decode_work, decode_done);
}

static void submit_waiting(struct ingest *g)
{
	while (g->waiting && g->decoding < job_cores()) {
		struct block *b = g->waiting;
		g->waiting = b->next;
		if (!g->waiting)
			g->waiting_end = &g->waiting;
		b->next = NULL;
		submit(b);
	}
}

/* A little text of a source that has nothing on its way: straight into the segments
 * that grow at the end of the ring. */
static void decode_tail(struct ingest *g, struct source *s, struct str text)
{
	struct decode_counts counts = { 0 };
	struct malformed_list bad = { 0 };
	struct segment *const *list;

	decoder_feed(g->tail, &s->decode, text, &counts, &bad);
	decode_counts_add(&s->counts, &counts);
	if (bad.n)
		g->events.malformed(g->events.ctx, &bad, 0);
	malformed_list_release(&bad);
	for (size_t n = decoder_segments(g->tail, &list), i = 0; i < n; i++)
		if (list[i]->source == s->id && list[i]->time_max > s->newest_s)
			s->newest_s = list[i]->time_max;
	g->events.tail(g->events.ctx, g->tail);
	g->events.changed(g->events.ctx);
}

/* Takes `text`. */
static void block_add(struct source *s, char *text, size_t n)
{
	struct ingest *g = s->ingest;
	struct block *b;

	if (g->tail && n <= TAIL_MAX && s->next_block == s->next_link) {
		decode_tail(g, s, (struct str){ text, n });
		free(text);
		return;
	}
	b = xcalloc(1, sizeof *b);
	b->ingest = g;
	b->source = s;
	b->number = s->next_block++;
	b->text = text;
	b->n = n;
	b->before = s->decode;
	b->before.started = s->decode.started || b->number > 0;
	g->blocks++;
	*g->waiting_end = b;
	g->waiting_end = &b->next;
}

/* ---- reading ---- */

static void read_work(uv_work_t *w)
{
	struct read_job *j = w->data;

	j->status = 1;
	while (j->n < j->size) {
		ssize_t got = unwrap_read(&j->source->unwrap, j->text + j->n, j->size - j->n);
		if (got <= 0) {
			j->status = got;
			break;
		}
		j->n += (size_t)got;
	}
}

/* Of a line that is too long only the beginning goes on, to be counted once. */
static void cut_long_line(struct source *s, char **text, size_t *n)
{
	char *newline = *n ? memchr(*text, '\n', *n) : NULL;

	if (s->skipping) {
		size_t drop = newline ? (size_t)(newline - *text) + 1 : *n;
		memmove(*text, *text + drop, *n - drop);
		*n -= drop;
		s->skipping = newline == NULL;
		newline = *n ? memrchr(*text, '\n', *n) : NULL;
	}
	if (!newline && *n > DECODE_LINE_MAX + 1) {
		*n = DECODE_LINE_MAX + 1;
		(*text)[(*n)++] = '\n';
		s->skipping = true;
	}
}

/* Cuts what was read at its last newline; the rest waits, unless this is the end.
 * Takes `text`. */
static void deliver(struct source *s, char *text, size_t n, bool whole)
{
	cut_long_line(s, &text, &n);
	if (!whole && n) {
		char *newline = memrchr(text, '\n', n);
		size_t keep = newline ? (size_t)(newline - text) + 1 : 0;
		buf_add(&s->rest, text + keep, n - keep);
		n = keep;
	}
	if (n)
		block_add(s, text, n);
	else
		free(text);
}

/* The stream behind `unwrap` is over: its faults are told, the next begins afresh. */
static void end_stream(struct source *s)
{
	if (!s->unwrap.fault && unwrap_is_partial(&s->unwrap))
		s->unwrap.fault = "truncated gzip";
	if (s->unwrap.fault) {
		s->failed = true;
		source_fault(s, "'%s': %s", s->name, s->unwrap.fault);
	}
	s->skipping = false;
}

static void next_stream(struct source *s)
{
	end_stream(s);
	unwrap_release(&s->unwrap);
	s->ready = true;
}

static void read_failed(struct source *s, int error)
{
	s->failed = true;
	s->state = SOURCE_FAILED;
	source_fault(s, "cannot %s '%s': %s", s->read ? "read" : "open", s->name,
		     error == -EOPNOTSUPP ? "not a file, a folder or a pipe" : uv_strerror(error));
}

static void ran_dry(struct source *s)
{
	enum source_state before = s->state;

	s->ops->dry(s);
	if (s->unwrap.fault && !s->error)
		end_stream(s);
	if (s->state == SOURCE_DONE && before != SOURCE_DONE)
		end_stream(s);
	if (s->state == SOURCE_WAITING && before == SOURCE_READING)
		source_fault(s, "cannot open '%s': %s", s->name, uv_strerror(UV_ENOENT));
	if (!s->ready)
		s->caught_up = true;
}

static void read_done(uv_work_t *w, int status)
{
	struct read_job *j = w->data;
	struct source *s = j->source;
	struct ingest *g = s->ingest;
	ssize_t end = j->status;

	(void)status;
	g->reading--;
	s->reading = false;
	s->shape = unwrap_shape(&s->unwrap);
	if (g->closing) {
		free(j->text);
		free(j);
		finish_close(g);
		return;
	}
	if (j->n && s->state != SOURCE_READING)
		s->state = s->caught_up ? SOURCE_FOLLOWING : SOURCE_READING;
	if (end == 0)
		ran_dry(s);
	else if (end < 0 && end != SOURCE_BREAK)
		read_failed(s, (int)end);
	else
		s->ready = true;
	bool over = end < 0 || s->state == SOURCE_DONE;
	deliver(s, j->text, j->n, over);
	free(j);
	if (end == SOURCE_BREAK) {
		next_stream(s);
		s->state = SOURCE_FOLLOWING;
	}
	g->events.changed(g->events.ctx);
	ingest_pump(g);
}

static void read_start(struct source *s)
{
	struct read_job *j = xcalloc(1, sizeof *j);

	s->ready = false;
	s->reading = true;
	s->ingest->reading++;
	if (source_is_pipe(s))
		source_pipe_prepare(s);
	j->source = s;
	j->size = s->ingest->block_size + s->rest.n;
	j->text = xmalloc(j->size + 1); /* room for the newline of a cut line */
	if (s->rest.n)
		memcpy(j->text, s->rest.s, s->rest.n);
	j->n = s->rest.n;
	buf_clear(&s->rest);
	j->work.data = j;
	uv_queue_work(s->ingest->loop, &j->work, read_work, read_done);
}

/* ---- following ---- */

static void check_work(uv_work_t *w)
{
	struct check_job *j = w->data;

	for (size_t i = 0; i < j->n; i++)
		j->ready[i] = j->source[i]->ops->check(j->source[i]);
}

static void check_done(uv_work_t *w, int status)
{
	struct check_job *j = w->data;
	struct ingest *g = j->ingest;

	(void)status;
	g->checking = false;
	for (size_t i = 0; i < j->n; i++) {
		j->source[i]->reading = false;
		j->source[i]->ready |= j->ready[i];
	}
	free(j->source);
	free(j->ready);
	free(j);
	if (g->closing)
		finish_close(g);
	else
		ingest_pump(g);
}

static bool is_followed(const struct source *s)
{
	return s->ops->check && (s->state == SOURCE_FOLLOWING || s->state == SOURCE_WAITING);
}

static void check_start(uv_timer_t *timer)
{
	struct ingest *g = timer->data;
	struct check_job *j;

	if (g->checking)
		return;
	j = xcalloc(1, sizeof *j);
	j->ingest = g;
	j->source = xmalloc(g->sources * sizeof *j->source);
	j->ready = xcalloc(g->sources, sizeof *j->ready);
	for (size_t i = 0; i < g->sources; i++)
		if (is_followed(g->source[i]) && !g->source[i]->reading && !g->source[i]->ready) {
			g->source[i]->reading = true; /* one job at a time has a source */
			j->source[j->n++] = g->source[i];
		}
	g->checking = true;
	j->work.data = j;
	uv_queue_work(g->loop, &j->work, check_work, check_done);
}

/* ---- scheduling ---- */

void ingest_add(struct ingest *g, struct source *s)
{
	s->ingest = g;
	s->id = (uint32_t)g->sources;
	s->newest_s = INT64_MIN;
	s->decode = (struct decode_state){ .format = g->format, .source = s->id };
	unwrap_init(&s->unwrap, (unwrap_reader *)s->ops->read, s);
	xgrow((void **)&g->source, &g->cap, g->sources + 1, sizeof *g->source);
	g->source[g->sources++] = s;
}

void ingest_pump(struct ingest *g)
{
	bool follows = false;

	if (g->closing)
		return;
	submit_waiting(g);
	for (size_t i = 0; i < g->sources; i++) {
		struct source *s = g->source[(g->turn + i) % g->sources];
		follows |= is_followed(s);
		if (!s->ready || s->reading || s->state == SOURCE_FAILED || g->held ||
		    g->reading >= JOBS_READING || g->blocks >= job_cores() + 2)
			continue;
		read_start(s);
		g->turn = (g->turn + i + 1) % g->sources;
	}
	if (follows && !uv_is_active((uv_handle_t *)&g->timer))
		uv_timer_start(&g->timer, check_start, 1000, 1000);
}

void ingest_hold(struct ingest *g, bool hold)
{
	g->held = hold;
	if (!hold)
		ingest_pump(g);
}

size_t ingest_sources(const struct ingest *g)
{
	return g->sources;
}

struct source *ingest_source(const struct ingest *g, size_t i)
{
	return g->source[i];
}

bool ingest_caught_up(const struct ingest *g)
{
	if (g->blocks)
		return false;
	for (size_t i = 0; i < g->sources; i++) {
		const struct source *s = g->source[i];
		bool ended = s->state == SOURCE_DONE || s->state == SOURCE_FAILED ||
			     (s->caught_up && is_followed(s));
		if (!ended)
			return false;
	}
	return true;
}

uint64_t ingest_bytes(const struct ingest *g)
{
	return (uint64_t)(g->blocks + g->reading) * g->block_size;
}

struct decoder *ingest_tail(struct ingest *g)
{
	return g->tail;
}
