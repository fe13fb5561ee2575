/* tuples.h - TUPLES: what is remembered of single conversations, by a keyed hash of who talked to
 * whom: when it was last so, and a few bits. Exact while there is room: what is older than twenty
 * minutes makes room, since rows that begin ten minutes ago may still come, then what is oldest;
 * nothing of the run at hand ever does. */
#ifndef ENITOP_TUPLES_H
#define ENITOP_TUPLES_H

#include "base/util.h"

#define TUPLES_S 600 /* log time for which one is remembered */

/* 16 B; three of four slots are used at most. */
struct tuple {
	uint64_t key;  /* 0: free */
	uint32_t time; /* epoch seconds; 0: none was given */
	uint32_t run : 24;
	uint32_t bits : 8; /* the caller's */
};

/* Zeroed but for `most`: none. */
struct tuples {
	struct tuple *slot;
	uint32_t slots, n;
	uint32_t most;     /* slots, a power of two */
	uint32_t newest;   /* time */
	uint32_t run : 24; /* the one at hand */
};

void tuples_release(struct tuples *t);
size_t tuples_bytes(const struct tuples *t);
/* Where a key is looked for first. Callers' keys are odd: the lowest bit tells nothing. */
static inline uint32_t tuples_home(const struct tuples *t, uint64_t key)
{
	return (uint32_t)(key >> 1) & (t->slots - 1);
}
/* One of that key will be looked for soon. */
static inline void tuples_fetch(const struct tuples *t, uint64_t key)
{
	if (t->slots)
		__builtin_prefetch(&t->slot[tuples_home(t, key)]);
}
/* NULL: it is not there. */
struct tuple *tuples_find(const struct tuples *t, uint64_t key);
/* Adds it to the run at hand, unless it is there and was so within the ten minutes before `time`. It
 * is valid until the next one is added. */
struct tuple *tuples_add(struct tuples *t, uint64_t key, uint32_t time);
/* The next run is at hand. */
static inline void tuples_next(struct tuples *t)
{
	t->run++;
}
/* It was so at `time`, in the run at hand. */
void tuples_see(struct tuples *t, struct tuple *at, uint32_t time);
/* Whether it was so in the run at hand, or within the ten minutes before `time`. */
bool tuples_holds(const struct tuples *t, const struct tuple *at, uint32_t time);

#endif
