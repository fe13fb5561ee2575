/* filter_value.c - the values that fields are compared with: text -> struct match. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter_ast.h"
#include "schema/moment.h"
#include "schema/spelling.h"

#define NUMBER_MAX (NUMBER_ABSENT - 1)

static int refuse(struct filter_error *e, struct str text, const char *what)
{
	snprintf(e->message, sizeof e->message, "'%.*s' is no %s", (int)(text.n < 60 ? text.n : 60),
		 text.s, what);
	return -EINVAL;
}

static int refuse_with(struct filter_error *e, const char *message)
{
	snprintf(e->message, sizeof e->message, "%s", message);
	return -EINVAL;
}

static struct str head_of(struct str s, const char *end)
{
	return (struct str){ s.s, (size_t)(end - s.s) };
}

static struct str behind(struct str s, const char *separator)
{
	return (struct str){ separator + 1, (size_t)(s.s + s.n - separator) - 1 };
}

/* ---- numbers ---- */

/* The digits behind a point as so many of `scale`: "5" of a million. */
static bool fraction(struct str digits, uint64_t scale, uint64_t *v)
{
	uint64_t part = 0, of = 1;

	for (size_t i = 0; i < digits.n && of < UINT64_C(1000000000); i++) {
		part = part * 10 + (uint64_t)(digits.s[i] - '0');
		of *= 10;
	}
	part = (uint64_t)((unsigned __int128)part * scale / of);
	if (*v > NUMBER_MAX - part)
		return false;
	*v += part;
	return true;
}

/* k M G T P are powers of 1000, with an i of 1024; a B behind them says nothing. */
static bool unit_scale(struct str unit, uint64_t *scale)
{
	static const char units[] = "kmgtp";
	const char *u = memchr(units, tolower((unsigned char)unit.s[0]), 5);
	bool binary = unit.n >= 2 && unit.s[1] == 'i';
	size_t used = 1 + binary;

	if (unit.n > used && toupper((unsigned char)unit.s[used]) == 'B')
		used++;
	if (!u || unit.n != used)
		return false;
	for (*scale = 1; u >= units; u--)
		*scale *= binary ? 1024 : 1000;
	return true;
}

/* "10", "10k", "1.5Mi". */
static bool scaled_number(struct str s, uint64_t *out)
{
	uint64_t v, scale = 1;
	size_t digits = 0, point;

	while (digits < s.n && isdigit((unsigned char)s.s[digits]))
		digits++;
	if (!str_to_u64((struct str){ s.s, digits }, &v))
		return false;
	struct str rest = { s.s + digits, s.n - digits }, part = { s.s, 0 };
	if (rest.n > 1 && rest.s[0] == '.') {
		for (point = 1; point < rest.n && isdigit((unsigned char)rest.s[point]);)
			point++;
		part = (struct str){ rest.s + 1, point - 1 };
		rest = (struct str){ rest.s + point, rest.n - point };
		if (part.n == 0 || rest.n == 0) /* "1.5" of what? */
			return false;
	}
	if ((rest.n && !unit_scale(rest, &scale)) || v > NUMBER_MAX / scale)
		return false;
	*out = v * scale;
	return fraction(part, scale, out);
}

/* What a number may be said as. */
static bool one_number(enum field_type type, struct str s, uint64_t *out)
{
	unsigned port;
	int protocol;

	if (scaled_number(s, out))
		return true;
	if (type == TYPE_PORT && (port = service_port(s)))
		*out = port;
	else if (type == TYPE_PROTOCOL && (protocol = protocol_number(s)) >= 0)
		*out = (uint64_t)protocol;
	else
		return false;
	return true;
}

static int parse_number(enum field_type type, struct str s, struct match *m, struct filter_error *e)
{
	const char *what = type == TYPE_PORT       ? "port, range or service"
			   : type == TYPE_PROTOCOL ? "protocol"
						   : "number or range";
	uint64_t most = type == TYPE_PORT ? 65535 : type == TYPE_PROTOCOL ? 255 : NUMBER_MAX;

	m->kind = MATCH_NUMBER;
	if (s.n == 1 && s.s[0] == '*') {
		m->high = NUMBER_MAX;
		return 0;
	}
	if (one_number(type, s, &m->low)) {
		m->high = m->low;
	} else {
		const char *dash = s.n > 2 ? memchr(s.s + 1, '-', s.n - 2) : NULL;
		if (!dash || !scaled_number(head_of(s, dash), &m->low) ||
		    !scaled_number(behind(s, dash), &m->high))
			return refuse(e, s, what);
		if (m->low > m->high)
			return refuse_with(e, "the range ends before it begins");
	}
	if (m->high <= most)
		return 0;
	return refuse(e, s, type == TYPE_PORT ? "port (0 to 65535)" : "protocol (0 to 255)");
}

/* ---- flags ---- */

static const char *const flag_names[] = { "fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr" };

const char *flag_name(unsigned bit)
{
	return flag_names[bit];
}

static bool flag_bits(struct str s, uint64_t *bits)
{
	*bits = 0;
	while (s.n) {
		const char *plus = memchr(s.s, '+', s.n);
		struct str one = { s.s, plus ? (size_t)(plus - s.s) : s.n };
		unsigned i = 0;
		while (i < 8 && !str_equal_loose(one, str_of(flag_names[i])))
			i++;
		if (i == 8)
			return false;
		*bits |= UINT64_C(1) << i;
		s.s += one.n + (plus != NULL);
		s.n -= one.n + (plus != NULL);
	}
	return *bits != 0;
}

static int parse_flags(struct str s, struct match *m, struct filter_error *e)
{
	if (str_equal_loose(s, str_of("synack")) || str_equal_loose(s, str_of("syn-ack")))
		s = str_of("syn+ack");
	if (str_equal_loose(s, str_of("none")))
		s = str_of("0");
	if (isdigit((unsigned char)s.s[0]) || (s.n == 1 && s.s[0] == '*'))
		return parse_number(TYPE_NUMBER, s, m, e);
	m->kind = MATCH_FLAGS;
	return flag_bits(s, &m->low) ? 0 : refuse(e, s, "flag set (2, syn, syn+ack, none)");
}

/* ---- times ---- */

static int parse_moment(struct str s, int64_t now_s, struct match *m, struct filter_error *e)
{
	struct moment t;

	m->kind = MATCH_NUMBER;
	if (s.n == 1 && s.s[0] == '*') {
		m->high = NUMBER_MAX;
		return 0;
	}
	if (!moment_parse(s, now_s, &t) && !moment_parse_range(s, now_s, &t))
		return refuse(e, s, "time (epoch, RFC 3339, 2026-11-24, 03:05, -15m, yesterday)");
	m->low = t.from_ms < 0 ? 0 : (uint64_t)t.from_ms;
	m->high = t.to_ms < 0 ? 0 : (uint64_t)t.to_ms;
	return 0;
}

/* ---- addresses ---- */

void match_network(const uint8_t address[16], unsigned bits, struct match *m)
{
	for (unsigned i = 0; i < 16; i++) {
		unsigned keep = bits > 8 * i ? bits - 8 * i : 0;
		uint8_t mask = keep >= 8 ? 0xff : (uint8_t)(0xff00u >> keep);
		m->from[i] = address[i] & mask;
		m->to[i] = address[i] | (uint8_t)~mask;
	}
}

/* The first octets of an IPv4 address, "10" or "10.0." or "10.0.*": how many, 0: none. */
static unsigned leading_octets(struct str s, uint8_t address[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned n = 0;

	memset(address, 0, 16);
	memcpy(address, mapped, sizeof mapped);
	if (s.n > 2 && s.s[s.n - 1] == '*' && s.s[s.n - 2] == '.')
		s.n--;
	while (s.n && n < 4) {
		const char *dot = memchr(s.s, '.', s.n);
		struct str octet = { s.s, dot ? (size_t)(dot - s.s) : s.n };
		uint64_t v;
		if (octet.n > 3 || !str_to_u64(octet, &v) || v > 255)
			return 0;
		address[12 + n++] = (uint8_t)v;
		s.s += octet.n + (dot != NULL);
		s.n -= octet.n + (dot != NULL);
	}
	return s.n ? 0 : n;
}

static int parse_network(struct str s, const char *slash, struct match *m, struct filter_error *e)
{
	struct str host = head_of(s, slash);
	uint8_t address[16];
	uint64_t bits;

	if (!address_parse(host, address) && !leading_octets(host, address))
		return refuse(e, s, "network (10.0.0.0/8)");
	bool v4 = address_is_v4(address);
	if (!str_to_u64(behind(s, slash), &bits) || bits > (v4 ? 32 : 128)) {
		refuse(e, s, v4 ? "network: at most /32" : "network: at most /128");
		return -EINVAL;
	}
	match_network(address, (unsigned)bits + (v4 ? 96 : 0), m);
	m->cut = memcmp(m->from, address, 16) != 0;
	return 0;
}

static int parse_address(struct str s, struct match *m, struct filter_error *e)
{
	const char *slash = memchr(s.s, '/', s.n), *dash = memchr(s.s, '-', s.n);
	const char *colon = memchr(s.s, ':', s.n);
	unsigned octets;

	m->kind = MATCH_ADDRESS;
	if (s.n == 1 && s.s[0] == '*') {
		memset(m->to, 0xff, 16);
		m->any = true;
		return 0;
	}
	if (slash)
		return parse_network(s, slash, m, e);
	if (dash) {
		if (!address_parse(head_of(s, dash), m->from) ||
		    !address_parse(behind(s, dash), m->to))
			return refuse(e, s, "address, network or range of addresses");
		if (address_is_v4(m->from) != address_is_v4(m->to))
			return refuse(e, s, "range: one end is IPv4, one IPv6");
		return memcmp(m->from, m->to, 16) > 0
			       ? refuse_with(e, "the range ends before it begins")
			       : 0;
	}
	if (address_parse(s, m->from)) {
		memcpy(m->to, m->from, 16);
		return 0;
	}
	if (s.n && strchr(".*", s.s[s.n - 1]) && (octets = leading_octets(s, m->from))) {
		uint8_t address[16];
		memcpy(address, m->from, 16);
		match_network(address, 96 + octets * 8, m);
		return 0;
	}
	if (colon && address_parse(head_of(s, colon), m->from))
		return refuse_with(e, "an address and a port are two fields (src=10.0.0.1 and "
				      "sport=443), or a word: 10.0.0.1:443");
	return refuse(e, s, "address or network");
}

/* ---- texts ---- */

static int refuse_word(struct filter_error *e, int field, struct str text)
{
	int n = (int)(text.n < 40 ? text.n : 40);
	const char *word;

	refuse(e, (struct str){ text.s, (size_t)n }, field_name(field));
	for (size_t i = 0; (word = spelling_word(field, i)); i++) {
		size_t said = strlen(e->message);
		snprintf(e->message + said, sizeof e->message - said, "%s%s", i ? ", " : ": ",
			 word);
	}
	if (!spelling_is_closed(field)) {
		size_t said = strlen(e->message);
		snprintf(e->message + said, sizeof e->message - said,
			 "; in quotes it is looked for as it stands");
	}
	return -EINVAL;
}

static bool is_a_word(int field, const struct match *m)
{
	const char *word;
	bool is = false;

	for (size_t i = 0; !is && (word = spelling_word(field, i)); i++)
		is = m->kind == MATCH_GLOB ? glob_matches(m->text, str_of(word))
					   : strcmp(m->text, word) == 0;
	return is;
}

/* A field that has words is compared with those, however they are spelled. Other values are
 * none that it can have, or may have come from other tools: those stand in quotes. */
static int parse_text(int field, struct str text, bool quoted, struct match *m,
		      struct filter_error *e)
{
	bool glob = !quoted && memchr(text.s, '*', text.n), closed = spelling_is_closed(field);
	struct str word = glob ? text : spelling_of(field, text);

	m->kind = glob ? MATCH_GLOB : MATCH_TEXT;
	m->text = xstrndup(word.s, word.n);
	if (!spelling_matters(field) || (!closed && (glob || quoted)) || is_a_word(field, m))
		return 0;
	free(m->text);
	m->text = NULL;
	return refuse_word(e, field, text);
}

/* ---- any ---- */

int match_parse(int field, struct str text, bool quoted, int64_t now_s, struct match *m,
		struct filter_error *error)
{
	enum field_type type = field_type(field);

	*m = (struct match){ .kind = MATCH_ABSENT };
	if (text.n == 1 && text.s[0] == '-')
		return 0;
	if (text.n == 0)
		return refuse_with(error, "the quotes are empty");
	switch (type) {
	case TYPE_TEXT:
		return parse_text(field, text, quoted, m, error);
	case TYPE_ADDRESS:
		return parse_address(text, m, error);
	case TYPE_FLAGS:
		return parse_flags(text, m, error);
	case TYPE_TIME:
		return parse_moment(text, now_s, m, error);
	default:
		return parse_number(type, text, m, error);
	}
}
