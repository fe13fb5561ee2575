/* decode_scan.c - see decode_scan.h. */
#include "decode/decode_scan.h"

#include <stddef.h>

#if defined SCAN_WIDEST
/* Writes the place of every set bit, and up to 16 words more. */
static inline void write_places(uint64_t bits, unsigned n, uint32_t at, uint32_t *out)
{
	static const char place[64] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,
					13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
					26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38,
					39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,
					52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63 };
	__m512i some = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(place));
	unsigned done = 0;

	do {
		__m512i words = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(some));
		_mm512_storeu_si512(out + done,
				    _mm512_add_epi32(words, _mm512_set1_epi32((int)at)));
		some = _mm512_alignr_epi32(some, some, 4);
		done += 16;
	} while (__builtin_expect(done < n, 0));
}
#else
/* The place of the lowest set bit; 63 or 64 where there is none. */
static inline uint32_t lowest(uint64_t bits)
{
#if defined __AVX2__ && defined __BMI__
	return (uint32_t)_tzcnt_u64(bits);
#else
	return (uint32_t)__builtin_ctzll(bits | UINT64_C(1) << 63);
#endif
}

/* Writes the place of every set bit, and up to STEP words more: branches that depend on the
 * text are guessed wrong too often, so most pieces take one step whatever is in them. */
static inline void write_places(uint64_t bits, unsigned n, uint32_t at, uint32_t *out)
{
	enum { STEP = 12 };
	unsigned done = 0;

	do {
		for (unsigned i = 0; i < STEP; i++) {
			out[done + i] = at + lowest(bits);
			bits &= bits - 1;
		}
		done += STEP;
	} while (__builtin_expect(done < n, 0));
}
#endif

/* The text comes from another core, or from memory, and is touched here first: what is
 * fetched ahead halves the time of the whole scan. */
#define AHEAD 2048

bool decode_scan(const char *text, uint32_t n, struct scan_list *list)
{
	uint32_t delimiters = 0, lines = 0;
	/* A delimiter, a newline, ended the previous step. */
	uint64_t before = 1, ended = 1, odd = 0;

	for (uint32_t at = 0; at < n; at += 64) {
		struct line_scan s = scan_64(text + at);
		__builtin_prefetch(text + at + AHEAD);
		uint64_t mask = n - at >= 64 ? UINT64_MAX : (UINT64_C(1) << (n - at)) - 1;
		uint64_t all = (s.space | s.newline) & mask, newline = s.newline & mask;
		unsigned count = (unsigned)__builtin_popcountll(all);
		/* Blank lines are nothing to be tidied. */
		odd |= (all & (all << 1 | before) & ~(newline & (newline << 1 | ended))) |
		       (s.odd & mask);
		before = all >> 63;
		ended = newline >> 63;
		do { /* nearly always none or one */
			uint64_t below = (newline & -newline) - 1;
			list->newline[lines] =
				delimiters + (uint32_t)__builtin_popcountll(all & below);
			lines += newline != 0;
			newline &= newline - 1;
		} while (__builtin_expect(newline != 0, 0));
		write_places(all, count, at, list->delimiter + delimiters);
		delimiters += count;
	}
	list->newlines = lines;
	return odd == 0;
}
