/* ingest_rest.c - how much is held for sources: the end of a stream, and what a source gives back
 * when all of it is read. The files that were read last stay open: one that its writer renames or
 * removes is then still read to its end. There are not enough descriptors, nor memory for
 * inflating, for every object of a bucket. */
#include "input/ingest_state.h"

#include <inttypes.h>
#include <stdlib.h>

#define OPEN_MAX 120 /* files open at a time, besides those that jobs are opening */

/* ---- streams ---- */

/* What a writer leaves behind whose file was truncated under it: nothing is lost. */
static void tell_nuls(struct source *s, struct unwrap *u)
{
	struct intake *in = s->intake;
	struct ingest *g = s->ingest;
	struct buf b = { 0 };

	in->nuls += u->nuls;
	u->nuls = 0;
	ingest_make_note(s);
	buf_printf(&b, "'%s': left out %" PRIu64 " NUL %s before its text", s->name, in->nuls,
		   plural(in->nuls, "byte", "bytes"));
	g->events.fault(g->events.ctx, s, b.s);
	buf_release(&b);
}

void ingest_tell_faults(struct source *s)
{
	struct unwrap *u = &s->intake->stream->unwrap;
	const char *fault = unwrap_fault(u);

	if (u->nuls && u->judged)
		tell_nuls(s, u);
	s->failed |= fault != NULL;
	if (fault)
		source_fault(s, "'%s': %s", s->name, fault);
}

void ingest_end_stream(struct source *s)
{
	unwrap_cut(&s->intake->stream->unwrap);
	ingest_tell_faults(s);
}

void ingest_stream_free(struct source *s)
{
	struct intake *in = s->intake;

	if (!in->stream)
		return;
	unwrap_release(&in->stream->unwrap);
	envelope_release(&in->stream->envelope);
	buf_release(&in->stream->waiting);
	free(in->stream);
	in->stream = NULL;
}

/* ---- open files ---- */

static void unlink_open(struct source *s)
{
	struct intake *in = s->intake;
	struct ingest *g = s->ingest;

	if (!in->open)
		return;
	*(in->open_last ? &in->open_last->intake->open_next : &g->open_first) = in->open_next;
	*(in->open_next ? &in->open_next->intake->open_last : &g->open_last) = in->open_last;
	in->open_next = in->open_last = NULL;
	in->open = false;
	g->opens--;
}

void ingest_opened(struct source *s)
{
	struct intake *in = s->intake;
	struct ingest *g = s->ingest;

	if (!s->ops->rest)
		return;
	unlink_open(s);
	in->open_next = g->open_first;
	*(g->open_first ? &g->open_first->intake->open_last : &g->open_last) = s;
	g->open_first = s;
	in->open = true;
	g->opens++;
}

/* A source in the middle of something keeps its stream, unless it can be read again from its
 * beginning when it has grown: inflating alone would hold 100 KiB for each. */
static void give_back_stream(struct source *s, bool crowded)
{
	struct intake *in = s->intake;

	if (!in->stream)
		return;
	if (unwrap_is_idle(&in->stream->unwrap)) {
		if (envelope_is_idle(&in->stream->envelope))
			ingest_stream_free(s);
		else
			unwrap_release(&in->stream->unwrap);
	} else if (s->state == SOURCE_DONE || s->state == SOURCE_FAILED) {
		ingest_stream_free(s);
	} else if (s->identify && s->ops->rewind) {
		if (!crowded)
			ingest_end_stream(s);
		ingest_stream_free(s);
		buf_release(&in->rest);
		in->read_again = true;
	}
}

/* Whether nothing is lost should it be removed while it rests. */
static bool may_rest(const struct source *s)
{
	struct stand stand;

	return !s->intake->reading && !s->ready &&
	       (s->state == SOURCE_FAILED || !s->ops->stands || s->ops->stands(s, &stand));
}

static bool lay_down(struct source *s, bool crowded)
{
	if (!may_rest(s) || !s->ops->rest(s, crowded))
		return false;
	unlink_open(s);
	s->resting = true;
	identity_let_go(
		&s->intake->place); /* its inode may be another file's when it is opened again */
	give_back_stream(s, crowded);
	return true;
}

void ingest_rest(struct source *s)
{
	struct ingest *g = s->ingest;
	struct source *victim, *before;

	if (!s->ops->rest)
		return;
	if (!lay_down(s, s->state == SOURCE_FAILED) && s->state != SOURCE_READING &&
	    s->state != SOURCE_FOLLOWING)
		unlink_open(s);
	for (victim = g->open_last; victim && g->opens > OPEN_MAX; victim = before) {
		before = victim->intake->open_last;
		lay_down(victim, true);
	}
}
