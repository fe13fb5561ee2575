/* envelope_sign.c - see envelope_sign.h. */
#include "unwrap/envelope_sign.h"

#include <string.h>

#if defined __AVX2__
#define LANES 32
#else
#define LANES 16
#endif
#define STEP 256

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
