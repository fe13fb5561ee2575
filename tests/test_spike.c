/* test_spike.c - the rule `spike` over series made by hand: when it begins and ends, what it is held
 * against, which floors hold whatever judges; what of weeks is remembered; sums of bins. */
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "support.h"
#include "triage/open_bins.h"
#include "triage/spike.h"

#define BEGIN 1789992000 /* a full hour */
#define MINUTE 60

struct made {
	struct spike_series *s;
	struct spike_rule rule;
	struct spike_point point;
	int64_t t;
	unsigned fired;
};

static struct made make(enum scorer_kind kind)
{
	struct made m = { .rule = { .scorer = kind,
				    .threshold = scorer_of(kind)->threshold,
				    .z = SPIKE_Z,
				    .metric = METRIC_BYTES,
				    .every = MINUTE,
				    .seed = 1 },
			  .t = BEGIN };

	m.s = spike_series_new(&m.rule);
	return m;
}

static void add(struct made *m, double value, unsigned times)
{
	for (; times; times--, m->t += m->rule.every) {
		/* A little noise, the same each time. */
		double some = value * (1 + 0.05 * sin((double)(m->t / m->rule.every)));
		spike_series_add(m->s, m->t, some, &m->point);
		m->fired += m->point.fired;
	}
}

static unsigned found(const struct made *m)
{
	return spike_series_count(m->s);
}

/* Forty minutes, five of them far above, then as before. */
static void test_begins_and_ends(void **state)
{
	struct made m = make(SCORER_RECORD);
	const struct spike *k;
	int64_t since;
	struct buf text = { 0 };

	(void)state;
	add(&m, 2e6, 35);
	since = m.t;
	add(&m, 40e6, 2);
	assert_int_equal(found(&m), 0); /* three of four */
	add(&m, 40e6, 3);
	assert_int_equal(found(&m), 1);
	k = spike_series_at(m.s, 0);
	assert_int_equal(k->since, since);
	assert_int_equal(k->until, m.t);
	assert_true(k->open && !k->fell && k->by == SCORER_ZSCORE);
	assert_true(fabs(k->expected - 2e6) < 0.1e6 && fabs(k->largest - 2.1e6) < 0.02e6);
	assert_true(k->value > 41e6 && fabs(k->beyond - 19) < 1);
	assert_int_equal(k->over, 35 * MINUTE);
	spike_text(k, &m.rule, str_of("203.0.113.77"), &text);
	assert_string_equal(text.s,
			    "bytes of 203.0.113.77: 40M a minute, expected 1.9M, largest in 35m "
			    "2.0M, now 19 times beyond");
	add(&m, 2e6, 9);
	assert_true(spike_series_at(m.s, 0)->open); /* ten minutes without */
	add(&m, 2e6, 1);
	assert_false(spike_series_at(m.s, 0)->open);
	assert_int_equal(found(&m), 1);
	assert_int_equal(m.fired, 3); /* as far as was known then */
	buf_release(&text);
	spike_series_free(m.s);
}

/* Whatever judges: not large enough, not far enough above the median, not above the largest. */
static void test_floors(void **state)
{
	(void)state;
	for (int kind = 0; kind < SCORERS; kind++) {
		struct made m = make((enum scorer_kind)kind);
		add(&m, 1e5, 400);
		add(&m, 9e6, 10); /* below 10 MB a minute */
		add(&m, 1e5, 30);
		assert_int_equal(found(&m), 0);
		spike_series_free(m.s);

		m = make((enum scorer_kind)kind);
		add(&m, 10e6, 400);
		add(&m, 35e6, 10); /* 3.5 times the median */
		add(&m, 10e6, 30);
		assert_int_equal(found(&m), 0);
		spike_series_free(m.s);

		m = make((enum scorer_kind)kind);
		add(&m, 10e6, 300);
		add(&m, 50e6, 1);
		add(&m, 10e6, 50);
		add(&m, 60e6, 10); /* 1.2 times the largest */
		add(&m, 10e6, 30);
		assert_int_equal(found(&m), 0);
		spike_series_free(m.s);

		m = make((enum scorer_kind)kind);
		add(&m, 10e6, 400);
		add(&m, 100e6, 10);
		add(&m, 10e6, 30);
		if (found(&m) != 1)
			fail_msg("%s: %u found", scorer_name((enum scorer_kind)kind), found(&m));
		assert_int_equal(spike_series_at(m.s, 0)->by, kind);
		spike_series_free(m.s);
	}
}

static void test_falls(void **state)
{
	struct made m = make(SCORER_ZSCORE);
	struct buf text = { 0 };

	(void)state;
	add(&m, 80e6, 60);
	add(&m, 1e6, 5);
	assert_int_equal(found(&m), 1);
	assert_true(spike_series_at(m.s, 0)->fell);
	spike_text(spike_series_at(m.s, 0), &m.rule, str_of("eni-1"), &text);
	assert_string_equal(text.s, "bytes of eni-1 fell: 930K a minute, expected 76M");
	buf_release(&text);
	spike_series_free(m.s);
	m = make(SCORER_ZSCORE);
	add(&m, 8e6, 60);
	add(&m, 0, 5); /* what is small may be nothing */
	assert_int_equal(found(&m), 0);
	spike_series_free(m.s);
}

/* The z-score says so until there are a hundred. */
static void test_learning(void **state)
{
	struct made m = make(SCORER_RECORD);
	struct judgement ahead;

	(void)state;
	add(&m, 2e6, 100);
	assert_int_equal(m.point.by, SCORER_ZSCORE);
	assert_int_equal(m.point.learnt, 99);
	add(&m, 2e6, 1);
	assert_int_equal(m.point.by, SCORER_RECORD);
	assert_int_equal(spike_series_forecast(m.s, 5, &ahead), SCORER_RECORD);
	assert_true(fabs(ahead.expected - 2e6) < 0.2e6 && ahead.low <= ahead.expected &&
		    ahead.expected <= ahead.high);
	spike_series_free(m.s);
}

/* Each night much, for four weeks: the fourth is held against the three before. */
static void test_seasonal(void **state)
{
	struct made m = make(SCORER_ZSCORE);
	unsigned before = 0;

	(void)state;
	for (unsigned hour = 0; hour < 4 * 168; hour++) {
		if (hour == 3 * 168)
			before = found(&m);
		add(&m, hour % 24 == 3 ? 50e6 : 2e6, 60);
	}
	assert_int_equal(before, 21); /* an evening ago there was none */
	assert_int_equal(found(&m), 21);
	add(&m, 50e6, 60); /* at another hour */
	assert_int_equal(found(&m), 22);
	assert_true(spike_series_at(m.s, 21)->seasonal);
	spike_series_free(m.s);
}

static void test_rollup(void **state)
{
	static struct rollup r;
	double week[ROLLUP_WEEKS], day;

	(void)state;
	assert_int_equal(rollup_day(&r, 1000, &day), 0);
	for (int64_t h = 1000; h < 1000 + 600; h++)
		if (h != 1600 - 168) /* not known */
			rollup_add(&r, h, (double)(h % 24 * 10 + h / 168));
	assert_int_equal(rollup_week(&r, 1600, week), 2);
	assert_true(week[0] == (1600 - 336) % 24 * 10 + (1600 - 336) / 168);
	assert_int_equal(rollup_week(&r, 1601, week), 3);
	assert_int_equal(rollup_week(&r, 1599, week), 2); /* the third is too old */
	assert_int_equal(rollup_day(&r, 1600, &day), 20);
	assert_true(day >= 1600 % 24 * 10 + 6 && day <= 1600 % 24 * 10 + 10);
	assert_int_equal(rollup_hours(&r), 503);
	rollup_add(&r, 5000, 1);
	assert_int_equal(rollup_hours(&r), 1);
	rollup_add(&r, 4000, 1); /* older than the ones before */
	assert_int_equal(rollup_hours(&r), 1);
}

/* Whatever the order; numbers before 1970. */
static void test_bins(void **state)
{
	struct open_bins a = { 0 }, b = { 0 };
	size_t held = 0, i;
	static const unsigned many[] = { 3, 100, 5000, 100000 };

	(void)state;
	assert_int_equal(bin_of(-1, 60), -1);
	assert_int_equal(bin_of(-60, 60), -1);
	assert_int_equal(bin_of(59, 60), 0);
	for (i = 0; i < 1000; i++)
		held += bins_add(&a, (int64_t)((i * 7919) % 1000) - 500, i % 13);
	for (i = 0; i < 1000; i++) {
		size_t k = 999 - i;
		bins_add(&b, (int64_t)((k * 7919) % 1000) - 500, k % 13);
	}
	for (int64_t bin = -600; bin < 600; bin++)
		assert_int_equal(bins_sum(&a, bin), bins_sum(&b, bin));
	assert_int_equal(bins_sum(&a, (int64_t)7919 % 1000 - 500), 1);
	bins_add(&a, 3, UINT64_MAX);
	assert_true(bins_sum(&a, 3) == UINT64_MAX);
	held -= bins_drop(&a, 100);
	assert_int_equal(bins_next(&a, -500), 64);
	held -= bins_drop(&a, 10000);
	assert_int_equal(held, 0);
	for (i = 0; i < ARRAY_SIZE(many); i++) {
		for (unsigned k = 0; k < 2 * many[i]; k++)
			bins_note(&b, 7 + (int64_t)i, hash_u64(k % many[i] + 1));
		uint64_t n = bins_sum(&b, 7 + (int64_t)i);
		if (fabs((double)n - many[i]) > 0.1 * many[i])
			fail_msg("%u values: %lu", many[i], (unsigned long)n);
	}
	bins_release(&a);
	bins_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_begins_and_ends),
		cmocka_unit_test(test_floors),
		cmocka_unit_test(test_falls),
		cmocka_unit_test(test_learning),
		cmocka_unit_test(test_seasonal),
		cmocka_unit_test(test_rollup),
		cmocka_unit_test(test_bins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
