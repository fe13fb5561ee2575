/* envelope_sign.c - see envelope_sign.h. */
#include "unwrap/envelope_sign.h"

#include <string.h>

#if !defined LANES /* as envelope_sign_wide.c has it */
#define LANES 16
#endif
#define STEP 256
#if LANES == 32
#include <immintrin.h>
#elif defined __SSE2__
#include <emmintrin.h>
#endif

typedef signed char lanes __attribute__((vector_size(LANES)));

/* Of 0x1b, 0x3b, 0x5b and 0x7b, which are ESC ; [ and {, two bits differ. */
static inline bool is_sign(char c)
{
	return (c | 0x60) == 0x7b || c == ',' || c == '|' || c == '\t';
}

bool envelope_has_sign(struct str text)
{
	size_t i = 0;

	for (; i + STEP <= text.n; i += STEP) {
		lanes any = { 0 };
		uint64_t word[LANES / 8], some = 0;
		for (size_t k = 0; k < STEP; k += LANES) {
			lanes v;
			memcpy(&v, text.s + i + k, LANES);
			any |= ((v | 0x60) == 0x7b) | (v == ',') | (v == '|') | (v == '\t');
		}
		memcpy(word, &any, LANES);
		for (size_t k = 0; k < LANES / 8; k++)
			some |= word[k];
		if (some)
			return true;
	}
	for (; i < text.n; i++)
		if (is_sign(text.s[i]))
			return true;
	return false;
}

/* A bit a byte of what a comparison gave, the first the lowest. */
static inline uint32_t bits_of(lanes v)
{
#if LANES == 32
	return (uint32_t)_mm256_movemask_epi8((__m256i)v);
#elif defined __SSE2__
	return (uint32_t)_mm_movemask_epi8((__m128i)v);
#else
	uint32_t bits = 0;

	for (unsigned i = 0; i < LANES; i++)
		bits |= (uint32_t)(v[i] & 1) << i;
	return bits;
#endif
}

size_t envelope_plain_length(struct str text)
{
	size_t i = 0;

	for (; i + LANES <= text.n; i += LANES) {
		lanes v;
		memcpy(&v, text.s + i, LANES);
		uint32_t bits = bits_of((v == '"') | (v == '\\') | (v == '\n'));
		if (bits)
			return i + (unsigned)__builtin_ctz(bits);
	}
	while (i < text.n && text.s[i] != '"' && text.s[i] != '\\' && text.s[i] != '\n')
		i++;
	return i;
}
