/* ingest_ready.c - the line of the sources that have something to read. */
#include "input/ingest_state.h"

void source_is_ready(struct source *s)
{
	struct intake *in = s->intake;
	struct ingest *g = s->ingest;

	s->ready = true;
	if (in->queued || in->reading || s->state == SOURCE_FAILED)
		return;
	in->queued = true;
	g->unbegun += !in->begun;
	/* A source that was begun goes on first: few files are open at a time, and what is new
	 * at the end of a followed one does not wait for history. */
	if (in->begun) {
		in->next = g->ready;
		g->ready = s;
	} else {
		in->next = NULL;
		*(g->ready ? &g->ready_last->intake->next : &g->ready) = s;
	}
	if (!in->next)
		g->ready_last = s;
}

struct source *ingest_take_ready(struct ingest *g)
{
	struct source *s = g->ready;
	struct intake *in;

	if (!s)
		return NULL;
	in = s->intake;
	g->ready = in->next;
	g->unbegun -= !in->begun;
	in->queued = false;
	in->begun = true;
	return s;
}
