/* query_deal.c - the inner loop of series: records to shares. query_wide.c has it once more. */
#include <float.h>

#include "query/query_series.h"

static inline struct series_block *block_at(struct series *s, const struct spread *r, uint32_t *key,
					    int64_t bin)
{
	key[s->bin] = (uint32_t)(bin >> BLOCK_BITS);
	return block_of(s, r->hash, key);
}

/* Below 2^32 a share is slope * elapsed + offset to the nearest whole number: with half a
 * part of the duration added and a half taken away, no quotient lies nearer than 1/7200 to
 * where rounding turns, and the error of the slope is far below that. Adding and taking away
 * 1.5 * 2^52 rounds, where doubles are no wider while they are reckoned with. */
static void add_small(struct series *s, const struct spread *r, uint32_t *key)
{
	const struct row_facts *all = r->all;
	double part = r->duration ? 1.0 / r->duration : 0, half = 0.5 * part - 0.5;
	double width = (double)(UINT64_C(1) << s->shift), big = 0x1.8p52;
	double to = (double)((r->first + 1) << s->shift) - (double)r->start;
	double bytes = (double)(uint32_t)all->bytes, packets = (double)(uint32_t)all->packets;
	double sent = (double)(uint32_t)all->sent;
	shares whole = { bytes, packets, sent, r->duration };
	shares slope = { bytes * part, packets * part, sent * part, 1 };
	shares offset = { half, half, half, 0 };
	shares elapsed = { to, to, to, to }, had = { 0 };
	struct series_block *b = block_at(s, r, key, r->first);
	unsigned i = (unsigned)r->first % BLOCK_BINS;

	for (int64_t bin = r->first; bin < r->last; bin++) {
		shares now = slope * elapsed + offset + big - big;
		b->sum[i] += now - had;
		had = now;
		elapsed += width;
		if (++i == BLOCK_BINS) {
			b = block_at(s, r, key, bin + 1);
			i = 0;
		}
	}
	b->sum[i] += whole - had;
	b->flows[i] += all->flow;
	b->accepts[i] += all->accept;
	b->rejects[i] += all->reject;
}

static uint32_t hash_of(const struct series *s, const uint32_t *key)
{
	uint32_t other[KEY_WORDS];

	if (s->words == 1)
		return 0;
	memcpy(other, key, s->words * sizeof *key);
	other[s->bin] = 0;
	return key_hash32(other, s->words);
}

static void add_row(struct series *s, const struct key_batch *b, unsigned i)
{
	const struct row_batch *rows = b->rows;
	struct spread r = { .all = &rows->facts[i] };
	uint32_t key[KEY_WORDS + 1];

	memcpy(key, b->key + i * s->words, s->words * sizeof *key);
	r.hash = hash_of(s, key);
	r.first = r.last = key[s->bin];
	if (rows->start[i] != INT64_MIN) {
		r.start = rows->start[i];
		r.duration = (uint32_t)(rows->time[i] - r.start);
		r.last = rows->time[i] >> s->shift;
		/* What is beyond all bins is in the last one. */
		r.first = r.last < KEY_LARGEST ? r.start >> s->shift : r.last;
	}
	if (rows->start[i] < s->since && rows->start[i] != INT64_MIN)
		series_add_clipped(s, &r, key);
	else if (FLT_EVAL_METHOD == 0 && (r.all->bytes | r.all->packets) <= UINT32_MAX &&
		 !r.all->lost && r.last < KEY_LARGEST)
		add_small(s, &r, key);
	else
		series_add_large(s, &r, key);
}

void series_deal(struct series *s, const struct key_batch *b)
{
	for (unsigned i = 0; i < b->rows->n; i++)
		add_row(s, b, i);
}
