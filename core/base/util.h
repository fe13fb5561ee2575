/* util.h - the few things every room needs: text slices, a growable buffer,
 * checked allocation, hashing, and numbers as people read them. */
#ifndef ENITOP_UTIL_H
#define ENITOP_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* A slice of somebody else's bytes. Not NUL-terminated. */
struct str {
	const char *s;
	size_t n;
};

/* A slice of a NUL-terminated string. */
struct str str_of(const char *s);
bool str_equal(struct str a, struct str b);
/* ASCII case is ignored, and '_' equals '-'. */
bool str_equal_loose(struct str a, struct str b);
struct str str_trim(struct str s);
/* Cuts the next run of bytes other than space and tab off the front of *rest;
 * an empty slice when there is none. */
struct str str_token(struct str *rest);
/* Insertions, deletions, changes and swaps of neighbours from a to b, case aside; at most 3. */
unsigned str_edits(struct str a, struct str b);
/* A decimal number of at most 20 digits and nothing else; false on overflow too. */
bool str_to_u64(struct str s, uint64_t *out);

/* What a hexadecimal digit stands for; -1: it is none. */
int hex_value(char c);

/* Text that grows. Always NUL-terminated once something was added; the NUL is
 * not counted in n. Zero-initialise, release with buf_release. */
struct buf {
	char *s;
	size_t n, cap;
};

void buf_release(struct buf *b);
void buf_clear(struct buf *b); /* keeps the memory */
void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *s, size_t n);
void buf_add_str(struct buf *b, struct str s);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_add_u64(struct buf *b, uint64_t v);
void buf_printf(struct buf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3), nonnull(2)));
struct str buf_str(const struct buf *b);

/* Out of memory is not survivable here: these die() instead of returning NULL. */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
/* A table that is seldom full, zeroed: pages that nobody writes take no memory. */
void *xreserve(size_t bytes);
void xreserve_free(void *table, size_t bytes);
/* The same, of what will be read here and there before it is written: written at once. Fresh
 * pages are else faulted in twice, as zeros to be read and as their own to be written. */
void *xzeroed(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
void *xmemdup(const void *p, size_t n);
char *xstrndup(const char *s, size_t n); /* always NUL-terminated */

/* Grows the array *p of `size`-byte elements to hold at least `need`; doubles. */
void xgrow(void **p, size_t *cap, size_t need, size_t size);
/* The same, but it doubles to no more than `most` elements (0: to any number). */
void xgrow_within(void **p, size_t *cap, size_t need, size_t most, size_t size);
/* Gives back what is behind the first `to` elements. */
void xshrink(void **p, size_t *cap, size_t to, size_t size);

/* A bug, or no memory left: runs the hook (which gives the terminal back),
 * prints "enitop: ..." on standard error and ends the process with status 2. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
void die_set_hook(void (*hook)(void));

/* Nanoseconds of a clock that only goes forward: for budgets of work. */
uint64_t monotonic_ns(void);

/* The sum, or the most that there is where it is more. */
static inline uint64_t saturating_add(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

/* The largest whole number whose square is at most `v`. */
uint64_t root_u64(uint64_t v);

/* How many bits are set: in loops over words this becomes vectors, where the compiler's own
 * is a call on machines before POPCNT. */
static inline unsigned bit_count(uint64_t v)
{
	v -= v >> 1 & UINT64_C(0x5555555555555555);
	v = (v & UINT64_C(0x3333333333333333)) + (v >> 2 & UINT64_C(0x3333333333333333));
	v = (v + (v >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return (unsigned)(v * UINT64_C(0x0101010101010101) >> 56);
}

/* 64 bytes, each 0 or 1, to the bits of a word, the first lowest. */
static inline uint64_t pack_bits(const uint8_t *byte)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < 8; i++) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		uint64_t v;
		memcpy(&v, byte + 8 * i, 8);
		bits |= (v * UINT64_C(0x0102040810204080) >> 56) << 8 * i;
#else
		for (unsigned k = 0; k < 8; k++)
			bits |= (uint64_t)byte[8 * i + k] << (8 * i + k);
#endif
	}
	return bits;
}

/* The word for so many: `one` of exactly one, else `many`. */
static inline const char *plural(uint64_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

/* Numbers for people; UINT64_MAX, which stands for more too, has a '+'. Each writes at most `size` bytes with the NUL to `out`
 * and returns `out`. */
char *human_bytes(char *out, size_t size, uint64_t bytes);     /* 999, 1.2K, 38G: powers of 1024 */
char *human_count(char *out, size_t size, uint64_t count);     /* 999, 1.2k, 8.2M: powers of 1000 */
char *human_duration(char *out, size_t size, int64_t seconds); /* 41s, 12m, 3h05m, 2d04h */
/* "512M", "1G", "2GiB", "100000"; powers of 1024. False when it is none. */
bool parse_bytes(struct str s, uint64_t *out);
/* "90", "90s", "15m", "6h", "2d": seconds. False when it is none. */
bool parse_duration(struct str s, int64_t *seconds);

/* Epoch seconds as "2026-11-24T03:05:00Z". `out` holds 21 bytes at least. */
char *rfc3339(char *out, size_t size, int64_t epoch_s);

#endif
