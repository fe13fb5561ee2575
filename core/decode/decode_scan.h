/* decode_scan.h - finds the delimiters of a text, 64 bytes at once. The one seam where
 * the machine's vectors show; the plain twin says what they must find. */
#ifndef ENITOP_DECODE_SCAN_H
#define ENITOP_DECODE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#if defined __AVX2__ || defined SCAN_WIDEST
#include <immintrin.h>
#elif defined __SSE2__
#include <emmintrin.h>
#elif defined __aarch64__
#include <arm_neon.h>
#endif

/* One bit a byte, bit 0 for the first. */
struct line_scan {
	uint64_t space;   /* ' ' */
	uint64_t newline; /* '\n' */
	uint64_t odd;     /* '\t' or '\r': the text needs tidying first */
};

static inline struct line_scan scan_64_plain(const char *p)
{
	struct line_scan s = { 0, 0, 0 };

	for (unsigned i = 0; i < 64; i++) {
		s.space |= (uint64_t)(p[i] == ' ') << i;
		s.newline |= (uint64_t)(p[i] == '\n') << i;
		s.odd |= (uint64_t)(p[i] == '\t' || p[i] == '\r') << i;
	}
	return s;
}

#if defined SCAN_WIDEST /* as decode_scan_widest.c has it */
static inline struct line_scan scan_64(const char *p)
{
	__m512i v = _mm512_loadu_si512(p);
	struct line_scan s;

#define EQUAL(c) _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(c))
	s.space = EQUAL(' ');
	s.newline = EQUAL('\n');
	s.odd = EQUAL('\t') | EQUAL('\r');
#undef EQUAL
	return s;
}
#elif defined __AVX2__
static inline struct line_scan scan_64(const char *p)
{
	__m256i a = _mm256_loadu_si256((const __m256i *)(const void *)p);
	__m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
	struct line_scan s;

#define EQUAL(v, c) _mm256_cmpeq_epi8(v, _mm256_set1_epi8(c))
#define ODD(v) _mm256_or_si256(EQUAL(v, '\t'), EQUAL(v, '\r'))
#define BITS(x, y) \
	((uint64_t)(uint32_t)_mm256_movemask_epi8(x) | (uint64_t)(uint32_t)_mm256_movemask_epi8(y) \
							       << 32)
	s.space = BITS(EQUAL(a, ' '), EQUAL(b, ' '));
	s.newline = BITS(EQUAL(a, '\n'), EQUAL(b, '\n'));
	s.odd = BITS(ODD(a), ODD(b));
#undef BITS
#undef ODD
#undef EQUAL
	return s;
}
#elif defined __SSE2__
static inline struct line_scan scan_64(const char *p)
{
	const __m128i space = _mm_set1_epi8(' '), newline = _mm_set1_epi8('\n');
	const __m128i tab = _mm_set1_epi8('\t'), cr = _mm_set1_epi8('\r');
	struct line_scan s = { 0, 0, 0 };

	for (unsigned i = 0; i < 4; i++) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
		__m128i odd = _mm_or_si128(_mm_cmpeq_epi8(v, tab), _mm_cmpeq_epi8(v, cr));
		s.space |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, space))
			   << 16 * i;
		s.newline |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, newline))
			     << 16 * i;
		s.odd |= (uint64_t)(unsigned)_mm_movemask_epi8(odd) << 16 * i;
	}
	return s;
}
#elif defined __aarch64__
static inline uint64_t scan_mask(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d)
{
	const uint8x16_t bit = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128 };
	uint8x16_t ab = vpaddq_u8(vandq_u8(a, bit), vandq_u8(b, bit));
	uint8x16_t cd = vpaddq_u8(vandq_u8(c, bit), vandq_u8(d, bit));
	uint8x16_t all = vpaddq_u8(ab, cd);

	return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(all, all)), 0);
}

static inline struct line_scan scan_64(const char *p)
{
	const uint8_t *q = (const uint8_t *)p;
	uint8x16_t v[4] = { vld1q_u8(q), vld1q_u8(q + 16), vld1q_u8(q + 32), vld1q_u8(q + 48) };
	struct line_scan s;

#define EQUAL(i, c) vceqq_u8(v[i], vdupq_n_u8(c))
#define ODD(i) vorrq_u8(EQUAL(i, '\t'), EQUAL(i, '\r'))
	s.space = scan_mask(EQUAL(0, ' '), EQUAL(1, ' '), EQUAL(2, ' '), EQUAL(3, ' '));
	s.newline = scan_mask(EQUAL(0, '\n'), EQUAL(1, '\n'), EQUAL(2, '\n'), EQUAL(3, '\n'));
	s.odd = scan_mask(ODD(0), ODD(1), ODD(2), ODD(3));
#undef ODD
#undef EQUAL
	return s;
}
#else
static inline struct line_scan scan_64(const char *p)
{
	return scan_64_plain(p);
}
#endif

struct scan_list {
	/* Offsets of spaces and newlines; room for n + 64. One stands before them: UINT32_MAX, so
	 * that a value begins behind its delimiter wherever it is. */
	uint32_t *delimiter;
	uint32_t *newline; /* which of them are newlines: indices; room for n */
	uint32_t newlines;
};

/* Lists the delimiters of `n` bytes, of which 64 more can be read. False when the text needs
 * tidying first: tabs, carriage returns, or more than one delimiter in a row, newlines aside. */
bool decode_scan(const char *text, uint32_t n, struct scan_list *list);
#if defined __x86_64__
/* The same for machines with AVX2, BMI and BMI2, which is faster. */
bool decode_scan_wide(const char *text, uint32_t n, struct scan_list *list);
/* With AVX-512 that compresses bytes; where cpu_is_widest() alone. */
bool decode_scan_widest(const char *text, uint32_t n, struct scan_list *list);
#endif

#endif
