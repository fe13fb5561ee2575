/* fuzz.h - the fuzz targets: each takes any bytes and dies where something is not as it is
 * promised. libFuzzer feeds them in `make check` and `make soak`; test_corpus.c gives them
 * the inputs of tests/corpus/, crashers of old among them, in every build. */
#ifndef ENITOP_TESTS_FUZZ_H
#define ENITOP_TESTS_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "base/util.h"

/* A target is a row here and its function, the inputs in tests/corpus/ under its name. */
#define FUZZ_TARGETS(X) \
	X(unwrap) X(inflate) X(header) X(decode) X(filter) X(assertion) X(parquet_footer) \
	X(parquet_page) X(parquet_file) X(config) X(theme)

#define ROW(name) void fuzz_##name(struct str in);
FUZZ_TARGETS(ROW)
#undef ROW

#define FUZZ_CHECK(condition) \
	do \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
			abort(); /* or libFuzzer does not keep the input */ \
		} \
	while (0)

/* Cuts a number of n bytes off the front of the input; 0 at its end. */
static inline uint64_t fuzz_number(struct str *in, unsigned n)
{
	uint64_t v = 0;

	for (; n && in->n; n--, in->s++, in->n--)
		v = v << 8 | (unsigned char)*in->s;
	return v;
}

/* Sizes of pieces out of a seed: many small ones, some larger. */
static inline size_t fuzz_piece(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return 1 + (*seed >> 33) % ((*seed >> 60) ? 16 : 5000);
}

/* Before an input: forgets the formats and names of the one before, of which a process can
 * have only so many. */
void fuzz_forget_formats(void);

#endif
