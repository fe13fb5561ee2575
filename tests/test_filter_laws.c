/* What holds of every filter, over random ones: it selects what the slow twin selects, it
 * reads as itself, logic is logic, and no segment is left out that holds a match. */
#include "filter/filter.h"
#include "slow_filter.h"
#include "slow_labels.h"
#include "support.h"

#define NOW 1700000000
#define ROWS 1000
#define SEGMENTS 4
#define FILTERS 1500

static struct ring *ring;
static struct slow slow[SEGMENTS];

/* Segments that differ: the last has no status rows, ports and times apart from the rest. */
static int set_up(void **state)
{
	uint64_t seed = 71;

	(void)state;
	ring = ring_new(dict_new(), 1 << 30);
	ring_set_ceiling(ring, INT64_MAX);
	for (unsigned s = 0; s < SEGMENTS; s++) {
		struct buf lines = { 0 };
		for (unsigned i = 0; i < ROWS; i++) {
			if (s == SEGMENTS - 1)
				buf_printf(&lines,
					   "2 123456789012 eni-3 10.0.1.%u 2001:db8::%x %u 443 6 "
					   "%u %u 1699990000 16999900%02u REJECT OK",
					   i % 16, i % 7, 40000 + i, i % 90 + 10, 5000 + i, i % 60);
			else
				random_line(&seed, NOW + s * 300, &lines);
			buf_putc(&lines, '\n');
		}
		ring_add_text(ring, format_default(), buf_str(&lines), NULL, NULL);
		slow_read(&slow[s], format_default(), buf_str(&lines));
		assert_int_equal(slow[s].n, ROWS);
		buf_release(&lines);
	}
	assert_int_equal(ring_count(ring), SEGMENTS);
	slow_labels_open(ring_dict(ring));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	slow_labels_close(ring_dict(ring));
	ring_free_all(ring);
	for (unsigned s = 0; s < SEGMENTS; s++)
		slow_release(&slow[s]);
	return 0;
}

static struct filter *made(const char *text)
{
	struct filter_error e;
	struct filter *f = filter_new(str_of(text), NOW, &e);

	if (!f)
		fail_msg("'%s': column %zu: %s", text, e.column, e.message);
	return f;
}

struct set {
	uint64_t word[SEGMENTS][ROWS / 64 + 1];
};

static void select_all(const char *text, struct set *out)
{
	struct filter *f = made(text);

	memset(out, 0, sizeof *out);
	for (unsigned s = 0; s < SEGMENTS; s++)
		filter_select(f, ring_at(ring, s), ring_dict(ring), 0, ROWS, out->word[s], NULL);
	filter_free(f);
}

static bool same(const struct set *a, const struct set *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

static bool within(const struct set *a, const struct set *b)
{
	for (unsigned s = 0; s < SEGMENTS; s++)
		for (unsigned w = 0; w < ROWS / 64 + 1; w++)
			if (a->word[s][w] & ~b->word[s][w])
				return false;
	return true;
}

/* Any rows of a segment at once give the same bits, and excluding is never wrong. */
static void as_the_slow_one(void **state)
{
	uint64_t seed = 5, excluded = 0;

	(void)state;
	for (unsigned i = 0; i < fewer(FILTERS); i++) {
		struct buf text = { 0 };
		random_filter(&seed, (unsigned)random_below(&seed, 4), &text);
		struct filter *f = made(text.s);
		for (unsigned s = 0; s < SEGMENTS; s++) {
			uint32_t first = (uint32_t)random_below(&seed, ROWS), any = 0;
			uint64_t bits[ROWS / 64 + 1] = { 0 };
			if (i % 2)
				first = 0;
			filter_select(f, ring_at(ring, s), ring_dict(ring), first, ROWS - first,
				      bits, NULL);
			for (uint32_t k = first; k < ROWS; k++) {
				bool want = slow_selects(f, &slow[s].flow[k]) == SLOW_YES;
				any += want;
				if ((bits[(k - first) / 64] >> (k - first) % 64 & 1) != want)
					fail_msg("'%s' on row %u of segment %u", text.s, k, s);
			}
			if (filter_excludes(f, ring_at(ring, s), ring_dict(ring))) {
				excluded++;
				assert_int_equal(any, 0);
			}
		}
		filter_free(f);
		buf_release(&text);
	}
	assert_true(excluded > fewer(FILTERS) / 10);
}

/* ---- a regex that gives up on some ---- */

#define GIVES_UP "eni~/^eni-(a|a)+c|^eni-[12]$/"

/* Few of the rows are such, for each takes it long. */
static struct ring *poisoned(struct slow *twin)
{
	struct ring *r = ring_new(dict_new(), 1 << 30);
	struct buf lines = { 0 };

	ring_set_ceiling(r, INT64_MAX);
	for (unsigned i = 0; i < ROWS; i++) {
		if (i % 400 == 3)
			buf_printf(&lines, "2 1 eni-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa%u ",
				   i / 400);
		else
			buf_printf(&lines, "2 1 eni-%u ", i % 4);
		buf_printf(&lines,
			   "10.0.0.%u 10.0.1.%u %u 443 %u %u %u 1700000000 1700000060 %s OK\n",
			   i % 5, i % 16, 40000 + i % 7, i % 3 ? 6 : 17, i % 90, i * 10,
			   i % 2 ? "ACCEPT" : "REJECT");
	}
	ring_add_text(r, format_default(), buf_str(&lines), NULL, NULL);
	slow_read(twin, format_default(), buf_str(&lines));
	assert_int_equal(twin->n, ROWS);
	slow_labels_open(ring_dict(r));
	buf_release(&lines);
	return r;
}

static const char *const around[] = {
	"%s",
	"not %s",
	"not not %s",
	"(%s) and (A)",
	"(A) and not %s",
	"(%s) or (A)",
	"not (%s or (A))",
	"((A) or %s) and (B)",
	"(A) and (B) or not (%s and (B))",
	"(A) or (B) and %s",
};

/* As typed what is decided is as the slow one says; as run, it is the same throughout. */
static void check_undecided(struct ring *r, const struct slow *twin, const char *text)
{
	struct filter *f = made(text);
	uint64_t bits[ROWS / 64 + 1], undecided[ROWS / 64 + 1];
	uint32_t n = filter_select(f, ring_at(r, 0), ring_dict(r), 0, ROWS, bits, undecided);

	for (unsigned k = 0; k < ROWS; k++) {
		bool yes = bits[k / 64] >> k % 64 & 1, unknown = undecided[k / 64] >> k % 64 & 1;
		enum slow_answer typed = slow_selects(f, &twin->flow[k]);
		enum slow_answer plan = slow_plan_selects(f, &twin->flow[k]);
		if (unknown != (plan == SLOW_UNDECIDED) || yes != (plan == SLOW_YES) ||
		    (typed != plan && typed != SLOW_UNDECIDED))
			fail_msg("'%s' on row %u", text, k);
		n -= unknown;
	}
	assert_int_equal(n, 0);
	filter_free(f);
}

static void what_gives_up_is_neither(void **state)
{
	struct slow twin = { 0 };
	struct ring *r = poisoned(&twin);
	uint64_t seed = 3;

	(void)state;
	for (unsigned i = 0; i < 3 * ARRAY_SIZE(around); i++) {
		struct buf text = { 0 };
		for (const char *p = around[i % ARRAY_SIZE(around)]; *p; p++)
			if (*p == '%')
				buf_puts(&text, i % 3 ? GIVES_UP : "(/eni-(a|a)+ c| eni-1 /)"), p++;
			else if (*p == 'A' || *p == 'B')
				random_filter(&seed, 2, &text);
			else
				buf_putc(&text, *p);
		check_undecided(r, &twin, text.s);
		buf_release(&text);
	}
	slow_release(&twin);
	slow_labels_close(ring_dict(r));
	ring_free_all(r);
}

static void reads_as_itself(void **state)
{
	uint64_t seed = 9;

	(void)state;
	for (unsigned i = 0; i < fewer(FILTERS); i++) {
		struct buf text = { 0 }, joined = { 0 };
		random_filter(&seed, (unsigned)random_below(&seed, 4), &text);
		struct filter *f = made(text.s), *again = made(filter_reads(f));
		struct set a, b;
		assert_string_equal(filter_reads(again), filter_reads(f));
		select_all(text.s, &a);
		select_all(filter_reads(f), &b);
		assert_true(same(&a, &b));
		/* Its clauses in reverse are the same flows. */
		for (size_t k = filter_clauses(f); k-- > 0;)
			buf_printf(&joined, "%s%s", filter_clause(f, k), k ? " and " : "");
		select_all(joined.s, &b);
		assert_true(same(&a, &b));
		filter_free(f);
		filter_free(again);
		buf_release(&text);
		buf_release(&joined);
	}
}

static void law(const char *format, const char *a, const char *b, struct set *out)
{
	struct buf text = { 0 };

	for (const char *p = format; *p; p++)
		if (*p == 'A')
			buf_puts(&text, a);
		else if (*p == 'B')
			buf_puts(&text, b);
		else
			buf_putc(&text, *p);
	select_all(text.s, out);
	buf_release(&text);
}

/* The status rows take part when either side names log-status: so that both do or neither. */
static void logic_is_logic(void **state)
{
	static const char *const equal[][2] = {
		{ "not not (A)", "(A)" },
		{ "not (not (A))", "(A)" },
		{ "(A) and (A)", "(A)" },
		{ "(A) or (A)", "(A)" },
		{ "(A) and (B)", "(B) and (A)" },
		{ "(A) or (B)", "(B) or (A)" },
		{ "not ((A) and (B))", "not (A) or not (B)" },
		{ "not ((A) or (B))", "not (A) and not (B)" },
		{ "(A) and ((A) or (B))", "(A) and ((B) or not (B))" },
		{ "(A) and not (A) or (B)", "(B) and ((A) or not (A))" },
		{ "((A) or (B)) and not (B)", "(A) and not (B)" },
	};
	uint64_t seed = 13;

	(void)state;
	for (unsigned i = 0; i < fewer(FILTERS / 3); i++) {
		struct buf a = { 0 }, b = { 0 };
		struct set x, y, both, any;
		random_filter(&seed, (unsigned)random_below(&seed, 3), &a);
		random_filter(&seed, (unsigned)random_below(&seed, 3), &b);
		if (strstr(a.s, "status") || strstr(b.s, "status") || strstr(a.s, "nodata") ||
		    strstr(b.s, "nodata")) {
			buf_puts(&a, ") and (status=* or status=-");
			buf_puts(&b, ") and (status=* or status=-");
		}
		for (size_t k = 0; k < ARRAY_SIZE(equal); k++) {
			law(equal[k][0], a.s, b.s, &x);
			law(equal[k][1], a.s, b.s, &y);
			if (!same(&x, &y))
				fail_msg("%s is not %s: A '%s', B '%s'", equal[k][0], equal[k][1],
					 a.s, b.s);
		}
		law("(A)", a.s, b.s, &x);
		law("(A) and (B)", a.s, b.s, &both);
		law("(A) or (B)", a.s, b.s, &any);
		assert_true(within(&both, &x) && within(&x, &any));
		buf_release(&a);
		buf_release(&b);
	}
}

/* ---- folding and judging do what they are for ---- */

static const struct {
	const char *text, *plan; /* what --explain-filter says behind the empty line */
} plans[] = {
	{ "not not tcp", "protocol=6 " },
	{ "tcp and tcp", "protocol=6 " },
	{ "dport=22 or dport=443 or dport=23", "dstport=22-23,443 " },
	{ "src=10.0.0.0/9 or src=10.128.0.0/9", "srcaddr=10.0.0.0/8 " },
	{ "bytes>10 and bytes<=20", "bytes=11-20 " },
	{ "not dport=22 and not dport=443", "dstport!=22,443 " },
	{ "not (dport!=22 or reject)", "all of" },
	{ "((tcp and 443) and (udp or reject))", "all of" },
	{ "action=accept or action=allowed", "action=ACCEPT " },
	{ "dport=1 and dport=2", "nothing can match" },
	{ "src=10.0.0.0/8 and src=192.168.0.0/16", "nothing can match" },
	{ "action=ACCEPT and action=REJECT", "nothing can match" },
	{ "tcp and not tcp", "nothing can match" },
	{ "tcp and (bytes<0 or packets<0)", "nothing can match" },
	{ "tcp or not tcp", "every flow matches" },
	{ "dport=- or dport=*", "every flow matches" },
	{ "eni=* or eni=-", "every flow matches" },
	{ "src=* or src=-", "every flow matches" },
	{ "(/x/) and bytes>5", "all of, each on what is left:\n  bytes>5" },
	{ "port=1 and port=2", "all of" }, /* one on each side */
};

static void parts_fold(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(plans); i++) {
		struct filter *f = made(plans[i].text);
		struct buf out = { 0 };
		filter_explain(f, &out);
		assert_int_equal(strncmp(out.s, filter_reads(f), strlen(filter_reads(f))), 0);
		char *plan = strstr(out.s, "\n\n");
		assert_non_null(plan);
		if (strncmp(plan + 2, plans[i].plan, strlen(plans[i].plan)) != 0)
			fail_msg("'%s' is run as '%s'", plans[i].text, plan + 2);
		buf_release(&out);
		filter_free(f);
	}
}

/* Of the last segment: source ports 40000 to 40999, bytes 5000 to 5999, all refused. */
static const struct {
	const char *text;
	bool excluded;
} segments[] = {
	{ "sport=39999", true },
	{ "sport=41000", true },
	{ "sport=40000", false },
	{ "sport=40999", false },
	{ "bytes>6000", true },
	{ "bytes>5998", false },
	{ "bytes<5000", true },
	{ "packets=1-9,100-200", true },
	{ "end>1699990059", true },
	{ "end<1699990000", true },
	{ "end<=1699990000", false },
	{ "action=ACCEPT", true },
	{ "not reject", true },
	{ "reject", false },
	{ "src=10.0.0.0/24", true },
	{ "src=10.0.1.0/28", false },
	{ "src=10.0.1.16/28", true },
	{ "src!=10.0.1.0/24", true },
	{ "src!=10.0.1.1", false },
	{ "dst=0.0.0.0/0", true },
	{ "addr=10.0.0.0/24", true },
	{ "addr=2001:db8::6", false },
	{ "client=10.0.0.0/24", true },
	{ "service=443", false },
	{ "service=22", true },
	{ "eni=eni-1", true },
	{ "eni~^eni-[12]$", true },
	{ "region=eu-west-1", true },
	{ "region=-", false },
	{ "region!=-", true },
	{ "sport=-", true },
	{ "src=-", true },
	{ "reject and sport=1", true },
	{ "reject and (sport=1 or bytes>9k)", true },
	{ "sport=1 or reject", false },
	{ "not (reject or udp)", true },
	{ "not (reject and udp)", false },
	{ "nodata", true },
};

static void segments_are_left_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(segments); i++) {
		struct filter *f = made(segments[i].text);
		if (filter_excludes(f, ring_at(ring, SEGMENTS - 1), ring_dict(ring)) !=
		    segments[i].excluded)
			fail_msg("'%s' excludes wrongly", segments[i].text);
		filter_free(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_the_slow_one), cmocka_unit_test(what_gives_up_is_neither),
		cmocka_unit_test(reads_as_itself), cmocka_unit_test(logic_is_logic),
		cmocka_unit_test(parts_fold),      cmocka_unit_test(segments_are_left_out),
	};

	return cmocka_run_group_tests_name("filter_laws", tests, set_up, tear_down);
}
