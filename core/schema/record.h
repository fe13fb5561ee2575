/* record.h - records inside other text: behind what a program writes before a line of its own,
 * in quotes or brackets, run together. Only what can be nothing else counts as a record here: a shape with
 * version, both addresses, bytes and end, each value one that its field can have. */
#ifndef ENITOP_RECORD_H
#define ENITOP_RECORD_H

#include "schema/format.h"

/* What a record was found in: bits of a set. */
enum record_frame {
	FRAME_CONTAINER = 1 << 0, /* time, stdout F */
	FRAME_SYSLOG = 1 << 1,
	FRAME_LABELS = 1 << 2, /* {job="x"} */
	FRAME_BRACKETS = 1 << 3,
	FRAME_GROUP = 1 << 4, /* /group stream */
	FRAME_FILE = 1 << 5,  /* as grep writes it: the file's name and a colon */
	FRAME_BAR = 1 << 6,   /* name | */
	FRAME_WORDS = 1 << 7, /* other times, numbers and names */
	FRAME_QUOTES = 1 << 8,
	FRAME_KEY = 1 << 9, /* in quotes, behind a key of lines */
	FRAME_CELL = 1 << 10,
	FRAME_MERGED = 1 << 11,
	FRAME_BLANKS = 1 << 12,   /* no-break spaces between the values */
	FRAME_PACKED = 1 << 13,   /* base64 */
	FRAME_ENCLOSED = 1 << 14, /* in brackets or backticks */
};

/* The format of a text that is a record and nothing else; NULL: it is none. */
const struct format *record_format(struct str text);
/* Whether the text begins as a record does: cheap. */
bool record_begins(struct str text);
/* How much of a text stands before the next record, where that follows the log-status of another
 * at once, or behind blanks; 0: none follows so. */
size_t record_merged(struct str text);

/* What a program writes before a line: times, hosts, tags, labels, levels; never words that
 * somebody typed. The frame; 0: it is none. */
enum record_frame record_prefix(struct str prefix);
/* Whether it is a time and nothing else. */
bool record_prefix_is_time(struct str prefix);

/* Whether a key, as of JSON, may have a whole line for its value: "log", "line", "event". */
bool record_is_key(struct str key);

/* Adds the names of a set of frames: "behind syslog headers, in quotes". */
void record_frames_text(unsigned frames, struct buf *out);

#endif
