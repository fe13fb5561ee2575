/* envelope_line.c - a line that begins no document: as the AWS command line prints it, with a
 * document behind a prefix, base64, CSV, or as it is. */
#include <string.h>

#include "schema/record.h"
#include "unwrap/envelope.h"

/* Without the colours of `aws logs tail`: ESC [ numbers m. The line begins with one; what
 * stands within a record is the record's. */
static struct str without_colours(struct str line, struct buf *plain)
{
	buf_reserve(plain, line.n + 1);
	for (size_t i = 0; i < line.n;) {
		size_t n = 0;
		if (line.s[i] == '\033' && i + 1 < line.n && line.s[i + 1] == '[')
			for (n = 2; i + n < line.n && memchr("0123456789;", line.s[i + n], 11);)
				n++;
		if (n && i + n < line.n && line.s[i + n] == 'm')
			i += n + 1;
		else
			buf_putc(plain, line.s[i++]);
	}
	return str_trim(buf_str(plain));
}

static bool begins(struct str line, const char *with)
{
	size_t n = strlen(with);

	return line.n >= n && memcmp(line.s, with, n) == 0;
}

/* `aws logs --output text`: EVENTS, what is known of one in the order of its names, among
 * that last but one the message; around them tokens and stream names. */
static bool command_line(struct envelope *e, struct str line, struct buf *out)
{
	const char *after, *before;

	if (begins(line, "SEARCHEDLOGSTREAMS\t") || begins(line, "b/") || begins(line, "f/"))
		return true;
	if (!begins(line, "EVENTS\t") || !(after = memrchr(line.s, '\t', line.n)) ||
	    !(before = memrchr(line.s, '\t', (size_t)(after - line.s))))
		return false;
	envelope_give(e, (struct str){ before + 1, (size_t)(after - before) - 1 }, out);
	return true;
}

/* Whether a document begins here: with a key, or with nothing. */
static bool begins_document(struct str text)
{
	const char *end = text.s + text.n, *p = text.s + 1;

	while (p < end && *p == ' ')
		p++;
	if (p == end || *p != '"')
		return false;
	p = memchr(p + 1, '"', (size_t)(end - p) - 1);
	for (p = p ? p + 1 : end; p < end && *p == ' ';)
		p++;
	return p < end && *p == ':';
}

/* A document that is the rest of a line, behind what programs write before one. */
static const char *document_in(struct str line)
{
	enum { STARTS = 4 };
	const char *at = line.s, *end = line.s + line.n;

	if (!line.n || end[-1] != '}')
		return NULL;
	for (unsigned i = 0; i < STARTS && (at = memchr(at, '{', (size_t)(end - at))); i++, at++)
		if (begins_document((struct str){ at, (size_t)(end - at) }))
			return record_prefix((struct str){ line.s, (size_t)(at - line.s) }) ? at
											    : NULL;
	return NULL;
}

/* Values apart by tabs, among them whole records. */
static bool records_in_cells(struct envelope *e, struct str line, struct buf *out)
{
	bool any = false;

	if (e->columns)
		return false;
	for (struct str rest = line; rest.n;) {
		const char *tab = memchr(rest.s, '\t', rest.n);
		size_t n = tab ? (size_t)(tab - rest.s) : rest.n;
		struct str cell = { rest.s, n };
		if (record_begins(cell) && n < line.n && record_format(cell)) {
			envelope_add_line(e, cell, out);
			any = true;
		}
		n += tab != NULL;
		rest = (struct str){ rest.s + n, rest.n - n };
	}
	return any;
}

void envelope_plain_line(struct envelope *e, struct str line, struct buf *out)
{
	struct buf plain = { 0 };
	struct str trimmed;
	const char *document;

	if (line.n && *line.s == '\033')
		line = without_colours(line, &plain);
	trimmed = str_trim(line);
	while (trimmed.n && trimmed.s[trimmed.n - 1] == '\r')
		trimmed.n--;
	document = document_in(trimmed);
	if (document)
		envelope_give(e,
			      (struct str){ document, (size_t)(trimmed.s + trimmed.n - document) },
			      out);
	else if (!e->is_inner && envelope_is_packed(trimmed)) {
		buf_clear(&e->token);
		buf_add_str(&e->token, trimmed);
		e->seen = "base64";
		if (!envelope_open_raw(e, buf_str(&e->token), out))
			envelope_add_line(e, trimmed, out);
	} else if (!(memchr(line.s, '\t', line.n) &&
		     (command_line(e, line, out) || records_in_cells(e, line, out))) &&
		   !envelope_csv(e, line, out))
		envelope_add_line(e, line, out);
	buf_release(&plain);
}
