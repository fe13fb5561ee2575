/* decode_feed.h - what decode.c and decode_strange.c share: a decoder, and a text that it is fed.
 * Private to decode*.c. */
#ifndef ENITOP_DECODE_FEED_H
#define ENITOP_DECODE_FEED_H

#include "decode/decode.h"
#include "decode/decode_batch.h"
#include "decode/decode_found.h"
#include "decode/decode_scan.h"

#define CHUNK (DECODE_LINE_MAX + 1)
#define LANES_MAX 16

struct decoder {
	struct lane lane[LANES_MAX]; /* open segments, one a format */
	unsigned lanes;
	struct segment **list; /* all that are held, in the order begun */
	size_t n, cap;
	const struct format *batch_format; /* of the lines in `batch` */
	const struct field_set *wanted;    /* NULL: every field */
	const struct format *whole, *part; /* the last format, and what of it is wanted */
	uint64_t order;                    /* lines fed before (see arrival.h) */
	struct batch batch;
	struct batch_scratch scratch;
	/* The inner loops, as good as the machine has them. */
	bool (*scan_text)(const char *text, uint32_t n, struct scan_list *list);
	void (*decode)(const struct batch *b, unsigned first, unsigned n, struct lane *lane,
		       struct batch_scratch *x);
	char *chunk, *tidy; /* CHUNK bytes with BATCH_PAD before and after */
	struct scan_list scan;
	struct found_text found;
	char *spare; /* CHUNK bytes for a line as it should be written */
};

/* One feed's parameters, for the functions below it. */
struct feed {
	struct decoder *d;
	struct decode_state *state;
	struct decode_counts *counts;
	struct malformed_list *bad;
	uint64_t line; /* of the source, before this text */
	size_t left;   /* bytes of the text from this chunk on */
	size_t a_line; /* bytes, about */
	/* That lines are taken from: the chunk's, or the decoder's own of what was found. */
	const char *text;
	uint32_t *delimiter;
};

/* decode.c: hands the batch on. */
void decode_flush(struct feed *f);
/* One more line, whose values are those of the format; malformed where one of them is too long.
 * It begins behind the delimiter before `first`. */
void decode_batch_add(struct feed *f, const struct format *format, uint32_t first);

/* decode_strange.c: counts a line that is no record. `reason`: static. */
void decode_malformed(struct feed *f, struct str line, const char *reason);
/* The format of the next line, as far as nothing in it says otherwise; NULL: none is known. */
const struct format *decode_in_force(const struct decode_state *state);
/* A line that does not simply continue the format in force. `values` delimiters from index
 * `first` on belong to it. */
void decode_odd_line(struct feed *f, struct str line, uint32_t first, unsigned values);

#endif
