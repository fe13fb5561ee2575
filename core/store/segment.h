/* segment.h - up to 64 Ki (less one) flows of one format, as columns.
 *
 * A coded column (addresses, text) is a code a row plus a table: code -> global
 * id and, where the delivered text is not the canonical one, that text. A
 * number column is base + offset in 1, 2, 4 or 8 bytes, with a bitmap of absent
 * rows and a list of exceptions (row, text). A row renders back to its line.
 *
 * Unreadable is a value that its field can't have: no number, no address, an action that is
 * none. It stands for no value, but its text is kept, and its row and line are noted.
 *
 * An open segment grows at its end (the loop thread, or the one job that owns
 * it); sealing narrows it and makes it immutable. Values are read alike in
 * both states. Codes get global ids when the loop publishes them, which is before anybody
 * looks at values; codes below `published` have ids. */
#ifndef ENITOP_SEGMENT_H
#define ENITOP_SEGMENT_H

#include "schema/format.h"
#include "store/charges.h"
#include "store/dict.h"

#define SEGMENT_ROWS 65535u /* distinct values and "-" fit 16-bit codes */
#define NUMBER_ABSENT UINT64_MAX

/* The bits of a row's mark: what is asked of every row, ready made. */
enum {
	MARK_ACCEPT = 1,
	MARK_REJECT = 2,
	MARK_NODATA = 4,
	MARK_SKIPDATA = 8,
	MARK_STATUS = MARK_NODATA | MARK_SKIPDATA, /* a status row, not a flow */
	MARK_SERVER_SRC = 16,                      /* the source is the serving side */
	MARK_GUESS = 32,                           /* which side serves is a guess */
	MARK_UNDATED = 64,
	MARK_WEAK = 128 /* a guess that the ports say little of: both or none are known */
};

/* Value of one code. */
struct code {
	uint32_t id;        /* global id, DICT_NONE until published or when it has none */
	uint32_t text : 31; /* 1 + offset of the exact text in the column's arena; 0: canonical */
	uint32_t unreadable : 1;
};

/* A row whose text is not what the column's number renders to. */
struct exception {
	uint32_t row;
	uint32_t text; /* 1 + offset in the column's arena */
};

struct column {
	enum field_type type;
	uint8_t width; /* bytes a row in `data`: 0 (one value), 1, 2, 4, 8 */
	void *data;    /* codes, or offsets from base */
	uint64_t base;
	uint64_t range; /* sealed: the greatest value is base + range */
	/* coded */
	uint32_t codes;      /* entries of `code`; code 0 is '-' */
	uint32_t published;  /* entries that have their global id */
	uint32_t unreadable; /* entries that are */
	struct code *code;
	struct interner *interner; /* while open: value -> code */
	/* number */
	uint64_t *absent; /* bitmap, NULL: none */
	struct exception *exception;
	uint32_t exceptions;
	/* exact texts, each as u32 length + bytes */
	struct buf arena;
	size_t cap_code, cap_exception;
};

/* From a row on they arrived one after the other, that row as number `order`. */
struct arrival {
	uint32_t row;
	uint64_t order;
};

/* A row with unreadable values. */
struct unreadable_row {
	uint32_t row;
	uint64_t line; /* its number in the row's source */
};

struct segment {
	const struct format *format;
	uint64_t serial; /* order of arrival, given by the ring */
	uint32_t rows;
	uint32_t cap;               /* rows allocated while open; 0: sealed */
	int64_t time_min, time_max; /* of dated rows, seconds; min > max: none */
	uint32_t dated;             /* rows with a time */
	uint32_t flows, nodata, skipdata;
	uint32_t undated;        /* of the flows */
	uint32_t source;         /* id of the source of its first row */
	uint64_t line;           /* line number of its first row there */
	uint8_t *mark;           /* MARK_ bits, a byte a row */
	struct arrival *arrival; /* see arrival.h */
	uint32_t arrivals;
	size_t arrival_cap;
	struct unreadable_row *unreadable; /* in order */
	uint32_t unreadables;
	size_t unreadable_cap;
	struct column *column;   /* format->n of them */
	struct charges *charges; /* of all rows that are looked at; NULL: nobody asks for them */
};

struct segment *segment_new(const struct format *format);
/* Frees it; `d` (may be NULL when never published) gets its references back. */
void segment_free(struct segment *s, struct dict *d);
/* No more rows: narrows the columns, drops the interners. Codes not published
 * keep their values. Any thread that owns it. */
void segment_seal(struct segment *s);
/* Adds to all numbers of lines that it has: what it was made of is a part of its source. */
void segment_move_lines(struct segment *s, uint64_t by);
/* Forgets the values of a coded column, which nobody will ask for: each is '-' now. Of a sealed
 * segment that was not published. */
void segment_clear_column(struct segment *s, int field);
/* Gives codes without a global id one. Loop thread. */
void segment_publish(struct segment *s, struct dict *d);
bool segment_is_published(const struct segment *s);
/* Dies where it is not: its values would be taken for none. */
void segment_check_published(const struct segment *s);
/* Every byte it holds but for its charges, which come and go. */
size_t segment_bytes(const struct segment *s);

/* The column of a published or unknown field, or NULL. Derived fields have none. */
const struct column *segment_column(const struct segment *s, int field);

/* Number columns: NUMBER_ABSENT where there is none. The second fills `out`
 * with rows first..first+n-1. */
uint64_t column_number(const struct column *c, uint32_t row);
void column_numbers(const struct column *c, uint32_t first, uint32_t n, uint64_t *out);
/* The numbers of the `n` rows named. */
void column_numbers_at(const struct column *c, const uint32_t *row, uint32_t n, uint64_t *out);
/* For each row 1 when its number is low..high, else 0; absent numbers are never within. */
void column_within(const struct column *c, uint32_t first, uint32_t n, uint64_t low, uint64_t high,
		   uint8_t *out);
/* Coded columns: the code of a row; index of c->code. */
uint32_t column_code(const struct column *c, uint32_t row);
void column_codes(const struct column *c, uint32_t first, uint32_t n, uint32_t *out);
void column_codes_at(const struct column *c, const uint32_t *row, uint32_t n, uint32_t *out);

/* A delivered time in seconds: beyond 32 bits it is milliseconds. */
static inline int64_t time_in_seconds(uint64_t v)
{
	return (int64_t)(v > UINT32_MAX ? v / 1000 : v);
}

/* NUMBER_ABSENT stays what it is. */
static inline uint64_t time_in_milliseconds(uint64_t v)
{
	return v > UINT32_MAX ? v : v * 1000;
}

/* Adds a delivered time in seconds, with as much of a part of one as it has: "1700000000.5". */
void time_render(uint64_t v, struct buf *out);

/* The row's time in seconds: `end`, else `start`; INT64_MIN when undated. */
int64_t segment_time(const struct segment *s, uint32_t row);
void segment_times(const struct segment *s, uint32_t first, uint32_t n, int64_t *out);

/* Whether the row's value in a column of the segment is unreadable. Of a status row "-1" is no
 * value, as "-" is. */
bool segment_is_unreadable(const struct segment *s, uint32_t row, unsigned column);
/* Adds an unreadable value as delivered, of a segment that is open or not published yet. */
void segment_render_unreadable(const struct segment *s, uint32_t row, unsigned column,
			       struct buf *out);
/* The first of the noted rows from `row` on; s->unreadables: there is none. */
uint32_t segment_unreadable_from(const struct segment *s, uint32_t row);

/* Packets that a transit gateway lost of the row's flow, for any reason; 0: none, or
 * not said. */
uint64_t segment_lost(const struct segment *s, uint32_t row);

/* Canonical value of a code of a published column: an address in 16 bytes
 * (false: it has none) or a text (empty for '-'). */
bool column_address(const struct column *c, const struct dict *d, uint32_t code, uint8_t out[16]);
struct str column_text(const struct column *c, const struct dict *d, uint32_t code);
/* A text, or what is no address, as delivered; empty for '-' and for an address as it is
 * written canonically. */
struct str column_exact(const struct column *c, const struct dict *d, uint32_t code);

/* The address of a code of a segment that is open or not published yet; NULL: none. */
const uint8_t *column_key_address(const struct column *c, uint32_t code);

/* Adds the value of a published code exactly as delivered. */
void column_render_code(const struct column *c, const struct dict *d, uint32_t code,
			struct buf *out);
/* Adds a value exactly as delivered; '-' when absent. Published rows only. */
void column_render(const struct column *c, const struct dict *d, uint32_t row, struct buf *out);
/* Adds what the value is taken for: a number in plain digits, a time in seconds and a word as AWS
 * spells it, however they were written. What is unreadable, and any other value, as delivered. */
void column_render_value(const struct column *c, const struct dict *d, uint32_t row,
			 struct buf *out);
/* Adds the whole row as its line: values one space apart, no newline. */
void segment_render(const struct segment *s, const struct dict *d, uint32_t row, struct buf *out);

#endif
