/* Text, numbers and times against values worked out by hand or by date(1). */
#include "support.h"
#include "base/text_pool.h"
#include "base/util.h"

static void tokens(void **state)
{
	struct str rest = str_of("  a\tbb   c ");

	(void)state;
	assert_true(str_equal(str_token(&rest), str_of("a")));
	assert_true(str_equal(str_token(&rest), str_of("bb")));
	assert_true(str_equal(str_token(&rest), str_of("c")));
	assert_int_equal(str_token(&rest).n, 0);
	assert_true(str_equal_loose(str_of("Src_Addr"), str_of("src-addr")));
	assert_false(str_equal_loose(str_of("srcaddr"), str_of("src-addr")));
	assert_true(str_equal(str_trim(str_of(" \tx y \r\n")), str_of("x y")));
}

static void numbers(void **state)
{
	uint64_t v;

	(void)state;
	assert_true(str_to_u64(str_of("18446744073709551615"), &v) && v == UINT64_MAX);
	assert_false(str_to_u64(str_of("18446744073709551616"), &v));
	assert_false(str_to_u64(str_of("99999999999999999999"), &v));
	assert_false(str_to_u64(str_of(""), &v));
	assert_false(str_to_u64(str_of("-1"), &v));
	assert_false(str_to_u64(str_of("1 "), &v));
	assert_true(parse_bytes(str_of("512M"), &v) && v == 512u << 20);
	assert_true(parse_bytes(str_of("2GiB"), &v) && v == UINT64_C(2) << 30);
	assert_true(parse_bytes(str_of("100000"), &v) && v == 100000);
	assert_false(parse_bytes(str_of("lots"), &v));
	assert_false(parse_bytes(str_of("99999999999G"), &v));
}

static void hex_digits(void **state)
{
	unsigned good = 0;

	(void)state;
	for (int c = -128; c < 128; c++)
		good += hex_value((char)c) >= 0;
	assert_int_equal(good, 22);
	for (int v = 0; v < 16; v++) {
		assert_int_equal(hex_value("0123456789abcdef"[v]), v);
		assert_int_equal(hex_value("0123456789ABCDEF"[v]), v);
	}
}

static void times(void **state)
{
	char text[32];
	int64_t s;

	(void)state;
	assert_string_equal(rfc3339(text, sizeof text, 1709164800), "2024-02-29T00:00:00Z");
	assert_true(parse_duration(str_of("15m"), &s) && s == 900);
	assert_true(parse_duration(str_of("2d"), &s) && s == 172800);
	assert_false(parse_duration(str_of("m"), &s));
	assert_false(parse_duration(str_of("-5m"), &s));
}

static void for_people(void **state)
{
	char t[32];

	(void)state;
	assert_string_equal(human_bytes(t, sizeof t, 999), "999");
	assert_string_equal(human_bytes(t, sizeof t, 1536), "1.5K");
	assert_string_equal(human_bytes(t, sizeof t, UINT64_C(38) << 30), "38G");
	assert_string_equal(human_count(t, sizeof t, 999), "999");
	assert_string_equal(human_count(t, sizeof t, 8200000), "8.2M");
	assert_string_equal(human_count(t, sizeof t, 12345), "12k");
	/* Rounding never gives four digits before the unit. */
	for (uint64_t v = 1; v < UINT64_MAX / 3; v = v * 3 + 1) {
		assert_true(strlen(human_count(t, sizeof t, v)) <= 5);
		assert_true(strlen(human_bytes(t, sizeof t, v)) <= 5);
	}
	assert_string_equal(human_duration(t, sizeof t, 41), "41s");
	assert_string_equal(human_duration(t, sizeof t, 3 * 3600 + 300), "3h05m");
}

/* The last one given comes first; what has grown, or is too large, is none of the pool. */
static void texts_again(void **state)
{
	struct text_pool p = { .size = 100000 };
	struct buf a = text_pool_take(&p, 50000), b = text_pool_take(&p, 99999), large, had;

	(void)state;
	assert_true(a.s != b.s && a.n == 0);
	had = a;
	buf_add(&a, "some", 4);
	text_pool_give(&p, &b);
	text_pool_give(&p, &a);
	assert_null(a.s);
	a = text_pool_take(&p, 1);
	assert_true(a.s == had.s && a.n == 0);
	buf_reserve(&a, 99999); /* as much as it has */
	assert_true(a.s == had.s);
	buf_reserve(&a, 100000);
	text_pool_give(&p, &a);
	large = text_pool_take(&p, 100000);
	assert_true(large.cap > 100000);
	text_pool_give(&p, &large);
	assert_int_equal(p.n, 1);
	text_pool_clear(&p);
	assert_int_equal(p.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens),     cmocka_unit_test(numbers),
		cmocka_unit_test(hex_digits), cmocka_unit_test(times),
		cmocka_unit_test(for_people), cmocka_unit_test(texts_again),
	};

	return cmocka_run_group_tests_name("util", tests, NULL, NULL);
}
