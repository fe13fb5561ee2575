/* parquet_page.h - the inside of a column's chunk: headers of pages, what they are packed with,
 * and how levels, codes and numbers are written. Private to parquet*.c.
 *
 * What is read stands in buffers that have PARQUET_PAD readable bytes behind them. */
#ifndef ENITOP_PARQUET_PAGE_H
#define ENITOP_PARQUET_PAGE_H

#include "base/util.h"
#include "parquet/parquet_loops.h"

#define PARQUET_PAD 64
#define PARQUET_PAGE_MAX ((int64_t)256 << 20) /* bytes of a page, unpacked */

enum parquet_encoding {
	PARQUET_PLAIN = 0,
	PARQUET_PLAIN_DICTIONARY = 2,
	PARQUET_RLE = 3,
	PARQUET_BIT_PACKED = 4, /* of repetition levels, which are not read */
	PARQUET_DELTA = 5,
	PARQUET_DELTA_LENGTH = 6,
	PARQUET_DELTA_BYTES = 7,
	PARQUET_RLE_DICTIONARY = 8,
};

enum parquet_page_kind { PARQUET_DATA = 0, PARQUET_DICTIONARY = 2, PARQUET_DATA_V2 = 3 };

struct parquet_page {
	int64_t kind;
	int64_t raw, packed; /* bytes behind the header, unpacked and as they are */
	int64_t values, encoding, level_encoding;
	int64_t level_bytes, repeat_bytes; /* of version 2: not packed */
	bool is_packed;
};

/* Reads a page's header; its length, or 0: it is cut short or wrong, as *wrong says (static). */
size_t parquet_page_read(struct parquet_page *p, struct str bytes, const char **wrong);

/* ---- parquet_codec.c: what pages are packed with ---- */

struct unwrap_codec;

/* Keeps what a codec needs from one page to the next. Zero-initialise. */
struct parquet_unpacker {
	const struct unwrap_codec *codec;
	void *state;
};

/* Why what is packed so is not read, static; NULL: it is. */
const char *parquet_codec_refusal(int64_t codec);
/* Unpacks `in` into the `n` bytes at `out`, which has room for PARQUET_PAD more. False: it is
 * damaged, or comes to another number of bytes. */
bool parquet_unpack(struct parquet_unpacker *u, int codec, struct str in, uint8_t *out, size_t n);
void parquet_unpacker_release(struct parquet_unpacker *u);

bool parquet_unsnappy(struct str in, uint8_t *out, size_t n);
bool parquet_unlz4(struct str in, uint8_t *out, size_t n);

/* ---- parquet_runs.c: levels and codes, as runs of one value and groups of packed bits ---- */

struct parquet_runs {
	const uint8_t *at, *end;
	unsigned width;       /* bits a value; at most 32 */
	uint64_t left;        /* of the run at hand */
	const uint8_t *group; /* its bits; NULL: it is of one `value` */
	uint64_t bit;
	uint32_t value;
	const struct parquet_loops *loops;
};

void parquet_runs_begin(struct parquet_runs *r, struct str bytes, unsigned width);
/* The next n values; false: there are fewer. */
bool parquet_runs_next(struct parquet_runs *r, uint32_t *out, size_t n);
/* How many of the next values, at most n, are a run of one value; 0 where they are packed bits, or
 * there are none. */
size_t parquet_runs_length(struct parquet_runs *r, uint32_t *value, size_t n);
/* So many that are known to be of a run. */
void parquet_runs_skip(struct parquet_runs *r, size_t n);

/* ---- parquet_delta.c: numbers as differences ---- */

struct parquet_deltas {
	const uint8_t *at, *end;
	uint64_t total, done; /* values */
	uint64_t per, minis;  /* values of a miniblock, miniblocks of a block */
	uint64_t mini, left;  /* the next one; values left of the one at hand */
	const uint8_t *width; /* bits of a value of each */
	const uint8_t *bits;  /* of the one at hand */
	uint64_t bit;
	uint64_t value, least;
};

/* False: it is damaged. */
bool parquet_deltas_begin(struct parquet_deltas *d, const uint8_t *at, const uint8_t *end);
bool parquet_deltas_next(struct parquet_deltas *d, int64_t *out, size_t n);
/* Behind the last byte of all of them, of which none was read yet; NULL: they are damaged. */
const uint8_t *parquet_deltas_end(const struct parquet_deltas *d);

#endif
