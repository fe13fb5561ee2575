/* The queries for other engines, read by eye against their manuals: Trino's functions for
 * Athena, "CloudWatch Logs Insights query syntax", ClickHouse's functions. */
#include <errno.h>

#include "output/sql.h"
#include "support.h"

/* What stands for a filter; the other conditions are always the same. */
struct condition {
	const char *filter, *athena, *insights, *clickhouse; /* NULL: refused */
};

static const struct condition conditions[] = {
	{ "dport=443", "dstport = 443", "dstPort = 443", "dstport = 443" },
	{ "dport=443,80", "dstport in (443, 80)", "dstPort in [443, 80]", "dstport in (443, 80)" },
	{ "dport=1-1023", "dstport between 1 and 1023", "dstPort >= 1 and dstPort <= 1023",
	  "dstport between 1 and 1023" },
	{ "bytes>1M", "bytes >= 1000001", "bytes >= 1000001", "bytes >= 1000001" },
	{ "packets<=3", "packets <= 3", "packets <= 3", "packets <= 3" },
	{ "end>=1700000000", "\"end\" >= 1700000000", "endTime >= 1700000000",
	  "\"end\" >= 1700000000" },
	{ "src=10.0.0.1", "srcaddr = '10.0.0.1'", "srcAddr = \"10.0.0.1\"",
	  "srcaddr = '10.0.0.1'" },
	{ "src=10.0.0.0/8",
	  "try_cast(srcaddr as ipaddress) between ipaddress '10.0.0.0' and ipaddress "
	  "'10.255.255.255'",
	  "isIpv4InSubnet(srcAddr, \"10.0.0.0/8\")",
	  "toIPv6OrNull(srcaddr) between toIPv6('10.0.0.0') and toIPv6('10.255.255.255')" },
	{ "dst=2001:db8::/32",
	  "try_cast(dstaddr as ipaddress) between ipaddress '2001:db8::' and ipaddress "
	  "'2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'",
	  "isIpv6InSubnet(dstAddr, \"2001:db8::/32\")",
	  "toIPv6OrNull(dstaddr) between toIPv6('2001:db8::') and "
	  "toIPv6('2001:db8:ffff:ffff:ffff:ffff:ffff:ffff')" },
	{ "src=10.0.0.1-10.0.0.9",
	  "try_cast(srcaddr as ipaddress) between ipaddress '10.0.0.1' and ipaddress '10.0.0.9'",
	  NULL, "toIPv6OrNull(srcaddr) between toIPv6('10.0.0.1') and toIPv6('10.0.0.9')" },
	{ "port=22", "(srcport = 22 or dstport = 22)", "(srcPort = 22 or dstPort = 22)",
	  "(srcport = 22 or dstport = 22)" },
	{ "reject", "action = 'REJECT'", "action = \"REJECT\"", "action = 'REJECT'" },
	{ "proto=tcp", "protocol = 6", "protocol = 6", "protocol = 6" },
	{ "vpc=VPC-1", "lower(vpc_id) = 'vpc-1'", NULL, "lower(vpc_id) = 'vpc-1'" },
	{ "account=123456789012", "account_id = '123456789012'", "accountId = \"123456789012\"",
	  "account_id = '123456789012'" },
	/* Quotes must not end the literal. */
	{ "eni=\"a' or '1\"", "lower(interface_id) = 'a'' or ''1'",
	  "tolower(interfaceId) = \"a' or '1\"", "lower(interface_id) = 'a\\' or \\'1'" },
	{ "eni=\"a\\\\\\\\\"", "lower(interface_id) = 'a\\\\'",
	  "tolower(interfaceId) = \"a\\\\\\\\\"", "lower(interface_id) = 'a\\\\\\\\'" },
	{ "flags=syn", "bitwise_and(tcp_flags, 2) = 2", NULL, "bitAnd(tcp_flags, 2) = 2" },
	{ "flags=2", "tcp_flags = 2", NULL, "tcp_flags = 2" },
	{ "sport=-", "srcport is null", "(not ispresent(srcPort) or srcPort = \"-\")",
	  "srcport is null" },
	{ "vpc=-", "(vpc_id is null or vpc_id in ('', '-'))", NULL,
	  "(vpc_id is null or vpc_id in ('', '-'))" },
	{ "sport=- udp", "srcport is null and protocol = 17",
	  "(not ispresent(srcPort) or srcPort = \"-\") and protocol = 17",
	  "srcport is null and protocol = 17" },
	{ "bytes=*", "bytes is not null", "ispresent(bytes) and bytes != \"-\"",
	  "bytes is not null" },
	{ "eni=*", "interface_id is not null and interface_id not in ('', '-')",
	  "ispresent(interfaceId) and interfaceId != \"-\"",
	  "interface_id is not null and interface_id not in ('', '-')" },
	{ "eni=eni-0A.*", "regexp_like(nullif(nullif(interface_id, ''), '-'), '(?i)^eni-0A\\..*$')",
	  "interfaceId like /(?i)^eni-0A\\..*$/",
	  "match(nullIf(nullIf(interface_id, ''), '-'), '(?i)^eni-0A\\\\..*$')" },
	{ "src=::/0",
	  "try_cast(srcaddr as ipaddress) between ipaddress '::' and ipaddress "
	  "'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' and not try_cast(srcaddr as ipaddress) "
	  "between ipaddress '0.0.0.0' and ipaddress '255.255.255.255'",
	  "isIpv6InSubnet(srcAddr, \"::/0\")",
	  "toIPv6OrNull(srcaddr) between toIPv6('::') and "
	  "toIPv6('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff') and not toIPv6OrNull(srcaddr) "
	  "between toIPv6('0.0.0.0') and toIPv6('255.255.255.255')" },
	{ "tcp 10.0.0.1:22",
	  "protocol = 6 and ((srcaddr = '10.0.0.1' and srcport = 22) or (dstaddr = '10.0.0.1' and "
	  "dstport = 22))",
	  "protocol = 6 and ((srcAddr = \"10.0.0.1\" and srcPort = 22) or (dstAddr = \"10.0.0.1\" "
	  "and dstPort = 22))",
	  "protocol = 6 and ((srcaddr = '10.0.0.1' and srcport = 22) or (dstaddr = '10.0.0.1' and "
	  "dstport = 22))" },
	{ "eni~^eni-0a", "regexp_like(nullif(nullif(interface_id, ''), '-'), '(?i)^eni-0a')",
	  "interfaceId like /(?i)^eni-0a/",
	  "match(nullIf(nullIf(interface_id, ''), '-'), '(?i)^eni-0a')" },
	{ "eni~a\\d/Q", "regexp_like(nullif(nullif(interface_id, ''), '-'), 'a\\d/Q')",
	  "interfaceId like /a\\d\\/Q/",
	  "match(nullIf(nullIf(interface_id, ''), '-'), 'a\\\\d/Q')" },
	{ "dport~^4", "regexp_like(cast(dstport as varchar), '(?i)^4')", "dstPort like /(?i)^4/",
	  "match(toString(dstport), '(?i)^4')" },
	{ "/eni.*REJECT/", NULL, "@message like /eni.*REJECT/", NULL },
	{ "not dport=443", "not (coalesce(dstport = 443, false))", "not (dstPort = 443)",
	  "not (coalesce(dstport = 443, 0))" },
	{ "(dport=1 or dport=2) and (sport=3 or sport=4)",
	  "(dstport = 1 or dstport = 2) and (srcport = 3 or srcport = 4)",
	  "(dstPort = 1 or dstPort = 2) and (srcPort = 3 or srcPort = 4)",
	  "(dstport = 1 or dstport = 2) and (srcport = 3 or srcport = 4)" },
	{ "service=443", "if(srcport < dstport, srcport, dstport) = 443",
	  "least(srcPort, dstPort) = 443", "if(srcport < dstport, srcport, dstport) = 443" },
	/* What is always so is not said; what never is has no literal everywhere. */
	{ "(dport=1 or not dport=2)", "(dstport = 1 or not (coalesce(dstport = 2, false)))",
	  "dstPort = 1 or not (dstPort = 2)", "(dstport = 1 or not (coalesce(dstport = 2, 0)))" },
	/* Look-around: Java's regexes have it, RE2 has not. */
	{ "eni~/^eni-(?!0a)/",
	  "regexp_like(nullif(nullif(interface_id, ''), '-'), "
	  "'(?i)^eni-(?!0a)')",
	  NULL, NULL },
	{ "eni~/^([a-z])\\1/", NULL, NULL, NULL },
	{ "eni~/^[[:alpha:]]+-/", NULL, NULL,
	  "match(nullIf(nullIf(interface_id, ''), '-'), '(?i)^[[:alpha:]]+-')" },
	{ "eni~/^(?i:ENI)-0{2,3}?a/",
	  "regexp_like(nullif(nullif(interface_id, ''), '-'), "
	  "'^(?i:ENI)-0{2,3}?a')",
	  "interfaceId like /^(?i:ENI)-0{2,3}?a/",
	  "match(nullIf(nullIf(interface_id, ''), '-'), '^(?i:ENI)-0{2,3}?a')" },
	{ "server=10.0.0.1",
	  "if(srcport < dstport, nullif(nullif(srcaddr, ''), '-'), nullif(nullif(dstaddr, ''), '-')) = '10.0.0.1'",
	  NULL,
	  "if(srcport < dstport, nullIf(nullIf(srcaddr, ''), '-'), nullIf(nullIf(dstaddr, ''), '-')) = '10.0.0.1'" },
};

static void one(const struct condition *c, enum sql_engine e, const char *want)
{
	struct filter_error error;
	struct filter *f = filter_new(str_of(c->filter), 1700000000, &error);
	struct query q = { QUERY_ALL, .rows = ROWS_RECORDS, .filter = f };
	struct sql_question ask = { .query = &q, .now_s = INT64_MIN };
	struct buf out = { 0 }, whole = { 0 };
	char why[160];

	assert_non_null(f);
	int rc = sql_print(e, &ask, &out, why, sizeof why);
	if (!want) {
		assert_int_equal(rc, -ENOTSUP);
		assert_string_not_equal(why, "");
		assert_int_equal(out.n, 0);
	} else {
		if (rc)
			fail_msg("%s: %s: %s", sql_engine_name(e), c->filter, why);
		buf_printf(&whole,
			   e == SQL_INSIGHTS
				   ? "\n| filter %s\n| filter logStatus != \"NODATA\" and "
				     "logStatus != \"SKIPDATA\"\n"
				   : "\nwhere %s\n  and coalesce(log_status, '') not in "
				     "('NODATA', 'SKIPDATA')\n",
			   want);
		if (!strstr(out.s, whole.s))
			fail_msg("%s: %s:\n%s\nwithout%s", sql_engine_name(e), c->filter, out.s,
				 whole.s);
	}
	buf_release(&whole);
	buf_release(&out);
	filter_free(f);
}

static void every_condition(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(conditions); i++) {
		one(&conditions[i], SQL_ATHENA, conditions[i].athena);
		one(&conditions[i], SQL_INSIGHTS, conditions[i].insights);
		one(&conditions[i], SQL_CLICKHOUSE, conditions[i].clickhouse);
	}
}

/* A statement of each engine, whole; NULL: refused. */
static void whole(const struct sql_question *ask, const char *const want[SQL_ENGINES])
{
	for (int e = 0; e < SQL_ENGINES; e++) {
		struct buf out = { 0 };
		char why[160];
		int rc = sql_print((enum sql_engine)e, ask, &out, why, sizeof why);
		assert_int_equal(rc, want[e] ? 0 : -ENOTSUP);
		assert_int_equal(why[0] != '\0', !want[e]);
		buf_puts(&out, "");
		assert_string_equal(out.s, want[e] ? want[e] : "");
		buf_release(&out);
	}
}

#define NO_STATUS "coalesce(log_status, '') not in ('NODATA', 'SKIPDATA')"
#define NO_STATUS_INSIGHTS "| filter logStatus != \"NODATA\" and logStatus != \"SKIPDATA\"\n"
#define SUMS \
	"coalesce(sum(bytes), 0) as sum_bytes,\n  coalesce(sum(packets), 0) as sum_packets,\n" \
	"  count(*) as flows,\n"
#define SUMS_INSIGHTS \
	"sum(bytes) as sum_bytes, sum(packets) as sum_packets, count(*) as flows, " \
	"sum(strcontains(action, \"REJECT\")) as rejects"

/* What orders by a sum orders equal ones by their key, as enitop does. Athena reads the days that
 * the window is in. */
static void groups(void **state)
{
	static const char *const want[SQL_ENGINES] = {
		"select nullif(nullif(srcaddr, ''), '-') as srcaddr,\n  dstport,\n  " SUMS
		"  count_if(action = 'REJECT') as rejects\n"
		"from vpc_flow_logs\nwhere " NO_STATUS "\n"
		"  and day >= '2023/11/14'\n  and day <= '2023/11/15'\n"
		"  and \"end\" >= 1700000000\n  and \"end\" < 1700003600\n"
		"group by nullif(nullif(srcaddr, ''), '-'), dstport\n"
		"order by sum_packets desc, try_cast(nullif(nullif(srcaddr, ''), '-') as ipaddress) "
		"nulls first, dstport nulls first\nlimit 7;\n",
		"# where a record has - it counts as a value\nfields @timestamp\n" NO_STATUS_INSIGHTS
		"| filter endTime >= 1700000000\n| filter endTime < 1700003600\n"
		"| stats " SUMS_INSIGHTS " by srcAddr, dstPort\n"
		"| sort sum_packets desc, srcAddr, dstPort\n| limit 7\n",
		"select nullIf(nullIf(srcaddr, ''), '-') as srcaddr,\n  dstport,\n  " SUMS
		"  countIf(action = 'REJECT') as rejects\n"
		"from vpc_flow_logs\nwhere " NO_STATUS "\n"
		"  and \"end\" >= 1700000000\n  and \"end\" < 1700003600\n"
		"group by srcaddr, dstport\n"
		"order by sum_packets desc, toIPv6OrNull(srcaddr) nulls first, "
		"dstport nulls first\nlimit 7;\n",
	};
	struct query q = { QUERY_ALL,
			   .group = { .field = { FIELD_SRCADDR, FIELD_DSTPORT }, .n = 2 },
			   .metric = METRIC_PACKETS, .limit = 7 };
	struct sql_question ask = { .query = &q, .now_s = INT64_MIN };

	(void)state;
	q.span = (struct span){ 1700000000, 1700003600, false };
	whole(&ask, want);
	/* The last seconds before an end are no other window. */
	q.span.from = INT64_MIN;
	q.window_s = 3600;
	whole(&ask, want);
}

/* A window ends with the newest record, which is none of those from the future. */
static void log_time(void **state)
{
	static const char *const want[SQL_ENGINES] = {
		"select \"end\", bytes\nfrom vpc_flow_logs\nwhere " NO_STATUS "\n"
		"  and day >= '2023/11/12'\n"
		"  and \"end\" > (select max(\"end\") from vpc_flow_logs where \"end\" <= "
		"1700000000 and day >= '2023/11/12') - 900\n  and \"end\" <= 1700000000\n"
		"order by bytes desc nulls last, \"end\" desc;\n",
		"# the window ends at --now, that of a report at the newest record before\n"
		"fields endTime, bytes\n" NO_STATUS_INSIGHTS "| filter endTime > 1699999100\n"
		"| filter endTime <= 1700000000\n| sort bytes desc, endTime desc\n| limit 10000\n",
		"select \"end\", bytes\nfrom vpc_flow_logs\nwhere " NO_STATUS "\n"
		"  and \"end\" > (select max(\"end\") from vpc_flow_logs where \"end\" <= "
		"1700000000) - 900\n  and \"end\" <= 1700000000\n"
		"order by bytes desc nulls last, \"end\" desc;\n",
	};
	struct query q = { QUERY_ALL, .rows = ROWS_RECORDS, .window_s = 900 };
	struct flow_columns columns = { { FIELD_END, FIELD_BYTES }, 2 };
	struct sql_question ask = { .query = &q, .columns = &columns, .now_s = 1700000000 };

	(void)state;
	q.sort = (struct flow_order){ FIELD_BYTES, false };
	whole(&ask, want);
}

/* Ranked by what no sum has; groups without a value have no rank, and '-' is none. Networks and
 * pairs are for those engines that know addresses. */
static void distinct_values(void **state)
{
	static const char *const want[SQL_ENGINES] = {
		"  count(distinct nullif(nullif(vpc_id, ''), '-')) as distinct_values\n"
		"from vpc_flow_logs\nwhere " NO_STATUS "\ngroup by protocol\n"
		"having count(distinct nullif(nullif(vpc_id, ''), '-')) > 0\n"
		"order by distinct_values desc, protocol nulls first\nlimit 3;\n",
		NULL,
		"  uniqExact(nullIf(nullIf(vpc_id, ''), '-')) as distinct_values\n"
		"from vpc_flow_logs\nwhere " NO_STATUS "\ngroup by protocol\n"
		"having uniqExact(nullIf(nullIf(vpc_id, ''), '-')) > 0\n"
		"order by distinct_values desc, protocol nulls first\nlimit 3;\n",
	};
	struct query q = { QUERY_ALL, .group = { .field = { FIELD_PROTOCOL }, .n = 1 },
			   .metric = METRIC_DISTINCT,
			   .distinct = { .field = { FIELD_VPC_ID }, .n = 1 }, .limit = 3 };
	struct sql_question ask = { .query = &q, .now_s = INT64_MIN };
	char why[160];

	(void)state;
	for (int e = 0; e < SQL_ENGINES; e++) {
		struct buf out = { 0 };
		assert_int_equal(sql_print((enum sql_engine)e, &ask, &out, why, sizeof why),
				 want[e] ? 0 : -ENOTSUP);
		if (want[e])
			assert_non_null(strstr(out.s, want[e]));
		buf_release(&out);
	}
}

/* Networks, pairs and scopes are parts of keys that an inner statement makes; Insights has no
 * such. */
static void made_parts(void **state)
{
	static const struct {
		struct group group;
		const char *name;
	} parts[] = {
		{ { .field = { FIELD_SRCADDR }, .n = 1, .bits = { { 24, 56 } } }, "srcaddr_24_56" },
		{ { .field = { FIELD_PAIR }, .n = 1 }, "pair" },
		{ { .field = { FIELD_CLIENT_SCOPE }, .n = 1 }, "client_scope" },
	};
	char why[160], as[64], by[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		for (int e = 0; e < SQL_ENGINES; e++) {
			struct query q = { QUERY_ALL, .group = parts[i].group };
			struct sql_question ask = { .query = &q, .now_s = INT64_MIN };
			struct buf out = { 0 };
			int rc = sql_print((enum sql_engine)e, &ask, &out, why, sizeof why);
			assert_int_equal(rc, e == SQL_INSIGHTS ? -ENOTSUP : 0);
			snprintf(as, sizeof as, " as %s\n  from vpc_flow_logs\n", parts[i].name);
			snprintf(by, sizeof by, ") as flows\ngroup by %s\n", parts[i].name);
			if (rc == 0) {
				assert_non_null(strstr(out.s, as));
				assert_non_null(strstr(out.s, by));
			}
			buf_release(&out);
		}
}

/* A report spreads records over the bins that they run in: so does a statement, but for
 * Insights, which says that it does not. */
static void bins(void **state)
{
	static const char athena[] =
		"-- bins of 16 seconds; a report's are finer where its data fill less of the window\n"
		"-- bins in which nothing ran are left out\n"
		"select from_unixtime(bin * 16) as time,\n"
		"  coalesce(sum((bytes) * least(least((bin + 1) * 16, 1700003600) - began, duration) / "
		"duration - "
		"(bytes) * greatest(bin * 16 - began, since - began, 0) / duration), 0) as "
		"sum_bytes,\n";
	static const char where[] =
		"cross join unnest(sequence(began / 16, \"end\" / 16)) as bins (bin)\n"
		"where bin >= since / 16\n  and bin <= 106250224\ngroup by bin\norder by time;\n";
	struct query q = { QUERY_ALL, .rows = ROWS_TIMELINE,
			   .group = { .field = { FIELD_BIN }, .n = 1 },
			   .bins = { .most = TIMELINE_BINS } };
	struct sql_question ask = { .query = &q, .now_s = INT64_MIN };
	struct buf out = { 0 };
	char why[160];

	(void)state;
	q.span = (struct span){ 1700000000, 1700003600, false };
	assert_int_equal(sql_print(SQL_ATHENA, &ask, &out, why, sizeof why), 0);
	assert_memory_equal(out.s, athena, sizeof athena - 1);
	assert_string_equal(out.s + out.n - (sizeof where - 1), where);
	assert_non_null(strstr(out.s, ",\n    1700000000 as since\n  from vpc_flow_logs\n"));
	assert_non_null(
		strstr(out.s, "count_if(bin = \"end\" / 16 and \"end\" < 1700003600) as flows"));
	buf_clear(&out);
	assert_int_equal(sql_print(SQL_INSIGHTS, &ask, &out, why, sizeof why), 0);
	assert_non_null(strstr(out.s, "# bytes and packets count whole at a record's end;"));
	assert_non_null(strstr(out.s, "by fromMillis(floor(endTime / 16) * 16 * 1000) as time\n"));
	buf_release(&out);
}

/* What is before and after a mark, and how far its rates are apart; what has no sides of one is
 * refused. */
static void marks(void **state)
{
	static const char sums[] =
		"  coalesce(sum(if(\"end\" < 1700000600, packets, 0)), 0) as before,\n"
		"  coalesce(sum(if(\"end\" >= 1700000600, packets, 0)), 0) as after,\n"
		"  coalesce(sum(if(\"end\" < 1700000600, packets, 0)), 0) / 600e0 as before_per_s,\n"
		"  coalesce(sum(if(\"end\" >= 1700000600, packets, 0)), 0) / 3000e0 as after_per_s,\n";
	static const struct span spans[] = { { 1700000000, 1700003600, true },
					     { 1700000000, INT64_MAX, true },
					     { INT64_MIN, 1700003600, true },
					     { 1700000600, 1700003600, true },
					     { 1700000000, 1700000600, true } };
	struct query q = { QUERY_ALL, .group = { .field = { FIELD_PROTOCOL }, .n = 1 },
			   .metric = METRIC_PACKETS, .bins = { .most = TIMELINE_BINS } };
	struct sql_question ask = { .query = &q, .now_s = INT64_MIN };
	struct buf out = { 0 };
	char why[160];

	(void)state;
	q.mark.time = 1700000600;
	for (int ranks = 0; ranks < 2; ranks++) {
		q.span = spans[0];
		q.mark.ranks = ranks;
		buf_clear(&out);
		assert_int_equal(sql_print(SQL_ATHENA, &ask, &out, why, sizeof why), 0);
		assert_non_null(strstr(out.s, sums));
		assert_non_null(strstr(out.s, ranks ? "\norder by change_size desc, protocol"
						    : "\norder by sum_packets desc, protocol"));
	}
	for (size_t i = 0; i < ARRAY_SIZE(spans); i++) {
		q.span = spans[i];
		assert_int_equal(sql_print(SQL_CLICKHOUSE, &ask, &out, why, sizeof why),
				 i ? -ENOTSUP : 0);
	}
	q.span = spans[0];
	assert_int_equal(sql_print(SQL_INSIGHTS, &ask, &out, why, sizeof why), -ENOTSUP);
	q.metric = METRIC_DISTINCT;
	q.distinct = (struct group){ .field = { FIELD_DSTPORT }, .n = 1 };
	assert_int_equal(sql_print(SQL_ATHENA, &ask, &out, why, sizeof why), -ENOTSUP);
	q.metric = METRIC_BYTES;
	q.rows = ROWS_RECORDS;
	assert_int_equal(sql_print(SQL_ATHENA, &ask, &out, why, sizeof why), -ENOTSUP);
	q.rows = ROWS_RANKED;
	q.group.field[q.group.n++] = FIELD_BIN;
	assert_int_equal(sql_print(SQL_ATHENA, &ask, &out, why, sizeof why), -ENOTSUP);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_condition),
		cmocka_unit_test(groups),
		cmocka_unit_test(marks),
		cmocka_unit_test(log_time),
		cmocka_unit_test(distinct_values),
		cmocka_unit_test(made_parts),
		cmocka_unit_test(bins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
