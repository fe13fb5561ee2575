/* edges_read.h - rows of a segment, read in batches for their edges, so that what each will touch is
 * on its way from memory while others are read. Private to edges*.c. */
#ifndef ENITOP_EDGES_READ_H
#define ENITOP_EDGES_READ_H

#include "triage/edges_state.h"

#define EDGES_BATCH 128u

/* What a row is to an edge. */
struct edge_row {
	uint32_t key[3], hash, any[3]; /* of its own, and of any client's */
	uint32_t start, end;
	uint64_t bytes;
	uint32_t mix; /* of all that it says but for its interface */
	uint8_t leg, action;
	uint8_t counts;   /* in its minute: a bit each of enum edge_count */
	bool held;        /* it is in some edge */
	uint32_t service; /* a text: of the other side's AWS service; DICT_NONE: not said */
};

struct edges_reader {
	struct edges *e;
	const struct segment *s;
	const struct dict *d;
	const struct column *address[4], *port[2], *protocol, *packets, *bytes, *start, *end,
		*flags, *gateway;
	const struct column *name;       /* of the interface */
	const struct column *service[2]; /* pkt-: of the source, the destination */
	struct edge_row row[EDGES_BATCH];
	/* columns of the batch */
	uint32_t id[4][EDGES_BATCH];
	uint64_t number[8][EDGES_BATCH]; /* see edges_read.c */
};

/* False: the segment is without the columns that say who talks to whom. */
bool edges_read_open(struct edges_reader *r, struct edges *e, const struct segment *s);
/* Fills row[0..n-1] from the segment's rows from `first` on. */
void edges_read(struct edges_reader *r, uint32_t first, uint32_t n);
/* Whose interface the segment's row, which `x` is of, was seen at: enum post. */
uint8_t edges_read_post(const struct edges_reader *r, uint32_t row, const struct edge_row *x);

#endif
