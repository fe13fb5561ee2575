/* segment_build.h - the inside of a segment, and how the decoder fills an open one.
 * Private to segment*.c, decode*.c and core/parquet. */
#ifndef ENITOP_SEGMENT_BUILD_H
#define ENITOP_SEGMENT_BUILD_H

#include <string.h>

#include "base/hash.h"
#include "store/segment.h"

/* Bytes of texts, of all columns: what is found by offsets in them stays far below 2^31, and no
 * segment outgrows the ring that it can't be cut out of. */
#define SEGMENT_TEXT_MAX (64u << 20)

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
 * words, compared at once; the rest of a longer one where it stands. */
struct token {
	uint64_t a, b;
	const char *s;
	uint32_t n;
};

/* Reads beyond a text of fewer than 16 bytes: so many are readable. */
static inline struct token token_of(struct str s)
{
	struct token t = { .s = s.s, .n = (uint32_t)s.n };

	memcpy(&t.a, s.s, 8);
	memcpy(&t.b, s.s + 8, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if (s.n < 8) {
		t.a &= (UINT64_C(1) << 8 * s.n) - 1;
		t.b = 0;
	} else if (s.n < 16) {
		t.b &= (UINT64_C(1) << 8 * (s.n - 8)) - 1;
	}
#else
	char head[16] = { 0 };
	memcpy(head, s.s, s.n < 16 ? s.n : 16);
	memcpy(&t.a, head, 8);
	memcpy(&t.b, head + 8, 8);
#endif
	return t;
}

/* Distinct values of a column -> codes, while the segment is open or waits to be
 * published. `key[code]` keeps the value: of a sealed address column `address` alone. */
struct interner {
	struct slot32 {
		uint32_t tag, code;
	} * slot;     /* code 0: empty ('-' is never interned) */
	uint32_t cap; /* power of two, or 0 */
	struct key {
		uint64_t a, b;
		uint32_t n, at; /* at: in `long_text` */
	} * key;
	size_t key_cap;
	struct buf long_text;   /* keys of more than 16 bytes, whole */
	uint8_t (*address)[16]; /* address columns: parsed values */
	size_t address_cap;
	bool repeats; /* most values of the last batch were those of the row before */
};

static inline uint64_t load_8(const char *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return v;
}

/* Texts of `n` > 16 bytes, of which the first 16 are known to be equal. Interface ids have
 * 21: two loads that overlap see the rest of up to 32. */
static inline bool long_equal(const char *x, const char *y, uint32_t n)
{
	if (n <= 32)
		return load_8(x + n - 16) == load_8(y + n - 16) &&
		       load_8(x + n - 8) == load_8(y + n - 8);
	return memcmp(x + 16, y + 16, n - 16) == 0;
}

/* `text` is looked at where it has more than 16 bytes. */
static inline uint64_t key_hash(uint64_t a, uint64_t b, uint32_t n, const char *text)
{
	uint64_t rest = n;

	if (n > 32)
		rest ^= hash_bytes(text + 16, n - 16);
	else if (n > 16)
		rest ^= hash_pair(load_8(text + n - 16), load_8(text + n - 8), 0);
	return hash_pair(a, b, rest);
}

static inline uint64_t token_hash(const struct token *t)
{
	return key_hash(t->a, t->b, t->n, t->s);
}

static inline bool key_is(const struct interner *in, const struct key *k, const struct token *t)
{
	return k->a == t->a && k->b == t->b && k->n == t->n &&
	       (t->n <= 16 || long_equal(in->long_text.s + k->at, t->s, t->n));
}

/* The code of a token that is not "-", adding it if it is new. */
uint32_t column_intern(struct column *c, const struct token *t, uint64_t hash);

/* Interns a value, at once where it stands in the first place it may. */
static inline uint32_t column_code_of(struct column *c, const struct token *t, uint64_t hash)
{
	const struct interner *in = c->interner;

	if (in->cap) {
		const struct slot32 *slot = &in->slot[(uint32_t)hash & (in->cap - 1)];
		if (slot->code && slot->tag == (uint32_t)(hash >> 32) &&
		    key_is(in, &in->key[slot->code], t))
			return slot->code;
	}
	return column_intern(c, t, hash);
}

static inline void column_prefetch(const struct column *c, uint64_t hash)
{
	if (c->interner->cap)
		__builtin_prefetch(&c->interner->slot[(uint32_t)hash & (c->interner->cap - 1)]);
}

void interner_free(struct column *c);
void bitmap_resize(uint64_t **bits, uint32_t old_rows, uint32_t rows);

/* Room for about so many rows, of a segment that has none. */
void segment_expect(struct segment *s, size_t rows);
/* No row more: it has all that it may have, or texts enough. */
bool segment_is_full(const struct segment *s);
/* Room for `more` rows, at most SEGMENT_ROWS in all. */
void segment_reserve(struct segment *s, uint32_t more);

/* Open columns hold uint16_t codes, and uint32_t numbers until one does not fit. */
void column_widen(struct column *c, uint32_t rows, uint32_t cap);
/* Row `row` has no number. */
void column_set_absent(struct column *c, uint32_t row, uint32_t cap);
/* Row `row` is written otherwise than its number (or absence) would be. */
void column_add_exception(struct column *c, uint32_t row, struct str text);

/* The text that `code` stands for is none that its field can have. */
void column_set_unreadable(struct column *c, uint32_t code);
/* Notes a row with unreadable values, in order. */
void segment_note_unreadable(struct segment *s, uint32_t row, uint64_t line);

/* Adds the text that `code` stands for; returns its length. Only while the column
 * has the keys of its interner. */
size_t column_key_text(const struct column *c, uint32_t code, struct buf *out);

#endif
