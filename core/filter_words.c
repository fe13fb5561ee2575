/* filter_words.c - what stands for a comparison without an operator: tcpdump's forms, and
 * the words that fingers type. */
#include <ctype.h>
#include <string.h>

#include "filter_parser.h"

/* ---- tcpdump ---- */

/* tcpdump's way: [src|dst] [host|net|port] VALUE; `src A > dst B`. */
struct node *filter_tcpdump(struct parser *p, const char *side)
{
	static const struct {
		const char *word, *any, *src, *dst;
	} kinds[] = {
		{ "host", "addr", "srcaddr", "dstaddr" },
		{ "net", "addr", "srcaddr", "dstaddr" },
		{ "port", "port", "srcport", "dstport" },
	};
	size_t kind = 0;
	struct str value;

	parser_skip_space(p);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (parser_accept_word(p, kinds[i].word))
			kind = i;
	if (!parser_take_value(p, &value))
		return NULL;
	struct node *n = parser_leaf_of(p,
					!side            ? kinds[kind].any
					: side[0] == 's' ? kinds[kind].src
							 : kinds[kind].dst,
					value);
	size_t back = p->at;
	parser_skip_space(p);
	if (n && side && side[0] == 's' && parser_accept(p, ">")) {
		parser_skip_space(p);
		struct node *both = parser_node(p, NODE_AND), *dst = NULL;
		node_add(both, n);
		if (parser_accept_word(p, "dst"))
			dst = filter_tcpdump(p, "dst");
		else
			parser_fail(p, p->at, 0, "dst is missing here: src A > dst B");
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
	struct node *any = parser_node(p, NODE_OR);
	any->word = true;
	for (int side = 0; side < 2; side++) {
		struct node *both = parser_node(p, NODE_AND);
		node_add(both, parser_leaf_of(p, side ? "dstaddr" : "srcaddr", host));
		node_add(both, parser_leaf_of(p, side ? "dstport" : "srcport", number));
		node_add(any, both);
	}
	return any;
}

/* What fingers type without saying the field. */
struct node *filter_word(struct parser *p, size_t at, struct str w)
{
	static const struct {
		const char *word, *field, *value;
	} known[] = {
		{ "accept", "action", "ACCEPT" },
		{ "accepted", "action", "ACCEPT" },
		{ "reject", "action", "REJECT" },
		{ "rejected", "action", "REJECT" },
		{ "deny", "action", "REJECT" },
		{ "denied", "action", "REJECT" },
		{ "nodata", "log-status", "NODATA" },
		{ "skipdata", "log-status", "SKIPDATA" },
		{ "ingress", "flow-direction", "ingress" },
		{ "egress", "flow-direction", "egress" },
	};
	static const char *const prefixes[][2] = {
		{ "eni-", "interface-id" },
		{ "i-", "instance-id" },
		{ "vpc-", "vpc-id" },
		{ "subnet-", "subnet-id" },
	};
	uint8_t address[16];
	uint64_t number;
	struct node *n;
	const char *slash = memchr(w.s, '/', w.n);

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (str_equal_loose(w, str_of(known[i].word)))
			return parser_leaf_of(p, known[i].field, str_of(known[i].value));
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (id_of(w, prefixes[i][0]))
			return parser_leaf_of(p, prefixes[i][1], w);
	if (str_to_u64(w, &number))
		return parser_leaf_of(p, "port", w);
	if (address_parse((struct str){ w.s, slash ? (size_t)(slash - w.s) : w.n }, address))
		return parser_leaf_of(p, "addr", w);
	if ((n = endpoint(p, w)))
		return n;
	if (protocol_number(w) >= 0)
		return parser_leaf_of(p, "protocol", w);
	if (service_port(w))
		return parser_leaf_of(p, "port", w);
	return parser_record_regex(p, at, w);
}
