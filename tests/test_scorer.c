/* test_scorer.c - what each scorer says of series whose oddities were put in by hand; the z-score
 * against its formula in the plainest form. What they find in real ones: tests/nab.sh. */
#include <math.h>
#include <stdlib.h>

#include "support.h"
#include "triage/scorer.h"
#include "triage/small_float.h"

#define MINUTE 60
#define BEGIN 1790000000

static void *made(const struct scorer *s, uint64_t seed)
{
	void *state = xmalloc(s->bytes);

	s->init(state, seed);
	return state;
}

/* A day's wave with some noise, the same each time. */
static double wave(unsigned i, uint64_t *seed)
{
	return 1e6 * (2 + sin(i * 2 * 3.14159265358979 / 288)) + (double)random_below(seed, 100000);
}

static void test_bytes(void **state)
{
	(void)state;
	assert_true(scorer_of(SCORER_RECORD)->bytes <= 656);
	assert_true(scorer_of(SCORER_ZSCORE)->bytes <= 264);
	assert_int_equal(scorer_find(str_of("forest")), SCORER_FOREST);
	assert_int_equal(scorer_find(str_of("median")), -1);
}

/* Twenty days, then ten times as much for an hour. */
static void test_jump(void **state)
{
	(void)state;
	for (int kind = 0; kind < SCORERS; kind++) {
		const struct scorer *s = scorer_of((enum scorer_kind)kind);
		void *v = made(s, 7);
		struct judgement out;
		uint64_t seed = 3;
		unsigned fired = 0, late = 0;
		for (unsigned i = 0; i < 20 * 288; i++) {
			s->point(v, BEGIN + i * 300, wave(i, &seed), &out);
			assert_true(isfinite(out.score) && out.low <= out.high);
			if (i < s->learns)
				assert_true(out.score <= 0);
			fired += i > 600 && out.score >= s->threshold;
		}
		s->point(v, BEGIN + 20 * 288 * 300, 30e6, &out);
		if (out.score < s->threshold || fired > 10)
			fail_msg("%s: %g, fired %u before", s->name, out.score, fired);
		assert_true(out.expected > 1e6 && out.expected < 4e6 && out.high < 30e6);
		/* An alarm is not repeated for what it was about. */
		for (unsigned i = 1; i < 12; i++) {
			s->point(v, BEGIN + (20 * 288 + i) * 300, 30e6, &out);
			late += out.score >= s->threshold;
		}
		if (kind == SCORER_RECORD)
			assert_true(late <= 1);
		free(v);
	}
}

/* The band holds most of what comes, and what is ahead is that of its hour. */
static void test_expected(void **state)
{
	const struct scorer *s = scorer_of(SCORER_RECORD);
	void *v = made(s, 0);
	struct judgement out;
	uint64_t seed = 5;
	unsigned within = 0, i;

	(void)state;
	for (i = 0; i < 20 * 288; i++) {
		double x = wave(i, &seed);
		s->point(v, BEGIN + i * 300, x, &out);
		within += i >= 10 * 288 && x >= out.low && x <= out.high;
	}
	assert_in_range(within, 85 * 288 / 10, 10 * 288);
	for (unsigned ahead = 1; ahead <= 288; ahead++) {
		double x = wave(i + ahead - 1, &seed);
		s->forecast(v, BEGIN + (i + ahead - 1) * 300, ahead, &out);
		if (fabs(out.expected - x) > 0.3e6 || out.low > out.expected)
			fail_msg("%u ahead: %g, not %g", ahead, out.expected, x);
	}
	free(v);
}

static int by_size(const void *a, const void *b)
{
	return (*(const double *)a > *(const double *)b) -
	       (*(const double *)a < *(const double *)b);
}

static double middle(double *v, unsigned n)
{
	qsort(v, n, sizeof *v, by_size);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static void test_zscore(void **state)
{
	const struct scorer *s = scorer_of(SCORER_ZSCORE);
	void *v = made(s, 0);
	static double x[1000];
	struct judgement out;
	uint64_t seed = 11;

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		double base[125], median, mad, want = 0;
		unsigned n = 0, from = i > 125 ? i - 125 : 0;
		/* Exact in eight bits. */
		x[i] = (double)random_below(&seed, 256) * (i % 97 == 5 ? 64 : i % 3);
		for (unsigned k = from; k + 5 <= i; k++)
			base[n++] = x[k];
		s->point(v, BEGIN + i * MINUTE, x[i], &out);
		if (n >= 15) {
			median = middle(base, n);
			for (unsigned k = 0; k < n; k++)
				base[k] = fabs(base[k] - median);
			mad = middle(base, n);
			want = 0.6745 * fabs(x[i] - median) / fmax(fmax(mad, 0.05 * median), 1);
			assert_true(fabs(out.expected - median) < 1e-6);
		}
		if (fabs(out.score - want) > 1e-5 * (1 + want))
			fail_msg("bin %u: %g, not %g", i, out.score, want);
	}
	free(v);
}

static void test_forest_seed(void **state)
{
	const struct scorer *s = scorer_of(SCORER_FOREST);
	void *a = made(s, 1), *b = made(s, 1), *c = made(s, 2);
	struct judgement of_a, of_b, of_c;
	uint64_t seed = 13;
	bool other = false;

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		double x = wave(i, &seed);
		s->point(a, BEGIN + i * MINUTE, x, &of_a);
		s->point(b, BEGIN + i * MINUTE, x, &of_b);
		s->point(c, BEGIN + i * MINUTE, x, &of_c);
		assert_true(of_a.score == of_b.score && of_a.expected == of_b.expected);
		other |= of_a.score != of_c.score;
	}
	assert_true(other);
	free(a);
	free(b);
	free(c);
}

/* What a hostile log can have sums of, and times. */
static void test_wild(void **state)
{
	(void)state;
	for (int kind = 0; kind < SCORERS; kind++) {
		const struct scorer *s = scorer_of((enum scorer_kind)kind);
		void *v = made(s, 1);
		struct judgement out;
		uint64_t seed = 17;
		int64_t t = 0;
		for (unsigned i = 0; i < 5000; i++) {
			static const double some[] = { 0, 0, 1, 1e19, 1.8446744073709552e19, 3 };
			s->point(v, t, some[random_below(&seed, ARRAY_SIZE(some))], &out);
			if (!isfinite(out.score) || !isfinite(out.expected) || !isfinite(out.low))
				fail_msg("%s: point %u", s->name, i);
			t += i % 100 ? 60 : (int64_t)1 << random_below(&seed, 45);
		}
		for (unsigned i = 0; i < 300; i++) {
			s->point(v, t += 60, 5, &out);
			assert_true(isfinite(out.score));
		}
		s->forecast(v, t + 86400, 1440, &out);
		assert_true(isfinite(out.expected) && out.low <= out.high);
		free(v);
	}
}

static void test_small(void **state)
{
	(void)state;
	for (double v = 0.37; v < 1e25; v *= 1.03)
		assert_true(fabs(small_float_value(small_float_of(v)) - v) <= v / 256);
	assert_true(small_float_value(small_float_of(1e300)) > 1e38F);
	assert_true(small_float_value(small_float_of(-40)) == -40.0F);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),       cmocka_unit_test(test_jump),
		cmocka_unit_test(test_expected),    cmocka_unit_test(test_zscore),
		cmocka_unit_test(test_forest_seed), cmocka_unit_test(test_wild),
		cmocka_unit_test(test_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
