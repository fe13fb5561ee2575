/* The most specific prefix, against a search from end to end; and what is no prefix. */
#include "labels/prefixes.h"
#include "support.h"

static void random_prefix(uint64_t *seed, uint8_t from[16], unsigned *bits)
{
	char text[80];

	/* Few values, so that they nest and repeat. */
	if (random_below(seed, 2))
		snprintf(text, sizeof text, "10.%u.%u.%u/%u", (unsigned)random_below(seed, 2),
			 (unsigned)random_below(seed, 3), (unsigned)random_below(seed, 256),
			 (unsigned)random_below(seed, 33));
	else
		snprintf(text, sizeof text, "2001:db8:%x::%x/%u", (unsigned)random_below(seed, 3),
			 (unsigned)random_below(seed, 9), (unsigned)random_below(seed, 129));
	assert_true(prefix_parse(str_of(text), from, bits));
}

static bool holds(const uint8_t from[16], unsigned bits, const uint8_t a[16])
{
	for (unsigned i = 0; i < bits; i++)
		if ((from[i / 8] ^ a[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return true;
}

static void most_specific(void **state)
{
	enum { N = 300 };
	struct {
		uint8_t from[16];
		unsigned bits;
		uint8_t rank;
	} all[N];
	uint64_t seed = 3, found = 0;

	(void)state;
	for (unsigned round = 0; round < 20; round++) {
		struct prefixes p = { 0 };
		unsigned n = round ? (unsigned)random_below(&seed, N) : 0;
		for (unsigned i = 0; i < n; i++) {
			random_prefix(&seed, all[i].from, &all[i].bits);
			all[i].rank = (uint8_t)random_below(&seed, 2);
			prefixes_add(&p, all[i].from, all[i].bits, all[i].rank, i, 0);
			if (i == n / 2) /* as a second file does */
				prefixes_seal(&p);
		}
		prefixes_seal(&p);
		for (unsigned k = 0; k < 2000; k++) {
			uint8_t a[16];
			unsigned bits, best = N;
			random_prefix(&seed, a, &bits);
			for (unsigned i = 0; i < n; i++)
				if (holds(all[i].from, all[i].bits, a) &&
				    (best == N || all[i].bits > all[best].bits ||
				     (all[i].bits == all[best].bits &&
				      all[i].rank >= all[best].rank)))
					best = i;
			const struct prefix *have = prefixes_find(&p, a);
			assert_int_equal(have ? have->value[0] : N, best);
			found += have != NULL;
		}
		prefixes_release(&p);
	}
	assert_true(found > 10000);
}

static void prefixes_as_text(void **state)
{
	static const char *const bad[] = {
		"",         "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1",  "2001:db8::/129",
		"10.0.0/8", "/8",          "x/8",       "10.0.0.0/8/8", "10.0.0.0/ 8"
	};
	uint8_t from[16];
	unsigned bits;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(prefix_parse(str_of(bad[i]), from, &bits));
	assert_true(prefix_parse(str_of("10.1.2.3/8"), from, &bits));
	assert_int_equal(bits, 104);
	assert_int_equal(from[12], 10);
	assert_int_equal(from[13], 0);
	assert_true(prefix_parse(str_of("::1"), from, &bits));
	assert_int_equal(bits, 128);
	assert_true(prefix_parse(str_of("0.0.0.0/0"), from, &bits));
	assert_int_equal(bits, 96);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(most_specific),
		cmocka_unit_test(prefixes_as_text),
	};

	return cmocka_run_group_tests_name("prefixes", tests, NULL, NULL);
}
