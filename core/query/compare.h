/* compare.h - before and after a mark: rates of both sides, and a word for the change.
 *
 * The sides are seldom equally long, so amounts are compared as rates: what is before the
 * mark over the seconds of data before it, what is after over those after. The seconds are
 * those of the window as far as there is data, whatever the filter. */
#ifndef ENITOP_COMPARE_H
#define ENITOP_COMPARE_H

#include "query/accumulator.h"

/* The one threshold: a rate that at least doubled has grown, one that at least halved has
 * shrunk. Small amounts swing more than that by chance, which is why rows are ranked by
 * the change itself, not by its factor. */
#define COMPARE_FACTOR 2

struct compare {
	int64_t mark;              /* epoch seconds; INT64_MIN: none */
	int64_t before_s, after_s; /* 0: the mark is not inside the data */
};

/* The sides of `mark` (INT64_MIN: none) in a window whose data reach from time_min to
 * time_max (epoch seconds, both included; min > max: undated). */
struct compare compare_of(int64_t mark, struct span window, int64_t time_min, int64_t time_max);
/* Whether both sides have a length. */
bool compare_is_possible(const struct compare *c);

/* all - before. */
struct tally tally_after(const struct tally *all, const struct tally *before);
/* Amounts a second. 0 where the side has no length. */
double compare_rate_before(const struct compare *c, const struct tally *before, enum metric m);
double compare_rate_after(const struct compare *c, const struct tally *all,
			  const struct tally *before, enum metric m);
/* New and gone go by flows or by the metric: hosts that were always there have new
 * rejects. Without two sides: CHANGE_SAME. */
enum change compare_change(const struct compare *c, const struct tally *all,
			   const struct tally *before, enum metric m);

/* How much the rate of a group of such an accumulator changed, up or down, which is what it is
 * ranked by; false: it has no rank. */
bool compare_size(const struct compare *c, const struct accumulator *a, uint32_t group,
		  enum metric m, enum change only, double *size);
/* The groups of an accumulator with a mark, those whose rate changed most first (up or
 * down), ties by key; those with the change `only` (CHANGES: any): ranks first..first+rows-1,
 * rows 0: all behind. Fills *index (free() it), returns their number; *of: how many have a
 * rank. */
uint32_t compare_rank(const struct compare *c, const struct accumulator *a, enum metric m,
		      enum change only, uint32_t first, uint32_t rows, uint32_t **index,
		      uint32_t *of);

#endif
