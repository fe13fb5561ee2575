/* format.h - the ordered columns of a flow log: from a header line, from
 * --format, the default fourteen, or recognised by the shape of a line.
 *
 * Formats are interned: the same columns are the same pointer, and immutable. At most FORMATS_MAX
 * are there at a time, each as long as somebody holds it: its segments, and the book of the source
 * that it came from (format_book.h). So are the ids of unknown column names, as long as a format
 * has them, and for ever once they were asked for by name. Both tables take a lock; every thread
 * may ask.
 *
 * Envelopes that hold values instead of lines (objects, CSV) are given as lines of
 * values behind a header that begins with FORMAT_VALUES: its columns are theirs alone,
 * and a line of FORMAT_LINES says that lines as AWS writes them follow, under whatever
 * header was in force for those. FORMAT_BACK and a number: the next line is one of so many
 * before, for a line of the file gave several. None of the three is a line of the file. No line
 * that was delivered begins as they do: envelopes take the FORMAT_MARK off. */
#ifndef ENITOP_FORMAT_H
#define ENITOP_FORMAT_H

#include "schema/field.h"

#define FORMATS_MAX 16384                /* from headers and --format; shapes have their own room */
#define FORMATS_BYTES ((size_t)16 << 20) /* of those, and of unknown names */
#define FORMAT_COLUMNS_MAX 256

#define FORMAT_MARK '\033'
#define FORMAT_VALUES "\033\1"
#define FORMAT_LINES "\033\2"
#define FORMAT_BACK "\033\3"

static inline bool format_is_mark(struct str line, const char mark[2])
{
	return line.n >= 2 && line.s[0] == mark[0] && line.s[1] == mark[1];
}

struct format {
	unsigned n;                   /* columns */
	const uint16_t *field;        /* field id of each column */
	int16_t column[FIELDS_KNOWN]; /* column of a published field, or -1 */
	struct str text;              /* the names, one space apart */
	const char *origin;           /* "default", "header", "--format", "shape v5", ... */
	const char *refusal;          /* no columns, so that no line fits: why; else NULL */
	bool lacks;                   /* an address, bytes or end has no column of its own */
	const char *end_as;           /* what the column of end is called, where it is a time that
				       * serves as that: columns_time(); else NULL */
	bool strange;                 /* a column is not understood */
	bool lasting;                 /* see format_is_lasting() */
	uint64_t serial;              /* of no other format, before or after; never 0 */
};

/* It is there until the process ends, so that nobody has to hold it; one that is not may become so
 * at any time. Any thread. */
static inline bool format_is_lasting(const struct format *f)
{
	return __atomic_load_n(&f->lasting, __ATOMIC_RELAXED);
}

/* The default format of version 2: fourteen fields. */
const struct format *format_default(void);

/* A header line or the text of --format: names apart by spaces or commas, with
 * '-' or '_' or in camelCase, each optionally as ${name}; or other tools' names for the fields
 * (columns.h). Unknown names are kept as text columns. NULL when it holds fewer than two names
 * of fields, more than FORMAT_COLUMNS_MAX columns, or no format can be added; the
 * second name for one field gets "#2" behind it. The caller has a hold on it: it is there until
 * format_release(), perhaps for ever. */
const struct format *format_parse(struct str line, const char *origin);

/* One hold more, or less; NULL is none. */
const struct format *format_hold(const struct format *f);
void format_release(const struct format *f);
/* Of all formats and names. */
size_t formats_bytes(void);
/* Half of the room for formats is taken. */
bool formats_are_scarce(void);

/* The format of what stands behind a header, with a hold on it, never NULL: one with a refusal
 * where the header can't be taken, or is one of statistics. */
const struct format *format_of_header(struct str line);

/* Formats that no line fits. */
enum format_refusal {
	FORMAT_TOO_WIDE,    /* or of names that say nothing */
	FORMAT_NO_ROOM,     /* FORMATS_MAX */
	FORMAT_BEYOND_BOOK, /* see format_book.h */
	FORMAT_GIVEN_BACK,  /* at the end of its source, which goes on after all */
	FORMAT_STATISTICS,
};
const struct format *format_refused(enum format_refusal why);

/* Adds what its columns leave open: "columns not understood: numbytes, sourceaddress; no
 * srcaddr"; nothing when it lacks nothing. */
void format_lack_text(const struct format *format, struct buf *out);

/* Whether a line is a header: at least two of its tokens are published names, or three what
 * other tools call fields, and none looks like a value (a digit first, or "-"). Cheap on
 * records. */
bool format_is_header(struct str line);

/* Keeps in `header` what must stand before the lines that follow `line`, if that is a
 * header or a mark: the header in force, and behind it that of values. */
void format_note_header(struct buf *header, struct str line);

/* How much less than the lines so far, with this one, the file has: 0 but for marks. */
uint64_t format_back(struct str line);

/* The format a record line has by its shape (FORMATS.md section 5): count of
 * tokens, then types in their places; an ISO time and a log stream name before
 * a record become columns "@timestamp" and "@logStream". NULL: not recognised.
 * `doubt` is the first column in which another shape that fits as well is different, as
 * one may while there stands nothing but '-' from there on; 0: there is none. */
const struct format *format_guess(struct str line, unsigned *doubt);
/* The same when the columns behind an ISO time and a log stream name are known: those of
 * `format`, with a hold on it. NULL: the line has no such beginning, or not as many values. */
const struct format *format_after_prefix(const struct format *format, struct str line);
/* Whether every value of a line can be what its column says. */
bool format_fits(const struct format *format, struct str line);
/* Of format_guess alone: not counted against FORMATS_MAX. */
const struct format *format_shape(struct str names, const char *origin);

/* Its columns of those fields alone, as long as `format` is there and no other part of it is asked
 * for; itself when no format can be added. */
const struct format *format_part(const struct format *format, const struct field_set *wanted);

/* The column of any field id in `format`, or -1. */
int format_column(const struct format *format, int field);

/* The name of any field id, known or not; never NULL. */
const char *field_name(int id);
/* The type of any field id; unknown ones are text. */
enum field_type field_type(int id);
/* The id of any name: known, alias, or of an unknown column met so far.
 * FIELD_NONE when there is none. */
int field_lookup(struct str name);

#endif
