/* ocsf.c - see ocsf.h. */
#include "schema/ocsf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNMAPPED "unmapped."

/* Of a field the first that has a value counts, and what the class has no place for before all of
 * them: an event has it there where its place can't say it. */
static const struct row {
	const char *path;
	int field;
	enum ocsf_words as;
} rows[] = {
	{ "metadata.product.version", FIELD_VERSION, OCSF_AS_IS },
	{ "cloud.account.uid", FIELD_ACCOUNT_ID, OCSF_AS_IS },
	{ "cloud.account_uid", FIELD_ACCOUNT_ID, OCSF_AS_IS },
	{ "cloud.region", FIELD_REGION, OCSF_AS_IS },
	{ "cloud.zone", FIELD_AZ_ID, OCSF_AS_IS },
	{ "src_endpoint.interface_uid", FIELD_INTERFACE_ID, OCSF_AS_IS },
	{ "dst_endpoint.interface_uid", FIELD_INTERFACE_ID, OCSF_AS_IS },
	{ "src_endpoint.vpc_uid", FIELD_VPC_ID, OCSF_AS_IS },
	{ "dst_endpoint.vpc_uid", FIELD_VPC_ID, OCSF_AS_IS },
	{ "src_endpoint.subnet_uid", FIELD_SUBNET_ID, OCSF_AS_IS },
	{ "dst_endpoint.subnet_uid", FIELD_SUBNET_ID, OCSF_AS_IS },
	{ "src_endpoint.instance_uid", FIELD_INSTANCE_ID, OCSF_AS_IS },
	{ "dst_endpoint.instance_uid", FIELD_INSTANCE_ID, OCSF_AS_IS },
	{ "src_endpoint." OCSF_LIST, FIELD_SRCADDR, OCSF_AS_IS },
	{ "dst_endpoint." OCSF_LIST, FIELD_DSTADDR, OCSF_AS_IS },
	{ "src_endpoint.ip", FIELD_SRCADDR, OCSF_AS_IS },
	{ "dst_endpoint.ip", FIELD_DSTADDR, OCSF_AS_IS },
	{ "src_endpoint.ip", FIELD_PKT_SRCADDR, OCSF_PACKET },
	{ "dst_endpoint.ip", FIELD_PKT_DSTADDR, OCSF_PACKET },
	{ "src_endpoint.port", FIELD_SRCPORT, OCSF_AS_IS },
	{ "dst_endpoint.port", FIELD_DSTPORT, OCSF_AS_IS },
	{ "src_endpoint.svc_name", FIELD_PKT_SRC_AWS_SERVICE, OCSF_AS_IS },
	{ "dst_endpoint.svc_name", FIELD_PKT_DST_AWS_SERVICE, OCSF_AS_IS },
	{ "connection_info.protocol_num", FIELD_PROTOCOL, OCSF_AS_IS },
	{ "connection_info.tcp_flags", FIELD_TCP_FLAGS, OCSF_AS_IS },
	{ "connection_info.protocol_ver", FIELD_TYPE, OCSF_TYPE },
	{ "connection_info.protocol_ver_id", FIELD_TYPE, OCSF_TYPE },
	{ "connection_info.direction", FIELD_FLOW_DIRECTION, OCSF_DIRECTION },
	{ "connection_info.direction_id", FIELD_FLOW_DIRECTION, OCSF_DIRECTION },
	{ "connection_info.boundary_id", FIELD_TRAFFIC_PATH, OCSF_BOUNDARY },
	{ "connection_info.boundary", FIELD_TRAFFIC_PATH, OCSF_BOUNDARY },
	{ "traffic.bytes", FIELD_BYTES, OCSF_AS_IS },
	{ "traffic.packets", FIELD_PACKETS, OCSF_AS_IS },
	{ "start_time", FIELD_START, OCSF_TIME },
	{ "start_time_dt", FIELD_START, OCSF_TIME },
	{ "end_time", FIELD_END, OCSF_TIME },
	{ "end_time_dt", FIELD_END, OCSF_TIME },
	{ "action", FIELD_ACTION, OCSF_ACTION },
	{ "disposition", FIELD_ACTION, OCSF_ACTION },
	{ "action_id", FIELD_ACTION, OCSF_ACTION },
	{ "disposition_id", FIELD_ACTION, OCSF_ACTION },
	{ "status_code", FIELD_LOG_STATUS, OCSF_AS_IS },
};

/* When the event was, where it does not say when it began or ended. */
static const struct row times[] = {
	{ "time", FIELD_END, OCSF_TIME },
	{ "time_dt", FIELD_END, OCSF_TIME },
};

/* ---- places ---- */

static bool begins(struct str s, const char *with)
{
	size_t n = strlen(with);

	return s.n >= n && memcmp(s.s, with, n) == 0;
}

bool ocsf_is_list(struct str path)
{
	return begins(path, "src_endpoint." OCSF_LIST) || begins(path, "dst_endpoint." OCSF_LIST);
}

bool ocsf_is_unmapped(struct str path)
{
	return begins(path, UNMAPPED);
}

/* Other tools have endpoints too; events say what class they are of. */
static bool is_ocsf(const struct str *name, unsigned n)
{
	static const char *const classes[] = { "class_uid", "type_uid", "category_uid",
					       "metadata.product.", "metadata.version" };
	bool endpoint = false, of_class = false;

	for (unsigned i = 0; i < n; i++) {
		endpoint |= begins(name[i], "src_endpoint.") || begins(name[i], "dst_endpoint.");
		for (size_t k = 0; k < ARRAY_SIZE(classes); k++)
			of_class |= begins(name[i], classes[k]);
	}
	return endpoint && of_class;
}

struct ocsf_places {
	struct ocsf_place *out;
	unsigned n, most;
};

static void add_place(struct ocsf_places *p, unsigned name, const struct row *r, size_t rank)
{
	if (p->n < p->most)
		p->out[p->n++] = (struct ocsf_place){ .name = name,
						      .field = (int16_t)r->field,
						      .rank = (uint16_t)rank,
						      .as = r->as };
}

/* What the class has no place for, by its Parquet name. */
static void add_unmapped(struct ocsf_places *p, unsigned i, struct str name)
{
	size_t skip = sizeof UNMAPPED - 1;
	struct row r = { .field = field_find_published(
				 (struct str){ name.s + skip, name.n - skip }) };

	if (r.field != FIELD_NONE)
		add_place(p, i, &r, 0);
}

static void add_rows(struct ocsf_places *p, const struct row *row, size_t rows_n, unsigned i,
		     struct str name)
{
	for (size_t k = 0; k < rows_n; k++)
		if (str_equal(name, str_of(row[k].path)) ||
		    (ocsf_is_list(name) && begins(name, row[k].path)))
			add_place(p, i, &row[k], k + 1);
}

static int by_field(const void *a, const void *b)
{
	const struct ocsf_place *x = a, *y = b;

	return x->field != y->field ? (x->field < y->field ? -1 : 1)
	       : x->rank != y->rank ? (x->rank < y->rank ? -1 : 1)
				    : (x->name > y->name) - (x->name < y->name);
}

unsigned ocsf_match(const struct str *name, unsigned n, struct ocsf_place *out, unsigned most)
{
	struct ocsf_places p = { .out = out, .most = most };
	bool timed = false;

	if (!is_ocsf(name, n))
		return 0;
	for (unsigned i = 0; i < n; i++)
		if (ocsf_is_unmapped(name[i]))
			add_unmapped(&p, i, name[i]);
		else
			add_rows(&p, rows, ARRAY_SIZE(rows), i, name[i]);
	for (unsigned i = 0; i < p.n; i++)
		timed |= out[i].field == FIELD_START || out[i].field == FIELD_END;
	for (unsigned i = 0; !timed && i < n; i++)
		add_rows(&p, times, ARRAY_SIZE(times), i, name[i]);
	qsort(out, p.n, sizeof *out, by_field);
	return p.n;
}

/* ---- values ---- */

static const char *const boundaries[] = {
	"Same VPC",         "Internet/VPC Gateway", "Virtual Private Gateway",
	"Intra-region VPC", "Inter-region VPC",     "Local Gateway",
	"Gateway VPC",      "Internet Gateway",
};

const char *ocsf_boundary(uint64_t path)
{
	return path >= 1 && path <= ARRAY_SIZE(boundaries) ? boundaries[path - 1] : NULL;
}

/* What OCSF calls it, by the number and in words; "-": what says nothing. */
static const struct word {
	enum ocsf_words of;
	const char *word, *as;
} words[] = {
	{ OCSF_ACTION, "Allowed", "ACCEPT" },
	{ OCSF_ACTION, "1", "ACCEPT" },
	{ OCSF_ACTION, "Denied", "REJECT" },
	{ OCSF_ACTION, "Blocked", "REJECT" },
	{ OCSF_ACTION, "2", "REJECT" },
	{ OCSF_ACTION, "Unknown", "-" },
	{ OCSF_ACTION, "0", "-" },
	{ OCSF_ACTION, "Other", "-" },
	{ OCSF_ACTION, "99", "-" },
	{ OCSF_DIRECTION, "Inbound", "ingress" },
	{ OCSF_DIRECTION, "1", "ingress" },
	{ OCSF_DIRECTION, "Outbound", "egress" },
	{ OCSF_DIRECTION, "2", "egress" },
	{ OCSF_DIRECTION, "Unknown", "-" },
	{ OCSF_DIRECTION, "0", "-" },
	{ OCSF_DIRECTION, "Other", "-" },
	{ OCSF_DIRECTION, "99", "-" },
	{ OCSF_TYPE, "4", "IPv4" },
	{ OCSF_TYPE, "6", "IPv6" },
	{ OCSF_TYPE, "0", "-" },
	{ OCSF_TYPE, "99", "-" },
	{ OCSF_TYPE, "Unknown", "-" },
	{ OCSF_TYPE, "Other", "-" },
	{ OCSF_TYPE, "Internet Protocol version 4 (IPv4)", "IPv4" },
	{ OCSF_TYPE, "Internet Protocol version 6 (IPv6)", "IPv6" },
	{ OCSF_BOUNDARY, "Unknown", "-" },
	{ OCSF_BOUNDARY, "Other", "-" },
};

uint64_t ocsf_number(enum ocsf_words as, uint64_t v)
{
	if (v == OCSF_NONE)
		return v;
	if (as == OCSF_TIME)
		return v > UINT32_MAX && v % 1000 == 0 ? v / 1000 : v;
	if (as == OCSF_BOUNDARY)
		return v > OCSF_BOUNDARY_MORE && ocsf_boundary(v - OCSF_BOUNDARY_MORE)
			       ? v - OCSF_BOUNDARY_MORE
			       : OCSF_NONE;
	return v;
}

struct str ocsf_value(enum ocsf_words as, struct str value, char space[24])
{
	uint64_t v;

	if (as == OCSF_AS_IS || as == OCSF_PACKET)
		return value;
	if ((as == OCSF_TIME || as == OCSF_BOUNDARY) && str_to_u64(value, &v)) {
		v = ocsf_number(as, v);
		if (v == OCSF_NONE)
			return str_of("-");
		return (struct str){ space,
				     (size_t)snprintf(space, 24, "%llu", (unsigned long long)v) };
	}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].of == as && str_equal_loose(value, str_of(words[i].word)))
			return str_of(words[i].as);
	for (size_t i = 0; as == OCSF_BOUNDARY && i < ARRAY_SIZE(boundaries); i++)
		if (str_equal_loose(value, str_of(boundaries[i])))
			return (struct str){ space, (size_t)snprintf(space, 24, "%zu", i + 1) };
	return value;
}
