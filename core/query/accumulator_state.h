/* accumulator_state.h - what accumulator.c and query_*.c know of an accumulator. Private to them. */
#ifndef ENITOP_ACCUMULATOR_STATE_H
#define ENITOP_ACCUMULATOR_STATE_H

#include "query/query_cap.h"
#include "query/query_distinct.h"
#include "query/query_huge.h"
#include "query/query_mark.h"
#include "query/query_part.h"
#include "query/query_peak.h"

struct accumulator {
	struct group group;
	bool unpriced; /* records' charges are not looked at */
	struct key_layout layout;
	struct dict *dict;
	unsigned shift;
	struct key_table table;
	/* by number of the group */
	struct tallies tally;
	struct peaks *peaks;
	struct tally *shown; /* what was read last: of a group, before the mark */
	struct seen *seen;   /* NULL unless keep_seen */
	size_t seen_cap;
	bool keep_seen;
	struct group counts;       /* what is counted; n 0: nothing */
	struct distinct *distinct; /* NULL: nothing is counted */
	uint32_t adopted;          /* groups with references of their own */
	struct tally total;
	struct key_set only; /* restriction of the leading parts */
	struct key_set last; /* and of the last ones */
	uint8_t mark;        /* that rows must have */
	bool refused;        /* see accumulator_sum_refused() */
	bool overlaps;       /* see accumulator_take_overlaps() */
	struct marked marked;
	struct cap cap;
	struct parted part;
	/* Sums of huge values, and those of them before the mark; NULL: none. */
	struct huge *huge, *huge_before;
};

/* A group for a key that has none yet, and its end: the last one takes its number. */
uint32_t group_add(struct accumulator *a, uint32_t tag, const uint32_t *key);
void group_remove(struct accumulator *a, uint32_t g);
/* Gives back what far fewer groups than there were don't need. */
void groups_fit(struct accumulator *a);
/* Gives back what is for no group that there is. */
void groups_fit_exactly(struct accumulator *a);
/* Forgets every row but for the part that is held. */
void accumulator_forget(struct accumulator *a);

static inline void seen_add(struct seen *to, struct seen more)
{
	to->first = more.first < to->first ? more.first : to->first;
	to->last = more.last > to->last ? more.last : to->last;
}

#endif
