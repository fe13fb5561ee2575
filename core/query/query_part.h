/* query_part.h - an accumulator that holds some of the groups at a time, by a hash of what their
 * keys say (key_place): those that had no room come when all rows are folded in again. So what it
 * says of each is exact. Private to query*.c.
 *
 * The part that is held begins behind the last one and ends where there was no more room: whenever
 * there is none, its upper half is given up. Distinct values are counted in parts of their own:
 * while a part of the groups is held, one part of their values after the other. */
#ifndef ENITOP_QUERY_PART_H
#define ENITOP_QUERY_PART_H

#include "query/query_table.h"

/* A set of places, of which none is 0: in slots from their lower bits on; 0: empty. */
struct place_set {
	uint32_t mask; /* slots - 1 */
	uint32_t slot[];
};

static inline bool place_set_has(const struct place_set *s, uint32_t place)
{
	uint32_t at = place & s->mask;

	while (s->slot[at] && s->slot[at] != place)
		at = (at + 1) & s->mask;
	return s->slot[at] == place;
}

/* Places first..last. */
struct place_range {
	bool on; /* not all places are in it */
	uint32_t first, last;
	const struct place_set *only; /* of those; NULL: all */
};

struct parted {
	struct place_range groups;
	uint32_t width; /* of the last part but one, in places */
	bool summed;    /* the sums over all groups are there */
	bool tallied;   /* the groups of this part are, too: what is left are values */
	bool off;       /* nothing is folded in any more, or not yet */
	/* Groups that were taken, and those that are spoken for: see accumulator_take(). */
	uint64_t taken, all; /* all: in all parts, when those were gone through last */
	bool speaks;
	uint64_t count, ranked, distinct;
	uint32_t *values; /* of each group, where they were counted elsewhere; NULL */
	size_t values_cap;
};

static inline bool part_holds(const struct place_range *p, uint32_t place)
{
	return !p->on || (place >= p->first && place <= p->last &&
			  (!p->only || place_set_has(p->only, place)));
}

/* Gives up the upper half; false: there is none. */
bool part_halve(struct place_range *p);
/* What comes behind it, as wide times `num` / `den`; false: there is nothing. */
bool part_go_on(struct place_range *p, uint64_t num, uint64_t den);

#endif
