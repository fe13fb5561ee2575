/* What a record is charged with, row by row of a table; money as it is written, prices as they are
 * read. */
#include "cli/prices.h"
#include "decode/charge.h"
#include "decode/second.h"
#include "support.h"

static void money(void **state)
{
	static const struct {
		uint64_t cost;
		const char *human, *plain;
	} rows[] = {
		{ 0, "$0", "0" },
		{ CHARGE_DOLLAR / 4, "$0.25", "0.25" },
		{ CHARGE_DOLLAR * 12, "$12.00", "12" },
		{ UINT64_C(123456789000000), "$12.35", "12.3456789" },
		{ UINT64_C(1234567890000000), "$123.5", "123.456789" },
		{ UINT64_C(12345678900000000), "$1235", "1234.56789" },
		{ UINT64_C(99995000000000), "$10.00", "9.9995" },
		{ UINT64_C(123400000), "$0.00001234", "0.00001234" },
		{ UINT64_C(900), "$0.00000000009", "0.00000000009" },
		{ 1, "$0.0000000000001", "0.0000000000001" },
		{ UINT64_MAX, "$1844674", "1844674.4073709551615" },
	};
	char text[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_string_equal(human_cost(text, sizeof text, rows[i].cost), rows[i].human);
		assert_string_equal(cost_plain(text, sizeof text, rows[i].cost), rows[i].plain);
	}
}

/* $0.045, and $0.02, a GB of 10^9 bytes. */
static void charges_of_bytes(void **state)
{
	const struct charges c = { .price = { [CHARGE_NAT] = 450, [CHARGE_ZONE] = 200 } };

	(void)state;
	assert_true(charge_of(&c, CHARGE_NAT, 1000000000) == CHARGE_DOLLAR * 45 / 1000);
	assert_true(charge_of(&c, CHARGE_ZONE, 500000000) == CHARGE_DOLLAR / 100);
	assert_true(charge_of(&c, CHARGE_UNKNOWN, UINT64_MAX) == 0);
	assert_true(charge_of(&c, CHARGE_NAT, UINT64_MAX / 2) == UINT64_MAX);
}

static void prices_are_read(void **state)
{
	static const char *const wrong[] = {
		"nat=",        "nat=-1",     "nat=1e3",
		"nat=0.00001", "nat=100001", "zone",
		"gnat=1",      "nat=1,=",    "nat=99999999999999999999999",
		"nat=.",       "nat=$",
	};
	struct prices p = prices_listed;
	struct buf error = { 0 };

	(void)state;
	assert_true(p.nat == 450 && p.zone == 100 && p.internet == 900);
	assert_true(prices_read("nat=$0.0481,internet = 1.5", &p, &error));
	assert_true(p.nat == 481 && p.zone == 100 && p.internet == 15000);
	assert_string_equal(p.source,
			    "nat=$0.0481,internet = 1.5; the rest: list prices of us-east-1, "
			    "March 2026");
	assert_true(prices_read("nat=1,zone=2,internet=3,source=all ours", &p, &error));
	assert_string_equal(p.source, "all ours");
	assert_true(prices_read("nat=.050000,source=ours,[prices],zone=100000", &p, &error));
	assert_true(p.nat == 500 && p.zone == UINT64_C(1000000000));
	assert_string_equal(p.source, "ours; the rest: list prices of us-east-1, March 2026");
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		buf_clear(&error);
		assert_false(prices_read(wrong[i], &p, &error));
		assert_true(error.n > 0);
	}
	buf_release(&error);
}

/* ---- charges ---- */

#define REPEATS 20u /* of each record, so that it is told whose address is whose */

static const char plain_format[] =
	"interface-id az-id srcaddr dstaddr srcport dstport protocol packets bytes start end action "
	"interface-type";
static const char full_format[] =
	"interface-id az-id srcaddr dstaddr srcport dstport protocol packets bytes start end action "
	"interface-type pkt-dstaddr flow-direction traffic-path pkt-dst-aws-service";

struct charged_row {
	const char *at, *src, *dst, *action;
	const char *more; /* pkt-dstaddr flow-direction traffic-path pkt-dst-aws-service */
	uint8_t charges;
};

static const char *zone_of(const char *interface)
{
	return strcmp(interface, "eni-b") == 0   ? "z-az2"
	       : strcmp(interface, "eni-u") == 0 ? "-"
						 : "z-az1";
}

/* Each row REPEATS times, a minute apart; clients ask from port 40000 + their row. */
static void add_rows(const struct charged_row *row, size_t n, bool full, struct buf *out)
{
	for (unsigned i = 0; i < REPEATS; i++)
		for (size_t k = 0; k < n; k++) {
			bool answer = row[k].src[0] > '3' && row[k].src[0] <= '9';
			buf_printf(out, "%s %s %s %s %zu %zu 6 1 100 %u %u %s %s", row[k].at,
				   zone_of(row[k].at), row[k].src, row[k].dst,
				   answer ? (size_t)443 : 40000 + k,
				   answer ? 40000 + k : (size_t)443, 1700000000 + i * 60,
				   1700000050 + i * 60, row[k].action,
				   strcmp(row[k].at, "eni-n") == 0 ? "nat_gateway" : "-");
			buf_printf(out, full ? " %s\n" : "\n", row[k].more);
		}
}

static void hold_rows(const struct charged_row *row, size_t n, bool full)
{
	struct ring *r = ring_new(dict_new(), 64 << 20);
	struct labels *l = labels_new(ring_dict(r));
	struct places *p = places_new();
	uint64_t second[SEGMENT_ROWS / 64 + 1];
	uint8_t charges[SEGMENT_ROWS];
	struct second_counts counts;
	struct buf text = { 0 };
	struct segment *s;

	add_rows(row, n, full, &text);
	ring_set_ceiling(r, INT64_MAX);
	ring_add_text(r, format_parse(str_of(full ? full_format : plain_format), "test"),
		      buf_str(&text), NULL, NULL);
	assert_int_equal(ring_count(r), 1);
	s = ring_peek(r, 0);
	ring_publish(r, s);
	places_want_ways(p);
	places_add(p, s, ring_dict(r), 0, s->rows, 0);
	places_settle(p, l);
	second_sightings(p, s, ring_dict(r), 0, s->rows, second, NULL, &counts);
	charges_judge(p, s, ring_dict(r), 0, s->rows, second, charges);
	for (uint32_t i = 0; i < s->rows; i++)
		if (charges[i] != row[i % n].charges)
			fail_msg("row %u, %s: %s > %s %s: %u, not %u", i, row[i % n].at,
				 row[i % n].src, row[i % n].dst, row[i % n].more, charges[i],
				 row[i % n].charges);
	places_free(p);
	labels_free(l);
	ring_free_all(r);
	buf_release(&text);
}

/* 10.0.0.N is eni-a, -b, -c, -u in that order; .9 is the NAT gateway. a and c are in a zone, b is in
 * another, of u it is not known. */
#define A "10.0.0.1"
#define B "10.0.0.2"
#define C "10.0.0.3"
#define U "10.0.0.4"
#define N "10.0.0.9"
#define WORLD "198.51.100.7"

static void charges_with_every_column(void **state)
{
	static const struct charged_row rows[] = {
		/* between interfaces: at the sender */
		{ "eni-a", A, B, "ACCEPT", B " egress 1 -", CHARGE_ZONE },
		{ "eni-b", A, B, "ACCEPT", B " ingress - -", 0 },
		{ "eni-a", A, C, "ACCEPT", C " egress 1 -", 0 },
		{ "eni-c", A, C, "ACCEPT", C " ingress - -", 0 },
		{ "eni-a", A, U, "ACCEPT", U " egress 1 -", CHARGE_UNKNOWN },
		{ "eni-u", U, A, "ACCEPT", A " egress 1 -", CHARGE_UNKNOWN },
		{ "eni-b", B, C, "REJECT", C " egress 1 -", 0 },
		/* with one that has no log */
		{ "eni-b", B, "10.9.9.9", "ACCEPT", "10.9.9.9 egress 1 -", CHARGE_UNKNOWN },
		{ "eni-b", "10.9.9.9", B, "ACCEPT", B " ingress - -", CHARGE_UNKNOWN },
		{ "eni-b", B, "169.254.169.254", "ACCEPT", "169.254.169.254 egress 1 -", 0 },
		{ "eni-c", C, "224.0.0.1", "ACCEPT", "224.0.0.1 egress - -", 0 },
		/* to the internet */
		{ "eni-c", C, WORLD, "ACCEPT", WORLD " egress 8 -", CHARGE_INTERNET },
		{ "eni-c", C, WORLD, "ACCEPT", WORLD " egress 2 -", CHARGE_INTERNET },
		{ "eni-c", C, WORLD, "ACCEPT", WORLD " egress 1 -", 0 }, /* by NAT */
		{ "eni-c", C, WORLD, "ACCEPT", WORLD " egress 3 -", CHARGE_UNKNOWN },
		{ "eni-c", C, WORLD, "ACCEPT", WORLD " egress 5 -", CHARGE_UNKNOWN },
		{ "eni-c", C, WORLD, "ACCEPT", WORLD " egress 7 -", 0 },
		{ "eni-c", C, WORLD, "ACCEPT", WORLD " egress 8 S3", 0 },
		{ "eni-c", C, WORLD, "ACCEPT", WORLD " egress 8 EC2", CHARGE_UNKNOWN },
		{ "eni-c", C, WORLD, "REJECT", WORLD " egress 8 -", 0 },
		{ "eni-c", WORLD, C, "ACCEPT", C " ingress - -", 0 },
		{ "eni-u", U, "2001:db8::7", "ACCEPT", "2001:db8::7 egress 8 -", CHARGE_INTERNET },
		/* by the gateway */
		{ "eni-n", A, N, "ACCEPT", WORLD " ingress - -", CHARGE_NAT | CHARGE_INTERNET },
		{ "eni-n", A, N, "ACCEPT", WORLD " ingress - S3", CHARGE_NAT },
		{ "eni-n", B, N, "ACCEPT", WORLD " ingress - -",
		  CHARGE_NAT | CHARGE_ZONE | CHARGE_INTERNET },
		{ "eni-n", U, N, "ACCEPT", WORLD " ingress - -",
		  CHARGE_NAT | CHARGE_UNKNOWN | CHARGE_INTERNET },
		{ "eni-n", N, A, "ACCEPT", A " egress 1 -", CHARGE_NAT },
		{ "eni-n", N, WORLD, "ACCEPT", WORLD " egress 8 -", 0 },
		{ "eni-n", WORLD, N, "ACCEPT", N " ingress - -", 0 },
		{ "-", A, B, "ACCEPT", B " egress 1 -", CHARGE_UNKNOWN },
	};

	(void)state;
	hold_rows(rows, ARRAY_SIZE(rows), true);
}

/* Without the columns of version 5 the gateway's way out is charged, and clients that it has are told
 * from those that it has not. */
static void charges_with_few_columns(void **state)
{
	static const struct charged_row rows[] = {
		{ "eni-a", A, B, "ACCEPT", "", CHARGE_ZONE },
		{ "eni-a", A, C, "ACCEPT", "", 0 },
		{ "eni-b", B, C, "ACCEPT", "", CHARGE_ZONE },
		{ "eni-c", C, A, "ACCEPT", "", 0 },
		{ "eni-n", N, WORLD, "ACCEPT", "", CHARGE_INTERNET },
		{ "eni-n", "203.0.113.9", N, "ACCEPT", "", 0 },
		{ "eni-n", A, N, "ACCEPT", "", CHARGE_NAT },
		/* nobody is known to ask b, or to have seen it at the gateway */
		{ "eni-c", "203.0.113.1", C, "ACCEPT", "", 0 },
		{ "eni-c", "203.0.113.2", C, "ACCEPT", "", 0 },
		{ "eni-c", C, WORLD, "ACCEPT", "", CHARGE_INTERNET },
	};

	(void)state;
	hold_rows(rows, ARRAY_SIZE(rows), false);
}

/* A way through the VPC, and no gateway that is logged. */
static void no_gateway(void **state)
{
	static const struct charged_row rows[] = {
		{ "eni-a", A, B, "ACCEPT", B " egress 1 -", CHARGE_ZONE },
		{ "eni-a", A, WORLD, "ACCEPT", WORLD " egress 1 -", CHARGE_UNKNOWN },
		{ "eni-a", A, WORLD, "ACCEPT", WORLD " egress - -", CHARGE_INTERNET },
		{ "eni-b", A, B, "ACCEPT", B " ingress - -", 0 },
		{ "eni-b", B, C, "ACCEPT", C " egress 1 -", CHARGE_UNKNOWN },
		/* what a sends has no log of a's */
		{ "eni-b", C, B, "ACCEPT", B " ingress - -", CHARGE_UNKNOWN },
	};

	(void)state;
	hold_rows(rows, ARRAY_SIZE(rows), true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(money),
		cmocka_unit_test(charges_of_bytes),
		cmocka_unit_test(prices_are_read),
		cmocka_unit_test(charges_with_every_column),
		cmocka_unit_test(charges_with_few_columns),
		cmocka_unit_test(no_gateway),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
