/* decode.h - a block of lines + a format -> segments. The hot loop.
 *
 * A decoder owns the open segments it fills, one a format that it meets. A bulk
 * job makes one, feeds it a block and takes the sealed segments; the tail keeps
 * one on the loop thread whose open segments stand in the ring and grow. */
#ifndef ENITOP_DECODE_H
#define ENITOP_DECODE_H

#include "schema/format_book.h"
#include "store/segment.h"

#define DECODE_MALFORMED_KEPT 1000
#define DECODE_LINE_MAX 65536 /* a longer line is malformed */
#define DECODE_VALUE_MAX 1024 /* one with a longer value is, too, unless it is a tag's */

/* Where a source stands: carried from one block of it to the next. */
struct decode_state {
	const struct format *values; /* of lines of values (see format.h); NULL: lines as AWS has */
	const struct format *format; /* of the last header, or --format; NULL: by shape */
	const struct format *guess;  /* the shape last recognised while `format` is NULL */
	unsigned doubt;              /* of the guess: see format_guess */
	const struct format *last;   /* of the last records, for people to see; NULL: none */
	/* Of the last flows under names that leave open who, how much or when; of the last
	 * header that was refused. NULL: none. */
	const struct format *partial, *refused;
	char custom[120]; /* a line that looks like a flow log of another layout; empty: none */
	unsigned found;   /* frames that records stood in (see record.h) */
	uint32_t source;  /* id, copied to segments and malformed lines */
	uint64_t line;    /* lines before this block; counted on */
	uint64_t back;    /* so many of them are none of the file: see format_back() */
	/* Holds the formats of headers, and refuses what is too many; NULL: they are held for
	 * ever. */
	struct format_book *book;
};

/* Whether what was decoded from `assumed` on would have come out the same from `is` on. */
bool decode_state_agrees(const struct decode_state *assumed, const struct decode_state *is);
/* Behind a block that was decoded elsewhere and ended in `after`, whose lines are its own. */
void decode_state_advance(struct decode_state *state, const struct decode_state *after);

struct decode_counts {
	/* Everything but blank lines and envelopes' own headers: headers, flows, status rows,
	 * malformed. Of a line with several records each counts as one. */
	uint64_t lines;
	uint64_t flows, nodata, skipdata, headers, malformed;
	uint64_t partial; /* of the flows: their columns leave open who or how much */
	uint64_t undated; /* of the flows */
};

void decode_counts_add(struct decode_counts *to, const struct decode_counts *more);

/* Private to decode*.c: the format of what stands behind a header. One that can't be taken does
 * not leave the one before it in force, for what follows has other columns. */
const struct format *decode_header(struct decode_state *state, struct str line);
/* A format that is behind other columns than its header's: what of it is kept; NULL: nothing. Takes
 * the hold on it. */
const struct format *decode_keep(struct decode_state *state, const struct format *f);
/* Notes flows of a format under names which leave something open. A header line without strange
 * names is a format that somebody chose. */
void decode_note_flows(struct decode_state *state, struct decode_counts *counts,
		       const struct format *format, uint64_t flows);

/* A line that is no record, or a value of one that its field can't have. */
struct malformed {
	uint32_t source;
	uint64_t line;      /* of the file; 1-based */
	const char *reason; /* static: "13 values where the others have 14" and the like */
	struct str text;    /* its first 256 bytes, owned by the list */
	int field;          /* of a value: whose it is; of a line without meaning */
};

/* The last DECODE_MALFORMED_KEPT of them. */
struct malformed_list {
	struct malformed *line; /* a ring: oldest at `first` */
	size_t n, first, cap;
};

void malformed_list_release(struct malformed_list *l);
/* Adds a copy of it, which drops the oldest when there are enough. */
void malformed_list_add(struct malformed_list *l, struct malformed m);
const struct malformed *malformed_list_get(const struct malformed_list *l, size_t i);

struct decoder;

struct decoder *decoder_new(void);
/* Decodes these fields alone: segments have the others' columns no more than a format that
 * is without them. NULL: all. The set is the caller's. */
void decoder_want(struct decoder *d, const struct field_set *wanted);
/* The next line is number `order` of all that arrive; else they are counted from 0 on. */
void decoder_set_order(struct decoder *d, uint64_t order);
/* Without the vectors of this machine, for tests to hold them against. */
void decoder_use_plain(struct decoder *d);
/* Frees it with the segments it still owns (none published). */
void decoder_free(struct decoder *d);

/* Decodes complete lines ('\n' or the end of `text` ends one). `state` is
 * advanced; what was met is added to `counts` and `bad`. */
void decoder_feed(struct decoder *d, struct decode_state *state, struct str text,
		  struct decode_counts *counts, struct malformed_list *bad);

/* Segments in the order they were begun. A segment that fills up is sealed and a
 * new one begun. decoder_segments lists those the decoder holds, open ones
 * included, without giving them away. */
size_t decoder_segments(struct decoder *d, struct segment *const **list);
/* Hands over every segment, sealed; the caller frees *list with free(). */
size_t decoder_take(struct decoder *d, struct segment ***list);
/* Hands over the sealed ones only and keeps filling the open ones. */
size_t decoder_take_sealed(struct decoder *d, struct segment ***list);
/* Seals `s` now, so that the next record of its format begins another. */
void decoder_close(struct decoder *d, struct segment *s);

#endif
