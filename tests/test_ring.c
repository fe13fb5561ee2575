/* The ring: log time, the future, what goes first, and that the budget holds. */
#include <inttypes.h>

#include "support.h"

static void add(struct ring *r, int64_t end, unsigned rows, uint64_t *seed)
{
	struct buf b = { 0 };

	for (unsigned i = 0; i < rows; i++)
		buf_printf(&b,
			   "2 1 eni-1 10.%u.%u.%u 10.0.0.2 1 443 6 1 1 %" PRId64 " %" PRId64
			   " ACCEPT OK\n",
			   (unsigned)random_below(seed, 200), (unsigned)random_below(seed, 200),
			   (unsigned)random_below(seed, 200), end - 60, end);
	ring_add_text(r, format_default(), buf_str(&b), NULL, NULL);
	buf_release(&b);
}

static void now_ignores_the_future(void **state)
{
	struct ring *r = ring_new(dict_new(), 1 << 30);
	uint64_t seed = 1;

	(void)state;
	assert_true(ring_now(r) == INT64_MIN);
	ring_set_ceiling(r, 1700086400);
	add(r, 1700000000, 10, &seed);
	assert_true(ring_now(r) == 1700000000);
	add(r, 2000000000, 3, &seed);
	assert_true(ring_now(r) == 1700000000);
	assert_int_equal(ring_future(r), 3);
	add(r, 1699990000, 1, &seed);
	assert_true(ring_now(r) == 1700000000);
	assert_true(ring_oldest(r) == 1699990000);
	ring_free_all(r);
}

static void oldest_time_goes_first(void **state)
{
	struct ring *r = ring_new(dict_new(), 600 << 10);
	uint64_t seed = 2;
	int64_t oldest = 0;

	(void)state;
	ring_set_ceiling(r, INT64_MAX);
	/* Late data: newest first. */
	for (int i = 0; i < 60; i++) {
		add(r, 1700000000 - i * 60 + (i % 2) * 5000, 1000, &seed);
		ring_trim(r, 0);
		assert_true(ring_bytes(r) <= ring_budget(r) || ring_count(r) == 1);
	}
	assert_true(ring_evicted(r) > 0);
	assert_int_equal(ring_flows(r) + ring_evicted(r), 60000);
	/* What is left is the newest by time, whenever it came; the segment that came last
	 * always stays. */
	oldest = ring_oldest(r);
	unsigned younger = 0;
	for (int i = 0; i < 60; i++)
		younger += 1700000000 - i * 60 + (i % 2) * 5000 >= oldest;
	assert_true(younger >= ring_count(r));
	assert_true(younger <= ring_count(r) + 2);
	ring_free_all(r);
}

static void published_when_looked_at(void **state)
{
	struct ring *r = ring_new(dict_new(), 4 << 20);
	size_t values = dict_count(ring_dict(r)), before, held = 0, added;
	uint64_t seed = 4;

	(void)state;
	ring_set_ceiling(r, INT64_MAX);
	for (int i = 0; i < 3; i++)
		add(r, 1700000000 + i, 2000, &seed);
	assert_int_equal(dict_count(ring_dict(r)), values);
	for (size_t i = 0; i < 3; i++)
		held += segment_bytes(ring_peek(r, i));
	added = ring_bytes(r) - held - dict_bytes(ring_dict(r));
	before = segment_bytes(ring_peek(r, 1));
	assert_true(segment_is_published(ring_at(r, 1)));
	assert_true(!segment_is_published(ring_peek(r, 0)));
	assert_true(!segment_is_published(ring_peek(r, 2)));
	assert_true(dict_count(ring_dict(r)) > values + 1900);
	/* What its values took by themselves is given back. */
	held -= before - segment_bytes(ring_peek(r, 1));
	assert_true(segment_bytes(ring_peek(r, 1)) < before);
	assert_int_equal(ring_bytes(r), held + dict_bytes(ring_dict(r)) + added);
	ring_trim(r, 4 << 20);
	assert_int_equal(ring_count(r), 1);
	assert_int_equal(ring_evicted(r), 4000);
	assert_int_equal(dict_count(ring_dict(r)), values);
	ring_free_all(r);
}

static void others_count(void **state)
{
	struct ring *r = ring_new(dict_new(), 4 << 20);
	uint64_t seed = 3;

	(void)state;
	ring_set_ceiling(r, INT64_MAX);
	for (int i = 0; i < 10; i++)
		add(r, 1700000000 + i, 2000, &seed);
	ring_trim(r, 0);
	size_t had = ring_count(r);
	ring_trim(r, 4 << 20);
	assert_true(ring_count(r) < had);
	assert_int_equal(ring_count(r), 1);
	ring_free_all(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(now_ignores_the_future),
		cmocka_unit_test(oldest_time_goes_first),
		cmocka_unit_test(published_when_looked_at),
		cmocka_unit_test(others_count),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
