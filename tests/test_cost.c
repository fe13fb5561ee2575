/* Money as it is written, and prices as they are read. */
#include "cli/prices.h"
#include "support.h"

static void money(void **state)
{
	static const struct {
		uint64_t cost;
		const char *human, *plain;
	} rows[] = {
		{ 0, "$0", "0" },
		{ CHARGE_DOLLAR / 4, "$0.25", "0.25" },
		{ CHARGE_DOLLAR * 12, "$12.00", "12" },
		{ UINT64_C(123456789000000), "$12.35", "12.3456789" },
		{ UINT64_C(1234567890000000), "$123.5", "123.456789" },
		{ UINT64_C(12345678900000000), "$1235", "1234.56789" },
		{ UINT64_C(99995000000000), "$10.00", "9.9995" },
		{ UINT64_C(123400000), "$0.00001234", "0.00001234" },
		{ UINT64_C(900), "$0.00000000009", "0.00000000009" },
		{ 1, "$0.0000000000001", "0.0000000000001" },
		{ UINT64_MAX, "$1844674", "1844674.4073709551615" },
	};
	char text[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_string_equal(human_cost(text, sizeof text, rows[i].cost), rows[i].human);
		assert_string_equal(cost_plain(text, sizeof text, rows[i].cost), rows[i].plain);
	}
}

/* $0.045, and $0.02, a GB of 10^9 bytes. */
static void charges_of_bytes(void **state)
{
	const struct charges c = { .price = { [CHARGE_NAT] = 450, [CHARGE_ZONE] = 200 } };

	(void)state;
	assert_true(charge_of(&c, CHARGE_NAT, 1000000000) == CHARGE_DOLLAR * 45 / 1000);
	assert_true(charge_of(&c, CHARGE_ZONE, 500000000) == CHARGE_DOLLAR / 100);
	assert_true(charge_of(&c, CHARGE_UNKNOWN, UINT64_MAX) == 0);
	assert_true(charge_of(&c, CHARGE_NAT, UINT64_MAX / 2) == UINT64_MAX);
}

static void prices_are_read(void **state)
{
	static const char *const wrong[] = {
		"nat=",        "nat=-1",     "nat=1e3",
		"nat=0.00001", "nat=100001", "zone",
		"gnat=1",      "nat=1,=",    "nat=99999999999999999999999",
		"nat=.",       "nat=$",
	};
	struct prices p = prices_listed;
	struct buf error = { 0 };

	(void)state;
	assert_true(p.nat == 450 && p.zone == 100 && p.internet == 900);
	assert_true(prices_read("nat=$0.0481,internet = 1.5", &p, &error));
	assert_true(p.nat == 481 && p.zone == 100 && p.internet == 15000);
	assert_string_equal(p.source, "nat=$0.0481,internet = 1.5");
	assert_true(prices_read("nat=.050000,source=ours,[prices],zone=100000", &p, &error));
	assert_true(p.nat == 500 && p.zone == UINT64_C(1000000000));
	assert_string_equal(p.source, "ours");
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		buf_clear(&error);
		assert_false(prices_read(wrong[i], &p, &error));
		assert_true(error.n > 0);
	}
	buf_release(&error);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(money),
		cmocka_unit_test(charges_of_bytes),
		cmocka_unit_test(prices_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
