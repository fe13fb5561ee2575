/* crew.c - see crew.h. */
#include "base/crew.h"

#include <stdlib.h>
#include <uv.h>

#include "base/util.h"

struct hand {
	struct crew *crew;
	unsigned number;
	uv_thread_t thread;
	uv_sem_t begin;
};

struct crew {
	unsigned workers, started; /* started: how many have a thread */
	bool over;
	void (*work)(void *ctx, unsigned worker);
	void *ctx;
	uv_sem_t done;
	uv_mutex_t lock;
	struct hand hand[];
};

struct crew *crew_new(unsigned workers)
{
	struct crew *c = xcalloc(1, sizeof *c + workers * sizeof c->hand[0]);

	c->workers = workers ? workers : 1;
	c->started = 1;
	if (uv_sem_init(&c->done, 0) < 0 || uv_mutex_init(&c->lock) < 0)
		die("no memory for a semaphore");
	return c;
}

static void lend(void *arg)
{
	struct hand *h = arg;
	struct crew *c = h->crew;

	for (;;) {
		uv_sem_wait(&h->begin);
		if (c->over)
			return;
		c->work(c->ctx, h->number);
		uv_sem_post(&c->done);
	}
}

static void start(struct crew *c)
{
	for (; c->started < c->workers; c->started++) {
		struct hand *h = &c->hand[c->started];
		h->crew = c;
		h->number = c->started;
		if (uv_sem_init(&h->begin, 0) < 0)
			die("no memory for a semaphore");
		if (uv_thread_create(&h->thread, lend, h) < 0) {
			uv_sem_destroy(&h->begin);
			c->workers = c->started;
			return;
		}
	}
}

void crew_run(struct crew *c, void (*work)(void *ctx, unsigned worker), void *ctx)
{
	start(c);
	c->work = work;
	c->ctx = ctx;
	for (unsigned i = 1; i < c->started; i++)
		uv_sem_post(&c->hand[i].begin);
	work(ctx, 0);
	for (unsigned i = 1; i < c->started; i++)
		uv_sem_wait(&c->done);
}

void crew_lock(struct crew *c)
{
	uv_mutex_lock(&c->lock);
}

void crew_unlock(struct crew *c)
{
	uv_mutex_unlock(&c->lock);
}

void crew_free(struct crew *c)
{
	if (!c)
		return;
	c->over = true;
	for (unsigned i = 1; i < c->started; i++) {
		uv_sem_post(&c->hand[i].begin);
		uv_thread_join(&c->hand[i].thread);
		uv_sem_destroy(&c->hand[i].begin);
	}
	uv_sem_destroy(&c->done);
	uv_mutex_destroy(&c->lock);
	free(c);
}
