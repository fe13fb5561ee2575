/* parquet_column.h - the rows of one column of a row group, some hundred at a time. Pages that
 * hold none of the rows asked for are stepped over. Private to parquet*.c. */
#ifndef ENITOP_PARQUET_COLUMN_H
#define ENITOP_PARQUET_COLUMN_H

#include "parquet/parquet_meta.h"
#include "parquet/parquet_page.h"

#define PARQUET_BATCH 1024u
#define PARQUET_VALUE_MAX 65536 /* bytes of a text */

/* How the values of a batch are given. */
enum parquet_given {
	PARQUET_CODES,   /* indices of the dictionary, all of which are in it */
	PARQUET_NUMBERS, /* bits of a double too */
	PARQUET_TEXTS,
};

/* Rows one after the other; of a list its first value. Those with a value have it, one behind the other, in one of the
 * three. */
struct parquet_batch {
	size_t rows, present;
	bool whole; /* each has a value; else 1 in `there` */
	enum parquet_given given;
	uint32_t there[PARQUET_BATCH];
	uint32_t code[PARQUET_BATCH];
	int64_t number[PARQUET_BATCH];
	struct str text[PARQUET_BATCH]; /* with PARQUET_PAD readable bytes behind */
};

/* Bytes of a file or a page, with a pad. */
struct parquet_bytes {
	uint8_t *s;
	size_t cap;
};

struct parquet_column {
	const struct parquet_file *file;
	const struct parquet_leaf *leaf;
	uint64_t *held; /* bytes of memory are added, atomically */
	struct parquet_unpacker unpacker;
	const char *wrong; /* what is, static; NULL: nothing */
	/* The chunk. */
	int codec;
	uint64_t at, end, window_at; /* what is read next; the window begins there */
	size_t window_n;
	struct parquet_bytes window, page, dictionary;
	uint64_t rows_left; /* of the row group, behind the page at hand */
	/* Its dictionary. */
	uint32_t entries;
	int64_t *number;  /* of numbers, */
	struct str *text; /* of texts */
	size_t number_cap, text_cap;
	/* The page at hand. */
	uint64_t left; /* rows, of lists values, null ones too */
	bool has_levels;
	struct parquet_runs levels, repeats, codes;
	enum parquet_encoding encoding;
	const uint8_t *value, *value_end; /* plain ones */
	struct parquet_deltas deltas, prefixes;
	struct buf last, texts; /* of DELTA_BYTE_ARRAY: the last value, and those of a batch */
	struct parquet_batch batch;
};

/* Begins a chunk; `c` is zero, or was of another one. False: it is damaged, as c->wrong says. */
bool parquet_column_begin(struct parquet_column *c, const struct parquet_leaf *leaf,
			  const struct parquet_chunk *chunk, uint64_t rows);
/* Steps over rows. */
bool parquet_column_skip(struct parquet_column *c, uint64_t rows);
/* The next rows, at most n and one at least, in c->batch. False: damaged. */
bool parquet_column_next(struct parquet_column *c, size_t n);
/* The byte of the file at which it reads. */
uint64_t parquet_column_at(const struct parquet_column *c);
void parquet_column_release(struct parquet_column *c);

/* Whether values are texts; else they are numbers. */
bool parquet_is_text(const struct parquet_leaf *l);

/* parquet_values.c: begins the values of a page, of which `bytes` are all that it has. */
bool parquet_values_begin(struct parquet_column *c, enum parquet_encoding encoding,
			  struct str bytes);
/* The next n values, in c->batch. */
bool parquet_values_next(struct parquet_column *c, size_t n);
/* The entries of a dictionary page. */
bool parquet_values_dictionary(struct parquet_column *c, struct str bytes, int64_t n);

#endif
