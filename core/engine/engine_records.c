/* engine_records.c - records of a server as lines of a log: of the columns in which some record has a
 * value. */
#include <string.h>

#include "engine/engine_state.h"

size_t engine_record_columns(const struct engine *e)
{
	size_t n = e->server.sides ? 2 : 0;

	for (int f = 0; f < FIELDS_PUBLISHED; f++)
		n += e->server.has.has[f];
	return n;
}

/* Texts of a log have no blanks in them, and a lone hyphen is no value. */
static bool take_cell(const json_t *cell, struct buf *out)
{
	const char *text = json_string_value(cell);

	if (json_is_null(cell) || (text && !*text))
		buf_putc(out, '-');
	else if (json_is_integer(cell) && json_integer_value(cell) >= 0)
		buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(cell));
	else if (text && strlen(text) == json_string_length(cell) &&
		 !text[strcspn(text, " \t\r\n")])
		buf_puts(out, text);
	else
		return false;
	return true;
}

static bool has_value(const json_t *cell)
{
	const char *text = json_string_value(cell);

	return !json_is_null(cell) && !(text && (!*text || strcmp(text, "-") == 0));
}

static bool take_record(struct engine *e, const json_t *row, const bool *some)
{
	struct buf *out = &e->reply.lines;
	uint64_t server, guess;
	size_t at = 0, n = 0;

	for (int f = 0; f < FIELDS_PUBLISHED; f++) {
		if (!e->server.has.has[f])
			continue;
		if (some[f]) {
			buf_puts(out, n++ ? " " : "");
			if (!take_cell(json_array_get(row, at), out))
				return false;
		}
		at++;
	}
	buf_putc(out, '\n');
	if (!e->server.sides)
		return true;
	if (!engine_u64(row, at, &server) || !engine_u64(row, at + 1, &guess))
		return false;
	buf_putc(&e->reply.sides, (char)((server == 1) | (guess == 1) << 1));
	return true;
}

static void take_head(struct engine *e, const struct engine_rows *r, bool *some)
{
	size_t at = 0, n = 0;

	for (int f = 0; f < FIELDS_PUBLISHED; f++) {
		if (!e->server.has.has[f])
			continue;
		for (size_t i = 0; i < r->rows && !some[f]; i++)
			some[f] = has_value(json_array_get(json_array_get(r->data, i), at));
		if (some[f])
			buf_printf(&e->reply.lines, "%s%s", n++ ? " " : "", field_name(f));
		at++;
	}
	buf_putc(&e->reply.lines, '\n');
}

bool engine_take_records(struct engine *e, const struct engine_rows *r)
{
	uint32_t limit = e->query.limit;
	bool some[FIELDS_PUBLISHED] = { false };

	if (r->rows != (limit && limit < e->matching ? limit : e->matching))
		return false; /* asked again */
	take_head(e, r, some);
	for (size_t i = 0; i < r->rows; i++)
		if (!take_record(e, json_array_get(r->data, i), some))
			return engine_odd(e, "a record");
	e->reply.records = r->rows;
	return true;
}
