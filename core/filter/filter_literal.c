/* filter_literal.c - see filter_literal.h. A part of a pattern that is not understood ends
 * the text before it, or all of it: nothing is guessed. */
#include "filter/filter_literal.h"

#include <ctype.h>
#include <string.h>

/* ---- the pattern ---- */

static bool has_only(struct str s, const char *set)
{
	for (size_t i = 0; i < s.n; i++)
		if (!s.s[i] || !strchr(set, s.s[i]))
			return false;
	return true;
}

/* Whether only an address, as we write it, can be what holds the text. */
static bool may_be_in_address(struct str s)
{
	return has_only(s, "0123456789abcdefABCDEF:.");
}

/* Better ones rule out more: 0 is none. All of an address column is gone through for a part
 * of one, which pays for a good part only. */
static size_t worth(struct str s)
{
	if (has_only(s, "0123456789-"))
		return 0;
	if (may_be_in_address(s))
		return s.n < 6 ? 0 : s.n;
	return s.n < 2 ? 0 : 1000 + s.n;
}

struct scanner {
	struct str left;
	struct buf text, *best;
};

static void text_ends(struct scanner *s)
{
	if (worth(buf_str(&s->text)) > worth(buf_str(s->best))) {
		buf_clear(s->best);
		buf_add_str(s->best, buf_str(&s->text));
	}
	buf_clear(&s->text);
}

static char next(struct scanner *s)
{
	s->left.n--;
	return *s->left.s++;
}

static bool is_next(const struct scanner *s, char c)
{
	return s->left.n && *s->left.s == c;
}

/* Behind "[". */
static bool skip_class(struct scanner *s)
{
	bool first = true;

	if (is_next(s, '^'))
		next(s);
	for (; s->left.n; first = false) {
		char c = next(s);
		if (c == ']' && !first)
			return true;
		if (c == '[' && (is_next(s, ':') || is_next(s, '.') || is_next(s, '=')))
			return false; /* a class of classes is rare */
		if (c == '\\' && (!s->left.n || isalpha((unsigned char)*s->left.s)) &&
		    !(s->left.n && strchr("dDwWsS", *s->left.s)))
			return false;
		if (c == '\\')
			next(s);
	}
	return false;
}

/* Behind "(": up to its ")". */
static bool skip_group(struct scanner *s)
{
	unsigned depth = 1;

	for (;;) {
		char c = s->left.n ? next(s) : '\0';
		if (c == '\0')
			return false;
		if (c == '\\') {
			if (!s->left.n ||
			    (isalnum((unsigned char)*s->left.s) && !strchr("dDwWsSbB", *s->left.s)))
				return false;
			next(s);
		} else if (c == '[') {
			if (!skip_class(s))
				return false;
		} else if (c == '(') {
			depth++;
		} else if (c == ')' && --depth == 0) {
			return true;
		}
		/* "(?" and "(*" may mean anything. */
		if (c == '(' && (is_next(s, '*') || is_next(s, '?')))
			return false;
	}
}

/* Behind an atom, how often it may stand there. `literal`: it is the last of the text. */
static bool take_quantifier(struct scanner *s, bool literal)
{
	char c = s->left.n ? *s->left.s : '\0';

	if (c != '*' && c != '?' && c != '+' && c != '{')
		return true;
	if (literal && c != '+')
		s->text.n--; /* it need not be there */
	text_ends(s);
	next(s);
	while (c == '{' && s->left.n && (isdigit((unsigned char)*s->left.s) || *s->left.s == ','))
		next(s);
	if (c == '{' && (!s->left.n || next(s) != '}'))
		return false;
	if (is_next(s, '+') || is_next(s, '?'))
		next(s);
	return true;
}

/* One atom of the regex. */
static bool take(struct scanner *s)
{
	char c = next(s);

	if (c == '\\') {
		if (!s->left.n)
			return false;
		c = next(s);
		if (!isalnum((unsigned char)c) && c != ' ') {
			buf_putc(&s->text, c);
			return take_quantifier(s, true);
		}
		text_ends(s);
		return strchr("dDwWsSbB ", c) && take_quantifier(s, false);
	}
	if (!strchr("[(.^$ )|*+?{", c)) {
		buf_putc(&s->text, c);
		return take_quantifier(s, true);
	}
	text_ends(s);
	switch (c) {
	case '[':
		return skip_class(s) && take_quantifier(s, false);
	case '(':
		if (is_next(s, '*') || is_next(s, '?'))
			return false;
		return skip_group(s) && take_quantifier(s, false);
	case '.':
	case '^':
	case '$':
	case ' ': /* between values */
		return take_quantifier(s, false);
	default:
		return false;
	}
}

void literal_of_pattern(struct str pattern, struct buf *out)
{
	struct scanner s = { .left = pattern, .best = out };
	bool known = true;

	buf_clear(out);
	if (memchr(pattern.s, '\0', pattern.n))
		return;
	while (known && s.left.n)
		known = take(&s);
	text_ends(&s);
	if (!known)
		buf_clear(out);
	buf_release(&s.text);
}

/* ---- the rows ---- */

static bool holds(struct str text, struct str what, bool caseless)
{
	if (!caseless)
		return memmem(text.s, text.n, what.s, what.n) != NULL;
	for (size_t i = 0; i + what.n <= text.n; i++) {
		size_t k = 0;
		while (k < what.n &&
		       tolower((unsigned char)text.s[i + k]) == tolower((unsigned char)what.s[k]))
			k++;
		if (k == what.n)
			return true;
	}
	return false;
}

/* Which codes of all coded columns hold it, one column behind the other; the memo is of the
 * whole segment. */
static const uint8_t *known_codes(const struct run *r, struct node *leaf)
{
	const struct regex *regex = leaf->regex;
	const struct segment *s = r->segment;
	bool in_address = may_be_in_address(regex->literal);
	struct memo *memo = &leaf->memo[0][0];
	struct buf text = { 0 };
	uint32_t all = 0, at = 0;
	uint8_t *known;

	for (unsigned i = 0; i < s->format->n; i++)
		all += s->column[i].codes;
	known = filter_memo(memo, all ? all : 1);
	if (memo->complete)
		return known;
	for (unsigned i = 0; i < s->format->n; at += s->column[i++].codes) {
		const struct column *c = &s->column[i];
		bool exact_only = c->type == TYPE_ADDRESS && !in_address;
		for (uint32_t code = 1; code < c->published; code++) {
			if (exact_only && !c->code[code].text)
				continue;
			buf_clear(&text);
			column_render_code(c, r->dict, code, &text);
			if (holds(buf_str(&text), regex->literal, regex->caseless))
				known[at + code] = KNOWN_YES;
		}
	}
	buf_release(&text);
	memo->complete = true;
	return known;
}

static void add_codes(const struct run *r, const struct column *c, const uint8_t *known,
		      uint64_t *out)
{
	uint32_t code[BLOCK];

	if (!memchr(known, KNOWN_YES, c->codes))
		return;
	column_codes(c, r->first, r->n, code);
	for (uint32_t i = 0; i < r->n; i++)
		out[i / 64] |= (uint64_t)(known[code[i]] == KNOWN_YES) << i % 64;
}

/* Numbers that are written oddly may hold anything. */
static void add_exceptions(const struct run *r, const struct column *c, uint64_t *out)
{
	for (uint32_t k = 0; k < c->exceptions; k++) {
		uint32_t i = c->exception[k].row - r->first;
		if (c->exception[k].row >= r->first && i < r->n)
			out[i / 64] |= UINT64_C(1) << i % 64;
	}
}

void literal_narrow(const struct run *r, struct node *leaf, uint64_t *rows)
{
	const struct segment *s = r->segment;
	uint64_t may[WORDS] = { 0 };
	const uint8_t *known;

	if (!leaf->regex->literal.n)
		return;
	known = known_codes(r, leaf);
	for (unsigned i = 0; i < s->format->n; known += s->column[i++].codes)
		if (type_is_number(s->column[i].type))
			add_exceptions(r, &s->column[i], may);
		else
			add_codes(r, &s->column[i], known, may);
	for (uint32_t w = 0; w < WORDS; w++)
		rows[w] &= may[w];
}
