/* parquet.h - flow logs in Parquet files: their columns as a format, their row groups as segments.
 * A column that can't be read is left out, one that is damaged takes its row group with it; both
 * are named. Files are hostile: every length is held against what it is in. */
#ifndef ENITOP_PARQUET_H
#define ENITOP_PARQUET_H

#include "decode/decode.h"
#include "parquet/parquet_meta.h"

/* A leaf that says a column of the format. */
struct parquet_origin {
	uint16_t column, leaf;
	uint8_t as; /* enum ocsf_words: how it writes it */
};

/* A file whose footer was read. */
struct parquet {
	struct parquet_file file; /* the caller's */
	struct parquet_meta meta;
	const struct format *format; /* of what is read of it; held; NULL: no flow log */
	/* The columns' leaves, by column; of several for one (OCSF has more places for a field) the
	 * last that has a value counts. */
	struct parquet_origin *origin;
	unsigned origins;
	/* Columns that are not read, and why, for people; NULL: none. Of `aside` nothing of a flow
	 * is lacking. */
	char *left_out, *aside;
};

/* Rows that are decoded together: `rows` of them from `first` on, in row group `group`. */
struct parquet_piece {
	size_t group;
	uint64_t first, rows;
};

/* Reads the footer of p->file, all else is zero; in a job. To be released whatever it says, which
 * is PARQUET_DAMAGED for what is no flow log too; `fault`: why, where it is damaged. */
enum parquet_state parquet_open(struct parquet *p, struct buf *fault);
/* Does not touch the file itself. */
void parquet_release(struct parquet *p);
size_t parquet_bytes(const struct parquet *p);

/* Moves on to the next piece, of at most `most` rows, behind *piece; zero: the first. False: there
 * is none. Row groups that can hold no row of since_s..until_s, by what the footer says of `end`,
 * are stepped over, and counted. */
bool parquet_next(const struct parquet *p, struct parquet_piece *piece, uint64_t most,
		  int64_t since_s, int64_t until_s, uint64_t *stepped_over);

/* What comes of a piece. */
struct parquet_rows {
	struct segment **segment; /* sealed; the caller's to free, with the list */
	size_t segments;
	struct decode_counts counts;
	char *fault; /* why its rows are left out, for people; NULL: they are not */
};

/* Decodes a piece: of the fields in `wanted` (NULL: all), for `source`. Rows are numbered from 1 on
 * within the piece. `held`: bytes of memory on the way are added, atomically. In a job. */
void parquet_decode(const struct parquet *p, const struct parquet_piece *piece,
		    const struct field_set *wanted, uint32_t source, uint64_t *held,
		    struct parquet_rows *out);

#endif
