/* envelope.c - see envelope.h. What each line is, and bare lines. */
#include "envelope.h"

#include <string.h>

void envelope_release(struct envelope *e)
{
	buf_release(&e->token);
	buf_release(&e->key);
	buf_release(&e->pairs);
	buf_release(&e->header);
	buf_release(&e->line);
	*e = (struct envelope){ 0 };
}

bool envelope_is_idle(const struct envelope *e)
{
	return e->mode == ENVELOPE_PLAIN && !e->in_line && !e->open && !e->line.n && !e->header.n;
}

bool envelope_has_line(const struct envelope *e)
{
	return e->line.n && e->mode != ENVELOPE_JSON;
}

void envelope_give(struct envelope *e, struct str text, struct buf *out)
{
	static const char control[] = "CWL CONTROL MESSAGE";

	e->given++;
	if (text.n >= sizeof control - 1 && memcmp(text.s, control, sizeof control - 1) == 0) {
		e->control++;
		return;
	}
	text = str_trim(text);
	if (text.n) {
		buf_add_str(out, text);
		buf_putc(out, '\n');
	}
}

bool envelope_is_name(struct str s)
{
	if (s.n == 0 || s.n > 64 || (s.s[0] >= '0' && s.s[0] <= '9') || s.s[0] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!((s.s[i] >= '0' && s.s[i] <= '9') || (s.s[i] >= 'a' && s.s[i] <= 'z') ||
		      (s.s[i] >= 'A' && s.s[i] <= 'Z') || memchr("_-.@", s.s[i], 4)))
			return false;
	return true;
}

void envelope_value(struct str value, struct buf *out)
{
	if (value.n == 0)
		buf_putc(out, '-');
	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.s[i] <= ' ')
			buf_puts(out, "%20");
		else
			buf_putc(out, value.s[i]);
}

/* Some byte that an envelope needs. On the way of every byte: in steps that stay in the
 * first cache, by the library's own search. */
static bool has_sign(struct str text)
{
	enum { STEP = 8192 };

	for (size_t i = 0; i < text.n; i += STEP) {
		const char *p = text.s + i;
		size_t n = text.n - i < STEP ? text.n - i : STEP;
		if (memchr(p, '{', n) || memchr(p, '[', n) || memchr(p, ',', n))
			return true;
	}
	return false;
}

bool envelope_passes(struct envelope *e, struct str text)
{
	const char *newline;

	if (e->mode != ENVELOPE_PLAIN || e->line.n || has_sign(text))
		return false;
	newline = text.n ? memrchr(text.s, '\n', text.n) : NULL;
	if (newline) {
		e->in_line = false;
		e->open = (size_t)(text.s + text.n - newline) - 1;
	} else if (!e->in_line) {
		e->open += text.n;
	}
	if (e->open > ENVELOPE_TEXT_MAX) {
		e->in_line = true;
		e->open = 0;
	}
	return true;
}

/* What passed of a line that is not decided yet. */
static void take_back(struct envelope *e, struct buf *out)
{
	size_t n = e->open < out->n ? e->open : out->n;

	if (n)
		buf_add(&e->line, out->s + out->n - n, n);
	out->n -= n;
	e->open = 0;
}

/* A whole line that is no JSON. */
static void plain_line(struct envelope *e, struct str line, struct buf *out)
{
	if (memchr(line.s, ',', line.n) && envelope_csv_header(e, line, out)) {
		e->mode = ENVELOPE_CSV;
		e->seen = "csv";
	} else if (e->mode == ENVELOPE_CSV && memchr(line.s, ',', line.n)) {
		envelope_csv_row(e, line, out);
	} else {
		buf_add_str(out, line);
		buf_putc(out, '\n');
	}
}

/* The rest of a line whose start was passed on, or is kept. Returns the bytes taken. */
static size_t take_line(struct envelope *e, struct str text, struct buf *out)
{
	const char *newline = memchr(text.s, '\n', text.n);
	size_t n = newline ? (size_t)(newline - text.s) + 1 : text.n;

	if (e->in_line) {
		buf_add(out, text.s, n);
		e->in_line = !newline;
	} else if (newline && e->line.n == 0) {
		plain_line(e, (struct str){ text.s, n - 1 }, out);
	} else {
		buf_add(&e->line, text.s, newline ? n - 1 : n);
		if (newline) {
			plain_line(e, buf_str(&e->line), out);
			buf_clear(&e->line);
		} else if (e->line.n > ENVELOPE_TEXT_MAX && e->mode == ENVELOPE_PLAIN) {
			/* Too long to be kept: the decoder says so. */
			buf_add_str(out, buf_str(&e->line));
			buf_clear(&e->line);
			e->in_line = true;
		} else if (e->line.n > ENVELOPE_TEXT_MAX) {
			e->line.n = ENVELOPE_TEXT_MAX;
		}
	}
	return n;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* {"message":"..."} of one line, as Firehose has it: no escapes, nothing else. */
static size_t direct_message(struct envelope *e, struct str text, struct buf *out)
{
	static const char open[] = "{\"message\":\"";
	size_t n = sizeof open - 1;
	const char *start = text.s + n, *quote;

	if (text.n < n + 2 || memcmp(text.s, open, n) != 0)
		return 0;
	quote = memchr(start, '"', text.n - n);
	if (!quote || quote + 1 == text.s + text.n || quote[1] != '}' ||
	    memchr(start, '\\', (size_t)(quote - start)))
		return 0;
	envelope_give(e, (struct str){ start, (size_t)(quote - start) }, out);
	e->seen = "json";
	return (size_t)(quote + 2 - text.s);
}

void envelope_feed(struct envelope *e, struct str text, bool last, struct buf *out)
{
	take_back(e, out);
	while (text.n) {
		size_t n = 0;
		if (e->mode == ENVELOPE_JSON) {
			n = envelope_json(e, text, out);
		} else if (e->in_line || e->line.n) {
			n = take_line(e, text, out);
		} else if (is_blank(*text.s)) {
			n = 1;
		} else if (*text.s == '{' || *text.s == '[') {
			n = direct_message(e, text, out);
			if (n == 0)
				envelope_json_begin(e);
		} else {
			n = take_line(e, text, out);
		}
		text.s += n;
		text.n -= n;
	}
	if (!last) {
		/* A line without a sign stands in `out`, so that what follows may pass. */
		if (e->mode == ENVELOPE_PLAIN && e->line.n && !has_sign(buf_str(&e->line))) {
			e->open = e->line.n;
			buf_add_str(out, buf_str(&e->line));
			buf_clear(&e->line);
		}
		return;
	}
	if (e->mode == ENVELOPE_JSON)
		envelope_json_cut(e, out);
	if (e->line.n) {
		plain_line(e, buf_str(&e->line), out);
		buf_clear(&e->line);
	}
}
