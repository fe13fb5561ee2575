/* segment_build.h - the inside of a segment, and how the decoder fills an open one.
 * Private to segment.c, segment_read.c and decode.c. */
#ifndef ENITOP_SEGMENT_BUILD_H
#define ENITOP_SEGMENT_BUILD_H

#include <string.h>

#include "segment.h"

/* What both halves of segment.c read. */
static inline struct str arena_get(const struct buf *arena, uint32_t text)
{
	uint32_t n;

	memcpy(&n, arena->s + text - 1, sizeof n);
	return (struct str){ arena->s + text - 1 + sizeof n, n };
}

static inline bool is_absent(const struct column *c, uint32_t row)
{
	return c->absent && (c->absent[row / 64] >> row % 64 & 1);
}

static inline uint64_t data_at(const struct column *c, uint32_t row)
{
	switch (c->width) {
	case 1:
		return ((const uint8_t *)c->data)[row];
	case 2:
		return ((const uint16_t *)c->data)[row];
	case 4:
		return ((const uint32_t *)c->data)[row];
	case 8:
		return ((const uint64_t *)c->data)[row];
	default:
		return 0;
	}
}

/* A token as the key of an interner: its first 16 bytes (zero padded) in two
 * words, compared at once; the rest of a longer one in the arena. */
struct token {
	uint64_t a, b;
	const char *s;
	uint32_t n;
};

/* Distinct values of a column -> codes, while the segment is open or waits to be
 * published. `key[code]` keeps the value. */
struct interner {
	struct slot32 {
		uint32_t tag, code;
	} * slot;     /* code 0: empty ('-' is never interned) */
	uint32_t cap; /* power of two, or 0 */
	struct key {
		uint64_t a, b;
		uint32_t n, rest;
	} * key; /* rest: offset in `long_text` */
	size_t key_cap;
	struct buf long_text;   /* the bytes behind the first 16 of longer keys */
	uint8_t (*address)[16]; /* address columns: parsed values */
	size_t address_cap;
};

static inline uint64_t key_hash(uint64_t a, uint64_t b, uint32_t n, const char *rest)
{
	uint64_t h = (a ^ (b * 0x9e3779b97f4a7c15u)) + n;

	if (n > 16)
		h ^= hash_bytes(rest, n - 16);
	return hash_u64(h);
}

static inline uint64_t token_hash(const struct token *t)
{
	return key_hash(t->a, t->b, t->n, t->n > 16 ? t->s + 16 : NULL);
}

/* The code of a token that is not "-", adding it if it is new. */
uint32_t column_intern(struct column *c, const struct token *t, uint64_t hash);

static inline void column_prefetch(const struct column *c, uint64_t hash)
{
	if (c->interner->cap)
		__builtin_prefetch(&c->interner->slot[(uint32_t)hash & (c->interner->cap - 1)]);
}

/* Room for `more` rows, at most SEGMENT_ROWS in all. */
void segment_reserve(struct segment *s, uint32_t more);

/* Open columns hold uint16_t codes, and uint32_t numbers until one does not fit. */
void column_widen(struct column *c, uint32_t rows, uint32_t cap);
/* Row `row` has no number. */
void column_set_absent(struct column *c, uint32_t row, uint32_t cap);
/* Row `row` is written otherwise than its number (or absence) would be. */
void column_add_exception(struct column *c, uint32_t row, struct str text);

/* Adds the text that `code` stands for; returns its length. Only while the column
 * has its interner. */
size_t column_key_text(const struct column *c, uint32_t code, struct buf *out);

#endif
