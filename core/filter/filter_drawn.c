/* filter_drawn.c - a row as the screen draws it: "10.0.0.1 > ~10.0.0.2:5432/tcp" is client, server,
 * service and protocol, "10.0.0.1 <> 10.0.0.2" the pair. A '~' is the sign of a guess; where
 * the pane was narrow an ellipsis (a '*' in ASCII; once a '~' too) stands for the beginning of an
 * address, or for all of the client. */
#include <ctype.h>
#include <string.h>

#include "filter/filter_parser.h"

#define ELLIPSIS "\xe2\x80\xa6"

/* What stands on one side of the sign. A str without bytes: nothing does. */
struct drawn {
	struct str host, port, protocol;
	bool cut; /* only the end of the host is there */
};

static struct str token_at(const struct parser *p)
{
	size_t at = p->at;

	while (at < p->text.n && !isspace((unsigned char)p->text.s[at]) &&
	       !strchr("<>(),\"", p->text.s[at]))
		at++;
	return (struct str){ p->text.s + p->at, at - p->at };
}

static bool is_address(struct str s)
{
	struct filter_error unused;
	struct match m;
	uint8_t address[16];
	const char *slash = memchr(s.s, '/', s.n);
	struct str host = { s.s, slash ? (size_t)(slash - s.s) : s.n };

	return address_parse(host, address) &&
	       match_parse(FIELD_SRCADDR, s, false, 0, &m, &unused) == 0;
}

static bool all_of(struct str s, const char *set)
{
	for (size_t i = 0; i < s.n; i++)
		if (!s.s[i] || !strchr(set, tolower((unsigned char)s.s[i])))
			return false;
	return s.n > 0;
}

/* The end of an address, of an octet or group at least. */
static bool is_end_of_address(struct str s)
{
	return all_of(s, "0123456789abcdef.:") && (memchr(s.s, '.', s.n) || memchr(s.s, ':', s.n));
}

static struct str without_brackets(struct str s)
{
	if (s.n > 2 && s.s[0] == '[' && s.s[s.n - 1] == ']')
		return (struct str){ s.s + 1, s.n - 2 };
	return s;
}

static bool take_host(struct str s, bool sign, struct drawn *out)
{
	struct str host = without_brackets(s);

	out->cut = !is_address(host);
	if (out->cut && !(sign && is_end_of_address(host)))
		return false;
	out->host = host;
	return true;
}

/* ":443/tcp" behind a host: what stands behind the last colon. IPv6 is drawn without brackets:
 * where the last group could be a port it is one. */
static bool take_port(struct str s, bool sign, struct drawn *out)
{
	const char *colon = memrchr(s.s, ':', s.n), *slash;
	struct str rest = { s.s, 0 };

	if (colon)
		rest = (struct str){ colon + 1, (size_t)(s.s + s.n - colon) - 1 };
	if (!rest.n || !take_host((struct str){ s.s, (size_t)(colon - s.s) }, sign, out))
		return false;
	slash = memchr(rest.s, '/', rest.n);
	out->port = (struct str){ rest.s, slash ? (size_t)(slash - rest.s) : rest.n };
	if (slash)
		out->protocol = (struct str){ slash + 1, (size_t)(rest.s + rest.n - slash) - 1 };
	return all_of(out->port, "0123456789") || (out->port.n == 1 && out->port.s[0] == '-');
}

/* Signs before a host; whether it may be cut. */
static bool take_signs(struct parser *p, bool *all)
{
	bool guess = parser_accept(p, "~");

	*all = parser_accept(p, ELLIPSIS) || parser_accept(p, "*");
	return guess || *all;
}

static bool take_side(struct parser *p, bool with_port, struct drawn *out)
{
	bool all, sign = take_signs(p, &all);
	struct str token = token_at(p);

	*out = (struct drawn){ .cut = false };
	p->at += token.n;
	if (all && !token.n && !with_port)
		return true;
	if (with_port && take_port(token, sign, out)) {
		if (is_address(token) && !p->note->n)
			buf_printf(p->note, "'%.*s' is read as port %.*s of %.*s", (int)token.n,
				   token.s, (int)out->port.n, out->port.s, (int)out->host.n,
				   out->host.s);
		return true;
	}
	*out = (struct drawn){ .cut = false };
	return take_host(token, sign, out);
}

/* ---- as parts of an `and` ---- */

static bool add_leaf(struct node *all, struct node *leaf)
{
	if (leaf)
		node_add(all, leaf);
	return leaf != NULL;
}

static bool add_host(struct parser *p, struct node *all, const char *field,
		     const struct drawn *side)
{
	struct buf pattern = { 0 };
	bool added;

	if (!side->host.n)
		return true;
	if (!side->cut)
		return add_leaf(all, parser_leaf_of(p, field, side->host));
	for (size_t i = 0; i < side->host.n; i++)
		buf_printf(&pattern, side->host.s[i] == '.' ? "\\%c" : "%c", side->host.s[i]);
	buf_putc(&pattern, '$');
	added = add_leaf(all, parser_regex_of(p, field, (size_t)(side->host.s - p->text.s),
					      buf_str(&pattern)));
	buf_release(&pattern);
	return added;
}

static struct node *parts(struct parser *p, bool pair, const struct drawn *a, const struct drawn *b)
{
	struct node *all = parser_node(p, NODE_AND);

	if (add_host(p, all, pair ? "pair" : "client", a) &&
	    add_host(p, all, pair ? "pair" : "server", b) &&
	    (!b->port.n || add_leaf(all, parser_leaf_of(p, "service", b->port))) &&
	    (!b->protocol.n || add_leaf(all, parser_leaf_of(p, "protocol", b->protocol))))
		return all;
	node_free(all);
	return NULL;
}

struct node *filter_drawn(struct parser *p)
{
	size_t at = p->at, op;
	struct drawn a, b;
	bool pair;

	if (!take_side(p, false, &a)) {
		p->at = at;
		return NULL;
	}
	parser_skip_space(p);
	op = p->at;
	pair = parser_accept(p, "<>");
	if (!pair && (parser_looking_at(p, ">=") || !parser_accept(p, ">"))) {
		p->at = at;
		return NULL;
	}
	parser_skip_space(p);
	size_t other = p->at;
	bool sign = strchr("~*\xe2", parser_peek(p)) && parser_peek(p);
	if (!take_side(p, !pair, &b) && sign)
		return parser_fail(p, other, p->at - other,
				   "too much is cut off here: z shows rows whole");
	if (!b.host.n)
		return parser_fail(p, op, 1 + pair,
				   "from one to another is written as it is drawn, "
				   "10.0.0.1 > 10.0.0.2:443, or src A > dst B");
	return parts(p, pair, &a, &b);
}
