/* The demo's promises: the same seed gives the same bytes, and every incident is there for
 * the filter that is said to show it. */
#include "input/demo.h"
#include "filter/filter.h"
#include "query/accumulator.h"
#include "support.h"

static void hour(uint64_t seed, struct buf *out)
{
	struct demo_options o = { .seed = seed, .start_s = 1700000000 };
	struct demo *d = demo_new(&o);

	buf_printf(out, "%s\n", demo_header(d));
	demo_until(d, o.start_s + 3600, out);
	demo_free(d);
}

static void seeded(void **state)
{
	struct buf a = { 0 }, b = { 0 }, c = { 0 };

	(void)state;
	hour(7, &a);
	hour(7, &b);
	hour(8, &c);
	assert_int_equal(a.n, b.n);
	assert_memory_equal(a.s, b.s, a.n);
	assert_false(a.n == c.n && memcmp(a.s, c.s, a.n) == 0);
	buf_release(&a);
	buf_release(&b);
	buf_release(&c);
}

static void incidents_are_there(void **state)
{
	struct ring *r = ring_new(dict_new(), 1 << 30);
	uint64_t *bits = xcalloc(SEGMENT_ROWS / 64 + 1, sizeof *bits);
	struct decode_counts counts = { 0 };
	struct malformed_list bad = { 0 };
	struct buf text = { 0 };
	const struct demo_incident *incident;
	size_t n = 0;

	(void)state;
	hour(7, &text);
	ring_set_ceiling(r, INT64_MAX);
	ring_add_text(r, NULL, buf_str(&text), &counts, &bad);
	assert_int_equal(counts.malformed, 0);
	assert_true(counts.skipdata > 0 && counts.nodata > 0);
	for (; (incident = demo_incident(n)); n++) {
		struct filter_error e;
		struct filter *f = filter_new(str_of(incident->filter), 1700003600, &e);
		uint64_t found = 0;
		assert_non_null(f);
		for (size_t s = 0; s < ring_count(r); s++) {
			filter_select(f, ring_at(r, s), ring_dict(r), 0, ring_at(r, s)->rows, bits,
				      NULL);
			for (uint32_t k = 0; k < ring_at(r, s)->rows; k++)
				found += bits[k / 64] >> k % 64 & 1;
		}
		if (!found)
			fail_msg("nothing for '%s' (%s)", incident->story, incident->filter);
		filter_free(f);
	}
	assert_true(n >= 2 * 14);
	malformed_list_release(&bad);
	buf_release(&text);
	free(bits);
	ring_free_all(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seeded),
		cmocka_unit_test(incidents_are_there),
	};

	return cmocka_run_group_tests_name("demo", tests, NULL, NULL);
}
