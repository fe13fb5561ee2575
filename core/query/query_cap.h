/* query_cap.h - what an accumulator keeps when there are more groups than it has room for: the
 * heaviest. Private to query*.c.
 *
 * When the room is nearly used up, a sweep drops the lightest third, a few groups with every
 * batch of rows. What it drops of the metric goes into a bucket by the hash of the group, and a
 * row that is folded out is taken off what its group has counted, or else off the bucket. So a
 * bucket is what all of its groups have, less what is counted of those that are held: none of
 * them misses more. Nor does one miss more than the heaviest that was dropped before it came
 * (back): `floor`, which is also the most that a group has which is not held. How many groups
 * there are is told by a sample of them, by hash, which is kept exactly. */
#ifndef ENITOP_QUERY_CAP_H
#define ENITOP_QUERY_CAP_H

#include "query/query_table.h"

struct cap {
	uint32_t most; /* groups there is room for; 0: any number */
	bool deferred; /* see accumulator_defer(): by so many groups there may be more */
	uint32_t over;
	enum metric metric;
	bool on;           /* some were dropped since the first row was folded in */
	uint64_t floor;    /* the most that a group has which is not held */
	uint64_t *missing; /* a group: 0 nothing, else what it may have missed when it came, + 1 */
	size_t missing_cap;
	uint64_t *bucket;
	uint32_t buckets; /* a power of two; 0: the metric is no sum */
	bool sweeping;
	uint32_t at;    /* groups below are still to be looked at */
	uint64_t under; /* those with no more are dropped */
	/* When a count anew would help: see accumulator_wants_recount(). */
	uint64_t folded, first_floor;
	uint64_t tried; /* groups there were when it was counted anew; 0: it was not */
	bool settled;
	/* The groups whose hash begins with `bits` zeroes, with all that they have. */
	struct key_table sampled;
	struct tally *tally;
	size_t tally_cap;
	unsigned bits;
};

struct accumulator;

/* Forgets every group, not the room. */
void cap_clear(struct cap *c);
/* The last group of the table is new; `from` takes the place of `to`. */
void cap_add(struct cap *c, const struct key_table *t);
void cap_move(struct cap *c, uint32_t to, uint32_t from);
/* Makes room for `more` groups; before they come, and before cap->on is looked at. */
void cap_make_room(struct accumulator *a, uint32_t more);
/* What of a group may be missing, in what groups are held for. */
uint64_t cap_missing(const struct accumulator *a, uint32_t group);
/* A row of a group that is not held is taken off; or what more there is of it than was counted
 * of its group. */
void cap_take(struct cap *c, uint32_t tag, uint64_t n);
/* Removes a group when nothing of it is left that would have to be kept. */
void cap_let_go(struct accumulator *a, uint32_t group);
void cap_sample_change(struct accumulator *a, uint32_t tag, const uint32_t *key,
		       const struct tally *by, uint64_t sign);
size_t cap_bytes(const struct cap *c);

static inline bool cap_samples(const struct cap *c, uint32_t tag)
{
	return c->bits == 0 || tag >> (32 - c->bits) == 0;
}

/* As tally_add, but of a group that may miss something: what is taken off may never have been
 * counted, and then the amount is 0. */
void cap_tally_add(struct tally *to, const struct tally *more, uint64_t sign);

#endif
