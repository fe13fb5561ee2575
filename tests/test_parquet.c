/* Parquet files made by hand: pages of both versions, types, times, structs, what is left out and
 * what is damaged. */
#include "parquet/parquet.h"
#include "parquet_write.h"
#include "support.h"

#define BYTES(s) ((struct str){ (s), sizeof(s) - 1 })
#define NONE ((struct str){ NULL, 0 })

/* ---- files ---- */

/* The rows of a file as lines, taken `most` at a time. What is wrong stands in the place of the
 * rows that are left out. */
static void read_file(struct str bytes, uint64_t most, struct buf *out)
{
	char *copy = xmemdup(bytes.s, bytes.n ? bytes.n : 1);
	struct parquet p = { .file = { .bytes = copy, .fd = -1, .size = bytes.n } };
	struct parquet_piece piece = { 0 };
	struct parquet_rows rows;
	struct dict *d = dict_new();
	uint64_t held = 0, over = 0;

	buf_clear(out);
	if (parquet_open(&p, out) == PARQUET_UNFINISHED)
		buf_puts(out, "unfinished");
	while (p.format && parquet_next(&p, &piece, most, INT64_MIN, INT64_MAX, &over)) {
		parquet_decode(&p, &piece, NULL, 0, &held, &rows);
		for (size_t i = 0; i < rows.segments; i++) {
			struct segment *s = rows.segment[i];
			segment_publish(s, d);
			for (uint32_t row = 0; row < s->rows; row++) {
				segment_render(s, d, row, out);
				buf_putc(out, '\n');
			}
			segment_free(s, d);
		}
		if (rows.fault)
			buf_printf(out, "%s\n", rows.fault);
		free(rows.fault);
		free(rows.segment);
		assert_int_equal(held, 0);
	}
	parquet_release(&p);
	dict_free(d);
	free(copy);
}

static void expect_file(struct written *w, const char *want)
{
	struct str file = write_end(w);
	struct buf out = { 0 };

	for (uint64_t most = 1; most <= 4; most++) {
		read_file(file, most == 4 ? SEGMENT_ROWS : most, &out);
		assert_string_equal(out.n ? out.s : "", want);
	}
	buf_release(&out);
	written_release(w);
}

enum { INT32 = 1, INT64, INT96, FLOAT, DOUBLE, TEXT };

static const struct written_column two[] = { { "srcaddr", TEXT, 0, -1, 0 },
					     { "bytes", INT64, 1, -1, 0 } };

/* Texts of a plain page, NULL behind the last. */
static struct str texts(struct buf *out, const char *const *text)
{
	buf_clear(out);
	for (; *text; text++)
		write_text(out, *text);
	return buf_str(out);
}

static struct str numbers(struct buf *out, const int64_t *v, size_t n)
{
	buf_clear(out);
	while (n--)
		write_i64(out, *v++);
	return buf_str(out);
}

/* A chunk of one page of version 1. */
static void chunk(struct written *w, unsigned n, struct str levels, struct str body)
{
	write_page(w, 0, n, levels, body);
	write_chunk(w, n);
}

#define TEXTS(...) texts(&b, (const char *const[]){ __VA_ARGS__, NULL })
#define ADDRESSES ((const char *const[]){ "10.0.0.1", "10.0.0.2", "::1", "10.0.0.1", NULL })
#define NUMBERS ((const int64_t[]){ 1, 5000000000, 3 })

/* Four rows, of which the second has no bytes. */
static void plain(void **state)
{
	struct written w = { .column = two, .columns = 2 };
	struct buf b = { 0 };

	(void)state;
	chunk(&w, 4, NONE, texts(&b, ADDRESSES));
	chunk(&w, 4, BYTES("\x03\x0d"), numbers(&b, NUMBERS, 3));
	write_group(&w, 4);
	expect_file(&w, "10.0.0.1 1\n10.0.0.2 -\n::1 5000000000\n10.0.0.1 3\n");
	buf_release(&b);
}

static void dictionary(void **state)
{
	struct written w = { .column = two, .columns = 2 };
	struct buf b = { 0 };

	(void)state;
	write_dictionary(&w, 3, TEXTS("10.0.0.2", "::1", "10.0.0.1"));
	write_page_v2(&w, 8, 2, BYTES(""), BYTES("\x02\x03\x02\x00"));
	/* Behind a full dictionary values are plain. */
	write_page_v2(&w, 0, 2, BYTES(""), texts(&b, ADDRESSES + 2));
	write_chunk(&w, 4);
	write_dictionary(&w, 3, numbers(&b, NUMBERS, 3));
	write_page_v2(&w, 2, 4, BYTES("\x03\x0d"), BYTES("\x02\x03\x24\x00"));
	write_chunk(&w, 4);
	write_group(&w, 4);
	expect_file(&w, "10.0.0.1 1\n10.0.0.2 -\n::1 5000000000\n10.0.0.1 3\n");
	buf_release(&b);
}

static void differences(void **state)
{
	static const struct written_column columns[] = { { "interface_id", TEXT, 0, -1, 0 },
							 { "bytes", INT64, 0, -1, 0 } };
	struct written w = { .column = columns, .columns = 2 };

	(void)state;
	/* axis, axle, babble, babyhood, as the documentation has them. */
	write_page_v2(&w, 7, 4, BYTES(""),
		      BYTES("\x80\x01\x04\x04\x00\x03\x03\0\0\0\x44\x01\0\0\0\0\0\0\0\0\0\0"
			    "\x80\x01\x04\x04\x08\x03\x03\0\0\0\x70\0\0\0\0\0\0\0\0\0\0\0"
			    "axislebabbleyhood"));
	write_chunk(&w, 4);
	write_page_v2(&w, 5, 4, BYTES(""), BYTES("\x80\x01\x04\x04\x02\x02\0\0\0\0"));
	write_chunk(&w, 4);
	write_group(&w, 4);
	/* The lengths alone. */
	write_page(&w, 6, 2, NONE,
		   BYTES("\x80\x01\x04\x02\x06\x02\0\0\0\0"
			 "onefour"));
	write_chunk(&w, 2);
	write_page(&w, 5, 2, NONE, BYTES("\x80\x01\x04\x02\x02\x02\0\0\0\0"));
	write_chunk(&w, 2);
	write_group(&w, 2);
	expect_file(&w, "axis 1\naxle 2\nbabble 3\nbabyhood 4\none 1\nfour 2\n");
}

/* A page a row, and row groups without any. */
static void small_pages(void **state)
{
	struct written w = { .column = two, .columns = 2 };
	struct buf b = { 0 };

	(void)state;
	write_chunk(&w, 0);
	write_chunk(&w, 0);
	write_group(&w, 0);
	for (unsigned i = 0; i < 4; i++)
		write_page(&w, 0, 1, NONE, TEXTS(ADDRESSES[i]));
	write_chunk(&w, 4);
	write_page(&w, 0, 1, BYTES("\x02\x01"), numbers(&b, NUMBERS, 1));
	write_page(&w, 0, 1, BYTES("\x02\x00"), BYTES(""));
	write_page(&w, 0, 0, BYTES(""), BYTES(""));
	write_page(&w, 0, 1, BYTES("\x02\x01"), numbers(&b, NUMBERS + 1, 1));
	write_page(&w, 0, 1, BYTES("\x02\x01"), numbers(&b, NUMBERS + 2, 1));
	write_chunk(&w, 4);
	write_group(&w, 4);
	write_group(&w, 0);
	expect_file(&w, "10.0.0.1 1\n10.0.0.2 -\n::1 5000000000\n10.0.0.1 3\n");
	buf_release(&b);
}

/* More than a segment has: what a code stands for is found anew in the next one. */
static void many_rows(void **state)
{
	enum { ROWS = 150000 };
	static const char *const address[] = { "10.0.0.1", "10.0.0.2", "::1", NULL };
	struct written w = { .column = two, .columns = 2 };
	struct buf b = { 0 }, codes = { 0 }, want = { 0 }, out = { 0 };
	struct str file;

	(void)state;
	write_dictionary(&w, 3, texts(&b, address));
	buf_putc(&codes, 2);
	write_run(&codes, ROWS / 3, 1, 2); /* the last one first */
	write_run(&codes, ROWS / 3, 1, 0);
	write_run(&codes, ROWS / 3, 1, 1);
	write_page(&w, 8, ROWS, NONE, buf_str(&codes));
	write_chunk(&w, ROWS);
	buf_clear(&b);
	buf_clear(&codes);
	for (int64_t i = 0; i < ROWS; i++) { /* each third is null; some take more than 32 bits */
		int64_t v = i < 100000 ? i : i << 20;
		write_run(&codes, 1, 1, i % 3 != 0);
		buf_printf(&want, "%s ", address[(i / (ROWS / 3) + 2) % 3]);
		if (i % 3) {
			write_i64(&b, v);
			buf_printf(&want, "%lld\n", (long long)v);
		} else {
			buf_puts(&want, "-\n");
		}
	}
	write_page(&w, 0, ROWS, buf_str(&codes), buf_str(&b));
	write_chunk(&w, ROWS);
	write_group(&w, ROWS);
	file = write_end(&w);
	for (uint64_t most = 40000; most <= 160000; most += 60000) {
		read_file(file, most, &out);
		assert_true(str_equal(buf_str(&out), buf_str(&want)));
	}
	written_release(&w);
	buf_release(&b);
	buf_release(&codes);
	buf_release(&want);
	buf_release(&out);
}

/* A few bytes that say that they are millions of rows. */
static void too_many_rows(void **state)
{
	enum { ROWS = 1000000000 };
	struct written w = { .column = two, .columns = 2 };
	struct buf b = { 0 }, runs = { 0 };

	(void)state;
	write_dictionary(&w, 3, TEXTS("1.1.1.1", "::1", "::2"));
	buf_putc(&runs, 2);
	write_run(&runs, ROWS, 1, 2);
	write_page(&w, 8, ROWS, NONE, buf_str(&runs));
	write_chunk(&w, ROWS);
	buf_clear(&runs);
	write_run(&runs, ROWS, 1, 0);
	write_page(&w, 0, ROWS, buf_str(&runs), BYTES(""));
	write_chunk(&w, ROWS);
	write_group(&w, ROWS);
	read_file(write_end(&w), (uint64_t)1 << 40, &b);
	assert_string_equal(b.s, "row group 1: it has more rows than its bytes can have: "
				 "1000000000 rows are left out\n");
	written_release(&w);
	buf_release(&b);
	buf_release(&runs);
}

/* ---- types ---- */

#define one_row(w, ...) chunk(w, 1, NONE, __VA_ARGS__)

static void types(void **state)
{
	static const struct written_column columns[] = {
		{ "account-id", INT64, 0, -1, 0 }, { "srcAddr", TEXT, 0, -1, 0 },
		{ "src_port", INT32, 0, -1, 0 },   { "dstport", TEXT, 0, -1, 0 },
		{ "bytes", DOUBLE, 0, -1, 0 },     { "packets", DOUBLE, 0, -1, 0 },
		{ "start", INT64, 0, 9, 0 },       { "end", INT96, 0, -1, 0 },
		{ "log_status", TEXT, 0, -1, 0 },  { "something else", TEXT, 0, -1, 0 },
		{ "vpc_id", TEXT, 0, -1, 0 },
	};
	struct written w = { .column = columns, .columns = ARRAY_SIZE(columns) };
	struct buf b = { 0 };
	double bytes = 25238, packets = 1.5;

	(void)state;
	one_row(&w, numbers(&b, (const int64_t[]){ 12345678901 }, 1));
	one_row(&w, TEXTS("010.0.0.1"));
	one_row(&w, BYTES("\xff\xff\xff\xff"));
	one_row(&w, TEXTS("None"));
	one_row(&w, (struct str){ (const char *)&bytes, 8 });
	one_row(&w, (struct str){ (const char *)&packets, 8 });
	one_row(&w, numbers(&b, (const int64_t[]){ 1764001753250 }, 1));
	buf_clear(&b);
	write_i64(&b, INT64_C(3600000000000)); /* an hour of the day */
	write_i32(&b, 2440588 + 20000);        /* days since 1970 */
	one_row(&w, buf_str(&b));
	one_row(&w, TEXTS(""));
	one_row(&w, TEXTS("two words"));
	one_row(&w, TEXTS("-"));
	write_group(&w, 1);
	expect_file(&w, "012345678901 010.0.0.1 -1 - 25238 1.5 1764001753250 1728003600 - "
			"two%20words -\n");
	buf_release(&b);
}

/* Members of structs by their names, as Security Lake has them; null where any of them is. */
static void structs(void **state)
{
	static const struct written_column columns[] = {
		{ "src_endpoint", -1, 1, -1, 2 }, { "ip", TEXT, 1, -1, 0 },
		{ "port", INT32, 1, -1, 0 },      { "traffic", -1, 0, -1, 1 },
		{ "bytes", INT64, 1, -1, 0 },
	};
	struct written w = { .column = columns, .columns = ARRAY_SIZE(columns) };
	struct buf b = { 0 };

	(void)state;
	/* Levels in two bits: there, the struct is null, the value is. */
	chunk(&w, 3, BYTES("\x03\x12\x00"), TEXTS("10.0.0.1"));
	chunk(&w, 3, BYTES("\x03\x12\x00"), BYTES("\xbb\x01\x00\x00"));
	chunk(&w, 3, BYTES("\x02\x01\x04\x00"), numbers(&b, NUMBERS, 1));
	write_group(&w, 3);
	expect_file(&w, "10.0.0.1 443 1\n- - -\n- - -\n");
	buf_release(&b);
}

/* An event of OCSF: fields in either endpoint, AWS's own words, and the first address of a list. */
static void events(void **state)
{
	static const struct written_column columns[] = {
		{ "class_uid", INT32, 0, -1, 0 },
		{ "src_endpoint", -1, 1, -1, 3 },
		{ "ip", TEXT, 1, -1, 0 },
		{ "interface_uid", TEXT, 1, -1, 0 },
		{ "intermediate_ips", -1, 1, -1, 1 },
		{ "list", -1, 2, -1, 1 },
		{ "element", TEXT, 1, -1, 0 },
		{ "dst_endpoint", -1, 0, -1, 2 },
		{ "ip", TEXT, 1, -1, 0 },
		{ "interface_uid", TEXT, 1, -1, 0 },
		{ "connection_info", -1, 0, -1, 1 },
		{ "boundary_id", INT32, 1, -1, 0 },
		{ "disposition", TEXT, 1, -1, 0 },
		{ "end_time", INT64, 0, -1, 0 },
		{ "observables", TEXT, 2, -1, 0 },
	};
	const int64_t times[] = { 1700000000000, 1700000001000, 1700000002500 };
	struct written w = { .column = columns, .columns = ARRAY_SIZE(columns) };
	struct parquet p = { 0 };
	struct buf b = { 0 }, list = { 0 }, fault = { 0 };
	struct str file;

	(void)state;
	chunk(&w, 3, NONE, BYTES("\xa1\x0f\0\0\xa1\x0f\0\0\xa1\x0f\0\0"));
	chunk(&w, 3, BYTES("\x06\x02"), TEXTS("10.0.0.1", "10.0.0.1", "10.0.0.3"));
	chunk(&w, 3, BYTES("\x03\x06\x00"), TEXTS("eni-a"));
	/* Two, none in a list, one: as they repeat, and as deep as each is there. */
	buf_add_str(&list, BYTES("\x04\0\0\0\x03\xa4\x08\x00"));
	buf_add_str(&list, TEXTS("192.168.0.1", "9.9.9.9", "10.9.9.9"));
	chunk(&w, 4, BYTES("\x03\x02"), buf_str(&list));
	chunk(&w, 3, BYTES("\x06\x01"), TEXTS("10.0.0.2", "10.0.0.2", "::2"));
	chunk(&w, 3, BYTES("\x03\x02"), TEXTS("eni-b"));
	chunk(&w, 3, BYTES("\x03\x03"), BYTES("\x0b\0\0\0\x63\0\0\0"));
	chunk(&w, 3, BYTES("\x03\x03"), TEXTS("Blocked", "Allowed"));
	chunk(&w, 3, NONE, numbers(&b, times, 3));
	chunk(&w, 3, BYTES("\x06\x00"), BYTES("\x06\0\0\0\x06\x00"));
	write_group(&w, 3);
	file = write_end(&w);
	p.file = (struct parquet_file){ .bytes = file.s, .fd = -1, .size = file.n };
	assert_int_equal(parquet_open(&p, &fault), PARQUET_WHOLE);
	assert_null(p.left_out);
	assert_string_equal(p.aside, "observables (it is a list or a map)");
	for (uint64_t most = 1; most <= 4; most++) {
		read_file(file, most, &b);
		assert_string_equal(
			b.s,
			"eni-a 192.168.0.1 10.0.0.2 1700000000 REJECT 10.0.0.1 10.0.0.2 8 4001\n"
			"eni-b 10.0.0.1 10.0.0.2 1700000001 ACCEPT 10.0.0.1 10.0.0.2 - 4001\n"
			"- 10.9.9.9 ::2 1700000002500 - 10.0.0.3 ::2 - 4001\n");
	}
	parquet_release(&p);
	written_release(&w);
	buf_release(&b);
	buf_release(&list);
	buf_release(&fault);
}

/* ---- what is not read ---- */

static void left_out(void **state)
{
	static const struct written_column columns[] = { { "srcaddr", TEXT, 0, -1, 0 },
							 { "list", TEXT, 2, -1, 0 },
							 { "bytes", INT64, 0, -1, 0 } };
	struct written w = { .column = columns, .columns = 3 };
	struct parquet p = { .file.fd = -1 };
	struct buf b = { 0 }, fault = { 0 };
	struct str file;

	(void)state;
	one_row(&w, TEXTS("10.0.0.1"));
	one_row(&w, TEXTS("x"));
	one_row(&w, numbers(&b, NUMBERS, 1));
	write_group(&w, 1);
	file = write_end(&w);
	p.file.bytes = file.s;
	p.file.size = file.n;
	assert_int_equal(parquet_open(&p, &fault), PARQUET_WHOLE);
	assert_string_equal(p.left_out, "list (it is a list or a map)");
	read_file(file, 10, &b);
	assert_string_equal(b.s, "10.0.0.1 1\n");
	parquet_release(&p);
	/* Without its end, or with too little of it. */
	for (size_t n = 0; n < file.n; n++) {
		read_file((struct str){ file.s, n }, 10, &b);
		assert_string_equal(b.s, "unfinished");
	}
	written_release(&w);
	buf_release(&fault);
	buf_release(&b);
}

static void expect_fault(struct str body, struct str levels, int encoding, unsigned n,
			 const char *want)
{
	struct written w = { .column = two, .columns = 2 };
	struct buf b = { 0 }, out = { 0 };

	for (unsigned group = 0; group < 2; group++) {
		write_page(&w, 0, 4, NONE, texts(&b, ADDRESSES));
		write_chunk(&w, 4);
		if (group == 0)
			write_page(&w, encoding, n, levels, body);
		else
			write_page(&w, 0, 4, BYTES("\x08\x00"), BYTES(""));
		write_chunk(&w, 4);
		write_group(&w, 4);
	}
	read_file(write_end(&w), 100, &out);
	assert_non_null(strstr(out.s, want));
	assert_int_equal(strncmp(out.s, "row group 1, column bytes, byte ", 32), 0);
	/* The others go on. */
	assert_non_null(strstr(out.s, ": 4 rows are left out\n10.0.0.1 -\n10.0.0.2 -\n"));
	written_release(&w);
	buf_release(&b);
	buf_release(&out);
}

static void damaged(void **state)
{
	(void)state;
	expect_fault(BYTES("1234567"), BYTES("\x08\x01"), 0, 4, "a page that is cut short");
	expect_fault(BYTES(""), BYTES("\x06\x00"), 0, 4, "fewer levels than values");
	expect_fault(BYTES(""), BYTES("\x0a\x00"), 0, 5, "more values than rows");
	expect_fault(BYTES(""), BYTES("\x06\x00"), 0, 3, "fewer values than rows");
	expect_fault(BYTES("\x02\x08\x00"), BYTES("\x08\x01"), 8, 4, "a code that its dictionary");
	expect_fault(BYTES("\x21\x08\x00"), BYTES("\x08\x01"), 8, 4, "codes of more than 32 bits");
	expect_fault(BYTES("\x80\x01\x04\x05"), BYTES("\x08\x01"), 5, 4, "damaged differences");
	expect_fault(BYTES(""), BYTES("\x08\x01"), 6, 4, "lengths of no texts");
	expect_fault(BYTES(""), BYTES("\x08\x01"), 9, 4, "an encoding that is not read");
}

/* Row groups that can't hold what was asked for are stepped over. */
static void statistics(void **state)
{
	static const struct written_column columns[] = { { "srcaddr", TEXT, 0, -1, 0 },
							 { "end", INT64, 0, -1, 0 } };
	struct written w = { .column = columns, .columns = 2 };
	struct parquet p = { .file.fd = -1 };
	struct parquet_piece piece = { 0 };
	struct buf b = { 0 }, least = { 0 };
	uint64_t over = 0;
	struct str file;

	(void)state;
	for (int64_t group = 0; group < 4; group++) {
		int64_t end = 1700000000 + group * 86400;
		one_row(&w, TEXTS("10.0.0.1"));
		buf_clear(&least);
		write_i64(&least, end);
		w.least = w.most = group == 2 ? NULL : least.s;
		one_row(&w, numbers(&b, &end, 1));
		write_group(&w, 1);
	}
	file = write_end(&w);
	p.file.bytes = file.s;
	p.file.size = file.n;
	assert_int_equal(parquet_open(&p, &b), PARQUET_WHOLE);
	/* The second, and the third, of which nothing is known. */
	assert_true(parquet_next(&p, &piece, 9, 1700000000 + 86400, 1700000000 + 86400, &over));
	assert_int_equal(piece.group, 1);
	assert_true(parquet_next(&p, &piece, 9, 1700000000 + 86400, 1700000000 + 86400, &over));
	assert_int_equal(piece.group, 2);
	assert_false(parquet_next(&p, &piece, 9, 1700000000 + 86400, 1700000000 + 86400, &over));
	assert_int_equal(over, 2);
	/* An hour behind it belongs to it: see name_time.h. */
	piece = (struct parquet_piece){ .group = 3 };
	assert_true(parquet_next(&p, &piece, 9, INT64_MIN, 1700000000 + 3 * 86400 - 3600, &over));
	parquet_release(&p);
	written_release(&w);
	buf_release(&b);
	buf_release(&least);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),       cmocka_unit_test(dictionary),
		cmocka_unit_test(differences), cmocka_unit_test(small_pages),
		cmocka_unit_test(many_rows),   cmocka_unit_test(too_many_rows),
		cmocka_unit_test(types),       cmocka_unit_test(structs),
		cmocka_unit_test(left_out),    cmocka_unit_test(damaged),
		cmocka_unit_test(statistics),  cmocka_unit_test(events),
	};

	return cmocka_run_group_tests_name("parquet", tests, NULL, NULL);
}
