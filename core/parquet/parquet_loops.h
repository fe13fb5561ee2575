/* parquet_loops.h - the inner loops of reading Parquet, which ask nothing of a value, so that the
 * compiler makes vectors of them; parquet_loops_wide.c has them once more (see wide.h). Private to
 * parquet*.c. */
#ifndef ENITOP_PARQUET_LOOPS_H
#define ENITOP_PARQUET_LOOPS_H

#include "base/util.h"

struct parquet_loops {
	/* n values of `width` bits, from bit `bit` of `bits` on; 8 bytes behind them are readable. */
	void (*unpack)(const uint8_t *bits, uint64_t bit, unsigned width, uint32_t *out, size_t n);
	uint32_t (*most)(const uint32_t *v, size_t n);
	/* What a table has for each of n codes, all of which are in it. */
	void (*codes)(const uint32_t *table, const uint32_t *code, uint16_t *out, size_t n);
	void (*numbers)(const uint32_t *table, const uint32_t *code, uint32_t *out, size_t n);
	/* Numbers as 32 bits; returns all bits that they have, of more than 32 too. */
	uint64_t (*narrow)(const int64_t *v, uint32_t *out, size_t n);
};

/* Those for this machine. */
const struct parquet_loops *parquet_loops(void);

extern const struct parquet_loops parquet_loops_plain;
#if defined __x86_64__
extern const struct parquet_loops parquet_loops_wide;
#endif

#endif
