/* extent.h - the times of the records that answers are made of, as segments come, and bins that
 * are wide enough for them. */
#ifndef ENITOP_EXTENT_H
#define ENITOP_EXTENT_H

#include "query/accumulator.h"
#include "query/bulk.h"

struct extent {
	int64_t first, last;   /* time of the records; first > last: undated */
	int64_t first_started; /* when the first of them that is spread over bins began */
	struct bulk *bulk;     /* where they lie, for bins; NULL: nobody asks */
	struct bulk *flows;    /* where all flows lie, whatever the filter; NULL: none was seen */
	int64_t latest;        /* times behind it have no bin */
};

#define EXTENT_NONE \
	{ \
		INT64_MAX, INT64_MIN, INT64_MAX, NULL, NULL, INT64_MAX \
	}

void extent_release(struct extent *e);
/* Bins are asked for, before the first segment. */
void extent_want_bins(struct extent *e);
/* Widens it to the times of the segment, as far as they are in the span; its rows that have their
 * bit are those that bins are of. */
void extent_see(struct extent *e, const struct segment *s, const uint64_t *bits, struct span span);
/* The window, less what lies apart: that has no bin. *astray: how many records do. */
struct span extent_bars(const struct extent *e, struct span window, uint64_t *astray);
/* The times that stand for the data in the window: bulk_data(). */
uint64_t extent_data(const struct extent *e, struct span window, int64_t *first, int64_t *last);
/* Makes the bins of a series so wide that at most `most` cover all that was seen and has one. */
void extent_widen(const struct extent *e, struct accumulator *a, unsigned most);

#endif
