/* open_bins.h - the sums of a series over log time that are not judged yet: whole numbers, so that they
 * are the same in whatever order records come. */
#ifndef ENITOP_OPEN_BINS_H
#define ENITOP_OPEN_BINS_H

#include "base/util.h"

#define CHUNK_BINS 64   /* side by side in one piece of memory */
#define REGISTERS 1024u /* of a bin that counts different values: right within 3 % or so */

struct bin_chunk {
	int64_t first; /* number of its first bin, a multiple of CHUNK_BINS */
	struct {
		uint64_t sum;
		uint32_t mixed, mix; /* see bins_mix() */
	} bin[CHUNK_BINS];
	uint8_t *registers[CHUNK_BINS]; /* HyperLogLog; NULL: nothing was met */
};

/* Zero-initialise. */
struct open_bins {
	struct bin_chunk **chunk; /* in the order of time */
	uint32_t n, cap, at;      /* `at`: the one asked for last */
};

/* Each returns how many more bytes are held. */
size_t bins_add_far(struct open_bins *b, int64_t bin, uint64_t value);
static inline size_t bins_add(struct open_bins *b, int64_t bin, uint64_t value)
{
	/* Records come side by side. */
	if (b->at < b->n && (bin & ~(int64_t)(CHUNK_BINS - 1)) == b->chunk[b->at]->first) {
		uint64_t *sum = &b->chunk[b->at]->bin[bin & (CHUNK_BINS - 1)].sum;
		*sum = saturating_add(*sum, value);
		return 0;
	}
	return bins_add_far(b, bin, value);
}
/* Of the record that was added last: a hash that exact copies have in common. Where each record of a
 * bin is there twice, as two flow logs of one interface deliver it, its sum is that of one of them. */
static inline void bins_mix(struct open_bins *b, int64_t bin, uint32_t hash)
{
	struct bin_chunk *c = b->chunk[b->at];

	c->bin[bin & (CHUNK_BINS - 1)].mixed++;
	c->bin[bin & (CHUNK_BINS - 1)].mix ^= hash;
}
/* Takes a record out that was added so; `mix`: with bins_mix() of this hash (NULL: without). */
void bins_take(struct open_bins *b, int64_t bin, uint64_t value, const uint32_t *mix);
/* Notes a value, by its hash, among the different ones of a bin. */
size_t bins_note(struct open_bins *b, int64_t bin, uint64_t hash);
/* 0 where nothing was added; of notes, about how many different ones. */
uint64_t bins_sum(const struct open_bins *b, int64_t bin);
/* The first bin from `bin` on that is in a chunk; INT64_MAX: there is none. */
int64_t bins_next(const struct open_bins *b, int64_t bin);
/* Frees the chunks that end by `bin`; returns how many bytes. */
size_t bins_drop(struct open_bins *b, int64_t bin);
void bins_release(struct open_bins *b);

/* Of a time, numbers before 1970 too. */
static inline int64_t bin_of(int64_t t, int64_t every)
{
	return t >= 0 ? t / every : -((-t + every - 1) / every);
}

#endif
