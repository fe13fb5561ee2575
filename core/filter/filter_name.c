/* filter_name.c - the names that a filter knows, and the nearest to one that it does
 * not. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter_ast.h"
#include "schema/synonym.h"

static const struct name any_side[] = {
	{ "addr", { FIELD_SRCADDR, FIELD_DSTADDR, FIELD_PKT_SRCADDR, FIELD_PKT_DSTADDR }, 4 },
	{ "port", { FIELD_SRCPORT, FIELD_DSTPORT }, 2 },
	{ "name", { FIELD_SRC_NAME, FIELD_DST_NAME }, 2 },
	{ "aws-service", { FIELD_SRC_AWS_SERVICE, FIELD_DST_AWS_SERVICE }, 2 },
	{ "aws-region", { FIELD_SRC_AWS_REGION, FIELD_DST_AWS_REGION }, 2 },
	{ "country", { FIELD_SRC_COUNTRY, FIELD_DST_COUNTRY }, 2 },
	{ "as", { FIELD_SRC_AS, FIELD_DST_AS }, 2 },
};

static const struct {
	const char *word;
	unsigned side;
} any_side_alias[] = {
	{ "addr", 0 }, { "ip", 0 },          { "host", 0 },       { "net", 0 },     { "port", 1 },
	{ "name", 2 }, { "aws-service", 3 }, { "aws-region", 4 }, { "country", 5 }, { "as", 6 },
};

bool filter_name(struct str text, struct name *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(any_side_alias); i++)
		if (str_equal_loose(text, str_of(any_side_alias[i].word))) {
			*out = any_side[any_side_alias[i].side];
			return true;
		}
	int field = field_lookup(text);
	if (field == FIELD_NONE)
		return false;
	if (field == FIELD_PAIR) { /* one of the two is */
		*out = (struct name){ field_name(field), { FIELD_SRCADDR, FIELD_DSTADDR }, 2 };
		return true;
	}
	if (field == FIELD_BIN) /* "time": that of the record's end */
		field = FIELD_END;
	*out = (struct name){ field_name(field), { field }, 1 };
	return true;
}

/* As names are compared: without '-', '_' and case. */
static bool begins(struct str name, struct str text)
{
	size_t i = 0, k = 0;

	for (; i < text.n; i++) {
		if (text.s[i] == '-' || text.s[i] == '_')
			continue;
		while (k < name.n && (name.s[k] == '-' || name.s[k] == '_'))
			k++;
		if (k == name.n ||
		    tolower((unsigned char)name.s[k++]) != tolower((unsigned char)text.s[i]))
			return false;
	}
	return true;
}

bool filter_name_begins(struct str text)
{
	for (int id = 0; id < FIELDS_KNOWN; id++) {
		struct str rest = str_of(field_get(id)->aliases),
			   name = str_of(field_get(id)->name);
		for (; name.n; name = str_token(&rest))
			if (begins(name, text))
				return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(any_side_alias); i++)
		if (begins(str_of(any_side_alias[i].word), text))
			return true;
	return false;
}

/* What other tools call it, that is no column of a log: Wireshark, nfdump, Hubble, pf. */
static const struct {
	const char *theirs, *ours;
} tools[] = {
	{ "state", "action" },
	{ "verdict", "action" },
	{ "decision", "action" },
	{ "ip.src", "src" },
	{ "ip.dst", "dst" },
	{ "ip.addr", "addr" },
	{ "ip.proto", "protocol" },
	{ "tcp.port", "port" },
	{ "tcp.srcport", "srcport" },
	{ "tcp.dstport", "dstport" },
	{ "udp.port", "port" },
	{ "udp.srcport", "srcport" },
	{ "udp.dstport", "dstport" },
	{ "sip", "src" },
	{ "dip", "dst" },
	{ "from", "src" },
	{ "to", "dst" },
	{ "peer", "addr" },
	{ "address", "addr" },
	{ "length", "bytes" },
	{ "size", "bytes" },
	{ "octets", "bytes" },
	{ "family", "type" },
	{ "timestamp", "end" },
};

/* NULL: nobody we know calls anything so. The names of columns are SYNONYMS. */
static const char *of_tool(struct str name)
{
	unsigned rank;
	int field = synonym_find(name, &rank);

	if (field != FIELD_NONE)
		return field_name(field);
	if (name.n > 1 && name.s[0] == '@') /* "@timestamp" */
		name = (struct str){ name.s + 1, name.n - 1 };
	for (size_t i = 0; i < ARRAY_SIZE(tools); i++)
		if (str_equal_loose(name, str_of(tools[i].theirs)))
			return tools[i].ours;
	return NULL;
}

/* A name of ours with as few edits as can be. */
struct nearest {
	struct str name;
	int field;
	unsigned edits; /* 3: there is none */
	bool fits;      /* the value is one of that field */
};

static bool is_value(int field, struct str value, int64_t now_s)
{
	struct filter_error unused;
	struct match m;
	bool fits;

	if (field_type(field) == TYPE_TEXT || !value.n)
		return false;
	fits = match_parse(field, value, false, now_s, &m, &unused) == 0;
	free(m.text);
	return fits;
}

static void look_at(struct nearest *n, struct str name, struct str ours, int field,
		    struct str value, int64_t now_s)
{
	unsigned d = str_edits(name, ours);

	/* Something of it must be right. */
	if (d > n->edits || d > 2 || d >= name.n || d >= ours.n || (d == n->edits && n->fits))
		return;
	bool fits = is_value(field, value, now_s);
	if (d < n->edits || fits)
		*n = (struct nearest){ ours, field, d, fits };
}

static struct nearest nearest_to(struct str name, struct str value, int64_t now_s)
{
	struct nearest n = { .field = FIELD_NONE, .edits = 3 };

	for (int id = 0; id < FIELDS_KNOWN; id++) {
		struct str rest = str_of(field_get(id)->aliases),
			   ours = str_of(field_get(id)->name);
		for (; ours.n; ours = str_token(&rest))
			look_at(&n, name, ours, id, value, now_s);
	}
	for (size_t i = 0; i < ARRAY_SIZE(any_side_alias); i++)
		look_at(&n, name, str_of(any_side_alias[i].word),
			any_side[any_side_alias[i].side].field[0], value, now_s);
	return n;
}

/* What records are ranked by, and none of them has alone. */
static bool is_sum(struct str name)
{
	static const char *const sums[] = { "cost", "flows", "rejects", "distinct" };

	for (size_t i = 0; i < ARRAY_SIZE(sums); i++)
		if (str_equal_loose(name, str_of(sums[i])))
			return true;
	return false;
}

void filter_suggest(struct str name, struct str value, int64_t now_s, struct filter_error *error)
{
	const char *tool = of_tool(name);
	struct nearest n = nearest_to(name, value, now_s);
	struct str ours = tool ? str_of(tool) : n.name;

	if (is_sum(name))
		snprintf(
			error->message, sizeof error->message,
			"'%.*s' is a sum of records, no field of one: -m %.*s (m on screen) ranks by it",
			(int)name.n, name.s, (int)name.n, name.s);
	else if (ours.n)
		snprintf(error->message, sizeof error->message,
			 "unknown field '%.*s': did you mean %.*s?",
			 (int)(name.n < 40 ? name.n : 40), name.s, (int)ours.n, ours.s);
	else
		snprintf(error->message, sizeof error->message, "unknown field '%.*s'",
			 (int)(name.n < 60 ? name.n : 60), name.s);
}

bool filter_means_field(struct str name, struct str value, int64_t now_s)
{
	struct nearest n = nearest_to(name, value, now_s);

	if (of_tool(name))
		return true;
	return name.n > 3 ? n.edits <= (name.n > 5 ? 2u : 1u) : n.edits <= 1 && n.fits;
}
