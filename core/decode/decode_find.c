/* decode_find.c - see decode_find.h. What is tried is cheap to turn down: a version or an account
 * must stand at its start. */
#include "decode/decode_find.h"

#define STARTS_MAX 4
#define VALUES_MAX 40 /* of a record before another one */

static bool try(struct finder *f, struct str text, enum record_frame frame,
		struct found_record *out)
{
	if (!f->left_starts || !record_begins(text))
		return false;
	out->format = record_format(text);
	out->text = text;
	out->frame = frame;
	if (!out->format)
		f->left_starts--;
	return out->format != NULL;
}

static struct str from(struct str line, const char *at)
{
	return (struct str){ at, (size_t)(line.s + line.n - at) };
}

static struct str until(struct str line, const char *at)
{
	return (struct str){ line.s, (size_t)(at - line.s) };
}

/* ---- a tail ---- */

/* What closes a bracket; '\0': it is none. */
static char closing_of(char c)
{
	switch (c) {
	case '[':
		return ']';
	case '(':
		return ')';
	case '{':
		return '}';
	case '<':
		return '>';
	case '`':
		return c;
	default:
		return '\0';
	}
}

/* Whether a record ends in the text that begins as one does. */
static bool begins_with_record(struct str text)
{
	struct str rest = text, token;

	for (unsigned n = 0; n < VALUES_MAX && (token = str_token(&rest)).n; n++) {
		const char *end = token.s + token.n;
		if (record_format(until(text, end - (memchr("])}>`,;", end[-1], 7) != NULL))))
			return true;
	}
	return false;
}

/* Whether what stands before a tail has a record of its own. */
static bool holds_record(struct finder *f, struct str prefix)
{
	struct str rest = prefix, token;

	while (f->left_starts && (token = str_token(&rest)).n) {
		struct str at = from(prefix, token.s + (closing_of(*token.s) != '\0'));
		if (!record_begins(at))
			continue;
		if (begins_with_record(at))
			return true;
		f->left_starts--;
	}
	return false;
}

/* Where in a token a record may begin: at its start, or behind the colon of a name. */
static const char *start_in(struct str token)
{
	const char *colon = memrchr(token.s, ':', token.n);
	size_t digits = colon ? (size_t)(token.s + token.n - colon) - 1 : token.n;

	return digits >= 1 && digits <= 2 && colon ? colon + 1 : token.s;
}

/* The longest tail, behind what is a prefix. */
static bool find_tail(struct finder *f, struct str line, struct found_record *out)
{
	struct str rest = line, token;

	while (f->left_starts && (token = str_token(&rest)).n) {
		const char *start = start_in(token);
		enum record_frame frame;
		if (*start < '0' || *start > '9' || start == line.s ||
		    !try(f, from(line, start), 0, out))
			continue;
		frame = record_prefix(until(line, start));
		out->frame = frame;
		f->left |= frame && holds_record(f, until(line, start));
		return frame != 0;
	}
	return false;
}

/* ---- quotes ---- */

/* Where the text in quotes that begin at `at` ends; NULL: it doesn't. */
static const char *closing(struct str line, const char *at)
{
	const char *end = line.s + line.n, quote = *at;

	for (at++; at < end && *at != quote; at++)
		if (*at == '\\' && at + 1 < end)
			at++;
	return at < end ? at : NULL;
}

/* An apostrophe in a word opens none. */
static bool opens(struct str line, const char *at)
{
	return *at == '"' || at == line.s || memchr(" [{(,:=>", at[-1], 8);
}

/* As a program's language writes the end of the line that it quotes. */
static struct str without_escaped_end(struct str text)
{
	while (text.n > 1 && text.s[text.n - 2] == '\\' && strchr("nrt", text.s[text.n - 1]))
		text.n -= 2;
	return str_trim(text);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_punctuation(const char *from, const char *to)
{
	for (; from < to; from++)
		if (!memchr(" \t[](){},;-*>", *from, 14))
			return false;
	return true;
}

/* The key before quotes, with what stands between: `"log"=>`, `'message': `, `msg=`. */
static bool is_behind_key(struct str line, const char *at)
{
	const char *end = at, *begin;

	while (end > line.s && memchr(" :=>", end[-1], 4))
		end--;
	if (end == line.s || end == at || is_punctuation(end, at))
		return false;
	if (end[-1] == '"' || end[-1] == '\'') {
		char quote = *--end;
		begin = end > line.s ? memrchr(line.s, quote, (size_t)(end - line.s)) : NULL;
		begin = begin ? begin + 1 : NULL;
	} else {
		for (begin = end; begin > line.s && !memchr(" \t{[(,", begin[-1], 6);)
			begin--;
	}
	return begin && record_is_key((struct str){ begin, (size_t)(end - begin) });
}

/* The next record in quotes: behind a key of lines, or nothing else but records so in the line.
 * What is in quotes within others is never looked at. */
static bool find_quoted(struct finder *f, struct found_record *out)
{
	const char *end = f->line.s + f->line.n;

	for (const char *at = f->rest.s; at < end; at++) {
		const char *to;
		if ((*at != '"' && *at != '\'') || !opens(f->line, at))
			continue;
		if (!(to = closing(f->line, at)))
			break;
		struct str text =
			without_escaped_end((struct str){ at + 1, (size_t)(to - at) - 1 });
		bool key = is_behind_key(f->line, at);
		bool bare = !key && (is_punctuation(f->rest.s, at) ||
				     (!f->any && is_blank(at[-1]) &&
				      record_prefix_is_time(until(f->line, at))));
		const char *next = to + 1;
		if (bare) {
			const char *other = next;
			while (other < end && *other != '"' && *other != '\'')
				other++;
			bare = is_punctuation(next, other);
		}
		if ((key || bare) && try(f, text, key ? FRAME_KEY : FRAME_QUOTES, out)) {
			f->rest = from(f->line, next);
			return true;
		}
		at = to;
	}
	f->rest.n = 0;
	return false;
}

/* ---- cells ---- */

static bool find_cell(struct finder *f, struct found_record *out)
{
	const char *end = f->rest.s + f->rest.n, *at = f->rest.s, *bar;

	while (at < end && *at == '|' && (bar = memchr(at + 1, '|', (size_t)(end - at) - 1))) {
		if (try(f, str_trim((struct str){ at + 1, (size_t)(bar - at) - 1 }), FRAME_CELL,
			out)) {
			f->rest.n = 0;
			return true;
		}
		at = bar;
	}
	f->rest.n = 0;
	return false;
}

/* Takes a cell off a row that begins with none: bars stand alone there, ` | `. */
static struct str take_cell(struct str *rest)
{
	const char *end = rest->s + rest->n, *at = rest->s, *bar;
	struct str cell = *rest;

	while ((bar = memchr(at, '|', (size_t)(end - at)))) {
		at = bar + 1;
		if ((bar == rest->s || is_blank(bar[-1])) && (at == end || is_blank(*at)))
			break;
	}
	cell.n = bar ? (size_t)(bar - rest->s) : rest->n;
	*rest = bar ? from(*rest, at) : (struct str){ end, 0 };
	return str_trim(cell);
}

/* What a row may have beside its record: nothing that was typed. */
static bool is_other_cell(struct str cell)
{
	struct str rest = cell, word = str_token(&rest);

	if (word.n == cell.n)
		return !memchr(cell.s, '"', cell.n) && !memchr(cell.s, '\'', cell.n);
	return record_prefix(cell) != 0;
}

/* The one record in a row. */
static bool find_in_row(struct finder *f, struct found_record *out)
{
	struct str rest = f->line, cell, record = { NULL, 0 };

	f->rest.n = 0;
	while (rest.n && !record.n) {
		cell = take_cell(&rest);
		if (record_begins(cell))
			record = cell;
	}
	if (!record.n || record.n == f->line.n || !try(f, record, FRAME_CELL, out))
		return false;
	for (rest = f->line; rest.n;) {
		cell = take_cell(&rest);
		if (cell.s != record.s && (record_begins(cell) || !is_other_cell(cell)))
			return false;
	}
	return true;
}

/* ---- brackets ---- */

/* Whether nothing follows brackets, or more of them. */
static bool ends_or_goes_on(struct str line, const char *at)
{
	const char *end = line.s + line.n;

	while (at < end && is_punctuation(at, at + 1))
		at++;
	return at == end || (memchr("[({<", at[-1], 4) && record_begins(from(line, at)));
}

/* The record that stands before those in brackets, as a list may begin. */
static bool find_before(struct finder *f, const char *bracket, struct found_record *out)
{
	struct str before = str_trim(until(f->line, bracket));

	if (f->any || !try(f, before, FRAME_ENCLOSED, out))
		return false;
	f->rest = from(f->line, bracket);
	return true;
}

/* The next record in brackets, the first behind what a tail may stand behind, or a record. */
static bool find_bracketed(struct finder *f, struct found_record *out)
{
	const char *begin = f->line.s, *end = begin + f->line.n, *to;

	for (const char *at = f->rest.s; at < end && f->left_starts; at++) {
		char close = closing_of(*at);
		if (!close || (at > begin && !memchr(" \t,", at[-1], 3)) ||
		    !record_begins(from(f->line, at + 1)))
			continue;
		to = memchr(at + 1, close, (size_t)(end - at) - 1);
		if (!to)
			break;
		if (!try(f, str_trim((struct str){ at + 1, (size_t)(to - at) - 1 }), FRAME_ENCLOSED,
			 out))
			continue;
		if (!ends_or_goes_on(f->line, to + 1))
			break;
		if (find_before(f, at, out))
			return true;
		if (!(f->any ? is_punctuation(f->rest.s, at)
			     : at == begin || record_prefix(until(f->line, at))))
			break;
		f->rest = from(f->line, to + 1);
		return true;
	}
	f->left |= f->any && !is_punctuation(f->rest.s, end);
	f->rest.n = 0;
	return false;
}

/* ---- a line ---- */

void finder_begin(struct finder *f, struct str line)
{
	line = str_trim(line);
	*f = (struct finder){ .line = line, .rest = line, .left_starts = STARTS_MAX };
}

/* The next of records that are run together: each whole, or what it stands in is left. */
static bool find_merged(struct finder *f, size_t n, struct found_record *out)
{
	struct str first = str_trim((struct str){ f->rest.s, n });
	struct str second = { f->rest.s + n, f->rest.n - n };
	size_t more = record_merged(second);
	bool found = try(f, first, FRAME_MERGED, out) || (!f->merged && find_tail(f, first, out));
	struct found_record next;

	second.n = more ? more : second.n;
	found = found && try(f, str_trim(second), FRAME_MERGED, &next);
	f->merged = true;
	f->rest = (struct str){ f->rest.s + n, f->rest.n - n };
	f->left |= !found;
	return found;
}

/* The next record in one sort of part: the first that has any. */
static bool find_part(struct finder *f, struct found_record *out)
{
	static bool (*const sort[])(struct finder *, struct found_record *) = { find_quoted,
										find_in_row,
										find_bracketed };

	if (*f->line.s == '|')
		return find_cell(f, out);
	while (!sort[f->sort](f, out)) {
		if (f->any || ++f->sort == ARRAY_SIZE(sort))
			return false;
		f->rest = f->line;
	}
	f->any = true;
	return true;
}

bool finder_next(struct finder *f, struct found_record *out)
{
	size_t n;

	while (!f->parts && (n = record_merged(f->rest)))
		if (find_merged(f, n, out))
			return true;
	if (f->merged) {
		bool found = f->rest.n && try(f, f->rest, FRAME_MERGED, out);
		f->left |= f->rest.n && !found;
		f->rest.n = 0;
		return found;
	}
	if (!f->rest.n)
		return false;
	if (!f->parts && find_tail(f, f->rest, out)) {
		f->rest.n = 0;
		return true;
	}
	f->parts = true;
	return find_part(f, out);
}

/* ---- blanks ---- */

/* The length of the no-break space that the text begins with; 0: none. */
static size_t no_break_space(struct str text)
{
	if (text.n >= 2 && memcmp(text.s, "\xc2\xa0", 2) == 0)
		return 2;
	return text.n >= 3 && (memcmp(text.s, "\xe2\x80\xaf", 3) == 0 ||
			       memcmp(text.s, "\xe2\x80\x87", 3) == 0)
		       ? 3
		       : 0;
}

size_t without_no_break_spaces(struct str text, char *out)
{
	size_t n = 0, k;
	bool any = false;

	for (size_t i = 0; i < text.n;) {
		k = no_break_space((struct str){ text.s + i, text.n - i });
		any |= k > 0;
		if (k == 0 && text.s[i] != ' ')
			out[n++] = text.s[i];
		else if (n && out[n - 1] != ' ')
			out[n++] = ' ';
		i += k ? k : 1;
	}
	while (n && out[n - 1] == ' ')
		n--;
	return any ? n : 0;
}
