/* What values mean, and Community IDs, held against published vectors. */
#include "decode/servers.h"
#include "schema/describe.h"
#include "store/community_id.h"
#include "support.h"

/* Every value that AWS documents: the FORMATS of section 1, counted by hand. */
static void every_documented_value(void **state)
{
	static const struct {
		int field;
		const char *values;
	} documented[] = {
		{ FIELD_ACTION, "ACCEPT REJECT" },
		{ FIELD_LOG_STATUS, "OK NODATA SKIPDATA" },
		{ FIELD_TCP_FLAGS, "0 1 2 3 4 18 19" },
		{ FIELD_TYPE, "IPv4 IPv6 EFA" },
		{ FIELD_SUBLOCATION_TYPE, "wavelength outpost localzone" },
		{ FIELD_FLOW_DIRECTION, "ingress egress" },
		{ FIELD_TRAFFIC_PATH, "1 2 3 4 5 6 7 8 -" },
		{ FIELD_RESOURCE_TYPE, "TransitGateway TransitGatewayAttachment" },
		{ FIELD_REJECT_REASON, "BPA EC Accepted -" },
		{ FIELD_ENCRYPTION_STATUS, "0 1 2 3 -" },
		{ FIELD_INTERFACE_TYPE, "nat_gateway network_load_balancer regional_nat_gateway "
					"transit_gateway vpc_endpoint" },
		{ FIELD_NEXT_HOP_INTERFACE_TYPE, "nat_gateway network_load_balancer "
						 "regional_nat_gateway transit_gateway "
						 "vpc_endpoint" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(documented); i++) {
		struct str rest = str_of(documented[i].values), value;
		while ((value = str_token(&rest)).n)
			if (!describe_value(documented[i].field, value))
				fail_msg("%s=%.*s is not explained",
					 field_name(documented[i].field), (int)value.n, value.s);
	}
	assert_null(describe_value(FIELD_TRAFFIC_PATH, str_of("9")));
	assert_null(describe_value(FIELD_ACTION, str_of("accept")));
	assert_null(describe_value(FIELD_BYTES, str_of("18")));
	assert_non_null(strstr(describe_value(FIELD_TRAFFIC_PATH, str_of("5")), "another region"));
	assert_non_null(
		strstr(describe_value(FIELD_REJECT_REASON, str_of("BPA")), "Public Access"));
}

static void every_field_is_explained(void **state)
{
	(void)state;
	for (int id = 0; id < FIELDS_KNOWN; id++) {
		const struct field *f = field_get(id);
		size_t n = strlen(f->help);
		if (n < 12 || strcmp(f->help, f->name) == 0 || f->help[n - 1] == '.')
			fail_msg("%s: '%s'", f->name, f->help);
		assert_non_null(describe_type(f->type));
	}
}

static void flags_by_name(void **state)
{
	static const struct {
		unsigned flags;
		const char *names;
	} known[] = { { 0, "" },
		      { 1, "FIN" },
		      { 2, "SYN" },
		      { 3, "SYN,FIN" },
		      { 4, "RST" },
		      { 7, "SYN,FIN,RST" },
		      { 16, "ACK" },
		      { 18, "SYN-ACK" },
		      { 19, "SYN-ACK,FIN" },
		      { 24, "ACK,PSH" },
		      { 255, "SYN-ACK,FIN,RST,PSH,URG,ECE,CWR" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		struct buf b = { 0 };
		buf_puts(&b, "");
		describe_flags(known[i].flags, &b);
		assert_string_equal(b.s, known[i].names);
		buf_release(&b);
	}
}

static void tags_are_decoded(void **state)
{
	static const char *const tags[][2] = {
		{ "web", "web" },
		{ "%2D", "-" },
		{ "my%20app", "my app" },
		{ "100%25", "100%" },
		{ "%", "%" },
		{ "a%2", "a%2" },
		{ "%zz%4g", "%zz%4g" },
		{ "%C3%a9", "\xc3\xa9" },
		{ "", "" },
		{ "%1b[2J", "\033[2J" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(tags); i++) {
		struct buf b = { 0 };
		buf_puts(&b, "");
		describe_tag(str_of(tags[i][0]), &b);
		assert_string_equal(b.s, tags[i][1]);
		buf_release(&b);
	}
	assert_true(field_is_tag(FIELD_INSTANCE_TAG) && field_is_tag(FIELD_ASG_TAG_2));
	assert_false(field_is_tag(FIELD_ENCRYPTION_STATUS) || field_is_tag(FIELD_INTERFACE_TYPE));
}

/* community-id-spec, baseline/baseline_deflt.json: seed 0. */
static void community_ids(void **state)
{
	static const struct {
		unsigned protocol;
		const char *src, *dst;
		uint16_t sport, dport;
		const char *id;
	} known[] = {
		{ 6, "128.232.110.120", "66.35.250.204", 34855, 80,
		  "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
		{ 6, "66.35.250.204", "128.232.110.120", 80, 34855,
		  "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
		{ 17, "192.168.1.52", "8.8.8.8", 54585, 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=" },
		{ 17, "8.8.8.8", "192.168.1.52", 53, 54585, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=" },
		{ 132, "192.168.170.8", "192.168.170.56", 7, 7, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=" },
		{ 132, "192.168.170.56", "192.168.170.8", 7, 7, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=" },
		{ 6, "2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a", 63943, 25,
		  "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=" },
		{ 6, "2607:f8b0:400c:c03::1a", "2001:470:e5bf:dead:4957:2174:e82c:4887", 25, 63943,
		  "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=" },
		/* No ports: what stands there is not hashed. */
		{ 46, "10.1.12.1", "10.1.12.2", 0, 0, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=" },
		{ 46, "10.1.12.2", "10.1.12.1", 5, 9, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=" },
	};
	char id[COMMUNITY_ID_SIZE];
	uint8_t src[16], dst[16];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		assert_true(address_parse(str_of(known[i].src), src));
		assert_true(address_parse(str_of(known[i].dst), dst));
		const char *why = community_id(src, dst, known[i].protocol, known[i].sport,
					       known[i].dport, id);
#ifdef HAVE_LIBMD
		assert_null(why);
		assert_string_equal(id, known[i].id);
#else
		assert_non_null(why);
#endif
	}
	assert_true(address_parse(str_of("10.0.0.1"), src));
	assert_non_null(community_id(src, src, 1, 0, 0, id));
	assert_true(address_parse(str_of("2001:db8::1"), dst));
	assert_non_null(community_id(src, dst, 6, 1, 2, id));
}

/* Rows: the packet's addresses count where there are some. */
static void of_rows(void **state)
{
	static const char text[] =
		"srcaddr dstaddr srcport dstport protocol pkt-srcaddr pkt-dstaddr tcp-flags\n"
		"10.0.0.5 66.35.250.204 34855 80 6 128.232.110.120 - 0\n"
		"128.232.110.120 66.35.250.204 34855 80 6 - - 2\n"
		"128.232.110.120 66.35.250.204 34855 - 6 - - 0\n"
		"66.35.250.204 128.232.110.120 80 34855 6 - - 18\n"
		"1.1.1.1 2.2.2.2 30001 30000 6 - - 0\n"
		"1.1.1.1 2.2.2.2 30000 30000 6 - - 0\n";
	struct dict *d = dict_new();
	struct ring *r = ring_new(d, 1 << 26);
	char id[COMMUNITY_ID_SIZE];

	(void)state;
	assert_int_equal(ring_add_text(r, NULL, str_of(text), NULL, NULL), 1);
	const struct segment *s = ring_at(r, 0);
#ifdef HAVE_LIBMD
	for (uint32_t row = 0; row < 4; row++) {
		const char *why = community_id_of(s, d, row, id);
		if (row == 2) {
			assert_string_equal(why, "a port is missing");
			continue;
		}
		assert_null(why);
		assert_string_equal(id, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
	}
#else
	assert_non_null(community_id_of(s, d, 0, id));
#endif
	assert_string_equal(describe_side(s, 0), "~ guessed: its port is that of a known service");
	assert_string_equal(describe_side(s, 1), "given: it was sent a SYN");
	assert_string_equal(describe_side(s, 2),
			    "~ guessed: there are no ports, and the other end was met first");
	assert_string_equal(describe_side(s, 3), "given: it sent a SYN-ACK");
	assert_string_equal(describe_side(s, 4), "~ guessed: it has the lower port");
	assert_string_equal(
		describe_side(s, 5),
		"~ guessed: both ports are the same; the other end was met first, or has "
		"fewer peers");
	ring_free_all(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_documented_value),
		cmocka_unit_test(every_field_is_explained),
		cmocka_unit_test(flags_by_name),
		cmocka_unit_test(tags_are_decoded),
		cmocka_unit_test(community_ids),
		cmocka_unit_test(of_rows),
	};

	return cmocka_run_group_tests_name("describe", tests, NULL, NULL);
}
