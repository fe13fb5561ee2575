/* Sums beyond 2^64, of rows in and out, against sums of 128 bits. */
#include <inttypes.h>

#include "query/accumulator.h"
#include "support.h"

__extension__ typedef unsigned __int128 wide;

#define HOSTS 5
#define BLOCK_ROWS 40
#define BLOCKS 30

static struct {
	struct segment *segment;
	wide bytes[HOSTS]; /* what its rows come to */
	uint64_t flows[HOSTS];
	bool in;
} W[BLOCKS];

static uint64_t random_bytes(uint64_t *seed)
{
	switch (random_below(seed, 4)) {
	case 0:
		return UINT64_MAX - 1;
	case 1:
		return random_next(seed) >> random_below(seed, 64);
	default:
		return random_below(seed, 100000);
	}
}

static void make_block(struct ring *r, size_t block, uint64_t *seed)
{
	struct buf text = { 0 };

	for (unsigned i = 0; i < BLOCK_ROWS; i++) {
		unsigned host = (unsigned)random_below(seed, HOSTS);
		uint64_t bytes = random_bytes(seed);
		bytes -= bytes == UINT64_MAX;
		int64_t end = 1700000000 + (int64_t)random_below(seed, 100);
		buf_printf(&text,
			   "2 1 eni-1 10.0.0.%u 10.0.1.1 1 2 6 1 %" PRIu64 " %" PRId64 " %" PRId64
			   " ACCEPT OK\n",
			   host, bytes, end - (int64_t)random_below(seed, 60), end);
		W[block].bytes[host] += bytes;
		W[block].flows[host]++;
	}
	ring_add_text(r, format_default(), buf_str(&text), NULL, NULL);
	W[block].segment = ring_at(r, ring_count(r) - 1);
	buf_release(&text);
}

static uint64_t fitting(wide sum)
{
	return sum > UINT64_MAX ? UINT64_MAX : (uint64_t)sum;
}

/* What is folded in of a host, by the definition. */
static wide truth_of(unsigned host, uint64_t *flows)
{
	wide sum = 0;

	*flows = 0;
	for (size_t b = 0; b < BLOCKS; b++)
		if (W[b].in) {
			sum += W[b].bytes[host];
			*flows += W[b].flows[host];
		}
	return sum;
}

static void check(const struct accumulator *a)
{
	wide all = 0;
	uint32_t groups = 0;

	for (unsigned host = 0; host < HOSTS; host++) {
		struct value v = {
			.type = TYPE_ADDRESS,
			.address = { [10] = 0xff, [11] = 0xff, [12] = 10, [15] = (uint8_t)host }
		};
		uint32_t g = accumulator_find(a, &v);
		uint64_t flows;
		wide sum = truth_of(host, &flows);
		all += sum;
		if (!flows) {
			assert_int_equal(g, UINT32_MAX);
			continue;
		}
		groups++;
		assert_int_equal(accumulator_tally(a, g)->flows, flows);
		assert_true(accumulator_tally(a, g)->bytes == fitting(sum));
		assert_true(accumulator_metric(a, g, METRIC_BYTES) == fitting(sum));
	}
	assert_int_equal(accumulator_count(a), groups);
	assert_true(accumulator_total(a)->bytes == fitting(all));
}

/* Of a series: hosts by time, whose bins add up to the whole. */
static void check_series(const struct accumulator *a)
{
	wide sum[HOSTS] = { 0 };
	bool cut[HOSTS] = { false };

	for (uint32_t g = 0; g < accumulator_count(a); g++) {
		struct value v;
		accumulator_key(a, g, 0, &v);
		uint64_t bytes = accumulator_tally(a, g)->bytes;
		cut[v.address[15]] |= bytes == UINT64_MAX;
		sum[v.address[15]] += bytes;
	}
	for (unsigned host = 0; host < HOSTS; host++) {
		uint64_t flows;
		wide want = truth_of(host, &flows);
		assert_true(cut[host] ? sum[host] <= want : sum[host] == want);
	}
}

static void as_wide_sums_say(void **state)
{
	static const struct span all = { INT64_MIN, INT64_MAX, false };
	const struct group host = { .field = { FIELD_SRCADDR }, .n = 1 };
	const struct group series = { .field = { FIELD_SRCADDR, FIELD_BIN }, .n = 2 };
	struct ring *r = ring_new(dict_new(), UINT64_C(1) << 30);
	struct accumulator *a = accumulator_new(&host, ring_dict(r));
	struct accumulator *s = accumulator_new(&series, ring_dict(r));
	uint64_t seed = 64;

	(void)state;
	ring_set_ceiling(r, INT64_C(1) << 40);
	for (size_t b = 0; b < BLOCKS; b++)
		make_block(r, b, &seed);
	for (int step = 0; step < 600; step++) {
		size_t b = (size_t)random_below(&seed, BLOCKS);
		int sign = W[b].in ? -1 : 1;
		struct accumulator *both[] = { a, s };
		W[b].in = !W[b].in;
		accumulators_fold(both, 2, W[b].segment, 0, W[b].segment->rows, NULL, all, sign);
		if (step == 300)
			accumulator_set_bin_shift(s, 3);
		check(a);
		check_series(s);
	}
	for (size_t b = 0; b < BLOCKS; b++)
		if (W[b].in)
			accumulator_fold(a, W[b].segment, 0, W[b].segment->rows, NULL, all, -1);
	assert_int_equal(accumulator_count(a), 0);
	assert_true(accumulator_total(a)->bytes == 0);
	accumulator_free(a);
	accumulator_free(s);
	ring_free_all(r);
}

/* Sums of many that are not huge, each by itself. */
static void many_large_records(void **state)
{
	static const struct span all = { INT64_MIN, INT64_MAX, false };
	const uint64_t each = (UINT64_C(1) << 40) - 1, folds = 300;
	struct ring *r = ring_new(dict_new(), UINT64_C(1) << 30);
	struct group g = { .field = { FIELD_PROTOCOL }, .n = 1 };
	struct accumulator *a = accumulator_new(&g, ring_dict(r));
	struct segment *s;
	struct buf text = { 0 };

	(void)state;
	for (unsigned i = 0; i < 60000; i++)
		buf_printf(&text,
			   "2 1 eni-1 10.0.0.1 10.0.1.1 1 2 6 1 %" PRIu64
			   " 1700000000 1700000000 ACCEPT OK\n",
			   each);
	ring_add_text(r, format_default(), buf_str(&text), NULL, NULL);
	s = ring_at(r, 0);
	for (uint64_t i = 0; i < folds; i++)
		accumulator_fold(a, s, 0, s->rows, NULL, all, 1);
	assert_true((wide)each * s->rows * folds > UINT64_MAX);
	assert_true(accumulator_tally(a, 0)->bytes == UINT64_MAX);
	assert_true(accumulator_total(a)->bytes == UINT64_MAX);
	for (uint64_t i = 1; i < folds; i++)
		accumulator_fold(a, s, 0, s->rows, NULL, all, -1);
	assert_true(accumulator_tally(a, 0)->bytes == each * s->rows);
	accumulator_free(a);
	buf_release(&text);
	ring_free_all(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_wide_sums_say),
		cmocka_unit_test(many_large_records),
	};

	return cmocka_run_group_tests_name("huge", tests, NULL, NULL);
}
