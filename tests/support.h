/* support.h - what the unit tests share: cmocka, random numbers from a seed, segments
 * from text. */
#ifndef ENITOP_TESTS_SUPPORT_H
#define ENITOP_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "decode/decode.h"
#include "store/ring.h"

/* xorshift: the same numbers everywhere. */
static inline uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static inline uint64_t random_below(uint64_t *state, uint64_t n)
{
	return random_next(state) % n;
}

/* How many times longer all takes in a build with sanitizers, as configure has it; else 1. */
static inline unsigned slowness(void)
{
	const char *text = getenv("SLOWNESS");

	return text && atoi(text) > 0 ? (unsigned)atoi(text) : 1;
}

/* `n` of something, or that much fewer. */
static inline unsigned fewer(unsigned n)
{
	return n / slowness();
}

/* A default-format line without newline: small sets of values, odd ones included. */
void random_line(uint64_t *state, int64_t around_s, struct buf *out);

/* Decodes `text` as a source of its own and adds the sealed segments to the ring.
 * Returns how many. `counts` and `bad` may be NULL. */
size_t ring_add_text(struct ring *r, const struct format *format, struct str text,
		     struct decode_counts *counts, struct malformed_list *bad);

/* Frees the ring and its dictionary. */
void ring_free_all(struct ring *r);

/* Every row of every segment as its line. */
void ring_render(struct ring *r, struct buf *out);

/* Through the envelope, in pieces of `piece` bytes, then the decoder: the records as lines,
 * what was counted, and control messages. */
void envelope_decode(struct str text, size_t piece, struct buf *lines, struct decode_counts *counts,
		     uint64_t *control);

#endif
