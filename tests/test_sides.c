/* Which end serves, by refused packets and by who was met first; runs of rows, and their bounds. */
#include <inttypes.h>

#include "base/hash.h"
#include "decode/outs.h"
#include "taught.h"

static const char on_header[] =
	"interface-id srcaddr dstaddr srcport dstport protocol packets start "
	"end action log-status\n";
static const char way_header[] = "interface-id flow-direction srcaddr dstaddr srcport dstport "
				 "protocol packets start end action log-status\n";

/* Of each row 'c' its source asked, 's' it serves; behind a '~': guessed. */
static const char *sides_of_rows(const char *header_line, const char *text)
{
	static char out[64];
	struct servers *v = servers_new(NULL, SERVERS_RUN);
	struct buf marks = { 0 };
	size_t n = 0;

	marks_under(v, header_line, text, 1000, &marks);
	for (size_t i = 0; i < marks.n; i++)
		n += (size_t)snprintf(out + n, sizeof out - n, "%s%c",
				      marks.s[i] & MARK_GUESS ? "~" : "",
				      marks.s[i] & MARK_SERVER_SRC ? 's' : 'c');
	buf_release(&marks);
	servers_free(v);
	return out;
}

/* Two records of 10.0.0.5 on eni-1 with different peers, so that it is its own. */
#define OWN \
	"eni-1 10.0.0.5 192.0.2.1 50000 443 6 9 1000 1060 ACCEPT OK\n" \
	"eni-1 192.0.2.2 10.0.0.5 50000 443 6 9 1000 1060 ACCEPT OK\n"
#define OWN_SIDES "~c~c"

/* AWS, "Flow log record examples", security groups and network ACLs: the ping whose answer is
 * refused, and single refusals. */
static void aws_examples(void **state)
{
	(void)state;
	assert_string_equal(
		sides_of_rows(on_header,
			      "eni-1 203.0.113.12 172.31.16.139 0 0 1 4 1432917027 1432917142 "
			      "ACCEPT OK\n"
			      "eni-1 172.31.16.139 203.0.113.12 0 0 1 4 1432917094 1432917142 "
			      "REJECT OK\n"),
		"~c~s");
	/* In whatever order they stand. */
	assert_string_equal(
		sides_of_rows(on_header,
			      "eni-1 172.31.16.139 203.0.113.12 0 0 1 4 1432917094 1432917142 "
			      "REJECT OK\n"
			      "eni-1 203.0.113.12 172.31.16.139 0 0 1 4 1432917027 1432917142 "
			      "ACCEPT OK\n"),
		"~s~c");
	/* The request alone, refused: it came to the address that is internal. */
	assert_string_equal(
		sides_of_rows(on_header,
			      "eni-1 203.0.113.12 172.31.16.139 0 0 1 4 1432917027 1432917142 "
			      "REJECT OK\n"),
		"c");
	assert_string_equal(
		sides_of_rows(on_header, "eni-1 172.31.9.69 172.31.9.12 49761 3389 6 20 1418530010 "
					 "1418530070 REJECT OK\n"),
		"~c");
}

static void refused(void **state)
{
	(void)state;
	/* A scan: whatever the ports. Of 443 too it is no guess. */
	assert_string_equal(
		sides_of_rows(on_header, OWN
			      "eni-1 198.51.100.7 10.0.0.5 30000 40000 6 1 1000 1060 REJECT OK\n"
			      "eni-1 198.51.100.8 10.0.0.5 40000 443 6 1 1000 1060 REJECT OK\n"
			      "eni-1 198.51.100.9 10.0.0.5 5 6 17 1 1000 1060 REJECT OK\n"),
		OWN_SIDES "ccc");
	/* It had asked, before or after in the run: then it may be the answer. */
	assert_string_equal(
		sides_of_rows(on_header, OWN
			      "eni-1 10.0.0.5 198.51.100.7 40000 30000 6 1 1000 1060 ACCEPT OK\n"
			      "eni-1 198.51.100.7 10.0.0.5 30000 40000 6 1 1000 1060 REJECT OK\n"
			      "eni-1 198.51.100.7 10.0.0.5 30001 40000 6 1 1000 1060 REJECT OK\n"
			      "eni-1 10.0.0.5 198.51.100.7 40000 30001 6 1 1000 1060 ACCEPT OK\n"),
		OWN_SIDES "~c~s~s~c");
	/* Not in the same tuple, and not of that interface. */
	assert_string_equal(
		sides_of_rows(on_header, OWN
			      "eni-1 10.0.0.5 198.51.100.7 40000 30002 6 1 1000 1060 ACCEPT OK\n"
			      "eni-1 10.0.0.5 198.51.100.7 40000 30000 17 1 1000 1060 ACCEPT OK\n"
			      "eni-2 10.0.0.5 198.51.100.7 40000 30000 6 1 1000 1060 ACCEPT OK\n"
			      "eni-1 198.51.100.7 10.0.0.5 30000 40000 6 1 1000 1060 REJECT OK\n") +
			strlen(OWN_SIDES) + 6,
		"c");
	/* From a known service's port to one of a client: its question is not in the log. */
	assert_string_equal(
		sides_of_rows(on_header,
			      OWN "eni-1 198.51.100.7 10.0.0.5 443 40000 6 1 1000 1060 REJECT OK\n"
				  "eni-1 198.51.100.7 10.0.0.5 443 700 6 1 1000 1060 REJECT OK\n"),
		OWN_SIDES "~sc");
	/* What is refused on its way out, or on an interface that has no address, is guessed. */
	assert_string_equal(
		sides_of_rows(
			on_header,
			OWN "eni-1 10.0.0.5 198.51.100.7 30000 40000 6 1 1000 1060 REJECT OK\n"
			    "eni-3 198.51.100.1 203.0.113.1 30000 40000 6 1 1000 1060 REJECT OK\n"
			    "eni-3 198.51.100.2 203.0.113.2 30000 40000 6 1 1000 1060 REJECT OK\n"),
		OWN_SIDES "~s~s~s");
	/* flow-direction says it, with one record alone. */
	assert_string_equal(
		sides_of_rows(
			way_header,
			"eni-1 ingress 10.0.0.9 10.0.0.5 30000 40000 6 1 1000 1060 REJECT OK\n"
			"eni-1 egress 10.0.0.8 10.0.0.7 30000 40000 6 1 1000 1060 REJECT OK\n"
			"eni-1 - 10.0.0.8 10.0.0.6 30000 40000 6 1 1000 1060 REJECT OK\n"),
		"c~s~s");
	/* Who asked is known at the interface that let it out, too. */
	assert_string_equal(
		sides_of_rows(on_header,
			      OWN "eni-2 10.0.0.9 10.0.0.5 30000 40000 6 1 1000 1060 ACCEPT OK\n"
				  "eni-1 10.0.0.9 10.0.0.5 30000 40000 6 1 1000 1060 REJECT OK\n"),
		OWN_SIDES "cc");
}

static void ports_that_say_nothing(void **state)
{
	(void)state;
	/* The same port at both ends: who was met first asked, in both directions. */
	assert_string_equal(
		sides_of_rows(on_header,
			      "eni-1 10.0.0.5 10.0.0.6 123 123 17 1 1010 1060 ACCEPT OK\n"
			      "eni-1 10.0.0.6 10.0.0.5 123 123 17 1 1000 1060 ACCEPT OK\n"
			      "eni-2 10.0.0.5 10.0.0.6 123 123 17 1 1005 1060 ACCEPT OK\n"),
		"~s~c~s");
}

/* ---- runs ---- */

/* `n` records that are of no interest. */
static void fill(struct buf *out, uint64_t n, unsigned time)
{
	for (uint64_t i = 0; i < n; i++)
		buf_printf(out, "eni-9 10.9.0.%u 10.9.1.%u 40000 443 6 9 %u %u ACCEPT OK\n",
			   (unsigned)(i % 250), (unsigned)(i % 240), time, time + 60);
}

/* Whether what was let out `before` seconds earlier, in the run before, makes a refused packet an
 * answer. */
static bool is_remembered(unsigned before)
{
	struct servers *v = servers_new(NULL, SERVERS_RUN);
	struct buf text = { 0 }, marks = { 0 };
	bool serves;

	buf_puts(&text, OWN "eni-1 10.0.0.5 198.51.100.7 40000 30000 6 1 940 1000 ACCEPT OK\n");
	fill(&text, SERVERS_RUN, 1000);
	buf_printf(&text, "eni-1 198.51.100.7 10.0.0.5 30000 40000 6 1 %u %u REJECT OK\n",
		   1000 + before, 1060 + before);
	marks_under(v, on_header, text.s, 10000, &marks);
	serves = marks.s[marks.n - 1] & MARK_SERVER_SRC;
	buf_release(&text);
	buf_release(&marks);
	servers_free(v);
	return serves;
}

/* Whether of an exchange between the same two ports, as many seconds after another one began that was
 * asked for from the other end, it is known who asked in that one. */
static bool is_the_same(unsigned before)
{
	struct servers *v = servers_new(NULL, SERVERS_RUN);
	struct buf text = { 0 }, marks = { 0 };
	bool serves;

	buf_puts(&text, "eni-1 10.0.0.5 10.0.0.6 123 123 17 1 940 1000 ACCEPT OK\n");
	fill(&text, SERVERS_RUN, 1000);
	buf_printf(&text, "eni-1 10.0.0.6 10.0.0.5 123 123 17 1 %u %u ACCEPT OK\n", 940 + before,
		   1000 + before);
	marks_under(v, on_header, text.s, 10000, &marks);
	serves = marks.s[marks.n - 1] & MARK_SERVER_SRC;
	buf_release(&text);
	buf_release(&marks);
	servers_free(v);
	return serves;
}

static void ten_minutes(void **state)
{
	(void)state;
	assert_true(is_remembered(0));
	assert_true(is_remembered(600));
	assert_false(is_remembered(601));
	assert_true(is_the_same(600));
	assert_false(is_the_same(601));
}

/* What went out, as a plain list of the last that came has it. */
static void outs_as_listed(void **state)
{
	enum { MOST = 256, RUN = 64, KEYS = 400 };
	struct outs o = { .most = MOST };
	struct out_asks asks = { 0 };
	uint64_t key[MOST * 20], seed = 4712;
	uint32_t time[MOST * 20], n = 0, run = 0, met = 0, old = 0;

	(void)state;
	for (unsigned round = 0; round < 90; round++) {
		uint32_t from = n, some = 1 + (uint32_t)random_below(&seed, RUN / 2);
		for (; n < from + some; n++) {
			key[n] = hash_u64(random_below(&seed, KEYS))
				 << 13; /* low bits are the same */
			time[n] = round * 100 + (uint32_t)random_below(&seed, 400);
		}
		outs_add(&o, key + from, time + from, some);
		for (unsigned i = 0; i < KEYS; i += 3)
			out_asks_add(&asks, hash_u64(i) << 13);
		outs_answer(&o, &asks);
		for (unsigned i = 0; i < KEYS; i += 3) {
			uint32_t at = round * 100 + (uint32_t)random_below(&seed, 800);
			bool want = false;
			for (uint32_t k = n > MOST ? n - MOST : 0; k < n; k++)
				want |= key[k] == hash_u64(i) << 13 &&
					(k >= run || time[k] + OUTS_S >= at);
			assert_int_equal(out_asks_hold(&asks, hash_u64(i) << 13, at), want);
			met += want;
			old += !want;
		}
		out_asks_clear(&asks);
		if (round % 2)
			outs_next(&o), run = n;
	}
	assert_true(n > MOST * 4 && met > 1000 && old > 1000);
	assert_true(outs_bytes(&o) == MOST * 12);
	outs_release(&o);
	out_asks_release(&asks);
}

static void random_record(uint64_t *seed, uint64_t i, struct buf *out)
{
	static const unsigned ports[] = { 443, 8080, 30000, 40000, 51820, 60000, 0 };
	unsigned own = (unsigned)random_below(seed, 8), peer = (unsigned)random_below(seed, 250);
	bool in = random_below(seed, 2);
	char mine[24], other[24];

	snprintf(mine, sizeof mine, "10.0.0.%u", own);
	snprintf(other, sizeof other, "%s.%u", peer % 2 ? "198.51.100" : "10.0.0", peer);
	buf_printf(out, "eni-%u %s %s %u %u 17 %u %u %u %s OK\n", own, in ? other : mine,
		   in ? mine : other, ports[random_below(seed, 7)], ports[random_below(seed, 7)],
		   1 + (unsigned)random_below(seed, 5), (unsigned)(100000 + i / 50),
		   (unsigned)(100060 + i / 50), random_below(seed, 3) ? "ACCEPT" : "REJECT");
}

static void note_change(void *ctx, struct segment *s)
{
	(void)s;
	++*(unsigned *)ctx;
}

/* However the lines were cut, and though rows were looked at as they came. */
static void cut_anyhow(void **state)
{
	static const size_t pieces[] = { 1 << 20, SERVERS_RUN, 40000, 7777, 513 };
	struct buf text = { 0 }, want = { 0 };
	uint64_t seed = 4711, given = 0;
	unsigned changes = 0;

	(void)state;
	for (uint64_t i = 0; i < 150000; i++)
		random_record(&seed, i, &text);
	for (unsigned k = 0; k < 2 * ARRAY_SIZE(pieces); k++) {
		struct taught t = { .v = servers_new(NULL, SERVERS_RUN) };
		struct buf marks = { 0 };
		bool looks = k >= ARRAY_SIZE(pieces);
		servers_on_change(t.v, note_change, &changes);
		for (const char *at = text.s, *end; *at; at = end) {
			struct buf part = { 0 };
			end = at;
			for (size_t i = 0; i < pieces[k % ARRAY_SIZE(pieces)] && *end; i++)
				end = strchr(end, '\n') + 1;
			buf_add(&part, at, (size_t)(end - at));
			teach(&t, on_header, part.s, SIZE_MAX);
			if (looks)
				servers_mark_new(t.v, TAUGHT_SOURCE);
			buf_release(&part);
		}
		assert_true(looks || changes == 0);
		/* The last run is open: it ends here. */
		servers_end(t.v, TAUGHT_SOURCE);
		take_marks(&t, &marks);
		servers_free(t.v);
		if (k == 0) {
			want = marks;
			continue;
		}
		assert_int_equal(marks.n, want.n);
		assert_memory_equal(marks.s, want.s, want.n);
		buf_release(&marks);
	}
	for (size_t i = 0; i < want.n; i++)
		given += !(want.s[i] & MARK_GUESS) && want.s[i] & MARK_REJECT;
	assert_true(given > 10000);
	assert_true(changes > 0);
	buf_release(&text);
	buf_release(&want);
}

/* A million sources, let in and out and refused: memory has a bound, and the sides are known. */
static void a_million_sources(void **state)
{
	struct servers *v = servers_new(NULL, SERVERS_RUN);
	struct buf text = { 0 }, marks = { 0 };
	uint64_t turned = 0;

	(void)state;
	for (unsigned i = 0; i < 1000000; i++) {
		unsigned a = i % 251, b = i / 251 % 251, c = i / 251 / 251;
		buf_printf(&text, "eni-1 %u.%u.%u.9 10.0.0.5 30000 40000 6 1 %u %u REJECT OK\n",
			   20 + c, b, a, 1000 + i / 1000, 1060 + i / 1000);
		if (i % 4 == 0)
			buf_printf(&text,
				   "eni-1 10.0.0.5 %u.%u.%u.8 40000 30000 6 1 %u %u ACCEPT OK\n",
				   20 + c, b, a, 1000 + i / 1000, 1060 + i / 1000);
		if (i % 50000 != 49999)
			continue;
		marks_under(v, on_header, text.s, 50000, &marks);
		for (size_t k = 0; k < marks.n; k++)
			turned += marks.s[k] & MARK_REJECT && marks.s[k] & MARK_SERVER_SRC;
		assert_true(servers_bytes(v) < 8 << 20);
		buf_clear(&text);
		buf_clear(&marks);
	}
	assert_int_equal(turned, 0);
	servers_free(v);
	buf_release(&text);
	buf_release(&marks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(aws_examples),           cmocka_unit_test(refused),
		cmocka_unit_test(ports_that_say_nothing), cmocka_unit_test(ten_minutes),
		cmocka_unit_test(outs_as_listed),         cmocka_unit_test(cut_anyhow),
		cmocka_unit_test(a_million_sources),
	};

	return cmocka_run_group_tests_name("sides", tests, NULL, NULL);
}
