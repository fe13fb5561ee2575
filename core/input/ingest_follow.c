/* ingest_follow.c - looks, once a second, at the sources that may have more to read; when
 * none has had any for a while, less often: who watches a log that stands still sleeps too.
 * Those that rest are looked at in turns: there may be very many. Those of which there is a hint
 * are looked at between. */
#include "input/ingest_state.h"

#include <stdlib.h>

#define TURN 2000     /* sources a second; with fewer than 20,000 each within ten seconds */
#define PLENTY 2500   /* bytes a millisecond */
#define LEAST_MS 100  /* over which they are measured */
#define QUIET_LOOKS 5 /* in a row that found nothing */
#define QUIET 4       /* times as long between two looks then */

struct check_job {
	struct ingest_job job;
	unsigned slot; /* in ingest->checking */
	struct source **source;
	bool *ready;
	size_t n, cap;
};

static void check_run(struct ingest_job *job)
{
	struct check_job *j = (struct check_job *)job;

	for (size_t i = 0; i < j->n; i++)
		j->ready[i] = j->source[i]->ops->check(j->source[i]);
}

static void check_ended(struct ingest_job *job)
{
	struct check_job *j = (struct check_job *)job;
	struct ingest *g = job->ingest;

	g->checking[j->slot] = false;
	/* Nobody may be there any more to be told. */
	for (size_t i = 0; i < j->n && !g->closing; i++) {
		struct source *s = j->source[i];
		s->intake->reading = false;
		source_adopt_name(s);
		if (s->moved)
			g->events.moved(g->events.ctx);
		s->moved = false;
		if (s->has_late)
			g->events.late(g->events.ctx, s);
		s->has_late = false;
		if (g->hurried && j->ready[i])
			source_begins_anew(s);
		if (j->ready[i] || s->ready) {
			source_is_ready(s);
			g->quiet_looks = 0;
		}
	}
	if (g->hurried && !g->closing)
		g->events.changed(g->events.ctx);
	free(j->source);
	free(j->ready);
	free(j);
}

/* A file system that does not answer stops no other: each has jobs of its own, one at a
 * time. */
static unsigned slot_of(struct ingest *g, uint64_t mount)
{
	for (unsigned i = 0; i < INGEST_MOUNTS; i++) {
		if (g->mount[i] == 0)
			g->mount[i] = mount;
		if (g->mount[i] == mount)
			return i;
	}
	return (unsigned)(mount % INGEST_MOUNTS);
}

/* One job at a time has a source. False: another one has it, or its file system. */
static bool look_at(struct check_job **checks, struct source *s, bool hinted)
{
	struct intake *in = s->intake;
	struct ingest *g = s->ingest;
	unsigned slot = slot_of(g, s->mount + 1);
	struct check_job *j = checks[slot];

	if (s->ready)
		return true;
	if (in->reading || g->checking[slot])
		return false;
	if (!j) {
		j = checks[slot] = xcalloc(1, sizeof *j);
		j->job = (struct ingest_job){ .ingest = g, .run = check_run, .ended = check_ended };
		j->slot = slot;
	}
	in->reading = true;
	s->hinted = hinted;
	xgrow((void **)&j->source, &j->cap, j->n + 1, sizeof *j->source);
	j->source[j->n++] = s;
	return true;
}

static void look_at_awake(struct ingest *g, struct check_job **checks)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->awakes; i++) {
		struct source *s = g->awake[i];
		struct intake *in = s->intake;
		in->awake = source_is_followed(s) && !s->resting;
		if (!in->awake)
			continue;
		g->awake[kept++] = s;
		look_at(checks, s, false);
	}
	g->awakes = kept;
}

/* Of these none is missed: what can't be looked at now is when the job that is on its way has
 * ended. */
static void look_at_hinted(struct ingest *g, struct check_job **checks)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->hints; i++) {
		struct source *s = g->hinted[i];
		s->intake->hinted = source_is_followed(s) && !look_at(checks, s, true);
		if (s->intake->hinted)
			g->hinted[kept++] = s;
	}
	g->hints = kept;
}

static unsigned looks_apart(const struct ingest *g)
{
	return g->quiet_looks < QUIET_LOOKS ? 1 : QUIET;
}

unsigned ingest_look_ms(const struct ingest *g)
{
	return g->look_ms * looks_apart(g);
}

static void look_at_resting(struct ingest *g, struct check_job **checks)
{
	size_t second = g->sources < TURN * 10 ? (g->sources + 9) / 10 : TURN;
	size_t looks = second * looks_apart(g);

	for (; looks; looks--) {
		struct source *s = g->source[g->turn++ % g->sources];
		if (s->resting && source_is_followed(s))
			look_at(checks, s, false);
	}
}

void ingest_look(struct ingest *g, bool hinted_only, struct ingest_job *jobs[INGEST_MOUNTS])
{
	struct check_job *checks[INGEST_MOUNTS] = { NULL };

	if (!hinted_only) {
		look_at_awake(g, checks);
		look_at_resting(g, checks);
		g->quiet_looks += g->quiet_looks < QUIET_LOOKS;
	}
	look_at_hinted(g, checks);
	for (unsigned i = 0; i < INGEST_MOUNTS; i++) {
		struct check_job *j = checks[i];
		jobs[i] = j ? &j->job : NULL;
		g->checking[i] |= j != NULL;
		if (j)
			j->ready = xcalloc(j->n, sizeof *j->ready);
	}
}

bool ingest_has_looked(const struct ingest *g)
{
	bool checking = false;

	for (unsigned i = 0; i < INGEST_MOUNTS; i++)
		checking |= g->checking[i];
	return !g->hints && !checking;
}

/* Much came lately: the looks of each second bring the rest. */
static bool has_plenty(const struct source *s)
{
	const struct ingest *g = s->ingest;

	return s->intake->plenty && uv_now(g->loop) - s->intake->read_ms < 2 * g->look_ms;
}

bool ingest_hint(struct source *s)
{
	struct intake *in = s->intake;
	struct ingest *g = s->ingest;

	if (!source_is_followed(s) || (has_plenty(s) && !g->hurried))
		return false;
	if (in->hinted)
		return true;
	in->hinted = true;
	xgrow((void **)&g->hinted, &g->hinted_cap, g->hints + 1, sizeof *g->hinted);
	g->hinted[g->hints++] = s;
	return true;
}

bool ingest_hint_all(struct ingest *g)
{
	bool any = false;

	for (size_t i = 0; i < g->awakes; i++)
		any |= ingest_hint(g->awake[i]);
	return any;
}

void ingest_measure(struct source *s, size_t bytes)
{
	struct intake *in = s->intake;
	uint64_t now = uv_now(s->ingest->loop), passed = now - in->since_ms;

	in->bytes = in->history ? 0 : in->bytes + bytes;
	in->read_ms = now;
	/* A look may be many reads, of which the last one brings little. */
	in->plenty = in->bytes > PLENTY * (passed > LEAST_MS ? passed : LEAST_MS) ||
		     (in->plenty && passed < LEAST_MS);
	if (passed < LEAST_MS)
		return;
	in->bytes = 0;
	in->since_ms = now;
}

void ingest_follow(struct source *s)
{
	struct intake *in = s->intake;
	struct ingest *g = s->ingest;

	if (!source_is_followed(s))
		return;
	g->quiet_looks = 0;
	if (!in->awake) {
		in->awake = true;
		xgrow((void **)&g->awake, &g->awake_cap, g->awakes + 1, sizeof *g->awake);
		g->awake[g->awakes++] = s;
	}
}
