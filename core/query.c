/* query.c - the table of groups, folding, ranking: see query.h.
 *
 * A key part is one 32-bit word: the dictionary id of an address or text (0: none),
 * a port, protocol, flag set or time bin (ABSENT: none); other numbers take two.
 * Rows are folded in batches, stage by stage, so that the misses of the table
 * overlap: gather words, hash, prefetch, find, add. */
#include "query.h"

#include <stdlib.h>
#include <string.h>

#include "query_key.h"

struct slot {
	uint32_t tag, group; /* group + 1; 0: empty */
};

struct accumulator {
	struct group group;
	struct key_layout layout;
	struct dict *dict;
	unsigned shift;
	uint32_t *key; /* layout.words a group */
	struct tally *tally;
	size_t key_cap, tally_cap;
	uint32_t count, adopted; /* groups; of them, with references of their own */
	struct slot *slot;
	uint32_t cap; /* slots, a power of two or 0 */
	struct tally total;
	struct key_set only; /* restriction of the leading parts */
	uint8_t mark;        /* that rows must have */
};

/* ---- the table ---- */

static uint32_t *key_at(const struct accumulator *a, uint32_t group)
{
	return a->key + (size_t)group * a->layout.words;
}

static bool key_equal(const struct accumulator *a, uint32_t group, const uint32_t *key)
{
	return memcmp(key_at(a, group), key, a->layout.words * sizeof *key) == 0;
}

static void table_place(struct accumulator *a, uint32_t tag, uint32_t group)
{
	uint32_t at = tag & (a->cap - 1);

	while (a->slot[at].group)
		at = (at + 1) & (a->cap - 1);
	a->slot[at] = (struct slot){ tag, group + 1 };
}

static void table_grow(struct accumulator *a)
{
	a->cap = a->cap ? a->cap * 2 : 64;
	free(a->slot);
	a->slot = xcalloc(a->cap, sizeof *a->slot);
	for (uint32_t g = 0; g < a->count; g++)
		table_place(a, key_hash32(key_at(a, g), a->layout.words), g);
}

/* The group of a key, or UINT32_MAX. */
static uint32_t table_find(const struct accumulator *a, uint32_t tag, const uint32_t *key)
{
	uint32_t at;

	if (!a->cap)
		return UINT32_MAX;
	for (at = tag & (a->cap - 1); a->slot[at].group; at = (at + 1) & (a->cap - 1))
		if (a->slot[at].tag == tag && key_equal(a, a->slot[at].group - 1, key))
			return a->slot[at].group - 1;
	return UINT32_MAX;
}

static uint32_t table_add(struct accumulator *a, uint32_t tag, const uint32_t *key)
{
	if (a->count >= a->cap / 4 * 3)
		table_grow(a);
	xgrow((void **)&a->key, &a->key_cap, (size_t)(a->count + 1) * a->layout.words,
	      sizeof *a->key);
	xgrow((void **)&a->tally, &a->tally_cap, a->count + 1, sizeof *a->tally);
	if (a->layout.words)
		memcpy(key_at(a, a->count), key, a->layout.words * sizeof *key);
	a->tally[a->count] = (struct tally){ 0 };
	table_place(a, tag, a->count);
	return a->count++;
}

static uint32_t slot_of(const struct accumulator *a, uint32_t group)
{
	uint32_t at = key_hash32(key_at(a, group), a->layout.words) & (a->cap - 1);

	while (a->slot[at].group != group + 1)
		at = (at + 1) & (a->cap - 1);
	return at;
}

static void table_remove(struct accumulator *a, uint32_t group)
{
	uint32_t mask = a->cap - 1, hole = slot_of(a, group), at = hole, last = a->count - 1;

	for (;;) { /* move back those that belong before the hole */
		at = (at + 1) & mask;
		if (!a->slot[at].group)
			break;
		if (((at - a->slot[at].tag) & mask) >= ((at - hole) & mask)) {
			a->slot[hole] = a->slot[at];
			hole = at;
		}
	}
	a->slot[hole].group = 0;
	if (group != last) {
		a->slot[slot_of(a, last)].group = group + 1;
		memcpy(key_at(a, group), key_at(a, last), a->layout.words * sizeof *a->key);
		a->tally[group] = a->tally[last];
	}
	a->count--;
}

/* ---- life ---- */

struct accumulator *accumulator_new(const struct group *g, struct dict *d)
{
	struct accumulator *a = xcalloc(1, sizeof *a);

	a->group = *g;
	a->dict = d;
	key_layout_init(&a->layout, g);
	return a;
}

static void unadopt(struct accumulator *a)
{
	for (uint32_t g = 0; g < a->adopted; g++)
		for (unsigned p = 0; p < a->group.n; p++) {
			uint32_t word = key_at(a, g)[a->layout.at[p]];
			if (a->layout.type[p] == TYPE_ADDRESS)
				dict_address_unref(a->dict, word);
			else if (a->layout.type[p] == TYPE_TEXT)
				dict_text_unref(a->dict, word);
		}
	a->adopted = 0;
}

void accumulator_clear(struct accumulator *a)
{
	unadopt(a);
	free(a->slot);
	free(a->key);
	free(a->tally);
	a->slot = NULL;
	a->key = NULL;
	a->tally = NULL;
	a->cap = a->count = 0;
	a->key_cap = a->tally_cap = 0;
	a->total = (struct tally){ 0 };
}

void accumulator_free(struct accumulator *a)
{
	if (!a)
		return;
	accumulator_clear(a);
	key_set_release(&a->only);
	free(a);
}

const struct group *accumulator_group(const struct accumulator *a)
{
	return &a->group;
}

bool accumulator_is_series(const struct accumulator *a)
{
	return key_layout_bin(&a->layout) >= 0;
}

unsigned accumulator_bin_shift(const struct accumulator *a)
{
	return a->shift;
}

void accumulator_set_bin_shift(struct accumulator *a, unsigned shift)
{
	int bin = key_layout_bin(&a->layout);
	uint32_t *key = a->key, count = a->count;
	struct tally *tally = a->tally;
	unsigned more = shift - a->shift;

	a->shift = shift;
	if (bin < 0 || count == 0 || more == 0)
		return;
	unadopt(a); /* merged groups: the caller adopts again */
	a->key = NULL;
	a->tally = NULL;
	a->key_cap = a->tally_cap = 0;
	a->count = 0;
	memset(a->slot, 0, a->cap * sizeof *a->slot);
	for (uint32_t g = 0; g < count; g++) {
		uint32_t *k = key + (size_t)g * a->layout.words;
		if (k[bin] != KEY_ABSENT)
			k[bin] >>= more;
		uint32_t tag = key_hash32(k, a->layout.words), group = table_find(a, tag, k);
		if (group == UINT32_MAX)
			group = table_add(a, tag, k);
		tally_add(&a->tally[group], &tally[g], 1);
	}
	free(key);
	free(tally);
}

/* ---- folding ---- */

static void group_change(struct accumulator *a, const uint32_t *key, const struct tally *by,
			 uint64_t sign)
{
	uint32_t tag = key_hash32(key, a->layout.words), g = table_find(a, tag, key);

	if ((by->flows | by->seconds) == 0)
		return;
	if (g == UINT32_MAX)
		g = table_add(a, tag, key);
	tally_add(&a->tally[g], by, sign);
	tally_add(&a->total, by, sign);
	if ((a->tally[g].flows | a->tally[g].seconds) == 0)
		table_remove(a, g);
}

/* Shares of a series that is one key a bin, as the timeline is: they are summed up in an
 * array, and the table is asked once a bin, not once a share. */
static void add_bins(struct accumulator *a, const struct key_batch *b, uint64_t sign)
{
	enum { BINS = 64 };
	struct tally sum[BINS] = { { 0 } };
	uint32_t key[BINS] = { 0 };

	for (unsigned i = 0; i < b->n; i++) {
		uint32_t bin = b->key[i];
		struct tally *t = &sum[bin % BINS];
		if (key[bin % BINS] != bin) {
			group_change(a, &key[bin % BINS], t, sign);
			key[bin % BINS] = bin;
			*t = (struct tally){ 0 };
		}
		tally_change(t, &b->facts[i], 1);
	}
	for (unsigned i = 0; i < BINS; i++)
		group_change(a, &key[i], &sum[i], sign);
}

static void add_rows(struct accumulator *a, const struct key_batch *b, uint64_t sign)
{
	unsigned words = a->layout.words;
	uint32_t tag[KEY_BATCH], guess[KEY_BATCH];

	for (unsigned i = 0; i < b->n; i++) {
		tag[i] = key_hash32(b->key + i * words, words);
		if (a->cap)
			__builtin_prefetch(&a->slot[tag[i] & (a->cap - 1)]);
	}
	for (unsigned i = 0; i < b->n; i++) {
		const struct slot *s = a->cap ? &a->slot[tag[i] & (a->cap - 1)] : NULL;
		guess[i] = s && s->group && s->tag == tag[i] ? s->group - 1 : UINT32_MAX;
		if (guess[i] != UINT32_MAX) {
			__builtin_prefetch(key_at(a, guess[i]));
			__builtin_prefetch(&a->tally[guess[i]]);
		}
	}
	for (unsigned i = 0; i < b->n; i++) {
		const uint32_t *key = b->key + i * words;
		uint32_t g = guess[i];
		if (g >= a->count || !key_equal(a, g, key))
			g = table_find(a, tag[i], key);
		if (g == UINT32_MAX)
			g = table_add(a, tag[i], key);
		tally_change(&a->tally[g], &b->facts[i], sign);
		tally_change(&a->total, &b->facts[i], sign);
		if ((a->tally[g].flows | a->tally[g].seconds) == 0)
			table_remove(a, g);
	}
}

uint32_t accumulator_fold(struct accumulator *a, const struct segment *s, uint32_t first,
			  uint32_t n, const uint64_t *bits, struct span span, int sign)
{
	int bin = key_layout_bin(&a->layout);
	struct key_batch *batch, *shares = NULL;
	struct key_reader reader;
	struct series series;
	uint32_t folded = 0;

	if (a->only.words && a->only.n == 0)
		return 0;
	batch = key_batch_new(a->layout.words);
	if (bin >= 0)
		shares = key_batch_new(a->layout.words);
	key_reader_init(&reader, &a->layout, s, a->shift, &a->only);
	for (uint32_t done = 0; done < n; done += KEY_BATCH) {
		uint32_t m = n - done < KEY_BATCH ? n - done : KEY_BATCH;
		key_batch_select(batch, s, first + done, m, bits, done, span);
		if (a->mark)
			key_batch_only(batch, a->mark);
		folded += key_batch_read(batch, &reader);
		if (bin < 0) {
			add_rows(a, batch, (uint64_t)(int64_t)sign);
			continue;
		}
		series_begin(&series, batch, &reader, (unsigned)bin);
		while (series_next(&series, shares))
			(a->group.n == 1 ? add_bins : add_rows)(a, shares, (uint64_t)(int64_t)sign);
	}
	free(batch);
	free(shares);
	return folded;
}

void accumulator_only(struct accumulator *a, uint8_t mark)
{
	accumulator_clear(a);
	a->mark = mark;
}

void accumulator_restrict(struct accumulator *a, const struct accumulator *from,
			  const uint32_t *index, uint32_t n)
{
	accumulator_clear(a);
	key_set_release(&a->only);
	key_set_init(&a->only, from->layout.words);
	for (uint32_t i = 0; i < n; i++)
		key_set_add(&a->only, key_at(from, index[i]));
}

bool accumulator_covers(const struct accumulator *a, const struct accumulator *from,
			const uint32_t *index, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (!key_set_has(&a->only, key_at(from, index[i])))
			return false;
	return true;
}

void accumulator_adopt(struct accumulator *a)
{
	for (; a->adopted < a->count; a->adopted++)
		for (unsigned p = 0; p < a->group.n; p++) {
			uint32_t word = key_at(a, a->adopted)[a->layout.at[p]];
			if (a->layout.type[p] == TYPE_ADDRESS)
				dict_address_keep(a->dict, word);
			else if (a->layout.type[p] == TYPE_TEXT)
				dict_text_keep(a->dict, word);
		}
}

/* ---- reading ---- */

uint32_t accumulator_count(const struct accumulator *a)
{
	return a->count;
}

const struct tally *accumulator_tally(const struct accumulator *a, uint32_t index)
{
	return &a->tally[index];
}

const struct tally *accumulator_total(const struct accumulator *a)
{
	return &a->total;
}

void accumulator_key(const struct accumulator *a, uint32_t index, unsigned part, struct value *out)
{
	key_value(&a->layout, key_at(a, index), part, a->dict, a->shift, out);
}

const struct tally *accumulator_at(const struct accumulator *a, const struct accumulator *from,
				   uint32_t like, int64_t bin)
{
	uint32_t key[GROUP_MAX * 2], group;

	memcpy(key, key_at(from, like), from->layout.words * sizeof *key);
	key[from->layout.words] = (uint32_t)bin;
	group = table_find(a, key_hash32(key, a->layout.words), key);
	return group == UINT32_MAX ? NULL : &a->tally[group];
}

/* Best first; ties by the bytes of the key's values, so that no order of arrival
 * shows. */
struct ranking {
	const struct accumulator *a;
	enum metric metric;
};

static int rank_compare(const void *x, const void *y, void *ctx)
{
	const struct ranking *r = ctx;
	uint32_t g = *(const uint32_t *)x, h = *(const uint32_t *)y;
	uint64_t a = tally_metric(&r->a->tally[g], r->metric);
	uint64_t b = tally_metric(&r->a->tally[h], r->metric);

	if (a != b)
		return a > b ? -1 : 1;
	return key_compare(&r->a->layout, key_at(r->a, g), key_at(r->a, h), r->a->dict);
}

/* Restores the heap (worst on top) from `i` down. */
static void sift_down(uint32_t *heap, uint32_t n, uint32_t i, struct ranking *r)
{
	for (;;) {
		uint32_t child = 2 * i + 1, swap;
		if (child >= n)
			return;
		if (child + 1 < n && rank_compare(&heap[child + 1], &heap[child], r) > 0)
			child++;
		if (rank_compare(&heap[child], &heap[i], r) <= 0)
			return;
		swap = heap[i];
		heap[i] = heap[child];
		heap[child] = swap;
		i = child;
	}
}

uint32_t accumulator_rank(const struct accumulator *a, enum metric m, uint32_t limit,
			  uint32_t **index)
{
	struct ranking r = { a, m };
	uint32_t room = limit && limit < a->count ? limit : a->count, n = 0;
	uint32_t *heap = xmalloc(room * sizeof *heap);

	for (uint32_t g = 0; g < a->count; g++) {
		if (m >= METRIC_REJECTS && tally_metric(&a->tally[g], m) == 0)
			continue;
		if (n < room) {
			heap[n++] = g;
			for (uint32_t i = n / 2; n == room && i-- > 0;)
				sift_down(heap, n, i, &r);
		} else if (rank_compare(&g, &heap[0], &r) < 0) {
			heap[0] = g;
			sift_down(heap, n, 0, &r);
		}
	}
	qsort_r(heap, n, sizeof *heap, rank_compare, &r);
	*index = heap;
	return n;
}

size_t accumulator_bytes(const struct accumulator *a)
{
	return sizeof *a + a->key_cap * sizeof *a->key + a->tally_cap * sizeof *a->tally +
	       a->cap * sizeof *a->slot;
}
