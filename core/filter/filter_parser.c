/* filter_parser.c - see filter_parser.h. */
#include "filter/filter_parser.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- nodes ---- */

struct node *parser_node(struct parser *p, enum node_kind kind)
{
	p->nodes++;
	return node_new(kind);
}

static struct match *leaf_add(struct node *leaf)
{
	xgrow((void **)&leaf->match, &leaf->match_cap, leaf->matches + 1, sizeof *leaf->match);
	leaf->match[leaf->matches] = (struct match){ .kind = MATCH_ABSENT };
	return &leaf->match[leaf->matches++];
}

struct node *parser_leaf(struct parser *p, const struct name *name)
{
	struct node *leaf = parser_node(p, NODE_LEAF);

	memcpy(leaf->field, name->field, sizeof leaf->field);
	leaf->fields = name->fields;
	leaf->name = name->name;
	return leaf;
}

/* ---- errors ---- */

void *parser_fail(struct parser *p, size_t column, size_t length, const char *message)
{
	if (!p->failed) {
		p->failed = true;
		p->error->column = column;
		p->error->length = length;
		if (message != p->error->message)
			snprintf(p->error->message, sizeof p->error->message, "%s", message);
	}
	return NULL;
}

/* ---- bytes ---- */

char parser_peek(const struct parser *p)
{
	return p->at < p->text.n ? p->text.s[p->at] : '\0';
}

void parser_skip_space(struct parser *p)
{
	while (p->at < p->text.n && isspace((unsigned char)p->text.s[p->at]))
		p->at++;
}

bool parser_looking_at(const struct parser *p, const char *s)
{
	size_t n = strlen(s);

	return p->text.n - p->at >= n && memcmp(p->text.s + p->at, s, n) == 0;
}

bool parser_accept(struct parser *p, const char *s)
{
	if (!parser_looking_at(p, s))
		return false;
	p->at += strlen(s);
	return true;
}

static bool ends_word(const struct parser *p, size_t at)
{
	char c = p->text.s[at];

	return isspace((unsigned char)c) || strchr("()=<>!~,\"", c) ||
	       (at + 1 < p->text.n && (c == '&' || c == '|') && p->text.s[at + 1] == c);
}

/* A word from here on; a ':' ends it when what stands before is a name. */
struct str parser_peek_word(const struct parser *p)
{
	size_t at = p->at;
	struct name name;

	while (at < p->text.n && !ends_word(p, at)) {
		struct str before = { p->text.s + p->at, at - p->at };
		if (p->text.s[at] == ':' && before.n && filter_name(before, &name))
			break;
		at++;
	}
	return (struct str){ p->text.s + p->at, at - p->at };
}

bool parser_accept_word(struct parser *p, const char *word)
{
	struct str next = parser_peek_word(p);

	if (!str_equal_loose(next, str_of(word)))
		return false;
	p->at += next.n;
	return true;
}

static const char *const operators[] = { "!=", "!~", "<=", ">=", "==", "=", ":", "<", ">", "~" };

const char *parser_accept_operator(struct parser *p)
{
	size_t at = p->at;

	parser_skip_space(p);
	if (p->at > at && parser_looking_at(p, "::")) { /* src ::1 */
		p->at = at;
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
		if (parser_accept(p, operators[i]))
			return operators[i];
	p->at = at;
	return NULL;
}

/* ---- values ---- */

static bool take_quoted(struct parser *p, char quote, struct operand *out)
{
	size_t start = p->at++;

	buf_clear(&p->unescaped);
	buf_puts(&p->unescaped, "");
	while (p->at < p->text.n && parser_peek(p) != quote) {
		char next = p->at + 1 < p->text.n ? p->text.s[p->at + 1] : '\0';
		if (parser_peek(p) == '\\' && (next == quote || next == '\\'))
			p->at++;
		buf_putc(&p->unescaped, p->text.s[p->at++]);
	}
	if (p->at >= p->text.n) {
		parser_fail(p, start, 1, "the quote is not closed");
		return false;
	}
	p->at++;
	*out = (struct operand){ buf_str(&p->unescaped), start, p->at - start, true };
	return true;
}

bool parser_take_value(struct parser *p, struct operand *out)
{
	parser_skip_space(p);
	char quote = parser_peek(p);
	size_t start = p->at;

	if (quote == '"' || quote == '\'')
		return take_quoted(p, quote, out);
	while (p->at < p->text.n && !isspace((unsigned char)parser_peek(p)) &&
	       !strchr(",()", parser_peek(p)))
		p->at++;
	*out = (struct operand){
		{ p->text.s + start, p->at - start }, start, p->at - start, false
	};
	if (out->length == 0)
		parser_fail(p, start, 0, "a value is missing here");
	return out->length > 0;
}

bool parser_add_match(struct parser *p, struct node *leaf, const struct operand *value)
{
	struct match *m = leaf_add(leaf);

	if (match_parse(leaf->field[0], value->text, value->quoted, p->now_s, m, p->error) != 0) {
		parser_fail(p, value->at, value->length, p->error->message);
		return false;
	}
	if (m->cut && !p->note->n) {
		buf_printf(p->note, "'%.*s' has bits behind its prefix: taken as ",
			   (int)(value->text.n < 50 ? value->text.n : 50), value->text.s);
		match_reads(leaf->field[0], m, p->note);
	}
	return true;
}

bool parser_take_values(struct parser *p, struct node *leaf)
{
	struct operand value;

	do {
		if (!parser_take_value(p, &value) || !parser_add_match(p, leaf, &value))
			return false;
		parser_skip_space(p);
	} while (parser_accept(p, ","));
	return true;
}

/* ---- regular expressions ---- */

static struct node *regex_leaf(struct parser *p, struct node *leaf, size_t at, struct str pattern)
{
	leaf->regex = regex_new(pattern, p->error);
	if (leaf->regex)
		return leaf;
	node_free(leaf);
	return parser_fail(p, at + p->error->column, 0, p->error->message);
}

struct node *parser_record_regex(struct parser *p, size_t at, struct str pattern)
{
	static const struct name record = { "record", { RECORD }, 1 };

	return regex_leaf(p, parser_leaf(p, &record), at, pattern);
}

struct node *parser_regex_of(struct parser *p, const char *field, size_t at, struct str pattern)
{
	struct name name;

	filter_name(str_of(field), &name);
	return regex_leaf(p, parser_leaf(p, &name), at, pattern);
}

/* From a '/' to the next one that is not escaped. */
bool parser_take_slashed(struct parser *p, struct str *pattern)
{
	size_t start = ++p->at;

	while (p->at < p->text.n && parser_peek(p) != '/')
		p->at += parser_peek(p) == '\\' && p->at + 1 < p->text.n ? 2 : 1;
	if (p->at >= p->text.n) {
		parser_fail(p, start - 1, 1, "the regex is not closed by /");
		return false;
	}
	*pattern = (struct str){ p->text.s + start, p->at++ - start };
	return true;
}

struct node *parser_field_regex(struct parser *p, struct node *leaf)
{
	struct operand value;
	struct str pattern;

	parser_skip_space(p);
	if (parser_peek(p) == '/') {
		if (parser_take_slashed(p, &pattern))
			return regex_leaf(p, leaf, (size_t)(pattern.s - p->text.s), pattern);
	} else if (parser_take_value(p, &value)) {
		if (!value.quoted && parser_peek(p) && strchr("(),", parser_peek(p)) &&
		    (parser_peek(p) != ')' || !p->depth)) {
			node_free(leaf);
			return parser_fail(p, p->at, 1,
					   "a regular expression with this in it "
					   "stands between slashes: ~/a(b|c)/");
		}
		return regex_leaf(p, leaf, value.at + value.quoted, value.text);
	}
	node_free(leaf);
	return NULL;
}

struct node *parser_leaf_of(struct parser *p, const char *field, struct str value)
{
	struct operand o = { value, (size_t)(value.s - p->text.s), value.n, false };

	return parser_leaf_with(p, field, &o);
}

struct node *parser_leaf_with(struct parser *p, const char *field, const struct operand *value)
{
	struct name name;
	struct node *leaf;

	filter_name(str_of(field), &name);
	leaf = parser_leaf(p, &name);
	if (parser_add_match(p, leaf, value))
		return leaf;
	node_free(leaf);
	return NULL;
}
