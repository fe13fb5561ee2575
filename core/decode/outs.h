/* outs.h - OUTS: what the interfaces of a source have let out, by keyed hashes of who talked to whom.
 * Of many few are ever asked for. So they are kept as they come, and those who ask do so together:
 * then all that is kept is read once. Kept is all of the run at hand and, of so many, what came
 * before it; of that ten minutes count. */
#ifndef ENITOP_OUTS_H
#define ENITOP_OUTS_H

#include "base/util.h"

#define OUTS_S 600 /* log time for which what went out before the run at hand is remembered */

/* Zeroed but for `most`: none. */
struct outs {
	uint64_t *key;       /* the i-th that came is at i % room */
	uint32_t *time;      /* epoch seconds; 0: none was given */
	uint32_t room, most; /* powers of two */
	uint64_t n;          /* came so far */
	uint64_t run;        /* of which are of earlier runs */
};

void outs_release(struct outs *o);
size_t outs_bytes(const struct outs *o);
/* These went out next: `n` <= `most`. Those of a run are no more than `most`. */
void outs_add(struct outs *o, const uint64_t *key, const uint32_t *time, uint32_t n);
/* The next run is at hand. */
static inline void outs_next(struct outs *o)
{
	o->run = o->n;
}

/* What is asked for at once. */
struct out_ask {
	uint64_t key;
	uint32_t time; /* when it went out last, before the run at hand */
	bool met, now; /* it did; it did in the run at hand */
};

struct out_asks {
	struct out_ask *ask;
	uint32_t n;
	size_t cap;
	uint32_t *slot; /* 1 + number of an ask; 0: free */
	uint32_t slots; /* a power of two, by the high bits of the key */
	size_t slot_cap;
	uint64_t *filter; /* bits of keys that are asked for; NULL: nothing was asked yet */
};

void out_asks_release(struct out_asks *a);
size_t out_asks_bytes(const struct out_asks *a);
void out_asks_clear(struct out_asks *a);
/* Asks for another one; the answers given before are void. */
void out_asks_add(struct out_asks *a, uint64_t key);
/* Answers all. */
void outs_answer(const struct outs *o, struct out_asks *a);
/* Whether what was asked for went out in the run at hand, or within the ten minutes before `time`. */
bool out_asks_hold(const struct out_asks *a, uint64_t key, uint32_t time);

#endif
