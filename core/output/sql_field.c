/* sql_field.c - what stands for a field in a statement: a column, or an expression; and the parts
 * of keys. */
#include <inttypes.h>
#include <string.h>

#include "labels/label_field.h"
#include "labels/prefixes.h"
#include "output/export_load.h"
#include "output/sql_private.h"

/* What Logs Insights finds in a record of the default format by itself. */
static const char *discovered(int field)
{
	static const struct {
		int field;
		const char *name;
	} names[] = {
		{ FIELD_VERSION, "version" },
		{ FIELD_ACCOUNT_ID, "accountId" },
		{ FIELD_INTERFACE_ID, "interfaceId" },
		{ FIELD_SRCADDR, "srcAddr" },
		{ FIELD_DSTADDR, "dstAddr" },
		{ FIELD_SRCPORT, "srcPort" },
		{ FIELD_DSTPORT, "dstPort" },
		{ FIELD_PROTOCOL, "protocol" },
		{ FIELD_PACKETS, "packets" },
		{ FIELD_BYTES, "bytes" },
		{ FIELD_START, "startTime" },
		{ FIELD_END, "endTime" },
		{ FIELD_ACTION, "action" },
		{ FIELD_LOG_STATUS, "logStatus" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].field == field)
			return names[i].name;
	return NULL;
}

/* A name of enitop's as one of SQL. */
static const char *underscored(struct sql *s, const char *name)
{
	struct buf out = { 0 };

	for (; *name; name++)
		buf_putc(&out, *name == '-' || *name == '/' ? '_' : *name);
	return sql_take(s, &out);
}

const char *sql_column(struct sql *s, int field)
{
	const char *name = field_name(field);

	if (field < 0 || field >= FIELDS_PUBLISHED) {
		sql_refuse(s, "'%s' is known to enitop alone", name);
		return "";
	}
	if (s->ask->server && !s->ask->server->has.has[field]) {
		sql_refuse(s, "the table has no column for '%s'", name);
		return "";
	}
	if (s->engine == SQL_INSIGHTS) {
		if (discovered(field))
			return discovered(field);
		sql_refuse(s, "insights discovers the fields of the default format only, not '%s'",
			   name);
		return "";
	}
	name = underscored(s, name);
	/* "end" is a word of the language. */
	return field == FIELD_START || field == FIELD_END ? sql_format(s, "\"%s\"", name) : name;
}

/* ---- the two sides ---- */

/* As enitop told when it wrote the record. */
static const char *oriented_as_written(struct sql *s, int field)
{
	struct sides sides = sides_of(field);

	if (!s->ask->server->sides) {
		sql_refuse(s,
			   "the table has no columns " LOAD_FROM_SERVER " and " LOAD_GUESS
			   ", which --output clickhouse writes: without them '%s' is not known",
			   field_name(field));
		return "";
	}
	return sql_format(s, "if(" LOAD_FROM_SERVER " = 1, %s, %s)", sql_value(s, sides.serving),
			  sql_value(s, sides.asking));
}

/* The side with the lower port serves. */
static const char *oriented(struct sql *s, int field)
{
	struct sides sides = sides_of(field);
	const char *source, *asked;

	if (s->ask->server)
		return oriented_as_written(s, field);
	source = sql_column(s, FIELD_SRCPORT);
	asked = sql_column(s, FIELD_DSTPORT);

	sql_note(s, "the lower port serves here; enitop looks at TCP flags and known ports too");
	if (s->engine == SQL_INSIGHTS && field == FIELD_SERVICE)
		return sql_format(s, "least(%s, %s)", source, asked);
	if (!sql_can(s, SQL_IF)) {
		sql_refuse(s, "%s has no '%s': use srcaddr, dstaddr", sql_engine_name(s->engine),
			   field_name(field));
		return "";
	}
	return sql_say(s, SQL_IF, sql_format(s, "%s < %s", source, asked),
		       sql_value(s, sides.serving), sql_value(s, sides.asking));
}

/* ---- scopes ---- */

/* That an address is in one of the networks, commas apart; behind other conditions, or first. */
static const char *in_networks(struct sql *s, const char *address, const char *networks, bool first)
{
	struct buf out = { 0 };
	struct str rest = str_of(networks);

	while (rest.n) {
		const char *comma = memchr(rest.s, ',', rest.n);
		size_t n = comma ? (size_t)(comma - rest.s) : rest.n;
		struct str one = str_trim((struct str){ rest.s, n });
		struct match m = { 0 };
		uint8_t network[16];
		unsigned bits;
		rest.s += n + (comma != NULL);
		rest.n -= n + (comma != NULL);
		if (!prefix_parse(one, network, &bits))
			continue;
		match_network(network, bits, &m);
		buf_printf(&out, "%s%s", first ? "" : "\n    or ",
			   sql_between(s, address, m.from, m.to));
		first = false;
	}
	return sql_take(s, &out);
}

static const char *is_internal(struct sql *s, int of)
{
	const char *address = sql_field(s, of);
	struct buf out = { 0 };

	buf_puts(&out, in_networks(s, address, LABELS_INTERNAL, true));
	for (unsigned i = 0; i < s->ask->internals; i++)
		buf_puts(&out, in_networks(s, address, s->ask->internal[i], false));
	return sql_take(s, &out);
}

bool sql_is_scope(int field)
{
	struct label_field label;

	return label_field_get(field, &label) && label.label == LABEL_SCOPE &&
	       label.of != LABEL_OF_TEXT;
}

/* The address that a scope is of. */
static int scope_of(int field)
{
	return field == FIELD_CLIENT_SCOPE   ? FIELD_CLIENT
	       : field == FIELD_SERVER_SCOPE ? FIELD_SERVER
	       : field == FIELD_DST_SCOPE    ? FIELD_DSTADDR
					     : FIELD_SRCADDR;
}

const char *sql_is_internal(struct sql *s, int field)
{
	const char *one = is_internal(s, scope_of(field));

	return field != FIELD_SCOPE
		       ? sql_format(s, "(%s)", one)
		       : sql_format(s, "(%s)\n    and (%s)", one, is_internal(s, FIELD_DSTADDR));
}

static const char *scope(struct sql *s, int field)
{
	const char *known = sql_say(s, SQL_ADDRESS, sql_field(s, scope_of(field)));

	if (field == FIELD_SCOPE)
		known = sql_format(s, "%s is null or %s", known,
				   sql_say(s, SQL_ADDRESS, sql_column(s, FIELD_DSTADDR)));
	return sql_format(
		s,
		"case when %s is null then null\n    when %s then 'internal' else 'internet' end",
		known, sql_is_internal(s, field));
}

bool sql_has_dashes(int field)
{
	return field < FIELDS_PUBLISHED && !type_is_number(field_type(field));
}

const char *sql_field(struct sql *s, int field)
{
	if (sql_is_scope(field))
		return scope(s, field);
	if (field == FIELD_CLIENT || field == FIELD_SERVER || field == FIELD_SERVICE)
		return oriented(s, field);
	return sql_column(s, field == FIELD_BIN ? FIELD_END : field);
}

const char *sql_value(struct sql *s, int field)
{
	const char *as = sql_field(s, field);

	if (!sql_has_dashes(field))
		return as;
	if (s->engine == SQL_INSIGHTS)
		sql_note(s, "where a record has - it counts as a value");
	return sql_say(s, SQL_VALUE, as);
}

/* ---- parts of keys ---- */

/* The first `bits` of 64 set, as a number with a sign. */
static const char *mask(struct sql *s, unsigned bits)
{
	return sql_format(s, "%" PRId64, bits ? -(INT64_C(1) << (64 - bits)) : 0);
}

/* The network of an address, of so many bits, 0: the address itself. */
static const char *network_text(struct sql *s, const char *address, bool v4, unsigned bits)
{
	const char *bytes = sql_say(s, SQL_BYTES, sql_say(s, SQL_ADDRESS, address)), *net;
	enum sql_phrase p = v4 ? SQL_NET_IPV4 : SQL_NET_IPV6;

	if (!bits)
		return address;
	if (s->engine == SQL_CLICKHOUSE)
		net = sql_say(s, p, address, sql_format(s, "%u", bits));
	else if (v4)
		net = sql_say(s, p, bytes, mask(s, 32 + bits));
	else
		net = sql_say(s, p, bytes, mask(s, bits < 64 ? bits : 64),
			      mask(s, bits > 64 ? bits - 64 : 0));
	return sql_format(s, "concat(%s, '/%u')", net, bits);
}

static const char *network(struct sql *s, int field, const uint8_t bits[2])
{
	const char *address = sql_field(s, field), *known = sql_say(s, SQL_ADDRESS, address);
	const char *v4 =
		sql_say(s, SQL_IS_IPV4,
			s->engine == SQL_CLICKHOUSE ? address : sql_say(s, SQL_BYTES, known));

	return sql_format(s, "case when %s is null then null\n    when %s then %s\n    else %s end",
			  known, v4, network_text(s, address, true, bits[0] % 32),
			  network_text(s, address, false, bits[1] % 128));
}

static const char *pair(struct sql *s)
{
	const char *x = sql_column(s, FIELD_SRCADDR), *y = sql_column(s, FIELD_DSTADDR);

	if (!sql_can(s, SQL_PAIR))
		return sql_say(s, SQL_PAIR);
	return sql_say(s, SQL_PAIR, x, y, sql_say(s, SQL_ADDRESS, x), sql_say(s, SQL_ADDRESS, y));
}

/* An address that stands in a text before or behind a mark. */
static const char *order_of_part(struct sql *s, const char *name, const char *mark, const char *n)
{
	return sql_format(
		s, "%s nulls first",
		sql_say(s, SQL_ADDRESS, sql_say(s, SQL_PART, name, sql_text(s, str_of(mark)), n)));
}

const char *sql_order(struct sql *s, enum field_type type, const char *value)
{
	return type == TYPE_ADDRESS && sql_can(s, SQL_ADDRESS) ? sql_say(s, SQL_ADDRESS, value)
							       : value;
}

static const char *order_of(struct sql *s, enum field_type type, const char *value)
{
	if (s->engine == SQL_INSIGHTS)
		return value;
	switch (type) {
	case TYPE_PAIR:
		return sql_format(s, "%s, %s", order_of_part(s, value, " <> ", "1"),
				  order_of_part(s, value, " <> ", "2"));
	case TYPE_NETWORK:
		return order_of_part(s, value, "/", "1");
	default:
		return sql_format(s, "%s nulls first", sql_order(s, type, value));
	}
}

struct sql_key sql_key(struct sql *s, const struct group *g, unsigned part)
{
	int field = g->field[part];
	enum field_type type = group_part_type(g, part);
	struct buf name = { 0 };
	struct sql_key k;

	group_part_name(g, part, &name);
	k.name = underscored(s, sql_take(s, &name));
	k.renamed = k.derived = true;
	if (type == TYPE_PAIR)
		k.value = pair(s);
	else if (type == TYPE_NETWORK)
		k.value = network(s, field, g->bits[part]);
	else
		k.value = sql_value(s, field);
	if (field < FIELDS_PUBLISHED && type != TYPE_NETWORK) {
		k.name = sql_column(s, field);
		k.renamed = strcmp(k.name, k.value) != 0;
		k.derived = false;
	}
	/* In ClickHouse a name is that of the expression before that of a column; in Athena
	 * behind `group by` never, and behind `order by` alone. */
	k.group = s->engine == SQL_ATHENA && !k.derived ? k.value : k.name;
	k.order = order_of(s, type, type == TYPE_ADDRESS ? k.group : k.name);
	return k;
}
