/* Columns of logs with named fields: what other tools call the fields, which of two names
 * counts, names below objects, statistics; and how else words are spelled. */
#include "schema/columns.h"
#include "schema/spelling.h"
#include "schema/synonym.h"
#include "support.h"

/* The fields of names one blank apart, as AWS's names; "-" not understood, "=" again. */
static const char *matched(const char *names)
{
	static struct buf out;
	struct str name[FORMAT_COLUMNS_MAX], rest = str_of(names), token;
	int16_t field[FORMAT_COLUMNS_MAX];
	unsigned n = 0;

	while ((token = str_token(&rest)).n)
		name[n++] = token;
	columns_match(name, n, field);
	buf_clear(&out);
	for (unsigned i = 0; i < n; i++)
		buf_printf(&out, "%s%s", i ? " " : "",
			   field[i] == COLUMN_AGAIN ? "="
			   : field[i] < 0           ? "-"
						    : field_get(field[i])->name);
	return out.s;
}

static void names(void **state)
{
	static const char *const rows[][2] = {
		{ "version account interfaceid sourceaddress destinationaddress sourceport "
		  "destinationport protocol numpackets numbytes starttime endtime action logstatus",
		  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets "
		  "bytes start end action log-status" },
		{ "source.ip destination.ip source.port destination.port network.bytes "
		  "network.packets network.iana_number cloud.account.id event.start event.end",
		  "srcaddr dstaddr srcport dstport bytes packets protocol account-id start end" },
		{ "src_ip dest_ip src_port dest_port bytes packets vpcflow_action",
		  "srcaddr dstaddr srcport dstport bytes packets action" },
		{ "SrcAddr DstAddr TrafficType AccountId FlowDirection TimeGenerated",
		  "srcaddr dstaddr type account-id flow-direction start" },
		{ "source.address network.interface.name aws.vpc.id aws.vpc.subnet.id "
		  "aws.vpc.flow.bytes aws.vpc.flow.status aws.ecs.cluster.name",
		  "srcaddr interface-id vpc-id subnet-id bytes log-status ecs-cluster-name" },
		/* In any case and with any separators. */
		{ "SOURCE_IP source-ip sourceIp", "srcaddr = =" },
		/* Which of two names counts, wherever they stand. */
		{ "source.address source.ip", "= srcaddr" },
		{ "source.ip srcaddr src", "= srcaddr =" },
		{ "network.transport network.iana_number", "= protocol" },
		{ "action vpcflow_action", "= action" },
		{ "type TrafficType", "= type" },
		{ "aws.srcaddr srcaddr", "= srcaddr" },
		{ "srcaddr srcaddr", "srcaddr =" },
		/* Below objects: of AWS, or with an address among theirs. */
		{ "data.aws.version data.aws.bytes", "version bytes" },
		{ "aws.vpcflow.account_id", "account-id" },
		{ "conn.src_addr conn.bytes user.bytes", "srcaddr bytes -" },
		{ "result.src_ip result.dest_ip result.bytes", "srcaddr dstaddr bytes" },
		{ "user.version http.bytes", "- -" },
		{ "source destination bytestransferred sum(bytes) _time", "- - - - -" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(matched(rows[i][0]), rows[i][1]);
	/* Every published name is itself, in any of its ways, whatever the table says. */
	for (int id = 0; id < FIELDS_PUBLISHED; id++) {
		unsigned rank;
		assert_int_equal(synonym_find(str_of(field_get(id)->name), &rank), id);
		assert_string_equal(matched(field_get(id)->name), field_get(id)->name);
	}
}

static const char *lack_of(const char *line)
{
	static struct buf out;

	buf_clear(&out);
	buf_puts(&out, "");
	format_lack_text(format_of_header(str_of(line)), &out);
	return out.n ? out.s : "";
}

static void what_is_lacking(void **state)
{
	(void)state;
	assert_string_equal(lack_of("srcaddr dstaddr bytes end color"), "");
	assert_string_equal(lack_of("srcaddr thebytes x dstaddr end"),
			    "columns not understood: thebytes, x; no bytes");
	assert_string_equal(lack_of("srcaddr @timestamp dstaddr"),
			    "no bytes; @timestamp is taken for end");
	assert_string_equal(lack_of("src_ip dest_ip bytes color result._time @timestamp"),
			    "columns not understood: color; _time is taken for end");
	assert_string_equal(lack_of("srcaddr dstaddr bytes @timestamp"),
			    "@timestamp is taken for end");
	assert_string_equal(lack_of("srcaddr dstaddr bytes @timestamp start"), "");
	assert_string_equal(lack_of("srcaddr dstaddr bytes @timestamp end"), "");
	assert_string_equal(lack_of("srcaddr bytes @timestamp"), "no dstaddr, end");
	assert_string_equal(lack_of("srcaddr dstaddr bytes timestamp"),
			    "columns not understood: timestamp; no end");
	assert_string_equal(lack_of("srcaddr dstaddr bytes time"),
			    "columns not understood: time; no end");
	assert_string_equal(lack_of("a b c srcaddr d e f g h i j bytes"),
			    "columns not understood: a, b, c, d, e, f, g, h and 2 more; "
			    "no dstaddr, end");
}

static void statistics(void **state)
{
	static const char *const yes[] = { "\033\1srcaddr dstaddr bytestransferred",
					   "\033\1action count(*)", "srcaddr sum(bytes)",
					   "\033\1srcaddr dstaddr _col2" };
	static const char *const no[] = { "srcaddr dstaddr team", "\033\1srcaddr dstaddr bytes",
					  "\033\1srcaddr dstaddr team end",
					  "\033\1srcaddr dstaddr @timestamp",
					  "\033\1srcaddr dstaddr bytes end tag(x)" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		assert_non_null(strstr(format_of_header(str_of(yes[i]))->refusal, "statistics"));
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		assert_null(format_of_header(str_of(no[i]))->refusal);
}

/* What a header gives is a header that gives the same. */
static void headers_come_back(void **state)
{
	static const char *const words[] = { "srcaddr",
					     "source.ip",
					     "src",
					     "aws.srcaddr",
					     "x.srcaddr",
					     "x.bytes",
					     "bytes",
					     "network.bytes",
					     "protocol_code",
					     "protocol",
					     "type",
					     "TrafficType",
					     "team",
					     "aws.vpcflow.end",
					     "y.dst_addr",
					     "y.end",
					     "user.version",
					     "_",
					     "vpcflow_action",
					     "action" };
	uint64_t random = 7;

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		struct buf line = { 0 };
		unsigned n = 2 + (unsigned)random_below(&random, 9);
		for (unsigned k = 0; k < n; k++)
			buf_printf(&line, "%s%s", k ? " " : "",
				   words[random_below(&random, ARRAY_SIZE(words))]);
		const struct format *f = format_parse(buf_str(&line), "test");
		if (f) {
			assert_int_equal(f->n, n);
			assert_ptr_equal(format_parse(f->text, "again"), f);
		}
		buf_release(&line);
	}
}

static void spellings(void **state)
{
	static const struct {
		int field;
		const char *value, *word;
	} rows[] = {
		{ FIELD_ACTION, "reject", "REJECT" },
		{ FIELD_ACTION, "Denied", "REJECT" },
		{ FIELD_ACTION, "blocked", "REJECT" },
		{ FIELD_ACTION, "failure", "REJECT" },
		{ FIELD_ACTION, "Accept", "ACCEPT" },
		{ FIELD_ACTION, "allowed", "ACCEPT" },
		{ FIELD_ACTION, "rejection", "rejection" },
		{ FIELD_ACTION, "-", "-" },
		{ FIELD_LOG_STATUS, "NoData", "NODATA" },
		{ FIELD_TYPE, "ipv6", "IPv6" },
		{ FIELD_FLOW_DIRECTION, "transmit", "egress" },
		{ FIELD_REGION, "reject", "reject" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_true(str_equal(spelling_of(rows[i].field, str_of(rows[i].value)),
				      str_of(rows[i].word)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),      cmocka_unit_test(what_is_lacking),
		cmocka_unit_test(statistics), cmocka_unit_test(headers_come_back),
		cmocka_unit_test(spellings),
	};
	return cmocka_run_group_tests_name("columns", tests, NULL, NULL);
}
