/* What Parquet files are made of, from bytes made by hand: Thrift, runs, differences, what pages
 * are packed with. Values are those of the format's own documentation, or counted out. */
#include "parquet/parquet_page.h"
#include "parquet/parquet_thrift.h"
#include "support.h"

#define BYTES(s) ((struct str){ (s), sizeof(s) - 1 })

/* ---- Thrift ---- */

struct read {
	int64_t number;
	struct str text;
	int64_t each[8];
	unsigned n;
};

static void read_each(struct thrift *t, void *out)
{
	struct read *r = out;

	r->each[r->n++ % 8] = thrift_int(t);
}

static const char *thrift_read(struct str bytes, struct read *out)
{
	static const struct thrift_row rows[] = {
		{ .id = 3, .kind = THRIFT_INT, .at = offsetof(struct read, number) },
		{ .id = 20, .kind = THRIFT_TEXT, .at = offsetof(struct read, text) },
		{ .id = 21, .kind = THRIFT_EACH, .read = read_each },
	};
	char *copy = xmemdup(bytes.s, bytes.n ? bytes.n : 1); /* a byte too far is noticed */
	const uint8_t *begin = (const uint8_t *)copy;
	struct thrift t = { .at = begin, .end = begin + bytes.n };

	*out = (struct read){ 0 };
	thrift_struct(&t, rows, ARRAY_SIZE(rows), out);
	if (out->text.n)
		out->text = (struct str){ bytes.s + (out->text.s - copy), out->text.n };
	free(copy);
	return t.wrong;
}

static void thrift_fields(void **state)
{
	struct read r;

	(void)state;
	/* 1: true, 2: a double, 3: -3, 20: "ab", 21: [1, -1], 22: a map, skipped */
	assert_null(thrift_read(BYTES("\x11\x17"
				      "12345678\x16\x05\x08\x28\x02"
				      "ab\x19\x25\x02\x01\x1b\x01\x58\x02\x01z\x00"),
				&r));
	assert_int_equal(r.number, -3);
	assert_true(str_equal(r.text, str_of("ab")));
	assert_int_equal(r.n, 2);
	assert_int_equal(r.each[0], 1);
	assert_int_equal(r.each[1], -1);
	/* One wanted as a number that is a text is skipped. */
	assert_null(thrift_read(BYTES("\x38\x01x\x00"), &r));
	assert_int_equal(r.number, 0);
}

static void thrift_limits(void **state)
{
	struct buf deep = { 0 };
	struct read r;

	(void)state;
	assert_string_equal(thrift_read(BYTES("\x36"), &r), "cut short");
	assert_string_equal(thrift_read(BYTES("\x36\x80\x80"), &r), "cut short");
	assert_string_equal(
		thrift_read(BYTES("\x36\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), &r),
		"a number of more than 64 bits");
	assert_string_equal(thrift_read(BYTES("\x08\x28\x09"
					      "ab"),
					&r),
			    "a text that goes beyond its end");
	assert_string_equal(thrift_read(BYTES("\x09\x2a\xf5\xff\xff\xff\x07\x01"), &r),
			    "a list that goes beyond its end");
	assert_string_equal(thrift_read(BYTES("\x1b\xff\xff\x03\x55\x01"), &r),
			    "a map that goes beyond its end");
	assert_string_equal(thrift_read(BYTES("\x1e"), &r), "a field of an unknown type");
	for (unsigned i = 0; i < 31; i++)
		buf_putc(&deep, 0x1c);
	for (unsigned i = 0; i < 32; i++)
		buf_putc(&deep, 0);
	assert_null(thrift_read(buf_str(&deep), &r));
	buf_clear(&deep);
	for (unsigned i = 0; i < 1000; i++)
		buf_putc(&deep, 0x1c);
	assert_string_equal(thrift_read(buf_str(&deep), &r), "nested too deep");
	buf_release(&deep);
}

/* ---- levels, codes, numbers ---- */

/* A copy with the pad that pages have. */
static struct str padded(struct str s, struct buf *out)
{
	buf_clear(out);
	buf_add_str(out, s);
	buf_reserve(out, PARQUET_PAD);
	memset(out->s + out->n, 0xff, PARQUET_PAD);
	return buf_str(out);
}

static void runs(void **state)
{
	struct parquet_runs r;
	struct buf b = { 0 };
	uint32_t v[64];

	(void)state;
	/* 0..7 in three bits each, as the documentation has it; then five times 6. */
	parquet_runs_begin(&r, padded(BYTES("\x03\x88\xc6\xfa\x0a\x06"), &b), 3);
	for (unsigned i = 0; i < 13; i++) { /* one at a time */
		assert_true(parquet_runs_next(&r, v, 1));
		assert_int_equal(v[0], i < 8 ? i : 6);
	}
	assert_false(parquet_runs_next(&r, v, 1));
	parquet_runs_begin(&r, buf_str(&b), 3);
	assert_int_equal(parquet_runs_length(&r, v, 4), 0); /* bits are not looked at */
	assert_true(parquet_runs_next(&r, v, 9));
	assert_int_equal(parquet_runs_length(&r, v, 64), 4);
	assert_int_equal(v[0], 6);
	parquet_runs_skip(&r, 3);
	assert_int_equal(parquet_runs_length(&r, v, 64), 1);
	/* No bits: all are 0. A run of more than a byte; one of none; one that is cut short. */
	parquet_runs_begin(&r, padded(BYTES("\x08"), &b), 0);
	assert_true(parquet_runs_next(&r, v, 4) && v[3] == 0);
	parquet_runs_begin(&r, padded(BYTES("\x00\x01\x02\x04\x34\x12"), &b), 12);
	assert_true(parquet_runs_next(&r, v, 2));
	assert_int_equal(v[1], 0x1234);
	parquet_runs_begin(&r, padded(BYTES("\x04\x34"), &b), 12);
	assert_false(parquet_runs_next(&r, v, 2));
	/* Of the last eight as many as there are bytes of. */
	parquet_runs_begin(&r, padded(BYTES("\x03\x01\x02"), &b), 8);
	assert_true(parquet_runs_next(&r, v, 2) && v[0] == 1 && v[1] == 2);
	assert_false(parquet_runs_next(&r, v, 1));
	buf_release(&b);
}

static void expect_deltas(struct str bytes, const int64_t *want, size_t n)
{
	struct parquet_deltas d;
	struct buf b = { 0 };
	struct str s = padded(bytes, &b);
	const uint8_t *begin = (const uint8_t *)s.s;
	int64_t got;

	assert_true(parquet_deltas_begin(&d, begin, begin + s.n));
	assert_ptr_equal(parquet_deltas_end(&d), begin + s.n);
	for (size_t i = 0; i < n; i++) {
		assert_true(parquet_deltas_next(&d, &got, 1));
		assert_int_equal(got, want[i]);
	}
	assert_false(parquet_deltas_next(&d, &got, 1));
	buf_release(&b);
}

static void deltas(void **state)
{
	static const int64_t up[] = { 1, 2, 3, 4, 5 }, both[] = { 7, 5, 3, 1, 2, 3, 4, 5 };
	static const int64_t far[] = { INT64_MIN, INT64_MAX };
	struct parquet_deltas d;
	const uint8_t *none = (const uint8_t *)"";

	(void)state;
	/* The examples of the documentation: 128 values a block, four miniblocks. */
	expect_deltas(BYTES("\x80\x01\x04\x05\x02\x02\0\0\0\0"), up, 5);
	expect_deltas(BYTES("\x80\x01\x04\x08\x0e\x03\x02\0\0\0\xc0\x3f\0\0\0\0\0\0"), both, 8);
	expect_deltas(BYTES("\x80\x01\x04\x01\x0e"), both, 1);
	/* One more than the least is the most: 64 bits go round. */
	expect_deltas(BYTES("\x80\x01\x04\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01\0\0\0\0"),
		      far, 2);
	assert_false(parquet_deltas_begin(&d, none, none));
	assert_false(parquet_deltas_begin(&d, (const uint8_t *)"\x80\x01\x00\x05\x02",
					  (const uint8_t *)"\x80\x01\x00\x05\x02" + 5));
	assert_false(parquet_deltas_begin(&d, (const uint8_t *)"\x80\x01\x03\x05\x02",
					  (const uint8_t *)"\x80\x01\x03\x05\x02" + 5));
}

/* ---- what pages are packed with ---- */

static void expect_unpacked(int codec, struct str packed, const char *want)
{
	struct parquet_unpacker u = { 0 };
	size_t n = strlen(want);
	uint8_t *out = xcalloc(1, n + 1 + PARQUET_PAD);

	assert_true(parquet_unpack(&u, codec, packed, out, n));
	assert_memory_equal(out, want, n);
	/* Neither more nor less, nor a part of it. */
	assert_false(parquet_unpack(&u, codec, packed, out, n + 1));
	assert_false(parquet_unpack(&u, codec, packed, out, n - 1));
	for (size_t i = 0; i < packed.n; i++) {
		char *part = xmemdup(packed.s, i ? i : 1);
		assert_false(parquet_unpack(&u, codec, (struct str){ part, i }, out, n));
		free(part);
	}
	free(out);
	parquet_unpacker_release(&u);
}

static void codecs(void **state)
{
	uint8_t out[128 + PARQUET_PAD];
	struct parquet_unpacker u = { 0 };

	(void)state;
	expect_unpacked(0, BYTES("as it is"), "as it is");
	/* snappy: a literal and copies of one, two and four bytes, one over itself. */
	expect_unpacked(1,
			BYTES("\x15\x0c"
			      "abcd"
			      "\x11\x04\x0e\x04\x00\x0f\x04\x00\x00\x00\x00"
			      "e"),
			"abcdabcdabcdabcdabcde");
	/* LZ4: four as they are, eleven from four behind, then what is left. */
	expect_unpacked(7,
			BYTES("\x47"
			      "abcd"
			      "\x04\x00"
			      "\x10"
			      "z"),
			"abcdabcdabcdabcz");
	assert_false(parquet_unpack(&u, 1,
				    BYTES("\x08\x0c"
					  "abcd"
					  "\x01\x05"),
				    out, 8));
	assert_false(parquet_unpack(&u, 1,
				    BYTES("\x08\x0c"
					  "abcd"
					  "\x01\x00"),
				    out, 8));
	assert_false(parquet_unpack(&u, 7,
				    BYTES("\x40"
					  "abcd"
					  "\x05\x00"),
				    out, 8));
	for (unsigned i = 0; i < 40; i++) {
		assert_int_equal(parquet_codec_refusal(i) != NULL, i >= 3 && i != 6 && i != 7);
	}
	assert_non_null(parquet_codec_refusal(-1));
	parquet_unpacker_release(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thrift_fields), cmocka_unit_test(thrift_limits),
		cmocka_unit_test(runs),          cmocka_unit_test(deltas),
		cmocka_unit_test(codecs),
	};

	return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
