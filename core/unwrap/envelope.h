/* envelope.h - text as delivered -> lines: records out of JSON documents, CSV and what the
 * AWS command line prints, told by content at every line's start; bare lines pass as they
 * are.
 *
 * JSON: any nesting and key order, documents one after another with or without newline or
 * comma, pretty-printed or not. A text under message, @message, _raw, body or original is
 * a record's line; an object with fields of flow logs as keys (columns.h), its own or those of
 * objects in it, is a record, given as a line of values (see format.h), the keys in the order
 * of FIELDS; not so when a line stands in it or beside it. The texts of an array that is a document are lines too. extractedFields
 * is left out. A text that is a document, and the bytes in base64 of Firehose's rawData
 * (gzip or not), are opened, one level deep. A document without a record comes out as the
 * start of itself, to be counted as malformed.
 * CSV: after a header of names, apart by commas, semicolons, tabs or bars, each line with those
 * is a record; a message column alone counts. Of objects and headers that make no record is
 * noted what they are (foreign.h) and their names.
 * Lines: those of `aws logs tail` lose their colours, those of `--output text` give their
 * messages.
 *
 * Memory is bounded: a text longer than ENVELOPE_TEXT_MAX is cut; one that can be a
 * document, at Firehose's limit for a record. */
#ifndef ENITOP_ENVELOPE_H
#define ENITOP_ENVELOPE_H

#include "schema/format.h"

#define ENVELOPE_TEXT_MAX 65536
#define ENVELOPE_RAW_MAX (1000 * 1024 / 3 * 4 + 4) /* 1 000 KiB in base64 */
#define ENVELOPE_OPENED_MAX (16u << 20)            /* that a text may unpack to, */
#define ENVELOPE_RATIO_MAX 256                     /* and so much a byte of it */
#define ENVELOPE_DEPTH 32
#define ENVELOPE_HEAD 120
#define ENVELOPE_BELOW '\1' /* in the keys of pairs: between an object's and those below it */

enum envelope_key {
	KEY_OTHER,
	KEY_LINE, /* its text is a record's line, or a document */
	KEY_RAW,  /* base64 */
	KEY_DATA, /* base64 if it is gzip */
	KEY_TYPE, /* CloudWatch's messageType */
	KEY_SKIPPED
};

/* What texts of an array may be. */
enum envelope_list {
	LIST_NONE,
	LIST_OF_LINES,
	LIST_OF_PAIRS, /* each an array: */
	LIST_PAIR,     /* of a time and a line */
	LIST_FIRST     /* the first is a value of the object that it is in */
};

struct envelope_level {
	bool array, skip;
	bool paired; /* an array of fields as pairs of a name and a value */
	bool column; /* a list of values, or an object of them by number, below a field's name */
	enum envelope_list list;
	bool cut;              /* a whole with more text than is kept: a field is missing */
	bool own;              /* an object with a key of an address: a record by itself */
	enum envelope_key key; /* the one in force */
	uint64_t said;         /* hash of the line that was given for it; 0: none */
	uint64_t control;      /* control messages before it */
	size_t pairs, held;    /* where its own begin */
	unsigned whole;        /* the level of the whole that it is part of (see envelope_json.c) */
	size_t path, base;     /* of its keys, before it and before its whole */
};

struct envelope_shape;
struct format_book;
struct foreign;

/* A table in a document. */
struct envelope_table {
	unsigned columns; /* of rows; 0: not known */
	struct buf names;
	int16_t field[FORMAT_COLUMNS_MAX];
	unsigned depth, values; /* the array at hand, 0: none, and what is in `row` */
	struct buf row;
	unsigned lists; /* a list of values for each name; more than there may be: too many */
	size_t list[FORMAT_COLUMNS_MAX]; /* where in the text, each text with its NUL */
	struct buf lists_text;
};

struct envelope {
	enum { ENVELOPE_PLAIN, ENVELOPE_JSON } mode;
	bool in_line;     /* plain: the line's start is decided, the rest passes */
	bool between;     /* behind a document: a comma may stand there, */
	bool escaped;     /* or a newline as it is written, of which the backslash is taken */
	bool is_inner;    /* texts in it are not opened */
	bool unbroken;    /* no blank stands in the undecided line */
	size_t open;      /* bytes at the end of `out` of an undecided line */
	uint64_t control; /* CloudWatch's control messages, left out */
	uint64_t ahead;   /* lines given for the line of the text that is being read */
	uint64_t lines;   /* of the text, before that one and from the document's first on */
	const char *seen; /* "json", "csv": what was met last; NULL: bare lines */
	/* What made no record: what it is, NULL: not known; the names of the one that has most. */
	const struct foreign *foreign;
	struct buf strange;
	size_t strange_names;
	struct buf line;
	struct buf header; /* of the values given last; empty: lines as AWS has them */
	/* JSON */
	struct envelope_level level[ENVELOPE_DEPTH];
	unsigned depth, control_depth; /* control_depth: of a control message; 0: none */
	enum {
		JSON_VALUE,
		JSON_KEY,
		JSON_COLON,
		JSON_AFTER,
		JSON_STRING,
		JSON_ESCAPE,
		JSON_HEX,
		JSON_SCALAR,
		JSON_BROKEN
	} state;
	bool string_is_key, token_cut;
	bool raw_failed; /* bytes in the document could not be had: to be said at its end */
	bool line_start; /* nothing but blanks on this line yet */
	char before;     /* broken: the last byte */
	unsigned hex, hex_digits;
	uint64_t given;  /* records out of this document */
	struct buf head; /* its beginning, as far as it came before `now` */
	struct str now;  /* of the text at hand, what was taken of it */
	bool hanging;    /* it is over and gave nothing: more of its line may make it a line */
	struct buf token, key, pairs;
	struct buf path; /* the keys of the objects in force, each with ENVELOPE_BELOW behind it */
	struct envelope_shape *shape; /* of the last object (envelope_object.c); NULL: none */
	/* Of objects with keys that are no fields, as many as may be kept; others are their fields
	 * alone. NULL: there are as many as formats. The caller's. */
	struct format_book *book;
	struct envelope_table table;
	struct buf picked;  /* a text that is a record, of the level */
	unsigned picked_in; /* less 1; 0: none */
	struct buf held;    /* of nested objects, until it is sure that no line stands beside */
	struct envelope *inner;
	/* CSV */
	unsigned columns, message; /* 0: no CSV; 1 + the column of lines, 0: none */
	char apart;                /* what holds values apart */
	size_t row_at;   /* the line that is kept is one of a row's, from here on; else 0 */
	size_t header_n; /* bytes of its header, and their hash */
	uint64_t header_hash;
	struct buf names;
	int16_t field[FORMAT_COLUMNS_MAX];
};

void envelope_release(struct envelope *e);
/* Whether it is as if new: between lines, no header of its own in force. */
bool envelope_is_idle(const struct envelope *e);
/* Whether it keeps the beginning of a line, one that is no JSON. */
bool envelope_has_line(const struct envelope *e);
/* Whether these bytes are lines as they are: then they belong at the end of `out` without
 * envelope_feed. */
bool envelope_passes(struct envelope *e, struct str text);
/* Adds the lines of `text` to `out`; `last`: no more will come. An unfinished line that
 * passed before must stand at the end of `out`: it may be taken back. */
void envelope_feed(struct envelope *e, struct str text, bool last, struct buf *out);

/* ---- private to envelope*.c ---- */

/* envelope.c: the record's line that a document holds. */
void envelope_give(struct envelope *e, struct str text, struct buf *out);

/* envelope_json.c: returns the bytes it took: all of them, or up to the end of the document. */
size_t envelope_json(struct envelope *e, struct str text, struct buf *out);
void envelope_json_begin(struct envelope *e);
/* The document ends here, though it is not complete. */
void envelope_json_cut(struct envelope *e, struct buf *out);

/* envelope_whole.c: of a document, or an object in an array, with all that is nested in it. The
 * level of the one that the object in force is part of. */
struct envelope_level *envelope_whole(struct envelope *e);
/* A pair of the object in force, whose key is e->key. */
void envelope_add_pair(struct envelope *e, struct envelope_level *l, struct str value);
/* A line, unless the same whole has given it already under another name. */
void envelope_give_line(struct envelope *e, struct str text, struct buf *out);
/* The fields of the object in force. A nested one with an address is a record by itself, and
 * waits for the end of the whole, where it is known whether there is a line that says the same.
 * The pairs of any other are the whole's. */
void envelope_give_object(struct envelope *e, struct buf *out);
/* What nested objects from `from` on were held back for. */
void envelope_give_held(struct envelope *e, size_t from, struct buf *out);
/* What a document holds that gave no record, if it is one line; else its start stands for all of
 * it, to be counted. */
void envelope_give_head(struct envelope *e, struct buf *out);

/* envelope_pick.c: keeps a text of the object in force that is a record, if its key may have one;
 * gives it when the level that it is of ends, if `wanted`: nothing else came of that. */
void envelope_pick(struct envelope *e, struct str text);
void envelope_give_picked(struct envelope *e, unsigned level, bool wanted, struct buf *out);
/* What an array is that begins in `outer`, and a text of it that is a record. */
enum envelope_list envelope_list(const struct envelope *e, const struct envelope_level *outer);
void envelope_give_listed(struct envelope *e, struct envelope_level *l, struct str text,
			  struct buf *out);
/* Whether the object is a field as a pair of name and value, which point into the pairs. */
bool envelope_is_pair(const struct envelope *e, const struct envelope_level *l, struct str *name,
		      struct str *value);
/* The values of an object whose keys are numbered, in `line`; false: they are no record. */
bool envelope_in_order(const struct envelope *e, const struct envelope_level *l, struct buf *line);

/* envelope_table.c: the values of an array, which is the names of a table or a row of it. */
void envelope_row_begin(struct envelope *e);
void envelope_row_add(struct envelope *e, struct str value);
void envelope_row_end(struct envelope *e, struct buf *out);
/* Whether an object in an array stands for one value of a row, or for a column's name. */
bool envelope_row_name(const struct envelope *e, const struct envelope_level *l, struct str *name);
/* Whether what begins may be a column's values, each of which is added. False: it is none. */
bool envelope_is_column(const struct envelope *e);
void envelope_column_begin(struct envelope *e);
bool envelope_column_add(struct envelope *e, bool array, struct str value);
void envelope_columns_end(struct envelope *e, struct buf *out);
/* Between documents. */
void envelope_table_clear(struct envelope_table *t);
void envelope_table_release(struct envelope_table *t);

/* envelope_csv.c: whether the line that is kept goes on with the next one, for a quoted value is
 * not over; then it has its newline. */
bool envelope_csv_goes_on(struct envelope *e);
/* Of how many lines the row is that is kept: one text from now on; 0: they are no row. */
unsigned envelope_csv_join(struct envelope *e);
/* The lines before the one that is kept are lines by themselves. */
void envelope_csv_split(struct envelope *e, struct buf *out);
/* A whole line; true when it was one of CSV's. */
bool envelope_csv(struct envelope *e, struct str line, struct buf *out);

/* envelope_out.c: a line that is no mark of ours (see format.h): its first bytes are taken off
 * where it is. Lines that have such a byte anywhere never pass. */
struct str envelope_unmarked(struct str line);
/* A line of the text has ended: lines that come out have the numbers of those that they stood in,
 * or began in. */
void envelope_newline(struct envelope *e, struct buf *out);
/* A line of the text's line in which the document began. */
void envelope_add_line_before(struct envelope *e, struct str line, struct buf *out);
/* The end of a line of values, which was put out. */
void envelope_end_row(struct envelope *e, struct buf *out);
/* A line as AWS writes them; lines of values end. */
void envelope_add_line(struct envelope *e, struct str line, struct buf *out);
void envelope_end_values(struct envelope *e, struct buf *out);
/* The columns of the values that follow, names one space apart. */
void envelope_begin_values(struct envelope *e, struct str names, struct buf *out);

/* envelope_object.c: what a key of JSON, or a column of CSV, has for a value. */
enum envelope_key envelope_key(struct str name);
/* Whether the text can be a column's name: never what a value looks like. */
bool envelope_is_name(struct str s);
/* The column's name as it stands among names: its field's (see columns.h), or as it is without
 * blanks. */
void envelope_add_name(struct str name, int field, struct buf *out);
/* Notes the names of what made no record. */
void envelope_note_names(struct envelope *e, const struct str *name, size_t n);
/* One value: "-" when there is none, numbers and times as AWS writes them, no blanks. */
void envelope_add_value(int field, struct str value, struct buf *out);
/* The pairs of an object, from the level's own on, if they make a record, or statistics that
 * the decoder is to refuse: its names and its values, each a line without an end. `skip`: bytes
 * of the path before its own keys. */
bool envelope_object(struct envelope *e, const struct envelope_level *l, size_t skip,
		     struct buf *names, struct buf *values);
void envelope_shape_free(struct envelope_shape *shape);

/* envelope_line.c: a whole line that begins no document. */
void envelope_plain_line(struct envelope *e, struct str line, struct buf *out);

/* envelope_inner.c: whether a text is base64 of what may be opened: gzip, a document, a record. */
bool envelope_is_packed(struct str text);
/* The lines of a text that is a document of its own. */
void envelope_open_text(struct envelope *e, struct str text, struct buf *out);
/* The lines of bytes in base64, gzip or not. False: they can't be had, all or in part, and
 * nothing that came out says so. `text` ends in NUL. */
bool envelope_open_raw(struct envelope *e, struct str text, struct buf *out);

#endif
