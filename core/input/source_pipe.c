/* source_pipe.c - standard input or a FIFO: the loop learns of bytes and keeps a
 * bounded amount of them until a job unwraps them. A writer that is faster waits. */
#include <stdlib.h>
#include <string.h>

#include "input/ingest_state.h"
#include "input/source.h"

#define PENDING_BLOCKS 2u /* received at most before the writer waits */
#define PIECE (64u << 10)

struct pipe {
	uv_pipe_t handle;
	struct source *source;
	struct buf pending; /* received, not yet given to a job */
	struct buf job;     /* what the job reads from */
	size_t job_at;
	size_t held; /* bytes of the two, as the ingest counts them */
	bool ended, stopped, closed;
	int error; /* that ended it, negative; 0: none */
};

/* In a job. */
static ssize_t pipe_read(struct source *s, char *out, size_t n)
{
	struct pipe *p = s->impl;
	size_t left = p->job.n - p->job_at;

	n = n < left ? n : left;
	if (n)
		memcpy(out, p->job.s + p->job_at, n);
	p->job_at += n;
	source_progress(s, 0, s->read + n);
	return (ssize_t)n;
}

static void give_room(uv_handle_t *h, size_t size, uv_buf_t *buf)
{
	struct pipe *p = h->data;

	(void)size;
	buf_reserve(&p->pending, PIECE);
	*buf = uv_buf_init(p->pending.s + p->pending.n, PIECE);
}

static void count_held(struct pipe *p)
{
	size_t now = p->pending.cap + p->job.cap;

	p->source->ingest->piped += now - p->held;
	p->held = now;
}

static void received(uv_stream_t *h, ssize_t n, const uv_buf_t *buf)
{
	struct pipe *p = h->data;

	(void)buf;
	if (n > 0)
		p->pending.n += (size_t)n;
	else if (n < 0) {
		p->ended = true;
		p->error = n == UV_EOF ? 0 : (int)n;
	}
	count_held(p);
	if (p->pending.n + PIECE > PENDING_BLOCKS * p->source->ingest->block_size || p->ended) {
		uv_read_stop(h);
		p->stopped = true;
	}
	if (n != 0) {
		source_is_ready(p->source);
		ingest_pump(p->source->ingest);
	}
}

/* Hands over to the job what has come. */
static void pipe_prepare(struct source *s)
{
	struct pipe *p = s->impl;

	if (p->job_at == p->job.n) {
		struct buf empty = p->job;
		buf_clear(&empty);
		p->job = p->pending;
		p->pending = empty;
		p->job_at = 0;
	}
	s->input_ended = p->ended && p->pending.n == 0;
	if (p->stopped && !p->ended && !p->closed) {
		p->stopped = false;
		uv_read_start((uv_stream_t *)&p->handle, give_room, received);
	}
}

static enum source_state pipe_dry(struct source *s)
{
	struct pipe *p = s->impl;

	/* Only a job that knew of the end has read up to it. */
	if (p->pending.n || p->job_at < p->job.n || p->ended != s->input_ended)
		s->ready = true;
	else if (p->ended && p->error) {
		s->failed = true;
		source_fault(s, "cannot read '%s': %s", s->name, uv_strerror(p->error));
		return SOURCE_FAILED;
	} else if (p->ended)
		return SOURCE_DONE;
	return s->state;
}

static void on_closed(uv_handle_t *h)
{
	struct pipe *p = h->data;

	ingest_handle_closed(p->source->ingest);
}

static void pipe_close(struct source *s)
{
	struct pipe *p = s->impl;

	p->closed = true;
	ingest_handle_open(s->ingest);
	uv_close((uv_handle_t *)&p->handle, on_closed);
}

static void pipe_free(struct source *s)
{
	struct pipe *p = s->impl;

	buf_release(&p->pending);
	buf_release(&p->job);
	if (p->held)
		count_held(p);
	free(p);
}

static const struct source_ops pipe_ops = {
	.kind = "pipe",
	.prepare = pipe_prepare,
	.read = pipe_read,
	.dry = pipe_dry,
	.close = pipe_close,
	.free = pipe_free,
};

struct source *source_pipe_new(const char *name, int fd, uv_loop_t *loop)
{
	struct source *s = xcalloc(1, sizeof *s);
	struct pipe *p = xcalloc(1, sizeof *p);

	s->ops = &pipe_ops;
	s->impl = p;
	s->name = xstrndup(name, strlen(name));
	p->source = s;
	p->handle.data = p;
	uv_pipe_init(loop, &p->handle, 0);
	p->error = uv_pipe_open(&p->handle, fd);
	if (!p->error)
		p->error = uv_read_start((uv_stream_t *)&p->handle, give_room, received);
	p->ended = s->ready = p->error != 0;
	return s;
}
