/* export_load.c - see export_load.h. */
#include "output/export_load.h"

#include <inttypes.h>

#include "schema/field.h"

/* "end" is a word of SQL. */
static void add_name(int field, bool quoted, struct buf *out)
{
	const char *quote = quoted && (field == FIELD_START || field == FIELD_END) ? "\"" : "";

	buf_puts(out, quote);
	for (const char *p = field_name(field); *p; p++)
		buf_putc(out, *p == '-' ? '_' : *p);
	buf_puts(out, quote);
}

void load_head(struct buf *out)
{
	for (int f = 0; f < FIELDS_PUBLISHED; f++) {
		add_name(f, false, out);
		buf_putc(out, '\t');
	}
	buf_puts(out, LOAD_FROM_SERVER "\t" LOAD_GUESS "\n");
}

static void add_text(struct str text, struct buf *out)
{
	static const char plain[] = "\t\n\r\\", letter[] = "tnr\\";

	for (size_t i = 0; i < text.n; i++) {
		const char *at = text.s[i] ? strchr(plain, text.s[i]) : NULL;
		if (text.s[i] == '\0')
			buf_puts(out, "\\0");
		else if (at)
			buf_printf(out, "\\%c", letter[at - plain]);
		else
			buf_putc(out, text.s[i]);
	}
}

static bool add_coded(const struct column *c, const struct dict *d, uint32_t row, struct buf *out)
{
	uint32_t code = column_code(c, row);
	uint8_t address[16];
	char text[46];
	struct str said;

	if (c->type == TYPE_ADDRESS) {
		if (!column_address(c, d, code, address))
			return false;
		buf_add(out, text, address_format(address, text));
		return true;
	}
	said = column_text(c, d, code);
	add_text(said, out);
	return said.n > 0;
}

static bool add_value(const struct segment *s, const struct dict *d, uint32_t row, int field,
		      struct buf *out)
{
	const struct column *c = segment_column(s, field);
	int64_t time = field == FIELD_END ? segment_time(s, row) : INT64_MIN;
	uint64_t v;

	if (time != INT64_MIN) {
		buf_printf(out, "%" PRId64, time);
		return true;
	}
	if (!c || (s->unreadables && segment_is_unreadable(s, row, (unsigned)(c - s->column))))
		return false;
	if (!type_is_number(c->type))
		return add_coded(c, d, row, out);
	v = column_number(c, row);
	if (v == NUMBER_ABSENT)
		return false;
	buf_add_u64(out, c->type == TYPE_TIME ? (uint64_t)time_in_seconds(v) : v);
	return true;
}

void load_row(const struct segment *s, const struct dict *d, uint32_t row, struct buf *out)
{
	for (int f = 0; f < FIELDS_PUBLISHED; f++) {
		if (!add_value(s, d, row, f, out))
			buf_puts(out, "\\N");
		buf_putc(out, '\t');
	}
	buf_printf(out, "%d\t%d\n", (s->mark[row] & MARK_SERVER_SRC) != 0,
		   (s->mark[row] & MARK_GUESS) != 0);
}

void load_table(struct buf *out)
{
	buf_puts(out, "create table vpc_flow_logs (\n");
	for (int f = 0; f < FIELDS_PUBLISHED; f++) {
		enum field_type type = field_type(f);
		buf_puts(out, "  ");
		add_name(f, true, out);
		buf_printf(out, " Nullable(%s),\n",
			   type == TYPE_TIME      ? "Int64"
			   : type_is_number(type) ? "UInt64"
						  : "String");
	}
	buf_puts(out, "  " LOAD_FROM_SERVER " UInt8,\n  " LOAD_GUESS " UInt8)\n"
		      "engine = MergeTree\n"
		      "partition by toDate(toDateTime(ifNull(\"end\", 0), 'UTC'))\n"
		      "order by ifNull(\"end\", 0);\n");
}
