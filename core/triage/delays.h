/* delays.h - how late records come: behind the clock, where they are followed; of what is read as a
 * whole, behind the newest end that their source had by then. That goes by the order of lines. */
#ifndef ENITOP_DELAYS_H
#define ENITOP_DELAYS_H

#include "store/segment.h"

#define DELAY_BINS 4096u /* a second each; what is later is in the last one */

/* Zero-initialise. */
struct delays {
	int64_t *newest; /* by id of a source; INT64_MIN: none */
	size_t n, cap;
	uint64_t bin[DELAY_BINS];
	uint64_t records;
	int64_t slowest; /* seconds */
	bool live;       /* they are behind the clock */
};

void delays_release(struct delays *d);
/* Adds rows first..first+n-1 of a segment, those of a source in its order. `clock_s`: when it arrived; INT64_MIN:
 * it was there before. What arrives is counted apart: it is all that counts, once there is any. */
void delays_add(struct delays *d, const struct segment *s, uint32_t first, uint32_t n,
		int64_t clock_s);
/* Half of them are no later, in seconds; -1: there are none. */
int64_t delays_median(const struct delays *d);

#endif
