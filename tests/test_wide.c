/* The loops made for this machine against those that every machine has, and these against
 * a walk byte by byte, and shares of records against whole numbers. */
#include "base/wide.h"
#include "decode/decode_scan.h"
#include "query/query_series.h"
#include "support.h"
#include "unwrap/envelope_sign.h"

#define PAD 64

static void scan_finds_bytes(void **state)
{
	static const char some[] = " \n\t\rx09~";
	uint64_t seed = 7;
	char text[64];

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct line_scan got, want;
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
	bool tidy = scan(text, n, &list), is_tidy = true;
	char was = '\n';
	uint32_t delimiters = 0, newlines = 0;

	for (uint32_t i = 0; i < n; i++) {
		bool is = text[i] == ' ' || text[i] == '\n';
		bool blank_line = text[i] == '\n' && was == '\n';
		is_tidy &= !(is && (was == ' ' || was == '\n') && !blank_line) && text[i] != '\t' &&
			   text[i] != '\r';
		was = text[i];
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
#if defined WIDEST_BEGIN
		if (cpu_is_widest())
			check_scan(decode_scan_widest, text, n);
#endif
	}
	free(text);
}

static void check_signs(struct str text, size_t plain, bool sign)
{
	assert_int_equal(envelope_plain_length(text), plain);
	assert_int_equal(envelope_has_sign(text), sign);
#if defined __x86_64__
	if (!cpu_is_wide())
		return;
	assert_int_equal(envelope_plain_length_wide(text), plain);
	assert_int_equal(envelope_has_sign_wide(text), sign);
#endif
}

/* One byte of each kind at each place of texts of many lengths, among others. */
static void signs_are_seen(void **state)
{
	static const char ends[] = "\"\\\n", signs[] = "{[\033,;|\t";
	/* And some that are like them in half of their bits. */
	static const char all[] = "\"\\\n{[\033,;|\tKk\v+\014\034<Ll)Ii}]\xfb\xdb\xac\xfc\x89";
	uint64_t seed = 5;
	char text[700];

	(void)state;
	for (size_t n = 0; n <= sizeof text; n += n < 100 ? 1 : 37) {
		for (size_t i = 0; i < n; i++)
			do
				text[i] = (char)random_below(&seed, 256);
			while (memchr(ends, text[i], 3) || memchr(signs, text[i], 7));
		check_signs((struct str){ text, n }, n, false);
		for (size_t at = 0; at < n; at += n < 100 ? 1 : 11)
			for (const char *c = all; *c; c++) {
				char was = text[at];
				text[at] = *c;
				check_signs((struct str){ text, n },
					    memchr(ends, text[at], 3) ? at : n,
					    memchr(signs, text[at], 7));
				text[at] = was;
			}
	}
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

/* ---- shares ---- */

#define KEYS 3
#define FIRST_S 1700000000
#define SPAN_S 8192

struct sums {
	struct tally at[KEYS][SPAN_S];
	struct tally before; /* in no bin */
	unsigned shift;
	int64_t since;
};

static struct tally *sum_at(struct sums *s, uint32_t key, int64_t bin)
{
	int64_t at = bin - (FIRST_S >> s->shift);

	assert_true(key < KEYS && at >= 0 && at < SPAN_S);
	return &s->at[key][at];
}

static void flush_sum(void *ctx, const uint32_t *key, const struct tally *sum)
{
	struct sums *s = ctx;

	tally_add(key ? sum_at(s, key[0], key[1]) : &s->before, sum, 1);
}

static uint64_t exactly(uint64_t whole, int64_t elapsed, int64_t duration)
{
	return (uint64_t)((unsigned __int128)whole * (uint64_t)elapsed / (uint64_t)duration);
}

/* As query.h has it, border by border. */
static void deal_exactly(struct sums *s, uint32_t key, const struct row_facts *f, int64_t start,
			 int64_t end)
{
	int64_t from = start > s->since || start == INT64_MIN ? start : s->since;
	struct tally *t;

	if (start < from) {
		int64_t d = end - start;
		s->before.bytes += exactly(f->bytes, from - start, d);
		s->before.packets += exactly(f->packets, from - start, d);
		s->before.sent += exactly(f->sent, from - start, d);
		s->before.lost += exactly(f->lost, from - start, d);
		s->before.seconds += (uint64_t)(from - start);
	}
	for (int64_t bin = from >> s->shift; start != INT64_MIN && bin < end >> s->shift; bin++) {
		int64_t to = (bin + 1) << s->shift, d = end - start;
		t = sum_at(s, key, bin);
		t->bytes += exactly(f->bytes, to - start, d) - exactly(f->bytes, from - start, d);
		t->packets +=
			exactly(f->packets, to - start, d) - exactly(f->packets, from - start, d);
		t->sent += exactly(f->sent, to - start, d) - exactly(f->sent, from - start, d);
		t->lost += exactly(f->lost, to - start, d) - exactly(f->lost, from - start, d);
		t->seconds += (uint64_t)(to - from);
		from = to;
	}
	t = sum_at(s, key, end >> s->shift);
	if (start != INT64_MIN) {
		int64_t d = end - start;
		t->bytes -= exactly(f->bytes, from - start, d);
		t->packets -= exactly(f->packets, from - start, d);
		t->sent -= exactly(f->sent, from - start, d);
		t->lost -= exactly(f->lost, from - start, d);
		t->seconds += (uint64_t)(end - from);
	}
	t->bytes += f->bytes;
	t->packets += f->packets;
	t->sent += f->sent;
	t->lost += f->lost;
	t->flows += f->flow;
	t->accepts += f->accept;
	t->rejects += f->reject;
}

/* Small, and at the edges of what 32 bits hold. */
static uint64_t random_amount(uint64_t *seed)
{
	switch (random_below(seed, 6)) {
	case 0:
		return random_below(seed, 4);
	case 1:
		return UINT32_MAX - random_below(seed, 3);
	case 2:
		return random_below(seed, 500) ? random_below(seed, UINT32_MAX)
					       : UINT64_C(1) << (32 + random_below(seed, 20));
	default:
		return random_below(seed, 100000);
	}
}

static void fill(struct key_batch *b, uint64_t *seed, unsigned shift, struct sums *want)
{
	struct row_batch *rows = b->rows;

	rows->n = ROW_BATCH;
	rows->timed = rows->dealt = rows->known = true;
	for (unsigned i = 0; i < rows->n; i++) {
		struct row_facts *f = &rows->facts[i];
		int64_t end = FIRST_S + 4096 + (int64_t)random_below(seed, 4096);
		int64_t d = random_below(seed, 4) ? 1 + (int64_t)random_below(seed, 90)
						  : 1 + (int64_t)random_below(seed, 3600);
		*f = (struct row_facts){ .bytes = random_amount(seed),
					 .packets = random_amount(seed),
					 .flow = 1,
					 .guessed = random_below(seed, 2) == 0 };
		f->sent = random_below(seed, 2) ? f->bytes : 0;
		f->lost = random_below(seed, 100) ? 0 : random_amount(seed);
		f->accept = random_below(seed, 2) == 0;
		f->reject = !f->accept;
		rows->time[i] = end;
		rows->start[i] = random_below(seed, 20) ? end - d : INT64_MIN;
		b->key[2 * i] = (uint32_t)random_below(seed, KEYS);
		b->key[2 * i + 1] = (uint32_t)(end >> shift);
		deal_exactly(want, b->key[2 * i], f, rows->start[i], end);
	}
}

static void shares_are_exact(void **state)
{
	struct row_batch *rows = xcalloc(1, sizeof *rows);
	struct key_batch *b = key_batch_new(2);
	struct sums *want = xmalloc(sizeof *want), *plain = xmalloc(sizeof *plain),
		    *best = xmalloc(sizeof *best);
	uint64_t seed = 99;

	(void)state;
	b->rows = rows;
	for (unsigned round = 0; round < 60; round++) {
		struct series p, w;
		memset(want, 0, sizeof *want);
		memset(plain, 0, sizeof *plain);
		memset(best, 0, sizeof *best);
		want->shift = plain->shift = best->shift = round % 9;
		/* Rows end no sooner than that. */
		want->since = plain->since = best->since = round % 2 ? FIRST_S + 4096 : INT64_MIN;
		/* Few places: what is there must make room. */
		series_begin(&p, 2, 1, want->shift, 1, want->since, flush_sum, plain);
		series_begin(&w, 2, 1, want->shift, ROW_BATCH, want->since, flush_sum, best);
		p.add = series_deal;
		for (int i = 0; i < 8; i++) {
			fill(b, &seed, want->shift, want);
			series_add(&p, b);
			series_add(&w, b);
		}
		series_end(&p);
		series_end(&w);
		assert_memory_equal(plain, want, sizeof *want);
		assert_memory_equal(best, want, sizeof *want);
	}
	free(rows);
	free(b);
	free(want);
	free(plain);
	free(best);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scan_finds_bytes), cmocka_unit_test(scan_lists_delimiters),
		cmocka_unit_test(signs_are_seen),   cmocka_unit_test(decoders_agree),
		cmocka_unit_test(shares_are_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
