/* Accumulators against the slow twin: any grouping, folded in any order, in and out. */
#include "slow.h"
#include "support.h"

static const char *const groupings[] = {
	"srcaddr",
	"dstaddr,dstport",
	"client,server,service",
	"client,server,service,protocol",
	"interface-id,action",
	"time",
	"service,time",
	"protocol",
	"bytes",
	"srcaddr,bytes,time",
	"region",
	"version,account-id,interface-id,srcaddr,dstaddr,srcport,dstport,protocol",
};

static struct ring *filled(struct slow *slow, unsigned segments, uint64_t seed)
{
	struct ring *r = ring_new(dict_new(), 1 << 30);

	ring_set_ceiling(r, INT64_MAX);
	for (unsigned i = 0; i < segments; i++) {
		struct buf b = { 0 };
		for (int k = 0; k < 400; k++) {
			random_line(&seed, 1700000000 + i * 300, &b);
			buf_putc(&b, '\n');
		}
		ring_add_text(r, format_default(), buf_str(&b), NULL, NULL);
		slow_read(slow, format_default(), buf_str(&b));
		buf_release(&b);
	}
	return r;
}

static void every_grouping(void **state)
{
	static const struct span spans[] = { { INT64_MIN, INT64_MAX, false },
					     { 1700000100, 1700000900, false },
					     { 1700000100, 1700000900, true } };
	struct slow slow = { 0 };
	struct ring *r = filled(&slow, 6, 17);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(groupings); i++) {
		struct group g;
		struct str bad;
		assert_int_equal(group_parse(str_of(groupings[i]), &g, &bad), 0);
		for (size_t k = 0; k < ARRAY_SIZE(spans); k++) {
			struct accumulator *a = accumulator_new(&g, ring_dict(r));
			struct slow_rows want, have;
			accumulator_set_bin_shift(a, 6);
			/* Last first, in pieces. */
			for (size_t s = ring_count(r); s-- > 0;)
				for (uint32_t at = 0; at < ring_at(r, s)->rows; at += 192) {
					uint32_t n = ring_at(r, s)->rows - at;
					accumulator_fold(a, ring_at(r, s), at, n < 192 ? n : 192,
							 NULL, spans[k], 1);
				}
			slow_group(&slow, &g, NULL, spans[k], 6, &want);
			slow_rows_of(a, &have);
			slow_compare(&want, &have);
			slow_rows_release(&have);
			/* Out again: nothing is left. */
			for (size_t s = 0; s < ring_count(r); s++)
				accumulator_fold(a, ring_at(r, s), 0, ring_at(r, s)->rows, NULL,
						 spans[k], -1);
			assert_int_equal(accumulator_count(a), 0);
			assert_int_equal(accumulator_total(a)->bytes, 0);
			slow_rows_release(&want);
			accumulator_free(a);
		}
	}
	slow_release(&slow);
	ring_free_all(r);
}

static void ranked_with_ties_by_key(void **state)
{
	struct slow slow = { 0 };
	struct ring *r = filled(&slow, 3, 23);
	struct group g;
	struct str bad;
	uint32_t *index, n;

	(void)state;
	group_parse(str_of("srcaddr,dstport"), &g, &bad);
	for (int m = 0; m < METRICS; m++) {
		struct accumulator *a = accumulator_new(&g, ring_dict(r));
		for (size_t s = 0; s < ring_count(r); s++)
			accumulator_fold(a, ring_at(r, s), 0, ring_at(r, s)->rows, NULL,
					 (struct span){ INT64_MIN, INT64_MAX, false }, 1);
		n = accumulator_rank(a, (enum metric)m, 0, &index);
		for (uint32_t i = 1; i < n; i++) {
			uint64_t x =
				tally_metric(accumulator_tally(a, index[i - 1]), (enum metric)m);
			uint64_t y = tally_metric(accumulator_tally(a, index[i]), (enum metric)m);
			assert_true(x >= y);
		}
		/* The first of fewer are the first of all. */
		uint32_t *few, k = accumulator_rank(a, (enum metric)m, 7, &few);
		assert_int_equal(k, n < 7 ? n : 7);
		assert_memory_equal(few, index, k * sizeof *few);
		free(few);
		free(index);
		accumulator_free(a);
	}
	slow_release(&slow);
	ring_free_all(r);
}

/* Wider bins merge what is there. */
static void bins_widen(void **state)
{
	struct slow slow = { 0 };
	struct ring *r = filled(&slow, 4, 29);
	static const struct group g = { { FIELD_SERVICE, FIELD_BIN }, 2 };
	struct accumulator *a = accumulator_new(&g, ring_dict(r));
	struct span all = { INT64_MIN, INT64_MAX, false };

	(void)state;
	for (size_t s = 0; s < ring_count(r); s++)
		accumulator_fold(a, ring_at(r, s), 0, ring_at(r, s)->rows, NULL, all, 1);
	for (unsigned shift = 0; shift < 12; shift += 3) {
		struct slow_rows want, have;
		accumulator_set_bin_shift(a, shift);
		slow_group(&slow, &g, NULL, all, shift, &want);
		slow_rows_of(a, &have);
		slow_compare(&want, &have);
		slow_rows_release(&want);
		slow_rows_release(&have);
	}
	accumulator_free(a);
	slow_release(&slow);
	ring_free_all(r);
}

static void bad_groups(void **state)
{
	struct group g;
	struct str bad;

	(void)state;
	assert_true(group_parse(str_of("srcaddr,nosuch"), &g, &bad) < 0);
	assert_true(str_equal(bad, str_of("nosuch")));
	assert_true(group_parse(str_of(""), &g, &bad) < 0);
	assert_true(group_parse(str_of("srcaddr,,dstaddr"), &g, &bad) < 0);
	assert_true(
		group_parse(
			str_of("bytes,packets,start,end,srcport,dstport,srcaddr,dstaddr,action"),
			&g, &bad) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_grouping),
		cmocka_unit_test(ranked_with_ties_by_key),
		cmocka_unit_test(bins_widen),
		cmocka_unit_test(bad_groups),
	};

	return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
