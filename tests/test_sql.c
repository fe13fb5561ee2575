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
	{ "eni=eni-0A.*", "regexp_like(interface_id, '(?i)^eni-0A\\..*$')",
	  "interfaceId like /(?i)^eni-0A\\..*$/", "match(interface_id, '(?i)^eni-0A\\\\..*$')" },
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
	{ "eni~^eni-0a", "regexp_like(interface_id, '(?i)^eni-0a')",
	  "interfaceId like /(?i)^eni-0a/", "match(interface_id, '(?i)^eni-0a')" },
	{ "eni~a\\d/Q", "regexp_like(interface_id, 'a\\d/Q')", "interfaceId like /a\\d\\/Q/",
	  "match(interface_id, 'a\\\\d/Q')" },
	{ "dport~^4", "regexp_like(cast(dstport as varchar), '(?i)^4')", "dstPort like /(?i)^4/",
	  "match(toString(dstport), '(?i)^4')" },
	{ "/eni.*REJECT/", NULL, "@message like /eni.*REJECT/", NULL },
	{ "not dport=443", "not (coalesce(dstport = 443, false))", "not (dstPort = 443)",
	  "not (coalesce(dstport = 443, false))" },
	{ "(dport=1 or dport=2) and (sport=3 or sport=4)",
	  "(dstport = 1 or dstport = 2) and (srcport = 3 or srcport = 4)",
	  "(dstPort = 1 or dstPort = 2) and (srcPort = 3 or srcPort = 4)",
	  "(dstport = 1 or dstport = 2) and (srcport = 3 or srcport = 4)" },
	{ "service=443", "least(srcport, dstport) = 443", "least(srcPort, dstPort) = 443",
	  "least(srcport, dstport) = 443" },
	{ "server=10.0.0.1", "if(srcport < dstport, srcaddr, dstaddr) = '10.0.0.1'", NULL,
	  "if(srcport < dstport, srcaddr, dstaddr) = '10.0.0.1'" },
};

static void one(const struct condition *c, enum sql_engine e, const char *want)
{
	struct filter_error error;
	struct filter *f = filter_new(str_of(c->filter), 1700000000, &error);
	struct query q = { QUERY_ALL, .rows = ROWS_RECORDS, .filter = f };
	struct buf out = { 0 }, whole = { 0 };
	char why[160];

	assert_non_null(f);
	int rc = sql_print(e, &q, &out, why, sizeof why);
	if (!want) {
		assert_int_equal(rc, -ENOTSUP);
		assert_string_not_equal(why, "");
		assert_int_equal(out.n, 0);
	} else {
		if (rc)
			fail_msg("%s: %s: %s", sql_engine_name(e), c->filter, why);
		buf_printf(&whole,
			   e == SQL_INSIGHTS ? "\n| filter %s\n| filter logStatus = \"OK\"\n"
					     : "\nwhere %s\n  and log_status = 'OK'\n",
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

static void whole_statements(void **state)
{
	static const char *const want[SQL_ENGINES] = {
		"select srcaddr,\n  sum(bytes) as sum_bytes,\n  sum(packets) as sum_packets,\n"
		"  count(*) as flows,\n  count_if(action = 'REJECT') as rejects\n"
		"from vpc_flow_logs\nwhere log_status = 'OK'\n  and \"end\" >= 1700000000\n"
		"  and \"end\" < 1700003600\n  and \"end\" >= to_unixtime(now()) - 900\n"
		"group by 1\norder by sum_packets desc\nlimit 7;\n",
		"# choose the last 900 seconds as the query's time range\nfields @timestamp\n"
		"| filter logStatus = \"OK\"\n| filter endTime >= 1700000000\n"
		"| filter endTime < 1700003600\n| stats sum(bytes) as sum_bytes, sum(packets) as "
		"sum_packets, count(*) as flows, sum(strcontains(action, \"REJECT\")) as rejects by "
		"srcAddr\n| sort sum_packets desc\n| limit 7\n",
		"select srcaddr,\n  sum(bytes) as sum_bytes,\n  sum(packets) as sum_packets,\n"
		"  count(*) as flows,\n  countIf(action = 'REJECT') as rejects\n"
		"from vpc_flow_logs\nwhere log_status = 'OK'\n  and \"end\" >= 1700000000\n"
		"  and \"end\" < 1700003600\n  and \"end\" >= toUnixTimestamp(now()) - 900\n"
		"group by 1\norder by sum_packets desc\nlimit 7;\n",
	};
	struct query q = { .group = { .field = { FIELD_SRCADDR }, .n = 1 },
			   .metric = METRIC_PACKETS,
			   .limit = 7,
			   .span = { 1700000000, 1700003600, false },
			   .window_s = 900 };
	char why[160];

	(void)state;
	for (int e = 0; e < SQL_ENGINES; e++) {
		struct buf out = { 0 };
		assert_int_equal(sql_print((enum sql_engine)e, &q, &out, why, sizeof why), 0);
		assert_string_equal(out.s, want[e]);
		buf_release(&out);
	}
}

/* Ranked by what no sum has; groups without a value have no rank. */
static void distinct_values(void **state)
{
	static const char *const want[SQL_ENGINES] = {
		"  count(distinct dstport) as distinct_values\nfrom vpc_flow_logs\n"
		"where log_status = 'OK'\ngroup by 1\nhaving count(distinct dstport) > 0\n"
		"order by distinct_values desc\nlimit 3;\n",
		", count_distinct(dstPort) as distinct_values by srcAddr\n"
		"| sort distinct_values desc\n| limit 3\n",
		"  uniqExact(dstport) as distinct_values\nfrom vpc_flow_logs\n"
		"where log_status = 'OK'\ngroup by 1\nhaving uniqExact(dstport) > 0\n"
		"order by distinct_values desc\nlimit 3;\n",
	};
	struct query q = { QUERY_ALL, .group = { .field = { FIELD_SRCADDR }, .n = 1 },
			   .metric = METRIC_DISTINCT,
			   .distinct = { .field = { FIELD_DSTPORT }, .n = 1 }, .limit = 3 };
	char why[160];

	(void)state;
	for (int e = 0; e < SQL_ENGINES; e++) {
		struct buf out = { 0 };
		assert_int_equal(sql_print((enum sql_engine)e, &q, &out, why, sizeof why), 0);
		assert_non_null(strstr(out.s, want[e]));
		buf_release(&out);
	}
	q.distinct.bits[0][0] = 24; /* of networks none can */
	for (int e = 0; e < SQL_ENGINES; e++) {
		struct buf out = { 0 };
		assert_int_equal(sql_print((enum sql_engine)e, &q, &out, why, sizeof why),
				 -ENOTSUP);
		assert_int_equal(out.n, 0);
		buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_condition),
		cmocka_unit_test(whole_statements),
		cmocka_unit_test(distinct_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
