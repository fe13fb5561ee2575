/* query_table.c - see query_table.h. Open addressing; a part of the hash in the slot: most misses
 * end there. */
#include "query/query_table.h"

#include <stdlib.h>

#include "base/mapped.h"

#define SLOTS_LEAST 64u
#define SLOTS_AT_ONCE (1u << 15) /* more are not filled at once, */
#define MOVES_AT_ONCE 16u        /* but so many with each key that is added */

/* ---- arrays ---- */

static void resize(void **array, size_t *cap, size_t to, size_t size)
{
	*array = mapped_resize(*array, *cap * size, to * size);
	*cap = to;
}

/* As xgrow_within() has it. */
static void grow(void **array, size_t *cap, size_t need, size_t most, size_t size)
{
	size_t wanted = *cap ? *cap * 2 : 16;

	if (need <= *cap)
		return;
	wanted = most && wanted > most ? most : wanted;
	resize(array, cap, wanted > need ? wanted : need, size);
}

static void free_array(void *array, size_t cap, size_t size)
{
	mapped_free(array, cap * size);
}

/* ---- slots ---- */

static void forget_old(struct key_table *t)
{
	free_array(t->old, t->old_cap, sizeof *t->old);
	t->old = NULL;
	t->old_cap = t->moved = 0;
}

static void free_slots(struct key_table *t)
{
	free_array(t->slot, t->cap, sizeof *t->slot);
	forget_old(t);
}

void key_table_clear(struct key_table *t)
{
	free_array(t->key, t->key_cap, sizeof *t->key);
	free_slots(t);
	*t = (struct key_table){ .words = t->words, .most = t->most };
}

static uint32_t tag_of(const struct key_table *t, uint32_t number)
{
	return key_hash32(key_at(t, number), t->words);
}

/* The slot that is so far behind where it belongs. */
static uint32_t at_distance(uint32_t slot, uint32_t mask, uint32_t far)
{
	if (mask >> 24)
		return slot;
	far = far < SLOT_FAR_MOST ? far : SLOT_FAR_MOST;
	return (slot & ((1u << SLOT_FAR_SHIFT) - 1)) | far << SLOT_FAR_SHIFT;
}

/* How far the one at `at` is. */
static uint32_t distance_at(const struct key_table *t, uint32_t at)
{
	uint32_t mask = t->cap - 1, far = t->slot[at] >> SLOT_FAR_SHIFT;

	if (mask >> 24 || far == SLOT_FAR_MOST)
		far = (at - tag_of(t, (t->slot[at] & mask) - 1)) & mask;
	return far;
}

static void place(struct key_table *t, uint32_t tag, uint32_t number)
{
	uint32_t mask = t->cap - 1, at = tag & mask;

	while (t->slot[at])
		at = (at + 1) & mask;
	t->slot[at] =
		at_distance((tag & key_slot_hash(mask)) | (number + 1), mask, (at - tag) & mask);
}

static void set_slots(struct key_table *t, uint32_t cap)
{
	free_slots(t);
	t->cap = cap;
	t->slot = mapped_zeroed(t->cap * sizeof *t->slot);
	for (uint32_t i = 0; i < t->count; i++)
		place(t, tag_of(t, i), i);
}

/* Goes on with `most` keys, of those that are in the old slots alone. */
static void move_some(struct key_table *t, uint32_t most)
{
	uint32_t end = t->old_count - t->moved > most ? t->moved + most : t->old_count;

	for (; t->moved < end; t->moved++)
		place(t, tag_of(t, t->moved), t->moved);
	if (t->moved == t->old_count)
		forget_old(t);
}

static void move_all(struct key_table *t)
{
	if (t->old)
		move_some(t, UINT32_MAX);
}

static void more_slots(struct key_table *t)
{
	move_all(t);
	if (t->cap < SLOTS_AT_ONCE) {
		set_slots(t, t->cap ? t->cap * 2 : SLOTS_LEAST);
		return;
	}
	t->old = t->slot;
	t->old_cap = t->cap;
	t->old_count = t->count;
	t->cap *= 2;
	t->slot = mapped_zeroed(t->cap * sizeof *t->slot);
}

/* ---- keys ---- */

uint32_t key_table_add(struct key_table *t, uint32_t tag, const uint32_t *key)
{
	if (t->count >= t->cap / 4 * 3)
		more_slots(t);
	if (t->old)
		move_some(t, MOVES_AT_ONCE);
	grow((void **)&t->key, &t->key_cap, (size_t)(t->count + 1) * t->words,
	     (size_t)t->most * t->words, sizeof *t->key);
	if (t->words)
		memcpy(key_at(t, t->count), key, t->words * sizeof *key);
	place(t, tag, t->count);
	return t->count++;
}

static uint32_t slot_of(const struct key_table *t, uint32_t number)
{
	uint32_t mask = t->cap - 1, at = tag_of(t, number) & mask;

	while ((t->slot[at] & mask) != number + 1)
		at = (at + 1) & mask;
	return at;
}

void key_table_remove(struct key_table *t, uint32_t number)
{
	uint32_t mask = t->cap - 1, last = t->count - 1, hole, at, far;

	move_all(t);
	hole = at = slot_of(t, number);
	for (;;) { /* move back those that belong before the hole */
		at = (at + 1) & mask;
		if (!t->slot[at])
			break;
		far = distance_at(t, at);
		if (far >= ((at - hole) & mask)) {
			t->slot[hole] = at_distance(t->slot[at], mask, far - ((at - hole) & mask));
			hole = at;
		}
	}
	t->slot[hole] = 0;
	if (number != last) {
		at = slot_of(t, last);
		t->slot[at] = (t->slot[at] & ~mask) | (number + 1);
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

void key_table_fit_large(const struct key_table *t, void **array, size_t *cap, size_t size)
{
	if (fitting(t, *cap) < *cap)
		resize(array, cap, fitting(t, *cap), size);
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
		resize((void **)&t->key, &t->key_cap, fitting(t, keys) * t->words, sizeof *t->key);
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

void key_table_room_large(const struct key_table *t, void **array, size_t *cap, size_t size)
{
	grow(array, cap, t->count, t->most, size);
}

void key_table_free_large(void *array, size_t cap, size_t size)
{
	free_array(array, cap, size);
}

size_t key_table_bytes(const struct key_table *t)
{
	return t->key_cap * sizeof *t->key + (t->cap + t->old_cap) * sizeof *t->slot;
}
