/* edges_read.h - rows of a segment, read in batches for their edges, so that what each will touch is
 * on its way from memory while others are read. Private to edges*.c. */
#ifndef ENITOP_EDGES_READ_H
#define ENITOP_EDGES_READ_H

#include "decode/place_rows.h"
#include "triage/edges_state.h"

#define EDGES_BATCH 256u

/* What a row is to an edge. */
struct edge_row {
	uint32_t key[3], hash, any[3], any_hash; /* of its own, and of any client's */
	uint32_t start, end;
	uint64_t bytes;
	uint8_t leg, action;
	uint8_t counts; /* in its minute: a bit each of enum edge_count */
	bool held;      /* it is in some edge */
};

/* Ids of the own addresses of an interface. */
struct own_ids {
	uint32_t id[2];
	bool known;
};

struct edges_reader {
	struct edges *e;
	const struct segment *s;
	const struct dict *d;
	const struct column *address[4], *port[2], *protocol, *packets, *bytes, *start, *end,
		*flags, *gateway;
	struct place_rows at;
	struct own_ids *own; /* by interface */
	struct edge_row row[EDGES_BATCH];
	/* columns of the batch */
	uint32_t id[4][EDGES_BATCH];
	uint64_t number[8][EDGES_BATCH]; /* see edges_read.c */
};

/* For about so many rows. False: the segment is without the columns that say who talks to whom.
 * edges_read_close() it all the same. */
bool edges_read_open(struct edges_reader *r, struct edges *e, const struct segment *s,
		     uint32_t rows);
void edges_read_close(struct edges_reader *r);
/* Fills row[0..n-1] from the segment's rows from `first` on. */
void edges_read(struct edges_reader *r, uint32_t first, uint32_t n);
/* Whose interface the segment's row, which `x` is of, was seen at: enum post. */
uint8_t edges_read_post(struct edges_reader *r, uint32_t row, const struct edge_row *x);

#endif
