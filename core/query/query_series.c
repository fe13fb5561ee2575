/* query_series.c - rows dealt out over the bins of a series: see query_series.h and
 * accumulator_set_bin_shift(). */
#include "query/query_series.h"

#include <stdlib.h>

#include "base/wide.h"

/* ---- blocks: a cache of groups, by key, each in the one place it may have ---- */

void series_begin(struct series *s, unsigned words, unsigned bin, unsigned shift, uint32_t rows,
		  int64_t since, series_flush *flush, void *ctx)
{
	unsigned bits = 4;

	while (words > 1 && bits < 10 && 1u << bits < rows)
		bits++;
	*s = (struct series){
		.words = words,
		.bin = bin,
		.shift = shift,
		.bits = bits,
		.since = since,
		.flush = flush,
		.ctx = ctx,
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

void series_end(struct series *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		series_flush_block(s, s->list[i]);
	free(s->list);
	free(s->block);
	free(s->key);
	free(s->used);
}

void series_add(struct series *s, const struct key_batch *b)
{
	rows_facts(b->rows);
	rows_starts(b->rows);
	s->add(s, b);
}

int64_t series_first(const struct segment *s, uint32_t row, uint32_t rows)
{
	enum { STEP = 512 };
	const struct column *column = segment_column(s, FIELD_START);
	int64_t first = s->dated ? s->time_min : INT64_MAX, end[STEP];
	uint64_t start[STEP];

	for (uint32_t done = 0; column && done < rows;) {
		uint32_t n = rows - done < STEP ? rows - done : STEP;
		column_numbers(column, row + done, n, start);
		segment_times(s, row + done, n, end);
		done += n;
		for (uint32_t i = 0; i < n; i++) {
			int64_t t =
				start[i] == NUMBER_ABSENT ? INT64_MAX : time_in_seconds(start[i]);
			if (t < first && end[i] - t <= SPREAD_MAX_S)
				first = t;
		}
	}
	return first;
}
