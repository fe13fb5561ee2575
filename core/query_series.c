/* query_series.c - rows dealt out over the bins of a series: see query_series.h and
 * accumulator_set_bin_shift(). */
#include "query_series.h"

#include <stdlib.h>
#include <string.h>

/* ---- sums: a cache of groups, by key, each in the one place it may have ---- */

void series_begin(struct series *s, unsigned words, unsigned bin, unsigned shift, uint32_t rows,
		  void (*flush)(void *ctx, const uint32_t *key, const struct share_sum *sum),
		  void *ctx)
{
	unsigned bits = 6;

	while (bits < 12 && 1u << bits < rows)
		bits++;
	*s = (struct series){
		.words = words, .bin = bin, .shift = shift, .bits = bits, .flush = flush, .ctx = ctx
	};
	s->sum = xmalloc(sizeof *s->sum << bits);
	s->key = xmalloc((size_t)words * sizeof *s->key << bits);
	s->used = xcalloc((size_t)1 << bits, 1);
	s->list = xmalloc(sizeof *s->list << bits);
}

static void flush_place(struct series *s, uint32_t at)
{
	s->flush(s->ctx, s->key + (size_t)at * s->words, &s->sum[at]);
}

void series_end(struct series *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		flush_place(s, s->list[i]);
	free(s->list);
	free(s->sum);
	free(s->key);
	free(s->used);
}

static inline bool is_at(const struct series *s, uint32_t place, const uint32_t *key)
{
	const uint32_t *at = s->key + (size_t)place * s->words;
	uint32_t differs = 0;

	for (unsigned w = 0; w < s->words; w++)
		differs |= at[w] ^ key[w];
	return s->used[place] && differs == 0;
}

/* The sum of a key; `hash`: of its words but the bin. */
static inline struct share_sum *sum_of(struct series *s, uint32_t hash, const uint32_t *key)
{
	uint32_t place = (hash + key[s->bin] * 0x9e3779b1u) >> (32 - s->bits);

	if (is_at(s, place, key))
		return &s->sum[place];
	if (s->used[place])
		flush_place(s, place);
	else
		s->list[s->n++] = place;
	s->used[place] = 1;
	memcpy(s->key + (size_t)place * s->words, key, s->words * sizeof *key);
	s->sum[place] = (struct share_sum){ .seen = { UINT32_MAX, 0 } };
	return &s->sum[place];
}

/* ---- shares ---- */

/* A record and the bins that it meets. */
struct spread {
	const struct row_facts *all;
	int64_t start, end, first, last; /* seconds; bin numbers */
	uint32_t duration;               /* 0: it has no interval */
	uint32_t hash;
	double per_second; /* 1 / duration; 0: too large for that */
};

/* What a part of `whole` comes to after `elapsed` seconds, rounded down. */
static inline uint64_t share(const struct spread *r, uint64_t whole, uint32_t elapsed)
{
	/* Below 2^32 a double holds the product exactly, and no quotient lies nearer below a
	 * whole number than 1/3600: with half of that added, the reciprocal, which is not
	 * exact, gives the same. Else in an order that can't overflow, whatever it claims. */
	if (r->per_second > 0)
		return (uint64_t)(int64_t)(((double)whole * elapsed + 0.5) * r->per_second);
	return whole / r->duration * elapsed + whole % r->duration * elapsed / r->duration;
}

static struct tally *tally_of(struct series *s, const struct spread *r, const uint32_t *key)
{
	struct share_sum *sum = sum_of(s, r->hash, key);
	uint32_t t = r->end > UINT32_MAX ? UINT32_MAX : (uint32_t)r->end;

	if (r->end >= 0) {
		sum->seen.first = t < sum->seen.first ? t : sum->seen.first;
		sum->seen.last = t > sum->seen.last ? t : sum->seen.last;
	}
	return &sum->tally;
}

static void add_last(struct tally *t, const struct row_facts *all, const struct row_facts *given)
{
	t->bytes += all->bytes - given->bytes;
	t->packets += all->packets - given->packets;
	t->sent += all->sent - given->sent;
	t->lost += all->lost - given->lost;
	t->flows += all->flow;
	t->accepts += all->accept;
	t->rejects += all->reject;
}

static void add_spread(struct series *s, const struct spread *r, uint32_t *key)
{
	const struct row_facts *all = r->all;
	struct row_facts given = { 0 };
	uint32_t had = 0;
	struct tally *t;

	for (int64_t bin = r->first; bin < r->last; bin++) {
		uint32_t elapsed = (uint32_t)(((bin + 1) << s->shift) - r->start);
		uint64_t bytes = share(r, all->bytes, elapsed);
		uint64_t packets = share(r, all->packets, elapsed);
		key[s->bin] = (uint32_t)bin;
		t = tally_of(s, r, key);
		t->bytes += bytes - given.bytes;
		t->packets += packets - given.packets;
		t->seconds += elapsed - had;
		if (all->sent) {
			t->sent += bytes - given.bytes;
			given.sent = bytes;
		}
		if (all->lost) {
			uint64_t lost = share(r, all->lost, elapsed);
			t->lost += lost - given.lost;
			given.lost = lost;
		}
		given.bytes = bytes;
		given.packets = packets;
		had = elapsed;
	}
	if (r->first < r->last)
		key[s->bin] = (uint32_t)r->last;
	t = tally_of(s, r, key);
	t->seconds += r->duration - had;
	add_last(t, all, &given);
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
	uint64_t start = b->number[i];
	struct spread r = { .all = &b->facts[i], .end = b->time[i] };
	uint32_t key[KEY_WORDS];

	memcpy(key, b->key + i * s->words, s->words * sizeof *key);
	r.hash = hash_of(s, key);
	if (start != NUMBER_ABSENT) {
		r.start = (int64_t)start;
		r.duration = (uint32_t)(r.end - r.start);
		r.first = r.start >> s->shift;
		r.last = r.end >> s->shift;
		if (r.last >= KEY_LARGEST)
			r.first = r.last; /* in the bin of its key */
		if ((r.all->bytes | r.all->packets | r.all->lost) <= UINT32_MAX)
			r.per_second = 1.0 / r.duration;
	}
	add_spread(s, &r, key);
}

void series_add(struct series *s, struct key_batch *b)
{
	key_batch_intervals(b);
	for (unsigned i = 0; i < b->n; i++)
		add_row(s, b, i);
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
