/* envelope_csv.c - lines of values apart by commas or tabs: Logs Insights, consoles,
 * exports. */
#include <string.h>

#include "schema/columns.h"
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

/* The cells of a line that may be a header, each text with its NUL. */
struct cells {
	struct buf text;
	unsigned n, message; /* message: 1 + the cell of lines, 0: none */
};

/* Cuts the line. False: not all of it can be names. A column without a name is one too. */
static bool cut_names(struct cells *c, struct str line, char apart)
{
	struct str rest = line, s;
	struct buf plain = { 0 };
	bool good = true;

	while (good && next_value(&rest, apart, &plain, &s)) {
		good = !s.n || envelope_is_name(s);
		c->n++;
		if (s.n && envelope_key(s) == KEY_LINE && !c->message)
			c->message = c->n;
		if (!good)
			break;
		buf_add_str(&c->text, s);
		buf_putc(&c->text, '\0');
	}
	buf_release(&plain);
	return good && c->n > 1;
}

/* Names alone, two of flow logs or one for the line among them. */
static bool take_header(struct envelope *e, struct str line, char apart)
{
	struct cells c = { .n = 0 };
	struct str name[FORMAT_COLUMNS_MAX];
	int16_t field[FORMAT_COLUMNS_MAX];
	bool good = cut_names(&c, line, apart);
	unsigned known = 0, n = 0;
	const char *p = c.text.s;

	for (; good && n < c.n && n < FORMAT_COLUMNS_MAX; p += name[n++].n + 1)
		name[n] = str_of(p);
	if (good)
		columns_match(name, n, field);
	for (unsigned i = 0; good && i < n; i++)
		known += field[i] >= 0;
	good = good && (known >= 2 || c.message || columns_are_statistics(name, field, n, false));
	if (good) {
		e->seen = "csv";
		e->apart = apart;
		e->columns = c.n;
		e->message = c.message;
		memcpy(e->field, field, n * sizeof *field);
		buf_clear(&e->names);
		p = c.text.s;
		for (unsigned i = 0; i < c.n; i++, p += strlen(p) + 1) {
			buf_puts(&e->names, i ? " " : "");
			envelope_add_name(str_of(p), i < n ? field[i] : FIELD_NONE, &e->names);
		}
	}
	buf_release(&c.text);
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
