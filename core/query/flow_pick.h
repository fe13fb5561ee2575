/* flow_pick.h - the first rows of many in an order: what the list of flows shows, on
 * screen and in batch. Holds twice what is asked for, whatever is offered. */
#ifndef ENITOP_FLOW_PICK_H
#define ENITOP_FLOW_PICK_H

#include "store/flow_columns.h"
#include "query/accumulator.h"

/* A flow where it stands. Valid while its segment is. */
struct flow_ref {
	struct segment *segment;
	uint32_t row;
	int64_t time;
};

struct flow_pick;

/* The first `limit` (1 at least) in that order; limits beyond 2^31 are taken for it. */
struct flow_pick *flow_pick_new(const struct flow_order *o, const struct dict *d, size_t limit);
void flow_pick_free(struct flow_pick *p);
/* Offers those of the first `rows` rows that have their bit (NULL: every flow) and are
 * in the span. Newest segments first is fastest. */
void flow_pick_add(struct flow_pick *p, struct segment *s, uint32_t rows, const uint64_t *bits,
		   struct span span);
/* Flows that were offered so far. */
uint64_t flow_pick_offered(const struct flow_pick *p);
/* Lets go of the flows of a segment, which is about to go; how many that were. */
size_t flow_pick_drop(struct flow_pick *p, const struct segment *s);
size_t flow_pick_bytes(const struct flow_pick *p);
/* Frees it. Puts the first rows in *out (the caller's to free), in order, and the number
 * of all that were offered in *offered (may be NULL). Returns how many. */
size_t flow_pick_end(struct flow_pick *p, struct flow_ref **out, uint64_t *offered);

#endif
