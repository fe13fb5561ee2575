/* decode_batch.h - some hundred lines of one format at a time, column by column,
 * into an open segment. Private to decode*.c. */
#ifndef ENITOP_DECODE_BATCH_H
#define ENITOP_DECODE_BATCH_H

#include "segment.h"

#define BATCH_LINES 512
/* Readable bytes that `text` has before and after what it holds. */
#define BATCH_PAD 64

/* Lines of one format in a text whose values are one delimiter apart. */
struct batch {
	const char *text;
	const uint32_t *delimiter;   /* offsets of all delimiters of the text */
	uint32_t start[BATCH_LINES]; /* offset of a line's first byte */
	uint32_t first[BATCH_LINES]; /* index of its first delimiter */
	unsigned n;
};

/* An open segment and what is known of the codes of its action and log-status. */
struct lane {
	struct segment *segment;
	struct code_marks {
		uint8_t *mark;
		size_t n, cap;
	} action, status;
};

struct batch_scratch;

struct batch_scratch *batch_scratch_new(void);
void batch_scratch_free(struct batch_scratch *x);

/* Appends lines first..first+n-1 of the batch as rows. They have as many values as
 * the segment's format, and there is room for them in SEGMENT_ROWS. */
void batch_decode(const struct batch *b, unsigned first, unsigned n, struct lane *lane,
		  struct batch_scratch *x);

void lane_release(struct lane *lane);

#endif
