/* filter_words.c - what stands for a comparison without an operator: tcpdump's forms, and
 * the words that fingers type. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "filter/filter_parser.h"

/* ---- tcpdump ---- */

/* `src A > dst B`, of which `src` and the ">" were read; takes src. */
static struct node *to_dst(struct parser *p, struct node *src)
{
	struct node *both = parser_node(p, NODE_AND), *dst = NULL;

	node_add(both, src);
	parser_skip_space(p);
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

struct node *filter_tcpdump(struct parser *p, const char *side)
{
	static const struct {
		const char *word, *any, *src, *dst;
	} kinds[] = {
		{ "host", "addr", "srcaddr", "dstaddr" },
		{ "net", "addr", "srcaddr", "dstaddr" },
		{ "port", "port", "srcport", "dstport" },
		{ "portrange", "port", "srcport", "dstport" },
	};
	size_t kind = 0;
	struct name name;

	parser_skip_space(p);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (parser_accept_word(p, kinds[i].word)) {
			kind = i;
			break;
		}
	filter_name(str_of(!side            ? kinds[kind].any
			   : side[0] == 's' ? kinds[kind].src
					    : kinds[kind].dst),
		    &name);
	struct node *n = parser_leaf(p, &name);
	if (!parser_take_values(p, n)) {
		node_free(n);
		return NULL;
	}
	if (!side || side[0] != 's')
		return n;
	size_t back = p->at;
	parser_skip_space(p);
	if (parser_accept(p, ">"))
		return to_dst(p, n);
	p->at = back;
	return n;
}

/* ---- words with a meaning ---- */

static const struct {
	const char *word, *field, *value;
} known[] = {
	{ "accept", "action", "ACCEPT" },
	{ "accepted", "action", "ACCEPT" },
	{ "allow", "action", "ACCEPT" },
	{ "allowed", "action", "ACCEPT" },
	{ "reject", "action", "REJECT" },
	{ "rejected", "action", "REJECT" },
	{ "refused", "action", "REJECT" },
	{ "deny", "action", "REJECT" },
	{ "denied", "action", "REJECT" },
	{ "nodata", "log-status", "NODATA" },
	{ "skipdata", "log-status", "SKIPDATA" },
	{ "ingress", "flow-direction", "ingress" },
	{ "inbound", "flow-direction", "ingress" },
	{ "egress", "flow-direction", "egress" },
	{ "outbound", "flow-direction", "egress" },
	{ "bpa", "reject-reason", "BPA" },
	{ "ec", "reject-reason", "EC" },
	{ "ipv4", "addr", "0.0.0.0/0" },
	{ "ip4", "addr", "0.0.0.0/0" },
	{ "inet", "addr", "0.0.0.0/0" },
	{ "ipv6", "addr", "::/0" },
	{ "ip6", "addr", "::/0" },
	{ "inet6", "addr", "::/0" },
};

/* Protocols that are typed as a word. IANA has 150 more, "skip", "fire" and "st" among
 * them: those need protocol=. */
static const char *const protocols[] = { "tcp", "udp",  "icmp", "icmpv6", "icmp6",  "igmp",
					 "gre", "esp",  "ah",   "ipip",   "sctp",   "dccp",
					 "pim", "ospf", "vrrp", "eigrp",  "udplite" };

/* The longer first. */
static const char *const prefixes[][2] = {
	{ "eni-", "interface-id" },
	{ "i-", "instance-id" },
	{ "vpc-", "vpc-id" },
	{ "subnet-", "subnet-id" },
	{ "tgw-attach-", "tgw-attachment-id" },
	{ "tgw-", "tgw-id" },
	{ "nat-", "resource-id" },
};

/* An id of AWS, or the beginning of one and a '*'. */
static const char *id_field(struct str word)
{
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		size_t n = strlen(prefixes[i][0]), at = n;
		if (word.n <= n || memcmp(word.s, prefixes[i][0], n) != 0)
			continue;
		while (at < word.n && isalnum((unsigned char)word.s[at]))
			at++;
		if (at == word.n ? at >= n + 8 : at + 1 == word.n && word.s[at] == '*')
			return prefixes[i][1];
	}
	return NULL;
}

static const char *port_field(struct str word)
{
	const char *dash = memchr(word.s, '-', word.n);
	uint64_t low, high;

	if (str_to_u64(word, &low))
		return word.n == 12 ? "account-id" : "port";
	if (dash && str_to_u64((struct str){ word.s, (size_t)(dash - word.s) }, &low) &&
	    str_to_u64((struct str){ dash + 1, (size_t)(word.s + word.n - dash) - 1 }, &high) &&
	    low <= high && high <= 65535)
		return "port";
	return NULL;
}

/* Whether it is meant as an address, right or wrong: "10.0.0.0/99" is none, but meant. */
static bool like_address(struct str word)
{
	uint8_t address[16];
	struct filter_error ignored = { 0 };
	struct match m;
	size_t n = 0;

	while (n < word.n && word.s[n] != '/' && word.s[n] != '-')
		n++;
	if (address_parse((struct str){ word.s, n }, address))
		return true;
	return isdigit((unsigned char)word.s[0]) && (n < word.n || word.s[word.n - 1] == '*') &&
	       match_parse(FIELD_SRCADDR, word, false, 0, &m, &ignored) == 0;
}

/* The field that such a word is a value of, or NULL. */
static const char *field_of_word(struct str w)
{
	const char *field = id_field(w);

	if (!field)
		field = port_field(w);
	if (!field && like_address(w))
		field = "addr";
	for (size_t i = 0; !field && i < ARRAY_SIZE(protocols); i++)
		if (str_equal_loose(w, str_of(protocols[i])))
			field = "protocol";
	if (!field && service_port(w))
		field = "port";
	return field;
}

bool filter_word_means(struct str w)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (str_equal_loose(w, str_of(known[i].word)))
			return true;
	return field_of_word(w) != NULL;
}

static bool is_begun(const char *word, struct str text)
{
	return text.n < strlen(word) && str_equal_loose((struct str){ word, text.n }, text);
}

bool filter_word_begins(struct str w)
{
	static const char *const others[] = { "and", "or", "not", "portrange" };

	if (!w.n || !isalpha((unsigned char)w.s[0]) || filter_word_means(w))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (is_begun(others[i], w))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (is_begun(known[i].word, w))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++)
		if (is_begun(protocols[i], w))
			return true;
	return filter_name_begins(w);
}

/* ---- endpoints ---- */

static struct node *endpoint_side(struct parser *p, const char *addr, const char *port,
				  struct str host, struct str number)
{
	struct node *both = parser_node(p, NODE_AND), *leaf;
	bool whole = (leaf = parser_leaf_of(p, addr, host)) != NULL;

	if (leaf)
		node_add(both, leaf);
	if (whole && (leaf = parser_leaf_of(p, port, number)))
		node_add(both, leaf);
	if (leaf)
		return both;
	node_free(both);
	return NULL;
}

/* "10.0.0.1:443", "[2001:db8::1]:443": on the same side, whichever; the packet's own
 * address counts as the side's. */
static struct node *endpoint(struct parser *p, struct str word)
{
	static const char *const sides[][2] = { { "srcaddr", "srcport" },
						{ "dstaddr", "dstport" },
						{ "pkt-srcaddr", "srcport" },
						{ "pkt-dstaddr", "dstport" } };
	const char *colon = memrchr(word.s, ':', word.n);
	struct str host, number;

	if (!colon)
		return NULL;
	host = (struct str){ word.s, (size_t)(colon - word.s) };
	number = (struct str){ colon + 1, word.n - host.n - 1 };
	if (host.n > 2 && host.s[0] == '[' && host.s[host.n - 1] == ']')
		host = (struct str){ host.s + 1, host.n - 2 };
	else if (memchr(host.s, ':', host.n))
		return NULL;
	if (!number.n || !host.n || !like_address(host))
		return NULL;
	struct node *any = parser_node(p, NODE_OR);
	any->word = true;
	for (size_t i = 0; i < ARRAY_SIZE(sides); i++) {
		struct node *side = endpoint_side(p, sides[i][0], sides[i][1], host, number);
		if (!side) {
			node_free(any);
			return NULL;
		}
		node_add(any, side);
	}
	return any;
}

/* ---- a word ---- */

/* More values of the same field: "22,443". */
static struct node *more_values(struct parser *p, struct node *leaf)
{
	if (leaf && parser_accept(p, ",") && !parser_take_values(p, leaf)) {
		node_free(leaf);
		return NULL;
	}
	return leaf;
}

static struct node *word_regex(struct parser *p, size_t at, struct str w)
{
	char next = parser_peek(p);

	if (next && strchr("(,", next))
		return parser_fail(p, p->at, 1,
				   "a regular expression with this in it stands between slashes, "
				   "text between quotes");
	p->words++;
	for (size_t i = 0; i < w.n; i++)
		if (strchr("^$\\[]{}+?|", w.s[i]) ||
		    (w.s[i] == '.' && i + 1 < w.n && w.s[i + 1] == '*')) {
			p->regex_words++;
			break;
		}
	struct node *n = parser_record_regex(p, at, w);
	if (n)
		n->text_word = true;
	size_t said = strlen(p->error->message);
	if (!n && p->failed)
		snprintf(p->error->message + said, sizeof p->error->message - said,
			 " (with blanks in it, it stands between slashes)");
	return n;
}

struct node *filter_word(struct parser *p, size_t at, struct str w)
{
	const char *field = NULL;
	struct node *n;

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (str_equal_loose(w, str_of(known[i].word))) {
			struct operand o = { str_of(known[i].value), at, w.n, true };
			return parser_leaf_with(p, known[i].field, &o);
		}
	if (w.n > 1 && w.s[0] == ':') { /* ":443" */
		struct str number = { w.s + 1, w.n - 1 };
		field = field_of_word(number);
		if (field && strcmp(field, "port") == 0)
			return parser_leaf_of(p, "port", number);
	}
	if ((n = endpoint(p, w)) || p->failed)
		return n;
	if ((field = field_of_word(w)))
		return more_values(p, parser_leaf_of(p, field, w));
	return word_regex(p, at, w);
}
