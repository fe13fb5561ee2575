/* snapshot.h - the rows that a ring holds at one moment, gone through segment by segment for work
 * that is done in slices: what comes later is not looked at, and what is evicted before its turn is
 * counted as lost. Loop thread only. */
#ifndef ENITOP_SNAPSHOT_H
#define ENITOP_SNAPSHOT_H

#include "store/ring.h"

struct snapshot_part {
	uint64_t serial;
	uint32_t rows; /* that are left */
	uint32_t done;
	uint64_t *second;    /* those that were second sightings then; NULL: none */
	uint64_t *undecided; /* those of which that could not be told then; NULL: none */
};

struct snapshot {
	struct ring *ring;
	struct snapshot_part *part;
	size_t n, cap, at;         /* at: the part that is worked on */
	uint64_t rows, done, lost; /* in all; worked on; evicted before that */
};

/* Adds the first `rows` rows of a segment of the ring, in order of arrival. Those with their bit in
 * `second`, which is copied, are second sightings, with it in `undecided` may be; NULL: none is. */
void snapshot_add(struct snapshot *s, const struct segment *g, uint32_t rows,
		  const uint64_t *second, const uint64_t *undecided);
/* The segment of a part, as ring_peek() has it; NULL: it was evicted. */
struct segment *snapshot_segment(const struct snapshot *s, size_t part);
/* The segment that is worked on, published: its rows done..rows-1 of the part are left. NULL: none
 * is. */
struct segment *snapshot_look(struct snapshot *s);
/* Notes that `rows` more of them are done; behind the last follows the next segment. */
void snapshot_did(struct snapshot *s, uint32_t rows);
/* A segment is about to leave the ring: its part, to be worked on now, before snapshot_gone(); NULL:
 * nothing of it is left. */
struct snapshot_part *snapshot_leaves(struct snapshot *s, const struct segment *g);
/* The part is gone: `lost` rows of it without having been worked on. */
void snapshot_gone(struct snapshot *s, struct snapshot_part *p, uint32_t lost);
/* Goes through all of it once more. */
void snapshot_again(struct snapshot *s);
void snapshot_release(struct snapshot *s);

#endif
