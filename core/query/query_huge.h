/* query_huge.h - sums that 64 bits may not hold: what records with a huge value add to each group
 * of an accumulator, beside its tallies, which have all of it modulo 2^64. So what is folded out
 * again leaves what is right, and folding what is not huge, as all of it should be, is as it was.
 * Private to accumulator.c and query_*.c. */
#ifndef ENITOP_QUERY_HUGE_H
#define ENITOP_QUERY_HUGE_H

#include "query/query_table.h"

/* More than 4 GB in a record: a minute at 570 Mbit/s. Of what is less a group takes 2^32 records, each
 * as large as may be, to come to 2^64. */
#define HUGE_BITS 32

static inline bool is_huge(const struct row_facts *f)
{
	return (f->bytes | f->packets | f->lost) >> HUGE_BITS != 0;
}

/* A group's: of bytes, packets, bytes sent, packets lost the upper and the lower 32 bits of each,
 * which 2^32 records can't fill. */
struct huge_sum {
	uint64_t high[4], low[4];
};

struct huge {
	struct key_table table;
	struct huge_sum *sum; /* by number of the key */
	size_t cap;
	struct huge_sum total;
	struct tally shown[2]; /* what was read last: of a group, of all */
};

/* Adds (sign 1) or takes away (UINT64_MAX) what a record, or a share of one, has, to all groups
 * together, too, or not; key NULL: of no group. Makes *h. */
void huge_change(struct huge **h, unsigned words, const uint32_t *key, const struct tally *by,
		 uint64_t sign, bool in_total);
/* The bins of keys are wider by so many bits; `bin`: their word. */
void huge_widen(struct huge **h, unsigned bin, unsigned more);
void huge_clear(struct huge **h);
/* A group is dropped; what all groups together have stays. */
void huge_forget(struct huge **h, const uint32_t *key);
/* Adds to all groups together alone. */
void huge_change_total(struct huge **h, unsigned words, const struct tally *by);
/* What all groups together have, of no group; NULL where there is nothing. */
struct huge *huge_total_only(const struct huge *h);
/* Copies what a group, or what all groups together have. */
void huge_take(struct huge **h, const struct huge *from, const uint32_t *key);
void huge_take_total(struct huge **h, const struct huge *from);
size_t huge_bytes(const struct huge *h);
/* A tally without what does not fit: UINT64_MAX in its place. Until the next is asked for. */
const struct tally *huge_tally(struct huge *h, const uint32_t *key, const struct tally *t);
const struct tally *huge_total(struct huge *h, const struct tally *t);

#endif
