/* test_peak.c - the best of many groups, of which most are not looked at, against those of a twin of
 * which all are: rows come and go, and another metric is asked for. */
#include <inttypes.h>

#include "query/accumulator.h"
#include "support.h"

#define SEGMENTS 24u
#define LINES 3000u
#define TURNS 150u

static const enum metric metrics[] = { METRIC_BYTES,   METRIC_PACKETS, METRIC_FLOWS,
				       METRIC_REJECTS, METRIC_LOST,    METRIC_BITS_RATE };

/* A third of the records are of a few busy hosts; some hosts come in one segment alone. Half of the
 * segments are of records that all have the same: their keys decide. */
static struct ring *make_ring(uint64_t *seed)
{
	struct ring *r = ring_new(dict_new(), UINT64_C(1) << 30);
	struct buf b = { 0 };

	ring_set_ceiling(r, INT64_MAX);
	for (unsigned s = 0; s < SEGMENTS; s++) {
		buf_clear(&b);
		for (unsigned i = 0; i < LINES; i++) {
			bool busy = random_below(seed, 3) == 0;
			buf_printf(
				&b,
				"2 1 eni-1 10.%u.%u.%u 10.0.0.1 9 80 6 %u %u 1700000000 1700000060 "
				"%s OK\n",
				busy ? 0 : 1 + s * (unsigned)random_below(seed, 2),
				busy ? 0 : (unsigned)random_below(seed, 8),
				(unsigned)random_below(seed, busy ? 20 : 256),
				s % 2 ? 1 : (unsigned)random_below(seed, 100),
				s % 2 ? 40 : (unsigned)random_below(seed, 5000),
				random_below(seed, 50) ? "ACCEPT" : "REJECT");
		}
		ring_add_text(r, format_default(), buf_str(&b), NULL, NULL);
	}
	buf_release(&b);
	return r;
}

static void same_group(const struct accumulator *a, uint32_t x, const struct accumulator *b,
		       uint32_t y)
{
	struct value v, w;

	accumulator_key(a, x, 0, &v);
	accumulator_key(b, y, 0, &w);
	assert_memory_equal(v.address, w.address, sizeof v.address);
}

static void judge(const struct accumulator *watched, const struct accumulator *plain, enum metric m,
		  uint32_t first, uint32_t n)
{
	uint32_t *have, *want;
	uint32_t found = accumulator_rank_part(watched, m, first, n, &have);

	assert_int_equal(found, accumulator_rank_part(plain, m, first, n, &want));
	assert_int_equal(accumulator_ranked(watched, m), accumulator_ranked(plain, m));
	for (uint32_t i = 0; i < found; i++) {
		same_group(watched, have[i], plain, want[i]);
		if (i % 8 == 0)
			assert_int_equal(accumulator_rank_of(watched, m, have[i]),
					 accumulator_rank_of(plain, m, want[i]));
	}
	free(have);
	free(want);
}

static void the_best_are_found(void **state)
{
	static const struct span always = { INT64_MIN, INT64_MAX, false };
	const struct group host = { .field = { FIELD_SRCADDR }, .n = 1 };
	uint64_t seed = 77, most = 0;
	struct ring *r = make_ring(&seed);
	struct accumulator *watched = accumulator_new(&host, ring_dict(r)),
			   *plain = accumulator_new(&host, ring_dict(r));
	struct accumulator *both[] = { watched, plain };
	enum metric m = METRIC_BYTES;
	bool in[SEGMENTS] = { false };

	(void)state;
	accumulator_watch(watched, m);
	for (unsigned turn = 0; turn < TURNS; turn++) {
		unsigned at = (unsigned)random_below(&seed, SEGMENTS);
		const struct segment *s = ring_at(r, at);
		if (random_below(&seed, 6) == 0) {
			m = metrics[random_below(&seed, ARRAY_SIZE(metrics))];
			accumulator_watch(watched, m);
		}
		accumulators_fold(both, 2, s, 0, s->rows, NULL, always, in[at] ? -1 : 1);
		in[at] = !in[at];
		most = accumulator_count(plain) > most ? accumulator_count(plain) : most;
		judge(watched, plain, m, 0, 30);
		judge(watched, plain, m, 10, 1 + (uint32_t)random_below(&seed, 900));
		/* One that is not watched is found all the same. */
		judge(watched, plain, metrics[random_below(&seed, ARRAY_SIZE(metrics))], 0, 10);
		if (turn == TURNS / 2) {
			accumulator_clear(watched);
			accumulator_clear(plain);
			memset(in, 0, sizeof in);
		}
	}
	assert_true(most > 10000); /* or few were left out */
	accumulator_free(watched);
	accumulator_free(plain);
	ring_free_all(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_are_found),
	};

	return cmocka_run_group_tests_name("peak", tests, NULL, NULL);
}
