/* query_series.c - rows dealt out over the bins of a series: see query_series.h and
 * accumulator_set_bin_shift(). */
#include "query/query_series.h"

#include <stdlib.h>

#include "base/wide.h"

/* ---- blocks: a cache of groups, by key, each in the one place it may have ---- */

void series_begin(struct series *s, unsigned words, unsigned bin, unsigned shift, uint32_t rows,
		  series_flush *flush, void *ctx)
{
	unsigned bits = 4;

	while (words > 1 && bits < 10 && 1u << bits < rows)
		bits++;
	*s = (struct series){
		.words = words, .bin = bin, .shift = shift, .bits = bits, .flush = flush, .ctx = ctx
	};
	s->add = series_deal;
#if defined __x86_64__
	if (cpu_is_wide())
		s->add = series_deal_wide;
#endif
	s->block = xmalloc(sizeof *s->block << bits);
	s->key = xmalloc((size_t)words * sizeof *s->key << bits);
	s->used = xcalloc((size_t)1 << bits, 1);
	s->list = xmalloc(sizeof *s->list << bits);
}

void series_flush_block(struct series *s, uint32_t place)
{
	const struct block *b = &s->block[place];
	uint32_t key[KEY_WORDS + 1];

	memcpy(key, s->key + (size_t)place * s->words, s->words * sizeof *key);
	for (uint32_t i = 0, first = key[s->bin] << BLOCK_BITS; i < BLOCK_BINS; i++) {
		struct tally t = {
			.bytes = (uint64_t)b->sum[i][0],
			.packets = (uint64_t)b->sum[i][1],
			.sent = (uint64_t)b->sum[i][2],
			.seconds = (uint64_t)b->sum[i][3],
			.flows = b->flows[i],
			.accepts = b->accepts[i],
			.rejects = b->rejects[i],
		};
		key[s->bin] = first + i;
		if (t.flows | t.seconds)
			s->flush(s->ctx, key, &t);
	}
}

void series_end(struct series *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		series_flush_block(s, s->list[i]);
	free(s->list);
	free(s->block);
	free(s->key);
	free(s->used);
}

/* ---- shares ---- */

/* What a part of `whole` comes to after `elapsed` seconds, rounded down: in an order that
 * can't overflow, whatever the record claims. */
static uint64_t share(const struct spread *r, uint64_t whole, uint32_t elapsed)
{
	return whole / r->duration * elapsed + whole % r->duration * elapsed / r->duration;
}

/* Straight to the groups, with all that there may be. */
void series_add_large(struct series *s, const struct spread *r, uint32_t *key)
{
	const struct row_facts *all = r->all;
	struct tally had = { 0 }, sum;

	for (int64_t bin = r->first; bin < r->last; bin++) {
		uint32_t elapsed = (uint32_t)(((bin + 1) << s->shift) - r->start);
		struct tally now = { .bytes = share(r, all->bytes, elapsed),
				     .packets = share(r, all->packets, elapsed),
				     .sent = share(r, all->sent, elapsed),
				     .lost = share(r, all->lost, elapsed),
				     .seconds = elapsed };
		sum = now;
		tally_add(&sum, &had, UINT64_MAX);
		key[s->bin] = (uint32_t)bin;
		s->flush(s->ctx, key, &sum);
		had = now;
	}
	sum = (struct tally){ 0 };
	tally_change(&sum, all, 1);
	sum.seconds = r->duration;
	tally_add(&sum, &had, UINT64_MAX);
	if (r->first < r->last)
		key[s->bin] = (uint32_t)r->last;
	s->flush(s->ctx, key, &sum);
}

void series_add(struct series *s, const struct key_batch *b)
{
	rows_facts(b->rows);
	rows_starts(b->rows);
	s->add(s, b);
}

int64_t series_first(const struct segment *s)
{
	enum { STEP = 512 };
	const struct column *column = segment_column(s, FIELD_START);
	int64_t first = s->dated ? s->time_min : INT64_MAX, end[STEP];
	uint64_t start[STEP];

	for (uint32_t done = 0; column && done < s->rows; done += STEP) {
		uint32_t n = s->rows - done < STEP ? s->rows - done : STEP;
		column_numbers(column, done, n, start);
		segment_times(s, done, n, end);
		for (uint32_t i = 0; i < n; i++) {
			int64_t t =
				start[i] == NUMBER_ABSENT ? INT64_MAX : time_in_seconds(start[i]);
			if (t < first && end[i] - t <= SPREAD_MAX_S)
				first = t;
		}
	}
	return first;
}
