/* envelope_out.c - what comes out of an envelope: lines as AWS writes them, and lines of values
 * under a header of their own. */
#include <inttypes.h>
#include <string.h>

#include "unwrap/envelope.h"

void envelope_end_values(struct envelope *e, struct buf *out)
{
	if (!e->header.n)
		return;
	buf_puts(out, FORMAT_LINES "\n");
	buf_clear(&e->header);
}

void envelope_begin_values(struct envelope *e, struct str names, struct buf *out)
{
	if (str_equal(buf_str(&e->header), names))
		return;
	buf_puts(out, FORMAT_VALUES);
	buf_add_str(out, names);
	buf_putc(out, '\n');
	buf_clear(&e->header);
	buf_add_str(&e->header, names);
}

struct str envelope_unmarked(struct str line)
{
	while (line.n > 1 && line.s[0] == FORMAT_MARK && memchr("\1\2\033", line.s[1], 3))
		line.s++, line.n--;
	return line;
}

void envelope_add_line(struct envelope *e, struct str line, struct buf *out)
{
	line = envelope_unmarked(line);
	envelope_end_values(e, out);
	buf_add_str(out, line);
	envelope_end_row(e, out);
}

void envelope_end_row(struct envelope *e, struct buf *out)
{
	buf_putc(out, '\n');
	e->ahead++;
}

void envelope_add_line_before(struct envelope *e, struct str line, struct buf *out)
{
	uint64_t ahead = e->ahead, back = e->lines + ahead;

	if (e->lines == 0) {
		envelope_add_line(e, line, out);
		return;
	}
	buf_printf(out, FORMAT_BACK "%" PRIu64 "\n", back);
	envelope_add_line(e, line, out);
	while (--back)
		buf_putc(out, '\n');
	e->ahead = ahead;
}

void envelope_newline(struct envelope *e, struct buf *out)
{
	if (e->is_inner)
		return;
	e->lines++;
	if (e->ahead == 0)
		buf_putc(out, '\n');
	else if (e->ahead > 1)
		buf_printf(out, FORMAT_BACK "%" PRIu64 "\n", e->ahead - 1);
	e->ahead = 0;
}
