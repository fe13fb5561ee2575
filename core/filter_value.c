/* filter_value.c - the values that fields are compared with, and regular expressions:
 * text -> struct match, struct regex. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "filter_ast.h"

static int refuse(struct filter_error *e, struct str text, const char *what)
{
	snprintf(e->message, sizeof e->message, "'%.*s' is no %s", (int)(text.n < 60 ? text.n : 60),
		 text.s, what);
	return -EINVAL;
}

/* ---- numbers ---- */

/* "10", "10k", "1Mi": powers of 1000, with i of 1024. */
static bool scaled_number(struct str s, uint64_t *out)
{
	static const char units[] = "kmgtp";
	uint64_t v, scale = 1;
	size_t digits = 0;

	while (digits < s.n && isdigit((unsigned char)s.s[digits]))
		digits++;
	if (!str_to_u64((struct str){ s.s, digits }, &v))
		return false;
	struct str unit = { s.s + digits, s.n - digits };
	if (unit.n) {
		const char *u = memchr(units, tolower((unsigned char)unit.s[0]), 5);
		bool binary = unit.n >= 2 && unit.s[1] == 'i';
		size_t used = 1 + binary;
		if (unit.n > used && toupper((unsigned char)unit.s[used]) == 'B')
			used++;
		if (!u || unit.n != used)
			return false;
		for (const char *p = units; p <= u; p++)
			scale *= binary ? 1024 : 1000;
	}
	if (v > UINT64_MAX / scale)
		return false;
	*out = v * scale;
	return true;
}

static bool named_number(enum field_type type, struct str s, uint64_t *out)
{
	int n = type == TYPE_PROTOCOL ? protocol_number(s)
		: type == TYPE_PORT   ? (int)service_port(s)
				      : -1;

	if (n < 0 || (n == 0 && type == TYPE_PORT))
		return false;
	*out = (uint64_t)n;
	return true;
}

static int parse_number(enum field_type type, struct str s, struct match *m, struct filter_error *e)
{
	const char *what = type == TYPE_PORT       ? "port, range or service"
			   : type == TYPE_PROTOCOL ? "protocol"
						   : "number or range";
	const char *dash = s.n > 2 ? memchr(s.s + 1, '-', s.n - 2) : NULL;

	m->kind = MATCH_NUMBER;
	if (scaled_number(s, &m->low) || named_number(type, s, &m->low)) {
		m->high = m->low;
	} else if (!dash || !scaled_number((struct str){ s.s, (size_t)(dash - s.s) }, &m->low) ||
		   !scaled_number((struct str){ dash + 1, (size_t)(s.s + s.n - dash - 1) },
				  &m->high) ||
		   m->low > m->high) {
		return refuse(e, s, what);
	}
	if (type == TYPE_PORT && m->high > 65535)
		return refuse(e, s, "port (0 to 65535)");
	return 0;
}

static const char *const flag_names[] = { "fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr" };

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
	if (str_to_u64(s, &m->low)) {
		m->kind = MATCH_NUMBER;
		m->high = m->low;
		return 0;
	}
	m->kind = MATCH_FLAGS;
	return flag_bits(s, &m->low) ? 0 : refuse(e, s, "flag set (2, syn, syn+ack)");
}

/* "03:05" or "03:05:10": that time of the day of `now_s`. */
static bool clock_today(struct str s, int64_t now_s, int64_t *out)
{
	unsigned h, m, sec = 0;
	char text[16];
	int used = 0;

	if (s.n < 4 || s.n >= sizeof text)
		return false;
	memcpy(text, s.s, s.n);
	text[s.n] = '\0';
	if ((sscanf(text, "%2u:%2u:%2u%n", &h, &m, &sec, &used) != 3 &&
	     sscanf(text, "%2u:%2u%n", &h, &m, &used) != 2) ||
	    text[used] || h > 23 || m > 59 || sec > 59)
		return false;
	*out = now_s - now_s % 86400 + (int64_t)(h * 3600 + m * 60 + sec);
	return true;
}

static int parse_moment(struct str s, int64_t now_s, struct match *m, struct filter_error *e)
{
	int64_t t, ago;

	if (s.n > 1 && s.s[0] == '-' && parse_duration((struct str){ s.s + 1, s.n - 1 }, &ago))
		t = now_s - ago;
	else if (!parse_time(s, &t) && !clock_today(s, now_s, &t))
		return refuse(e, s, "time (epoch, RFC 3339, 03:05, -15m)");
	m->kind = MATCH_NUMBER;
	m->low = m->high = t < 0 ? 0 : (uint64_t)t;
	return 0;
}

/* ---- addresses ---- */

static void net_range(const uint8_t address[16], unsigned bits, struct match *m)
{
	for (unsigned i = 0; i < 16; i++) {
		unsigned keep = bits > 8 * i ? bits - 8 * i : 0;
		uint8_t mask = keep >= 8 ? 0xff : (uint8_t)(0xff00u >> keep);
		m->from[i] = address[i] & mask;
		m->to[i] = address[i] | (uint8_t)~mask;
	}
}

static int parse_address(struct str s, struct match *m, struct filter_error *e)
{
	const char *slash = memchr(s.s, '/', s.n), *dash = memchr(s.s, '-', s.n);
	uint8_t address[16];
	uint64_t bits;

	m->kind = MATCH_ADDRESS;
	if (slash) {
		struct str host = { s.s, (size_t)(slash - s.s) };
		struct str length = { slash + 1, s.n - host.n - 1 };
		if (!address_parse(host, address) || !str_to_u64(length, &bits) ||
		    bits > (address_is_v4(address) ? 32 : 128))
			return refuse(e, s, "network (10.0.0.0/8)");
		net_range(address, (unsigned)bits + (address_is_v4(address) ? 96 : 0), m);
		return 0;
	}
	if (dash) {
		struct str low = { s.s, (size_t)(dash - s.s) };
		struct str high = { dash + 1, s.n - low.n - 1 };
		if (!address_parse(low, m->from) || !address_parse(high, m->to) ||
		    memcmp(m->from, m->to, 16) > 0)
			return refuse(e, s, "range of addresses");
		return 0;
	}
	if (!address_parse(s, m->from))
		return refuse(e, s, "address or network");
	memcpy(m->to, m->from, 16);
	return 0;
}

int match_parse(enum field_type type, struct str text, int64_t now_s, struct match *m,
		struct filter_error *error)
{
	*m = (struct match){ .kind = MATCH_ABSENT };
	if (text.n == 1 && text.s[0] == '-')
		return 0;
	switch (type) {
	case TYPE_TEXT:
		m->kind = MATCH_TEXT;
		m->text = xstrndup(text.s, text.n);
		return 0;
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

/* ---- as text again ---- */

static bool plain_word(const char *s)
{
	return *s && strcspn(s, " \t\"'(),=<>!~&|") == strlen(s) && strcmp(s, "-") != 0;
}

static void reads_address(const struct match *m, struct buf *out)
{
	char text[46];
	unsigned bits = 0;
	struct match net = { 0 };

	buf_add(out, text, address_format(m->from, text));
	if (memcmp(m->from, m->to, 16) == 0)
		return;
	while (bits < 128) {
		net_range(m->from, bits, &net);
		if (memcmp(net.from, m->from, 16) == 0 && memcmp(net.to, m->to, 16) == 0)
			break;
		bits++;
	}
	if (bits < 128) {
		bool v4 = address_is_v4(m->from) && bits >= 96;
		buf_printf(out, "/%u", v4 ? bits - 96 : bits);
	} else {
		buf_putc(out, '-');
		buf_add(out, text, address_format(m->to, text));
	}
}

void match_reads(enum field_type type, const struct match *m, struct buf *out)
{
	char stamp[32];
	bool more = false;

	switch (m->kind) {
	case MATCH_ABSENT:
		buf_putc(out, '-');
		break;
	case MATCH_TEXT:
		buf_puts(out, plain_word(m->text) ? "" : "\"");
		buf_puts(out, m->text);
		buf_puts(out, plain_word(m->text) ? "" : "\"");
		break;
	case MATCH_ADDRESS:
		reads_address(m, out);
		break;
	case MATCH_FLAGS:
		for (unsigned i = 0; i < 8; i++)
			if (m->low >> i & 1) {
				buf_printf(out, "%s%s", more ? "+" : "", flag_names[i]);
				more = true;
			}
		break;
	case MATCH_NUMBER:
		if (type == TYPE_TIME && m->low <= INT64_MAX)
			buf_puts(out, rfc3339(stamp, sizeof stamp, (int64_t)m->low));
		else
			buf_add_u64(out, m->low);
		if (m->high != m->low)
			buf_printf(out, "-%" PRIu64, m->high);
		break;
	}
}

/* ---- regular expressions ---- */

/* Enough for any sane pattern on a line of 64 KiB; a runaway one ends in some 10 ms. */
#define MATCH_LIMIT 200000
#define HEAP_LIMIT_KIB 1024

static bool has_upper(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '\\')
			i++; /* \D, \W and the like are no capitals */
		else if (isupper((unsigned char)s.s[i]))
			return true;
	}
	return false;
}

struct regex *regex_new(struct str pattern, struct filter_error *error)
{
	uint32_t options = PCRE2_NO_UTF_CHECK | (has_upper(pattern) ? 0 : PCRE2_CASELESS);
	PCRE2_SIZE at;
	int code;
	pcre2_code *compiled =
		pcre2_compile((PCRE2_SPTR)pattern.s, pattern.n, options, &code, &at, NULL);

	if (!compiled) {
		PCRE2_UCHAR reason[120];
		pcre2_get_error_message(code, reason, sizeof reason);
		snprintf(error->message, sizeof error->message, "regex: %s", (char *)reason);
		error->column = at;
		return NULL;
	}
	struct regex *r = xcalloc(1, sizeof *r);
	r->pattern = xstrndup(pattern.s, pattern.n);
	r->code = compiled;
	pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE); /* without JIT it is slower, not wrong */
	r->data = pcre2_match_data_create(1, NULL);
	r->context = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(r->context, MATCH_LIMIT);
	pcre2_set_heap_limit(r->context, HEAP_LIMIT_KIB);
	return r;
}

void regex_free(struct regex *r)
{
	if (!r)
		return;
	pcre2_match_context_free(r->context);
	pcre2_match_data_free(r->data);
	pcre2_code_free(r->code);
	free(r->pattern);
	free(r);
}
