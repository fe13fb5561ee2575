/* sql_where.c - the tree of a filter as a condition of an engine. A field that a record
 * lacks is NULL there and makes a comparison NULL; here it is equal to nothing. Below a
 * `not` that differs, and the comparison is made false. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "output/sql_private.h"
#include "schema/describe.h"

/* ---- one value ---- */

const char *sql_number(struct sql *s, uint64_t v)
{
	return sql_format(s, "%" PRIu64, v);
}

static const char *present(struct sql *s, int field)
{
	return sql_say(s, sql_has_dashes(field) ? SQL_PRESENT_TEXT : SQL_PRESENT,
		       sql_field(s, field));
}

static const char *absent(struct sql *s, int field)
{
	return sql_say(s, sql_has_dashes(field) ? SQL_ABSENT_TEXT : SQL_ABSENT,
		       sql_field(s, field));
}

/* Times are milliseconds; tables have whole seconds. */
static struct match in_seconds(const struct match *m)
{
	struct match s = *m;

	s.low = (m->low + 999) / 1000;
	s.high = m->high < UINT64_MAX - 1 ? m->high / 1000 : m->high;
	return s;
}

static const char *number(struct sql *s, int field, const struct match *said)
{
	struct match match = field_type(field) == TYPE_TIME ? in_seconds(said) : *said, *m = &match;
	const char *as, *low = sql_number(s, m->low), *high = sql_number(s, m->high);

	if (m->low == 0 && m->high == UINT64_MAX - 1)
		return present(s, field);
	as = sql_field(s, field);
	if (m->low == m->high)
		return sql_format(s, "%s = %s", as, low);
	if (m->low == 0)
		return sql_format(s, "%s <= %s", as, high);
	if (m->high >= UINT64_MAX - 1)
		return sql_format(s, "%s >= %s", as, low);
	return sql_say(s, SQL_BETWEEN, as, low, high);
}

/* AWS writes these in one way only. */
static bool is_word_of_aws(int field)
{
	return field == FIELD_ACTION || field == FIELD_LOG_STATUS;
}

/* A tag as AWS encodes it, in lower case: a lone hyphen is no value. False: it stands as it is. */
static bool encode(int field, const char *text, struct buf *out)
{
	bool differs = false;

	for (const char *p = text; *p && field_is_tag(field); p++) {
		differs |= *p == '-' || *p == ' ';
		if (*p == '-' || *p == ' ')
			buf_puts(out, *p == '-' ? "%2d" : "%20");
		else
			buf_putc(out, (char)tolower((unsigned char)*p));
	}
	return differs;
}

static const char *text_value(struct sql *s, int field, const struct match *m)
{
	struct buf text = { 0 }, encoded = { 0 };
	bool upper = is_word_of_aws(field), folded = false;
	const char *as = *m->text ? sql_field(s, field) : sql_value(s, field);
	const char *is;

	for (const char *p = m->text; *p; p++) {
		folded = folded || (!upper && isalpha((unsigned char)*p));
		buf_putc(&text,
			 (char)(upper ? toupper((unsigned char)*p) : tolower((unsigned char)*p)));
	}
	is = sql_format(s, "%s = %s", folded ? sql_say(s, SQL_LOWER, as) : as,
			sql_text(s, str_of(sql_take(s, &text))));
	if (!encode(field, m->text, &encoded)) {
		buf_release(&encoded);
		return is;
	}
	return sql_format(s, "(%s or %s = %s)", is, sql_say(s, SQL_LOWER, as),
			  sql_text(s, str_of(sql_take(s, &encoded))));
}

/* A scope is one of two words. */
static const char *scope_value(struct sql *s, int field, const struct match *m)
{
	const char *internal;

	if (m->kind != MATCH_TEXT || sql_can(s, SQL_IF)) {
		if (m->kind == MATCH_TEXT)
			return sql_format(s, "%s = %s", sql_field(s, field),
					  sql_text(s, str_of(m->text)));
		sql_refuse(s, "%s can compare %s with internal or internet only",
			   sql_engine_name(s->engine), field_name(field));
		return "";
	}
	internal = sql_is_internal(s, field);
	if (str_equal_loose(str_of(m->text), str_of("internal")))
		return internal;
	if (str_equal_loose(str_of(m->text), str_of("internet")))
		return sql_format(s, "not (%s)", internal);
	return sql_say(s, SQL_NEVER);
}

/* ---- addresses and regexes ---- */

static const char *address(struct sql *s, int field, const struct match *m)
{
	const char *as = sql_field(s, field);

	if (m->any)
		return present(s, field);
	return sql_between(s, as, m->from, m->to);
}

/* As Insights has a regex: between slashes. */
static const char *slashed(struct sql *s, const char *pattern)
{
	struct buf out = { 0 };

	buf_putc(&out, '/');
	for (; *pattern; pattern++) {
		if (*pattern == '\\' && pattern[1])
			buf_putc(&out, *pattern++);
		else if (*pattern == '/')
			buf_putc(&out, '\\');
		buf_putc(&out, *pattern);
	}
	buf_putc(&out, '/');
	return sql_take(s, &out);
}

static const char *matches(struct sql *s, const char *as, bool caseless, const char *pattern)
{
	pattern = sql_format(s, "%s%s", caseless ? "(?i)" : "", pattern);
	return sql_say(s, SQL_MATCHES, as,
		       s->engine == SQL_INSIGHTS ? slashed(s, pattern)
						 : sql_text(s, str_of(pattern)));
}

static const char *regex(struct sql *s, int field, const struct regex *r)
{
	bool line = field == RECORD, number = !line && type_is_number(field_type(field));
	const char *what, *as;
	uint32_t options = 0;

	if (!sql_regex_fits(s->engine, r->pattern, &what))
		sql_refuse(s, "%s does not take %s in a regex: /%.60s/", sql_engine_name(s->engine),
			   what, r->pattern);
	if (line && s->engine != SQL_INSIGHTS) {
		sql_refuse(s, "%s has columns, not lines: say the field that /%.60s/ is about",
			   sql_engine_name(s->engine), r->pattern);
		return "";
	}
	as = line     ? "@message"
	     : number ? sql_say(s, SQL_DIGITS, sql_field(s, field))
		      : sql_value(s, field);
	pcre2_pattern_info(r->code, PCRE2_INFO_ALLOPTIONS, &options);
	return matches(s, as, options & PCRE2_CASELESS, r->pattern);
}

/* '*' in a text is anything; without regard to case. */
static const char *wildcard(struct sql *s, int field, const char *glob)
{
	struct buf text = { 0 };

	buf_puts(&text, "^");
	for (; *glob; glob++) {
		buf_puts(&text, *glob == '*' ? "." : strchr("\\^$.[]|()?+{}", *glob) ? "\\" : "");
		buf_putc(&text, *glob);
	}
	buf_puts(&text, "$");
	return matches(s, sql_value(s, field), true, sql_take(s, &text));
}

/* ---- leaves ---- */

static const char *one(struct sql *s, int field, const struct match *m)
{
	if (sql_is_scope(field) && m->kind != MATCH_ABSENT)
		return scope_value(s, field, m);
	switch (m->kind) {
	case MATCH_ABSENT:
		return absent(s, field);
	case MATCH_NUMBER:
		return number(s, field, m);
	case MATCH_ADDRESS:
		return address(s, field, m);
	case MATCH_TEXT:
		return text_value(s, field, m);
	case MATCH_GLOB:
		return strcmp(m->text, "*") == 0 ? present(s, field) : wildcard(s, field, m->text);
	case MATCH_FLAGS:
		return sql_say(s, SQL_BITS, sql_field(s, field), sql_number(s, m->low));
	}
	return "";
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

static const char *number_list(struct sql *s, int field, const struct node *leaf)
{
	struct buf list = { 0 };

	for (size_t i = 0; i < leaf->matches; i++)
		buf_printf(&list, "%s%" PRIu64, i ? ", " : "", leaf->match[i].low);
	return sql_say(s, SQL_LIST, sql_field(s, field), sql_take(s, &list));
}

/* addr and port are any side: those of the packet are asked for only by name, as not
 * every table has them. */
static void leave_packets(struct sql *s)
{
	if (s->ask->server)
		return; /* of a table without them */
	sql_note(s, "any side: srcaddr and dstaddr, not pkt-srcaddr and pkt-dstaddr");
}

/* Not where a table lacks them, so that no record has one. */
static bool has_packets(const struct sql *s)
{
	const struct sql_server *server = s->ask->server;

	return server && server->has.has[FIELD_PKT_SRCADDR] && server->has.has[FIELD_PKT_DSTADDR];
}

static unsigned sides(struct sql *s, const struct node *leaf)
{
	if (leaf->fields != 4 || leaf->field[2] != FIELD_PKT_SRCADDR || has_packets(s))
		return leaf->fields;
	leave_packets(s);
	return 2;
}

static const char *leaf(struct sql *s, const struct node *n)
{
	unsigned fields = sides(s, n);
	bool list = is_list(n);
	size_t values = n->regex || list ? 1 : n->matches;
	struct buf out = { 0 };

	for (unsigned k = 0; k < fields; k++)
		for (size_t i = 0; i < values; i++) {
			buf_puts(&out, k + i ? " or " : "");
			buf_puts(&out, n->regex ? regex(s, n->field[k], n->regex)
				       : list   ? number_list(s, n->field[k], n)
						: one(s, n->field[k], &n->match[i]));
		}
	return sql_format(s, fields * values > 1 ? "(%s)" : "%s", sql_take(s, &out));
}

/* ---- the tree ---- */

static bool is_tree(const struct node *n)
{
	return n->kind == NODE_AND || n->kind == NODE_OR;
}

/* How many parts a list has. */
static size_t parts_of(struct sql *s, const struct node *n)
{
	if (!n->word || n->children <= 2 || has_packets(s)) /* an endpoint: as sides() has it */
		return n->children;
	leave_packets(s);
	return 2;
}

/* NODE_ALL, NODE_NONE: what a part always comes to, so that no engine has to be told what is
 * true; NODE_LEAF: that depends. */
static enum node_kind constant(const struct node *n)
{
	enum node_kind sum = n->kind == NODE_AND ? NODE_ALL : NODE_NONE, one;

	if (n->kind == NODE_NOT) {
		one = constant(n->child[0]);
		return one == NODE_ALL ? NODE_NONE : one == NODE_NONE ? NODE_ALL : NODE_LEAF;
	}
	if (!is_tree(n))
		return n->kind;
	for (size_t i = 0; i < n->children; i++) {
		one = constant(n->child[i]);
		if (one == (n->kind == NODE_AND ? NODE_NONE : NODE_ALL))
			return one;
		sum = one == NODE_LEAF ? one : sum;
	}
	return sum;
}

static const char *tree(struct sql *s, const struct node *n, bool below_not)
{
	struct buf out = { 0 };
	bool first = true;

	if (n->kind == NODE_LEAF)
		return below_not ? sql_say(s, SQL_BE_TRUE, leaf(s, n)) : leaf(s, n);
	if (n->kind == NODE_NOT)
		return sql_format(s, "not (%s)", tree(s, n->child[0], true));
	for (size_t i = 0, parts = parts_of(s, n); i < parts; i++) {
		const char *part;
		if (constant(n->child[i]) != NODE_LEAF)
			continue;
		part = tree(s, n->child[i], below_not);
		buf_puts(&out, first ? "" : n->kind == NODE_AND ? " and " : " or ");
		buf_printf(&out, is_tree(n->child[i]) ? "(%s)" : "%s", part);
		first = false;
	}
	return sql_take(s, &out);
}

const char *sql_where(struct sql *s, const struct filter *f)
{
	const struct node *said = f ? f->said : NULL;
	enum node_kind kind = said ? constant(said) : NODE_ALL;

	if (kind == NODE_ALL)
		return NULL;
	if (kind == NODE_NONE)
		return sql_say(s, SQL_NEVER);
	/* Other conditions follow. */
	return sql_format(s, said->kind == NODE_OR && s->engine != SQL_INSIGHTS ? "(%s)" : "%s",
			  tree(s, said, false));
}
