/* filter_regex.c - regular expressions: PCRE2 with JIT, smart case, bounded. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "filter/filter_literal.h"

/* Enough for any sane pattern; a runaway one ends in some 10 ms. */
#define MATCH_LIMIT 200000
#define HEAP_LIMIT_KIB 1024

/* What the regexes of one filter may take: so long, and so much a byte of what they look at,
 * which is a hundred times what they need where they do not run away. Half of it gone, a text
 * gets a fortieth of what it got; all of it gone, nothing. */
#define BUDGET_NS UINT64_C(2000000000)
#define BUDGET_NS_PER_BYTE 50
#define TIGHT_LIMIT 5000

#define TEXTS_UNREAD 16 /* between two looks at the clock */
#define HOPELESS 512    /* texts that are remembered: they come again in every segment */

static bool has_upper(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '\\')
			i++; /* \D, \W and the like are no capitals */
		else if (isupper((unsigned char)s.s[i]))
			return true;
	}
	return false;
}

struct regex *regex_new(struct str pattern, struct filter_error *error)
{
	if (pattern.n == 0) {
		snprintf(error->message, sizeof error->message, "the regex is empty");
		error->column = 0;
		return NULL;
	}
	bool caseless = !has_upper(pattern);
	uint32_t options = PCRE2_NO_UTF_CHECK | (caseless ? PCRE2_CASELESS : 0);
	struct buf literal = { 0 };
	PCRE2_SIZE at;
	int code;
	pcre2_code *compiled =
		pcre2_compile((PCRE2_SPTR)pattern.s, pattern.n, options, &code, &at, NULL);

	if (!compiled) {
		PCRE2_UCHAR reason[120];
		pcre2_get_error_message(code, reason, sizeof reason);
		snprintf(error->message, sizeof error->message, "regex: %s", (char *)reason);
		error->column = at;
		return NULL;
	}
	struct regex *r = xcalloc(1, sizeof *r);
	r->refs = 1;
	r->pattern = xstrndup(pattern.s, pattern.n);
	r->caseless = caseless;
	literal_of_pattern(pattern, &literal);
	r->literal = (struct str){ xstrndup(literal.s ? literal.s : "", literal.n), literal.n };
	buf_release(&literal);
	r->code = compiled;
	pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE); /* without JIT it is slower, not wrong */
	r->data = pcre2_match_data_create(1, NULL);
	r->context = pcre2_match_context_create(NULL);
	if (!r->data || !r->context)
		die("out of memory (pcre2)");
	pcre2_set_match_limit(r->context, MATCH_LIMIT);
	pcre2_set_heap_limit(r->context, HEAP_LIMIT_KIB);
	return r;
}

void regex_free(struct regex *r)
{
	if (!r || --r->refs)
		return;
	pcre2_match_context_free(r->context);
	pcre2_match_data_free(r->data);
	pcre2_code_free(r->code);
	free((char *)(uintptr_t)r->literal.s);
	free(r->hopeless);
	free(r->pattern);
	free(r);
}

/* ---- what it costs ---- */

static void meter_read(struct regex_meter *m)
{
	uint64_t now = monotonic_ns(), budget = BUDGET_NS + m->bytes * BUDGET_NS_PER_BYTE;

	m->spent_ns += now - m->read_ns;
	m->read_ns = now;
	m->unread = 0;
	m->tight |= m->spent_ns > budget / 2;
	m->over |= m->spent_ns > budget;
}

void regex_meter_start(struct regex_meter *m)
{
	m->read_ns = monotonic_ns();
	m->unread = 0;
}

void regex_meter_stop(struct regex_meter *m)
{
	if (m->unread)
		meter_read(m);
}

static void tighten(struct regex *r)
{
	pcre2_set_match_limit(r->context, TIGHT_LIMIT);
	r->tight = true;
}

/* ---- texts on which it gave up: found at once when they come again ---- */

static uint64_t hash_of(struct str s)
{
	return hash_bytes(s.s, s.n) | 1; /* 0 is an empty place */
}

static void remember(struct regex *r, struct str s)
{
	uint64_t hash = hash_of(s);

	if (!r->hopeless)
		r->hopeless = xcalloc(HOPELESS, sizeof *r->hopeless);
	r->hopeless[hash_u64(hash) % HOPELESS] = hash;
}

static bool is_hopeless(const struct regex *r, struct str s)
{
	uint64_t hash;

	if (!r->hopeless)
		return false;
	hash = hash_of(s);
	return r->hopeless[hash_u64(hash) % HOPELESS] == hash;
}

/* ---- matching ---- */

/* Of a text that is too long its beginning is looked at: a match that does not depend on what
 * comes behind is one. */
static enum known match_head(struct regex *r, struct str s)
{
	int rc = pcre2_match(r->code, (PCRE2_SPTR)s.s, FILTER_REGEX_TEXT, 0,
			     PCRE2_NO_UTF_CHECK | PCRE2_PARTIAL_HARD, r->data, r->context);

	return rc >= 0 ? KNOWN_YES : KNOWN_UNDECIDED;
}

static enum known match_whole(struct regex *r, struct str s)
{
	int rc = pcre2_match(r->code, (PCRE2_SPTR)(s.s ? s.s : ""), s.n, 0, PCRE2_NO_UTF_CHECK,
			     r->data, r->context);

	return rc >= 0 ? KNOWN_YES : rc == PCRE2_ERROR_NOMATCH ? KNOWN_NO : KNOWN_UNDECIDED;
}

enum known filter_regex_matches(struct filter *f, struct regex *r, struct str s)
{
	struct regex_meter *m = &f->meter;
	enum known is;

	if (m->over || is_hopeless(r, s))
		return KNOWN_UNDECIDED;
	if (m->tight && !r->tight)
		tighten(r);
	m->bytes += s.n;
	is = s.n > FILTER_REGEX_TEXT ? match_head(r, s) : match_whole(r, s);
	m->cut |= is == KNOWN_UNDECIDED && s.n > FILTER_REGEX_TEXT;
	m->unread++;
	if (is == KNOWN_UNDECIDED)
		remember(r, s);
	if (is == KNOWN_UNDECIDED || m->unread == TEXTS_UNREAD)
		meter_read(m);
	return is;
}
