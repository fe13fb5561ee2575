/* Accumulators against the slow twin: any grouping, folded in any order, in and out. */
#include "slow.h"
#include "slow_labels.h"
#include "support.h"

static const char *const groupings[] = {
	"srcaddr",
	"dstaddr,dstport",
	"client,server,service",
	"client,server,service,protocol",
	"interface-id,action",
	"time",
	"service,time",
	"protocol",
	"bytes",
	"srcaddr,bytes,time",
	"region",
	"version,account-id,interface-id,srcaddr,dstaddr,srcport,dstport,protocol",
	"srcaddr/24",
	"dstaddr/33",
	"srcaddr/31/127,dstport",
	"client/16/48,server",
	"dstaddr/24/128",
	"srcaddr/32",
	"srcaddr/1/1",
	"pair",
	"pair,service",
	"srcaddr/24,dstaddr/24,pair,client/9,server/30/125,bytes,start,pkt-srcaddr/8",
};

static void every_grouping(void **state)
{
	static const struct span spans[] = { { INT64_MIN, INT64_MAX, false },
					     { 1700000100, 1700000900, false },
					     { 1700000100, 1700000900, true } };
	struct slow slow = { 0 };
	struct ring *r = slow_ring(&slow, 6, 17);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(groupings); i++) {
		struct group g;
		struct str bad;
		assert_int_equal(group_parse(str_of(groupings[i]), &g, &bad), 0);
		for (size_t k = 0; k < ARRAY_SIZE(spans); k++) {
			struct accumulator *a = accumulator_new(&g, ring_dict(r));
			struct slow_rows want, have;
			accumulator_set_bin_shift(a, 6);
			/* Last first, in pieces. */
			for (size_t s = ring_count(r); s-- > 0;)
				for (uint32_t at = 0; at < ring_at(r, s)->rows; at += 192) {
					uint32_t n = ring_at(r, s)->rows - at;
					accumulator_fold(a, ring_at(r, s), at, n < 192 ? n : 192,
							 NULL, spans[k], 1);
				}
			slow_group(&slow, &g, NULL, spans[k], 6, &want);
			slow_rows_of(a, &have);
			slow_compare(&want, &have);
			slow_rows_release(&have);
			/* Out again: nothing is left. */
			for (size_t s = 0; s < ring_count(r); s++)
				accumulator_fold(a, ring_at(r, s), 0, ring_at(r, s)->rows, NULL,
						 spans[k], -1);
			assert_int_equal(accumulator_count(a), 0);
			assert_int_equal(accumulator_total(a)->bytes, 0);
			slow_rows_release(&want);
			accumulator_free(a);
		}
	}
	slow_release(&slow);
	ring_free_all(r);
}

static void ranked_with_ties_by_key(void **state)
{
	struct slow slow = { 0 };
	struct ring *r = slow_ring(&slow, 3, 23);
	struct group g;
	struct str bad;
	uint32_t *index, n;

	(void)state;
	group_parse(str_of("srcaddr,dstport"), &g, &bad);
	for (int m = 0; m < METRICS; m++) {
		struct accumulator *a = accumulator_new(&g, ring_dict(r));
		for (size_t s = 0; s < ring_count(r); s++)
			accumulator_fold(a, ring_at(r, s), 0, ring_at(r, s)->rows, NULL,
					 (struct span){ INT64_MIN, INT64_MAX, false }, 1);
		n = accumulator_rank(a, (enum metric)m, 0, &index);
		for (uint32_t i = 1; i < n; i++) {
			uint64_t x =
				tally_metric(accumulator_tally(a, index[i - 1]), (enum metric)m);
			uint64_t y = tally_metric(accumulator_tally(a, index[i]), (enum metric)m);
			assert_true(x >= y);
		}
		/* The first of fewer are the first of all. */
		uint32_t *few, k = accumulator_rank(a, (enum metric)m, 7, &few);
		assert_int_equal(k, n < 7 ? n : 7);
		assert_memory_equal(few, index, k * sizeof *few);
		free(few);
		free(index);
		accumulator_free(a);
	}
	slow_release(&slow);
	ring_free_all(r);
}

/* Wider bins merge what is there. */
static void bins_widen(void **state)
{
	struct slow slow = { 0 };
	struct ring *r = slow_ring(&slow, 4, 29);
	static const struct group g = { .field = { FIELD_SERVICE, FIELD_BIN }, .n = 2 };
	struct accumulator *a = accumulator_new(&g, ring_dict(r));
	struct span all = { INT64_MIN, INT64_MAX, false };

	(void)state;
	for (size_t s = 0; s < ring_count(r); s++)
		accumulator_fold(a, ring_at(r, s), 0, ring_at(r, s)->rows, NULL, all, 1);
	for (unsigned shift = 0; shift < 12; shift += 3) {
		struct slow_rows want, have;
		accumulator_set_bin_shift(a, shift);
		slow_group(&slow, &g, NULL, all, shift, &want);
		slow_rows_of(a, &have);
		slow_compare(&want, &have);
		slow_rows_release(&want);
		slow_rows_release(&have);
	}
	accumulator_free(a);
	slow_release(&slow);
	ring_free_all(r);
}

static void bad_groups(void **state)
{
	struct group g;
	struct str bad;

	(void)state;
	assert_true(group_parse(str_of("srcaddr,nosuch"), &g, &bad) < 0);
	assert_true(str_equal(bad, str_of("nosuch")));
	assert_true(group_parse(str_of(""), &g, &bad) < 0);
	assert_true(group_parse(str_of("srcaddr,,dstaddr"), &g, &bad) < 0);
	assert_true(
		group_parse(
			str_of("bytes,packets,start,end,srcport,dstport,srcaddr,dstaddr,action"),
			&g, &bad) < 0);
}

/* ---- several formats at once ---- */

#define V2 \
	"version account-id interface-id srcaddr dstaddr srcport dstport protocol packets " \
	"bytes start end action log-status"
#define V5 \
	V2 " vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id " \
	   "sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service " \
	   "flow-direction traffic-path"
#define V7 \
	V5 " ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn " \
	   "ecs-container-instance-id ecs-container-id ecs-second-container-id " \
	   "ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id"

static const char *const mixture[] = {
	V2,
	V5,
	V7,
	V7 " reject-reason resource-id encryption-status instance-tag instance-tag-2 interface-tag "
	   "interface-tag-2 asg-tag asg-tag-2 interface-type next-hop-interface-id "
	   "next-hop-subnet-id next-hop-az-id next-hop-vpc-id next-hop-interface-type",
	/* alphabetical */
	"account-id action az-id bytes dstaddr dstport end flow-direction instance-id interface-id "
	"log-status packets pkt-dst-aws-service pkt-dstaddr pkt-src-aws-service pkt-srcaddr "
	"protocol region srcaddr srcport start sublocation-id sublocation-type subnet-id "
	"tcp-flags traffic-path type version vpc-id",
	/* transit gateway */
	"version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id "
	"tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id "
	"tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr "
	"dstaddr srcport dstport protocol packets bytes start end log-status type "
	"packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded "
	"packets-lost-ttl-expired tcp-flags region flow-direction pkt-src-aws-service "
	"pkt-dst-aws-service",
	/* the NAT gateway example: no ports, no action, no time */
	"instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr",
};

static void random_value(uint64_t *state, int field, struct buf *out)
{
	static const unsigned ports[] = { 22, 443, 40000, 50000 };
	uint64_t r = random_next(state) >> 8;

	if (r % 11 == 0 && field != FIELD_LOG_STATUS) {
		buf_putc(out, '-');
		return;
	}
	r /= 11;
	if (field == FIELD_ACTION)
		buf_puts(out, r % 3 ? "ACCEPT" : "REJECT");
	else if (field == FIELD_LOG_STATUS)
		buf_puts(out, r % 20 ? "OK" : "SKIPDATA");
	else if (field_type(field) == TYPE_ADDRESS)
		buf_printf(out, "10.0.0.%u", (unsigned)(r % 5));
	else if (field_type(field) == TYPE_TIME)
		buf_printf(out, "%u", 1700000000 + (unsigned)(r % 900));
	else if (field_type(field) == TYPE_PORT)
		buf_printf(out, "%u", ports[r % 4]);
	else if (field_type(field) == TYPE_TEXT)
		buf_printf(out, "x-%u", (unsigned)(r % 3));
	else
		buf_printf(out, "%u", (unsigned)(r % 4));
}

static struct ring *mixed(struct slow *slow)
{
	struct ring *r = ring_new(dict_new(), 1 << 30);
	uint64_t seed = 41;

	ring_set_ceiling(r, INT64_MAX);
	for (size_t i = 0; i < 3 * ARRAY_SIZE(mixture); i++) {
		const struct format *f =
			format_parse(str_of(mixture[i % ARRAY_SIZE(mixture)]), "header");
		struct buf b = { 0 };
		for (int k = 0; k < 150; k++) {
			for (unsigned c = 0; c < f->n; c++) {
				if (c)
					buf_putc(&b, ' ');
				random_value(&seed, f->field[c], &b);
			}
			buf_putc(&b, '\n');
		}
		ring_add_text(r, f, buf_str(&b), NULL, NULL);
		slow_read(slow, f, buf_str(&b));
		buf_release(&b);
	}
	return r;
}

static const char *text_of(const struct slow_flow *f, int field)
{
	int c = format_column(f->format, field);

	return c < 0 ? "-" : f->value[c];
}

static bool lost_no_route(const struct slow_flow *f)
{
	return atoi(text_of(f, FIELD_PACKETS_LOST_NO_ROUTE)) > 0;
}

static bool without_action(const struct slow_flow *f)
{
	return strcmp(text_of(f, FIELD_ACTION), "-") == 0;
}

static bool one_vpc(const struct slow_flow *f)
{
	return strcmp(text_of(f, FIELD_VPC_ID), "x-1") == 0;
}

static bool not_one_vpc(const struct slow_flow *f)
{
	return !one_vpc(f);
}

/* Folds what a filter selects of the whole ring. */
static void fold_selected(struct accumulator *a, struct ring *r, const char *text)
{
	struct filter_error e;
	struct filter *f = filter_new(str_of(text), 1700000000, &e);
	uint64_t *bits = xcalloc((SEGMENT_ROWS + 63) / 64, sizeof *bits);

	assert_non_null(f);
	for (size_t i = 0; i < ring_count(r); i++) {
		const struct segment *s = ring_at(r, i);
		filter_select(f, s, ring_dict(r), 0, s->rows, bits, NULL);
		accumulator_fold(a, s, 0, s->rows, bits,
				 (struct span){ INT64_MIN, INT64_MAX, false }, 1);
	}
	free(bits);
	filter_free(f);
}

/* Every query works over the fields that a flow has; what it lacks is one row. */
static void formats_mixed(void **state)
{
	static const char *const groups[] = {
		"action",
		"srcaddr",
		"vpc-id",
		"tgw-attachment-id,action",
		"packets-lost-no-route",
		"ecs-service-name",
		"instance-tag",
		"client,server,service,protocol",
		"interface-id,traffic-path",
		"version,log-status",
		"time",
	};
	static const struct {
		const char *text;
		slow_match *match;
	} filters[] = { { "", NULL },
			{ "packets-lost-no-route>0", lost_no_route },
			{ "action=-", without_action },
			{ "vpc=x-1", one_vpc },
			{ "vpc!=x-1", not_one_vpc } };
	const struct span all = { INT64_MIN, INT64_MAX, false };
	struct slow slow = { 0 };
	struct ring *r = mixed(&slow);
	uint64_t lost = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++)
		for (size_t k = 0; k < ARRAY_SIZE(filters); k++) {
			struct slow_rows want, have;
			struct accumulator *a;
			struct group g;
			struct str bad;
			assert_int_equal(group_parse(str_of(groups[i]), &g, &bad), 0);
			a = accumulator_new(&g, ring_dict(r));
			accumulator_set_bin_shift(a, 6);
			fold_selected(a, r, filters[k].text);
			slow_group(&slow, &g, filters[k].match, all, 6, &want);
			slow_rows_of(a, &have);
			assert_true(want.n > 0);
			slow_compare(&want, &have);
			/* One with `-` at most, and a part that is neither accepted nor
			 * refused. */
			assert_true(want.total.accepts + want.total.rejects < want.total.flows);
			lost += want.total.lost;
			slow_rows_release(&want);
			slow_rows_release(&have);
			accumulator_free(a);
		}
	assert_true(lost > 0);
	slow_release(&slow);
	ring_free_all(r);
}

/* Every published and derived field is a group. */
static void every_field_groups(void **state)
{
	const struct span all = { INT64_MIN, INT64_MAX, false };
	struct slow slow = { 0 };
	struct ring *r = mixed(&slow);

	(void)state;
	for (int id = 0; id < FIELDS_KNOWN; id++) {
		struct slow_rows want, have;
		struct accumulator *a;
		struct group g;
		struct str bad;
		assert_int_equal(group_parse(str_of(field_name(id)), &g, &bad), 0);
		assert_int_equal(g.field[0], id);
		a = accumulator_new(&g, ring_dict(r));
		fold_selected(a, r, "");
		slow_group(&slow, &g, NULL, all, 0, &want);
		slow_rows_of(a, &have);
		assert_true(want.n > 1 || slow_is_label(id)); /* see test_labels */
		slow_compare(&want, &have);
		slow_rows_release(&want);
		slow_rows_release(&have);
		accumulator_free(a);
	}
	slow_release(&slow);
	ring_free_all(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_grouping), cmocka_unit_test(ranked_with_ties_by_key),
		cmocka_unit_test(bins_widen),     cmocka_unit_test(bad_groups),
		cmocka_unit_test(formats_mixed),  cmocka_unit_test(every_field_groups),
	};

	return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
