/* flow_columns.c - see flow_columns.h. */
#include "store/flow_columns.h"

#include <errno.h>
#include <string.h>

#include "schema/reading.h"
#include "schema/sides.h"

int flow_columns_find(const struct flow_columns *c, int field)
{
	for (unsigned i = 0; i < c->n; i++)
		if (c->field[i] == field)
			return (int)i;
	return -1;
}

int flow_columns_parse(struct str names, struct flow_columns *c, struct str *bad)
{
	*c = (struct flow_columns){ .n = 0 };
	for (;;) {
		const char *comma = memchr(names.s, ',', names.n);
		struct str name = { names.s, comma ? (size_t)(comma - names.s) : names.n };
		int field = field_lookup(str_trim(name));

		*bad = name;
		if (field == FIELD_NONE || flow_columns_find(c, field) >= 0)
			return -EINVAL;
		if (c->n == FLOW_COLUMNS_MAX) {
			bad->n = 0;
			return -EINVAL;
		}
		c->field[c->n++] = field;
		if (!comma)
			return 0;
		names.s += name.n + 1;
		names.n -= name.n + 1;
	}
}

void flow_columns_of(const struct segment *s, int field, const struct column *c[2])
{
	struct sides sides = sides_of(field == FIELD_BIN ? FIELD_END : field);

	c[0] = segment_column(s, sides.both ? field : sides.asking);
	c[1] = segment_column(s, sides.both ? field : sides.serving);
}

const struct column *flow_column(const struct segment *s, uint32_t row, int field)
{
	const struct column *c[2];

	flow_columns_of(s, field, c);
	return c[(s->mark[row] & MARK_SERVER_SRC) != 0];
}

bool flow_is_unreadable(const struct segment *s, uint32_t row, int field)
{
	const struct column *c = field == FIELD_BIN ? NULL : flow_column(s, row, field);

	return c && segment_is_unreadable(s, row, (unsigned)(c - s->column));
}

void flow_render_column(const struct segment *s, const struct dict *d, uint32_t row,
			unsigned column, struct buf *out)
{
	struct buf value = { 0 };

	if (!s->unreadables || !segment_is_unreadable(s, row, column)) {
		column_render_value(&s->column[column], d, row, out);
		return;
	}
	column_render_value(&s->column[column], d, row, &value);
	reading_delivered(buf_str(&value), out);
	buf_release(&value);
}

void flow_render(const struct segment *s, const struct dict *d, uint32_t row, int field,
		 struct buf *out)
{
	const struct column *c = flow_column(s, row, field);
	int64_t time = field == FIELD_BIN ? segment_time(s, row) : INT64_MIN;
	char text[32];

	if (time != INT64_MIN)
		buf_puts(out, rfc3339(text, sizeof text, time));
	else if (c && field != FIELD_BIN)
		flow_render_column(s, d, row, (unsigned)(c - s->column), out);
	else
		buf_putc(out, '-');
}
