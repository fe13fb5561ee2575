/* The loops made for this machine against those that every machine has, and these against
 * a walk byte by byte. */
#include "decode_scan.h"
#include "support.h"

#define PAD 64

static void scan_finds_bytes(void **state)
{
	static const char some[] = " \n\t\rx09~";
	uint64_t seed = 7;
	char text[64];

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct scan got, want;
		for (int i = 0; i < 64; i++)
			text[i] = round % 2 ? some[random_below(&seed, sizeof some - 1)]
					    : (char)random_below(&seed, 256);
		got = scan_64(text);
		want = scan_64_plain(text);
		assert_true(got.space == want.space && got.newline == want.newline &&
			    got.odd == want.odd);
	}
}

typedef bool scan_fn(const char *text, uint32_t n, struct scan_list *list);

/* What the list must hold, one byte after the other. */
static void check_scan(scan_fn *scan, const char *text, uint32_t n)
{
	struct scan_list list = { .delimiter = xmalloc((n + 64) * sizeof(uint32_t)),
				  .newline = xmalloc((n + 1) * sizeof(uint32_t)) };
	bool tidy = scan(text, n, &list), was = true, is_tidy = true;
	uint32_t delimiters = 0, newlines = 0;

	for (uint32_t i = 0; i < n; i++) {
		bool is = text[i] == ' ' || text[i] == '\n';
		is_tidy &= !(is && was) && text[i] != '\t' && text[i] != '\r';
		was = is;
		if (!is)
			continue;
		assert_int_equal(list.delimiter[delimiters], i);
		if (text[i] == '\n')
			assert_int_equal(list.newline[newlines++], delimiters);
		delimiters++;
	}
	assert_int_equal(list.newlines, newlines);
	assert_int_equal(tidy, is_tidy);
	free(list.delimiter);
	free(list.newline);
}

static void scan_lists_delimiters(void **state)
{
	uint64_t seed = 11;
	char *text = xcalloc(1, 4096 + PAD);

	(void)state;
	for (int round = 0; round < 3000; round++) {
		uint32_t n = (uint32_t)random_below(&seed, round % 10 ? 200 : 4096);
		unsigned rare = 1 + (unsigned)random_below(&seed, 12);
		for (uint32_t i = 0; i < n; i++)
			text[i] = random_below(&seed, rare) ? 'a'
							    : " \n \n\t\r"[random_below(&seed, 6)];
		check_scan(decode_scan, text, n);
#if defined __x86_64__
		if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
			check_scan(decode_scan_wide, text, n);
#endif
	}
	free(text);
}

/* Segments of the text, one decoder or the other. */
static struct ring *decode(struct str text, bool plain)
{
	struct ring *r = ring_new(dict_new(), UINT64_C(1) << 30);
	struct decode_state state = { .format = format_default() };
	struct decode_counts counts = { 0 };
	struct malformed_list bad = { 0 };
	struct decoder *d = decoder_new();
	struct segment **list;
	size_t n;

	if (plain)
		decoder_use_plain(d);
	decoder_feed(d, &state, text, &counts, &bad);
	n = decoder_take(d, &list);
	for (size_t i = 0; i < n; i++)
		ring_add(r, list[i]);
	free(list);
	decoder_free(d);
	malformed_list_release(&bad);
	return r;
}

static void decoders_agree(void **state)
{
	uint64_t seed = 4711;
	struct buf text = { 0 }, a = { 0 }, b = { 0 };
	struct ring *best, *plain;

	(void)state;
	for (int i = 0; i < 80000; i++) {
		random_line(&seed, 1700000000, &text);
		if (random_below(&seed, 50) == 0) /* damage it */
			text.s[text.n - 1 - random_below(&seed, 60)] =
				(char)random_below(&seed, 256);
		buf_puts(&text, random_below(&seed, 500) ? "\n" : " \r\n");
	}
	best = decode(buf_str(&text), false);
	plain = decode(buf_str(&text), true);
	ring_render(best, &a);
	ring_render(plain, &b);
	assert_true(a.n > text.n / 2);
	assert_int_equal(a.n, b.n);
	assert_memory_equal(a.s, b.s, a.n);
	assert_int_equal(ring_count(best), ring_count(plain));
	for (size_t i = 0; i < ring_count(best); i++) {
		const struct segment *x = ring_at(best, i), *y = ring_at(plain, i);
		assert_int_equal(x->rows, y->rows);
		assert_memory_equal(x->mark, y->mark, x->rows);
		assert_true(x->time_min == y->time_min && x->time_max == y->time_max);
		for (unsigned c = 0; c < x->format->n; c++)
			assert_true(x->column[c].base == y->column[c].base &&
				    x->column[c].range == y->column[c].range);
	}
	buf_release(&text);
	buf_release(&a);
	buf_release(&b);
	ring_free_all(best);
	ring_free_all(plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scan_finds_bytes),
		cmocka_unit_test(scan_lists_delimiters),
		cmocka_unit_test(decoders_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
