/* filter_hint.c - what is written by mistake: other languages' operators and words, a
 * forgotten '=', a regular expression that fell apart. Each is refused with what to write
 * instead, because it would parse as something that nobody meant. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "filter/filter_parser.h"

/* "'%.*s' ..." at the word. */
static void *fail_word(struct parser *p, size_t at, struct str w, const char *says)
{
	snprintf(p->error->message, sizeof p->error->message, "'%.*s' %s",
		 (int)(w.n < 40 ? w.n : 40), w.s, says);
	return parser_fail(p, at, w.n, p->error->message);
}

/* ---- operators ---- */

static const struct {
	const char *written, *hint;
} operators[] = {
	{ "<>", "'<>' is written !=" },
	{ "=<", "'=<' is written <=" },
	{ "=>", "'=>' is written >=" },
	{ "===", "'===' is written =" },
	{ "!==", "'!==' is written !=" },
	{ "=~", "'=~' is written ~" },
	{ "~=", "'~=' is written ~" },
	{ "~*", "'~*' is written ~ (without capitals in it, "
		"case is ignored)" },
	{ "=!", "'=!' is written !=" },
	{ "==~", "'==~' is written ~" },
	{ "!=~", "'!=~' is written !~" },
};

static const struct {
	const char *word, *hint;
} words[] = {
	{ "like", "is written FIELD=text* or FIELD~regex" },
	{ "ilike", "is written FIELD=text* or FIELD~regex" },
	{ "rlike", "is written FIELD~regex" },
	{ "regexp", "is written FIELD~regex" },
	{ "matches", "is written FIELD~regex" },
	{ "contains", "is written FIELD~text" },
	{ "between", "is written FIELD=low-high" },
	{ "is", "is written FIELD=value; FIELD=- is one without a value" },
	{ "eq", "is written FIELD=value" },
	{ "ne", "is written FIELD!=value" },
};

static const char *operator_hint(const struct parser *p, size_t at)
{
	const char *found = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < ARRAY_SIZE(operators); i++) {
		size_t n = strlen(operators[i].written);
		if (n > longest && p->text.n - at >= n &&
		    memcmp(p->text.s + at, operators[i].written, n) == 0) {
			longest = n;
			found = operators[i].hint;
		}
	}
	return found;
}

bool filter_hint_operator(struct parser *p)
{
	size_t start = p->at, op;
	const char *hint;

	parser_skip_space(p);
	op = p->at;
	struct str next = parser_peek_word(p);
	p->at = start;
	hint = operator_hint(p, op);
	for (size_t i = 0; !hint && op > start && i < ARRAY_SIZE(words); i++)
		if (str_equal_loose(next, str_of(words[i].word)))
			return fail_word(p, op, next, words[i].hint), true;
	if (hint)
		parser_fail(p, op, 0, hint);
	return hint != NULL;
}

/* ---- words ---- */

bool filter_hint_word(struct parser *p, size_t at, struct str w)
{
	if (str_equal_loose(w, str_of("and")) || str_equal_loose(w, str_of("or")))
		fail_word(p, at, w, "has nothing before it");
	else if (w.n == 1 && w.s[0] == '&')
		fail_word(p, at, w, "is written 'and' or '&&'");
	else if (w.n == 1 && w.s[0] == '|')
		fail_word(p, at, w, "is written 'or' or '||'");
	else if (w.n == 1 && w.s[0] == '-')
		fail_word(p, at, w,
			  "alone says nothing: FIELD=- is one without a value, -x is not x");
	else if (w.n == 1 && w.s[0] == '*')
		fail_word(p, at, w,
			  "alone is everything: leave it out; FIELD=* is one with a value");
	else if (str_equal_loose(w, str_of("where")) || str_equal_loose(w, str_of("select")))
		fail_word(p, at, w, "is not needed: only what stands behind WHERE in SQL");
	return p->failed;
}

/* Whether it could be a name: no beginning of an address, no path. */
static bool is_like_name(struct str s)
{
	bool hex = true;

	for (size_t i = 0; i < s.n; i++) {
		if (!isalnum((unsigned char)s.s[i]) && (!s.s[i] || !strchr("_-.@", s.s[i])))
			return false;
		hex = hex && isxdigit((unsigned char)s.s[i]);
	}
	return s.n && !isdigit((unsigned char)s.s[0]) && !hex;
}

bool filter_hint_colon(struct parser *p, size_t at, struct str w)
{
	const char *colon = memchr(w.s, ':', w.n);
	struct str name = { w.s, colon ? (size_t)(colon - w.s) : 0 };

	if (!colon || !is_like_name(name))
		return false;
	struct str value = { colon + 1, w.n - name.n - 1 };
	if (value.n >= 2 && value.s[0] == '/' && value.s[1] == '/') /* "https://foo" is text */
		return false;
	int n = (int)(name.n < 24 ? name.n : 24), v = (int)(value.n < 24 ? value.n : 24);
	if (filter_means_field(name, value, p->now_s)) {
		filter_suggest(name, value, p->now_s, p->error);
		size_t said = strlen(p->error->message);
		snprintf(p->error->message + said, sizeof p->error->message - said,
			 " As text it stands in quotes: \"%.*s:%.*s\"", n, name.s, v, value.s);
		parser_fail(p, at, name.n, p->error->message);
	} else if (filter_word_means(name)) {
		snprintf(
			p->error->message, sizeof p->error->message,
			"'%.*s' is no field but a word: %.*s and %.*s; as text it stands in quotes",
			n, name.s, n, name.s, v ? v : 3, v ? value.s : "...");
		parser_fail(p, at, w.n, p->error->message);
	}
	return p->failed;
}

/* A field's name alone: the '=' was forgotten, or the word is looked for. */
void *filter_hint_field(struct parser *p, size_t at, struct str w)
{
	size_t start = p->at;
	int n = (int)(w.n < 30 ? w.n : 30);

	parser_skip_space(p);
	struct str next = parser_peek_word(p);
	p->at = start;
	if (next.n && !str_equal_loose(next, str_of("and")) && !str_equal_loose(next, str_of("or")))
		snprintf(p->error->message, sizeof p->error->message,
			 "an operator is missing: %.*s=%.*s", n, w.s,
			 (int)(next.n < 40 ? next.n : 40), next.s);
	else
		snprintf(p->error->message, sizeof p->error->message,
			 "'%.*s' is a field: %.*s=VALUE; the word itself is \"%.*s\"", n, w.s, n,
			 w.s, n, w.s);
	return parser_fail(p, at, w.n, p->error->message);
}

/* ---- the whole ---- */

void filter_hint_whole(struct parser *p)
{
	if (p->regex_words && p->words > 1 && !p->note->n)
		buf_puts(p->note, "words are looked for each on its own: one regex with blanks in "
				  "it stands between slashes");
}
