/* held.h - segments of records that wait for each other, so that records leave in the order in
 * which they came, whatever formats they are of. */
#ifndef ENITOP_HELD_H
#define ENITOP_HELD_H

#include "store/segment.h"

struct held_segment {
	struct segment *segment;
	uint64_t *bits; /* of the rows that are to be written: the caller sets them */
	uint32_t at;    /* the next row to be written */
	bool kept;      /* by somebody else */
};

/* Zeroed: none. */
struct held_list {
	struct held_segment *held;
	size_t n, cap;
	uint64_t until; /* the number of arrival behind all of them */
};

/* Whether all that is held came before the segment's first row. */
bool held_is_before(const struct held_list *l, const struct segment *s);
/* Adds a segment that has rows, with no bit set. It stays the caller's. */
void held_add(struct held_list *l, struct segment *s, bool kept);
/* Calls `write` for rows first..first+n-1 of one after the other, in the order of arrival, while
 * it says true. */
void held_write(struct held_list *l,
		bool (*write)(void *ctx, const struct held_segment *h, uint32_t first, uint32_t n),
		void *ctx);
/* Forgets them. */
void held_clear(struct held_list *l);
void held_release(struct held_list *l);

#endif
