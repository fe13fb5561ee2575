/* test_tally.c - the tallies of many groups against one struct tally each: whatever is added to a
 * group and taken away, however large, and whatever group takes another's number. */
#include <string.h>

#include "query/query_table.h"
#include "query/query_tally.h"
#include "support.h"

#define GROUPS 300u
#define TURNS 300000u

struct both {
	struct key_table table;
	struct tallies tallies;
	struct tally plain[GROUPS];
	uint64_t seed;
	uint32_t most_wide;
};

static bool is_gone(const struct tally *t)
{
	return (t->flows | t->seconds) == 0;
}

static void add_group(struct both *b)
{
	uint32_t key = (uint32_t)random_below(&b->seed, UINT32_MAX);
	uint32_t tag = key_hash32(&key, 1);

	if (key_table_find(&b->table, tag, &key) != UINT32_MAX)
		return;
	b->plain[key_table_add(&b->table, tag, &key)] = (struct tally){ 0 };
	tallies_add(&b->tallies, &b->table);
}

static void remove_group(struct both *b, uint32_t g)
{
	uint32_t last = b->table.count - 1;

	tallies_move(&b->tallies, g, last);
	b->plain[g] = b->plain[last];
	key_table_remove(&b->table, g);
	tallies_fit(&b->tallies, &b->table);
}

/* Mostly as records have it; some of it at the borders of what is narrow. */
static struct tally some(struct both *b)
{
	static const uint64_t borders[] = { 0, 1, UINT16_MAX - 1, UINT16_MAX, UINT16_MAX + 1 };
	struct tally t = { .flows = 1, .accepts = 1 };

	t.bytes = random_below(&b->seed, 1u << random_below(&b->seed, 31));
	t.packets = random_below(&b->seed, 100);
	t.sent = random_below(&b->seed, 2) ? t.bytes : 0;
	switch (random_below(&b->seed, 40)) {
	case 0:
		t.bytes = UINT32_MAX - random_below(&b->seed, 2);
		break;
	case 1:
		t.lost = random_below(&b->seed, 3);
		break;
	case 2:
		t.flows = borders[random_below(&b->seed, ARRAY_SIZE(borders))];
		break;
	case 3:
		t.rejects = borders[random_below(&b->seed, ARRAY_SIZE(borders))];
		break;
	case 4:
		t.seconds = borders[random_below(&b->seed, ARRAY_SIZE(borders))];
		break;
	}
	return t;
}

static void change(struct both *b, uint32_t g, const struct tally *by, uint64_t sign)
{
	struct row_facts f = { .bytes = by->bytes,
			       .packets = by->packets,
			       .sent = by->sent,
			       .lost = by->lost,
			       .seconds = (uint32_t)by->seconds,
			       .flow = (uint8_t)by->flows,
			       .accept = (uint8_t)by->accepts,
			       .reject = (uint8_t)by->rejects };

	tally_add(&b->plain[g], by, sign);
	if (by->flows <= 1 && by->rejects <= 1)
		tallies_change(&b->tallies, g, &f, sign);
	else
		tallies_sum(&b->tallies, g, by, sign);
}

static void judge(struct both *b)
{
	uint32_t wide = 0;

	for (uint32_t g = 0; g < b->table.count; g++) {
		struct tally room;
		const struct tally *t = tallies_at(&b->tallies, g, &room);
		assert_memory_equal(t, &b->plain[g], sizeof *t);
		assert_int_equal(tallies_is_gone(&b->tallies, g), is_gone(t));
		assert_true(tallies_word(&b->tallies, g, offsetof(struct tally, bytes)) ==
			    t->bytes);
		assert_true(tallies_word(&b->tallies, g, offsetof(struct tally, packets)) ==
			    t->packets);
		assert_true(tallies_word(&b->tallies, g, offsetof(struct tally, flows)) ==
			    t->flows);
		assert_true(tallies_word(&b->tallies, g, offsetof(struct tally, rejects)) ==
			    t->rejects);
		assert_true(tallies_word(&b->tallies, g, offsetof(struct tally, lost)) == t->lost);
		wide += t != &room;
	}
	assert_int_equal(b->tallies.wides, wide);
	b->most_wide = wide > b->most_wide ? wide : b->most_wide;
}

static void they_are_what_was_added(void **state)
{
	struct both b = { .table = { .words = 1 }, .seed = 5 };

	(void)state;
	for (unsigned i = 0; i < TURNS; i++) {
		uint32_t count = b.table.count, g;
		if (!count || (count < GROUPS && random_below(&b.seed, 20) == 0)) {
			add_group(&b);
			continue;
		}
		g = (uint32_t)random_below(&b.seed, count);
		if (random_below(&b.seed, 25) == 0) {
			remove_group(&b, g);
		} else {
			struct tally by = some(&b), room;
			change(&b, g, &by, 1);
			/* All of it is taken away again, or half of the times something else. */
			if (random_below(&b.seed, 2))
				change(&b, g, &by, UINT64_MAX);
			else if (random_below(&b.seed, 50) == 0)
				change(&b, g, tallies_at(&b.tallies, g, &room), UINT64_MAX);
		}
		if (i % 100 == 0)
			judge(&b);
	}
	judge(&b);
	assert_in_range(b.most_wide, 20, GROUPS); /* or nothing was tried */
	tallies_clear(&b.tallies);
	key_table_clear(&b.table);
}

/* A record each, until there are more than a narrow one holds, and back. */
static void there_and_back(void **state)
{
	struct both b = { .table = { .words = 1 } };
	struct tally one = { .bytes = 70000, .packets = 3, .flows = 1, .accepts = 1 };

	(void)state;
	add_group(&b);
	for (unsigned i = 0; i < 70000; i++)
		change(&b, 0, &one, 1);
	judge(&b);
	assert_int_equal(b.most_wide, 1);
	for (unsigned i = 0; i < 70000; i++)
		change(&b, 0, &one, UINT64_MAX);
	judge(&b);
	assert_true(tallies_is_gone(&b.tallies, 0));
	remove_group(&b, 0);
	assert_int_equal(b.tallies.wides, 0);
	tallies_clear(&b.tallies);
	key_table_clear(&b.table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_are_what_was_added),
		cmocka_unit_test(there_and_back),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
