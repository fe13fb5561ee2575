/* query_series.h - rows dealt out over the bins of a series. Private to query*.c. */
#ifndef ENITOP_QUERY_SERIES_H
#define ENITOP_QUERY_SERIES_H

#include "query_key.h"

/* Shares of records are summed up here, by key, before the groups are asked: the shares of
 * one record, and those of its neighbours, mostly belong to the same few. */
struct series {
	unsigned words, bin, shift; /* of a key; the word of the bin; seconds a bin, log 2 */
	unsigned bits;              /* places, log 2 */
	struct share_sum {
		struct tally tally;
		struct seen seen;
	} * sum;
	uint32_t *key; /* `words` a place */
	uint8_t *used;
	uint32_t *list; /* the used ones */
	uint32_t n;
	void (*flush)(void *ctx, const uint32_t *key, const struct share_sum *sum);
	void *ctx;
};

/* For about so many rows. What is summed up is handed to `flush`, at the latest at the end; a
 * key may come more than once. */
void series_begin(struct series *s, unsigned words, unsigned bin, unsigned shift, uint32_t rows,
		  void (*flush)(void *ctx, const uint32_t *key, const struct share_sum *sum),
		  void *ctx);
/* Rows that were read (key_batch_read); their times and numbers are overwritten. */
void series_add(struct series *s, struct key_batch *b);
void series_end(struct series *s);

#endif
