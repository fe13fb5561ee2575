/* query_series.h - rows dealt out over the bins of a series. Private to query*.c. */
#ifndef ENITOP_QUERY_SERIES_H
#define ENITOP_QUERY_SERIES_H

#include <string.h>

#include "query/query_key.h"

#define BLOCK_BITS 3
#define BLOCK_BINS (1 << BLOCK_BITS)

/* Bytes, packets, bytes sent and seconds of a share, side by side: whole numbers below 2^53,
 * which a double holds exactly, and so do 2^20 of those below 2^32. */
typedef double shares __attribute__((vector_size(4 * sizeof(double)), aligned(16)));

struct series_block {
	shares sum[BLOCK_BINS];
	uint32_t flows[BLOCK_BINS], accepts[BLOCK_BINS], rejects[BLOCK_BINS];
};

typedef void series_flush(void *ctx, const uint32_t *key, const struct tally *sum);

/* Shares of records are summed up here, by key, before the groups are asked: the shares of
 * one record, and those of its neighbours, mostly belong to the same few. Bins that lie side
 * by side have one place, a block, so that a record looks for one or two. */
struct series {
	unsigned words, bin, shift; /* of a key; the word of the bin; seconds a bin, log 2 */
	unsigned bits;              /* places, log 2 */
	struct series_block *block;
	uint32_t *key; /* `words` a place, the number of the block as its bin */
	uint8_t *used;
	uint32_t *list; /* the used ones */
	uint32_t n;
	series_flush *flush;
	int64_t since; /* what rows had before it is in no bin; INT64_MIN: all is */
	bool huge;     /* what is handed on is of a record with a huge value */
	void *ctx;
	void (*add)(struct series *s, const struct key_batch *b);
};

/* For at most 2^20 rows, none of which ends before `since`. What is summed up is handed to `flush`,
 * at the latest at the end; a key may come more than once. Without a key comes what is in no bin. */
void series_begin(struct series *s, unsigned words, unsigned bin, unsigned shift, uint32_t rows,
		  int64_t since, series_flush *flush, void *ctx);
/* Rows whose keys were read. */
void series_add(struct series *s, const struct key_batch *b);
void series_end(struct series *s);
/* Hands on what the row, which began before `to` and ends no sooner, has had from `from` (or its
 * start) until then: a share a bin, without a flow. Needs no series_begin(). */
void series_add_between(struct series *s, const struct key_batch *b, unsigned row, int64_t from,
			int64_t to);

/* ---- query_block.c: for query_deal.c ---- */

/* A record and the bins that it meets. */
struct spread {
	const struct row_facts *all;
	int64_t start, first, last; /* seconds; bin numbers */
	uint32_t duration;          /* 0: it has no interval */
	uint32_t hash;
};

/* Straight to the groups, with all that there may be; `key` is changed. */
void series_add_large(struct series *s, const struct spread *r, uint32_t *key);
/* The same of a row that began before `since`, and ends no sooner. */
void series_add_clipped(struct series *s, const struct spread *r, uint32_t *key);
void series_flush_block(struct series *s, uint32_t place);

/* What series_add does with rows whose facts and intervals are there; the second for machines
 * with AVX2. */
void series_deal(struct series *s, const struct key_batch *b);
void series_deal_wide(struct series *s, const struct key_batch *b);

static inline bool is_at(const struct series *s, uint32_t place, const uint32_t *key)
{
	const uint32_t *at = s->key + (size_t)place * s->words;
	uint32_t differs = 0;

	for (unsigned w = 0; w < s->words; w++)
		differs |= at[w] ^ key[w];
	return s->used[place] && differs == 0;
}

/* The block of a key whose bin is the number of a block; `hash`: of its other words. */
static inline struct series_block *block_of(struct series *s, uint32_t hash, const uint32_t *key)
{
	uint32_t place = (hash + key[s->bin] * 0x9e3779b1u) >> (32 - s->bits);

	if (is_at(s, place, key))
		return &s->block[place];
	if (s->used[place])
		series_flush_block(s, place);
	else
		s->list[s->n++] = place;
	s->used[place] = 1;
	memcpy(s->key + (size_t)place * s->words, key, s->words * sizeof *key);
	memset(&s->block[place], 0, sizeof s->block[place]);
	return &s->block[place];
}

#endif
