/* crew.h - threads that lend a hand: one piece of work is done by all of them and by whoever
 * asks, who waits until the last is done. Unlike jobs of the pool (job.h) they wait in no
 * queue, so that a key is answered no later for them. */
#ifndef ENITOP_CREW_H
#define ENITOP_CREW_H

struct crew;

/* `workers` in all, 1 of them whoever asks. The threads are started when they are first
 * needed; with fewer than asked for it goes on with those there are. */
struct crew *crew_new(unsigned workers);
void crew_free(struct crew *c);
/* Runs work(ctx, 0) here and work(ctx, 1), work(ctx, 2).. in the threads, at the same time;
 * returns when all have. */
void crew_run(struct crew *c, void (*work)(void *ctx, unsigned worker), void *ctx);
/* For what they share while they work: it is nobody's but who has the lock. */
void crew_lock(struct crew *c);
void crew_unlock(struct crew *c);

#endif
