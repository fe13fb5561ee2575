/* parquet_fill.h - a column of a row group into the columns of segments: codes of its dictionary
 * become codes of the segment, each looked up once; numbers are written as they are; what is
 * written otherwise goes the way that values of text go. Private to parquet*.c. */
#ifndef ENITOP_PARQUET_FILL_H
#define ENITOP_PARQUET_FILL_H

#include "parquet/parquet_column.h"
#include "schema/ocsf.h"
#include "store/segment.h"

/* A segment that is filled, and its rows that may have unreadable values, a bit each. */
struct parquet_part {
	struct segment *segment;
	uint32_t rows;
	uint64_t *suspect;
};

/* Goes from column to column. Zero-initialise but for in.file and in.held. */
struct parquet_fill {
	struct parquet_column in;
	/* Of the dictionary's entries: the segment's codes, UINT32_MAX where not known yet; or the
	 * numbers, NUMBER_ABSENT where they are to be looked at closely. */
	uint32_t *code;
	uint64_t *number;
	size_t code_cap, number_cap;
	uint32_t numbers;   /* entries that `number` has */
	bool narrow;        /* each of them has 32 bits and can be read: `code` has them, too */
	struct buf text;    /* a value as a line has it */
	bool too_much;      /* there are more texts than a segment may have */
	enum ocsf_words as; /* how the leaf writes values; the caller's */
	bool over; /* rows without a value here keep what another leaf said; the caller's */
};

/* Fills column `at` of the parts, whose rows follow one another, from the chunk's row `first` on.
 * `rows`: of its row group. False: damaged, as f->in.wrong says, or f->too_much. */
bool parquet_fill_column(struct parquet_fill *f, const struct parquet_leaf *leaf,
			 const struct parquet_chunk *chunk, uint64_t rows, uint64_t first,
			 struct parquet_part *part, size_t parts, unsigned at);
void parquet_fill_release(struct parquet_fill *f);

/* parquet_value.c: a value as a line has it, in f->text. */
void parquet_text_of_number(struct parquet_fill *f, int field, int64_t v);
void parquet_text_of_text(struct parquet_fill *f, int field, struct str v);
/* What a number of the column is in a field of a number type; NUMBER_ABSENT: its text is to be
 * looked at. */
uint64_t parquet_number_of(const struct parquet_leaf *l, enum field_type type, int64_t v);
/* The same of a text. */
uint64_t parquet_number_of_text(enum field_type type, struct str v);

#endif
