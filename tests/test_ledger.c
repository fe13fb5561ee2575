/* The book kept of sources: their order against sorting, malformed lines and doubts against
 * plain lists, what records say of their source. */
#include "monitor/doubts.h"
#include "monitor/malformed_book.h"
#include "input/source_notes.h"
#include "monitor/source_order.h"
#include "support.h"

/* ---- order ---- */

#define SOURCES 500

static struct {
	int64_t time[SOURCES];
	enum trouble trouble[SOURCES];
} W;

static int by_rank(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	if (W.trouble[x] != W.trouble[y])
		return W.trouble[x] < W.trouble[y] ? -1 : 1;
	if (W.time[x] != W.time[y])
		return W.time[x] > W.time[y] ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* Added, changed and looked at in any order, it is what sorting all of it gives. */
static void order_is_sorted(void **state)
{
	struct source_order *o = source_order_new();
	uint32_t want[SOURCES], n = 0;
	uint64_t seed = 3;

	(void)state;
	while (n < SOURCES) {
		for (uint64_t add = random_below(&seed, 20); add && n < SOURCES; add--) {
			W.time[n] = random_below(&seed, 3) ? (int64_t)random_below(&seed, 50)
							   : ORDER_NAMED;
			W.trouble[n] = TROUBLE_NONE;
			source_order_add(o, W.time[n++]);
		}
		for (uint64_t k = random_below(&seed, 30); n && k; k--) {
			uint32_t s = (uint32_t)random_below(&seed, n);
			W.trouble[s] = (enum trouble)random_below(&seed, TROUBLES);
			source_order_set(o, s, W.trouble[s]);
		}
		if (random_below(&seed, 3))
			continue;
		for (uint32_t i = 0; i < n; i++)
			want[i] = i;
		qsort(want, n, sizeof *want, by_rank);
		for (uint32_t i = 0; i < n; i++) {
			assert_int_equal(source_order_at(o, i), want[i]);
			assert_int_equal(source_order_row(o, want[i]), i);
		}
	}
	size_t sum = 0;
	for (int t = 0; t < TROUBLES; t++)
		sum += source_order_count(o, (enum trouble)t);
	assert_int_equal(sum, SOURCES);
	source_order_free(o);
}

/* ---- malformed lines ---- */

static void complain(struct malformed_book *b, uint32_t source, uint64_t line)
{
	char text[32];
	int n = snprintf(text, sizeof text, "%u:%u", source, (unsigned)line);
	struct malformed m = { source, line, "reason", { text, (size_t)n }, 0 };
	struct malformed_list l = { .line = &m, .n = 1, .cap = 1 };

	malformed_book_add(b, source, &l, 1000);
}

static void a_noisy_source_pushes_nobody_out(void **state)
{
	struct malformed_book *b = malformed_book_new();
	size_t before;

	(void)state;
	complain(b, 7, 1);
	for (uint64_t i = 0; i < 100000; i++)
		complain(b, 3, i);
	assert_int_equal(malformed_book_get(b, 7, 0)->line, 1001);
	assert_null(malformed_book_get(b, 7, 1));
	for (unsigned i = 0; i < MALFORMED_EACH; i++) {
		const struct malformed *m = malformed_book_get(b, 3, i);
		assert_int_equal(m->line, 1000 + 100000 - MALFORMED_EACH + i);
		assert_int_equal(atoi(m->text.s + 2), m->line - 1000);
	}
	assert_null(malformed_book_get(b, 3, MALFORMED_EACH));
	assert_null(malformed_book_get(b, 4, 0));
	/* Beyond so many sources the one that was quiet longest gives way. */
	for (uint32_t s = 100; s < 100 + MALFORMED_SOURCES - 1; s++)
		complain(b, s, 1);
	assert_null(malformed_book_get(b, 7, 0));
	assert_non_null(malformed_book_get(b, 3, 0));
	before = malformed_book_bytes(b);
	for (uint32_t s = 2000; s < 2000 + 5 * MALFORMED_SOURCES; s++)
		complain(b, s, 1);
	assert_true(malformed_book_bytes(b) < before + (1 << 20));
	malformed_book_free(b);
}

/* ---- doubts ---- */

static void doubts_by_the_minute(void **state)
{
	struct doubts *d = xcalloc(1, sizeof *d);
	static struct {
		int64_t t;
		uint64_t malformed;
	} all[2000];
	uint64_t seed = 5, total = 0;
	const int64_t base = INT64_C(1700000040) / 60 * 60;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		all[i].t = base + (int64_t)random_below(&seed, 100000);
		all[i].malformed = random_below(&seed, 5);
		total += all[i].malformed;
		doubts_add(d, all[i].t, (struct doubt){ all[i].malformed, 1, 2 });
	}
	for (int k = 0; k < 100; k++) {
		int64_t from = base + (int64_t)random_below(&seed, 1600) * 60;
		int64_t to = from + (int64_t)random_below(&seed, 200) * 60;
		struct doubt want = { 0 }, have = doubts_in(d, from, to);
		for (size_t i = 0; i < ARRAY_SIZE(all); i++)
			if (all[i].t >= from && all[i].t < to) {
				want.malformed += all[i].malformed;
				want.skipdata++;
			}
		assert_int_equal(have.malformed, want.malformed);
		assert_int_equal(have.skipdata, want.skipdata);
	}
	assert_int_equal(doubts_in(d, INT64_MIN, INT64_MAX).malformed, total);
	/* Without a time: in every window. */
	doubts_add(d, INT64_MIN, (struct doubt){ .malformed = 7 });
	assert_int_equal(doubts_in(d, base - 600, base - 540).malformed, 7);
	/* Long ago: not counted again in the minute that took its place. */
	doubts_add(d, base - INT64_C(60) * DOUBTS_MINUTES, (struct doubt){ .malformed = 1000 });
	assert_int_equal(doubts_in(d, base, base + 60).malformed < 1000, true);
	free(d);
}

/* ---- what records say ---- */

static struct segment *one_segment(const char *header, const char *lines)
{
	struct decoder *d = decoder_new();
	struct decode_state s = { .format = format_parse(str_of(header), "header") };
	struct decode_counts counts = { 0 };
	struct malformed_list bad = { 0 };
	struct segment **list, *first;

	decoder_feed(d, &s, str_of(lines), &counts, &bad);
	assert_int_equal(decoder_take(d, &list), 1);
	first = list[0];
	free(list);
	decoder_free(d);
	return first;
}

static void notes_of_a_source(void **state)
{
	struct source_notes n;
	struct segment *v2 = one_segment("srcaddr dstaddr start end log-status",
					 "10.0.0.1 10.0.0.2 1000 1060 OK\n"
					 "- - 1000 1600 NODATA\n"
					 "10.0.0.1 10.0.0.2 1000 9999999 OK\n"
					 "10.0.0.1 10.0.0.2 1000 1030 OK\n");
	struct segment *v7 =
		one_segment("srcaddr start end vpc-id ecs-task-id", "10.0.0.1 2000 2061 - -\n");

	(void)state;
	source_notes_init(&n);
	assert_int_equal(source_notes_complete(&n), INT64_MIN);
	assert_int_equal(n.version, 0);
	/* The last row is another source's; the third is in the future. */
	assert_int_equal(source_notes_rows(&n, v2, 0, 2, 5000), 1);
	assert_int_equal(n.newest_s, 1600);
	assert_int_equal(source_notes_complete(&n), 1540);
	assert_int_equal(n.version, 2);
	source_notes_init(&n);
	assert_int_equal(source_notes_rows(&n, v2, 3, 1, 5000), 1);
	assert_int_equal(n.newest_s, 1030);
	source_notes_rows(&n, v7, 0, 1, 5000);
	assert_int_equal(n.formats, 2);
	assert_int_equal(n.version, 7);
	/* A record of 61 seconds: intervals are of ten minutes. */
	assert_int_equal(source_notes_complete(&n), 2061 - 600);
	source_notes_rows(&n, v2, 0, 4, 5000);
	assert_int_equal(n.newest_s, 2061);
	segment_free(v2, NULL);
	segment_free(v7, NULL);
}

static void rate_follows(void **state)
{
	struct source_notes n;
	uint64_t ms = 1000;

	(void)state;
	source_notes_init(&n);
	assert_true(source_notes_rate(&n, 5000) == 0);
	for (; ms < 61000; ms += 100)
		source_notes_flows(&n, 10, ms);
	assert_true(source_notes_rate(&n, ms) > 90 && source_notes_rate(&n, ms) < 110);
	assert_true(source_notes_rate(&n, ms + 2000) < 60);
	assert_true(source_notes_rate(&n, ms + 30000) == 0);
	assert_true(source_notes_rate(&n, ms + (UINT64_C(1) << 40)) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_is_sorted),
		cmocka_unit_test(a_noisy_source_pushes_nobody_out),
		cmocka_unit_test(doubts_by_the_minute),
		cmocka_unit_test(notes_of_a_source),
		cmocka_unit_test(rate_follows),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
