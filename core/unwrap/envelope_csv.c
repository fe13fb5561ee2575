/* envelope_csv.c - lines of values apart by commas or tabs: Logs Insights, consoles,
 * exports. */
#include <string.h>

#include "unwrap/envelope.h"

/* Cuts the next value off the line; what was quoted is put together in `plain`. False when
 * there is none. */
static bool next_value(struct str *rest, char apart, struct buf *plain, struct str *value)
{
	const char *p = rest->s, *end;

	if (!p)
		return false;
	bool quoted = rest->n && *p == '"';
	end = p + rest->n;
	if (!quoted) {
		p = rest->n ? memchr(p, apart, rest->n) : NULL;
		p = p ? p : end;
		*value = (struct str){ rest->s, (size_t)(p - rest->s) };
	} else {
		buf_clear(plain);
		buf_reserve(plain, rest->n + 1);
		for (p++; p < end && (quoted || *p != apart); p++)
			if (*p != '"' || !quoted)
				buf_putc(plain, *p);
			else if (p + 1 < end && p[1] == '"')
				buf_putc(plain, *p++);
			else
				quoted = false;
		*value = buf_str(plain);
	}
	*value = str_trim(*value);
	*rest = p < end ? (struct str){ p + 1, (size_t)(end - p) - 1 } : (struct str){ NULL, 0 };
	return true;
}

/* Names alone, two of flow logs or one for the line among them. */
static bool take_header(struct envelope *e, struct str line, char apart)
{
	struct str rest = line;
	struct buf plain = { 0 }, names = { 0 };
	struct str s;
	unsigned columns = 0, known = 0, message = 0;
	int16_t fields[FORMAT_COLUMNS_MAX] = { 0 };
	bool good = true;

	while (good && next_value(&rest, apart, &plain, &s)) {
		good = envelope_is_name(s);
		int field = good ? field_find_published(s) : FIELD_NONE;
		if (columns < FORMAT_COLUMNS_MAX)
			fields[columns] = (int16_t)field;
		columns++;
		known += field != FIELD_NONE;
		if (envelope_key(s) == KEY_LINE && !message)
			message = columns;
		buf_puts(&names, columns > 1 ? " " : "");
		buf_add_str(&names, s);
	}
	good = good && columns > 1 && (known >= 2 || message);
	if (good) {
		e->seen = "csv";
		e->apart = apart;
		e->columns = columns;
		e->message = message;
		memcpy(e->field, fields, sizeof fields);
		buf_clear(&e->names);
		buf_add_str(&e->names, buf_str(&names));
	}
	buf_release(&plain);
	buf_release(&names);
	return good;
}

/* The line that a row holds; a row without one is a line itself, to be counted. */
static void take_message(struct envelope *e, struct str line, struct buf *out)
{
	struct str rest = line;
	struct buf plain = { 0 };
	struct str value;
	uint64_t given = e->given;
	unsigned column = 0;

	while (next_value(&rest, e->apart, &plain, &value))
		if (++column == e->message)
			envelope_give(e, value, out);
	if (e->given == given)
		envelope_add_line(e, line, out);
	buf_release(&plain);
}

static void take_values(struct envelope *e, struct str line, struct buf *out)
{
	struct str rest = line;
	struct buf plain = { 0 };
	struct str value;
	unsigned column = 0;

	envelope_begin_values(e, buf_str(&e->names), out);
	while (next_value(&rest, e->apart, &plain, &value)) {
		int field = column < FORMAT_COLUMNS_MAX ? e->field[column] : FIELD_NONE;
		buf_puts(out, column++ ? " " : "");
		envelope_add_value(field, value, out);
	}
	buf_putc(out, '\n');
	buf_release(&plain);
}

/* A row of no header is a line like any other but for its commas. */
static void take_stray(struct envelope *e, struct str line, struct buf *out)
{
	struct str rest = line;
	struct buf plain = { 0 };
	struct str value;

	envelope_end_values(e, out);
	for (bool first = true; next_value(&rest, ',', &plain, &value); first = false) {
		buf_puts(out, first ? "" : " ");
		envelope_add_value(FIELD_NONE, value, out);
	}
	buf_putc(out, '\n');
	buf_release(&plain);
}

static unsigned count_values(const struct envelope *e, struct str line)
{
	struct str rest = line;
	struct buf plain = { 0 };
	struct str value;
	unsigned n = 0;

	while (next_value(&rest, e->apart, &plain, &value))
		n++;
	buf_release(&plain);
	return n;
}

bool envelope_csv(struct envelope *e, struct str line, struct buf *out)
{
	bool comma = memchr(line.s, ',', line.n), tab = memchr(line.s, '\t', line.n);

	while (line.n && line.s[line.n - 1] == '\r')
		line.n--;
	if ((comma && take_header(e, line, ',')) || (tab && take_header(e, line, '\t')))
		return true;
	if (e->columns && (e->apart == ',' ? comma : tab) && count_values(e, line) == e->columns)
		(e->message ? take_message : take_values)(e, line, out);
	else if (comma && !memchr(line.s, ' ', line.n))
		take_stray(e, line, out);
	else
		return false;
	return true;
}
