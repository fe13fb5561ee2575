/* scan.h - goes through the segments that a ring holds when the scan begins, one after the
 * other, for work that is done in slices: segments that come later are not looked at, those
 * that are evicted meanwhile are left out. To drop the scan is to cancel it. Loop thread
 * only. */
#ifndef ENITOP_SCAN_H
#define ENITOP_SCAN_H

#include "query/query.h"
#include "store/ring.h"

struct scan {
	struct ring *ring;
	struct span span;
	bool newest_first;
	uint64_t from, to;    /* serials of the segments that are left: from <= serial < to */
	size_t total, passed; /* segments when it began; those that are done */
	/* The segment that is worked on, as of the last scan_look(). */
	struct segment *segment;
	uint64_t serial;
	uint32_t rows; /* when the work on the segment began: later rows are not looked at */
	bool fresh;    /* another segment than at the scan_look() before */
	/* As of the last scan_select(): the rows that match; how many in the span are undecided, and
	 * which (of all rows; not written where no row of the segment is). */
	uint64_t bits[(SEGMENT_ROWS + 63) / 64];
	uint64_t undecided;
	uint64_t undecided_bits[(SEGMENT_ROWS + 63) / 64];
};

/* Segments all of whose records are dated outside the span are passed over. */
void scan_begin(struct scan *s, struct ring *r, bool newest_first, struct span span);
/* Finds the segment to work on and publishes it: until scan_next() the same one, unless it
 * was evicted. False: there is none left. */
bool scan_look(struct scan *s);
void scan_next(struct scan *s);
/* Which of the segment's rows the filter selects, into s->bits; false: no row, and the bits
 * are not written. Notes in s->undecided of how many it can't tell. */
bool scan_select(struct scan *s, struct filter *f);
/* Segments that are done, in percent. */
unsigned scan_percent(const struct scan *s);

#endif
