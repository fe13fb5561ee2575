/* Where in time records lie: all of them, less a few that lie months away. */
#include "query/bulk.h"
#include "support.h"

#define T INT64_C(1795514400)
#define DAY INT64_C(86400)

static const struct span everything = { INT64_MIN, INT64_MAX, false };

/* One record ends at each of `n` times. */
static struct segment *segment_at(struct ring *r, const int64_t *time, size_t n)
{
	struct buf text = { 0 };

	for (size_t i = 0; i < n; i++)
		buf_printf(&text, "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 %lld %lld ACCEPT OK\n",
			   (long long)time[i], (long long)time[i]);
	ring_add_text(r, format_default(), buf_str(&text), NULL, NULL);
	buf_release(&text);
	return ring_at(r, ring_count(r) - 1);
}

static void spans(struct bulk *b, int64_t from, int64_t to, uint64_t astray)
{
	uint64_t n;
	struct span s = bulk_span(b, T + 10 * DAY, &n);

	assert_int_equal(s.from, from);
	assert_int_equal(s.to, to);
	assert_int_equal(n, astray);
}

static void a_few_lie_apart(void **state)
{
	static const int64_t today[] = { T, T + 30, T + 60, T + 90 }, old[] = { 1 },
			     last_year[] = { T - 365 * DAY }, future[] = { T + 4000 * DAY };
	struct ring *r = ring_new(dict_new(), 1 << 30);
	struct bulk *b = bulk_new();

	(void)state;
	spans(b, INT64_MIN, INT64_MAX, 0);
	struct segment *s = segment_at(r, today, 4), *x = segment_at(r, old, 1),
		       *y = segment_at(r, last_year, 1), *z = segment_at(r, future, 1);
	bulk_add(b, s, 0, 4, NULL, everything, INT64_MAX, 1);
	spans(b, INT64_MIN, INT64_MAX, 0);
	bulk_add(b, x, 0, 1, NULL, everything, INT64_MAX, 1);
	spans(b, T, INT64_MAX, 1);
	bulk_add(b, z, 0, 1, NULL, everything, INT64_MAX, 1); /* that is no part of it at all */
	spans(b, T, T + 91, 1);
	bulk_add(b, y, 0, 1, NULL, everything, INT64_MAX,
		 1); /* two are no longer one: 1970 is farther */
	spans(b, T - 365 * DAY, T + 91, 1);
	bulk_add(b, x, 0, 1, NULL, everything, INT64_MAX, -1);
	spans(b, T, T + 91, 1);
	bulk_add(b, y, 0, 1, NULL, everything, INT64_MAX, -1);
	spans(b, INT64_MIN, T + 91, 0);
	/* Rows of the span alone, those with a bit. */
	bulk_add(b, s, 0, 4, NULL, everything, INT64_MAX, -1);
	bulk_add(b, s, 0, 4, NULL, (struct span){ T + 30, T + 90, true }, INT64_MAX, 1);
	spans(b, INT64_MIN, T + 61, 0);
	bulk_add(b, s, 0, 4, NULL, (struct span){ T + 30, T + 90, true }, INT64_MAX, -1);
	bulk_add(b, s, 0, 4, &(uint64_t){ 8 }, (struct span){ T + 60, T + 91, true }, INT64_MAX, 1);
	spans(b, INT64_MIN, T + 91, 0);
	bulk_free(b);
	ring_free_all(r);
}

/* What is spread over the year is all of it. */
static void a_year_is_a_year(void **state)
{
	struct ring *r = ring_new(dict_new(), 1 << 30);
	struct bulk *b = bulk_new();
	int64_t time[365];

	(void)state;
	for (int i = 0; i < 365; i++)
		time[i] = T - i * DAY;
	bulk_add(b, segment_at(r, time, 365), 0, 365, NULL, everything, INT64_MAX, 1);
	spans(b, INT64_MIN, INT64_MAX, 0);
	bulk_free(b);
	ring_free_all(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_few_lie_apart),
		cmocka_unit_test(a_year_is_a_year),
	};

	return cmocka_run_group_tests_name("bulk", tests, NULL, NULL);
}
