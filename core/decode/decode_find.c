/* decode_find.c - see decode_find.h. What is tried is cheap to turn down: a version or an account
 * must stand at its start. */
#include "decode/decode_find.h"

#define STARTS_MAX 4

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
		bool bare = !key && is_punctuation(f->rest.s, at);
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

bool finder_next(struct finder *f, struct found_record *out)
{
	size_t n;

	while (!f->quotes && (n = record_merged(f->rest)))
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
	if (!f->quotes && find_tail(f, f->rest, out)) {
		f->rest.n = 0;
		return true;
	}
	f->quotes = true;
	return *f->line.s == '|' ? find_cell(f, out) : find_quoted(f, out);
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
