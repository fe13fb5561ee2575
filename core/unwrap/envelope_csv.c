/* envelope_csv.c - lines of values apart by commas, semicolons, tabs or bars: Logs Insights,
 * consoles, spreadsheets, exports. */
#include <string.h>
#include <strings.h>

#include "base/hash.h"
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

static const char separators[] = ",;\t|";

/* ---- headers ---- */

#define ODD_MAX 2 /* cells of a header that look like values */

/* The cells of a line that may be a header, each text with its NUL. */
struct cells {
	struct buf text;
	unsigned n, full, odd; /* of which not empty; like values */
	unsigned message;      /* 1 + the cell of lines, 0: none */
};

/* Cuts the line. False: it has values. A column without a name is one too. */
static bool cut_names(struct cells *c, struct str line, char apart)
{
	struct str rest = line, s;
	struct buf plain = { 0 };

	while (c->odd <= ODD_MAX && next_value(&rest, apart, &plain, &s)) {
		c->full += s.n > 0;
		c->odd += s.n && !envelope_is_name(s);
		c->n++;
		if (s.n && envelope_key(s) == KEY_LINE && !c->message)
			c->message = c->n;
		for (size_t i = 0; i < s.n; i++)
			buf_putc(&c->text, (unsigned char)s.s[i] < ' ' ? ' ' : s.s[i]);
		buf_putc(&c->text, '\0');
	}
	buf_release(&plain);
	return c->odd <= ODD_MAX && c->n > 1;
}

/* Fields among the names: two, or one for the line, where all are names; else three. */
static bool is_header(const struct cells *c, const struct str *name, const int16_t *field,
		      unsigned n)
{
	unsigned known = 0;

	for (unsigned i = 0; i < n; i++)
		known += field[i] >= 0;
	if (c->odd)
		return known >= 3;
	return known >= 2 || c->message || columns_are_statistics(name, field, n, false);
}

static void keep_header(struct envelope *e, struct str line, const struct cells *c, char apart,
			const int16_t *field)
{
	const char *p = c->text.s;

	e->header_n = line.n;
	e->header_hash = hash_bytes(line.s, line.n);
	e->seen = "csv";
	e->apart = apart;
	e->columns = c->n;
	e->message = c->message;
	buf_clear(&e->names);
	for (unsigned i = 0; i < c->n; i++, p += strlen(p) + 1) {
		int is = i < FORMAT_COLUMNS_MAX ? field[i] : FIELD_NONE;
		if (i < FORMAT_COLUMNS_MAX)
			e->field[i] = field[i];
		buf_puts(&e->names, i ? " " : "");
		envelope_add_name(str_of(p), is, &e->names);
	}
}

static bool take_header(struct envelope *e, struct str line, char apart)
{
	struct cells c = { .n = 0 };
	struct str name[FORMAT_COLUMNS_MAX];
	int16_t field[FORMAT_COLUMNS_MAX];
	bool good = cut_names(&c, line, apart);
	unsigned n = 0;
	const char *p = c.text.s;

	for (; good && n < c.n && n < FORMAT_COLUMNS_MAX; p += name[n++].n + 1)
		name[n] = str_of(p);
	if (good) {
		columns_match(name, n, field);
		good = is_header(&c, name, field, n);
		if (good)
			keep_header(e, line, &c, apart, field);
		else if (!c.odd && !e->columns && c.full > 1)
			envelope_note_names(e, name, n);
	}
	buf_release(&c.text);
	return good;
}

/* A table of Markdown has a rule below its names. */
static bool is_rule(const struct envelope *e, struct str line)
{
	size_t i = 0;

	while (e->columns && e->apart == '|' && i < line.n && memchr("|-:+ ", line.s[i], 5))
		i++;
	return i == line.n;
}

/* "sep=;" tells spreadsheets what holds the values below apart. */
static bool is_hint(struct str line)
{
	return line.n == 5 && strncasecmp(line.s, "sep=", 4) == 0 &&
	       memchr(separators, line.s[4], sizeof separators - 1);
}

/* ---- rows ---- */

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
	envelope_end_row(e, out);
	buf_release(&plain);
}

/* A row of no header is a line like any other but for what holds its values apart. */
static void take_stray(struct envelope *e, struct str line, char apart, struct buf *out)
{
	struct str rest = line;
	struct buf plain = { 0 };
	struct str value;

	envelope_end_values(e, out);
	for (bool first = true; next_value(&rest, apart, &plain, &value); first = false) {
		buf_puts(out, first ? "" : " ");
		envelope_add_value(FIELD_NONE, value, out);
	}
	envelope_end_row(e, out);
	buf_release(&plain);
}

static unsigned count_values(struct str line, char apart)
{
	struct str rest = line;
	struct buf plain = { 0 };
	struct str value;
	unsigned n = 0;

	while (next_value(&rest, apart, &plain, &value))
		n++;
	buf_release(&plain);
	return n;
}

/* What holds apart at least STRAY values that have no blanks among them; 0: nothing. Commas do
 * whatever their number. */
static char stray_separator(struct str line)
{
	enum { STRAY = 6 };

	if (memchr(line.s, ' ', line.n))
		return 0;
	for (const char *p = separators; *p; p++)
		if (memchr(line.s, *p, line.n) && *p != '\t' &&
		    (*p == ',' || count_values(line, *p) >= STRAY))
			return *p;
	return 0;
}

/* As many values as the header in force has names. */
static bool fits(const struct envelope *e, struct str line)
{
	return e->columns && memchr(line.s, e->apart, line.n) &&
	       count_values(line, e->apart) == e->columns;
}

/* Whether a quoted value is not over at the end of the line; `quoted`: nor was one before it.
 * *proper: nothing stands behind the end of one. */
static bool ends_quoted(struct str line, char apart, bool quoted, bool *proper)
{
	bool start = !quoted;

	*proper = true;
	for (size_t i = 0; i < line.n; i++) {
		char c = line.s[i], next = i + 1 < line.n ? line.s[i + 1] : apart;
		if (!quoted) {
			quoted = start && c == '"';
		} else if (c == '"' && next == '"') {
			i++;
		} else if (c == '"') {
			quoted = false;
			*proper &= next == apart || next == '\r';
		}
		start = !quoted && c == apart;
	}
	return quoted;
}

bool envelope_csv_goes_on(struct envelope *e)
{
	struct str line = { e->line.s + e->row_at, e->line.n - e->row_at };
	bool proper;

	if (!e->columns || e->line.n >= ENVELOPE_TEXT_MAX ||
	    (!e->row_at && !memchr(line.s, '"', line.n)) ||
	    !ends_quoted(line, e->apart, e->row_at > 0, &proper))
		return false;
	buf_putc(&e->line, '\n');
	e->row_at = e->line.n;
	return true;
}

void envelope_csv_split(struct envelope *e, struct buf *out)
{
	struct buf lines = e->line;
	size_t at = 0;

	e->line = (struct buf){ 0 };
	while (at < e->row_at) {
		size_t n =
			(size_t)((char *)memchr(lines.s + at, '\n', lines.n - at) - lines.s) - at;
		envelope_plain_line(e, (struct str){ lines.s + at, n }, out);
		envelope_newline(e, out);
		at += n + 1;
	}
	e->row_at = 0;
	buf_add(&e->line, lines.s + at, lines.n - at);
	buf_release(&lines);
}

unsigned envelope_csv_join(struct envelope *e)
{
	struct str row = buf_str(&e->line);
	unsigned n = 0;
	bool proper;

	if (e->row_at && (ends_quoted(row, e->apart, false, &proper) || !proper || !fits(e, row)))
		return 0;
	for (size_t i = 0; i < e->row_at; i++)
		if (e->line.s[i] == '\n') {
			e->line.s[i] = ' ';
			n++;
		}
	e->row_at = 0;
	return n + 1;
}

/* A row of the header in force, by a value at its start: most lines. The header itself may be
 * odd, and come again. */
static bool is_row(const struct envelope *e, struct str line)
{
	char c = line.n > 1 && *line.s == '"' ? line.s[1] : line.n ? *line.s : 0;

	return ((c >= '0' && c <= '9') || c == '-') && fits(e, line) &&
	       !(line.n == e->header_n && hash_bytes(line.s, line.n) == e->header_hash);
}

bool envelope_csv(struct envelope *e, struct str line, struct buf *out)
{
	char stray;

	while (line.n && line.s[line.n - 1] == '\r')
		line.n--;
	if (is_row(e, line)) {
		(e->message ? take_message : take_values)(e, line, out);
		return true;
	}
	if (line.n && (is_hint(line) || is_rule(e, line)))
		return true;
	for (const char *p = separators; *p; p++)
		if (memchr(line.s, *p, line.n) && take_header(e, line, *p))
			return true;
	if (fits(e, line))
		(e->message ? take_message : take_values)(e, line, out);
	else if ((stray = stray_separator(line)))
		take_stray(e, line, stray, out);
	else
		return false;
	return true;
}
