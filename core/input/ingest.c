/* ingest.c - see ingest.h. Every job begins and ends here. A read job (ingest_read.c) pulls text
 * out of one source up to a block, which is cut at its last newline; ingest_block.c decodes the
 * block while the next is read; ingest_follow.c looks for more. Nothing here goes over every
 * source but the end: there may be hundreds of thousands. */
#include "input/ingest_state.h"

#include <stdlib.h>

#include "base/job.h"

#define LINE_ROOM DECODE_LINE_MAX /* in a block's text, for the line that stood unfinished */
#define SOURCE_BYTES 2048         /* about what a source holds, whatever its state */

/* ---- life ---- */

struct ingest *ingest_new(uv_loop_t *loop, const struct ingest_events *events,
			  const struct ingest_options *o)
{
	struct ingest *g = xcalloc(1, sizeof *g);

	g->loop = loop;
	g->events = *events;
	g->block_size = o->block;
	g->look_ms = o->look_ms ? o->look_ms : 1000;
	g->texts.size = o->block + LINE_ROOM;
	g->format = o->format;
	g->wanted = o->wanted;
	g->memory = o->memory;
	g->since_s = o->since_s;
	g->until_s = o->until_s;
	g->identities = o->identities;
	g->tail = o->tail ? decoder_new() : NULL;
	g->waiting_end = &g->waiting;
	uv_timer_init(loop, &g->timer);
	g->timer.data = g;
	return g;
}

static void source_free(struct source *s)
{
	struct intake *in = s->intake;

	s->ops->free(s);
	ingest_stream_free(s);
	buf_release(&in->rest);
	buf_release(&in->torn);
	free(in->strange);
	identity_release(&in->place);
	source_parquet_release(s->ingest, in->parquet);
	format_book_release(&in->book);
	format_book_release(&in->shaped);
	free(in);
	free(s->name);
	free(s->new_name);
	free(s->note);
	source_notes_release(&s->notes);
	free(s->error);
	free(s);
}

/* The ingest goes with its last job and handle. */
static void finish_close(struct ingest *g)
{
	if (!g->closing || g->jobs || g->handles)
		return;
	ingest_blocks_free(g->waiting);
	ingest_blocks_free(g->decoded);
	for (size_t i = 0; i < g->sources; i++)
		source_free(g->source[i]);
	text_pool_clear(&g->texts);
	free(g->source);
	free(g->awake);
	free(g->hinted);
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

/* ---- sums ---- */

void ingest_totals(const struct ingest *g, struct ingest_totals *out)
{
	*out = g->totals;
	out->size = __atomic_load_n(&g->size, __ATOMIC_RELAXED);
	out->read = __atomic_load_n(&g->read, __ATOMIC_RELAXED);
}

/* ---- scheduling ---- */

static void job_run(uv_work_t *w)
{
	struct ingest_job *j = w->data;

	j->run(j);
}

static void job_ended(uv_work_t *w, int status)
{
	struct ingest_job *j = w->data;
	struct ingest *g = j->ingest;

	(void)status;
	g->jobs--;
	j->ended(j);
	if (g->closing)
		finish_close(g);
	else
		ingest_pump(g);
}

static void queue(struct ingest_job *j)
{
	j->work.data = j;
	j->ingest->jobs++;
	uv_queue_work(j->ingest->loop, &j->work, job_run, job_ended);
}

static void queue_looks(struct ingest *g, bool hinted_only)
{
	struct ingest_job *jobs[INGEST_MOUNTS];

	ingest_look(g, hinted_only, jobs);
	for (unsigned i = 0; i < INGEST_MOUNTS; i++)
		if (jobs[i])
			queue(jobs[i]);
}

static void look(uv_timer_t *timer)
{
	struct ingest *g = timer->data;

	queue_looks(g, false);
	uv_timer_start(timer, look, ingest_look_ms(g), 0);
}

/* From the first source on that is followed. */
static void start_looking(struct ingest *g)
{
	if (g->awakes && !uv_is_active((uv_handle_t *)&g->timer))
		uv_timer_start(&g->timer, look, ingest_look_ms(g), 0);
}

static bool is_full(const struct ingest *g)
{
	return g->held || g->reading >= JOBS_READING || g->blocks >= job_cores() + 2;
}

void ingest_pump(struct ingest *g)
{
	struct ingest_job *job;
	struct source *s;

	if (g->closing)
		return;
	if (!g->history && !g->totals.in_state[SOURCE_READING])
		text_pool_clear(&g->texts);
	start_looking(g);
	if (g->hints)
		queue_looks(g, true);
	for (;;) {
		while ((job = ingest_block_next(g)))
			queue(job);
		if (is_full(g) || !(s = ingest_take_ready(g)))
			break;
		if ((job = ingest_read(s)))
			queue(job);
	}
}

void ingest_add(struct ingest *g, struct source *s)
{
	s->ingest = g;
	s->id = (uint32_t)g->sources;
	source_notes_init(&s->notes);
	s->intake = xcalloc(1, sizeof *s->intake);
	s->intake->decode = (struct decode_state){ .format = g->format,
						   .source = s->id,
						   .book = &s->intake->book };
	s->intake->shaped.share = 2;
	xgrow((void **)&g->source, &g->cap, g->sources + 1, sizeof *g->source);
	g->source[g->sources++] = s;
	g->unended++;
	g->totals.in_state[s->state]++;
	__atomic_fetch_add(&g->size, s->size, __ATOMIC_RELAXED);
	if (s->ready)
		source_is_ready(s);
}

void ingest_add_read(struct ingest *g, struct source *s, bool follow)
{
	s->ready = false;
	s->resting = true;
	ingest_add(g, s);
	s->intake->caught_up = s->intake->read_again = true;
	source_progress(s, s->size, s->size);
	s->shape = "known"; /* from an earlier run */
	source_set_state(s, follow ? SOURCE_FOLLOWING : SOURCE_DONE);
	ingest_follow(s);
	start_looking(g);
}

void ingest_hold(struct ingest *g, bool hold)
{
	g->held = hold;
	if (!hold)
		ingest_pump(g);
}

size_t ingest_unbegun(const struct ingest *g)
{
	return g->unbegun;
}

size_t ingest_sources(const struct ingest *g)
{
	return g->sources;
}

struct source *ingest_source(const struct ingest *g, size_t i)
{
	return g->source[i];
}

bool ingest_is_read(const struct source *s)
{
	return s->intake->ended && s->intake->next_block == s->intake->next_link;
}

bool ingest_is_idle(const struct source *s)
{
	const struct intake *in = s->intake;

	return in->next_block == in->next_link && !in->reading && !in->queued;
}

bool ingest_has_history(const struct ingest *g)
{
	return g->history > 0;
}

void ingest_hurry(struct ingest *g)
{
	g->hurried = true;
	for (size_t i = 0; i < g->sources; i++) {
		struct source *s = g->source[i];
		if (!source_is_followed(s))
			continue;
		__atomic_store_n(&s->hurried, true, __ATOMIC_RELAXED);
		if (s->resting) {
			ingest_hint(s);
			continue;
		}
		source_begins_anew(s);
		source_is_ready(s);
	}
	ingest_pump(g);
}

bool ingest_caught_up(const struct ingest *g)
{
	return g->unended == 0 && g->blocks == 0 && (!g->hurried || ingest_has_looked(g));
}

uint64_t ingest_bytes(const struct ingest *g)
{
	return (uint64_t)(g->blocks + g->reading + g->texts.n) * g->block_size + g->piped +
	       g->sources * SOURCE_BYTES + __atomic_load_n(&g->parquet, __ATOMIC_RELAXED);
}

struct decoder *ingest_tail(struct ingest *g)
{
	return g->tail;
}
