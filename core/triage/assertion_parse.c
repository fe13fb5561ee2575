/* assertion_parse.c - see assertion_new() in assertion.h. */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "labels/prefixes.h"
#include "triage/assertion.h"
#include "triage/detector.h"

struct assertion_reader {
	struct str whole, rest;
	int64_t now_s;
	assertion_resolve *resolve;
	void *ctx;
	struct assertion *a;
	struct assertion_error *error;
};

static bool fail_at(struct assertion_reader *p, const char *at, const char *message)
{
	p->error->column = (size_t)(at - p->whole.s);
	snprintf(p->error->message, sizeof p->error->message, "%s", message);
	return false;
}

static bool fail(struct assertion_reader *p, const char *message)
{
	return fail_at(p, p->rest.s, message);
}

static void skip_blanks(struct assertion_reader *p)
{
	while (p->rest.n && (*p->rest.s == ' ' || *p->rest.s == '\t'))
		p->rest = (struct str){ p->rest.s + 1, p->rest.n - 1 };
}

static void cut(struct assertion_reader *p, size_t n)
{
	p->rest = (struct str){ p->rest.s + n, p->rest.n - n };
}

static struct str cut_word(struct assertion_reader *p)
{
	struct str word = { p->rest.s, 0 };

	while (word.n < p->rest.n && ((word.s[word.n] | 32) >= 'a' && (word.s[word.n] | 32) <= 'z'))
		word.n++;
	cut(p, word.n);
	return word;
}

/* ---- quantities ---- */

/* How a value is written. */
enum value_kind { VALUE_PERCENT, VALUE_COUNT, VALUE_DURATION, VALUE_TYPE, VALUE_LOGGED };

static const struct quantity {
	const char *word;
	enum assertion_kind kind;
	enum value_kind value;
	bool list; /* "(...)" must stand there; else it may, but for those of a word */
	const char *example;
} quantities[] = {
	{ "logged", ASSERT_LOGGED, VALUE_PERCENT, false, "logged>=99%" },
	{ "expected", ASSERT_EXPECTED, VALUE_LOGGED, false, "expected=logged" },
	{ "lost", ASSERT_LOST, VALUE_COUNT, false, "lost=0" },
	{ "missing", ASSERT_MISSING, VALUE_COUNT, false, "missing=0" },
	{ "delay", ASSERT_DELAY, VALUE_DURATION, false, "delay<=10m" },
	{ "type", ASSERT_TYPE, VALUE_TYPE, false, "type=ALL" },
	{ "findings", ASSERT_FINDINGS, VALUE_COUNT, true, "findings(page)=0" },
	{ "none", ASSERT_NONE, VALUE_COUNT, false, "none: FILTER" },
	{ "some", ASSERT_SOME, VALUE_COUNT, false, "some: FILTER" },
	{ "only", ASSERT_ONLY, VALUE_COUNT, false, "only 10.0.1.0/24 -> 10.0.2.9:5432" },
};

static bool word_is(struct str word, const char *what)
{
	return word.n == strlen(what) && strncasecmp(word.s, what, word.n) == 0;
}

/* How many letters differ, one after the other. */
static unsigned edits(struct str a, struct str b)
{
	unsigned row[24] = { 0 };

	if (a.n > 20 || b.n > 20)
		return 99;
	for (size_t k = 0; k <= b.n; k++)
		row[k] = (unsigned)k;
	for (size_t i = 1; i <= a.n; i++) {
		unsigned before = row[0];
		row[0] = (unsigned)i;
		for (size_t k = 1; k <= b.n; k++) {
			unsigned least = before + ((a.s[i - 1] | 32) != (b.s[k - 1] | 32));
			before = row[k];
			least = row[k] + 1 < least ? row[k] + 1 : least;
			row[k] = row[k - 1] + 1 < least ? row[k - 1] + 1 : least;
		}
	}
	return row[b.n];
}

static bool unknown_word(struct assertion_reader *p, struct str word)
{
	const struct quantity *best = NULL;
	unsigned least = 3;
	char text[160];

	for (size_t i = 0; i < ARRAY_SIZE(quantities); i++) {
		unsigned d = edits(word, str_of(quantities[i].word));
		if (d < least && d < word.n) {
			least = d;
			best = &quantities[i];
		}
	}
	if (best)
		snprintf(text, sizeof text, "unknown '%.*s': did you mean %s, as in %s?",
			 (int)(word.n < 30 ? word.n : 30), word.s, best->word, best->example);
	else
		snprintf(text, sizeof text,
			 "expected logged, expected, lost, missing, delay, type, findings, none:, "
			 "some: or only");
	return fail_at(p, word.s, text);
}

/* Severities and rules; one that is none has the next best. */
static bool check_names(struct assertion_reader *p, struct str list)
{
	unsigned rules;
	const struct detector *const *d = detectors(&rules);

	for (bool more = true; more;) {
		const char *comma = memchr(list.s, ',', list.n), *best = "page";
		struct str name = { list.s, comma ? (size_t)(comma - list.s) : list.n };
		unsigned least = UINT32_MAX;
		char text[96];
		more = comma != NULL;
		list = (struct str){ name.s + name.n + more, list.n - name.n - more };
		name = str_trim(name);
		if (severity_find(name) >= 0 || detector_find(name))
			continue;
		for (unsigned i = 0; i < rules + SEVERITIES; i++) {
			const char *known =
				i < rules ? d[i]->name : severity_name((enum severity)(i - rules));
			unsigned far = edits(name, str_of(known));
			best = far < least ? known : best;
			least = far < least ? far : least;
		}
		snprintf(text, sizeof text, "'%.*s' is no severity or rule: did you mean %s?",
			 (int)(name.n < 30 ? name.n : 30), name.s, best);
		return fail_at(p, name.s, text);
	}
	return true;
}

static bool read_list(struct assertion_reader *p, const struct quantity *q)
{
	const char *end;

	skip_blanks(p);
	if (p->rest.n == 0 || *p->rest.s != '(')
		return q->list ? fail(p, "expected '(' and severities or rules: findings(page)=0")
			       : true;
	if (q->kind != ASSERT_FINDINGS && q->kind != ASSERT_LOGGED && q->kind != ASSERT_LOST &&
	    q->kind != ASSERT_MISSING)
		return fail(p, "it is said of the whole log: without '('");
	cut(p, 1);
	end = memchr(p->rest.s, ')', p->rest.n);
	if (!end)
		return fail_at(p, p->rest.s - 1, "'(' without its ')'");
	if (str_trim((struct str){ p->rest.s, (size_t)(end - p->rest.s) }).n == 0)
		return fail(p, q->list ? "expected severities or rules: page, warn, scan"
				       : "expected an interface, as in logged(eni-*)");
	free(p->a->of);
	struct str of = str_trim((struct str){ p->rest.s, (size_t)(end - p->rest.s) });
	p->a->of = xstrndup(of.s, of.n);
	if (q->kind == ASSERT_FINDINGS && !check_names(p, of))
		return false;
	cut(p, (size_t)(end - p->rest.s) + 1);
	return true;
}

static bool read_sign(struct assertion_reader *p, const struct quantity *q)
{
	static const struct {
		const char *text;
		enum assertion_sign sign;
	} signs[] = { { ">=", SIGN_LEAST }, { "<=", SIGN_MOST }, { "==", SIGN_EQUAL },
		      { "=", SIGN_EQUAL },  { ">", SIGN_MORE },  { "<", SIGN_LESS } };
	char text[96];

	skip_blanks(p);
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		size_t n = strlen(signs[i].text);
		if (p->rest.n < n || memcmp(p->rest.s, signs[i].text, n) != 0)
			continue;
		if (signs[i].sign != SIGN_EQUAL &&
		    (q->kind == ASSERT_EXPECTED || q->kind == ASSERT_TYPE))
			break;
		p->a->sign = signs[i].sign;
		cut(p, n);
		skip_blanks(p);
		return true;
	}
	snprintf(text, sizeof text, "expected %s, as in %s",
		 q->kind == ASSERT_EXPECTED || q->kind == ASSERT_TYPE ? "'='" : "= >= <= > or <",
		 q->example);
	return fail(p, text);
}

/* "99%", "99.9%", "99". */
static bool percent_of(struct str text, int64_t *out)
{
	uint64_t whole = 0, part = 0;
	const char *point;
	struct str digits;

	if (text.n && text.s[text.n - 1] == '%')
		text.n--;
	point = memchr(text.s, '.', text.n);
	digits = (struct str){ text.s, point ? (size_t)(point - text.s) : text.n };
	if (!str_to_u64(digits, &whole) || whole > 100)
		return false;
	if (point) {
		digits = (struct str){ point + 1, text.n - digits.n - 1 };
		if (digits.n > 2 || !str_to_u64(digits, &part))
			return false;
		part *= digits.n == 1 ? 10 : 1;
	}
	*out = (int64_t)(whole * 100 + part);
	return *out <= 10000;
}

static bool type_of_word(struct str text, int64_t *out)
{
	for (int t = TRUST_TYPE_ACCEPT; t <= TRUST_TYPE_ALL; t++)
		if (word_is(text, trust_type_name((enum trust_type)t))) {
			*out = t;
			return true;
		}
	return false;
}

static bool read_value(struct assertion_reader *p, const struct quantity *q)
{
	static const char *const wanted[] = { [VALUE_PERCENT] = "a share, 0% to 100%",
					      [VALUE_COUNT] = "a number",
					      [VALUE_DURATION] = "a duration: 90s, 10m, 2h",
					      [VALUE_TYPE] = "ALL, ACCEPT or REJECT",
					      [VALUE_LOGGED] = "'logged'" };
	struct str text = p->rest;
	uint64_t number;
	char message[96];
	bool good = false;

	switch (q->value) {
	case VALUE_PERCENT:
		good = percent_of(text, &p->a->limit);
		break;
	case VALUE_COUNT:
		good = str_to_u64(text, &number) && number <= INT64_MAX;
		p->a->limit = good ? (int64_t)number : 0;
		break;
	case VALUE_DURATION:
		good = parse_duration(text, &p->a->limit);
		break;
	case VALUE_TYPE:
		good = type_of_word(text, &p->a->limit);
		break;
	case VALUE_LOGGED:
		good = word_is(text, "logged");
		break;
	}
	if (good)
		return true;
	snprintf(message, sizeof message, "expected %s, as in %s", wanted[q->value], q->example);
	return fail(p, message);
}

/* ---- those of a filter ---- */

static bool compile(struct assertion_reader *p, struct str text, const char *at, bool own)
{
	struct filter_error e;

	p->a->filter = filter_new(text, p->now_s, &e);
	if (p->a->filter)
		return true;
	return fail_at(p, own ? at : at + (e.column < p->rest.n ? e.column : p->rest.n), e.message);
}

static bool read_filter(struct assertion_reader *p)
{
	skip_blanks(p);
	if (p->rest.n == 0 || *p->rest.s != ':')
		return fail(p, "expected ':' and a filter, as in none: reject and dport=22");
	cut(p, 1);
	skip_blanks(p);
	if (p->rest.n == 0)
		return fail(p, "expected a filter, as in none: reject and dport=22");
	return compile(p, p->rest, p->rest.s, false);
}

/* An address, a network or a name: adds it as a filter has it. */
static bool add_host(struct assertion_reader *p, struct str text, struct buf *out,
		     uint8_t address[16], unsigned *bits)
{
	char canonical[46];

	if (prefix_parse(text, address, bits)) {
		buf_add_str(out, text);
		return true;
	}
	switch (text.n && p->resolve ? p->resolve(p->ctx, text, address) : 0) {
	case 0:
		return fail_at(p, text.s, "neither an address, a network nor a name of --names");
	case 1:
		*bits = 128;
		canonical[address_format(address, canonical)] = '\0';
		buf_puts(out, canonical);
		return true;
	default:
		return fail_at(p, text.s, "several addresses have that name");
	}
}

static bool add_clients(struct assertion_reader *p, struct str list, struct buf *out)
{
	uint8_t address[16];
	unsigned bits;

	for (bool some = false; list.n || !some; some = true) {
		const char *comma = memchr(list.s, ',', list.n);
		size_t n = comma ? (size_t)(comma - list.s) : list.n;
		if (some)
			buf_putc(out, ',');
		if (!add_host(p, str_trim((struct str){ list.s, n }), out, address, &bits))
			return false;
		list = (struct str){ list.s + n + (comma != NULL), list.n - n - (comma != NULL) };
		if (comma && list.n == 0)
			return fail_at(p, list.s, "expected a client behind ','");
	}
	return true;
}

/* "10.0.2.9:5432", "[fd00::9]:53/udp". */
static bool add_server(struct assertion_reader *p, struct str text, struct buf *out)
{
	struct str host = text, port = { "", 0 }, protocol = { "", 0 };
	uint64_t number;
	const char *slash, *colon = NULL;

	for (size_t i = text.n; i-- > 0 && !colon;)
		colon = text.s[i] == ':' ? text.s + i : NULL;
	if (!colon || (colon > text.s && text.s[0] == '[' && colon[-1] != ']'))
		return fail_at(p, text.s + text.n, "expected :PORT behind the server");
	host.n = (size_t)(colon - text.s);
	port = (struct str){ colon + 1, text.n - host.n - 1 };
	if ((slash = memchr(port.s, '/', port.n))) {
		protocol = (struct str){ slash + 1, (size_t)(port.s + port.n - slash) - 1 };
		port.n = (size_t)(slash - port.s);
	}
	for (size_t i = 0; slash && i < protocol.n + !protocol.n; i++)
		if (!protocol.n ||
		    !strchr("abcdefghijklmnopqrstuvwxyz0123456789-",
			    protocol.s[i] >= 'A' && protocol.s[i] <= 'Z' ? protocol.s[i] | 32
									 : protocol.s[i]))
			return fail_at(p, slash + 1, "expected a protocol: tcp, udp, 6");
	if (host.n > 1 && host.s[0] == '[')
		host = (struct str){ host.s + 1, host.n - 2 };
	if (!str_to_u64(port, &number) || number > 65535)
		return fail_at(p, port.s, "expected a port, 0 to 65535");
	buf_puts(out, "server=");
	if (!add_host(p, host, out, p->a->server, &p->a->bits))
		return false;
	buf_printf(out, " and service=%u", (unsigned)number);
	if (slash)
		buf_printf(out, " and protocol=%.*s", (int)protocol.n, protocol.s);
	return true;
}

static bool read_only(struct assertion_reader *p)
{
	struct buf text = { 0 };
	struct str clients;
	const char *at = p->rest.s, *arrow = NULL;
	bool good;

	for (size_t i = 0; i + 1 < p->rest.n && !arrow; i++)
		arrow = p->rest.s[i] == '-' && p->rest.s[i + 1] == '>' ? p->rest.s + i : NULL;
	if (!arrow)
		return fail_at(p, p->rest.s + p->rest.n, "expected '-> SERVER:PORT'");
	clients = str_trim((struct str){ at, (size_t)(arrow - at) });
	cut(p, (size_t)(arrow - at) + 2);
	buf_puts(&text, "accept and ");
	good = add_server(p, str_trim(p->rest), &text);
	buf_puts(&text, " and not client=");
	good = good && add_clients(p, clients, &text) &&
	       compile(p, buf_str(&text), p->rest.s, true);
	buf_release(&text);
	return good;
}

static bool read_assertion(struct assertion_reader *p)
{
	struct str word = cut_word(p);
	const struct quantity *q = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(quantities) && !q; i++)
		q = word_is(word, quantities[i].word) ? &quantities[i] : NULL;
	if (!q)
		return unknown_word(p, word);
	p->a->kind = q->kind;
	if (q->kind == ASSERT_NONE || q->kind == ASSERT_SOME)
		return read_filter(p);
	if (q->kind == ASSERT_ONLY)
		return read_only(p);
	return read_list(p, q) && read_sign(p, q) && read_value(p, q);
}

struct assertion *assertion_new(struct str text, int64_t now_s, assertion_resolve *resolve,
				void *ctx, struct assertion_error *error)
{
	struct assertion *a = xcalloc(1, sizeof *a);
	struct str trimmed = str_trim(text);
	struct assertion_reader p = { .whole = text,
				      .rest = trimmed,
				      .now_s = now_s,
				      .resolve = resolve,
				      .ctx = ctx,
				      .a = a,
				      .error = error };

	*error = (struct assertion_error){ 0 };
	a->text = xstrndup(trimmed.s, trimmed.n);
	a->of = xstrndup("", 0);
	if (read_assertion(&p))
		return a;
	assertion_free(a);
	return NULL;
}

void assertion_free(struct assertion *a)
{
	if (!a)
		return;
	free(a->text);
	free(a->of);
	filter_free(a->filter);
	free(a->ends);
	free(a->slot);
	buf_release(&a->first);
	free(a);
}

bool assertion_asks_findings(struct str text)
{
	struct assertion_reader p = { .rest = str_trim(text) };

	return word_is(cut_word(&p), "findings");
}
