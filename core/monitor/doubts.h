/* doubts.h - what makes the data of a time less than whole: malformed lines, SKIPDATA
 * records and unreadable values, a bin a minute, over the last days. Fixed size. */
#ifndef ENITOP_DOUBTS_H
#define ENITOP_DOUBTS_H

#include "base/util.h"

#define DOUBTS_MINUTES 4096

struct doubt {
	uint64_t malformed, skipdata, unreadable;
};

struct doubts {
	struct doubt all, undated; /* undated ones fall in every window */
	struct {
		int64_t minute;
		uint32_t malformed, skipdata, unreadable;
	} bin[DOUBTS_MINUTES];
};

/* At a time, INT64_MIN: not known. */
void doubts_add(struct doubts *d, int64_t time_s, struct doubt more);
/* What falls in from <= time < to, to the minute. All there ever was where that is longer
 * than the bins reach: rather too much doubt than too little. */
struct doubt doubts_in(const struct doubts *d, int64_t from, int64_t to);

#endif
