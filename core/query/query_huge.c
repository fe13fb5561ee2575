/* query_huge.c - see query_huge.h. */
#include "query/query_huge.h"

#include <stdlib.h>

static void sum_add(struct huge_sum *s, const struct tally *by, uint64_t sign)
{
	const uint64_t value[4] = { by->bytes, by->packets, by->sent, by->lost };

	for (unsigned i = 0; i < 4; i++) {
		s->high[i] += sign * (value[i] >> 32);
		s->low[i] += sign * (value[i] & UINT32_MAX);
	}
}

static bool sum_is_none(const struct huge_sum *s)
{
	uint64_t any = 0;

	for (unsigned i = 0; i < 4; i++)
		any |= s->high[i] | s->low[i];
	return any == 0;
}

static struct huge_sum *sum_of(struct huge *h, const uint32_t *key)
{
	uint32_t tag = key_hash32(key, h->table.words), n = key_table_find(&h->table, tag, key);

	if (n == UINT32_MAX) {
		n = key_table_add(&h->table, tag, key);
		xgrow((void **)&h->sum, &h->cap, (size_t)n + 1, sizeof *h->sum);
		h->sum[n] = (struct huge_sum){ 0 };
	}
	return &h->sum[n];
}

static struct huge *huge_of(struct huge **h, unsigned words)
{
	if (!*h) {
		*h = xcalloc(1, sizeof **h);
		(*h)->table.words = words;
	}
	return *h;
}

static void sum_remove(struct huge *h, uint32_t n)
{
	h->sum[n] = h->sum[h->table.count - 1];
	key_table_remove(&h->table, n);
}

void huge_change(struct huge **h, unsigned words, const uint32_t *key, const struct tally *by,
		 uint64_t sign, bool in_total)
{
	struct huge *all = huge_of(h, words);
	struct huge_sum *s = key ? sum_of(all, key) : NULL;

	if (s)
		sum_add(s, by, sign);
	if (in_total)
		sum_add(&all->total, by, sign);
	if (s && sum_is_none(s))
		sum_remove(all, (uint32_t)(s - all->sum));
	if (all->table.count == 0 && sum_is_none(&all->total))
		huge_clear(h);
}

void huge_widen(struct huge **h, unsigned bin, unsigned more)
{
	struct huge *had = *h, *now;

	if (!had)
		return;
	now = xcalloc(1, sizeof *now);
	now->table.words = had->table.words;
	now->total = had->total;
	for (uint32_t n = 0; n < had->table.count; n++) {
		uint32_t *key = key_at(&had->table, n);
		struct huge_sum *to;
		if (key[bin] != KEY_ABSENT)
			key[bin] >>= more;
		to = sum_of(now, key);
		for (unsigned i = 0; i < 4; i++) {
			to->high[i] += had->sum[n].high[i];
			to->low[i] += had->sum[n].low[i];
		}
	}
	huge_clear(h);
	*h = now;
}

void huge_clear(struct huge **h)
{
	if (!*h)
		return;
	key_table_clear(&(*h)->table);
	free((*h)->sum);
	free(*h);
	*h = NULL;
}

void huge_forget(struct huge **h, const uint32_t *key)
{
	uint32_t n = *h ? key_table_find(&(*h)->table, key_hash32(key, (*h)->table.words), key)
			: UINT32_MAX;

	if (n != UINT32_MAX)
		sum_remove(*h, n);
}

void huge_change_total(struct huge **h, unsigned words, const struct tally *by)
{
	sum_add(&huge_of(h, words)->total, by, 1);
}

struct huge *huge_total_only(const struct huge *h)
{
	struct huge *out = NULL;

	if (h)
		huge_of(&out, h->table.words)->total = h->total;
	return out;
}

void huge_take(struct huge **h, const struct huge *from, const uint32_t *key)
{
	unsigned words = from ? from->table.words : 0;
	uint32_t n = from ? key_table_find(&from->table, key_hash32(key, words), key) : UINT32_MAX;

	if (n != UINT32_MAX)
		*sum_of(huge_of(h, words), key) = from->sum[n];
}

void huge_take_total(struct huge **h, const struct huge *from)
{
	if (from)
		huge_of(h, from->table.words)->total = from->total;
}

size_t huge_bytes(const struct huge *h)
{
	return h ? sizeof *h + key_table_bytes(&h->table) + h->cap * sizeof *h->sum : 0;
}

/* What is not huge is the sum less what is, and can't be less than nothing. */
static uint64_t fitting_sum(const struct huge_sum *s, unsigned i, uint64_t sum)
{
	uint64_t high = s->high[i] + (s->low[i] >> 32);
	uint64_t low = high << 32 | (s->low[i] & UINT32_MAX);

	return high >> 32 || sum < low ? UINT64_MAX : sum;
}

static const struct tally *fitting_tally(const struct huge_sum *s, const struct tally *t,
					 struct tally *out)
{
	*out = *t;
	out->bytes = fitting_sum(s, 0, t->bytes);
	out->packets = fitting_sum(s, 1, t->packets);
	out->sent = fitting_sum(s, 2, t->sent);
	out->lost = fitting_sum(s, 3, t->lost);
	return out;
}

const struct tally *huge_tally(struct huge *h, const uint32_t *key, const struct tally *t)
{
	uint32_t n =
		h ? key_table_find(&h->table, key_hash32(key, h->table.words), key) : UINT32_MAX;

	return n == UINT32_MAX ? t : fitting_tally(&h->sum[n], t, &h->shown[0]);
}

const struct tally *huge_total(struct huge *h, const struct tally *t)
{
	return h ? fitting_tally(&h->total, t, &h->shown[1]) : t;
}
