/* query_table.c - see query_table.h. Open addressing, the tag in the slot: most misses
 * end there. */
#include "query/query_table.h"

#include <stdlib.h>

void key_table_clear(struct key_table *t)
{
	free(t->key);
	free(t->slot);
	*t = (struct key_table){ .words = t->words };
}

static void place(struct key_table *t, uint32_t tag, uint32_t number)
{
	uint32_t at = tag & (t->cap - 1);

	while (t->slot[at].key)
		at = (at + 1) & (t->cap - 1);
	t->slot[at] = (struct key_slot){ tag, number + 1 };
}

static void grow(struct key_table *t)
{
	t->cap = t->cap ? t->cap * 2 : 64;
	free(t->slot);
	t->slot = xzeroed(t->cap, sizeof *t->slot);
	for (uint32_t i = 0; i < t->count; i++)
		place(t, key_hash32(key_at(t, i), t->words), i);
}

uint32_t key_table_add(struct key_table *t, uint32_t tag, const uint32_t *key)
{
	if (t->count >= t->cap / 4 * 3)
		grow(t);
	xgrow((void **)&t->key, &t->key_cap, (size_t)(t->count + 1) * t->words, sizeof *t->key);
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

size_t key_table_bytes(const struct key_table *t)
{
	return t->key_cap * sizeof *t->key + t->cap * sizeof *t->slot;
}
