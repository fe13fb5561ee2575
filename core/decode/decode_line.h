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

/* Why a line of so many values is no record; static. `format` may be NULL: none is in force. */
const char *line_refusal(unsigned values, const struct format *format);

#endif
