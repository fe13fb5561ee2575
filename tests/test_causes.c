/* Refusals folded: clients of a server's port, scanners, what the internet tries, what comes late;
 * nothing is lost, and the order of what comes is nothing to it. */
#include "base/hash.h"
#include "triage/causes.h"
#include "support.h"

struct fold_world {
	struct refused_conversation list[4096];
	size_t n;
	uint16_t late; /* the port of which why says that all is well */
};

static void no_verdict(void *ctx, struct cause *c)
{
	const struct fold_world *w = ctx;

	if (w->late && c->port == w->late)
		c->verdict = (struct cause_verdict){ .known = true, .code = WHY_REACHABLE };
}

static void set_address(uint8_t out[16], unsigned net, unsigned host)
{
	struct buf text = { 0 };

	buf_printf(&text, "%u.0.%u.%u", net, host / 256, host % 256);
	assert_true(address_parse(buf_str(&text), out));
	buf_release(&text);
}

/* Clients of net 10 are internal, of 203 they are not. */
static void add(struct fold_world *w, unsigned net, unsigned client, unsigned server, unsigned port,
		uint64_t refused, uint64_t accepted)
{
	struct refused_conversation *c = &w->list[w->n++];

	*c = (struct refused_conversation){ .port = (uint16_t)port,
					    .protocol = 6,
					    .internet = net != 10,
					    .refused = refused,
					    .accepted = accepted,
					    .tries = refused + accepted / 2,
					    .refused_tries = refused };
	set_address(c->client, net, client);
	set_address(c->server, 10, server);
}

static size_t fold_all(struct fold_world *w, struct cause **row)
{
	return causes_fold(w->list, w->n, no_verdict, w, row);
}

static uint64_t sum(const struct cause *row, size_t n)
{
	uint64_t all = 0;

	for (size_t i = 0; i < n; i++)
		all += row[i].refused;
	return all;
}

static void clients_share_a_row(void **state)
{
	struct fold_world w = { .n = 0 };
	struct cause *row;
	uint8_t most[16];

	(void)state;
	for (unsigned i = 0; i < 12; i++)
		add(&w, 10, 100 + i, 1, 5432, 10 + i, 3);
	add(&w, 10, 100, 1, 5433, 7, 0);
	add(&w, 10, 100, 2, 5432, 1, 0);
	assert_int_equal(fold_all(&w, &row), 3);
	assert_int_equal(row[0].kind, CAUSE_SERVER);
	assert_int_equal(row[0].clients, 12);
	assert_int_equal(row[0].refused, 12 * 10 + 66);
	assert_int_equal(row[0].accepted, 36);
	assert_int_equal(row[0].tries, row[0].refused + 12);
	assert_int_equal(row[0].refused_tries, row[0].refused);
	set_address(most, 10, 111);
	assert_memory_equal(row[0].client[0], most, 16);
	assert_int_equal(row[1].port, 5433);
	assert_int_equal(row[2].refused, 1);
	free(row);
}

/* 14 targets are none yet; one that was accepted is not of the scan. */
static void a_scanner_is_one_row(void **state)
{
	struct fold_world w = { .n = 0 };
	struct cause *row;

	(void)state;
	for (unsigned i = 0; i < 14; i++)
		add(&w, 10, 50, i % 3, 1000 + i, 1, 0);
	add(&w, 10, 50, 1, 443, 2, 9);
	assert_int_equal(fold_all(&w, &row), 15);
	free(row);
	w.n = 0;
	for (unsigned i = 0; i < 15; i++)
		add(&w, 10, 50, i % 3, 1000 + i / 3, 1, 0);
	add(&w, 10, 50, 1, 443, 2, 9);
	assert_int_equal(fold_all(&w, &row), 2);
	assert_int_equal(row[0].kind, CAUSE_SCANNER);
	assert_int_equal(row[0].refused, 15);
	assert_int_equal(row[0].hosts, 3);
	assert_int_equal(row[0].ports, 5);
	assert_int_equal(row[1].port, 443);
	free(row);
}

static void the_internet_is_background(void **state)
{
	struct fold_world w = { .n = 0 };
	struct cause *row;

	(void)state;
	for (unsigned i = 0; i < 400; i++)
		add(&w, 203, i, i % 7, 20 + i % 50, 1, 0);
	for (unsigned i = 0; i < 99; i++) /* it walks ports, and goes */
		add(&w, 203, 1000, 1, 2000 + i, 1, 0);
	for (unsigned i = 0; i < 100; i++)
		add(&w, 203, 1001, 1, 2000 + i, 2, 0);
	add(&w, 203, 1002, 1, 443, 3, 50); /* a customer */
	assert_int_equal(fold_all(&w, &row), 3);
	assert_int_equal(row[0].kind, CAUSE_SCANNER);
	assert_int_equal(row[0].ports, 100);
	assert_int_equal(row[1].kind, CAUSE_SERVER);
	assert_int_equal(row[1].refused, 3);
	assert_int_equal(row[2].kind, CAUSE_NOISE);
	assert_int_equal(row[2].clients, 401);
	assert_int_equal(row[2].refused, 499);
	free(row);
}

static void what_is_late_is_no_fault(void **state)
{
	struct fold_world w = { .late = 8443 };
	struct cause *row;

	(void)state;
	add(&w, 10, 1, 9, 8443, 5, 100);
	add(&w, 10, 2, 9, 8443, 4, 100);
	add(&w, 10, 2, 8, 8443, 1, 100);
	add(&w, 10, 2, 9, 22, 1, 0);
	assert_int_equal(fold_all(&w, &row), 2);
	assert_int_equal(row[0].port, 22);
	assert_int_equal(row[1].kind, CAUSE_LATE);
	assert_int_equal(row[1].refused, 10);
	assert_int_equal(row[1].clients, 3);
	assert_int_equal(row[1].hosts, 2);
	free(row);
}

/* By a plain count: every refusal is in one row, in whatever order they come. */
static void nothing_is_lost(void **state)
{
	static struct fold_world w, other;
	uint64_t seed = 3;

	(void)state;
	for (int round = 0; round < 50; round++) {
		struct cause *a, *b;
		uint64_t all = 0;
		size_t n;
		w.n = 0;
		for (unsigned i = 0; i < 2000; i++) {
			unsigned net = random_below(&seed, 2) ? 10 : 203;
			unsigned client = (unsigned)random_below(&seed, 40);
			add(&w, net, client, i % 11, i, 1 + random_below(&seed, 9),
			    random_below(&seed, 3) ? 0 : 1);
			all += w.list[i].refused;
		}
		other = w;
		for (size_t i = 2000; i-- > 1;) {
			size_t k = random_below(&seed, i + 1);
			struct refused_conversation c = other.list[i];
			other.list[i] = other.list[k];
			other.list[k] = c;
		}
		n = fold_all(&w, &a);
		assert_int_equal(sum(a, n), all);
		assert_int_equal(fold_all(&other, &b), n);
		assert_memory_equal(a, b, n * sizeof *a);
		free(a);
		free(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clients_share_a_row),
		cmocka_unit_test(a_scanner_is_one_row),
		cmocka_unit_test(the_internet_is_background),
		cmocka_unit_test(what_is_late_is_no_fault),
		cmocka_unit_test(nothing_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
