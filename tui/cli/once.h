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
/* Takes second sightings out of the bits of a segment's rows, if `leave_out`. Adds how many of those
 * in the span there were to *second, and how many may be some to *undecided. */
void once_count(const struct once *v, const struct segment *s, struct span span, bool leave_out,
		uint64_t *bits, uint64_t *second, uint64_t *undecided);

/* Whether a row is the first sighting of its packets (1) or a second one (2), as far as can be told.
 * `ctx` is a struct once, settled. */
unsigned once_sighting(void *ctx, const struct segment *s, uint32_t row);

#endif
