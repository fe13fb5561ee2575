/* filter_parse.c - the grammar of the filter language (README.md, "The filter"):
 * recursive descent over the text itself, because what a byte means depends on where
 * it stands (':' after a name, '-' before a word, '/' before a regex). */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter_ast.h"

struct parser {
	struct str text;
	size_t at;
	int64_t now_s;
	unsigned depth, nodes;
	struct filter_error *error;    /* the first one wins */
	bool failed;
};

/* ---- nodes ---- */

static struct node *node_new(struct parser *p, enum node_kind kind)
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

static void node_add(struct node *n, struct node *child)
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

static struct node *leaf_new(struct parser *p, const struct name *name)
{
	struct node *leaf = node_new(p, NODE_LEAF);

	memcpy(leaf->field, name->field, sizeof leaf->field);
	leaf->fields = name->fields;
	leaf->name = name->name;
	return leaf;
}

/* ---- errors ---- */

static void *fail(struct parser *p, size_t column, size_t length, const char *message)
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

static char peek(const struct parser *p)
{
	return p->at < p->text.n ? p->text.s[p->at] : '\0';
}

static void skip_space(struct parser *p)
{
	while (p->at < p->text.n && isspace((unsigned char)p->text.s[p->at]))
		p->at++;
}

static bool looking_at(const struct parser *p, const char *s)
{
	size_t n = strlen(s);

	return p->text.n - p->at >= n && memcmp(p->text.s + p->at, s, n) == 0;
}

static bool accept(struct parser *p, const char *s)
{
	if (!looking_at(p, s))
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
static struct str peek_word(const struct parser *p)
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

static bool accept_word(struct parser *p, const char *word)
{
	struct str next = peek_word(p);

	if (!str_equal_loose(next, str_of(word)))
		return false;
	p->at += next.n;
	return true;
}

static const char *const operators[] = { "!=", "!~", "<=", ">=", "==", "=", ":", "<", ">", "~" };

static const char *accept_operator(struct parser *p)
{
	size_t at = p->at;

	skip_space(p);
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
		if (accept(p, operators[i]))
			return operators[i];
	p->at = at;
	return NULL;
}

/* ---- values ---- */

/* A quoted text, or bytes up to a blank, comma or parenthesis. */
static bool take_value(struct parser *p, struct str *out)
{
	skip_space(p);
	char quote = peek(p);
	size_t start = p->at;

	if (quote == '"' || quote == '\'') {
		const char *end = memchr(p->text.s + start + 1, quote, p->text.n - start - 1);
		if (!end) {
			fail(p, start, 1, "the quote is not closed");
			return false;
		}
		*out = (struct str){ p->text.s + start + 1, (size_t)(end - p->text.s) - start - 1 };
		p->at = (size_t)(end - p->text.s) + 1;
		return true;
	}
	while (p->at < p->text.n && !isspace((unsigned char)peek(p)) && !strchr(",()", peek(p)))
		p->at++;
	*out = (struct str){ p->text.s + start, p->at - start };
	if (out->n == 0)
		fail(p, start, 0, "a value is missing here");
	return out->n > 0;
}

static bool add_match(struct parser *p, struct node *leaf, struct str value)
{
	size_t at = (size_t)(value.s - p->text.s);

	if (match_parse(field_type(leaf->field[0]), value, p->now_s, leaf_add(leaf), p->error) == 0)
		return true;
	fail(p, at, value.n, p->error->message);
	return false;
}

static bool take_values(struct parser *p, struct node *leaf)
{
	struct str value;

	do {
		if (!take_value(p, &value) || !add_match(p, leaf, value))
			return false;
		skip_space(p);
	} while (accept(p, ","));
	return true;
}

/* ---- regular expressions ---- */

static struct node *regex_leaf(struct parser *p, struct node *leaf, size_t at, struct str pattern)
{
	leaf->regex = regex_new(pattern, p->error);
	if (leaf->regex)
		return leaf;
	node_free(leaf);
	return fail(p, at + p->error->column, 0, p->error->message);
}

static struct node *record_regex(struct parser *p, size_t at, struct str pattern)
{
	static const struct name record = { "record", { RECORD }, 1 };

	return regex_leaf(p, leaf_new(p, &record), at, pattern);
}

/* From a '/' to the next one that is not escaped. */
static bool take_slashed(struct parser *p, struct str *pattern)
{
	size_t start = ++p->at;

	while (p->at < p->text.n && peek(p) != '/')
		p->at += peek(p) == '\\' && p->at + 1 < p->text.n ? 2 : 1;
	if (p->at >= p->text.n) {
		fail(p, start - 1, 1, "the regex is not closed by /");
		return false;
	}
	*pattern = (struct str){ p->text.s + start, p->at++ - start };
	return true;
}

static struct node *field_regex(struct parser *p, struct node *leaf)
{
	struct str pattern;

	skip_space(p);
	if (!(peek(p) == '/' ? take_slashed(p, &pattern) : take_value(p, &pattern))) {
		node_free(leaf);
		return NULL;
	}
	return regex_leaf(p, leaf, (size_t)(pattern.s - p->text.s), pattern);
}

/* ---- primaries ---- */

static struct node *negate(struct parser *p, struct node *n)
{
	struct node *not;

	if (!n)
		return NULL;
	not = node_new(p, NODE_NOT);
	node_add(not, n);
	return not;
}

/* `<` and its kin turn a value into a range. */
static bool compare_range(struct parser *p, struct node *leaf, const char *op, size_t at)
{
	struct match *m = &leaf->match[0];

	if (leaf->matches != 1 || m->kind != MATCH_NUMBER || m->low != m->high) {
		fail(p, at, strlen(op), "only numbers and times are compared by size, one at a time");
		return false;
	}
	uint64_t v = m->low;
	*m = (struct match){ .kind = MATCH_NUMBER, .low = 0, .high = UINT64_MAX - 1 };
	if (strcmp(op, "<") == 0 && v == 0)
		m->low = m->high = UINT64_MAX;         /* nothing is below */
	else if (op[0] == '<')
		m->high = op[1] ? v : v - 1;
	else
		m->low = op[1] ? v : v + 1;
	return true;
}

static struct node *comparison(struct parser *p, const struct name *name, const char *op,
			       size_t op_at)
{
	struct node *leaf = leaf_new(p, name);

	if (strchr(op, '~')) {
		leaf = field_regex(p, leaf);
		return op[0] == '!' ? negate(p, leaf) : leaf;
	}
	if (!take_values(p, leaf) ||
	    ((op[0] == '<' || op[0] == '>') && !compare_range(p, leaf, op, op_at))) {
		node_free(leaf);
		return NULL;
	}
	return op[0] == '!' ? negate(p, leaf) : leaf;
}

static struct node *membership(struct parser *p, const struct name *name)
{
	struct node *leaf = leaf_new(p, name);

	skip_space(p);
	if (!accept(p, "(")) {
		fail(p, p->at, 0, "in wants values in parentheses: in (22, 443)");
	} else if (take_values(p, leaf)) {
		skip_space(p);
		if (accept(p, ")"))
			return leaf;
		fail(p, p->at, 0, "missing )");
	}
	node_free(leaf);
	return NULL;
}

static struct node *leaf_of(struct parser *p, const char *field, struct str value)
{
	struct name name;
	struct node *leaf;

	filter_name(str_of(field), &name);
	leaf = leaf_new(p, &name);
	if (add_match(p, leaf, value))
		return leaf;
	node_free(leaf);
	return NULL;
}

/* tcpdump's way: [src|dst] [host|net|port] VALUE; `src A > dst B`. */
static struct node *tcpdump(struct parser *p, const char *side)
{
	static const struct { const char *word, *any, *src, *dst; } kinds[] = {
		{ "host", "addr", "srcaddr", "dstaddr" }, { "net", "addr", "srcaddr", "dstaddr" },
		{ "port", "port", "srcport", "dstport" },
	};
	size_t kind = 0;
	struct str value;

	skip_space(p);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (accept_word(p, kinds[i].word))
			kind = i;
	if (!take_value(p, &value))
		return NULL;
	struct node *n = leaf_of(p, !side ? kinds[kind].any : side[0] == 's' ? kinds[kind].src
									      : kinds[kind].dst,
				 value);
	size_t back = p->at;
	skip_space(p);
	if (n && side && side[0] == 's' && accept(p, ">")) {
		skip_space(p);
		struct node *both = node_new(p, NODE_AND), *dst = NULL;
		node_add(both, n);
		if (accept_word(p, "dst"))
			dst = tcpdump(p, "dst");
		else
			fail(p, p->at, 0, "dst is missing here: src A > dst B");
		if (dst) {
			node_add(both, dst);
			return both;
		}
		node_free(both);
		return NULL;
	}
	p->at = back;
	return n;
}

/* ---- words ---- */

static bool id_of(struct str word, const char *prefix)
{
	size_t n = strlen(prefix);

	if (word.n < n + 8 || memcmp(word.s, prefix, n) != 0)
		return false;
	for (size_t i = n; i < word.n; i++)
		if (!isalnum((unsigned char)word.s[i]))
			return false;
	return true;
}

/* "10.0.0.1:443", "[2001:db8::1]:443": on the same side. */
static struct node *endpoint(struct parser *p, struct str word)
{
	const char *colon = memrchr(word.s, ':', word.n);
	uint8_t address[16];
	uint64_t port;

	if (!colon)
		return NULL;
	struct str host = { word.s, (size_t)(colon - word.s) };
	struct str number = { colon + 1, word.n - host.n - 1 };
	if (host.n > 2 && host.s[0] == '[' && host.s[host.n - 1] == ']')
		host = (struct str){ host.s + 1, host.n - 2 };
	else if (memchr(host.s, ':', host.n))
		return NULL;
	if (!address_parse(host, address) || !str_to_u64(number, &port) || port > 65535)
		return NULL;
	struct node *any = node_new(p, NODE_OR);
	for (int side = 0; side < 2; side++) {
		struct node *both = node_new(p, NODE_AND);
		node_add(both, leaf_of(p, side ? "dstaddr" : "srcaddr", host));
		node_add(both, leaf_of(p, side ? "dstport" : "srcport", number));
		node_add(any, both);
	}
	return any;
}

/* What fingers type without saying the field. */
static struct node *word(struct parser *p, size_t at, struct str w)
{
	static const struct { const char *word, *field, *value; } known[] = {
		{ "accept", "action", "ACCEPT" }, { "accepted", "action", "ACCEPT" },
		{ "reject", "action", "REJECT" }, { "rejected", "action", "REJECT" },
		{ "deny", "action", "REJECT" }, { "denied", "action", "REJECT" },
		{ "nodata", "log-status", "NODATA" }, { "skipdata", "log-status", "SKIPDATA" },
		{ "ingress", "flow-direction", "ingress" }, { "egress", "flow-direction", "egress" },
	};
	static const char *const prefixes[][2] = {
		{ "eni-", "interface-id" }, { "i-", "instance-id" }, { "vpc-", "vpc-id" },
		{ "subnet-", "subnet-id" },
	};
	uint8_t address[16];
	uint64_t number;
	struct node *n;
	const char *slash = memchr(w.s, '/', w.n);

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (str_equal_loose(w, str_of(known[i].word)))
			return leaf_of(p, known[i].field, str_of(known[i].value));
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (id_of(w, prefixes[i][0]))
			return leaf_of(p, prefixes[i][1], w);
	if (str_to_u64(w, &number))
		return leaf_of(p, "port", w);
	if (address_parse((struct str){ w.s, slash ? (size_t)(slash - w.s) : w.n }, address))
		return leaf_of(p, "addr", w);
	if ((n = endpoint(p, w)))
		return n;
	if (protocol_number(w) >= 0)
		return leaf_of(p, "protocol", w);
	if (service_port(w))
		return leaf_of(p, "port", w);
	return record_regex(p, at, w);
}

static struct node *expression(struct parser *p);

static struct node *group(struct parser *p)
{
	size_t open = p->at++;
	struct node *n = expression(p);

	skip_space(p);
	if (n && !accept(p, ")")) {
		node_free(n);
		return fail(p, open, 1, "missing ) (a regular expression stands between slashes)");
	}
	return n;
}

static struct node *quoted(struct parser *p)
{
	struct str text;

	if (!take_value(p, &text))
		return NULL;
	if (text.n == 0)
		return fail(p, p->at, 0, "the quotes are empty");
	/* Quoted text is looked for as it stands. */
	struct buf pattern = { 0 };
	for (size_t i = 0; i < text.n; i++) {
		if (strchr("\\^$.[]|()?*+{}/-#", text.s[i]) && text.s[i])
			buf_putc(&pattern, '\\');
		buf_putc(&pattern, text.s[i]);
	}
	struct node *n = record_regex(p, (size_t)(text.s - p->text.s), buf_str(&pattern));
	buf_release(&pattern);
	return n;
}

static struct node *named(struct parser *p, struct str w)
{
	size_t at = p->at, op_at;
	struct name name;
	bool known = filter_name(w, &name);
	const char *op;

	p->at += w.n;
	op = accept_operator(p);
	op_at = p->at - (op ? strlen(op) : 0);
	if (op && !known) {
		if (op[0] == ':')      /* it binds to names only */
			p->at = at + w.n;
		else
			return filter_suggest(w, p->error), fail(p, at, w.n, p->error->message);
		op = NULL;
	}
	if (op)
		return comparison(p, &name, op, op_at);
	if (known) {
		skip_space(p);
		if (accept_word(p, "in"))
			return membership(p, &name);
	}
	if (str_equal_loose(w, str_of("src")) || str_equal_loose(w, str_of("dst")))
		return tcpdump(p, tolower((unsigned char)w.s[0]) == 's' ? "src" : "dst");
	p->at = at + w.n;
	if (str_equal_loose(w, str_of("host")) || str_equal_loose(w, str_of("net")) ||
	    str_equal_loose(w, str_of("port"))) {
		p->at = at;
		return tcpdump(p, NULL);
	}
	return word(p, at, w);
}

static struct node *primary(struct parser *p)
{
	struct str pattern;

	skip_space(p);
	if (p->at >= p->text.n)
		return fail(p, p->at, 0, "something is missing here");
	if (++p->depth > FILTER_DEPTH || p->nodes > FILTER_NODES)
		return fail(p, p->at, 0, "the filter is too long or too deep");
	struct node *n = NULL;
	struct str w = peek_word(p);
	if (peek(p) == '(')
		n = group(p);
	else if (peek(p) == '/')
		n = take_slashed(p, &pattern)
			? record_regex(p, (size_t)(pattern.s - p->text.s), pattern) : NULL;
	else if (peek(p) == '"')
		n = quoted(p);
	else if (w.n)
		n = named(p, w);
	else
		fail(p, p->at, 1, "a field or a word belongs before this");
	p->depth--;
	return n;
}

/* ---- expressions ---- */

static struct node *negation(struct parser *p)
{
	struct node *n;
	bool not = false;

	skip_space(p);
	if ((peek(p) == '!' && !looking_at(p, "!=") && !looking_at(p, "!~")) ||
	    (peek(p) == '-' && p->at + 1 < p->text.n &&
	     !isspace((unsigned char)p->text.s[p->at + 1]))) {
		p->at++;
		not = true;
	} else {
		not = accept_word(p, "not");
	}
	if (!not)
		return primary(p);
	if (++p->depth > FILTER_DEPTH)
		return fail(p, p->at, 0, "the filter is too long or too deep");
	n = negate(p, negation(p));
	p->depth--;
	return n;
}

static bool at_end_of_and(struct parser *p)
{
	skip_space(p);
	return p->at >= p->text.n || peek(p) == ')' || looking_at(p, "||") ||
	       str_equal_loose(peek_word(p), str_of("or"));
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
	struct node *list = node_new(p, NODE_AND), *n;

	while ((n = negation(p))) {
		node_add(list, n);
		if (at_end_of_and(p))
			break;
		if (!accept(p, "&&"))
			accept_word(p, "and");
	}
	return one_or_list(p, list);
}

static struct node *expression(struct parser *p)
{
	struct node *list = node_new(p, NODE_OR), *n;

	while ((n = conjunction(p))) {
		node_add(list, n);
		skip_space(p);
		if (!accept(p, "||") && !accept_word(p, "or"))
			break;
	}
	return one_or_list(p, list);
}

struct node *filter_parse(struct str text, int64_t now_s, struct filter_error *error)
{
	struct parser p = { .text = text, .now_s = now_s, .error = error };
	struct node *n;

	*error = (struct filter_error){ 0 };
	skip_space(&p);
	if (p.at == text.n)
		return node_new(&p, NODE_ALL);
	if (peek(&p) == '/') {                 /* one regex to its end */
		struct str pattern = { text.s + p.at + 1, text.n - p.at - 1 };
		while (pattern.n && isspace((unsigned char)pattern.s[pattern.n - 1]))
			pattern.n--;
		if (pattern.n && pattern.s[pattern.n - 1] == '/' &&
		    (pattern.n < 2 || pattern.s[pattern.n - 2] != '\\'))
			pattern.n--;
		return pattern.n ? record_regex(&p, p.at + 1, pattern) : node_new(&p, NODE_ALL);
	}
	n = expression(&p);
	skip_space(&p);
	if (n && p.at < text.n) {
		node_free(n);
		return fail(&p, p.at, 1, peek(&p) == ')' ? "no ( belongs to this )"
							  : "this does not belong here");
	}
	return n;
}
