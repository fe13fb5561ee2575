/* What every match of a regex must hold, and that leaving out rows for it leaves out no
 * match: against PCRE2 on every line. */
#include "filter/filter_literal.h"
#include "support.h"

static void of_patterns(void **state)
{
	static const struct {
		const char *pattern, *literal;
	} table[] = {
		{ "REJECT", "REJECT" },
		{ "10\\.[0-3]\\.\\d+\\.\\d+ \\d+ 443 .*REJECT", "REJECT" },
		{ "eni-0abc.*ACCEPT", "eni-0abc" },
		{ "REJECTS?", "REJECT" },
		{ "xREJECTS*", "xREJECT" },
		{ "ab{0,2}REJECT", "REJECT" },
		{ "REJECT+", "REJECT" },
		{ "REJECT|ACCEPT", "" },
		{ "(REJECT|ACCEPT) OK", "OK" },
		{ "(a(b[)]c)\\)) eni-1", "eni-1" },
		{ "[]x]eni-1", "eni-1" },
		{ "[^]REJECT]eni-1", "eni-1" },
		{ "(?i)reject", "" },
		{ "(?:REJECT)?", "" },
		{ "REJECT(*ACCEPT)", "" },
		{ "\\QREJECT\\E", "" },
		{ "REJECT\\ OK", "REJECT" },
		{ "443", "" },
		{ "-", "" },
		{ "- 443 -", "" },
		{ "10\\.0\\.0\\.1", "10.0.0.1" },
		{ "10\\.0", "" },
		{ "2001:db8::", "2001:db8::" },
		{ "eni\\-1", "eni-1" },
		{ "vpc-1{", "" },
		{ "REJECT\\", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct buf out = { 0 };
		literal_of_pattern(str_of(table[i].pattern), &out);
		buf_putc(&out, '\0');
		if (strcmp(out.s, table[i].literal) != 0)
			fail_msg("'%s' holds '%s', not '%s'", table[i].pattern, out.s,
				 table[i].literal);
		buf_release(&out);
	}
}

/* A pattern of pieces that may or may not stand in lines. */
static void random_pattern(uint64_t *seed, struct buf *out)
{
	static const char *const pieces[] = {
		"REJECT",  "ACCEPT", "reject", "OK",      "NODATA", "eni-",     "eni-\\d", "10\\.",
		"\\.0\\.", "\\d+",   "[0-9]+", " ",       ".*",     ".",        "?",       "*",
		"+",       "{1,2}",  "|",      "(a|OK)",  "(",      ")",        "[A-Z]",   "^2",
		"$",       "\\bOK",  "::1",    "unknown", "443",    "nonsense", "\\ ",     "-",
	};
	unsigned n = 1 + (unsigned)random_below(seed, 5);

	for (unsigned i = 0; i < n; i++)
		buf_puts(out, pieces[random_below(seed, ARRAY_SIZE(pieces))]);
	while (out->n && (out->s[out->n - 1] == ' ' || out->s[out->n - 1] == '\\'))
		out->n--; /* the bar takes spaces off its ends */
}

static void no_match_is_left_out(void **state)
{
	struct ring *r = ring_new(dict_new(), UINT64_C(1) << 30);
	uint64_t seed = 20261125, *bits;
	struct buf text = { 0 }, line = { 0 };
	unsigned compiled = 0, narrowed = 0;
	const struct segment *s;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		random_line(&seed, 1700000000, &text);
		buf_putc(&text, '\n');
	}
	ring_add_text(r, format_default(), buf_str(&text), NULL, NULL);
	s = ring_at(r, 0);
	bits = xcalloc((s->rows + 63) / 64, sizeof *bits);
	for (int round = 0; round < 3000; round++) {
		struct buf where = { 0 }, pattern = { 0 };
		struct filter_error error;
		struct filter *f;
		struct regex *regex;
		random_pattern(&seed, &pattern);
		buf_puts(&where, "/");
		buf_add_str(&where, buf_str(&pattern));
		f = filter_new(buf_str(&where), 1700000000, &error);
		regex = f ? regex_new(buf_str(&pattern), &error) : NULL;
		if (regex) {
			compiled++;
			narrowed += regex->literal.n != 0;
			filter_select(f, s, ring_dict(r), 0, s->rows, bits, NULL);
			for (uint32_t row = 0; row < s->rows; row++) {
				if (s->mark[row] & MARK_STATUS)
					continue;
				buf_clear(&line);
				segment_render(s, ring_dict(r), row, &line);
				regex_meter_start(&f->meter);
				if ((filter_regex_matches(f, regex, buf_str(&line)) == KNOWN_YES) !=
				    (bits[row / 64] >> row % 64 & 1))
					fail_msg("'%s' on '%.*s'", regex->pattern, (int)line.n,
						 line.s);
			}
		}
		regex_free(regex);
		filter_free(f);
		buf_release(&where);
		buf_release(&pattern);
	}
	assert_in_range(compiled, 800, 3000);
	assert_in_range(narrowed, 200, 3000);
	free(bits);
	buf_release(&text);
	buf_release(&line);
	ring_free_all(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_patterns),
		cmocka_unit_test(no_match_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
