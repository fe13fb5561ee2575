/* filter_regex.c - regular expressions: PCRE2 with JIT, smart case, bounded. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "filter/filter_literal.h"

/* Enough for any sane pattern on a line of 64 KiB; a runaway one ends in some 10 ms. */
#define MATCH_LIMIT 200000
#define HEAP_LIMIT_KIB 1024

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
	free(r->pattern);
	free(r);
}
