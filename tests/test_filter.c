/* The filter language: random expressions select what plain predicates over the text of
 * each line select, and nothing that is typed does harm. */
#include <arpa/inet.h>

#include "filter/filter_ast.h"
#include "slow.h"
#include "support.h"

/* Whatever is typed: an error or a filter, never a crash. */
static void nonsense(void **state)
{
	static const char bits[] = "()/\\\"'!-&|<>=~:,. andortsrcdport0123456789[]{}*+?^$";
	uint64_t seed = 5;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char text[40];
		size_t n = random_below(&seed, sizeof text);
		struct filter_error e;
		for (size_t k = 0; k < n; k++)
			text[k] = bits[random_below(&seed, sizeof bits - 1)];
		filter_free(filter_new((struct str){ text, n }, 0, &e));
	}
}

/* ---- what it selects ---- */

static void value(const struct slow_flow *f, int field, char *out, size_t size)
{
	struct buf b = { 0 };

	slow_value(f, field, &b);
	snprintf(out, size, "%s", b.s);
	buf_release(&b);
}

static bool is(const struct slow_flow *f, int field, const char *want)
{
	char v[128];

	value(f, field, v, sizeof v);
	return strcmp(v, want) == 0;
}

static bool starts(const struct slow_flow *f, int field, const char *prefix)
{
	char v[128];

	value(f, field, v, sizeof v);
	return strncmp(v, prefix, strlen(prefix)) == 0;
}

/* -1: no number there. */
static long long num(const struct slow_flow *f, int field)
{
	char v[128];

	value(f, field, v, sizeof v);
	return v[0] == '-' ? -1 : atoll(v);
}

static bool m_reject(const struct slow_flow *f)
{
	return is(f, FIELD_ACTION, "REJECT");
}
static bool m_dport(const struct slow_flow *f)
{
	return num(f, FIELD_DSTPORT) == 443 || num(f, FIELD_DSTPORT) == 22;
}
static bool m_dport_not(const struct slow_flow *f)
{
	return num(f, FIELD_DSTPORT) != 443;
}
static bool m_net(const struct slow_flow *f)
{
	return starts(f, FIELD_SRCADDR, "10.0.0.");
}
static bool m_port(const struct slow_flow *f)
{
	return num(f, FIELD_SRCPORT) == 53 || num(f, FIELD_DSTPORT) == 53;
}
static bool m_addr(const struct slow_flow *f)
{
	return is(f, FIELD_SRCADDR, "10.0.1.3") || is(f, FIELD_DSTADDR, "10.0.1.3");
}
static bool m_bytes(const struct slow_flow *f)
{
	return num(f, FIELD_BYTES) > 500000;
}
static bool m_range(const struct slow_flow *f)
{
	return num(f, FIELD_PACKETS) >= 10 && num(f, FIELD_PACKETS) <= 99;
}
static bool m_absent(const struct slow_flow *f)
{
	return num(f, FIELD_SRCPORT) == -1;
}
static bool m_six(const struct slow_flow *f)
{
	return starts(f, FIELD_SRCADDR, "2001:db8:") || starts(f, FIELD_DSTADDR, "2001:db8:");
}
static bool m_client(const struct slow_flow *f)
{
	return starts(f, FIELD_CLIENT, "10.0.1.");
}
static bool m_service(const struct slow_flow *f)
{
	return num(f, FIELD_SERVICE) == 5432;
}
static bool m_eni(const struct slow_flow *f)
{
	return is(f, FIELD_INTERFACE_ID, "eni-1") || is(f, FIELD_INTERFACE_ID, "eni-3");
}
static bool m_udp(const struct slow_flow *f)
{
	return num(f, FIELD_PROTOCOL) == 17;
}
static bool m_regex(const struct slow_flow *f)
{
	return is(f, FIELD_DSTPORT, "80") && is(f, FIELD_PROTOCOL, "6");
}
static bool m_field_regex(const struct slow_flow *f)
{
	char v[128];
	value(f, FIELD_DSTADDR, v, sizeof v);
	return v[0] != '-' && v[strlen(v) - 1] == '5';
}
static bool m_end(const struct slow_flow *f)
{
	return num(f, FIELD_END) >= 1700000000;
}

static const struct {
	const char *text;
	slow_match *match;
} atoms[] = {
	{ "reject", m_reject },
	{ "dport=443,22", m_dport },
	{ "dport!=443", m_dport_not },
	{ "src=10.0.0.0/24", m_net },
	{ "port=53", m_port },
	{ "10.0.1.3", m_addr },
	{ "bytes>500k", m_bytes },
	{ "packets=10-99", m_range },
	{ "sport=-", m_absent },
	{ "net=2001:db8::/32", m_six },
	{ "client=10.0.1.0/24", m_client },
	{ "service=5432", m_service },
	{ "eni=eni-1,eni-3", m_eni },
	{ "udp", m_udp },
	{ "/ 80 6 /", m_regex },
	{ "dst~/5$/", m_field_regex },
	{ "end>=1700000000", m_end },
};

#define ATOMS ARRAY_SIZE(atoms)
#define ROWS 3000

struct truth {
	bool row[ROWS];
};

/* A random expression and what it must select. */
static void expression(uint64_t *seed, unsigned depth, const struct slow *s, struct buf *text,
		       struct truth *t)
{
	uint64_t kind = random_below(seed, depth ? 5 : 2);

	if (kind < 2) {
		size_t a = random_below(seed, ATOMS);
		buf_puts(text, atoms[a].text);
		for (size_t i = 0; i < ROWS; i++)
			t->row[i] = atoms[a].match(&s->flow[i]);
	} else if (kind == 2) {
		buf_puts(text, "not (");
		expression(seed, depth - 1, s, text, t);
		buf_putc(text, ')');
		for (size_t i = 0; i < ROWS; i++)
			t->row[i] = !t->row[i];
	} else {
		struct truth *other = xmalloc(sizeof *other);
		buf_putc(text, '(');
		expression(seed, depth - 1, s, text, t);
		buf_puts(text, kind == 3 ? ") and (" : ") or (");
		expression(seed, depth - 1, s, text, other);
		buf_putc(text, ')');
		for (size_t i = 0; i < ROWS; i++)
			t->row[i] =
				kind == 3 ? t->row[i] && other->row[i] : t->row[i] || other->row[i];
		free(other);
	}
}

static void selects_as_the_slow_one(void **state)
{
	struct ring *r = ring_new(dict_new(), 1 << 30);
	uint64_t *bits = xcalloc(ROWS / 64 + 1, sizeof *bits), seed = 31;
	struct truth *t = xmalloc(sizeof *t);
	struct buf lines = { 0 };
	struct slow slow = { 0 };

	(void)state;
	ring_set_ceiling(r, INT64_MAX);
	for (int i = 0; i < ROWS; i++) {
		random_line(&seed, 1700000000, &lines);
		buf_putc(&lines, '\n');
	}
	slow_read(&slow, format_default(), buf_str(&lines));
	ring_add_text(r, format_default(), buf_str(&lines), NULL, NULL);
	assert_int_equal(ring_count(r), 1);
	for (int i = 0; i < 400; i++) {
		struct segment *s = ring_at(r, 0);
		struct buf text = { 0 };
		struct filter_error e;
		expression(&seed, 3, &slow, &text, t);
		/* A bar that starts with a slash would be one regex. */
		struct buf whole = { 0 };
		buf_printf(&whole, "(%s)", text.s);
		struct filter *f = filter_new(buf_str(&whole), 1700000000, &e);
		assert_non_null(f);
		/* From any row on, any number of them. */
		uint32_t first = (uint32_t)random_below(&seed, 200), n = ROWS - first;
		filter_select(f, s, ring_dict(r), first, n, bits, NULL);
		for (uint32_t k = 0; k < n; k++) {
			bool want = t->row[first + k] && slow_is_flow(&slow.flow[first + k]);
			if ((bits[k / 64] >> k % 64 & 1) != want)
				fail_msg("'%s' on row %u", whole.s, first + k);
		}
		if (filter_excludes(f, s, ring_dict(r)))
			for (uint32_t k = 0; k < ROWS; k++)
				assert_false(t->row[k] && slow_is_flow(&slow.flow[k]));
		filter_free(f);
		buf_release(&text);
		buf_release(&whole);
	}
	slow_release(&slow);
	buf_release(&lines);
	free(bits);
	free(t);
	ring_free_all(r);
}

static void status_rows_only_by_name(void **state)
{
	struct ring *r = ring_new(dict_new(), 1 << 30);
	uint64_t bits[1];
	struct filter_error e;
	static const char text[] =
		"2 1 eni-1 - - - - - - - 1700000000 1700000060 - NODATA\n"
		"2 1 eni-1 - - - - - - - 1700000000 1700000060 - SKIPDATA\n"
		"2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1700000000 1700000060 ACCEPT OK\n";

	(void)state;
	ring_set_ceiling(r, INT64_MAX);
	ring_add_text(r, format_default(), str_of(text), NULL, NULL);
	static const struct {
		const char *text;
		uint64_t rows;
	} cases[] = { { "", 4 },
		      { "eni=eni-1", 4 },
		      { "not reject", 4 },
		      { "log-status=NODATA", 1 },
		      { "status=skipdata", 2 },
		      { "log-status!=OK", 3 } };
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct filter *f = filter_new(str_of(cases[i].text), 0, &e);
		filter_select(f, ring_at(r, 0), ring_dict(r), 0, 3, bits, NULL);
		assert_int_equal(bits[0], cases[i].rows);
		filter_free(f);
	}
	ring_free_all(r);
}

/* A pattern that explodes is cut short and said, not waited for. */
static void slow_patterns_end(void **state)
{
	struct ring *r = ring_new(dict_new(), 1 << 30);
	struct buf text = { 0 };
	uint64_t bits[1], undecided[1];
	struct filter_error e;

	(void)state;
	buf_puts(&text, "2 1 eni-");
	for (int i = 0; i < 200; i++)
		buf_putc(&text, 'a');
	buf_puts(&text, " 10.0.0.1 10.0.0.2 1 2 6 1 1 1700000000 1700000060 ACCEPT OK\n");
	ring_add_text(r, format_default(), buf_str(&text), NULL, NULL);
	struct filter *f = filter_new(str_of("/(a|a)+c/"), 0, &e);
	assert_non_null(f);
	assert_int_equal(filter_select(f, ring_at(r, 0), ring_dict(r), 0, 1, bits, undecided), 1);
	assert_int_equal(bits[0], 0);
	assert_int_equal(undecided[0], 1);
	filter_free(f);
	buf_release(&text);
	ring_free_all(r);
}

static uint32_t ask(struct ring *r, struct filter *f, uint32_t rows, uint64_t *bits)
{
	return filter_select(f, ring_at(r, 0), ring_dict(r), 0, rows, bits, NULL);
}

/* Of a text behind the cap the beginning is looked at: what it settles is settled. */
static void long_texts_are_cut(void **state)
{
	static const struct {
		const char *text;
		bool yes, undecided;
	} cases[] = {
		{ "instance-tag~/^eni-x/", true, false },
		{ "instance-tag~/x{99}/", true, false },
		{ "instance-tag~/^eni-y/", false, true },
		{ "instance-tag~/z$/", false, true },
		{ "instance-tag~/x$/", false, true },
		{ "instance-tag~/^eni-x*/", false, true },
		{ "instance-tag~/xx(?!.*z)/", false, true },
		{ "instance-tag=eni-x*z", true, false },
		{ "instance-tag!~/^eni-x/", false, false },
		{ "instance-tag~/z$/ and udp", false, false },
		{ "/10\\.0\\.0\\.1/", false, true },
	};
	struct ring *r = ring_new(dict_new(), 1 << 30);
	struct buf text = { 0 };
	/* What people write: no other value is as long. */
	const struct format *format = format_parse(
		str_of("instance-tag srcaddr dstaddr srcport dstport protocol packets bytes start "
		       "end action log-status"),
		"test");

	(void)state;
	buf_puts(&text, "eni-");
	for (int i = 0; i < 2 * FILTER_REGEX_TEXT; i++)
		buf_putc(&text, 'x');
	buf_puts(&text, "z 10.0.0.1 10.0.0.2 1 2 6 1 1 1700000000 1700000060 ACCEPT OK\n");
	assert_int_equal(ring_add_text(r, format, buf_str(&text), NULL, NULL), 1);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct filter_error e;
		struct filter *f = filter_new(str_of(cases[i].text), 0, &e);
		uint64_t bits;
		if (ask(r, f, 1, &bits) != cases[i].undecided || bits != cases[i].yes)
			fail_msg("'%s'", cases[i].text);
		filter_free(f);
	}
	buf_release(&text);
	ring_free_all(r);
}

/* Half of its time gone, a filter gives less to each text and decides the others; all of it
 * gone, it decides nothing any more, nor does its copy. */
static void time_is_metered(void **state)
{
	enum { BAD = 40, ROWS_HERE = 1000 };
	struct ring *r = ring_new(dict_new(), 1 << 30);
	struct buf text = { 0 };
	uint64_t bits[ROWS_HERE / 64 + 1];
	struct filter_error e;

	(void)state;
	for (int i = 0; i < ROWS_HERE; i++)
		buf_printf(&text,
			   "2 1 eni-%s%04d 10.0.0.1 10.0.0.2 1 2 6 1 1 1700000000 1700000060 "
			   "ACCEPT OK\n",
			   i % 25 == 7 ? "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" : "", i);
	ring_add_text(r, format_default(), buf_str(&text), NULL, NULL);
	struct filter *f = filter_new(str_of("eni~/(a|a)+c|0/"), 0, &e), *copy = filter_copy(f);
	assert_int_equal(ask(r, f, ROWS_HERE, bits), BAD);
	assert_false(f->meter.tight);
	uint64_t began = monotonic_ns();
	struct filter *fresh = filter_new(str_of("eni~/(a|a)+c|0/"), 0, &e);
	fresh->meter.spent_ns = UINT64_C(1100000000);
	assert_int_equal(ask(r, fresh, ROWS_HERE, bits), BAD);
	assert_true(fresh->meter.tight && !filter_is_over(fresh));
	assert_true(monotonic_ns() - began < UINT64_C(900000000));
	filter_share_time(copy, fresh);
	assert_true(copy->meter.tight && !filter_is_over(copy));
	fresh->meter.spent_ns = UINT64_C(2100000000);
	assert_in_range(ask(r, fresh, ROWS_HERE, bits), BAD, ROWS_HERE);
	assert_true(filter_is_over(fresh));
	assert_int_equal(ask(r, fresh, ROWS_HERE, bits), ROWS_HERE);
	filter_share_time(copy, fresh);
	assert_int_equal(ask(r, copy, ROWS_HERE, bits), ROWS_HERE);
	filter_free(f);
	filter_free(fresh);
	filter_free(copy);
	buf_release(&text);
	ring_free_all(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nonsense),
		cmocka_unit_test(selects_as_the_slow_one),
		cmocka_unit_test(status_rows_only_by_name),
		cmocka_unit_test(slow_patterns_end),
		cmocka_unit_test(long_texts_are_cut),
		cmocka_unit_test(time_is_metered),
	};

	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
