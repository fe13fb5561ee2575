/* sql_where.c - the tree of a filter as a condition of an engine. A field that a record
 * lacks is NULL there and makes a comparison NULL; here it is equal to nothing. Below a
 * `not` that differs, and the comparison is made false. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "output/sql_private.h"

/* ---- one value ---- */

static void present(struct sql *s, int field)
{
	if (s->engine == SQL_INSIGHTS)
		buf_puts(s->out, "ispresent(");
	sql_field(s, field);
	buf_puts(s->out, s->engine == SQL_INSIGHTS ? ") and " : " is not null");
	if (s->engine != SQL_INSIGHTS && type_is_number(field_type(field)))
		return;
	if (s->engine != SQL_INSIGHTS)
		buf_puts(s->out, " and ");
	sql_field(s, field);
	buf_puts(s->out, s->engine == SQL_INSIGHTS ? " != \"-\"" : " not in ('', '-')");
}

static void number(struct sql *s, int field, const struct match *m)
{
	if (m->low == 0 && m->high == UINT64_MAX - 1) {
		present(s, field);
		return;
	}
	sql_field(s, field);
	if (m->low == m->high)
		buf_printf(s->out, " = %" PRIu64, m->low);
	else if (m->low == 0)
		buf_printf(s->out, " <= %" PRIu64, m->high);
	else if (m->high >= UINT64_MAX - 1)
		buf_printf(s->out, " >= %" PRIu64, m->low);
	else if (s->engine == SQL_INSIGHTS) {
		buf_printf(s->out, " >= %" PRIu64 " and ", m->low);
		sql_field(s, field);
		buf_printf(s->out, " <= %" PRIu64, m->high);
	} else {
		buf_printf(s->out, " between %" PRIu64 " and %" PRIu64, m->low, m->high);
	}
}

static void flags(struct sql *s, int field, const struct match *m)
{
	buf_puts(s->out, s->engine == SQL_ATHENA ? "bitwise_and(" : "bitAnd(");
	sql_field(s, field);
	buf_printf(s->out, ", %" PRIu64 ") = %" PRIu64, m->low, m->low);
}

static bool has_letters(const char *text)
{
	for (; *text; text++)
		if (isalpha((unsigned char)*text))
			return true;
	return false;
}

/* AWS writes these in one way only. */
static bool is_word_of_aws(int field)
{
	return field == FIELD_ACTION || field == FIELD_LOG_STATUS;
}

static void text_value(struct sql *s, int field, const struct match *m)
{
	struct buf text = { 0 };
	bool upper = is_word_of_aws(field), folded = !upper && has_letters(m->text);

	for (const char *p = m->text; *p; p++)
		buf_putc(&text, (char)(upper    ? toupper((unsigned char)*p)
				       : folded ? tolower((unsigned char)*p)
						: *p));
	if (folded)
		buf_puts(s->out, s->engine == SQL_INSIGHTS ? "tolower(" : "lower(");
	sql_field(s, field);
	buf_puts(s->out, folded ? ") = " : " = ");
	sql_text(s, buf_str(&text));
	buf_release(&text);
}

static void absent(struct sql *s, int field)
{
	if (s->engine == SQL_INSIGHTS) {
		buf_puts(s->out, "(not ispresent(");
		sql_field(s, field);
		buf_puts(s->out, ") or ");
		sql_field(s, field);
		buf_puts(s->out, " = \"-\")");
		return;
	}
	bool number = type_is_number(field_type(field));
	buf_puts(s->out, number ? "" : "(");
	sql_field(s, field);
	buf_puts(s->out, " is null");
	if (number)
		return;
	buf_puts(s->out, " or ");
	sql_field(s, field);
	buf_puts(s->out, " in ('', '-'))");
}

/* ---- addresses ---- */

/* The prefix length of a network, -1 when the range is none. */
static int prefix_of(const struct match *m)
{
	int bits = 0;

	while (bits < 128 && !((m->from[bits / 8] ^ m->to[bits / 8]) >> (7 - bits % 8) & 1))
		bits++;
	for (int i = bits; i < 128; i++)
		if ((m->from[i / 8] >> (7 - i % 8) & 1) || !(m->to[i / 8] >> (7 - i % 8) & 1))
			return -1;
	return bits;
}

static bool is_v4(const uint8_t address[16])
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

	return memcmp(address, mapped, 12) == 0;
}

static struct str address_text(const uint8_t address[16], char out[64])
{
	return (struct str){ out, address_format(address, out) };
}

static void network_insights(struct sql *s, int field, const struct match *m, int bits)
{
	char text[64], net[72];
	bool v4 = is_v4(m->from) && bits >= 96;
	struct str a = address_text(m->from, text);

	if (bits < 0) {
		sql_refuse(s, "insights knows networks, not ranges of addresses");
		return;
	}
	snprintf(net, sizeof net, "%.*s/%d", (int)a.n, a.s, v4 ? bits - 96 : bits);
	buf_puts(s->out, v4 ? "isIpv4InSubnet(" : "isIpv6InSubnet(");
	sql_field(s, field);
	buf_puts(s->out, ", ");
	sql_text(s, str_of(net));
	buf_putc(s->out, ')');
}

static void between(struct sql *s, int field, const uint8_t low[16], const uint8_t high[16])
{
	char from[64], to[64];
	bool athena = s->engine == SQL_ATHENA;

	buf_puts(s->out, athena ? "try_cast(" : "toIPv6OrNull(");
	sql_field(s, field);
	buf_puts(s->out, athena ? " as ipaddress) between ipaddress " : ") between toIPv6(");
	sql_text(s, address_text(low, from));
	buf_puts(s->out, athena ? " and ipaddress " : ") and toIPv6(");
	sql_text(s, address_text(high, to));
	buf_puts(s->out, athena ? "" : ")");
}

/* All three engines keep addresses as text. */
static void address(struct sql *s, int field, const struct match *m)
{
	static const uint8_t v4_first[16] = { [10] = 0xff, [11] = 0xff };
	static const uint8_t v4_last[16] = {
		[10] = 0xff, [11] = 0xff, [12] = 0xff, [13] = 0xff, [14] = 0xff, [15] = 0xff
	};
	char from[64];
	int bits = prefix_of(m);

	if (m->any) {
		present(s, field);
		return;
	}
	if (bits == 128) {
		sql_field(s, field);
		buf_puts(s->out, " = ");
		sql_text(s, address_text(m->from, from));
		return;
	}
	if (s->engine == SQL_INSIGHTS) {
		network_insights(s, field, m, bits);
		return;
	}
	between(s, field, m->from, m->to);
	/* The functions of Athena and ClickHouse order IPv4 amid IPv6, of which the range is. */
	if (memcmp(m->from, v4_first, 16) < 0 && memcmp(m->to, v4_last, 16) > 0) {
		buf_puts(s->out, " and not ");
		between(s, field, v4_first, v4_last);
	}
}

/* ---- regexes ---- */

static void slashed(struct sql *s, bool caseless, const char *pattern)
{
	buf_puts(s->out, caseless ? "/(?i)" : "/");
	for (; *pattern; pattern++) {
		if (*pattern == '\\' && pattern[1])
			buf_putc(s->out, *pattern++);
		else if (*pattern == '/')
			buf_putc(s->out, '\\');
		buf_putc(s->out, *pattern);
	}
	buf_putc(s->out, '/');
}

static void regex(struct sql *s, int field, const struct regex *r)
{
	uint32_t options = 0;
	struct buf text = { 0 };
	bool number = field != RECORD && type_is_number(field_type(field));

	pcre2_pattern_info(r->code, PCRE2_INFO_ALLOPTIONS, &options);
	if (s->engine == SQL_INSIGHTS) {
		if (field == RECORD)
			buf_puts(s->out, "@message");
		else
			sql_field(s, field);
		buf_puts(s->out, " like ");
		slashed(s, options & PCRE2_CASELESS, r->pattern);
		return;
	}
	if (field == RECORD) {
		sql_refuse(s, "%s has columns, not lines: say the field that /%.60s/ is about",
			   sql_engine_name(s->engine), r->pattern);
		return;
	}
	buf_puts(s->out, s->engine == SQL_ATHENA ? "regexp_like(" : "match(");
	if (number)
		buf_puts(s->out, s->engine == SQL_ATHENA ? "cast(" : "toString(");
	sql_field(s, field);
	if (number)
		buf_puts(s->out, s->engine == SQL_ATHENA ? " as varchar)" : ")");
	buf_puts(s->out, ", ");
	buf_puts(&text, options & PCRE2_CASELESS ? "(?i)" : "");
	buf_puts(&text, r->pattern);
	sql_text(s, buf_str(&text));
	buf_putc(s->out, ')');
	buf_release(&text);
}

/* '*' in a text is anything; without regard to case. */
static void wildcard(struct sql *s, int field, const char *glob)
{
	struct buf text = { 0 };

	buf_puts(&text, "^");
	for (; *glob; glob++)
		if (*glob == '*') {
			buf_puts(&text, ".*");
		} else {
			buf_puts(&text, strchr("\\^$.[]|()?+{}/", *glob) ? "\\" : "");
			buf_putc(&text, *glob);
		}
	buf_puts(&text, "$");
	if (s->engine == SQL_INSIGHTS) {
		sql_field(s, field);
		buf_printf(s->out, " like /(?i)%s/", text.s);
	} else {
		struct buf caseless = { 0 };
		buf_printf(&caseless, "(?i)%s", text.s);
		buf_puts(s->out, s->engine == SQL_ATHENA ? "regexp_like(" : "match(");
		sql_field(s, field);
		buf_puts(s->out, ", ");
		sql_text(s, buf_str(&caseless));
		buf_putc(s->out, ')');
		buf_release(&caseless);
	}
	buf_release(&text);
}

/* ---- leaves ---- */

static void one(struct sql *s, int field, const struct match *m)
{
	switch (m->kind) {
	case MATCH_ABSENT:
		absent(s, field);
		return;
	case MATCH_NUMBER:
		number(s, field, m);
		return;
	case MATCH_ADDRESS:
		address(s, field, m);
		return;
	case MATCH_TEXT:
		text_value(s, field, m);
		return;
	case MATCH_GLOB:
		if (strcmp(m->text, "*") == 0)
			present(s, field);
		else
			wildcard(s, field, m->text);
		return;
	case MATCH_FLAGS:
		flags(s, field, m);
		return;
	}
}

/* Single numbers are a list. */
static bool is_list(const struct node *leaf)
{
	for (size_t i = 0; i < leaf->matches; i++)
		if (leaf->match[i].kind != MATCH_NUMBER ||
		    leaf->match[i].low != leaf->match[i].high)
			return false;
	return leaf->matches > 1;
}

static void number_list(struct sql *s, int field, const struct node *leaf)
{
	bool insights = s->engine == SQL_INSIGHTS;

	sql_field(s, field);
	buf_puts(s->out, insights ? " in [" : " in (");
	for (size_t i = 0; i < leaf->matches; i++)
		buf_printf(s->out, "%s%" PRIu64, i ? ", " : "", leaf->match[i].low);
	buf_puts(s->out, insights ? "]" : ")");
}

/* addr and port are any side: those of the packet are asked for only by name, as not
 * every table has them. */
static unsigned sides(struct sql *s, const struct node *leaf)
{
	if (leaf->fields != 4 || leaf->field[2] != FIELD_PKT_SRCADDR)
		return leaf->fields;
	s->packets_apart = true;
	return 2;
}

static void leaf_where(struct sql *s, const struct node *leaf)
{
	unsigned n = sides(s, leaf);
	bool list = is_list(leaf), first = true;
	size_t matches = leaf->regex || list ? 1 : leaf->matches;

	if (n * matches > 1)
		buf_putc(s->out, '(');
	for (unsigned k = 0; k < n; k++)
		for (size_t i = 0; i < matches; i++) {
			buf_puts(s->out, first ? "" : " or ");
			first = false;
			if (leaf->regex)
				regex(s, leaf->field[k], leaf->regex);
			else if (list)
				number_list(s, leaf->field[k], leaf);
			else
				one(s, leaf->field[k], &leaf->match[i]);
		}
	if (n * matches > 1)
		buf_putc(s->out, ')');
}

/* ---- the tree ---- */

static void tree(struct sql *s, const struct node *n, bool below_not)
{
	bool list = n->kind == NODE_AND || n->kind == NODE_OR;

	switch (n->kind) {
	case NODE_NONE: /* of a folded filter only */
	case NODE_ALL:
		buf_puts(s->out, s->engine == SQL_INSIGHTS ? "1 = 1" : "true");
		return;
	case NODE_LEAF:
		if (below_not && s->engine != SQL_INSIGHTS) {
			buf_puts(s->out, "coalesce(");
			leaf_where(s, n);
			buf_puts(s->out, ", false)");
		} else {
			leaf_where(s, n);
		}
		return;
	case NODE_NOT:
		buf_puts(s->out, "not (");
		tree(s, n->child[0], true);
		buf_putc(s->out, ')');
		return;
	default:
		break;
	}
	size_t parts = list ? n->children : 0;
	if (n->word && parts > 2) { /* an endpoint: as sides() has it */
		s->packets_apart = true;
		parts = 2;
	}
	for (size_t i = 0; i < parts; i++) {
		bool inner = n->child[i]->kind == NODE_AND || n->child[i]->kind == NODE_OR;
		buf_puts(s->out, !i ? "" : n->kind == NODE_AND ? " and " : " or ");
		buf_puts(s->out, inner ? "(" : "");
		tree(s, n->child[i], below_not);
		buf_puts(s->out, inner ? ")" : "");
	}
}

void sql_where(struct sql *s, const struct node *n)
{
	bool loose = n->kind == NODE_OR && s->engine != SQL_INSIGHTS;

	/* Other conditions follow. */
	buf_puts(s->out, loose ? "(" : "");
	tree(s, n, false);
	buf_puts(s->out, loose ? ")" : "");
}
