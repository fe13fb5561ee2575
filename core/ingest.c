/* ingest.c - see ingest.h. A read job pulls text out of one source up to a block, which
 * is cut at its last newline; ingest_block.c decodes it while the next is read. */
#include "ingest_state.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "job.h"

#define OPEN_MAX 128    /* with more sources than this no finished file stays open */
#define REST_SECONDS 10 /* resting sources are looked at in turns of so many seconds */

struct read_job {
	uv_work_t work;
	struct source *source;
	struct buf text;
	size_t size;
	ssize_t status; /* 0: dry; 1: the block is full; or what read said */
};

struct check_job {
	uv_work_t work;
	struct ingest *ingest;
	struct source **source;
	bool *ready;
	size_t n;
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
	envelope_release(&s->envelope);
	buf_release(&s->rest);
	free(s->name);
	free(s->error);
	free(s);
}

/* The last job or handle is gone: so are we. */
void ingest_finish_close(struct ingest *g)
{
	if (!g->closing || g->decoding || g->reading || g->checking || g->handles)
		return;
	ingest_blocks_free(g->waiting);
	ingest_blocks_free(g->decoded);
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
	ingest_finish_close(g);
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

/* ---- reading ---- */

/* Bytes of an envelope that may go by without filling a block. */
#define RAW_MAX (4u << 20)

/* Puts what was read behind the text through the envelope. */
static void open_envelope(struct envelope *e, struct buf *text, size_t got)
{
	struct str raw = { text->s + text->n, got };

	if (envelope_passes(e, raw)) {
		text->n += got;
		return;
	}
	char *copy = xmemdup(raw.s, raw.n);
	envelope_feed(e, (struct str){ copy, raw.n }, false, text);
	free(copy);
}

static void read_work(uv_work_t *w)
{
	struct read_job *j = w->data;
	struct source *s = j->source;
	size_t raw = 0;

	j->status = 1;
	while (j->text.n < j->size && raw < j->size + RAW_MAX) {
		buf_reserve(&j->text, j->size - j->text.n);
		ssize_t got = unwrap_read(&s->unwrap, j->text.s + j->text.n, j->size - j->text.n);
		if (got <= 0) {
			j->status = got;
			break;
		}
		raw += (size_t)got;
		open_envelope(&s->envelope, &j->text, (size_t)got);
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
		ingest_block_add(s, text, n);
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
	envelope_restart(&s->envelope);
	s->ready = true;
}

static void read_failed(struct source *s, int error)
{
	s->failed = true;
	s->state = SOURCE_FAILED;
	source_fault(s, "cannot %s '%s': %s", s->read ? "read" : "open", s->name,
		     error == -EOPNOTSUPP ? "not a file, a folder or a pipe" : uv_strerror(error));
}

/* Many sources: those that are read to their end give back what they can. */
static void rest(struct source *s)
{
	struct ingest *g = s->ingest;

	if (!s->ops->rest || s->ready || !unwrap_is_idle(&s->unwrap))
		return;
	if (!s->ops->rest(s, g->sources > OPEN_MAX))
		return;
	unwrap_release(&s->unwrap);
	s->resting = true;
}

static bool is_followed(const struct source *s)
{
	return s->ops->check && (s->state == SOURCE_FOLLOWING || s->state == SOURCE_WAITING);
}

static void check_start(uv_timer_t *timer);

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
	if (s->state == SOURCE_FOLLOWING || s->state == SOURCE_DONE)
		rest(s);
	if (is_followed(s) && !uv_is_active((uv_handle_t *)&s->ingest->timer))
		uv_timer_start(&s->ingest->timer, check_start, 1000, 1000);
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
	s->shape = s->envelope.seen ? s->envelope.seen : unwrap_shape(&s->unwrap);
	if (g->closing) {
		buf_release(&j->text);
		free(j);
		ingest_finish_close(g);
		return;
	}
	if (j->text.n && s->state != SOURCE_READING)
		s->state = s->caught_up ? SOURCE_FOLLOWING : SOURCE_READING;
	if (end == 0)
		ran_dry(s);
	else if (end < 0 && end != SOURCE_BREAK)
		read_failed(s, (int)end);
	else
		s->ready = true;
	bool over = end < 0 || s->state == SOURCE_DONE;
	if (over)
		envelope_feed(&s->envelope, (struct str){ "", 0 }, true, &j->text);
	s->control = s->envelope.control;
	deliver(s, j->text.s, j->text.n, over);
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
	s->resting = false;
	s->ingest->reading++;
	if (source_is_pipe(s))
		source_pipe_prepare(s);
	j->source = s;
	j->size = s->ingest->block_size + s->rest.n;
	buf_reserve(&j->text, j->size);
	buf_add_str(&j->text, buf_str(&s->rest));
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
		ingest_finish_close(g);
	else
		ingest_pump(g);
}

static bool is_due(const struct ingest *g, size_t i)
{
	const struct source *s = g->source[i];

	return is_followed(s) && !s->reading && !s->ready &&
	       (!s->resting || i % REST_SECONDS == g->ticks % REST_SECONDS);
}

static void check_start(uv_timer_t *timer)
{
	struct ingest *g = timer->data;
	struct check_job *j;

	if (g->checking)
		return;
	g->ticks++;
	j = xcalloc(1, sizeof *j);
	j->ingest = g;
	j->source = xmalloc(g->sources * sizeof *j->source);
	j->ready = xcalloc(g->sources, sizeof *j->ready);
	for (size_t i = 0; i < g->sources; i++)
		if (is_due(g, i)) {
			g->source[i]->reading = true; /* one job at a time has a source */
			j->source[j->n++] = g->source[i];
		}
	g->checking = true;
	j->work.data = j;
	uv_queue_work(g->loop, &j->work, check_work, check_done);
}

/* ---- scheduling ---- */

static ssize_t read_source(void *ctx, char *out, size_t n)
{
	struct source *s = ctx;

	return s->ops->read(s, out, n);
}

void ingest_add(struct ingest *g, struct source *s)
{
	s->ingest = g;
	s->id = (uint32_t)g->sources;
	s->newest_s = INT64_MIN;
	s->decode = (struct decode_state){ .format = g->format, .source = s->id };
	unwrap_init(&s->unwrap, read_source, s);
	xgrow((void **)&g->source, &g->cap, g->sources + 1, sizeof *g->source);
	g->source[g->sources++] = s;
}

static bool is_full(const struct ingest *g)
{
	return g->held || g->reading >= JOBS_READING || g->blocks >= job_cores() + 2;
}

/* Called after every job: with many sources it must not look at all of them. */
void ingest_pump(struct ingest *g)
{
	size_t first = g->turn;

	if (g->closing)
		return;
	ingest_blocks_submit(g);
	for (size_t i = 0; i < g->sources && !is_full(g); i++) {
		size_t at = (first + i) % g->sources;
		struct source *s = g->source[at];
		if (!s->ready || s->reading || s->state == SOURCE_FAILED)
			continue;
		read_start(s);
		g->turn = at + 1;
	}
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

bool ingest_caught_up(struct ingest *g)
{
	while (g->ended < g->sources) {
		const struct source *s = g->source[g->ended];
		bool ended = s->state == SOURCE_DONE || s->state == SOURCE_FAILED ||
			     (s->caught_up && is_followed(s));
		if (!ended)
			return false;
		g->ended++;
	}
	return g->blocks == 0;
}

uint64_t ingest_bytes(const struct ingest *g)
{
	return (uint64_t)(g->blocks + g->reading) * g->block_size;
}

struct decoder *ingest_tail(struct ingest *g)
{
	return g->tail;
}
