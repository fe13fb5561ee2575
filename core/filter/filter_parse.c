/* filter_parse.c - the grammar of the filter language (enitop-filter(5)):
 * recursive descent over the text itself, because what a byte means depends on where
 * it stands (':' after a name, '-' before a word, '/' before a regex). */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "filter/filter_parser.h"

/* ---- primaries ---- */

static struct node *negate(struct parser *p, struct node *n)
{
	struct node * not ;

	if (!n)
		return NULL;
	not = parser_node(p, NODE_NOT);
	node_add(not, n);
	return not ;
}

#define NOT_BY_SIZE "only numbers and times are compared by size, one at a time"

/* `<` and its kin turn a value into a range. A value may be one itself: a day, a minute. */
static bool compare_range(struct parser *p, struct node *leaf, const char *op, size_t at)
{
	struct match *m = &leaf->match[0];
	enum field_type type = field_type(leaf->field[0]);
	bool below = op[0] == '<', equal = op[1] != '\0';

	if (leaf->matches != 1 || m->kind != MATCH_NUMBER ||
	    (type != TYPE_TIME && m->low != m->high) || m->high == NUMBER_ABSENT - 1) {
		parser_fail(p, at, strlen(op), NOT_BY_SIZE);
		return false;
	}
	leaf->compare = op;
	leaf->bound = below == equal ? m->high : m->low;
	*m = (struct match){ .kind = MATCH_NUMBER, .low = 0, .high = NUMBER_ABSENT - 1 };
	if (below && !equal && leaf->bound == 0)
		m->low = 1, m->high = 0; /* nothing is below */
	else if (below)
		m->high = leaf->bound - !equal;
	else
		m->low = leaf->bound + !equal;
	return true;
}

static struct node *comparison(struct parser *p, const struct name *name, const char *op,
			       size_t op_at)
{
	struct node *leaf = parser_leaf(p, name);

	if (strchr(op, '~')) {
		leaf = parser_field_regex(p, leaf);
		return op[0] == '!' ? negate(p, leaf) : leaf;
	}
	bool by_size = op[0] == '<' || op[0] == '>';
	if (by_size && !type_is_number(field_type(name->field[0])))
		parser_fail(p, op_at, strlen(op), NOT_BY_SIZE);
	if (p->failed || !parser_take_values(p, leaf) ||
	    (by_size && !compare_range(p, leaf, op, op_at))) {
		node_free(leaf);
		return NULL;
	}
	return op[0] == '!' ? negate(p, leaf) : leaf;
}

static struct node *membership(struct parser *p, const struct name *name)
{
	struct node *leaf = parser_leaf(p, name);

	parser_skip_space(p);
	if (!parser_accept(p, "(")) {
		parser_fail(p, p->at, 0, "in wants values in parentheses: in (22, 443)");
	} else if (parser_take_values(p, leaf)) {
		parser_skip_space(p);
		if (parser_accept(p, ")"))
			return leaf;
		parser_fail(p, p->at, 0, "missing )");
	}
	node_free(leaf);
	return NULL;
}

static struct node *expression(struct parser *p);

static struct node *group(struct parser *p)
{
	size_t open = p->at++;
	struct node *n = expression(p);

	parser_skip_space(p);
	if (n && !parser_accept(p, ")")) {
		node_free(n);
		return parser_fail(p, open, 1,
				   "missing ) (a regular expression stands between slashes)");
	}
	if (n)
		n->grouped = true;
	return n;
}

/* Quoted text is looked for as it stands. */
static struct node *quoted(struct parser *p)
{
	struct operand o;
	struct buf pattern = { 0 };

	if (!parser_take_value(p, &o))
		return NULL;
	if (o.text.n == 0)
		return parser_fail(p, o.at, o.length, "the quotes are empty");
	for (size_t i = 0; i < o.text.n; i++) {
		if (strchr("\\^$.[]|()?*+{}/-#", o.text.s[i]))
			buf_putc(&pattern, '\\');
		buf_putc(&pattern, o.text.s[i]);
	}
	struct node *n = parser_record_regex(p, o.at + 1, buf_str(&pattern));
	buf_release(&pattern);
	return n;
}

/* What stands behind a known name without an operator: in, not in; NULL: neither. */
static struct node *named_list(struct parser *p, const struct name *name)
{
	size_t at = p->at;

	parser_skip_space(p);
	if (parser_accept_word(p, "in"))
		return membership(p, name);
	if (parser_accept_word(p, "not")) {
		parser_skip_space(p);
		if (parser_accept_word(p, "in"))
			return negate(p, membership(p, name));
	}
	p->at = at;
	return NULL;
}

static bool is_one_of(struct str w, const char *const *words)
{
	for (; *words; words++)
		if (str_equal_loose(w, str_of(*words)))
			return true;
	return false;
}

static struct node *bare(struct parser *p, size_t at, struct str w, bool known)
{
	static const char *const sides[] = { "src", "dst", NULL };
	static const char *const kinds[] = { "host", "net", "port", "portrange", NULL };

	if (is_one_of(w, sides))
		return filter_tcpdump(p, tolower((unsigned char)w.s[0]) == 's' ? "src" : "dst");
	if (is_one_of(w, kinds)) {
		p->at = at;
		return filter_tcpdump(p, NULL);
	}
	if (filter_hint_word(p, at, w) || (!known && filter_hint_colon(p, at, w)))
		return NULL;
	return known ? filter_hint_field(p, at, w) : filter_word(p, at, w);
}

static struct node *named(struct parser *p, struct str w)
{
	size_t at = p->at, op_at;
	struct name name;
	bool known = filter_name(w, &name);
	const char *op;
	struct node *list;

	p->at += w.n;
	if (known && filter_hint_operator(p))
		return NULL;
	op = parser_accept_operator(p);
	op_at = p->at - (op ? strlen(op) : 0);
	if (op && !known) {
		if (op[0] != ':') { /* that one binds to names only */
			filter_suggest(w, str_of(""), p->now_s, p->error);
			return parser_fail(p, at, w.n, p->error->message);
		}
		p->at = at + w.n;
		op = NULL;
	}
	if (op)
		return comparison(p, &name, op, op_at);
	if (known && ((list = named_list(p, &name)) || p->failed))
		return list;
	/* A column that only these logs have is no reason to refuse a word. */
	return bare(p, at, w, known && name.field[0] < FIELDS_KNOWN);
}

/* One level more. */
static bool too_deep(struct parser *p)
{
	if (++p->depth > p->deepest)
		p->deepest = p->depth;
	if (p->depth <= FILTER_DEPTH && p->nodes <= FILTER_NODES)
		return false;
	if (p->depth > FILTER_DEPTH)
		snprintf(p->error->message, sizeof p->error->message,
			 "too deep: more than %d parentheses and nots within each other",
			 FILTER_DEPTH);
	else
		snprintf(p->error->message, sizeof p->error->message,
			 "too long: the filter has more than %d parts", FILTER_NODES);
	parser_fail(p, p->at, 0, p->error->message);
	return true;
}

static struct node *primary(struct parser *p)
{
	struct str pattern;

	parser_skip_space(p);
	if (p->at >= p->text.n)
		return parser_fail(p, p->at, 0, "something is missing here");
	if (too_deep(p))
		return NULL;
	struct node *n = filter_drawn(p);
	struct str w = parser_peek_word(p);
	if (n || p->failed)
		; /* a row of the screen */
	else if (parser_peek(p) == '(')
		n = group(p);
	else if (parser_peek(p) == '/')
		n = parser_take_slashed(p, &pattern)
			    ? parser_record_regex(p, (size_t)(pattern.s - p->text.s), pattern)
			    : NULL;
	else if (parser_peek(p) == '"' || parser_peek(p) == '\'')
		n = quoted(p);
	else if (parser_peek(p) == '@')
		n = filter_saved(p);
	else if (w.n)
		n = named(p, w);
	else
		parser_fail(p, p->at, 1, "a field or a word belongs before this");
	p->depth--;
	return n;
}

/* ---- expressions ---- */

static struct node *negation(struct parser *p)
{
	struct node *n;
	bool not = false;

	parser_skip_space(p);
	if ((parser_peek(p) == '!' && !parser_looking_at(p, "!=") && !parser_looking_at(p, "!~")) ||
	    (parser_peek(p) == '-' && p->at + 1 < p->text.n &&
	     !isspace((unsigned char)p->text.s[p->at + 1]))) {
		p->at++;
		not = true;
	} else {
		not = parser_accept_word(p, "not");
	}
	if (!not )
		return primary(p);
	if (too_deep(p))
		return NULL;
	n = negate(p, negation(p));
	p->depth--;
	return n;
}

static bool at_end_of_and(struct parser *p)
{
	parser_skip_space(p);
	return p->at >= p->text.n || parser_peek(p) == ')' || parser_looking_at(p, "||") ||
	       str_equal_loose(parser_peek_word(p), str_of("or"));
}

static struct node *one_or_list(struct parser *p, struct node *list)
{
	struct node *only;

	if (p->failed) {
		node_free(list);
		return NULL;
	}
	if (list->children != 1)
		return list;
	only = list->child[0];
	list->children = 0;
	node_free(list);
	return only;
}

static struct node *conjunction(struct parser *p)
{
	struct node *list = parser_node(p, NODE_AND), *n;
	size_t from;

	while (parser_skip_space(p), from = p->at, (n = negation(p))) {
		n->from = from;
		n->to = p->at;
		node_add(list, n);
		if (at_end_of_and(p))
			break;
		if (!parser_accept(p, "&&"))
			parser_accept_word(p, "and");
	}
	return one_or_list(p, list);
}

static struct node *expression(struct parser *p)
{
	struct node *list = parser_node(p, NODE_OR), *n;

	while ((n = conjunction(p))) {
		node_add(list, n);
		parser_skip_space(p);
		if (!parser_accept(p, "||") && !parser_accept_word(p, "or"))
			break;
	}
	return one_or_list(p, list);
}

/* A text that begins with a slash is one regex to its end, with or without a slash there. */
static struct node *one_regex(struct parser *p)
{
	struct str pattern = { p->text.s + p->at + 1, p->text.n - p->at - 1 };
	size_t slashes = 0;

	while (pattern.n && isspace((unsigned char)pattern.s[pattern.n - 1]))
		pattern.n--;
	if (pattern.n && pattern.s[pattern.n - 1] == '/') {
		while (slashes + 1 < pattern.n && pattern.s[pattern.n - 2 - slashes] == '\\')
			slashes++;
		pattern.n -= slashes % 2 == 0; /* not escaped */
	}
	return pattern.n ? parser_record_regex(p, p->at + 1, pattern) : parser_node(p, NODE_ALL);
}

struct node *filter_parse_whole(struct parser *p)
{
	const char *nul = memchr(p->text.s, '\0', p->text.n);
	struct node *n;

	if (nul)
		return parser_fail(p, (size_t)(nul - p->text.s), 1, "a NUL byte");
	parser_skip_space(p);
	if (p->at == p->text.n)
		return parser_node(p, NODE_ALL);
	if (parser_peek(p) == '/')
		return one_regex(p);
	n = expression(p);
	parser_skip_space(p);
	if (n && p->at < p->text.n) {
		node_free(n);
		return parser_fail(p, p->at, 1,
				   parser_peek(p) == ')' ? "no ( belongs to this )"
							 : "this does not belong here");
	}
	if (n)
		filter_hint_whole(p);
	return n;
}

struct node *filter_parse(struct str text, int64_t now_s, struct filter_error *error,
			  struct buf *note, bool *large)
{
	struct parser p = { .text = text, .now_s = now_s, .error = error, .note = note };
	struct node *n;

	*error = (struct filter_error){ 0 };
	n = filter_parse_whole(&p);
	buf_release(&p.unescaped);
	if (large)
		*large = p.deepest > FILTER_DEPTH / 4 || p.nodes > FILTER_NODES / 4;
	return n;
}
