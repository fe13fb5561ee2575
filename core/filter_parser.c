/* filter_parser.c - see filter_parser.h. */
#include "filter_parser.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- nodes ---- */

struct node *parser_node(struct parser *p, enum node_kind kind)
{
	struct node *n = xcalloc(1, sizeof *n);

	n->kind = kind;
	p->nodes++;
	return n;
}

void node_free(struct node *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->children; i++)
		node_free(n->child[i]);
	for (size_t i = 0; i < n->matches; i++)
		free(n->match[i].text);
	free(n->child);
	free(n->match);
	regex_free(n->regex);
	free(n);
}

void node_add(struct node *n, struct node *child)
{
	xgrow((void **)&n->child, &n->cap, n->children + 1, sizeof *n->child);
	n->child[n->children++] = child;
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
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
		if (parser_accept(p, operators[i]))
			return operators[i];
	p->at = at;
	return NULL;
}

/* ---- values ---- */

/* A quoted text, or bytes up to a blank, comma or parenthesis. */
bool parser_take_value(struct parser *p, struct str *out)
{
	parser_skip_space(p);
	char quote = parser_peek(p);
	size_t start = p->at;

	if (quote == '"' || quote == '\'') {
		const char *end = memchr(p->text.s + start + 1, quote, p->text.n - start - 1);
		if (!end) {
			parser_fail(p, start, 1, "the quote is not closed");
			return false;
		}
		*out = (struct str){ p->text.s + start + 1, (size_t)(end - p->text.s) - start - 1 };
		p->at = (size_t)(end - p->text.s) + 1;
		return true;
	}
	while (p->at < p->text.n && !isspace((unsigned char)parser_peek(p)) &&
	       !strchr(",()", parser_peek(p)))
		p->at++;
	*out = (struct str){ p->text.s + start, p->at - start };
	if (out->n == 0)
		parser_fail(p, start, 0, "a value is missing here");
	return out->n > 0;
}

bool parser_add_match(struct parser *p, struct node *leaf, struct str value)
{
	size_t at = (size_t)(value.s - p->text.s);

	if (match_parse(field_type(leaf->field[0]), value, p->now_s, leaf_add(leaf), p->error) == 0)
		return true;
	parser_fail(p, at, value.n, p->error->message);
	return false;
}

bool parser_take_values(struct parser *p, struct node *leaf)
{
	struct str value;

	do {
		if (!parser_take_value(p, &value) || !parser_add_match(p, leaf, value))
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
	struct str pattern;

	parser_skip_space(p);
	if (!(parser_peek(p) == '/' ? parser_take_slashed(p, &pattern)
				    : parser_take_value(p, &pattern))) {
		node_free(leaf);
		return NULL;
	}
	return regex_leaf(p, leaf, (size_t)(pattern.s - p->text.s), pattern);
}

struct node *parser_leaf_of(struct parser *p, const char *field, struct str value)
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
