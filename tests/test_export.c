/* Flows and results in every format: OCSF against the published example, csv and raw read
 * back. */
#include <jansson.h>

#include "output/export.h"
#include "support.h"

static struct ring *ring_of(const char *header, const char *lines)
{
	struct ring *r = ring_new(dict_new(), 1 << 30);
	const struct format *f = header ? format_parse(str_of(header), "header") : format_default();

	ring_set_ceiling(r, INT64_MAX);
	assert_non_null(f);
	assert_int_equal(ring_add_text(r, f, str_of(lines), NULL, NULL), 1);
	return r;
}

/* Every row of every segment. */
static void write_all(struct flow_writer *w, struct ring *r, struct buf *out)
{
	for (size_t i = 0; i < ring_count(r); i++)
		for (uint32_t row = 0; row < ring_at(r, i)->rows; row++)
			flow_writer_row(w, ring_at(r, i), ring_dict(r), row, out);
}

static struct buf flows_as(enum output o, struct ring *r)
{
	struct flow_writer w;
	struct buf out = { 0 };

	flow_writer_begin(&w, o, NULL, 0, &out);
	write_all(&w, r, &out);
	return out;
}

/* ---- OCSF ---- */

/* "connection_info.boundary_id" of an event; NULL: not there. */
static json_t *at(json_t *event, const char *path)
{
	char key[64];

	while (event && *path) {
		size_t n = strcspn(path, ".");
		snprintf(key, sizeof key, "%.*s", (int)n, path);
		event = json_is_array(event) ? json_array_get(event, (size_t)atoi(key))
					     : json_object_get(event, key);
		path += n + (path[n] == '.');
	}
	return event;
}

struct expected {
	const char *path, *value; /* the value as JSON; NULL: must not be there */
};

static void expect(json_t *event, const struct expected *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		json_t *have = at(event, e[i].path);
		char *text = have ? json_dumps(have, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
		if (e[i].value ? !text || strcmp(text, e[i].value) != 0 : text != NULL)
			fail_msg("%s: %s, not %s", e[i].path, text ? text : "absent",
				 e[i].value ? e[i].value : "absent");
		free(text);
	}
}

static json_t *event_of(const char *header, const char *line)
{
	struct ring *r = ring_of(header, line);
	struct buf out = flows_as(OUTPUT_OCSF, r);
	json_t *event = json_loadb(out.s, out.n, 0, NULL);

	assert_non_null(event);
	assert_int_equal(out.s[out.n - 1], '\n');
	assert_ptr_equal(memchr(out.s, '\n', out.n), out.s + out.n - 1);
	buf_release(&out);
	ring_free_all(r);
	return event;
}

static const char example_header[] =
	"account-id action az-id bytes dstaddr dstport end flow-direction instance-id interface-id "
	"log-status packets pkt-dst-aws-service pkt-dstaddr pkt-src-aws-service pkt-srcaddr protocol "
	"region reject-reason srcaddr srcport start sublocation-id sublocation-type subnet-id "
	"tcp-flags traffic-path type version vpc-id ecs-cluster-name ecs-task-id";
static const char example_line[] =
	"123456789012 ACCEPT use2-az2 38526 10.0.0.1 8864 1752247603 egress - eni-0000000000000000 "
	"OK 8 - 1.2.3.5 - 1.2.3.4 6 us-east-2 Accepted 1.2.3.4 8080 1752247584 - - "
	"subnet-04941e5249e5fb165 19 1 IPv4 8 vpc-00000000 HostingStack "
	"k5ivh86ham2ic6vhiadec7190329gyov\n";

/* The values of the example that OCSF publishes for this record, absent ones left out. */
static void the_published_example(void **state)
{
	static const struct expected want[] = {
		{ "class_uid", "4001" },
		{ "category_uid", "4" },
		{ "activity_id", "6" },
		{ "type_uid", "400106" },
		{ "type_name", "\"Network Activity: Traffic\"" },
		{ "severity_id", "1" },
		{ "time", "1752247584000" },
		{ "start_time", "1752247584000" },
		{ "end_time", "1752247603000" },
		{ "end_time_dt", "\"2025-07-11T15:26:43Z\"" },
		{ "action_id", "1" },
		{ "action", "\"Allowed\"" },
		{ "disposition", "\"Allowed\"" },
		{ "status_code", "\"OK\"" },
		{ "metadata.version", "\"1.5.0\"" },
		{ "metadata.profiles", "[\"cloud\",\"security_control\",\"datetime\"]" },
		{ "metadata.product.version", "\"8\"" },
		{ "metadata.product.feature.name", "\"Flowlogs\"" },
		{ "cloud.account.uid", "\"123456789012\"" },
		{ "cloud.zone", "\"use2-az2\"" },
		{ "connection_info.protocol_num", "6" },
		{ "connection_info.protocol_ver", "\"IPv4\"" },
		{ "connection_info.tcp_flags", "19" },
		{ "connection_info.direction", "\"Outbound\"" },
		{ "connection_info.boundary_id", "4" },
		{ "connection_info.boundary", "\"Same VPC\"" },
		{ "src_endpoint.ip", "\"1.2.3.4\"" },
		{ "src_endpoint.port", "8080" },
		{ "src_endpoint.interface_uid", "\"eni-0000000000000000\"" },
		{ "src_endpoint.subnet_uid", "\"subnet-04941e5249e5fb165\"" },
		{ "src_endpoint.instance_uid", NULL },
		{ "src_endpoint.svc_name", NULL },
		{ "src_endpoint.intermediate_ips", NULL },
		{ "dst_endpoint.ip", "\"1.2.3.5\"" },
		{ "dst_endpoint.intermediate_ips", "[\"10.0.0.1\"]" },
		{ "dst_endpoint.interface_uid", NULL },
		{ "traffic", "{\"bytes\":38526,\"packets\":8}" },
		{ "observables.1.name", "\"dst_endpoint.intermediate_ips[]\"" },
		{ "observables.1.type_id", "2" },
		{ "unmapped.reject_reason", "\"Accepted\"" },
		{ "unmapped.ecs_task_id", "\"k5ivh86ham2ic6vhiadec7190329gyov\"" },
		{ "unmapped.sublocation_id", NULL },
		{ "unmapped.interface_id", NULL },
	};
	json_t *event = event_of(example_header, example_line);

	(void)state;
	expect(event, want, ARRAY_SIZE(want));
	json_decref(event);
}

static void the_default_format(void **state)
{
	/* Refused, no direction: which end has the interface is not said. */
	static const struct expected want[] = {
		{ "action_id", "2" },
		{ "action", "\"Denied\"" },
		{ "disposition_id", "2" },
		{ "disposition", "\"Blocked\"" },
		{ "activity_id", "5" },
		{ "activity_name", "\"Refuse\"" },
		{ "type_uid", "400105" },
		{ "type_name", "\"Network Activity: Refuse\"" },
		{ "connection_info", "{\"protocol_num\":17,\"protocol_ver_id\":6,\"protocol_ver\":"
				     "\"IPv6\",\"direction_id\":0,\"direction\":\"Unknown\"}" },
		{ "src_endpoint", "{\"ip\":\"2001:db8::1\",\"port\":53}" },
		{ "cloud", "{\"provider\":\"AWS\",\"account\":{\"uid\":\"123456789012\"}}" },
		{ "time", "1700000000123" },
		{ "time_dt", "\"2023-11-14T22:13:20Z\"" },
		{ "unmapped", "{\"interface_id\":\"eni-1\"}" },
	};
	json_t *event = event_of(NULL, "2 123456789012 eni-1 2001:db8::1 2001:db8::2 53 4000 17 1 "
				       "80 1700000000123 1700000060 REJECT OK\n");

	(void)state;
	expect(event, want, ARRAY_SIZE(want));
	json_decref(event);
}

static void a_transit_gateway(void **state)
{
	static const struct expected want[] = {
		{ "action", NULL },
		{ "disposition_id", NULL },
		{ "unmapped", "{\"tgw_id\":\"tgw-1\",\"packets_lost_no_route\":7}" },
		{ "traffic", "{\"bytes\":9}" },
	};
	json_t *event = event_of("version tgw-id srcaddr dstaddr bytes start end "
				 "packets-lost-no-route log-status",
				 "6 tgw-1 10.0.0.1 10.0.0.2 9 1700000000 1700000060 7 OK\n");

	(void)state;
	expect(event, want, ARRAY_SIZE(want));
	json_decref(event);
}

static void status_rows_are_counted(void **state)
{
	struct ring *r = ring_of(NULL, "2 123456789012 eni-1 - - - - - - - 1700000000 1700000060 - "
				       "NODATA\n");
	struct flow_writer w;
	struct buf out = { 0 };

	(void)state;
	flow_writer_begin(&w, OUTPUT_OCSF, NULL, 0, &out);
	write_all(&w, r, &out);
	assert_int_equal(out.n, 0);
	assert_int_equal(w.left_out, 1);
	buf_release(&out);
	ring_free_all(r);
}

/* ---- raw ---- */

static void raw_says_its_format(void **state)
{
	static const char old[] = "2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 80 1700000000 "
				  "1700000060 ACCEPT OK\n";
	struct ring *r = ring_of(NULL, old), *other = ring_of("srcaddr dstaddr bytes end",
							      "10.0.0.1 10.0.0.2 007 1700000060\n");
	struct flow_writer w;
	struct buf out = { 0 };

	(void)state;
	flow_writer_begin(&w, OUTPUT_RAW, NULL, 0, &out);
	write_all(&w, r, &out);
	assert_string_equal(out.s, old); /* needs no header */
	write_all(&w, other, &out);
	write_all(&w, other, &out);
	write_all(&w, r, &out);
	assert_string_equal(
		out.s + strlen(old),
		"srcaddr dstaddr bytes end\n10.0.0.1 10.0.0.2 007 1700000060\n"
		"10.0.0.1 10.0.0.2 007 1700000060\n"
		"version account-id interface-id srcaddr dstaddr srcport dstport protocol "
		"packets bytes start end action log-status\n"
		"2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 80 1700000000 "
		"1700000060 ACCEPT OK\n");
	buf_release(&out);
	ring_free_all(r);
	ring_free_all(other);
}

/* ---- csv ---- */

/* The next cell after RFC 4180. */
static void csv_next(const char **p, struct buf *cell, bool *row_ended)
{
	buf_clear(cell);
	if (**p == '"') {
		for (++*p; **p && (**p != '"' || (*p)[1] == '"'); ++*p) {
			*p += **p == '"';
			buf_putc(cell, **p);
		}
		assert_int_equal(**p, '"');
		++*p;
	} else {
		while (**p && !strchr(",\r\n", **p)) {
			assert_int_not_equal(**p, '"');
			buf_putc(cell, *(*p)++);
		}
	}
	*row_ended = **p != ',';
	assert_true(**p == ',' || **p == '\n');
	++*p;
}

static void csv_reads_back(void **state)
{
	static const char *const want[] = {
		"srcaddr", "instance-tag", "bytes", "10.0.0.1", "a,\"b\",,\"\"",
		"5",       "10.0.0.2",     "-",     "-"
	};
	struct ring *r =
		ring_of("srcaddr instance-tag bytes", "10.0.0.1 a,\"b\",,\"\" 5\n10.0.0.2 - -\n");
	struct buf out = flows_as(OUTPUT_CSV, r), cell = { 0 };
	const char *p = out.s;
	bool ended;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		csv_next(&p, &cell, &ended);
		buf_putc(&cell, '\0');
		assert_string_equal(cell.s, want[i]);
		assert_int_equal(ended, i % 3 == 2);
	}
	assert_int_equal(*p, '\0');
	buf_release(&cell);
	buf_release(&out);
	ring_free_all(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_example), cmocka_unit_test(the_default_format),
		cmocka_unit_test(a_transit_gateway),     cmocka_unit_test(status_rows_are_counted),
		cmocka_unit_test(raw_says_its_format),   cmocka_unit_test(csv_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
