/* query_table.c - see query_table.h. Open addressing, the tag in the slot: most misses
 * end there. */
#include "query/query_table.h"

#include <stdlib.h>

#define SLOTS_LEAST 64u

void key_table_clear(struct key_table *t)
{
	free(t->key);
	free(t->slot);
	*t = (struct key_table){ .words = t->words, .most = t->most };
}

static void place(struct key_table *t, uint32_t tag, uint32_t number)
{
	uint32_t at = tag & (t->cap - 1);

	while (t->slot[at].key)
		at = (at + 1) & (t->cap - 1);
	t->slot[at] = (struct key_slot){ tag, number + 1 };
}

static void set_slots(struct key_table *t, uint32_t cap)
{
	t->cap = cap;
	free(t->slot);
	t->slot = xzeroed(t->cap, sizeof *t->slot);
	for (uint32_t i = 0; i < t->count; i++)
		place(t, key_hash32(key_at(t, i), t->words), i);
}

uint32_t key_table_add(struct key_table *t, uint32_t tag, const uint32_t *key)
{
	if (t->count >= t->cap / 4 * 3)
		set_slots(t, t->cap ? t->cap * 2 : SLOTS_LEAST);
	xgrow_within((void **)&t->key, &t->key_cap, (size_t)(t->count + 1) * t->words,
		     (size_t)t->most * t->words, sizeof *t->key);
	if (t->words)
		memcpy(key_at(t, t->count), key, t->words * sizeof *key);
	place(t, tag, t->count);
	return t->count++;
}

static uint32_t slot_of(const struct key_table *t, uint32_t number)
{
	uint32_t at = key_hash32(key_at(t, number), t->words) & (t->cap - 1);

	while (t->slot[at].key != number + 1)
		at = (at + 1) & (t->cap - 1);
	return at;
}

void key_table_remove(struct key_table *t, uint32_t number)
{
	uint32_t mask = t->cap - 1, hole = slot_of(t, number), at = hole, last = t->count - 1;

	for (;;) { /* move back those that belong before the hole */
		at = (at + 1) & mask;
		if (!t->slot[at].key)
			break;
		if (((at - t->slot[at].tag) & mask) >= ((at - hole) & mask)) {
			t->slot[hole] = t->slot[at];
			hole = at;
		}
	}
	t->slot[hole].key = 0;
	if (number != last) {
		t->slot[slot_of(t, last)].key = number + 1;
		memcpy(key_at(t, number), key_at(t, last), t->words * sizeof *t->key);
	}
	t->count--;
}

/* ---- giving back ---- */

/* How many elements an array has when `count` of them are used: as it is, until a quarter is used
 * only, or more are there than there will be. */
static size_t fitting(const struct key_table *t, size_t cap)
{
	size_t most = t->most > t->count ? t->most : t->count;

	if (cap <= KEY_TABLE_SMALL)
		return cap;
	if (t->count < cap / 4)
		return t->count * 2 > KEY_TABLE_SMALL ? t->count * 2 : KEY_TABLE_SMALL;
	return t->most && cap > most ? most : cap;
}

void key_table_fit_array(const struct key_table *t, void **array, size_t *cap, size_t size)
{
	xshrink(array, cap, fitting(t, *cap), size);
}

/* Slots that are enough for the keys and as many again, or for `most`. */
static uint32_t enough_slots(const struct key_table *t)
{
	uint32_t keys = t->most ? t->most : UINT32_MAX, cap = SLOTS_LEAST;

	keys = t->count < t->cap / 8 && t->count * 2 < keys ? t->count * 2 : keys;
	keys = keys > t->count ? keys : t->count;
	while (cap < t->cap && keys > cap / 4 * 3)
		cap *= 2;
	return cap;
}

void key_table_fit(struct key_table *t)
{
	size_t keys = t->words ? t->key_cap / t->words : 0;
	uint32_t cap = enough_slots(t);

	if (cap < t->cap)
		set_slots(t, cap);
	if (fitting(t, keys) < keys)
		xshrink((void **)&t->key, &t->key_cap, fitting(t, keys) * t->words, sizeof *t->key);
}

void key_table_cut(struct key_table *t, uint32_t count)
{
	uint32_t cap = t->cap;

	t->count = count;
	key_table_fit(t);
	if (t->cap == cap)
		set_slots(t, cap);
}

void key_table_room(const struct key_table *t, void **array, size_t *cap, size_t size)
{
	xgrow_within(array, cap, t->count, t->most, size);
}

size_t key_table_bytes(const struct key_table *t)
{
	return t->key_cap * sizeof *t->key + t->cap * sizeof *t->slot;
}
