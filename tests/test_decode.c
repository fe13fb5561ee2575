/* The fast decoder against the slow one, and every record back to its line. */
#include <dirent.h>

#include "slow.h"
#include "support.h"

static struct ring *new_ring(void)
{
	struct ring *r = ring_new(dict_new(), UINT64_C(1) << 30);

	ring_set_ceiling(r, INT64_C(1) << 40);
	return r;
}

/* Runs of blanks to one, none at the ends: what "white space aside" means. */
static void squeeze(struct str line, struct buf *out)
{
	struct str token;
	bool first = true;

	while ((token = str_token(&line)).n) {
		if (!first)
			buf_putc(out, ' ');
		first = false;
		buf_add_str(out, token);
	}
}

static void check_as(const struct format *format, const char *text, const char *lines,
		     unsigned malformed)
{
	struct ring *r = new_ring();
	struct decode_counts counts = { 0 };
	struct malformed_list bad = { 0 };
	struct buf out = { 0 };

	ring_add_text(r, format, str_of(text), &counts, &bad);
	ring_render(r, &out);
	assert_string_equal(out.s ? out.s : "", lines);
	assert_int_equal(counts.malformed, malformed);
	assert_int_equal(bad.n, malformed);
	buf_release(&out);
	malformed_list_release(&bad);
	ring_free_all(r);
}

static void check(const char *text, const char *lines, unsigned malformed)
{
	check_as(NULL, text, lines, malformed);
}

#define LINE \
	"2 123456789012 eni-1 10.0.0.1 10.0.0.2 40000 443 6 5 500 1700000000 1700000060 ACCEPT OK"

static void shapes_of_white_space(void **state)
{
	(void)state;
	check(LINE "\n", LINE "\n", 0);
	check(LINE, LINE "\n", 0);
	check(LINE "\r\n" LINE "\r\n", LINE "\n" LINE "\n", 0);
	check("\xef\xbb\xbf" LINE "\n\xef\xbb\xbf" LINE "\n", LINE "\n" LINE "\n", 0);
	check("\n\n" LINE "  \n\n", LINE "\n", 0);
	check("2   123456789012 eni-1 10.0.0.1 10.0.0.2  40000 443 6 5 500 1700000000 1700000060 ACCEPT OK\n",
	      LINE "\n", 0);
}

/* The decoder takes a text in pieces of 64 KiB. */
static void mark_before_pieces(void **state)
{
	struct buf text = { 0 }, lines = { 0 };

	(void)state;
	buf_puts(&text, "\xef\xbb\xbf");
	for (unsigned i = 0; i < 3000; i++) {
		buf_puts(&text, LINE "\n");
		buf_puts(&lines, LINE "\n");
	}
	check(text.s, lines.s, 0);
	buf_release(&text);
	buf_release(&lines);
}

static void odd_values_come_back(void **state)
{
	static const char odd[] =
		"2 unknown eni-1 - - - - - - - 1431280876 1431280934 - NODATA\n"
		"2 1 eni-1 2001:DB8::1 2001:db8:0::2 007 443 6 5 500 1700000000 1700000060 ACCEPT OK\n"
		"2 1 eni-1 ::ffff:10.0.0.1 10.0.0.2 1 443 6 5 18446744073709551615 1700000000 1700000060 ACCEPT OK\n"
		"2 1 eni-1 10.0.0.01 nonsense 1 99999 tcp 5 5e3 1700000000000 1700000060000 accept OK\n"
		"2 1 eni-1 10.0.0.1 10.0.0.2 -1 443 256 00 +5 0 1 BLOCK FINE\n"
		"2 1 eni-1 10.0.0.1 10.0.0.2 0000022 443 6 01234567 012345678 01700000000 1700000060 ACCEPT OK\n"
		"2 1 eni-1 10.0.0.1 10.0.0.2 1 443 6 0123456789012345 1234567890123456 1 2 ACCEPT OK\n"
		"2 1 eni-1 10.0.0.1 10.0.0.2 1 443 6 1:3456789 12345678901234567 1 /2345678901 ACCEPT OK\n";

	(void)state;
	check_as(format_default(), odd, odd, 0);
}

static void headers_anywhere(void **state)
{
	(void)state;
	check("version account-id interface-id srcaddr dstaddr action\n"
	      "2 1 eni-1 10.0.0.1 10.0.0.2 ACCEPT\n"
	      "srcaddr dst_addr pkt_srcaddr color action\n" /* two unknown words: still a header */
	      "10.0.0.1 x - blue REJECT\n",
	      "2 1 eni-1 10.0.0.1 10.0.0.2 ACCEPT\n"
	      "10.0.0.1 x - blue REJECT\n",
	      0);
	/* As many columns as before, and in quotes. */
	check("srcaddr dstaddr action\n"
	      "10.0.0.1 10.0.0.2 ACCEPT\n"
	      "'dstaddr' 'action' 'srcaddr'\n"
	      "10.0.0.1 ACCEPT 10.0.0.2\n",
	      "10.0.0.1 10.0.0.2 ACCEPT\n"
	      "10.0.0.1 ACCEPT 10.0.0.2\n",
	      0);
}

#define V3_TAIL " vpc-1 subnet-1 - 2 IPv4 10.0.0.1 10.0.0.2"
#define V5_HEADER \
	"version account-id interface-id srcaddr dstaddr srcport dstport protocol packets " \
	"bytes start end action log-status vpc-id subnet-id instance-id tcp-flags type " \
	"pkt-srcaddr pkt-dstaddr region az-id sublocation-type sublocation-id " \
	"pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path\n"
#define V5_TAIL V3_TAIL " eu-west-1 euw1-az1 - - - - ingress -"
#define ALPHABETICAL \
	"1 ACCEPT euw1-az1 500 10.0.0.2 443 1700000060 ingress i-1 eni-1 OK 5 - 10.0.0.2 - " \
	"10.0.0.1 6 eu-west-1 10.0.0.1 40000 1700000000 - - subnet-1 2 - IPv4 5 vpc-1\n"

/* Another flow log's lines behind a header that is not theirs. */
static void other_shapes_behind_a_header(void **state)
{
	(void)state;
	/* Fewer columns, more, and as many in another order; then the header's own again. */
	check("srcaddr dstaddr bytes\n10.0.0.1 10.0.0.2 7\n" LINE "\n" LINE "\n",
	      "10.0.0.1 10.0.0.2 7\n" LINE "\n" LINE "\n", 0);
	check("srcaddr dstaddr bytes\n10.0.0.1 10.0.0.2 7\n" LINE V5_TAIL "\n10.0.0.1 10.0.0.2 8\n",
	      "10.0.0.1 10.0.0.2 7\n10.0.0.1 10.0.0.2 8\n" LINE V5_TAIL "\n", 0);
	check(V5_HEADER LINE V5_TAIL "\n" ALPHABETICAL LINE V5_TAIL "\n",
	      LINE V5_TAIL "\n" LINE V5_TAIL "\n" ALPHABETICAL, 0);
	/* What is no record of any shape stays malformed. */
	check("srcaddr dstaddr bytes\n1 2\n10.0.0.1 10.0.0.2 7 what is this\n", "", 2);
}

/* A line cut short may look like an older version: its last value may be cut too. */
static void torn_lines(void **state)
{
	(void)state;
	check(V5_HEADER LINE V3_TAIL "\n", "", 1);
	check(V5_HEADER LINE " vpc-1 subnet-1\n", "", 1);
	check(V5_HEADER LINE "\n", LINE "\n", 0); /* whole as far as it goes */
	check(LINE V5_TAIL "\n" LINE V3_TAIL "\n", LINE V5_TAIL "\n" LINE V3_TAIL "\n", 0);
	/* Two lines run into one. */
	check(LINE "\n2 123456789012 eni-1 10.0.0" LINE "\n", LINE "\n", 1);
}

/* A value of up to 1 KiB is one, and a tag however long. */
static void long_values(void **state)
{
	struct buf text = { 0 }, lines = { 0 };
	char value[1026];

	(void)state;
	memset(value, 'x', sizeof value);
	for (int n = 1024; n <= 1025; n++) {
		struct buf *to[2] = { &text, n <= 1024 ? &lines : NULL };
		for (int i = 0; i < 2 && to[i]; i++)
			buf_printf(to[i],
				   "2 123456789012 eni-%.*s 10.0.0.1 10.0.0.2 1 2 6 1 40 "
				   "1700000000 1700000060 ACCEPT OK\n",
				   n - 4, value);
	}
	check(text.s, lines.s, 1);
	buf_clear(&text);
	buf_clear(&lines);
	buf_puts(&text, "srcaddr dstaddr bytes instance-tag vpc-id\n");
	for (int i = 0; i < 2; i++)
		buf_printf(i ? &lines : &text, "10.0.0.1 10.0.0.2 7 %.1025s%.1025s vpc-1\n", value,
			   value);
	buf_printf(&text, "10.0.0.1 10.0.0.2 7 - %.1025s\n", value);
	check(text.s, lines.s, 1);
	buf_release(&text);
	buf_release(&lines);
}

/* What no format can be made of leaves no other in force. */
static void refused_headers(void **state)
{
	struct ring *r = new_ring();
	struct malformed_list bad = { 0 };
	struct decode_counts counts = { 0 };
	struct buf text = { 0 };

	(void)state;
	buf_puts(&text, "srcaddr dstaddr bytes\n10.0.0.1 10.0.0.2 7\nsrcaddr dstaddr");
	for (int i = 0; i < FORMAT_COLUMNS_MAX; i++)
		buf_printf(&text, " c%d", i);
	buf_puts(&text, "\n10.0.0.1 10.0.0.2 8\n" LINE "\n");
	ring_add_text(r, NULL, buf_str(&text), &counts, &bad);
	assert_int_equal(counts.flows, 2);
	assert_int_equal(counts.headers, 2);
	assert_int_equal(counts.malformed, 1);
	assert_non_null(strstr(malformed_list_get(&bad, 0)->reason, "too many columns"));
	buf_release(&text);
	malformed_list_release(&bad);
	ring_free_all(r);
}

/* Values of objects and CSV have columns of their own; lines go on as they were. */
static void lines_of_values(void **state)
{
	(void)state;
	check("dstaddr srcaddr bytes\n10.0.0.2 10.0.0.1 7\n"
	      "\033\1srcaddr dstaddr bytes\n10.0.0.1 srcaddr 7\nsrcaddr dstaddr 7\n\033\2\n"
	      "10.0.0.2 10.0.0.1 8\n{\"a\": 1, \"b\"\n",
	      "10.0.0.2 10.0.0.1 7\n10.0.0.2 10.0.0.1 8\n10.0.0.1 srcaddr 7\nsrcaddr dstaddr 7\n",
	      1);
}

/* A block is decoded on an assumption: of lines and of values. */
static void assumptions(void **state)
{
	struct decode_state a = { 0 }, b = { .guess = format_default(), .line = 7 };

	(void)state;
	assert_true(decode_state_agrees(&a, &b));
	b.values = format_default();
	assert_false(decode_state_agrees(&a, &b));
	a.values = b.values;
	assert_true(decode_state_agrees(&a, &b));
	b.format = format_default();
	assert_false(decode_state_agrees(&a, &b));
	decode_state_advance(&a, &b);
	assert_true(decode_state_agrees(&a, &b));
	assert_int_equal(a.line, 7);
	assert_ptr_equal(a.guess, format_default());
}

/* 30 values are version 9 or version 10: '-' in the last does not say which. */
static void doubt(void **state)
{
	static const char text[] =
		LINE V5_TAIL " -\n" LINE V5_TAIL " 3\n" LINE V5_TAIL " -\n" LINE V5_TAIL " 0\n";
	struct ring *r = new_ring();
	struct decode_counts counts = { 0 };
	uint32_t encrypted = 0;

	(void)state;
	ring_add_text(r, NULL, str_of(text), &counts, NULL);
	assert_int_equal(counts.flows, 4);
	for (size_t i = 0; i < ring_count(r); i++)
		if (ring_at(r, i)->format->column[FIELD_ENCRYPTION_STATUS] >= 0)
			encrypted += ring_at(r, i)->rows;
	assert_int_equal(encrypted, 3);
	ring_free_all(r);
}

static void malformed_is_kept(void **state)
{
	struct ring *r = new_ring();
	struct malformed_list bad = { 0 };
	struct decode_counts counts = { 0 };

	(void)state;
	ring_add_text(r, format_default(),
		      str_of(LINE "\n2 1 eni-1 10.0.0.1\n" LINE "\n" LINE " more\n"), &counts,
		      &bad);
	assert_int_equal(counts.flows, 2);
	assert_int_equal(counts.malformed, 2);
	assert_int_equal(malformed_list_get(&bad, 0)->line, 2);
	assert_int_equal(malformed_list_get(&bad, 1)->line, 4);
	assert_string_equal(malformed_list_get(&bad, 0)->reason,
			    "4 values where the header has 14");
	assert_string_equal(malformed_list_get(&bad, 1)->reason,
			    "15 values where the header has 14");
	malformed_list_release(&bad);
	ring_free_all(r);
}

static void last_thousand_malformed(void **state)
{
	struct ring *r = new_ring();
	struct malformed_list bad = { 0 };
	struct decode_counts counts = { 0 };
	struct buf text = { 0 };

	(void)state;
	for (int i = 0; i < 1500; i++)
		buf_puts(&text, "what is this\n");
	ring_add_text(r, format_default(), buf_str(&text), &counts, &bad);
	assert_int_equal(counts.malformed, 1500);
	assert_int_equal(bad.n, DECODE_MALFORMED_KEPT);
	assert_int_equal(malformed_list_get(&bad, 0)->line, 501);
	assert_int_equal(malformed_list_get(&bad, 999)->line, 1500);
	buf_release(&text);
	malformed_list_release(&bad);
	ring_free_all(r);
}

/* Tens of thousands of random lines: every field of every row as the slow twin has it,
 * and the line itself; fed whole and in pieces. */
static void random_against_slow(void **state)
{
	uint64_t seed = 12345;
	struct buf text = { 0 }, out = { 0 }, a = { 0 }, b = { 0 };
	struct ring *r = new_ring();
	struct slow slow = { 0 };
	size_t at = 0;

	(void)state;
	for (int i = 0; i < 70000; i++) {
		random_line(&seed, 1700000000, &text);
		buf_putc(&text, '\n');
	}
	ring_add_text(r, format_default(), buf_str(&text), NULL, NULL);
	assert_true(ring_count(r) >= 2);
	ring_render(r, &out);
	assert_int_equal(out.n, text.n);
	assert_memory_equal(out.s, text.s, text.n);
	slow_read(&slow, format_default(), buf_str(&text));
	for (size_t i = 0; i < ring_count(r); i++) {
		const struct segment *s = ring_at(r, i);
		for (uint32_t row = 0; row < s->rows; row++, at++) {
			const struct slow_flow *f = &slow.flow[at];
			assert_true(segment_time(s, row) == slow_time(f));
			assert_int_equal((s->mark[row] & MARK_STATUS) == 0, slow_is_flow(f));
			buf_clear(&a);
			buf_clear(&b);
			slow_value(f, FIELD_CLIENT, &a);
			slow_value(f,
				   s->mark[row] & MARK_SERVER_SRC ? FIELD_DSTADDR : FIELD_SRCADDR,
				   &b);
			assert_string_equal(a.s, b.s);
		}
	}
	assert_int_equal(at, slow.n);
	slow_release(&slow);
	buf_release(&text);
	buf_release(&out);
	buf_release(&a);
	buf_release(&b);
	ring_free_all(r);
}

/* A line in a format of all published fields. */
static void every_field_comes_back(void **state)
{
	struct buf names = { 0 }, line = { 0 }, out = { 0 };
	struct ring *r = new_ring();
	uint64_t seed = 99;

	(void)state;
	for (int f = 0; f < FIELDS_PUBLISHED; f++)
		buf_printf(&names, "%s%s", f ? " " : "", field_name(f));
	const struct format *format = format_parse(buf_str(&names), "test");
	assert_non_null(format);
	assert_int_equal(format->n, 72);
	for (int i = 0; i < 3000; i++) {
		for (int f = 0; f < FIELDS_PUBLISHED; f++) {
			uint64_t x = random_next(&seed);
			if (f)
				buf_putc(&line, ' ');
			if (x % 7 == 0)
				buf_putc(&line, '-');
			else if (field_type(f) == TYPE_ADDRESS)
				buf_printf(&line, "10.%u.0.%u", (unsigned)(x >> 8 & 3),
					   (unsigned)(x >> 16 & 255));
			else if (field_type(f) == TYPE_TEXT)
				buf_printf(&line, "%s-%u", field_name(f), (unsigned)(x >> 8 & 63));
			else
				buf_add_u64(&line, x >> (x & 63));
		}
		buf_putc(&line, '\n');
	}
	ring_add_text(r, format, buf_str(&line), NULL, NULL);
	ring_render(r, &out);
	assert_int_equal(out.n, line.n);
	assert_memory_equal(out.s, line.s, line.n);
	buf_release(&names);
	buf_release(&line);
	buf_release(&out);
	ring_free_all(r);
}

/* ---- the samples of others ---- */

static void sample(const char *path)
{
	FILE *in = fopen(path, "rb");
	struct buf text = { 0 }, want = { 0 }, out = { 0 };
	struct decode_counts counts = { 0 };
	struct malformed_list bad = { 0 };
	struct ring *r = new_ring();
	char piece[4096];
	size_t n, lines = 0, stored;

	assert_non_null(in);
	while ((n = fread(piece, 1, sizeof piece, in)) > 0)
		buf_add(&text, piece, n);
	fclose(in);
	ring_add_text(r, NULL, buf_str(&text), &counts, &bad);
	stored = counts.flows + counts.nodata + counts.skipdata;
	/* Every line is a record, a header or counted as malformed; records are in order. */
	ring_render(r, &out);
	struct str rest = buf_str(&out);
	for (char *p = text.s, *end = p + text.n; p < end;) {
		char *nl = memchr(p, '\n', (size_t)(end - p));
		struct str line = { p, (size_t)((nl ? nl : end) - p) };
		while (line.n && (line.s[line.n - 1] == '\r' || line.s[line.n - 1] == ' '))
			line.n--;
		buf_clear(&want);
		squeeze(line, &want);
		lines += want.n > 0;
		if (rest.n > want.n && want.n && memcmp(rest.s, want.s, want.n) == 0 &&
		    rest.s[want.n] == '\n') {
			rest.s += want.n + 1;
			rest.n -= want.n + 1;
			stored--;
		}
		p = nl ? nl + 1 : end;
	}
	if (ring_count(r) <= 1) { /* several formats: several segments, another order */
		assert_int_equal(stored, 0);
		assert_int_equal(rest.n, 0);
	}
	assert_int_equal(lines, counts.flows + counts.nodata + counts.skipdata + counts.headers +
					counts.malformed);
	buf_release(&text);
	buf_release(&want);
	buf_release(&out);
	malformed_list_release(&bad);
	ring_free_all(r);
}

static void samples_come_back(void **state)
{
	const char *srcdir = getenv("srcdir");
	char root[1024], path[2048];
	DIR *top, *inner;
	int n = 0;

	(void)state;
	/* Builds in build/NAME look from there. */
	snprintf(root, sizeof root, "%s/../shared/samples", srcdir ? srcdir : ".");
	top = opendir(root);
	if (!top) {
		print_message("# no samples at %s\n", root);
		return;
	}
	for (struct dirent *d; (d = readdir(top));) {
		snprintf(path, sizeof path, "%s/%s", root, d->d_name);
		inner = d->d_name[0] == '.' ? NULL : opendir(path);
		for (struct dirent *e; inner && (e = readdir(inner));) {
			size_t len = strlen(e->d_name);
			if (len < 4 ||
			    (strcmp(e->d_name + len - 4, ".log") != 0 &&
			     strcmp(e->d_name + len - 4, ".txt") != 0) ||
			    strcmp(e->d_name, "SOURCE.txt") == 0)
				continue;
			snprintf(path, sizeof path, "%s/%s/%s", root, d->d_name, e->d_name);
			sample(path);
			n++;
		}
		if (inner)
			closedir(inner);
	}
	closedir(top);
	print_message("# %d sample files\n", n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes_of_white_space),
		cmocka_unit_test(mark_before_pieces),
		cmocka_unit_test(odd_values_come_back),
		cmocka_unit_test(other_shapes_behind_a_header),
		cmocka_unit_test(torn_lines),
		cmocka_unit_test(long_values),
		cmocka_unit_test(refused_headers),
		cmocka_unit_test(lines_of_values),
		cmocka_unit_test(assumptions),
		cmocka_unit_test(doubt),
		cmocka_unit_test(headers_anywhere),
		cmocka_unit_test(malformed_is_kept),
		cmocka_unit_test(last_thousand_malformed),
		cmocka_unit_test(random_against_slow),
		cmocka_unit_test(every_field_comes_back),
		cmocka_unit_test(samples_come_back),
	};

	return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
