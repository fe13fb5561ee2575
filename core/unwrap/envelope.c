/* envelope.c - see envelope.h. What each line is, and lines that are no document. */
#include "unwrap/envelope.h"

#include <stdlib.h>
#include <string.h>

#include "base/wide.h"
#include "unwrap/envelope_sign.h"
#include "schema/record.h"

void envelope_release(struct envelope *e)
{
	if (e->inner)
		envelope_release(e->inner);
	free(e->inner);
	buf_release(&e->token);
	buf_release(&e->key);
	buf_release(&e->pairs);
	buf_release(&e->path);
	envelope_shape_free(e->shape);
	buf_release(&e->held);
	buf_release(&e->header);
	buf_release(&e->line);
	buf_release(&e->head);
	buf_release(&e->picked);
	envelope_table_release(&e->table);
	buf_release(&e->names);
	buf_release(&e->strange);
	*e = (struct envelope){ 0 };
}

bool envelope_is_idle(const struct envelope *e)
{
	return e->mode == ENVELOPE_PLAIN && !e->in_line && !e->open && !e->line.n && !e->header.n &&
	       !e->columns && !e->hanging;
}

/* ---- records ---- */

/* Marks of format.h can't come out of a text. */
static struct str trim(struct str text)
{
	text = str_trim(text);
	while (text.n && (unsigned char)*text.s < ' ')
		text.s++, text.n--;
	return text;
}

bool envelope_has_line(const struct envelope *e)
{
	return (e->line.n && e->mode != ENVELOPE_JSON) || e->hanging;
}

void envelope_give(struct envelope *e, struct str text, struct buf *out)
{
	static const char control[] = "CWL CONTROL MESSAGE";

	text = trim(text);
	if (text.n == 0)
		return;
	e->given++;
	if (text.n >= sizeof control - 1 && memcmp(text.s, control, sizeof control - 1) == 0)
		e->control++;
	else if ((*text.s | 32) == '{' && !e->is_inner)
		envelope_open_text(e, text, out);
	else
		envelope_add_line(e, text, out);
}

/* ---- lines ---- */

static bool has_sign(struct str text)
{
#if defined __x86_64__
	if (cpu_is_wide())
		return envelope_has_sign_wide(text);
#endif
	return envelope_has_sign(text);
}

static size_t plain_length(struct str text)
{
#if defined __x86_64__
	if (cpu_is_wide())
		return envelope_plain_length_wide(text);
#endif
	return envelope_plain_length(text);
}

static struct str first_line(struct str text)
{
	const char *newline = text.n ? memchr(text.s, '\n', text.n) : NULL;

	return (struct str){ text.s, newline ? (size_t)(newline - text.s) : text.n };
}

static bool has_blank(struct str text)
{
	return text.n && memchr(text.s, ' ', text.n);
}

/* The beginning of a text without blanks is no record's: base64, perhaps. */
static bool is_unbroken(struct str text)
{
	enum { LEAST = 32, LOOKED_AT = 120 };
	struct str line =
		first_line((struct str){ text.s, text.n < LOOKED_AT ? text.n : (size_t)LOOKED_AT });

	return line.n >= LEAST && !has_blank(line);
}

/* A row may begin there that goes on with the next line. */
static bool may_go_on(const struct envelope *e, struct str text)
{
	return e->columns && text.n && memchr(text.s, '"', text.n);
}

bool envelope_passes(struct envelope *e, struct str text)
{
	const char *newline;

	if (e->mode != ENVELOPE_PLAIN || e->line.n || e->header.n || e->between || e->ahead ||
	    has_sign(text) || is_unbroken(text) || may_go_on(e, text))
		return false;
	newline = text.n ? memrchr(text.s, '\n', text.n) : NULL;
	if (!newline && !e->in_line && e->open + text.n > ENVELOPE_TEXT_MAX)
		return false;
	if (e->open && e->unbroken && !has_blank(first_line(text)))
		return false;
	if (newline) {
		e->in_line = false;
		e->open = (size_t)(text.s + text.n - newline) - 1;
		e->unbroken = !has_blank((struct str){ newline + 1, e->open });
	} else if (!e->in_line) {
		e->unbroken = !has_blank(text) && (e->unbroken || !e->open);
		e->open += text.n;
	}
	if (e->open > ENVELOPE_TEXT_MAX) {
		e->in_line = true;
		e->open = 0;
	}
	return true;
}

/* Records that are run together without an end: all but the last become lines. False: there is
 * no such place in the line that is kept. */
static bool part_line(struct envelope *e, struct buf *out)
{
	struct str rest = buf_str(&e->line);
	struct buf last = { 0 };
	size_t n;

	while ((n = record_merged(rest))) {
		envelope_add_line(e, (struct str){ rest.s, n }, out);
		rest.s += n, rest.n -= n;
	}
	if (rest.n == e->line.n)
		return false;
	buf_add_str(&last, rest);
	buf_release(&e->line);
	e->line = last;
	return true;
}

/* Between lines and between documents: blanks, a byte order mark, a document's comma. */
static bool is_nothing(struct envelope *e, char c)
{
	if (c == ' ' || c == '\r' || c == '\n' || memchr("\xef\xbb\xbf", c, 3) ||
	    (c == ',' && e->between) || (c == '\t' && !e->columns))
		return true;
	e->between = false;
	return false;
}

/* What passed of a line that is not decided yet. It may not have begun. */
static void take_back(struct envelope *e, struct buf *out)
{
	size_t n = e->open < out->n ? e->open : out->n;
	const char *p = n ? out->s + out->n - n : NULL;

	out->n -= n;
	e->open = 0;
	for (; n && is_nothing(e, *p); n--)
		p++;
	if (n)
		buf_add(&e->line, p, n);
}

/* Of the line that is kept: base64 may hold many. */
static size_t line_max(const struct envelope *e)
{
	bool packed = !e->is_inner && e->line.n > ENVELOPE_TEXT_MAX &&
		      envelope_is_packed(buf_str(&e->line));

	return packed ? ENVELOPE_RAW_MAX : ENVELOPE_TEXT_MAX;
}

/* The line that is kept has its end: it is one, or the last of a row. */
static void end_line(struct envelope *e, struct buf *out)
{
	unsigned lines = envelope_csv_join(e);

	if (!lines)
		envelope_csv_split(e, out);
	envelope_plain_line(e, buf_str(&e->line), out);
	buf_clear(&e->line);
	do
		envelope_newline(e, out);
	while (lines-- > 1);
}

/* The rest of a line whose start was passed on, or is kept. Returns the bytes taken. */
static size_t take_line(struct envelope *e, struct str text, struct buf *out)
{
	const char *newline = memchr(text.s, '\n', text.n);
	size_t n = newline ? (size_t)(newline - text.s) + 1 : text.n;

	if (e->in_line) {
		buf_add(out, text.s, n);
		e->in_line = !newline;
		e->ahead += newline != NULL;
		if (newline)
			envelope_newline(e, out);
	} else if (newline && e->line.n == 0 && !may_go_on(e, (struct str){ text.s, n })) {
		envelope_plain_line(e, (struct str){ text.s, n - 1 }, out);
		envelope_newline(e, out);
	} else {
		buf_add(&e->line, text.s, newline ? n - 1 : n);
		if (newline && !envelope_csv_goes_on(e))
			end_line(e, out);
		if (e->row_at && e->line.n > ENVELOPE_TEXT_MAX)
			envelope_csv_split(e, out);
		if (!newline && e->line.n > line_max(e) && !part_line(e, out)) {
			/* Too long to be kept: the decoder says so. */
			envelope_end_values(e, out);
			buf_add_str(out, envelope_unmarked(buf_str(&e->line)));
			buf_clear(&e->line);
			e->in_line = true;
		}
	}
	return n;
}

/* Gives a text as nearly all are: nothing is to be taken off it, and it is no document. False: it
 * may be otherwise. */
static bool give_record(struct envelope *e, struct str text, struct buf *out)
{
	if (!text.n || text.s[0] < '0' || text.s[0] > '9' || text.s[text.n - 1] <= ' ' ||
	    e->header.n)
		return false;
	buf_reserve(out, text.n + 1);
	memcpy(out->s + out->n, text.s, text.n);
	out->n += text.n;
	out->s[out->n++] = '\n';
	out->s[out->n] = '\0';
	e->given++;
	e->ahead++;
	return true;
}

/* {"message":"..."} of one line, as Firehose has it: no escapes, nothing else. */
static size_t direct_message(struct envelope *e, struct str text, struct buf *out)
{
	static const char open[] = "{\"message\":\"";
	size_t n = sizeof open - 1;
	uint64_t given = e->given;
	struct str record;

	if (text.n < n + 2 || memcmp(text.s, open, n) != 0)
		return 0;
	record = (struct str){ text.s + n, plain_length((struct str){ text.s + n, text.n - n }) };
	n += record.n;
	if (n + 2 > text.n || text.s[n] != '"' || text.s[n + 1] != '}')
		return 0;
	if (!give_record(e, record, out))
		envelope_give(e, record, out);
	if (e->given == given) /* blanks */
		return 0;
	e->seen = "json";
	e->between = true;
	e->mode = ENVELOPE_PLAIN; /* as behind any document */
	return n + 2;
}

/* Behind a document that gave nothing, on its line: with more text it is a line that begins like
 * one, unless it had several lines itself. Returns the bytes taken. */
static size_t after_document(struct envelope *e, char c, struct buf *out)
{
	if (c == ' ' || c == '\t' || c == '\r') {
		buf_putc(&e->head, c);
		return 1;
	}
	e->hanging = false;
	if (c == '\n' || c == ',' || c == '\\' || (c | 32) == '{' ||
	    memchr(e->head.s, '\n', e->head.n)) {
		envelope_give_head(e, out);
	} else {
		buf_add_str(&e->line, buf_str(&e->head));
		e->between = false;
	}
	return 0;
}

/* A newline between documents, as it is written in a text: "\n". */
static bool is_written_newline(struct envelope *e, char c)
{
	if (!e->escaped && (c != '\\' || !e->between))
		return false;
	e->escaped = !e->escaped;
	return e->escaped || (c && strchr("nrt", c));
}

void envelope_feed(struct envelope *e, struct str text, bool last, struct buf *out)
{
	take_back(e, out);
	while (text.n) {
		size_t n = 1;
		if (e->hanging) {
			n = after_document(e, *text.s, out);
		} else if (e->mode == ENVELOPE_JSON) {
			n = envelope_json(e, text, out);
		} else if (e->in_line || e->line.n) {
			n = take_line(e, text, out);
		} else if ((*text.s | 32) == '{') {
			n = direct_message(e, text, out);
			if (n == 0)
				envelope_json_begin(e);
		} else if (!is_written_newline(e, *text.s) && !is_nothing(e, *text.s)) {
			n = take_line(e, text, out);
		} else if (*text.s == '\n') {
			envelope_newline(e, out);
		}
		text.s += n;
		text.n -= n;
	}
	if (!last) {
		/* A line without a sign stands in `out`, so that what follows may pass; not one
		 * without a blank, which base64 may be. */
		if (e->mode == ENVELOPE_PLAIN && e->line.n && !e->header.n &&
		    has_blank(buf_str(&e->line)) && !may_go_on(e, buf_str(&e->line)) &&
		    !has_sign(buf_str(&e->line))) {
			e->open = e->line.n;
			e->unbroken = false;
			buf_add_str(out, buf_str(&e->line));
			buf_clear(&e->line);
		}
		return;
	}
	if (e->mode == ENVELOPE_JSON)
		envelope_json_cut(e, out);
	if (e->hanging)
		envelope_give_head(e, out);
	e->hanging = e->escaped = false;
	if (e->row_at)
		envelope_csv_split(e, out);
	if (e->line.n) {
		envelope_plain_line(e, buf_str(&e->line), out);
		buf_clear(&e->line);
	}
	if (!e->is_inner)
		envelope_end_values(e, out);
}
