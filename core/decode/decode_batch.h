/* decode_batch.h - some hundred lines of one format at a time, column by column,
 * into an open segment. Private to decode*.c, and to core/parquet, which fills columns of its own
 * making and has their rows marked as those of lines are. */
#ifndef ENITOP_DECODE_BATCH_H
#define ENITOP_DECODE_BATCH_H

#include "schema/reading.h"
#include "store/segment_build.h"

#define BATCH_LINES 128
/* Readable bytes that `text` has before and after what it holds. */
#define BATCH_PAD 64

/* Lines of one format in a text whose values are one delimiter apart. */
struct batch {
	const char *text;
	const uint32_t *delimiter;   /* offsets of all delimiters of the text */
	uint32_t first[BATCH_LINES]; /* index of a line's first delimiter: one stands before it */
	unsigned n;
	uint64_t line; /* number of its first line */
	uint64_t back; /* so much less is its number in the file */
	/* Where in the lines the columns of the segment stand. */
	uint16_t column[FORMAT_COLUMNS_MAX];
};

/* `place`: of the column in the line. */
static inline struct str batch_value(const struct batch *b, unsigned line, unsigned place)
{
	const uint32_t *d = b->delimiter + b->first[line] + place;
	uint32_t begin = d[-1] + 1;

	return (struct str){ b->text + begin, d[0] - begin };
}

/* An open segment and what is known of the codes of its action and log-status. */
struct lane {
	struct segment *segment;
	struct code_marks {
		uint8_t *mark;
		size_t n, cap;
	} action, status;
};

/* Numbers that are looked at again once the columns are done. */
enum column_role {
	COLUMN_SRCPORT,
	COLUMN_DSTPORT,
	COLUMN_FLAGS,
	COLUMN_START,
	COLUMN_END,
	COLUMN_OTHER,
	COLUMN_ROLES
};

_Static_assert(BATCH_LINES == 128, "bits of suspects");

/* What a batch leaves lying about; `service` and `none` are given. */
struct batch_scratch {
	uint64_t number[COLUMN_ROLES][BATCH_LINES];
	bool has[COLUMN_ROLES];
	struct digits {                     /* a number column as it is read */
		uint64_t low[BATCH_LINES];  /* the last eight bytes */
		uint64_t high[BATCH_LINES]; /* those before */
		uint64_t length[BATCH_LINES];
		uint64_t odd[BATCH_LINES]; /* not 0: no plain number */
	} digits;
	struct token token[BATCH_LINES];
	uint64_t hash[BATCH_LINES];
	const uint8_t *service;     /* service_bitmap() */
	uint64_t none[BATCH_LINES]; /* NUMBER_ABSENT, of columns that are not there */
	uint64_t suspect[2];        /* a bit a line: it may have unreadable values */
};

/* ---- decode_odd.c: what is not as nearly all is; compiled once ---- */

/* The role of a field's numbers in what is asked of every row. */
enum column_role column_role_of(int field);
/* The number to store of a text that is no plain number of its column: NUMBER_ABSENT where it is
 * '-' or unreadable. Notes what the row is not as its number would be. */
uint64_t odd_number(struct column *c, uint32_t row, uint32_t cap, struct str s, bool *unreadable);

/* The numbers `v` of lines first..first+n-1, read but for those that are not plain or more than the
 * field can have: '-', written oddly, junk. Returns the bits that values have. */
uint64_t odd_numbers(const struct batch *b, unsigned first, unsigned n, struct segment *s,
		     unsigned column, struct batch_scratch *x, uint64_t *v);
/* Suspects of `n` lines those with a code that is unreadable. */
void odd_codes(const struct column *c, const uint16_t *code, unsigned n, struct batch_scratch *x);
/* Notes the suspects of the newest rows, which are lines first..first+n-1 of the batch, behind
 * their marks: some are not. */
void note_suspects(const struct batch *b, unsigned first, unsigned n, struct segment *s,
		   const struct batch_scratch *x);

/* Marks the n rows behind those that the segment has, whose columns are filled: by x->number and
 * x->has, and the codes. Counts them, but for s->rows. */
void batch_mark(struct lane *lane, struct batch_scratch *x, unsigned n);

/* Appends lines first..first+n-1 of the batch as rows. There is room for them in
 * SEGMENT_ROWS. */
void batch_decode(const struct batch *b, unsigned first, unsigned n, struct lane *lane,
		  struct batch_scratch *x);
#if defined __x86_64__
/* The same for machines with AVX2, BMI and BMI2, which is faster. */
void batch_mark_wide(struct lane *lane, struct batch_scratch *x, unsigned n);
void batch_decode_wide(const struct batch *b, unsigned first, unsigned n, struct lane *lane,
		       struct batch_scratch *x);
#endif

#endif
