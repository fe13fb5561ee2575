/* parquet_loops.c - see parquet_loops.h. */
#include "parquet/parquet_loops.h"

#include "base/wide.h"

static uint64_t word_at(const uint8_t *p)
{
	uint64_t v;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(&v, p, 8);
#else
	v = 0;
	for (unsigned i = 8; i--;)
		v = v << 8 | p[i];
#endif
	return v;
}

static void unpack(const uint8_t *bits, uint64_t bit, unsigned width, uint32_t *out, size_t n)
{
	const uint64_t mask = (UINT64_C(1) << width) - 1;
	size_t i = 0;

	/* Two of them are in a word, whatever bits of another its first byte has. */
	for (; width <= 28 && i + 4 <= n; i += 4, bit += UINT64_C(4) * width) {
		uint64_t next = bit + UINT64_C(2) * width;
		uint64_t a = word_at(bits + bit / 8) >> (bit & 7);
		uint64_t b = word_at(bits + next / 8) >> (next & 7);
		out[i] = (uint32_t)(a & mask);
		out[i + 1] = (uint32_t)(a >> width & mask);
		out[i + 2] = (uint32_t)(b & mask);
		out[i + 3] = (uint32_t)(b >> width & mask);
	}
	for (; i < n; i++, bit += width)
		out[i] = (uint32_t)(word_at(bits + bit / 8) >> (bit & 7) & mask);
}

static uint32_t most(const uint32_t *v, size_t n)
{
	uint32_t max = 0;

	for (size_t i = 0; i < n; i++)
		max = v[i] > max ? v[i] : max;
	return max;
}

static void codes(const uint32_t *table, const uint32_t *code, uint16_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (uint16_t)table[code[i]];
}

static void numbers(const uint32_t *table, const uint32_t *code, uint32_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = table[code[i]];
}

static uint64_t narrow(const int64_t *v, uint32_t *out, size_t n)
{
	uint64_t any = 0;

	for (size_t i = 0; i < n; i++) {
		any |= (uint64_t)v[i];
		out[i] = (uint32_t)v[i];
	}
	return any;
}

const struct parquet_loops parquet_loops_plain = { unpack, most, codes, numbers, narrow };

#if !defined PARQUET_LOOPS_WIDE
const struct parquet_loops *parquet_loops(void)
{
#if defined WIDE_BEGIN
	if (cpu_is_wide())
		return &parquet_loops_wide;
#endif
	return &parquet_loops_plain;
}
#endif
