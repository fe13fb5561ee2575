/* parquet_write.h - Parquet files byte by byte, for tests: a writer that packs nothing, and writes
 * what it is told, true or not. */
#ifndef ENITOP_TESTS_PARQUET_WRITE_H
#define ENITOP_TESTS_PARQUET_WRITE_H

#include "base/util.h"

struct written_column {
	const char *name;
	int type;       /* as the format numbers them */
	int repetition; /* 0: required, 1: optional, 2: repeated */
	int converted;  /* -1: nothing is said */
	unsigned
		children; /* a struct of the next so many columns, which has no chunk; 0: it is none */
};

/* A file as it grows. Zero-initialise, but for `columns`. */
struct written {
	const struct written_column *column;
	unsigned columns;
	int codec;                /* what chunks say that pages are packed with */
	struct buf file;          /* up to now */
	struct buf chunks, pages; /* of the row group at hand, and its chunk */
	struct buf groups;
	unsigned at, n_chunks,
		n; /* the next column; chunks of its group, row groups that are done */
	int64_t rows, group_rows;
	const char *least, *most; /* of the next chunk: 8 bytes each; NULL: nothing is said */
};

/* Pages of the chunk at hand, one behind the other. `levels`: runs, without their length. */
void write_dictionary(struct written *w, unsigned n, struct str body);
void write_page(struct written *w, int encoding, unsigned n, struct str levels, struct str body);
void write_page_v2(struct written *w, int encoding, unsigned n, struct str levels, struct str body);
/* The chunk is over, which has so many values; then its row group; then the file, which is given. */
void write_chunk(struct written *w, int64_t values);
void write_group(struct written *w, int64_t rows);
struct str write_end(struct written *w);
void written_release(struct written *w);

/* Values as they stand in plain pages, and levels. */
void write_text(struct buf *out, const char *text);
void write_i32(struct buf *out, int32_t v);
void write_i64(struct buf *out, int64_t v);
void write_varint(struct buf *out, uint64_t v);
/* A run of n values. */
void write_run(struct buf *out, uint64_t n, unsigned bytes, uint32_t v);

#endif
