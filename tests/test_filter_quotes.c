/* Values in quotes: whatever bytes they have, they are equal to what has the same. */
#include <strings.h>
#include <unistd.h>

#include "filter/filter.h"
#include "labels/labels.h"
#include "support.h"

#define VALUES 400

/* A value of printable bytes, most of them such as the language has a use for. */
static void random_value(uint64_t *seed, char *out)
{
	static const char odd[] = "\"\"''\\\\**/ ,()=<>!~&|-@:ab";
	size_t n = 1 + random_below(seed, 8);

	for (size_t i = 0; i < n; i++)
		out[i] = random_below(seed, 8) ? odd[random_below(seed, sizeof odd - 1)]
					       : (char)(' ' + random_below(seed, 95));
	/* As a name begins and ends: with no blank; and "-" alone is none. */
	if (out[0] == ' ' || (n == 1 && out[0] == '-'))
		out[0] = 'x';
	if (out[n - 1] == ' ')
		out[n - 1] = 'x';
	out[n] = '\0';
}

/* A record an interface, each with a name: labels may be any text. */
static struct labels *fill(struct ring *r, char value[VALUES][16])
{
	char path[] = "/tmp/enitop-quotes-XXXXXX";
	struct label_faults faults = { 0 };
	struct labels *l = labels_new(ring_dict(r));
	struct buf lines = { 0 };
	uint64_t seed = 5;
	FILE *f = fdopen(mkstemp(path), "w");

	assert_non_null(f);
	fputc('[', f);
	for (unsigned i = 0; i < VALUES; i++) {
		random_value(&seed, value[i]);
		buf_printf(
			&lines,
			"2 1 eni-%u 10.0.0.1 10.0.0.2 1 2 6 1 1 1700000000 1700000060 ACCEPT OK\n",
			i);
		fprintf(f, "%s{\"NetworkInterfaceId\":\"eni-%u\",\"Description\":\"", i ? "," : "",
			i);
		for (const char *p = value[i]; *p; p++)
			fprintf(f, *p == '"' || *p == '\\' ? "\\%c" : "%c", *p);
		fputs("\"}", f);
	}
	fputs("]", f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(labels_add_names(l, path, &faults), 0);
	assert_int_equal(faults.n, 0);
	unlink(path);
	dict_set_labels(ring_dict(r), l);
	assert_int_equal(ring_add_text(r, format_default(), buf_str(&lines), NULL, NULL), 1);
	buf_release(&lines);
	return l;
}

/* Exactly the rows with the value match, and how the filter reads says the same. */
static void quoted_values_mean_themselves(void **state)
{
	static char value[VALUES][16];
	struct ring *r = ring_new(dict_new(), 1 << 26);
	struct labels *l = fill(r, value);

	(void)state;
	for (unsigned i = 0; i < VALUES; i++) {
		struct filter_error e = { 0 };
		uint64_t bits[(VALUES + 63) / 64];
		struct buf text = { 0 };
		buf_puts(&text, "interface-name=");
		filter_quote(FIELD_INTERFACE_NAME, str_of(value[i]), &text);
		struct filter *f = filter_new(buf_str(&text), 0, &e), *again;
		if (!f)
			fail_msg("'%s': %s", text.s, e.message);
		filter_select(f, ring_at(r, 0), ring_dict(r), 0, VALUES, bits, NULL);
		for (unsigned k = 0; k < VALUES; k++)
			if ((bits[k / 64] >> k % 64 & 1) != (strcasecmp(value[i], value[k]) == 0))
				fail_msg("'%s' and '%s'", text.s, value[k]);
		assert_string_equal(filter_reads(f), text.s);
		again = filter_new(str_of(filter_reads(f)), 0, &e);
		assert_non_null(again);
		assert_string_equal(filter_reads(again), text.s);
		filter_free(again);
		filter_free(f);
		buf_release(&text);
	}
	labels_free(l);
	ring_free_all(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quoted_values_mean_themselves),
	};

	return cmocka_run_group_tests_name("filter_quotes", tests, NULL, NULL);
}
