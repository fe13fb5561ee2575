/* slow_filter.c - see slow_filter.h. */
#include "slow_filter.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <strings.h>

#include "support.h"

/* ---- one value ---- */

static bool all_digits(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

/* '*' by trying every length of what it stands for. */
static bool glob(const char *pattern, const char *s)
{
	if (*pattern == '*')
		return glob(pattern + 1, s) || (*s && glob(pattern, s + 1));
	if (!*pattern || !*s)
		return *pattern == *s;
	return tolower((unsigned char)*pattern) == tolower((unsigned char)*s) &&
	       glob(pattern + 1, s + 1);
}

/* Sixteen bytes; the family by how it is written, mapped IPv4 is IPv4. */
static bool address(const char *s, unsigned char out[16], bool *v4)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	memcpy(out, mapped, 12);
	if (inet_pton(AF_INET, s, out + 12) != 1 && inet_pton(AF_INET6, s, out) != 1)
		return false;
	*v4 = memcmp(out, mapped, 12) == 0;
	return true;
}

static bool address_is(const struct match *m, const char *s)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned char a[16];
	bool v4;

	if (!address(s, a, &v4))
		return m->kind == MATCH_ABSENT;
	if (m->kind == MATCH_ABSENT)
		return false;
	if (m->any)
		return true;
	return v4 == (memcmp(m->from, mapped, 12) == 0) && memcmp(a, m->from, 16) >= 0 &&
	       memcmp(a, m->to, 16) <= 0;
}

static bool number_is(const struct match *m, enum field_type type, const char *s)
{
	if (!all_digits(s))
		return m->kind == MATCH_ABSENT;
	uint64_t v = strtoull(s, NULL, 10);
	if (type == TYPE_TIME && v <= UINT32_MAX)
		v *= 1000;
	if (m->kind == MATCH_NUMBER)
		return v >= m->low && v <= m->high;
	return m->kind == MATCH_FLAGS && (v & m->low) == m->low;
}

static bool text_is(const struct match *m, const char *s)
{
	bool absent = strcmp(s, "-") == 0;

	if (m->kind == MATCH_ABSENT)
		return absent;
	return !absent && (m->kind == MATCH_GLOB ? glob(m->text, s) : strcasecmp(m->text, s) == 0);
}

static enum slow_answer answer(bool is)
{
	return is ? SLOW_YES : SLOW_NO;
}

/* Without JIT, and with the limit of the fast one. */
static enum slow_answer regex_is(const struct regex *r, const char *s)
{
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	int rc;

	pcre2_set_match_limit(context, 200000);
	rc = pcre2_match(r->code, (PCRE2_SPTR)s, strlen(s), 0, PCRE2_NO_JIT, r->data, context);
	pcre2_match_context_free(context);
	return rc == PCRE2_ERROR_MATCHLIMIT ? SLOW_UNDECIDED : answer(rc >= 0);
}

/* ---- the tree ---- */

/* "AS64500 Example Net" is AS64500 and 64500 too. */
static bool system_is(const struct match *m, const char *s)
{
	char number[32];

	snprintf(number, sizeof number, "%.*s", (int)strcspn(s, " "), s);
	return text_is(m, s) || (m->kind != MATCH_ABSENT && strncmp(number, "AS", 2) == 0 &&
				 (text_is(m, number) || text_is(m, number + 2)));
}

static bool is_system(int field)
{
	const char *name = field_name(field);
	size_t n = strlen(name);

	return n > 3 && strcmp(name + n - 3, "-as") == 0;
}

static enum slow_answer field_is(const struct node *leaf, const struct slow_flow *flow, int field)
{
	enum field_type type = field_type(field);
	const char *s = slow_raw(flow, field);

	if (leaf->regex)
		return strcmp(s, "-") == 0 ? SLOW_NO : regex_is(leaf->regex, s);
	for (size_t i = 0; i < leaf->matches; i++) {
		const struct match *m = &leaf->match[i];
		if (type == TYPE_ADDRESS ? address_is(m, s)
		    : is_system(field)   ? system_is(m, s)
		    : type == TYPE_TEXT  ? text_is(m, s)
					 : number_is(m, type, s))
			return SLOW_YES;
	}
	return SLOW_NO;
}

/* no < can't tell < yes: `or` is the greater, `and` the lesser, `not` the opposite. */
static enum slow_answer greater(enum slow_answer a, enum slow_answer b)
{
	return a > b ? a : b;
}

static enum slow_answer lesser(enum slow_answer a, enum slow_answer b)
{
	return a < b ? a : b;
}

static enum slow_answer leaf_is(const struct node *leaf, const struct slow_flow *flow)
{
	enum slow_answer any = SLOW_NO;

	if (leaf->field[0] == RECORD) {
		struct buf line = { 0 };
		for (unsigned c = 0; c < flow->format->n; c++)
			buf_printf(&line, "%s%s", c ? " " : "", flow->value[c]);
		any = regex_is(leaf->regex, line.s);
		buf_release(&line);
		return any;
	}
	for (unsigned k = 0; k < leaf->fields; k++)
		any = greater(any, field_is(leaf, flow, leaf->field[k]));
	return any;
}

static enum slow_answer node_is(const struct node *n, const struct slow_flow *flow)
{
	enum slow_answer is = answer(n->kind == NODE_AND || n->kind == NODE_ALL);

	if (n->kind == NODE_LEAF)
		return leaf_is(n, flow);
	if (n->kind == NODE_NOT)
		return SLOW_YES - node_is(n->child[0], flow);
	for (size_t i = 0; i < n->children; i++) {
		enum slow_answer child = node_is(n->child[i], flow);
		is = n->kind == NODE_AND ? lesser(is, child) : greater(is, child);
	}
	return is;
}

static enum slow_answer tree_is(const struct filter *f, const struct node *tree,
				const struct slow_flow *flow)
{
	return slow_is_flow(flow) || f->names_status ? node_is(tree, flow) : SLOW_NO;
}

enum slow_answer slow_selects(const struct filter *f, const struct slow_flow *flow)
{
	return tree_is(f, f->said, flow);
}

enum slow_answer slow_plan_selects(const struct filter *f, const struct slow_flow *flow)
{
	return tree_is(f, f->plan, flow);
}

/* ---- random filters ---- */

static const char *pick(uint64_t *state, const char *const *of, size_t n)
{
	return of[random_below(state, n)];
}
#define PICK(state, ...) \
	pick(state, (const char *const[]){ __VA_ARGS__ }, \
	     sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static const char *equal(uint64_t *state)
{
	return PICK(state, "=", "=", "=", "!=", ":");
}

static void random_address(uint64_t *state, struct buf *out)
{
	unsigned kind = (unsigned)random_below(state, 8), a = (unsigned)random_below(state, 2),
		 b = (unsigned)random_below(state, 16);

	if (kind == 0)
		buf_printf(out, "2001:db8::%x", b % 8);
	else if (kind == 1)
		buf_printf(out, "10.0.%u.0/%u", a, 22 + b % 4);
	else if (kind == 2)
		buf_printf(out, "10.0.%u.%u-10.0.1.%u", a, b, b + 1);
	else if (kind == 3)
		buf_puts(out, PICK(state, "::/0", "0.0.0.0/0", "-", "*", "2001:db8::/125", "10.*",
				   "10.0.0.0/28", "2001:db8::2-2001:db8::5", "10.0.1.8/29"));
	else
		buf_printf(out, "10.0.%u.%u", a, b);
}

static void random_label(uint64_t *state, struct buf *out)
{
	const char *side = PICK(state, "src-", "dst-", "client-", "server-", "");

	switch (random_below(state, 5)) {
	case 0:
		buf_printf(out, "%sname%s%s", side, equal(state),
			   PICK(state, "web-1", "web-*,OFFICE", "-", "*", "\"lab, \\\"net\\\"\"",
				"front,-"));
		break;
	case 1:
		buf_printf(out, "%sscope%s%s", side, equal(state),
			   PICK(state, "internal", "internet", "-", "*", "inter*"));
		break;
	case 2:
		buf_printf(out, "%s%s%s%s", side, PICK(state, "aws-service", "aws-region"),
			   equal(state), PICK(state, "s3", "us-east-1,EC2", "-", "*", "eu-*"));
		break;
	case 3:
		buf_printf(out, "%s%s%s%s", side, PICK(state, "country", "as"), equal(state),
			   PICK(state, "de", "US,fr", "64500", "AS64501,-", "AS64500*", "*", "-"));
		break;
	default:
		buf_printf(out, "%s%s%s",
			   PICK(state, "src-name", "server-as", "scope", "interface-name",
				"account-name", "client-country"),
			   PICK(state, "~", "!~"), PICK(state, "e", "^w", "net", "o$", "/[A-Z]/"));
	}
}

static void random_leaf(uint64_t *state, struct buf *out)
{
	unsigned more = (unsigned)random_below(state, 3);

	switch (random_below(state, 10)) {
	case 9:
		random_label(state, out);
		break;
	case 0:
		buf_printf(out, "%s%s",
			   PICK(state, "src", "dst", "addr", "client", "server", "pkt-src"),
			   equal(state));
		random_address(state, out);
		for (; more; more--) {
			buf_putc(out, ',');
			random_address(state, out);
		}
		break;
	case 1:
		buf_printf(out, "%s%s%s", PICK(state, "sport", "dport", "port", "service"),
			   equal(state),
			   PICK(state, "22", "443,53", "0", "-", "*", "1-1023", "ssh,https",
				"40000-65535", "53,80-443,-"));
		break;
	case 2:
		buf_printf(out, "%s%s%" PRIu64, PICK(state, "bytes", "packets"),
			   PICK(state, "<", "<=", ">", ">="),
			   random_below(state, random_below(state, 2) ? 300 : 1 << 20));
		break;
	case 3:
		buf_printf(out, "%s%s%s", PICK(state, "end", "start"),
			   PICK(state, "<", ">", "=", ">=", "!="),
			   PICK(state, "1700000000", "22:13", "-5m", "2023-11-14", "1700000100123",
				"1699999000"));
		break;
	case 4:
		if (random_below(state, 4) == 0) {
			buf_printf(out, "action%s%s", equal(state),
				   PICK(state, "REJECT", "blocked", "accept,-", "*", "-", "*C*",
					"rej*,Allowed"));
			break;
		}
		buf_printf(out, "%s%s%s", PICK(state, "eni", "region", "account"), equal(state),
			   PICK(state, "eni-1", "ENI-2,eni-3", "REJECT", "accept,-", "*", "-",
				"eni-*", "*C*", "123456789012"));
		break;
	case 5:
		buf_puts(out, PICK(state, "reject", "tcp", "udp", "443", "10.0.0.3", "10.0.1.2:443",
				   "10.0.0.0/24:53", "ipv6", "eni-1", "nodata", "status=*", "vpc=-",
				   "tcp,udp", "22,443"));
		break;
	case 6:
		buf_printf(out, "%s%s%s",
			   PICK(state, "src", "dst", "port", "bytes", "action", "end"),
			   PICK(state, "~", "!~"),
			   PICK(state, "5$", "^1", "0", "E", "/./", "\"\\.\""));
		break;
	case 7:
		buf_puts(out, PICK(state, "(/ 6 /)", "(/REJECT/)", "\"10.0.0.1 \"",
				   "(/^2 .* - - /)", "OK$"));
		break;
	default:
		buf_printf(out, "protocol%s%s", equal(state),
			   PICK(state, "6", "tcp,udp", "0-255", "-", "gre"));
	}
}

void random_filter(uint64_t *state, unsigned depth, struct buf *out)
{
	unsigned parts = 2 + (unsigned)random_below(state, 3);
	const char *between;

	switch (depth ? random_below(state, 6) : 0) {
	case 0:
	case 1:
		random_leaf(state, out);
		return;
	case 2:
		buf_puts(out, PICK(state, "not (", "!("));
		random_filter(state, depth - 1, out);
		buf_putc(out, ')');
		return;
	default:
		between = PICK(state, ") and (", ") (", ") or (", ") || (", ") && (");
	}
	for (unsigned i = 0; i < parts; i++) {
		buf_puts(out, i ? between : "(");
		random_filter(state, depth - 1, out);
	}
	buf_putc(out, ')');
}
