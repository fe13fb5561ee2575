/* unwrap_utf16.c - see unwrap_utf16.h. */
#include "unwrap/unwrap_utf16.h"

#include <string.h>

#define LITTLE_MARK "\xff\xfe"
#define BIG_MARK "\xfe\xff"
#define AHEAD 8      /* bytes behind the first NUL that tell, */
#define LINE_AHEAD 4 /* and at the start of a line */

bool utf16_holds(const struct utf16 *w)
{
	return w->raw.n > w->at || w->spilled;
}

void utf16_release(struct utf16 *w)
{
	buf_release(&w->raw);
	*w = (struct utf16){ 0 };
}

void utf16_torn(struct utf16 *w)
{
	bool seen = w->seen;

	utf16_release(w);
	*w = (struct utf16){ .begun = true, .seen = seen, .before = '\n' };
}

/* ---- where it begins ---- */

static bool is_text(char c)
{
	return (c >= ' ' && c < 0x7f) || c == '\t' || c == '\r' || c == '\n';
}

static bool is_mark(struct str s, const char *mark)
{
	return s.n >= 2 && memcmp(s.s, mark, 2) == 0;
}

/* Of what stands behind a NUL: letter, NUL, letter, NUL, as far as it is there. */
static bool goes_on(struct str s)
{
	for (size_t i = 0; i < AHEAD && i < s.n; i++)
		if (i % 2 ? s.s[i] != 0 : !is_text(s.s[i]))
			return false;
	return true;
}

/* The end of the text may be the beginning of a mark, with the first half of a letter. */
static size_t mark_at_end(struct str s)
{
	for (size_t n = s.n < 3 ? s.n : 3; n; n--) {
		const char *p = s.s + s.n - n;
		unsigned char a = (unsigned char)p[0], b = n > 1 ? (unsigned char)p[1] : 0;
		if ((a == 0xff && (n == 1 || b == 0xfe)) ||
		    (a == 0xfe && (n == 1 || (n == 2 && b == 0xff))))
			return s.n - n;
	}
	return s.n;
}

/* The bytes of a mark, and of a letter's first half, before the first NUL. */
static size_t mark_before(struct str s, size_t at)
{
	if (at >= 3 && is_mark((struct str){ s.s + at - 3, 2 }, LITTLE_MARK))
		return 3;
	return at >= 2 && is_mark((struct str){ s.s + at - 2, 2 }, BIG_MARK) ? 2 : 0;
}

/* Where UTF-16 begins in text of bytes, with its mark: s.n: nowhere. `sure`: false where it only
 * may begin there. */
static size_t find(const struct utf16 *w, struct str s, bool *sure)
{
	*sure = true;
	if (!w->begun && s.n >= 2 && (is_mark(s, LITTLE_MARK) || is_mark(s, BIG_MARK)))
		return 0;
	for (size_t at = 0; at < s.n; at++) {
		const char *nul = memchr(s.s + at, 0, s.n - at);
		if (!nul)
			break;
		at = (size_t)(nul - s.s);
		while (at + 1 < s.n && s.s[at + 1] == 0)
			at++; /* of many only the last may be it */
		struct str behind = { s.s + at + 1, s.n - at - 1 };
		if (!goes_on(behind))
			continue;
		*sure = behind.n >= AHEAD;
		return at - mark_before(s, at);
	}
	*sure = false;
	return mark_at_end(s);
}

/* It begins here, at its mark or at its first NUL: behind a whole line that is the first half of
 * a letter in big-endian order, else the second half of one that was given as it is. */
static void begin(struct utf16 *w)
{
	struct str s = { w->raw.s + w->at, w->raw.n - w->at };
	bool little = is_mark(s, LITTLE_MARK), marked = little || is_mark(s, BIG_MARK);

	if (!marked)
		little = w->begun && w->before != '\n';
	w->at += marked ? 2 : little;
	w->order = little ? UTF16_LITTLE : UTF16_BIG;
	w->line_start = marked || !little;
	w->begun = w->seen = true;
}

/* ---- characters ---- */

static unsigned unit(const struct utf16 *w, size_t at)
{
	const unsigned char *p = (const unsigned char *)w->raw.s + at;

	return w->order == UTF16_LITTLE ? p[0] | (unsigned)p[1] << 8 : (unsigned)p[0] << 8 | p[1];
}

static unsigned encode(unsigned c, char *out)
{
	unsigned n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (unsigned i = n; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(lead[n] | c);
	return n;
}

/* The next character; its bytes: 0 when not all of it is there. Half a pair is none. */
static unsigned next_character(const struct utf16 *w, bool all, unsigned *c)
{
	size_t left = w->raw.n - w->at;

	if (left < 2)
		return 0;
	*c = unit(w, w->at);
	if (*c < 0xd800 || *c > 0xdfff)
		return 2;
	if (*c > 0xdbff || (left < 4 && all)) {
		*c = 0xfffd;
		return 2;
	}
	if (left < 4)
		return 0;
	unsigned low = unit(w, w->at + 2);
	if (low < 0xdc00 || low > 0xdfff) {
		*c = 0xfffd;
		return 2;
	}
	*c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
	return 4;
}

/* Letter, NUL, letter, NUL; or the other way round. */
static bool is_in(const char *p, unsigned order)
{
	for (unsigned i = 0; i < LINE_AHEAD; i++)
		if ((i % 2 == (order == UTF16_LITTLE)) ? p[i] != 0 : !is_text(p[i]))
			return false;
	return true;
}

/* What a line is in, by its start: as the one before it unless that shows otherwise. False: more
 * must be seen. */
static bool begin_line(struct utf16 *w, bool all)
{
	struct str s = { w->raw.s + w->at, w->raw.n - w->at };

	if (s.n < LINE_AHEAD)
		return all;
	w->line_start = false;
	if (is_mark(s, LITTLE_MARK) || is_in(s.s, UTF16_LITTLE))
		w->order = UTF16_LITTLE;
	else if (is_mark(s, BIG_MARK) || is_in(s.s, UTF16_BIG))
		w->order = UTF16_BIG;
	else if (memcmp(s.s, "\xef\xbb\xbf", 3) == 0 ||
		 (is_text(s.s[0]) && is_text(s.s[1]) && is_text(s.s[2]) && is_text(s.s[3])))
		w->order = UTF16_NONE;
	return true;
}

/* ---- out ---- */

static size_t give_spilled(struct utf16 *w, char *out, size_t n)
{
	size_t some = w->spilled < n ? w->spilled : n;

	memcpy(out, w->spill, some);
	w->spilled -= (unsigned)some;
	memmove(w->spill, w->spill + some, w->spilled);
	return some;
}

static size_t put(struct utf16 *w, unsigned c, char *out, size_t room)
{
	if (room >= sizeof w->spill)
		return encode(c, out);
	w->spilled = encode(c, w->spill);
	return give_spilled(w, out, room);
}

/* As long as it is UTF-16. */
static size_t convert(struct utf16 *w, char *out, size_t n, bool all)
{
	size_t made = 0;

	while (made < n) {
		unsigned c, length;
		if (w->line_start && !begin_line(w, all))
			break;
		if (w->order == UTF16_NONE)
			break;
		length = next_character(w, all, &c);
		if (!length && all && w->raw.n - w->at == 1) {
			c = (unsigned char)w->raw.s[w->at]; /* half a letter */
			length = 1;
			c = is_text((char)c) ? c : 0xfffd;
		}
		if (!length)
			break;
		w->at += length;
		if (c == 0xfeff)
			continue;
		w->line_start = c == '\n';
		made += put(w, c, out + made, n - made);
	}
	return made;
}

/* As long as it is not. */
static size_t copy(struct utf16 *w, char *out, size_t n, bool all)
{
	size_t left = w->raw.n - w->at, seen = left < n + 2 * AHEAD ? left : n + 2 * AHEAD;
	struct str s = { w->raw.s + w->at, seen };
	bool sure;
	size_t at = find(w, s, &sure), some = all && seen == left && !sure ? s.n : at;

	if (some == 0 && s.n && sure) {
		begin(w);
		return 0;
	}
	some = some < n ? some : n;
	if (some) {
		memcpy(out, s.s, some);
		w->before = s.s[some - 1];
		w->begun = true;
		w->at += some;
	}
	return some;
}

size_t utf16_take(struct utf16 *w, char *out, size_t n, bool all)
{
	size_t made = give_spilled(w, out, n), before;
	unsigned order;

	if (!w->raw.n)
		return made;
	do {
		order = w->order;
		before = w->at;
		made += order ? convert(w, out + made, n - made, all)
			      : copy(w, out + made, n - made, all);
	} while (made < n && (w->at > before || w->order != order));
	if (w->at == w->raw.n) {
		w->at = w->raw.n = 0;
		if (w->order == UTF16_NONE)
			buf_release(&w->raw);
	}
	return made;
}

char *utf16_room(struct utf16 *w, size_t n)
{
	if (w->at) {
		w->raw.n -= w->at;
		memmove(w->raw.s, w->raw.s + w->at, w->raw.n);
		w->at = 0;
	}
	buf_reserve(&w->raw, n);
	return w->raw.s + w->raw.n;
}

size_t utf16_pass(struct utf16 *w, struct str s)
{
	bool sure;
	size_t at = find(w, s, &sure);

	if (at < s.n)
		buf_add(&w->raw, s.s + at, s.n - at);
	if (at) {
		w->begun = true;
		w->before = s.s[at - 1];
	}
	return at;
}
