/* Accumulators with less room than they have groups, held against twins with room for all: every
 * amount is within its bound, whoever is heavier than the floor is there, sums are exact, and all
 * is exact again when less is asked. Rows are folded in and out in any order. */
#include <inttypes.h>

#include "query/accumulator.h"
#include "support.h"

#define SEGMENTS 40u
#define ROWS 2000u
#define BUSY 32u /* hosts with more than all others */

static const struct span always = { INT64_MIN, INT64_MAX, false };

/* Few addresses have most: the second is as frequent as half of the first, and so on. */
static uint64_t skewed(uint64_t *seed, uint64_t n)
{
	uint64_t below = 1 + random_below(seed, n);

	return random_below(seed, below);
}

static void add_segment(struct ring *r, unsigned at, uint64_t *seed)
{
	static const char *const action[] = { "ACCEPT", "ACCEPT", "ACCEPT", "REJECT" };
	struct buf b = { 0 };

	for (unsigned i = 0; i < ROWS; i++) {
		bool busy = random_below(seed, 4) == 0;
		uint64_t host = busy ? random_below(seed, BUSY) : skewed(seed, 60000);
		int64_t end = 1700000000 + at * 60 + (int64_t)random_below(seed, 60);
		buf_printf(&b,
			   "2 1 eni-1 10.%u.%u.%u 10.0.0.%u 1 %u 6 %u %" PRIu64 " %" PRId64
			   " %" PRId64 " %s OK\n",
			   (unsigned)(host >> 16), (unsigned)(host >> 8 & 255),
			   (unsigned)host & 255, (unsigned)random_below(seed, 4),
			   (unsigned)random_below(seed, 500), 1 + (unsigned)random_below(seed, 9),
			   40 + (busy ? (BUSY - host) * 100000 : skewed(seed, 100000)),
			   end - (int64_t)random_below(seed, 60), end,
			   action[random_below(seed, 4)]);
	}
	ring_add_text(r, format_default(), buf_str(&b), NULL, NULL);
	buf_release(&b);
}

static struct ring *make_ring(void)
{
	struct ring *r = ring_new(dict_new(), 1 << 30);
	uint64_t seed = 99;

	ring_set_ceiling(r, INT64_MAX);
	for (unsigned i = 0; i < SEGMENTS; i++)
		add_segment(r, i, &seed);
	return r;
}

/* An accumulator with little room, and its twin. */
struct twins {
	struct accumulator *few, *all;
	enum metric metric;
	struct dict *dict;
	bool in[SEGMENTS];
	uint64_t bounded, partial; /* rows that were looked at; of those, not held all the time */
};

static void twins_init(struct twins *t, struct ring *r, const char *group, const char *metric,
		       int64_t mark)
{
	struct group g, distinct;
	struct str bad;

	*t = (struct twins){ .dict = ring_dict(r) };
	assert_int_equal(group_parse(str_of(group), &g, &bad), 0);
	assert_int_equal(metric_parse(str_of(metric), &t->metric, &distinct, &bad), 0);
	t->few = accumulator_new(&g, t->dict);
	t->all = accumulator_new(&g, t->dict);
	for (unsigned i = 0; i < 2; i++) {
		struct accumulator *a = i ? t->few : t->all;
		accumulator_set_distinct(a, &distinct);
		accumulator_set_mark(a, mark);
		accumulator_set_bin_shift(a, 4);
	}
	accumulator_limit(t->few, 1, t->metric);
}

static void twins_release(struct twins *t)
{
	accumulator_free(t->few);
	accumulator_free(t->all);
}

static void fold(struct twins *t, struct ring *r, unsigned at, int sign)
{
	struct accumulator *both[] = { t->few, t->all };
	const struct segment *s = ring_at(r, at);
	uint32_t half = s->rows / 2;

	/* In pieces, not in the order in which they went in. */
	accumulators_fold(both, 2, s, half, s->rows - half, NULL, always, sign);
	accumulators_fold(both, 2, s, 0, half, NULL, always, sign);
	t->in[at] = sign > 0;
}

static uint32_t find(const struct accumulator *in, const struct accumulator *of, uint32_t group)
{
	struct value key[GROUP_MAX];
	uint32_t found;

	for (unsigned p = 0; p < accumulator_group(of)->n; p++)
		accumulator_key(of, group, p, &key[p]);
	found = accumulator_find(in, key);
	for (unsigned p = 0; p < accumulator_group(of)->n; p++)
		value_release(&key[p]);
	return found;
}

/* None of it is more than what there is; all of it where nothing is missing. */
static void compare_tallies(const struct tally *few, const struct tally *all, bool partial)
{
	if (!partial) {
		assert_memory_equal(few, all, sizeof *few);
		return;
	}
	assert_true(few->bytes <= all->bytes && few->packets <= all->packets);
	assert_true(few->flows <= all->flows && few->sent <= all->sent);
	assert_true(few->accepts <= all->accepts && few->rejects <= all->rejects);
	assert_true(few->seconds <= all->seconds);
}

static void judge_row(struct twins *t, uint32_t g)
{
	uint32_t twin = find(t->all, t->few, g);
	bool partial = accumulator_is_partial(t->few, g);
	uint64_t has = accumulator_metric(t->few, g, t->metric), should;

	assert_int_not_equal(twin, UINT32_MAX);
	should = accumulator_metric(t->all, twin, t->metric);
	compare_tallies(accumulator_tally(t->few, g), accumulator_tally(t->all, twin), partial);
	if (accumulator_before_total(t->all)) {
		compare_tallies(accumulator_before(t->few, g), accumulator_before(t->all, twin),
				partial);
		assert_true(accumulator_before(t->few, g)->bytes <=
			    accumulator_tally(t->few, g)->bytes);
	}
	if (t->metric != METRIC_DISTINCT)
		assert_true(should >= has && should - has <= accumulator_missing(t->few, g));
	t->bounded++;
	t->partial += partial;
}

/* A sample is right to some percent of what it is of. */
static void near(uint64_t has, uint64_t should)
{
	uint64_t off = has > should ? has - should : should - has;

	if (off > should / 8 + 8)
		fail_msg("%" PRIu64 " is said to be %" PRIu64, should, has);
}

static void judge(struct twins *t)
{
	uint64_t floor = accumulator_floor(t->few);

	assert_memory_equal(accumulator_total(t->few), accumulator_total(t->all),
			    sizeof(struct tally));
	for (uint32_t g = 0; g < accumulator_count(t->few); g++)
		judge_row(t, g);
	for (uint32_t g = 0; g < accumulator_count(t->all); g++)
		if (accumulator_metric(t->all, g, t->metric) > floor &&
		    t->metric != METRIC_DISTINCT)
			assert_int_not_equal(find(t->few, t->all, g), UINT32_MAX);
	near(accumulator_groups(t->few), accumulator_count(t->all));
	near(accumulator_distinct_total(t->few), accumulator_distinct_total(t->all));
}

static const struct {
	const char *group, *metric;
	int64_t mark;
} asked[] = {
	{ "srcaddr", "bytes", INT64_MIN },
	{ "srcaddr,dstaddr,dstport", "bytes", INT64_MIN },
	{ "srcaddr,dstport", "flows", 1700000900 },
	{ "client,server,service", "rejects", INT64_MIN },
	{ "srcaddr,time", "packets", INT64_MIN },
	{ "srcaddr", "distinct:dstport", INT64_MIN },
	{ "dstaddr", "distinct:srcaddr", INT64_MIN },
	{ "srcaddr/24", "bytes", 1700001200 },
};

static void rows_are_within_their_bound(void **state)
{
	struct ring *r = make_ring();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		struct twins t;
		uint64_t seed = 7 + i;
		twins_init(&t, r, asked[i].group, asked[i].metric, asked[i].mark);
		for (unsigned k = 0; k < 120; k++) {
			unsigned at = (unsigned)random_below(&seed, SEGMENTS);
			fold(&t, r, at, t.in[at] ? -1 : 1);
			if (k % 20 == 19)
				judge(&t);
		}
		print_message("# %s by %s: %" PRIu64 " rows, %" PRIu64
			      " of them partial, floor %" PRIu64 ", %u of %" PRIu64 " groups\n",
			      asked[i].group, asked[i].metric, t.bounded, t.partial,
			      accumulator_floor(t.few), accumulator_count(t.few),
			      accumulator_groups(t.few));
		/* Out again: nothing is left, nor of the sample. */
		for (unsigned at = 0; at < SEGMENTS; at++)
			if (t.in[at])
				fold(&t, r, at, -1);
		assert_int_equal(accumulator_count(t.few), 0);
		assert_int_equal(accumulator_groups(t.few), 0);
		assert_int_equal(accumulator_total(t.few)->flows, 0);
		assert_int_equal(accumulator_distinct_total(t.few), 0);
		twins_release(&t);
	}
	ring_free_all(r);
}

/* The heaviest lead, as they do among all. */
static void the_heaviest_are_there(void **state)
{
	enum { BEST = 20 };
	struct ring *r = make_ring();
	struct twins t;
	uint32_t *few, *all;

	(void)state;
	twins_init(&t, r, "srcaddr", "bytes", INT64_MIN);
	for (unsigned at = SEGMENTS; at-- > 0;)
		fold(&t, r, at, 1);
	assert_false(accumulator_is_exact(t.few));
	assert_int_equal(accumulator_rank(t.few, t.metric, BEST, &few), BEST);
	assert_int_equal(accumulator_rank(t.all, t.metric, BEST, &all), BEST);
	for (unsigned i = 0; i < BEST; i++)
		assert_int_equal(find(t.all, t.few, few[i]), all[i]);
	free(few);
	free(all);
	twins_release(&t);
	ring_free_all(r);
}

static void narrower_is_exact(void **state)
{
	struct ring *r = make_ring();
	struct twins t;

	(void)state;
	twins_init(&t, r, "srcaddr,dstport", "bytes", INT64_MIN);
	accumulator_limit(t.few, 1 << 20, t.metric);
	for (unsigned at = 0; at < SEGMENTS; at++)
		fold(&t, r, at, 1);
	accumulator_settled(t.few);
	assert_false(accumulator_is_exact(t.few));
	assert_false(accumulator_wants_recount(t.few));
	for (unsigned at = 1; at < SEGMENTS; at++)
		fold(&t, r, at, -1);
	/* Few are left: they would all have room. */
	assert_true(accumulator_wants_recount(t.few));
	accumulator_clear(t.few);
	accumulator_clear(t.all);
	fold(&t, r, 0, 1);
	assert_true(accumulator_is_exact(t.few));
	assert_int_equal(accumulator_groups(t.few), accumulator_count(t.all));
	judge(&t);
	assert_int_equal(t.partial, 0);
	twins_release(&t);
	ring_free_all(r);
}

/* No limit is passed, and what groups leave behind is given back. */
static void bytes_are_kept(void **state)
{
	struct ring *r = make_ring();
	size_t most = 1 << 20, full, empty;
	struct twins t;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		twins_init(&t, r, asked[i].group, asked[i].metric, asked[i].mark);
		accumulator_limit(t.few, most, t.metric);
		for (unsigned at = 0; at < SEGMENTS; at++) {
			fold(&t, r, at, 1);
			assert_in_range(accumulator_bytes(t.few), 0, most);
		}
		full = accumulator_bytes(t.all);
		for (unsigned at = 0; at < SEGMENTS; at++)
			fold(&t, r, at, -1);
		empty = accumulator_bytes(t.all);
		assert_in_range(empty, 0, full / 8 + (128 << 10));
		/* Less room: groups leave, a few at a time. */
		for (unsigned at = 0; at < SEGMENTS / 2; at++)
			fold(&t, r, at, 1);
		accumulator_limit(t.few, most / 2, t.metric);
		while (accumulator_shrink(t.few, 100))
			;
		assert_in_range(accumulator_bytes(t.few), 0, most / 2 + (16 << 10));
		judge(&t);
		twins_release(&t);
	}
	ring_free_all(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_within_their_bound),
		cmocka_unit_test(the_heaviest_are_there),
		cmocka_unit_test(narrower_is_exact),
		cmocka_unit_test(bytes_are_kept),
	};

	return cmocka_run_group_tests_name("cap", tests, NULL, NULL);
}
