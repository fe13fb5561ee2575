/* decode_line.c - see decode_line.h. */
#include "decode/decode_line.h"

#include <string.h>

bool line_has_mark(struct str line)
{
	return line.n >= 3 && memcmp(line.s, "\xef\xbb\xbf", 3) == 0;
}

bool line_is_odd(struct str line)
{
	return (*line.s | 32) == '{' || (unsigned char)*line.s <= FORMAT_LINES ||
	       line_has_mark(line) || format_is_header(line);
}

bool line_is_torn(const struct format *shape, const struct format *header)
{
	return header && shape->n < header->n &&
	       memcmp(shape->field, header->field, shape->n * sizeof *shape->field) == 0 &&
	       shape->field[shape->n - 1] != FIELD_LOG_STATUS;
}

static bool has_tags(const struct format *format)
{
	for (int i = FIELD_INSTANCE_TAG; i <= FIELD_ASG_TAG_2; i++)
		if (format->column[i] >= 0)
			return true;
	return false;
}

const char *line_refusal(unsigned values, const struct format *format)
{
	if (format && format->refusal)
		return format->refusal;
	if (!format || values == format->n)
		return "not recognised as a flow log record";
	if (values > format->n && has_tags(format))
		return "more values than columns: tags with blanks, which AWS writes as %20?";
	return values < format->n ? "fewer values than the format has columns"
				  : "more values than the format has columns";
}
