/* Before and after a mark: the second tallies against the slow twin, the ranking against
 * sorting everything, words and seconds against numbers worked out by hand. */
#include <math.h>

#include "query/compare.h"
#include "slow.h"
#include "support.h"

#define T INT64_C(1700000000)

static const struct span everything = { INT64_MIN, INT64_MAX, false };

static void fold_all(struct accumulator *a, struct ring *r, struct span span, int sign)
{
	for (size_t s = ring_count(r); s-- > 0;)
		for (uint32_t at = 0; at < ring_at(r, s)->rows; at += 192) {
			uint32_t n = ring_at(r, s)->rows - at;
			accumulator_fold(a, ring_at(r, s), at, n < 192 ? n : 192, NULL, span, sign);
		}
}

/* The tallies before the mark as rows, those without a flow left out. */
static void rows_before(const struct accumulator *a, struct slow_rows *out)
{
	const struct group *g = accumulator_group(a);

	*out = (struct slow_rows){ .row = xcalloc(accumulator_count(a) + 1, sizeof *out->row),
				   .total = *accumulator_before_total(a) };
	for (uint32_t i = 0; i < accumulator_count(a); i++) {
		struct buf key = { 0 };
		if (accumulator_before(a, i)->flows == 0)
			continue;
		for (unsigned p = 0; p < g->n; p++) {
			struct value v;
			accumulator_key(a, i, p, &v);
			if (p)
				buf_putc(&key, '|');
			value_render(&v, &key);
			value_release(&v);
		}
		out->row[out->n].key = key.s;
		out->row[out->n++].tally = *accumulator_before(a, i);
	}
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct slow_row *)a)->key, ((const struct slow_row *)b)->key);
}

static void before_is_what_was_before(void **state)
{
	static const char *const groupings[] = { "srcaddr", "client,server,service,protocol",
						 "interface-id,action", "bytes" };
	static const int64_t marks[] = { T - 100000, T + 1, T + 300, T + 777, T + 5000 };
	static const struct span spans[] = { { INT64_MIN, INT64_MAX, false },
					     { T + 100, T + 900, false } };
	struct slow slow = { 0 };
	struct ring *r = slow_ring(&slow, 6, 17);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(groupings) * ARRAY_SIZE(marks) * 2; i++) {
		int64_t mark = marks[i / 2 % ARRAY_SIZE(marks)];
		struct span span = spans[i % 2], before = span;
		struct slow_rows want, have;
		struct accumulator *a;
		struct group g;
		struct str bad;
		group_parse(str_of(groupings[i / 2 / ARRAY_SIZE(marks)]), &g, &bad);
		a = accumulator_new(&g, ring_dict(r));
		accumulator_set_mark(a, mark);
		fold_all(a, r, span, 1);
		before.to = mark < span.to ? mark : span.to;
		before.dated_only = true;
		slow_group(&slow, &g, NULL, before, 0, &want);
		rows_before(a, &have);
		qsort(have.row, have.n, sizeof *have.row, by_key);
		slow_compare(&want, &have);
		slow_rows_release(&want);
		slow_rows_release(&have);
		/* All of it is what it is without a mark; and out again nothing is left. */
		slow_group(&slow, &g, NULL, span, 0, &want);
		slow_rows_of(a, &have);
		slow_compare(&want, &have);
		slow_rows_release(&want);
		slow_rows_release(&have);
		fold_all(a, r, span, -1);
		assert_int_equal(accumulator_count(a), 0);
		assert_int_equal(accumulator_before_total(a)->flows, 0);
		assert_int_equal(accumulator_before_total(a)->bytes, 0);
		accumulator_free(a);
	}
	slow_release(&slow);
	ring_free_all(r);
}

static double size_of(const struct accumulator *a, uint32_t g, const struct compare *c,
		      enum metric m)
{
	uint64_t x = tally_metric(accumulator_before(a, g), m);
	uint64_t y = tally_metric(accumulator_tally(a, g), m) - x;

	return fabs((double)y / (double)c->after_s - (double)x / (double)c->before_s);
}

/* Best first, each group once, and the first of fewer are the first of all. */
static void ranked_by_the_change(void **state)
{
	struct compare c = { T + 700, 700, 1100 };
	struct slow slow = { 0 };
	struct ring *r = slow_ring(&slow, 6, 23);
	struct group g;
	struct str bad;
	struct accumulator *a;

	(void)state;
	group_parse(str_of("srcaddr,dstport"), &g, &bad);
	a = accumulator_new(&g, ring_dict(r));
	accumulator_set_mark(a, c.mark);
	fold_all(a, r, everything, 1);
	for (int m = 0; m < METRIC_REJECTS; m++) {
		uint32_t *index, of,
			n = compare_rank(&c, a, (enum metric)m, CHANGES, 0, 0, &index, &of);
		uint8_t *seen = xcalloc(n, 1);
		assert_int_equal(n, accumulator_count(a));
		assert_int_equal(of, n);
		for (uint32_t i = 0; i < n; i++) {
			assert_int_equal(seen[index[i]]++, 0);
			if (i == 0)
				continue;
			double x = size_of(a, index[i - 1], &c, (enum metric)m);
			double y = size_of(a, index[i], &c, (enum metric)m);
			assert_true(x >= y);
			if (x <= y)
				assert_true(accumulator_order(a, index[i - 1], index[i]) < 0);
		}
		for (uint32_t limit = 1; limit <= n; limit += limit < 20 ? 1 : 97) {
			uint32_t *few, k = compare_rank(&c, a, (enum metric)m, CHANGES, 0, limit,
							&few, &of);
			assert_int_equal(k, limit);
			assert_int_equal(of, n);
			assert_memory_equal(few, index, k * sizeof *few);
			free(few);
		}
		free(seen);
		free(index);
	}
	accumulator_free(a);
	slow_release(&slow);
	ring_free_all(r);
}

/* Mark at T+100 of T..T+149: 100 s before, 50 s after. */
static void words_by_hand(void **state)
{
	static const char text[] =
		"2 1 eni-1 10.0.0.1 10.9.0.1 40000 443 6 1 1000 1699999990 1700000000 ACCEPT OK\n"
		"2 1 eni-1 10.0.0.1 10.9.0.1 40000 443 6 1  999 1699999990 1700000100 ACCEPT OK\n"
		"2 1 eni-1 10.0.0.2 10.9.0.1 40000 443 6 1 1000 1699999990 1700000099 ACCEPT OK\n"
		"2 1 eni-1 10.0.0.2 10.9.0.1 40000 443 6 1 1000 1699999990 1700000149 ACCEPT OK\n"
		"2 1 eni-1 10.0.0.3 10.9.0.1 40000 443 6 1 1000 1699999990 1700000050 ACCEPT OK\n"
		"2 1 eni-1 10.0.0.3 10.9.0.1 40000 443 6 1  250 1699999990 1700000120 ACCEPT OK\n"
		"2 1 eni-1 10.0.0.4 10.9.0.1 40000 443 6 1   70 1699999990 1700000120 REJECT OK\n"
		"2 1 eni-1 10.0.0.5 10.9.0.1 40000 443 6 1   60 1699999990 1700000000 ACCEPT OK\n"
		"2 1 eni-1 10.0.0.6 10.9.0.1 40000 443 6 1    0 1699999990 1700000000 ACCEPT OK\n"
		"2 1 eni-1 10.0.0.6 10.9.0.1 40000 443 6 1    0 1699999990 1700000140 REJECT OK\n"
		"2 1 eni-1 10.0.0.7 10.9.0.1 40000 443 6 1    7 - - ACCEPT OK\n";
	/* 10/s then 19.98, 20, 5 a second; 0 then 1.4; 0.6 then 0; nothing twice; undated. */
	static const struct {
		const char *key;
		enum change bytes, rejects;
	} want[] = {
		{ "10.0.0.1", CHANGE_SAME, CHANGE_SAME },
		{ "10.0.0.2", CHANGE_GROWN, CHANGE_SAME },
		{ "10.0.0.3", CHANGE_SHRUNK, CHANGE_SAME },
		{ "10.0.0.4", CHANGE_NEW, CHANGE_NEW },
		{ "10.0.0.5", CHANGE_GONE, CHANGE_GONE },
		{ "10.0.0.6", CHANGE_SAME, CHANGE_NEW },
		{ "10.0.0.7", CHANGE_NEW, CHANGE_NEW },
	};
	/* Changes a second, without sign: 10, 9.98, 5, 1.4, 0.6, 0.14 and 0. */
	static const uint8_t order[] = { 2, 1, 3 }, new[] = { 4, 7 };
	struct ring *r = ring_new(dict_new(), 1 << 30);
	static const struct group g = { .field = { FIELD_SRCADDR }, .n = 1 };
	struct compare c;
	struct accumulator *a;
	uint32_t *index, of, n;

	(void)state;
	ring_set_ceiling(r, INT64_MAX);
	ring_add_text(r, format_default(), str_of(text), NULL, NULL);
	c = compare_of(T + 100, everything, T, T + 149);
	assert_int_equal(c.before_s, 100);
	assert_int_equal(c.after_s, 50);
	a = accumulator_new(&g, ring_dict(r));
	accumulator_set_mark(a, c.mark);
	fold_all(a, r, everything, 1);
	for (uint32_t i = 0; i < accumulator_count(a); i++) {
		struct buf key = { 0 };
		struct value v;
		accumulator_key(a, i, 0, &v);
		value_render(&v, &key);
		for (size_t k = 0; k < ARRAY_SIZE(want); k++) {
			if (strcmp(key.s, want[k].key) != 0)
				continue;
			assert_int_equal(compare_change(&c, accumulator_tally(a, i),
							accumulator_before(a, i), METRIC_BYTES),
					 want[k].bytes);
			assert_int_equal(compare_change(&c, accumulator_tally(a, i),
							accumulator_before(a, i), METRIC_REJECTS),
					 want[k].rejects);
		}
		buf_release(&key);
	}
	assert_int_equal(accumulator_count(a), ARRAY_SIZE(want));
	n = compare_rank(&c, a, METRIC_BYTES, CHANGES, 0, 3, &index, &of);
	assert_int_equal(n, 3);
	assert_int_equal(of, 7);
	for (uint32_t i = 0; i < n; i++) {
		struct value v;
		accumulator_key(a, index[i], 0, &v);
		assert_int_equal(v.address[15], order[i]);
	}
	free(index);
	n = compare_rank(&c, a, METRIC_BYTES, CHANGE_NEW, 0, 0, &index, &of);
	assert_int_equal(n, 2);
	struct value v;
	accumulator_key(a, index[0], 0, &v);
	assert_int_equal(v.address[15], new[0]);
	accumulator_key(a, index[1], 0, &v);
	assert_int_equal(v.address[15], new[1]);
	free(index);
	accumulator_free(a);
	ring_free_all(r);
}

static void sides_of_a_window(void **state)
{
	struct compare c;

	(void)state;
	/* The window is longer than the data, then shorter, then cut at its end. */
	c = compare_of(T + 60, (struct span){ T - 500, T + 91, false }, T, T + 90);
	assert_true(compare_is_possible(&c) && c.before_s == 60 && c.after_s == 31);
	c = compare_of(T + 60, (struct span){ T + 50, T + 91, false }, T, T + 90);
	assert_true(c.before_s == 10 && c.after_s == 31);
	c = compare_of(T + 60, (struct span){ INT64_MIN, T + 70, false }, T, T + 90);
	assert_true(c.before_s == 60 && c.after_s == 10);
	/* Outside, at the edges, without times, without a mark. */
	c = compare_of(T, everything, T, T + 90);
	assert_false(compare_is_possible(&c));
	c = compare_of(T + 91, everything, T, T + 90);
	assert_false(compare_is_possible(&c));
	c = compare_of(T + 90, everything, T, T + 90);
	assert_true(c.before_s == 90 && c.after_s == 1);
	c = compare_of(T, everything, INT64_MAX, INT64_MIN);
	assert_false(compare_is_possible(&c));
	c = compare_of(INT64_MIN, everything, T, T + 90);
	assert_false(compare_is_possible(&c));
	assert_int_equal(change_find(str_of("gone")), CHANGE_GONE);
	assert_int_equal(change_find(str_of("gon")), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_is_what_was_before),
		cmocka_unit_test(ranked_by_the_change),
		cmocka_unit_test(words_by_hand),
		cmocka_unit_test(sides_of_a_window),
	};

	return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
