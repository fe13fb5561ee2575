/* ingest_follow.c - looks, once a second, at the sources that may have more to read; when
 * none has had any for a while, less often: who watches a log that stands still sleeps too.
 * Those that rest are looked at in turns: there may be very many. */
#include "input/ingest_state.h"

#include <stdlib.h>

#define TURN 2000 /* sources a second; with fewer than 20,000 each within ten seconds */
#define LOOK_MS 1000
#define QUIET_LOOKS 5 /* in a row that found nothing */
#define QUIET_MS 4000

struct check_job {
	uv_work_t work;
	struct ingest *ingest;
	unsigned slot; /* in g->checking */
	struct source **source;
	bool *ready;
	size_t n, cap;
};

bool ingest_is_followed(const struct source *s)
{
	return s->ops->check && (s->state == SOURCE_FOLLOWING || s->state == SOURCE_WAITING);
}

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
	g->checking[j->slot] = false;
	g->checks--;
	for (size_t i = 0; i < j->n; i++) {
		struct source *s = j->source[i];
		s->reading = false;
		ingest_adopt_name(s);
		if (s->moved)
			g->events.moved(g->events.ctx);
		s->moved = false;
		if (j->ready[i] || s->ready) {
			source_is_ready(s);
			g->quiet_looks = 0;
		}
	}
	free(j->source);
	free(j->ready);
	free(j);
	if (g->closing)
		ingest_finish_close(g);
	else
		ingest_pump(g);
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

/* One job at a time has a source. */
static void take(struct check_job **jobs, struct source *s)
{
	struct ingest *g = s->ingest;
	unsigned slot = slot_of(g, s->mount + 1);
	struct check_job *j = jobs[slot];

	if (s->reading || s->ready || g->checking[slot])
		return;
	if (!j) {
		j = jobs[slot] = xcalloc(1, sizeof *j);
		j->ingest = g;
		j->slot = slot;
	}
	s->reading = true;
	xgrow((void **)&j->source, &j->cap, j->n + 1, sizeof *j->source);
	j->source[j->n++] = s;
}

static void take_awake(struct ingest *g, struct check_job **jobs)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->awakes; i++) {
		struct source *s = g->awake[i];
		s->awake = ingest_is_followed(s) && !s->resting;
		if (!s->awake)
			continue;
		g->awake[kept++] = s;
		take(jobs, s);
	}
	g->awakes = kept;
}

static unsigned look_ms(const struct ingest *g)
{
	return g->quiet_looks < QUIET_LOOKS ? LOOK_MS : QUIET_MS;
}

static void take_resting(struct ingest *g, struct check_job **jobs)
{
	size_t second = g->sources < TURN * 10 ? (g->sources + 9) / 10 : TURN;
	size_t looks = second * look_ms(g) / LOOK_MS;

	for (; looks; looks--) {
		struct source *s = g->source[g->turn++ % g->sources];
		if (s->resting && ingest_is_followed(s))
			take(jobs, s);
	}
}

static void check_start(uv_timer_t *timer)
{
	struct ingest *g = timer->data;
	struct check_job *jobs[INGEST_MOUNTS] = { NULL };

	take_awake(g, jobs);
	take_resting(g, jobs);
	for (unsigned i = 0; i < INGEST_MOUNTS; i++) {
		struct check_job *j = jobs[i];
		if (!j)
			continue;
		j->ready = xcalloc(j->n, sizeof *j->ready);
		g->checking[i] = true;
		g->checks++;
		j->work.data = j;
		uv_queue_work(g->loop, &j->work, check_work, check_done);
	}
	g->quiet_looks += g->quiet_looks < QUIET_LOOKS;
	uv_timer_start(timer, check_start, look_ms(g), 0);
}

void ingest_follow(struct source *s)
{
	struct ingest *g = s->ingest;

	if (!ingest_is_followed(s))
		return;
	g->quiet_looks = 0;
	if (!s->awake) {
		s->awake = true;
		xgrow((void **)&g->awake, &g->awake_cap, g->awakes + 1, sizeof *g->awake);
		g->awake[g->awakes++] = s;
	}
	if (!uv_is_active((uv_handle_t *)&g->timer))
		uv_timer_start(&g->timer, check_start, LOOK_MS, 0);
}
