/* export_ocsf.c - a flow as an OCSF 1.5 event, class Network Activity (4001).
 *
 * The mapping is that of the OCSF examples for VPC flow logs (github ocsf/examples, AWS
 * v1.5.0), with what is wrong in them mended: times are milliseconds, values that are
 * absent are left out rather than "-". What the class has no place for stands under
 * `unmapped`, by its Parquet name. */
#include <string.h>

#include "output/export_json.h"
#include "schema/ocsf.h"
#include "store/flow_columns.h"

struct event {
	const struct segment *segment;
	const struct dict *dict;
	uint32_t row;
	struct buf text; /* scratch */
	json_t *observables;
};

/* ---- values ---- */

static bool is_unreadable(const struct event *e, int field)
{
	return e->segment->unreadables && flow_is_unreadable(e->segment, e->row, field);
}

/* As delivered; empty when it is absent or none that the field can have. Valid until the next
 * call. */
static struct str value(struct event *e, int field)
{
	const struct column *c = segment_column(e->segment, field);

	buf_clear(&e->text);
	if (c)
		column_render(c, e->dict, e->row, &e->text);
	if ((e->text.n == 1 && e->text.s[0] == '-') || is_unreadable(e, field))
		buf_clear(&e->text);
	return (struct str){ e->text.s, e->text.n };
}

static uint64_t number(const struct event *e, int field)
{
	const struct column *c = segment_column(e->segment, field);

	return c ? column_number(c, e->row) : NUMBER_ABSENT;
}

static void set_text(struct event *e, json_t *o, const char *key, int field)
{
	struct str text = value(e, field);

	if (text.n)
		json_object_set_new(o, key, json_text(text));
}

static void set_number(const struct event *e, json_t *o, const char *key, int field)
{
	uint64_t v = number(e, field);

	if (v != NUMBER_ABSENT)
		json_object_set_new(o, key, json_number(v));
}

static void set_words(json_t *o, const char *id_key, int id, const char *key, const char *word)
{
	json_object_set_new(o, id_key, json_integer(id));
	json_object_set_new(o, key, json_string(word));
}

/* An object that says nothing is no part of the event. */
static void set_object(json_t *o, const char *key, json_t *part)
{
	if (json_object_size(part))
		json_object_set(o, key, part);
	json_decref(part);
}

/* ---- parts ---- */

/* What was refused is an activity of its own, as in OCSF's examples. */
static void set_class(const struct event *e, json_t *o)
{
	bool refused = e->segment->mark[e->row] & MARK_REJECT;

	set_words(o, "category_uid", 4, "category_name", "Network Activity");
	set_words(o, "class_uid", 4001, "class_name", "Network Activity");
	set_words(o, "activity_id", refused ? 5 : 6, "activity_name",
		  refused ? "Refuse" : "Traffic");
	set_words(o, "type_uid", refused ? 400105 : 400106, "type_name",
		  refused ? "Network Activity: Refuse" : "Network Activity: Traffic");
	set_words(o, "severity_id", 1, "severity", "Informational");
}

/* A time of the record in milliseconds, and in words. */
static void set_time(const struct event *e, json_t *o, const char *key, const char *words,
		     int field)
{
	uint64_t v = number(e, field);
	char text[32];

	if (v == NUMBER_ABSENT)
		return;
	json_object_set_new(o, key, json_number(v > UINT32_MAX ? v : v * 1000));
	json_object_set_new(o, words, json_string(rfc3339(text, sizeof text, time_in_seconds(v))));
}

static void set_times(const struct event *e, json_t *o)
{
	/* The event's time is its start, as in the examples. */
	int first = number(e, FIELD_START) != NUMBER_ABSENT ? FIELD_START : FIELD_END;

	set_time(e, o, "time", "time_dt", first);
	set_time(e, o, "start_time", "start_time_dt", FIELD_START);
	set_time(e, o, "end_time", "end_time_dt", FIELD_END);
}

static void set_verdict(struct event *e, json_t *o)
{
	uint8_t mark = e->segment->mark[e->row];

	if (mark & MARK_ACCEPT) {
		set_words(o, "action_id", 1, "action", "Allowed");
		set_words(o, "disposition_id", 1, "disposition", "Allowed");
	} else if (mark & MARK_REJECT) {
		set_words(o, "action_id", 2, "action", "Denied");
		set_words(o, "disposition_id", 2, "disposition", "Blocked");
	}
	set_text(e, o, "status_code", FIELD_LOG_STATUS);
}

static void set_metadata(struct event *e, json_t *o)
{
	json_t *metadata = json_object(), *product = json_object();

	json_object_set_new(metadata, "version", json_string("1.5.0"));
	json_object_set_new(metadata, "profiles",
			    json_pack("[sss]", "cloud", "security_control", "datetime"));
	json_object_set_new(product, "name", json_string("Amazon VPC"));
	json_object_set_new(product, "vendor_name", json_string("AWS"));
	set_text(e, product, "version", FIELD_VERSION);
	json_object_set_new(product, "feature", json_pack("{ss}", "name", "Flowlogs"));
	set_object(metadata, "product", product);
	set_object(o, "metadata", metadata);
}

static void set_cloud(struct event *e, json_t *o)
{
	json_t *cloud = json_object(), *account = json_object();

	json_object_set_new(cloud, "provider", json_string("AWS"));
	set_text(e, account, "uid", FIELD_ACCOUNT_ID);
	set_object(cloud, "account", account);
	set_text(e, cloud, "region", FIELD_REGION);
	set_text(e, cloud, "zone", FIELD_AZ_ID);
	set_object(o, "cloud", cloud);
}

/* +1: egress, -1: ingress, 0: not said. */
static int direction(struct event *e)
{
	struct str text = value(e, FIELD_FLOW_DIRECTION);

	return str_equal_loose(text, str_of("egress"))    ? 1
	       : str_equal_loose(text, str_of("ingress")) ? -1
							  : 0;
}

/* Whether `type` is a version of IP. */
static bool names_version(struct event *e)
{
	struct str type = value(e, FIELD_TYPE);

	return str_equal_loose(type, str_of("IPv4")) || str_equal_loose(type, str_of("IPv6"));
}

/* The version of IP that `type` says, else the addresses. */
static int ip_version(struct event *e)
{
	struct str type = value(e, FIELD_TYPE);
	uint8_t address[16];

	if (str_equal_loose(type, str_of("IPv4")))
		return 4;
	if (str_equal_loose(type, str_of("IPv6")))
		return 6;
	if (!address_parse(value(e, FIELD_SRCADDR), address))
		return 0;
	return memchr(e->text.s, ':', e->text.n) ? 6 : 4;
}

static void set_connection(struct event *e, json_t *o)
{
	static const char *const directions[] = { "Inbound", "Unknown", "Outbound" };
	json_t *info = json_object();
	uint64_t path = number(e, FIELD_TRAFFIC_PATH);
	const char *boundary = ocsf_boundary(path);
	int way = direction(e), version = ip_version(e);

	set_number(e, info, "protocol_num", FIELD_PROTOCOL);
	if (version)
		set_words(info, "protocol_ver_id", version, "protocol_ver",
			  version == 4 ? "IPv4" : "IPv6");
	set_number(e, info, "tcp_flags", FIELD_TCP_FLAGS);
	/* Required since OCSF 1.5. */
	set_words(info, "direction_id", way > 0 ? 2 : -way, "direction", directions[way + 1]);
	if (boundary)
		set_words(info, "boundary_id", (int)path + OCSF_BOUNDARY_MORE, "boundary",
			  boundary);
	set_object(o, "connection_info", info);
}

/* ---- endpoints ---- */

static void observe(struct event *e, const char *name, struct str address)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", json_string(name));
	json_object_set_new(o, "value", json_text(address));
	set_words(o, "type_id", 2, "type", "IP Address");
	json_array_append_new(e->observables, o);
}

struct side {
	const char *key;
	int address, packet_address, port, service;
	const char *ip_name, *between_name; /* of observables */
};

/* Its true address is the packet's; where that is another, the record's own stands
 * between (a NAT gateway, a load balancer). */
static void set_addresses(struct event *e, json_t *endpoint, const struct side *side)
{
	struct buf own = { 0 };

	buf_add_str(&own, value(e, side->address));
	struct str packet = value(e, side->packet_address);
	if (packet.n && own.n && !str_equal(packet, buf_str(&own))) {
		json_object_set_new(endpoint, "intermediate_ips",
				    json_pack("[o]", json_text(buf_str(&own))));
		observe(e, side->between_name, buf_str(&own));
	} else if (!packet.n) {
		packet = buf_str(&own);
	}
	if (packet.n) {
		json_object_set_new(endpoint, "ip", json_text(packet));
		observe(e, side->ip_name, packet);
	}
	buf_release(&own);
}

static void set_endpoint(struct event *e, json_t *o, const struct side *side, bool interface)
{
	json_t *endpoint = json_object();

	set_addresses(e, endpoint, side);
	set_number(e, endpoint, "port", side->port);
	set_text(e, endpoint, "svc_name", side->service);
	if (interface) {
		set_text(e, endpoint, "interface_uid", FIELD_INTERFACE_ID);
		set_text(e, endpoint, "vpc_uid", FIELD_VPC_ID);
		set_text(e, endpoint, "subnet_uid", FIELD_SUBNET_ID);
		set_text(e, endpoint, "instance_uid", FIELD_INSTANCE_ID);
	}
	set_object(o, side->key, endpoint);
}

/* ---- the rest ---- */

/* Whether a field has a place of its own above that can say its value; `placed`: the interface's
 * have too. */
static bool is_mapped(struct event *e, int field, bool placed)
{
	switch (field) {
	case FIELD_ACTION:
		return e->segment->mark[e->row] & (MARK_ACCEPT | MARK_REJECT);
	case FIELD_TYPE:
		return names_version(e);
	case FIELD_FLOW_DIRECTION:
		return direction(e) != 0;
	case FIELD_TRAFFIC_PATH:
		return ocsf_boundary(number(e, FIELD_TRAFFIC_PATH));
	case FIELD_VERSION:
	case FIELD_ACCOUNT_ID:
	case FIELD_SRCADDR:
	case FIELD_DSTADDR:
	case FIELD_SRCPORT:
	case FIELD_DSTPORT:
	case FIELD_PROTOCOL:
	case FIELD_PACKETS:
	case FIELD_BYTES:
	case FIELD_START:
	case FIELD_END:
	case FIELD_LOG_STATUS:
	case FIELD_TCP_FLAGS:
	case FIELD_PKT_SRCADDR:
	case FIELD_PKT_DSTADDR:
	case FIELD_REGION:
	case FIELD_AZ_ID:
	case FIELD_PKT_SRC_AWS_SERVICE:
	case FIELD_PKT_DST_AWS_SERVICE:
		return true;
	case FIELD_INTERFACE_ID:
	case FIELD_VPC_ID:
	case FIELD_SUBNET_ID:
	case FIELD_INSTANCE_ID:
		return placed;
	default:
		return false;
	}
}

static void set_unmapped(struct event *e, json_t *o, bool placed)
{
	const struct format *format = e->segment->format;
	json_t *unmapped = json_object();
	struct buf key = { 0 };

	for (unsigned i = 0; i < format->n; i++) {
		bool unreadable = is_unreadable(e, format->field[i]);
		if (is_mapped(e, format->field[i], placed) && !unreadable)
			continue;
		buf_clear(&key);
		for (const char *p = field_name(format->field[i]); *p; p++)
			buf_putc(&key, *p == '-' ? '_' : (unsigned char)*p < 0x80 ? *p : '?');
		if (unreadable) {
			buf_clear(&e->text);
			flow_render(e->segment, e->dict, e->row, format->field[i], &e->text);
			json_object_set_new(unmapped, key.s, json_text(buf_str(&e->text)));
		} else if (type_is_number(field_type(format->field[i])) &&
			   number(e, format->field[i]) != NUMBER_ABSENT)
			set_number(e, unmapped, key.s, format->field[i]);
		else
			set_text(e, unmapped, key.s, format->field[i]);
	}
	buf_release(&key);
	set_object(o, "unmapped", unmapped);
}

json_t *json_ocsf(const struct segment *s, const struct dict *d, uint32_t row)
{
	static const struct side src = { "src_endpoint",
					 FIELD_SRCADDR,
					 FIELD_PKT_SRCADDR,
					 FIELD_SRCPORT,
					 FIELD_PKT_SRC_AWS_SERVICE,
					 "src_endpoint.ip",
					 "src_endpoint.intermediate_ips[]" };
	static const struct side dst = { "dst_endpoint",
					 FIELD_DSTADDR,
					 FIELD_PKT_DSTADDR,
					 FIELD_DSTPORT,
					 FIELD_PKT_DST_AWS_SERVICE,
					 "dst_endpoint.ip",
					 "dst_endpoint.intermediate_ips[]" };
	struct event e = { .segment = s, .dict = d, .row = row, .observables = json_array() };
	json_t *o = json_object(), *traffic = json_object();
	int way = direction(&e);

	set_class(&e, o);
	set_times(&e, o);
	set_verdict(&e, o);
	set_metadata(&e, o);
	set_cloud(&e, o);
	set_connection(&e, o);
	/* The interface is where the flow left (egress) or came in. */
	set_endpoint(&e, o, &src, way > 0);
	set_endpoint(&e, o, &dst, way < 0);
	set_number(&e, traffic, "bytes", FIELD_BYTES);
	set_number(&e, traffic, "packets", FIELD_PACKETS);
	set_object(o, "traffic", traffic);
	set_unmapped(&e, o, way != 0);
	if (json_array_size(e.observables))
		json_object_set(o, "observables", e.observables);
	json_decref(e.observables);
	buf_release(&e.text);
	return o;
}
