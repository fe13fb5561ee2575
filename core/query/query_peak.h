/* query_peak.h - what of a metric the heaviest of each few hundred groups has: who looks for the
 * best of millions need not look at each. Private to accumulator.c and query_*.c. */
#ifndef ENITOP_QUERY_PEAK_H
#define ENITOP_QUERY_PEAK_H

#include "query/query_tally.h"

#define PEAK_GROUPS 256u /* a peak: some cache lines of their tallies */

struct peaks {
	bool wanted, on; /* by accumulator_watch(); what there is can be relied on */
	size_t word;     /* of struct tally, its offset */
	uint64_t *most;  /* none of groups PEAK_GROUPS * i.. has more */
	size_t cap;
	uint32_t some; /* groups that have some */
};

struct accumulator;

/* The peaks by which a metric is ranked, of which `word` is the offset in a tally; NULL: there are
 * none, and every group has to be looked at. */
struct peaks *peaks_of(const struct accumulator *a, size_t word);
/* Where in a tally it stands what the metric ranks by; -1: distinct values. In query_rank.c. */
int rank_word(enum metric m);
/* Forgets every group. */
void peaks_clear(struct peaks *p);
/* The last group of the accumulator is new. */
void peaks_add(struct accumulator *a);
/* Before the last group takes the place of `g`. */
void peaks_move(struct accumulator *a, uint32_t g, uint32_t last);

/* A group's tally was changed by a row. */
static inline void peaks_see(struct peaks *p, const struct tallies *t, uint32_t g,
			     const struct row_facts *f, uint64_t sign)
{
	uint64_t value = tallies_word(t, g, p->word), by = 0;

	switch (p->word) {
	case offsetof(struct tally, bytes):
		by = f->bytes;
		break;
	case offsetof(struct tally, packets):
		by = f->packets;
		break;
	case offsetof(struct tally, flows):
		by = f->flow;
		break;
	case offsetof(struct tally, rejects):
		by = f->reject;
		break;
	default:
		by = f->lost;
	}
	if (value > p->most[g / PEAK_GROUPS])
		p->most[g / PEAK_GROUPS] = value;
	p->some += (uint32_t)(value != 0) - (uint32_t)(value != sign * by);
}

#endif
