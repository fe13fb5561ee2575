/* once.h - what a report must know to count packets once: which interfaces there are, learned from
 * all records before any of them is counted. */
#ifndef ENITOP_ONCE_H
#define ENITOP_ONCE_H

#include "cli/options.h"
#include "monitor/monitor.h"

struct once;

struct once *once_new(const struct options *o, struct monitor *m);
void once_free(struct once *v);
/* The rows of a published segment, which stays the caller's. */
void once_add(struct once *v, const struct segment *s);
/* All were added. */
void once_settle(struct once *v);
/* Whether some interface is known: else nothing can be told. */
bool once_knows(const struct once *v);
struct once_counts {
	uint64_t second, undecided; /* rows */
	uint64_t unpriced;          /* bytes with a price that can't be told */
};

/* Takes second sightings out of the bits of a segment's rows, if `leave_out`. Where costs are asked
 * for, what has a price is none, and the segment has its charges from then on. Adds what in the
 * span there was, and may be, to *counts. */
void once_count(const struct once *v, struct segment *s, struct span span, bool leave_out,
		uint64_t *bits, struct once_counts *counts);

/* Whether a row is the first sighting of its packets (1) or a second one (2), as far as can be told.
 * `ctx` is a struct once, settled. */
unsigned once_sighting(void *ctx, const struct segment *s, uint32_t row);

#endif
