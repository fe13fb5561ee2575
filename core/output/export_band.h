/* export_band.h - a series drawn: what there was in each bin, what was expected of it, and the band that
 * most fall into, as text of any terminal. */
#ifndef ENITOP_EXPORT_BAND_H
#define ENITOP_EXPORT_BAND_H

#include "triage/spike.h"

/* Zero: of no points. */
struct band {
	const struct spike_point *point; /* in the order of time; the caller's */
	size_t points;
	enum metric metric;
	int64_t every;        /* seconds a bin */
	int64_t since, until; /* what is marked below it; equal: nothing */
};

/* A bin a column, or several where there are more than columns, the largest then; with times and a
 * legend. Nothing of no points. */
void band_chart(const struct band *b, size_t width, struct buf *out);

#endif
