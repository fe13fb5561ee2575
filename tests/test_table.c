/* test_table.c - the table of keys against a list of who has which number: while it grows, by slots
 * that are filled a few at a time, while keys go, and while it gives back. */
#include <string.h>

#include "query/query_table.h"
#include "support.h"

#define KEYS 200000u

struct book {
	struct key_table table;
	uint32_t number[KEYS]; /* of each key; UINT32_MAX: it is not there */
	uint32_t key[KEYS];    /* of each number */
	uint64_t seed;
};

static uint32_t make_key(uint32_t i, uint32_t *key)
{
	key[0] = i % 1000;
	key[1] = i;
	return key_hash32(key, 2);
}

static void check(const struct book *b, uint32_t i)
{
	uint32_t key[2], tag = make_key(i, key), guess = key_table_guess(&b->table, tag);

	assert_int_equal(key_table_find(&b->table, tag, key), b->number[i]);
	assert_true(guess == UINT32_MAX || guess < b->table.count);
}

static void add(struct book *b, uint32_t i)
{
	uint32_t key[2], tag = make_key(i, key);

	if (b->number[i] != UINT32_MAX)
		return;
	b->number[i] = key_table_add(&b->table, tag, key);
	assert_int_equal(b->number[i], b->table.count - 1);
	b->key[b->number[i]] = i;
}

static void drop(struct book *b, uint32_t number)
{
	uint32_t last = b->table.count - 1;

	b->number[b->key[number]] = UINT32_MAX;
	if (number != last) {
		b->key[number] = b->key[last];
		b->number[b->key[number]] = number;
	}
	key_table_remove(&b->table, number);
}

static void check_some(struct book *b, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		check(b, (uint32_t)random_below(&b->seed, KEYS));
}

static void check_all(struct book *b)
{
	for (uint32_t i = 0; i < KEYS; i++)
		check(b, i);
}

static void keys_have_their_numbers(void **state)
{
	static struct book b = { .table = { .words = 2 }, .seed = 3 };
	unsigned moving = 0, dropped_moving = 0;

	(void)state;
	memset(b.number, 0xff, sizeof b.number);
	for (uint32_t i = 0; i < KEYS; i++) {
		add(&b, (uint32_t)random_below(&b.seed, KEYS));
		moving += b.table.old != NULL;
		if (random_below(&b.seed, 3000) == 0) {
			dropped_moving += b.table.old != NULL;
			for (unsigned n = (unsigned)random_below(&b.seed, 500); n-- > 0;)
				drop(&b, (uint32_t)random_below(&b.seed, b.table.count));
		}
		check_some(&b, 3);
		if (b.table.old && random_below(&b.seed, 300) == 0)
			check_some(&b, 20000);
	}
	assert_true(moving > 5000 && dropped_moving > 0); /* or nothing was tried */
	check_all(&b);
	while (b.table.count) {
		drop(&b, (uint32_t)random_below(&b.seed, b.table.count));
		if (b.table.count % 20000 == 0) {
			key_table_fit(&b.table);
			check_all(&b);
		}
	}
	key_table_fit(&b.table);
	assert_true(key_table_bytes(&b.table) < 64 << 10);
	key_table_clear(&b.table);
}

/* Keys that fall together, as far as a slot can tell. */
static void what_falls_together_is_told_apart(void **state)
{
	enum { TOGETHER = 40 };
	struct key_table t = { .words = 2 };
	uint32_t key[2] = { 0, 7 };

	(void)state;
	/* Fewer than it grows for: there all are put where their own hash says. */
	for (uint32_t i = 0; i < TOGETHER; i++) {
		key[0] = i;
		assert_int_equal(key_table_find(&t, 5, key), UINT32_MAX);
		assert_int_equal(key_table_add(&t, 5, key), i);
	}
	for (uint32_t i = 0; i < TOGETHER; i++) {
		key[0] = i;
		assert_int_equal(key_table_find(&t, 5, key), i);
		assert_int_equal(key_table_find(&t, 5 + 64, key), UINT32_MAX);
	}
	key_table_clear(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_have_their_numbers),
		cmocka_unit_test(what_falls_together_is_told_apart),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
