/* Parts of groups beyond plain fields, distinct counts and ranks, against the slow twin and
 * against plain sorting. */
#include <errno.h>

#include "query/result.h"
#include "slow.h"
#include "support.h"

static const struct span all = { INT64_MIN, INT64_MAX, false };

static struct group parse(const char *text)
{
	struct group g;
	struct str bad;

	assert_int_equal(group_parse(str_of(text), &g, &bad), 0);
	return g;
}

static void fold_ring(struct accumulator *a, struct ring *r, struct span span, int sign)
{
	for (size_t s = 0; s < ring_count(r); s++)
		accumulator_fold(a, ring_at(r, s), 0, ring_at(r, s)->rows, NULL, span, sign);
}

/* ---- text ---- */

static void parts_as_text(void **state)
{
	static const struct {
		const char *text;
		int error;
		const char *name; /* or what is wrong */
	} cases[] = {
		{ "src/24", 0, "srcaddr/24" },
		{ "srcaddr/24/64", 0, "srcaddr/24" },
		{ "srcaddr/24/56", 0, "srcaddr/24/56" },
		{ "SRC_ADDR/32", 0, "srcaddr/32" },
		{ "dstaddr/33", 0, "dstaddr/33" },
		{ "dstaddr/64", 0, "dstaddr/64" },
		{ "dstaddr/128", 0, "dstaddr" },
		{ "dstaddr/32/128", 0, "dstaddr" },
		{ "client/16/48 , pair,service", 0, "client/16/48,pair,service" },
		{ "pkt-dstaddr/1/1", 0, "pkt-dstaddr/1/1" },
		{ "srcaddr/0", -ERANGE, "srcaddr/0" },
		{ "srcaddr/129", -ERANGE, "srcaddr/129" },
		{ "srcaddr/33/64", -ERANGE, "srcaddr/33/64" },
		{ "srcaddr/24/0", -ERANGE, "srcaddr/24/0" },
		{ "srcaddr/24/", -ERANGE, "srcaddr/24/" },
		{ "srcaddr/24/64/1", -ERANGE, "srcaddr/24/64/1" },
		{ "srcaddr/", -ERANGE, "srcaddr/" },
		{ "srcaddr/x", -ERANGE, "srcaddr/x" },
		{ "srcaddr/-1", -ERANGE, "srcaddr/-1" },
		{ "srcaddr/99999999999999999999999", -ERANGE, "srcaddr/99999999999999999999999" },
		{ "dstport/24", -ENOTSUP, "dstport/24" },
		{ "pair/24", -ENOTSUP, "pair/24" },
		{ "nosuch/24", -EINVAL, "nosuch/24" },
		{ "srcaddr,", -EINVAL, "" },
		{ "a,b", -EINVAL, "a" },
		{ "srcaddr/8,srcaddr/9,srcaddr/10,srcaddr/11,srcaddr/12,srcaddr/13,srcaddr/14,"
		  "srcaddr/15,srcaddr/16",
		  -E2BIG, "srcaddr/16" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf name = { 0 };
		struct group g, again;
		struct str bad;
		assert_int_equal(group_parse(str_of(cases[i].text), &g, &bad), cases[i].error);
		if (cases[i].error) {
			assert_true(str_equal(bad, str_of(cases[i].name)));
			group_complain(cases[i].error, bad, &name);
			assert_true(name.n > 5);
		} else {
			group_name(&g, &name);
			assert_string_equal(name.s, cases[i].name);
			again = parse(name.s);
			assert_true(group_equal(&g, &again));
		}
		buf_release(&name);
	}
}

static void metrics_as_text(void **state)
{
	static const struct {
		const char *text;
		int error;
		enum metric metric;
		const char *title;
	} cases[] = {
		{ "bytes", 0, METRIC_BYTES, "bytes" },
		{ "Flows/s", 0, METRIC_FLOWS_RATE, "flows/s" },
		{ "bytes/s", 0, METRIC_BYTES_RATE, "bytes/s" },
		{ "rejects/s", 0, METRIC_REJECTS_RATE, "rejects/s" },
		{ "distinct:dport", 0, METRIC_DISTINCT, "distinct:dstport" },
		{ "distinct:src/24", 0, METRIC_DISTINCT, "distinct:srcaddr/24" },
		{ "distinct:pair", 0, METRIC_DISTINCT, "distinct:pair" },
		{ "distinct", -ENOENT, 0, NULL },
		{ "lost/s", -ENOENT, 0, NULL },
		{ "", -ENOENT, 0, NULL },
		{ "distinct:", -EINVAL, 0, NULL },
		{ "distinct:nosuch", -EINVAL, 0, NULL },
		{ "distinct:srcaddr,dstaddr", -E2BIG, 0, NULL },
		{ "distinct:dstport/24", -ENOTSUP, 0, NULL },
		{ "distinct:time", -EDOM, 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf title = { 0 };
		struct group of;
		enum metric m;
		struct str bad;
		assert_int_equal(metric_parse(str_of(cases[i].text), &m, &of, &bad),
				 cases[i].error);
		if (cases[i].error) {
			group_complain(cases[i].error, bad, &title);
			assert_true(title.n > 5);
		} else {
			metric_title(m, &of, &title);
			assert_int_equal(m, cases[i].metric);
			assert_string_equal(title.s, cases[i].title);
		}
		buf_release(&title);
	}
}

/* ---- distinct values ---- */

static void distinct_is_exact(void **state)
{
	static const char *const groups[] = {
		"srcaddr", "client,service", "time", "srcaddr/24", "pair", "interface-id,action"
	};
	static const char *const counts[] = { "dstport", "dstaddr",      "srcaddr/24", "pair",
					      "bytes",   "interface-id", "dstaddr/64" };
	static const struct span spans[] = { { INT64_MIN, INT64_MAX, false },
					     { 1700000100, 1700000700, true } };
	struct slow slow = { 0 };
	struct ring *r = slow_ring(&slow, 5, 71);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(groups) * ARRAY_SIZE(counts); i++) {
		struct group g = parse(groups[i % ARRAY_SIZE(groups)]);
		struct group of = parse(counts[i / ARRAY_SIZE(groups)]);
		struct span span = spans[i % 2];
		struct accumulator *a = accumulator_new(&g, ring_dict(r));
		struct slow_rows want, have;
		accumulator_set_distinct(a, &of);
		accumulator_set_bin_shift(a, 6);
		/* Everything in, the last two out, the last in again: ids are used again. */
		fold_ring(a, r, span, 1);
		for (size_t s = 3; s < 5; s++)
			accumulator_fold(a, ring_at(r, s), 0, ring_at(r, s)->rows, NULL, span, -1);
		for (uint32_t at = 0; at < ring_at(r, 4)->rows; at += 100) {
			uint32_t n = ring_at(r, 4)->rows - at;
			accumulator_fold(a, ring_at(r, 4), at, n < 100 ? n : 100, NULL, span, 1);
		}
		accumulator_fold(a, ring_at(r, 3), 0, ring_at(r, 3)->rows, NULL, span, 1);
		slow_count(&of);
		slow_group(&slow, &g, NULL, span, 6, &want);
		slow_rows_of(a, &have);
		assert_true(want.distinct > 0);
		slow_compare(&want, &have);
		slow_count(NULL);
		slow_rows_release(&want);
		slow_rows_release(&have);
		fold_ring(a, r, span, -1);
		assert_int_equal(accumulator_count(a), 0);
		assert_int_equal(accumulator_distinct_total(a), 0);
		accumulator_free(a);
	}
	slow_release(&slow);
	ring_free_all(r);
}

/* As in a report: segments are gone when their bins are merged; what keys and counted
 * values stand for must still be there. */
static void adopted_bins_merge(void **state)
{
	struct group g = parse("srcaddr,interface-id,time"), of = parse("pair");
	struct dict *d = dict_new();
	struct accumulator *a = accumulator_new(&g, d);
	struct slow slow = { 0 };
	struct slow_rows want, have;
	uint64_t seed = 5;

	(void)state;
	accumulator_set_distinct(a, &of);
	accumulator_keep_seen(a);
	for (unsigned i = 0; i < 8; i++) {
		struct ring *r = ring_new(d, 1 << 30);
		struct buf b = { 0 };
		ring_set_ceiling(r, INT64_MAX);
		for (int k = 0; k < 300; k++) {
			random_line(&seed, 1700000000 + i * 500, &b);
			buf_putc(&b, '\n');
		}
		ring_add_text(r, format_default(), buf_str(&b), NULL, NULL);
		slow_read(&slow, format_default(), buf_str(&b));
		accumulator_set_bin_shift(a, 2 * i);
		fold_ring(a, r, all, 1);
		accumulator_adopt(a);
		ring_free(r);
		buf_release(&b);
	}
	slow_count(&of);
	slow_group(&slow, &g, NULL, all, 14, &want);
	slow_rows_of(a, &have);
	slow_compare(&want, &have);
	for (size_t i = 0; i < want.n; i++) {
		bool dated = want.row[i].first <= want.row[i].last;
		assert_int_equal(have.row[i].first, dated ? want.row[i].first : UINT32_MAX);
		assert_int_equal(have.row[i].last, dated ? want.row[i].last : 0);
	}
	slow_count(NULL);
	slow_rows_release(&want);
	slow_rows_release(&have);
	accumulator_free(a);
	assert_int_equal(dict_count(d), TEXT_FIXED - 1); /* every reference came back */
	dict_free(d);
	slow_release(&slow);
}

/* ---- rates ---- */

static void seconds_of_windows(void **state)
{
	static const struct {
		struct span window;
		int64_t first, last, seconds;
	} cases[] = {
		{ { 100, 200, false }, 120, 130, 100 },
		{ { 100, 200, false }, INT64_MAX, INT64_MIN, 100 },
		{ { INT64_MIN, INT64_MAX, false }, 10, 19, 10 },
		{ { INT64_MIN, INT64_MAX, false }, 10, 10, 1 },
		{ { INT64_MIN, 50, false }, 10, 19, 40 },
		{ { 15, INT64_MAX, false }, 10, 19, 5 },
		{ { 30, INT64_MAX, false }, 10, 19, 1 },
		{ { INT64_MIN, INT64_MAX, false }, INT64_MAX, INT64_MIN, 0 },
		{ { INT64_MIN, 50, false }, INT64_MAX, INT64_MIN, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct result r = { .seconds = result_seconds(cases[i].window, cases[i].first,
							      cases[i].last) };
		double rate;
		assert_int_equal(r.seconds, cases[i].seconds);
		assert_int_equal(result_rate(&r, 10, &rate), cases[i].seconds > 0);
		if (cases[i].seconds)
			assert_true(rate == 10.0 / (double)cases[i].seconds);
	}
}

/* ---- ranks ---- */

/* Many groups, most of them alike: ties everywhere. */
static struct ring *crowd(uint64_t seed)
{
	struct ring *r = ring_new(dict_new(), 1 << 30);
	struct buf b = { 0 };

	ring_set_ceiling(r, INT64_MAX);
	for (int k = 0; k < 9000; k++) {
		uint64_t v = random_next(&seed);
		buf_printf(&b,
			   "2 1 eni-%u 10.%u.%u.%u 2001:db8::%x 1 2 6 1 %u 1700000000 1700000060 "
			   "%s OK\n",
			   (unsigned)(v & 7), (unsigned)(v >> 8 & 3), (unsigned)(v >> 16 & 31),
			   (unsigned)(v >> 24 & 63), (unsigned)(v >> 32 & 255),
			   v >> 40 & 7 ? 7u : (unsigned)(v >> 48 & 255),
			   v >> 60 ? "ACCEPT" : "REJECT");
	}
	ring_add_text(r, format_default(), buf_str(&b), NULL, NULL);
	buf_release(&b);
	return r;
}

static void windows_of_ranks(void **state)
{
	static const char *const groups[] = { "srcaddr", "srcaddr/30", "pair", "dstaddr,srcaddr" };
	struct ring *r = crowd(3);
	struct group of = parse("dstaddr");
	uint64_t seed = 9;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		struct group g = parse(groups[i]);
		struct accumulator *a = accumulator_new(&g, ring_dict(r));
		accumulator_set_distinct(a, &of);
		fold_ring(a, r, all, 1);
		assert_true(accumulator_count(a) > 1024);
		for (int m = 0; m < METRICS; m++) {
			uint32_t *index, *part, n = accumulator_rank(a, (enum metric)m, 0, &index);
			assert_int_equal(n, accumulator_ranked(a, (enum metric)m));
			for (int k = 0; k < 12; k++) {
				uint32_t first = (uint32_t)random_below(&seed, n + 5);
				uint32_t want = (uint32_t)random_below(&seed, k % 3 ? 50 : n + 5);
				uint32_t there = first >= n ? 0 : n - first;
				uint32_t found = accumulator_rank_part(a, (enum metric)m, first,
								       want, &part);
				assert_int_equal(found, want < there ? want : there);
				if (found)
					assert_memory_equal(part, index + first,
							    found * sizeof *part);
				free(part);
				if (first < n)
					assert_int_equal(accumulator_rank_of(a, (enum metric)m,
									     index[first]),
							 first);
			}
			free(index);
		}
		accumulator_free(a);
	}
	ring_free_all(r);
}

/* Values lead back to their group; what is nowhere leaves no trace. */
static void groups_by_value(void **state)
{
	static const char *const groups[] = { "srcaddr,interface-id", "srcaddr/24", "pair,dstport",
					      "bytes,protocol,time", "dstaddr/24/128" };
	struct slow slow = { 0 };
	struct ring *r = slow_ring(&slow, 3, 8);
	size_t values;

	(void)state;
	for (size_t i = 0; i < ring_count(r); i++)
		ring_at(r, i);
	values = dict_count(ring_dict(r));
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		struct group g = parse(groups[i]);
		struct accumulator *a = accumulator_new(&g, ring_dict(r));
		accumulator_set_bin_shift(a, 3);
		fold_ring(a, r, all, 1);
		for (uint32_t k = 0; k < accumulator_count(a); k++) {
			struct value key[GROUP_MAX];
			for (unsigned p = 0; p < g.n; p++)
				accumulator_key(a, k, p, &key[p]);
			assert_int_equal(accumulator_find(a, key), k);
			key[0].absent = false;
			memset(key[0].address, 0x5c, 16);
			memset(key[0].other, 0x5d, 16);
			key[0].number = 123456789;
			assert_int_equal(accumulator_find(a, key), UINT32_MAX);
			for (unsigned p = 0; p < g.n; p++)
				value_release(&key[p]);
		}
		accumulator_free(a);
	}
	assert_int_equal(dict_count(ring_dict(r)), values);
	slow_release(&slow);
	ring_free_all(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_as_text),      cmocka_unit_test(metrics_as_text),
		cmocka_unit_test(distinct_is_exact),  cmocka_unit_test(seconds_of_windows),
		cmocka_unit_test(adopted_bins_merge), cmocka_unit_test(windows_of_ranks),
		cmocka_unit_test(groups_by_value),
	};

	return cmocka_run_group_tests_name("groups", tests, NULL, NULL);
}
