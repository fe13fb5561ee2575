/* envelope.h - text as delivered -> lines: records out of JSON documents and CSV, told by
 * content at every line's start; bare lines pass as they are.
 *
 * JSON: any nesting and key order, documents one after another with or without newline,
 * pretty-printed or not. A text under message, @message, _raw, body or original is a
 * record's line; an object with fields of flow logs as keys is a record, given
 * as a header line (when it changes) and a line of values. extractedFields is left out.
 * A document without either comes out as the start of itself, to be counted as malformed.
 * CSV: after a header of comma-separated names, each line is a record; a message column
 * alone counts. Memory is bounded: a text longer than ENVELOPE_TEXT_MAX is cut. */
#ifndef ENITOP_ENVELOPE_H
#define ENITOP_ENVELOPE_H

#include "format.h"

#define ENVELOPE_TEXT_MAX 65536
#define ENVELOPE_DEPTH 32
#define ENVELOPE_HEAD 120

struct envelope_level {
	bool array, skip, said;      /* said: its record was given */
	bool is_message, is_skipped; /* of the key in force */
	size_t pairs;                /* where its pairs begin */
};

struct envelope {
	enum { ENVELOPE_PLAIN, ENVELOPE_JSON, ENVELOPE_CSV } mode;
	bool in_line;     /* plain: the line's start is decided, the rest passes */
	size_t open;      /* bytes at the end of `out` of an undecided line */
	uint64_t control; /* CloudWatch's control messages, left out */
	const char *seen; /* "json", "csv": what was met last; NULL: bare lines */
	/* JSON */
	struct envelope_level level[ENVELOPE_DEPTH];
	unsigned depth;
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
	bool string_is_key;
	unsigned hex, hex_digits;
	uint64_t given; /* records out of this document */
	char head[ENVELOPE_HEAD];
	size_t head_n;
	struct buf token, key, pairs, header;
	/* CSV */
	struct buf line;
	unsigned columns, message; /* message: 1 + its column, 0: none */
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

/* Private to envelope*.c. */
size_t envelope_json(struct envelope *e, struct str text, struct buf *out);
void envelope_json_begin(struct envelope *e);
void envelope_json_cut(struct envelope *e, struct buf *out);
bool envelope_csv_header(struct envelope *e, struct str line, struct buf *out);
void envelope_csv_row(struct envelope *e, struct str line, struct buf *out);
/* A record's line, blanks at its ends and control messages left out. */
void envelope_give(struct envelope *e, struct str text, struct buf *out);
/* Whether it can be a column's name: never what a value looks like. */
bool envelope_is_name(struct str s);
/* One value of a line: "-" when empty, blanks as %20. */
void envelope_value(struct str value, struct buf *out);

#endif
