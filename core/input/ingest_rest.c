/* ingest_rest.c - how much is held for sources that are read to their end. Those read last
 * stay open: a file that its writer renames or removes is then still read to its end. There
 * are not enough descriptors, nor memory for inflating, for every object of a bucket. */
#include "input/ingest_state.h"

#include <stdlib.h>

#define OPEN_MAX 120 /* files open at a time, besides those that jobs are opening */

void ingest_stream_free(struct source *s)
{
	if (!s->stream)
		return;
	unwrap_release(&s->stream->unwrap);
	envelope_release(&s->stream->envelope);
	buf_release(&s->stream->waiting);
	free(s->stream);
	s->stream = NULL;
}

static void unlink_open(struct source *s)
{
	struct ingest *g = s->ingest;

	if (!s->open)
		return;
	*(s->open_last ? &s->open_last->open_next : &g->open_first) = s->open_next;
	*(s->open_next ? &s->open_next->open_last : &g->open_last) = s->open_last;
	s->open_next = s->open_last = NULL;
	s->open = false;
	g->opens--;
}

void ingest_opened(struct source *s)
{
	struct ingest *g = s->ingest;

	if (!s->ops->rest)
		return;
	unlink_open(s);
	s->open_next = g->open_first;
	*(g->open_first ? &g->open_first->open_last : &g->open_last) = s;
	g->open_first = s;
	s->open = true;
	g->opens++;
}

/* What is in the middle of something keeps it, unless it can be read again from its
 * beginning when it has grown: inflating alone would hold 100 KiB for each. */
static void give_back_stream(struct source *s, bool crowded)
{
	if (!s->stream)
		return;
	if (unwrap_is_idle(&s->stream->unwrap)) {
		if (envelope_is_idle(&s->stream->envelope))
			ingest_stream_free(s);
		else
			unwrap_release(&s->stream->unwrap);
	} else if (s->state == SOURCE_DONE || s->state == SOURCE_FAILED) {
		ingest_stream_free(s);
	} else if (s->identify && s->ops->rewind) {
		if (!crowded)
			ingest_end_stream(s);
		ingest_stream_free(s);
		buf_release(&s->rest);
		s->read_again = true;
	}
}

/* Whether nothing is lost should it be removed while it rests. */
static bool may_rest(const struct source *s)
{
	struct stand stand;

	return !s->reading && !s->ready &&
	       (s->state == SOURCE_FAILED || !s->ops->stands || s->ops->stands(s, &stand));
}

static bool lay_down(struct source *s, bool crowded)
{
	if (!may_rest(s) || !s->ops->rest(s, crowded))
		return false;
	unlink_open(s);
	s->resting = true;
	identity_let_go(&s->place); /* its inode may be another file's when it is opened again */
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
		before = victim->open_last;
		lay_down(victim, true);
	}
}
