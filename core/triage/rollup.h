/* rollup.h - what a minute of each hour usually was, of the last three weeks: the medians of minutes
 * that outlive the records they were made of. 1 KB a series. */
#ifndef ENITOP_ROLLUP_H
#define ENITOP_ROLLUP_H

#include "base/util.h"

#define ROLLUP_HOURS 504u /* three weeks */
#define ROLLUP_WEEKS 3u

/* Zero-initialise. */
struct rollup {
	int64_t next; /* the hour behind the newest, in hours since 1970; 0: none */
	uint16_t median[ROLLUP_HOURS]; /* by number; see small_float.h */
	uint64_t known[(ROLLUP_HOURS + 63) / 64];
};

/* An hour that is over, later than the ones before, and the median of its minutes. */
void rollup_add(struct rollup *r, int64_t hour, double median);
/* The medians of the same hour of the week as `hour`, of those before it: how many, at most
 * ROLLUP_WEEKS. */
unsigned rollup_week(const struct rollup *r, int64_t hour, double out[ROLLUP_WEEKS]);
/* The middle of those of the same hour of the day; how many days they are of, 0: none. */
unsigned rollup_day(const struct rollup *r, int64_t hour, double *out);
/* Hours that it knows. */
unsigned rollup_hours(const struct rollup *r);

#endif
