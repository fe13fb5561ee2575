/* query_table.h - a hash table of keys of words, numbered 0..count-1; what belongs to a key
 * stands in arrays of the owner under its number. Private to query*.c. */
#ifndef ENITOP_QUERY_TABLE_H
#define ENITOP_QUERY_TABLE_H

#include <string.h>

#include "query/query_key.h"

/* Tables of fewer elements give nothing back. */
#define KEY_TABLE_SMALL 1024u

/* A slot has the number of a key + 1 in its lower bits, of which there are as many as of a slot's
 * own number; above them what the key's hash has there; in the highest four how far behind the
 * place where it belongs it is, 15 and more as 15. In more than 2^24 slots those are of the hash,
 * too. 0: it is empty. */
#define SLOT_FAR_SHIFT 28
#define SLOT_FAR_MOST 15u
struct key_table {
	unsigned words; /* a key */
	uint32_t count;
	uint32_t *key;
	size_t key_cap;
	uint32_t *slot;
	uint32_t cap; /* slots, a power of two or 0 */
	/* The slots before there were more, where keys from `moved` to `old_count` - 1 are still;
	 * NULL: all have moved. */
	uint32_t *old;
	uint32_t old_cap, old_count, moved;
	uint32_t most; /* keys that there will be at most, if that is known; 0: it is not */
};

/* Empties it and gives the memory back; `words` and `most` stay. */
void key_table_clear(struct key_table *t);
/* Adds a key that is not there; its number is the count before. */
uint32_t key_table_add(struct key_table *t, uint32_t tag, const uint32_t *key);
/* Removes a key; the last one takes its number. */
void key_table_remove(struct key_table *t, uint32_t number);
/* Gives back what far fewer keys than there were don't need. */
void key_table_fit(struct key_table *t);
/* The first `count` keys, which the caller has moved there, are all. */
void key_table_cut(struct key_table *t, uint32_t count);
size_t key_table_bytes(const struct key_table *t);
/* Room in an array of the owner's for as many elements as there are keys; and what
 * key_table_fit does, for that array. */
void key_table_room(const struct key_table *t, void **array, size_t *cap, size_t size);
void key_table_fit_array(const struct key_table *t, void **array, size_t *cap, size_t size);
/* The same of an array that becomes large (mapped.h), and its end. */
void key_table_room_large(const struct key_table *t, void **array, size_t *cap, size_t size);
void key_table_fit_large(const struct key_table *t, void **array, size_t *cap, size_t size);
void key_table_free_large(void *array, size_t cap, size_t size);

static inline uint32_t *key_at(const struct key_table *t, uint32_t number)
{
	return t->key + (size_t)number * t->words;
}

static inline bool key_equal(const struct key_table *t, uint32_t number, const uint32_t *key)
{
	const uint32_t *at = key_at(t, number);
	uint32_t differs = 0;

	for (unsigned w = 0; w < t->words; w++)
		differs |= at[w] ^ key[w];
	return differs == 0;
}

/* The bits of the hash that a slot has. */
static inline uint32_t key_slot_hash(uint32_t mask)
{
	return mask >> 24 ? ~mask : ~mask & ((1u << SLOT_FAR_SHIFT) - 1);
}

static inline void key_table_prefetch(const struct key_table *t, uint32_t tag)
{
	if (t->cap)
		__builtin_prefetch(&t->slot[tag & (t->cap - 1)]);
}

/* The first number that has the tag as far as slots know it: likely the key's, which is not looked
 * at. UINT32_MAX: none. */
static inline uint32_t key_table_guess(const struct key_table *t, uint32_t tag)
{
	uint32_t mask = t->cap - 1, hash = key_slot_hash(mask), slot;

	if (!t->cap)
		return UINT32_MAX;
	for (uint32_t at = tag & mask; (slot = t->slot[at]); at = (at + 1) & mask)
		if (((slot ^ tag) & hash) == 0)
			return (slot & mask) - 1;
	return UINT32_MAX;
}

static inline uint32_t key_slots_find(const struct key_table *t, const uint32_t *slots,
				      uint32_t mask, uint32_t tag, const uint32_t *key)
{
	uint32_t hash = key_slot_hash(mask), slot;

	for (uint32_t at = tag & mask; (slot = slots[at]); at = (at + 1) & mask)
		if (((slot ^ tag) & hash) == 0 && key_equal(t, (slot & mask) - 1, key))
			return (slot & mask) - 1;
	return UINT32_MAX;
}

/* The number of a key (tag: its key_hash32), or UINT32_MAX. */
static inline uint32_t key_table_find(const struct key_table *t, uint32_t tag, const uint32_t *key)
{
	uint32_t found = t->cap ? key_slots_find(t, t->slot, t->cap - 1, tag, key) : UINT32_MAX;

	if (found == UINT32_MAX && t->old)
		found = key_slots_find(t, t->old, t->old_cap - 1, tag, key);
	return found;
}

#endif
