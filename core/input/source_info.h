/* source_info.h - what others see of a source (source_info_of() in source.h), and of all
 * sources together. */
#ifndef ENITOP_SOURCE_INFO_H
#define ENITOP_SOURCE_INFO_H

#include "decode/decode.h"
#include "store/field_counts.h"

enum source_state {
	SOURCE_READING,   /* history: a known amount, or a pipe */
	SOURCE_FOLLOWING, /* read to the end, waiting for more */
	SOURCE_WAITING,   /* not there (any more); looked for */
	SOURCE_DONE,      /* read to the end, will not be read again */
	SOURCE_FAILED,    /* could not be read; see error */
	SOURCE_STATES
};

const char *source_state_name(enum source_state s); /* "reading" */

/* What is shown of one source. */
struct source_info {
	uint32_t id;
	const char *name;  /* as given on the command line; "-" for standard input */
	const char *shape; /* "plain", "gzip", "pipe", "demo"; "?" before the first byte */
	const struct format *format; /* in force or last recognised, NULL: none yet */
	enum source_state state;
	const char *error; /* last fault, NULL: none */
	uint64_t size;     /* bytes as stored, 0: not known */
	uint64_t read;     /* bytes of `size` that were read */
	int64_t newest_s;  /* newest `end` seen; INT64_MIN: none */
	struct decode_counts counts;
	const struct format *const *met; /* the formats met first, at most NOTES_FORMATS */
	unsigned formats;                /* how many `met` has */
	int version;                     /* the highest of the columns of `met`; 0: no record yet */
	double rate;                     /* flows a second, lately; 0: done */
	int64_t complete_s; /* its records can be taken as complete up to this time (see
			     * source_notes_complete); INT64_MIN: not known */
	unsigned faults;    /* so far */
	const char *note;   /* worth knowing and no fault, NULL: nothing */
	const struct field_counts *unreadable; /* its values that are, by field */
};

/* Adds all that is worth knowing of it and no fault: its note, and "unreadable values: bytes 3,
 * end 12". Nothing: there is nothing. */
void source_info_note(const struct source_info *s, struct buf *out);

/* How many sources there are, by state and by trouble. */
struct source_sums {
	size_t sources, in_state[SOURCE_STATES];
	/* With an error; else with a note, malformed lines, SKIPDATA, unreadable values. */
	size_t failed, warned;
};

struct input_counts;

/* Adds what columns leave open: "columns not understood: thebytes; no bytes, and 2 more sources".
 * Nothing where c->lacking is empty. */
void input_lack_text(const struct input_counts *c, struct buf *out);

#define LACKING_TEXT 512

/* What came in from all sources, and what became of it. */
struct input_counts {
	uint64_t lines, flows, nodata, skipdata, malformed;
	uint64_t headers, control, future, evicted;
	uint64_t links_out; /* links that lead out of the folders that were named: not followed */
	uint64_t partial;   /* of the flows: their columns leave open who or how much */
	char lacking[LACKING_TEXT]; /* what, of the last flows so or without an end; empty: none */
	uint64_t lacking_sources;   /* how many sources had such flows */
	uint64_t undated;           /* of the flows */
	const struct field_counts *unreadable; /* values, by field: as of now; NULL: none */
};

#endif
