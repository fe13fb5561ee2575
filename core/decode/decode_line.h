/* decode_line.h - what can be told of one line by its first bytes and its number of values. */
#ifndef ENITOP_DECODE_LINE_H
#define ENITOP_DECODE_LINE_H

#include "schema/format.h"

/* Whether it begins with the byte order mark of a file, which may stand behind another. */
bool line_has_mark(struct str line);

/* Whether a line that has bytes is something else than a record: a header, an envelope's mark,
 * what is left of a document. */
bool line_is_odd(struct str line);

/* Whether a line of `shape` may be the beginning of one of the header's: when the columns are in
 * AWS' order one looks like the other. Only a log-status, one of three words, is known to be
 * whole. `header` may be NULL: no. */
bool line_is_torn(const struct format *shape, const struct format *header);

/* decode_reason.c: why a line of so many values is no record; static. `format`: of the header or
 * --format in force, NULL: none; `guess`: else the shape of the lines before it, NULL: not known. */
const char *line_refusal(struct str line, unsigned values, const struct format *format,
			 const struct format *guess);
/* What is said of a line that has signs of a flow log in no known order. */
extern const char line_is_custom[];

#endif
