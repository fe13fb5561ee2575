/* Bytes as delivered to text: gzip of any number of members, nested, cut short, damaged;
 * each read through pieces of every size. */
#include <sys/types.h>

#include "support.h"
#include "unwrap.h"

struct bytes {
	struct str all;
	size_t at, piece;
};

static ssize_t read_piece(void *ctx, char *out, size_t n)
{
	struct bytes *b = ctx;
	size_t left = b->all.n - b->at;

	if (n > b->piece)
		n = b->piece;
	if (n > left)
		n = left;
	if (n)
		memcpy(out, b->all.s + b->at, n);
	b->at += n;
	return (ssize_t)n;
}

static void gzip(struct str text, struct buf *out)
{
	z_stream z = { 0 };
	unsigned char piece[4096];
	int rc;

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)(uintptr_t)text.s;
	z.avail_in = (unsigned)text.n;
	do {
		z.next_out = piece;
		z.avail_out = sizeof piece;
		rc = deflate(&z, Z_FINISH);
		buf_add(out, piece, sizeof piece - z.avail_out);
	} while (rc == Z_OK);
	deflateEnd(&z);
}

/* Reads everything; returns the fault or "". */
static const char *unwrap_all(struct str in, size_t piece, struct buf *out)
{
	struct bytes b = { in, 0, piece };
	struct unwrap u;
	char text[777];
	const char *fault;
	ssize_t n;

	unwrap_init(&u, read_piece, &b);
	while ((n = unwrap_read(&u, text, sizeof text)) > 0)
		buf_add(out, text, (size_t)n);
	unwrap_end(&u);
	while ((n = unwrap_read(&u, text, sizeof text)) > 0)
		buf_add(out, text, (size_t)n);
	fault = u.fault ? u.fault : unwrap_is_partial(&u) ? "partial" : "";
	unwrap_release(&u);
	return fault;
}

static void check(struct str in, struct str want, const char *fault)
{
	static const size_t pieces[] = { 1, 2, 3, 7, 100, 4096, 1 << 20 };

	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		struct buf out = { 0 };
		const char *f = unwrap_all(in, pieces[i], &out);
		if (!*fault)
			assert_string_equal(f, "");
		else
			assert_string_not_equal(f, "");
		assert_int_equal(out.n, want.n);
		if (want.n)
			assert_memory_equal(out.s, want.s, want.n);
		buf_release(&out);
	}
}

static void lines(struct buf *out, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		buf_printf(out, "line %u of the text, which is not too short\n", i * 7919);
}

static void plain_and_gzip(void **state)
{
	struct buf text = { 0 }, z = { 0 };

	(void)state;
	lines(&text, 500);
	check(buf_str(&text), buf_str(&text), "");
	gzip(buf_str(&text), &z);
	check(buf_str(&z), buf_str(&text), "");
	check((struct str){ "x", 1 }, (struct str){ "x", 1 }, "");
	check((struct str){ "\x1f", 1 }, (struct str){ "\x1f", 1 }, "");
	check((struct str){ "", 0 }, (struct str){ "", 0 }, "");
	buf_release(&text);
	buf_release(&z);
}

static void members(void **state)
{
	struct buf text = { 0 }, z = { 0 };

	(void)state;
	for (unsigned i = 0; i < 50; i++) {
		struct buf part = { 0 };
		if (i % 7)
			lines(&part, i);
		gzip(buf_str(&part), &z);
		buf_add_str(&text, buf_str(&part));
		buf_release(&part);
	}
	check(buf_str(&z), buf_str(&text), "");
	buf_release(&text);
	buf_release(&z);
}

static void nested(void **state)
{
	struct buf text = { 0 }, layer[4] = { { 0 } };

	(void)state;
	lines(&text, 300);
	buf_add_str(&layer[0], buf_str(&text));
	for (int i = 1; i < 4; i++) {
		gzip(buf_str(&layer[i - 1]), &layer[i]);
		check(buf_str(&layer[i]), buf_str(&text), "");
	}
	for (int i = 0; i < 4; i++)
		buf_release(&layer[i]);
	buf_release(&text);
}

static void cut_short(void **state)
{
	struct buf text = { 0 }, z = { 0 }, out = { 0 };

	(void)state;
	lines(&text, 3000);
	gzip(buf_str(&text), &z);
	assert_string_not_equal(unwrap_all((struct str){ z.s, z.n / 2 }, 4096, &out), "");
	/* What came before is there, and nothing else. */
	assert_true(out.n > text.n / 4 && out.n < text.n);
	assert_memory_equal(out.s, text.s, out.n);
	buf_release(&text);
	buf_release(&z);
	buf_release(&out);
}

static void damaged(void **state)
{
	struct buf text = { 0 }, z = { 0 };
	uint64_t seed = 3;

	(void)state;
	lines(&text, 2000);
	gzip(buf_str(&text), &z);
	for (int i = 0; i < 300; i++) {
		struct buf bad = { 0 }, out = { 0 };
		buf_add_str(&bad, buf_str(&z));
		bad.s[12 + random_below(&seed, bad.n - 12)] ^= (char)(1 + random_below(&seed, 255));
		const char *fault = unwrap_all(buf_str(&bad), 1 << 16, &out);
		if (out.n != text.n || memcmp(out.s, text.s, text.n) != 0)
			assert_string_not_equal(fault, "");
		buf_release(&bad);
		buf_release(&out);
	}
	buf_release(&text);
	buf_release(&z);
}

static void parquet_by_name(void **state)
{
	struct buf out = { 0 };
	struct bytes b = { { "PAR1 and so on", 14 }, 0, 100 };
	struct unwrap u;
	char text[64];

	(void)state;
	unwrap_init(&u, read_piece, &b);
	assert_int_equal(unwrap_read(&u, text, sizeof text), 0);
	assert_string_equal(unwrap_shape(&u), "parquet");
	assert_non_null(u.fault);
	unwrap_release(&u);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_and_gzip), cmocka_unit_test(members),
		cmocka_unit_test(nested),         cmocka_unit_test(cut_short),
		cmocka_unit_test(damaged),        cmocka_unit_test(parquet_by_name),
	};

	return cmocka_run_group_tests_name("unwrap", tests, NULL, NULL);
}
