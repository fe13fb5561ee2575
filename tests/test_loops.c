/* The inner loops of reading Parquet: what the machine's vectors make of values is what each is. */
#include "parquet/parquet_loops.h"
#include "support.h"

/* Bits one by one. */
static uint32_t bits_at(const uint8_t *bytes, size_t bit, unsigned width)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < width; i++, bit++)
		v |= (uint32_t)(bytes[bit / 8] >> bit % 8 & 1) << i;
	return v;
}

static void expect_loops(const struct parquet_loops *l, const uint8_t *bytes)
{
	enum { N = 37 };
	uint32_t got[N], table[N], out[N], code[N];
	uint16_t narrow[N];
	int64_t wide[N] = { [N - 1] = INT64_C(1) << 40, [3] = 5 };

	for (unsigned width = 0; width <= 32; width++)
		for (unsigned first = 0; first < 9; first++)
			for (size_t n = 0; n <= N; n++) {
				uint32_t most = 0;
				l->unpack(bytes, first * width, width, got, n);
				for (size_t i = 0; i < n; i++) {
					uint32_t want = bits_at(bytes, (first + i) * width, width);
					assert_int_equal(got[i], want);
					most = want > most ? want : most;
				}
				assert_int_equal(l->most(got, n), most);
			}
	for (uint32_t i = 0; i < N; i++) {
		table[i] = 7 * i;
		code[i] = i * 5 % N;
	}
	l->numbers(table, code, out, N);
	l->codes(table, code, narrow, N);
	for (uint32_t i = 0; i < N; i++) {
		assert_int_equal(out[i], 7 * (i * 5 % N));
		assert_int_equal(narrow[i], out[i]);
	}
	assert_true(l->narrow(wide, out, N) == ((UINT64_C(1) << 40) | 5));
	assert_int_equal(out[3], 5);
	assert_true(l->narrow(wide, out, N - 1) == 5);
}

static void loops(void **state)
{
	uint8_t bytes[256];

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 167 + i / 7 * 91);
	expect_loops(&parquet_loops_plain, bytes);
	expect_loops(parquet_loops(), bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loops),
	};

	return cmocka_run_group_tests_name("loops", tests, NULL, NULL);
}
