/* decode_line.c - see decode_line.h. */
#include "decode/decode_line.h"

#include <string.h>

bool line_has_mark(struct str line)
{
	return line.n >= 3 && memcmp(line.s, "\xef\xbb\xbf", 3) == 0;
}

bool line_is_odd(struct str line)
{
	return (*line.s | 32) == '{' || *line.s == FORMAT_MARK || line_has_mark(line) ||
	       format_is_header(line);
}

bool line_is_torn(const struct format *shape, const struct format *header)
{
	return header && shape->n < header->n &&
	       memcmp(shape->field, header->field, shape->n * sizeof *shape->field) == 0 &&
	       shape->field[shape->n - 1] != FIELD_LOG_STATUS;
}
