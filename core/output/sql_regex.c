/* sql_regex.c - which regexes an engine takes, and takes for what PCRE2 takes them for. Athena's
 * is Java's, ClickHouse's is RE2; of that of Insights the manual has only what both have. What is
 * not known here is refused: an engine would say an error, or find something else. */
#include <ctype.h>
#include <string.h>

#include "output/sql_private.h"

enum { JAVA = 1 << SQL_ATHENA, RE2 = 1 << SQL_CLICKHOUSE, NONE = 0 };
#define BOTH (JAVA | RE2 | 1 << SQL_INSIGHTS)

/* Behind "(": how it goes on, who takes it. The first that fits. */
static const struct opening {
	const char *begins, *what;
	unsigned who;
} openings[] = {
	{ "?:", "a group", BOTH },
	{ "?=", "look-around", JAVA },
	{ "?!", "look-around", JAVA },
	{ "?<=", "look-around", JAVA },
	{ "?<!", "look-around", JAVA },
	{ "?>", "an atomic group", JAVA },
	{ "?<", "a named group", BOTH },
	{ "?P<", "a group named by ?P", RE2 },
	{ "?", "a group of PCRE2 alone", NONE },
	{ "*", "a verb of PCRE2", NONE },
};

/* What stands behind a backslash, besides signs; the second where it stands in a class. */
static const struct escape {
	const char *letters, *what;
	unsigned who, inside;
} escapes[] = {
	{ "dDwWsSnrtf", "", BOTH, BOTH },
	{ "bBA", "a boundary in a class", BOTH, NONE },
	{ "z", "a boundary in a class", BOTH, NONE },
	{ "x", "", BOTH, BOTH },
	{ "QE", "\\Q", JAVA | RE2, NONE },
	{ "Z", "\\Z", JAVA, NONE },
	{ "e", "\\e", JAVA, JAVA },
	{ "a", "\\a", JAVA | RE2, JAVA | RE2 },
	{ "123456789gk", "a back reference", NONE, NONE },
};

/* Where a pattern is read. */
struct scan_regex {
	const char *at;
	const char *what; /* that the one in question can't take */
	enum sql_engine engine;
};

static void only(struct scan_regex *r, unsigned who, const char *what)
{
	if (!(who & 1u << r->engine) && !r->what)
		r->what = what;
}

static void escape(struct scan_regex *r, bool in_class)
{
	char c = r->at[1];

	r->at += c ? 2 : 1;
	if (!isalnum((unsigned char)c))
		return;
	for (const struct escape *e = escapes; e < escapes + ARRAY_SIZE(escapes); e++)
		if (strchr(e->letters, c)) {
			only(r, in_class ? e->inside : e->who, e->what);
			return;
		}
	only(r, NONE, "an escape of PCRE2 alone");
}

/* From the bracket on, to behind the other one. */
static void class(struct scan_regex *r)
{
	r->at++;
	r->at += *r->at == '^';
	if (*r->at == ']') {
		only(r, RE2, "a class that begins with ]");
		r->at++;
	}
	while (*r->at && *r->at != ']') {
		if (*r->at == '\\') {
			escape(r, true);
			continue;
		}
		if (strncmp(r->at, "[:", 2) == 0 && strstr(r->at, ":]")) {
			only(r, RE2, "a class like [:alpha:]");
			r->at = strstr(r->at, ":]") + 1;
		} else if (*r->at == '[' || strncmp(r->at, "&&", 2) == 0) {
			only(r, RE2, "a class within a class");
		}
		r->at++;
	}
	r->at += *r->at == ']';
}

/* "(?i)", "(?s-i:": flags that both know and mean the same by. */
static bool flags(struct scan_regex *r)
{
	const char *p = r->at + 2;

	while (strchr("ims-", *p) && *p)
		p++;
	if (r->at[1] != '?' || p == r->at + 2 || (*p != ')' && *p != ':'))
		return false;
	r->at = p + 1;
	return true;
}

static void group(struct scan_regex *r)
{
	if (flags(r))
		return;
	r->at++;
	for (const struct opening *o = openings; o < openings + ARRAY_SIZE(openings); o++)
		if (strncmp(r->at, o->begins, strlen(o->begins)) == 0) {
			only(r, o->who, o->what);
			r->at += strlen(o->begins);
			return;
		}
}

/* "{2}", "{2,}", "{2,30}": RE2 repeats a thousand times at most. */
static void braces(struct scan_regex *r)
{
	const char *p = r->at + 1;
	bool large = false;

	for (int part = 0; part < 2; part++) {
		size_t n = strspn(p, "0123456789");
		large = large || n > 3;
		if (part == 0 && n == 0)
			break;
		p += n;
		if (part == 0 && *p == ',')
			p++;
	}
	if (*p != '}' || p == r->at + 1) {
		only(r, NONE, "a brace that counts nothing");
		r->at++;
		return;
	}
	only(r, large ? JAVA : BOTH, "as many repetitions");
	r->at = p;
}

/* A quantifier, whose end is at hand: what may stand behind it. */
static void quantifier(struct scan_regex *r)
{
	if (*r->at == '{')
		braces(r);
	if (*r->at)
		r->at++;
	if (*r->at == '+') {
		only(r, JAVA, "a possessive quantifier");
		r->at++;
	} else if (*r->at == '?') {
		r->at++;
	}
}

bool sql_regex_fits(enum sql_engine e, const char *pattern, const char **what)
{
	struct scan_regex r = { .at = pattern, .engine = e };

	while (*r.at && !r.what)
		switch (*r.at) {
		case '\\':
			escape(&r, false);
			break;
		case '[':
			class(&r);
			break;
		case '(':
			group(&r);
			break;
		case '*':
		case '+':
		case '?':
		case '{':
			quantifier(&r);
			break;
		default:
			r.at++;
		}
	*what = r.what;
	return !r.what;
}
