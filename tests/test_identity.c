/* Streams of lines: those that were read beforehand come to the same as those that are read
 * when they are taken. How files are known again is tests/test_source.c. */
#include "input/identity.h"
#include "support.h"

static void add_line(struct buf *b, uint64_t *seed)
{
	static const char *const odd[] = { "\n", " \t\n", "\r\n",
					   "version account-id interface-id srcaddr dstaddr\n" };

	if (random_below(seed, 5) == 0)
		buf_puts(b, odd[random_below(seed, ARRAY_SIZE(odd))]);
	for (uint64_t n = random_below(seed, 60); n-- > 0;)
		buf_putc(b, (char)('!' + random_below(seed, 90)));
	buf_puts(b, random_below(seed, 4) ? "\n" : " \r\n");
}

static void read_beforehand(void **state)
{
	struct identities *some = identities_new(), *others = identities_new();
	struct identity_place a = { 0 }, b = { 0 };
	const struct identity_lines none = { 0 };
	uint64_t seed = 5;

	(void)state;
	for (int round = 0; round < 400; round++) {
		struct identity_lines lines = { 0 };
		struct identity_take x, y;
		struct buf text = { 0 };
		for (uint64_t n = random_below(&seed, 100); n-- > 0;)
			add_line(&text, &seed);
		identity_read_lines(&lines, buf_str(&text));
		x = identity_take(some, &a, buf_str(&text), &lines);
		y = identity_take(others, &b, buf_str(&text), &none);
		assert_int_equal(x.skip, y.skip);
		assert_false(x.restart || y.restart);
		assert_int_equal(a.at, b.at);
		assert_true(a.hash == b.hash);
		assert_int_equal(a.identity != NULL, b.identity != NULL);
		if (a.identity) {
			assert_int_equal(a.identity->at, b.identity->at);
			assert_int_equal(a.identity->marks, b.identity->marks);
			assert_memory_equal(a.identity->mark, b.identity->mark,
					    a.identity->marks * sizeof *a.identity->mark);
		}
		identity_lines_release(&lines);
		buf_release(&text);
	}
	assert_true(a.at > 10000);
	identity_release(&a);
	identity_release(&b);
	identities_free(some);
	identities_free(others);
}

/* Hashes would take more room than the text does. */
static void short_lines(void **state)
{
	struct identity_lines lines = { 0 };
	struct buf text = { 0 };

	(void)state;
	for (int i = 0; i < 10000; i++)
		buf_puts(&text, "x\n");
	identity_read_lines(&lines, buf_str(&text));
	assert_int_equal(lines.bytes, 0);
	assert_true(lines.n * sizeof *lines.hash <= text.n);
	identity_lines_release(&lines);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_beforehand),
		cmocka_unit_test(short_lines),
	};

	return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
