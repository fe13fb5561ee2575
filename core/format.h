/* format.h - the ordered columns of a flow log: from a header line, from
 * --format, the default fourteen, or recognised by the shape of a line.
 *
 * Formats are interned: the same columns are the same pointer, immutable and
 * alive until the process ends, at most FORMATS_MAX of them. So are the ids of
 * unknown column names. Both tables take a lock; every thread may ask. */
#ifndef ENITOP_FORMAT_H
#define ENITOP_FORMAT_H

#include "field.h"

#define FORMATS_MAX 4096
#define FORMAT_COLUMNS_MAX 256

struct format {
	unsigned n;                   /* columns */
	const uint16_t *field;        /* field id of each column */
	int16_t column[FIELDS_KNOWN]; /* column of a published field, or -1 */
	struct str text;              /* the names, one space apart */
	const char *origin;           /* "default", "header", "--format", "shape v5", ... */
};

/* The default format of version 2: fourteen fields. */
const struct format *format_default(void);

/* A header line or the text of --format: names apart by spaces or commas, with
 * '-' or '_' or in camelCase, each optionally as ${name}. Unknown names are kept
 * as text columns. NULL when it holds fewer than two published names, more than
 * FORMAT_COLUMNS_MAX columns, or no format can be added any more; the same
 * name twice gets "#2" on its second id. */
const struct format *format_parse(struct str line, const char *origin);

/* Whether a line is a header: at least two of its tokens are published names
 * and none looks like a value (a digit first, or "-"). Cheap on records. */
bool format_is_header(struct str line);

/* The format a record line has by its shape (FORMATS.md section 5): count of
 * tokens, then types in their places; an ISO time and a log stream name before
 * a record become columns "@timestamp" and "@logStream". NULL: not recognised. */
const struct format *format_guess(struct str line);

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
