/* Any text as a filter: an error with a place in it, or a filter that reads as itself,
 * whose clauses are filters, and that selects of a small segment what the slow twin
 * selects. */
#include <string.h>

#include "filter/filter.h"
#include "fuzz.h"
#include "store/ring.h"
#include "slow_filter.h"
#include "support.h"

#define NOW 1700000000

static const char records[] =
	"2 123456789012 eni-0a1b2c3d 10.0.0.5 10.0.1.9 49152 443 6 10 8400 1700000000 1700000060 "
	"ACCEPT OK\n"
	"2 123456789012 eni-0a1b2c3d 203.0.113.7 10.0.0.5 51000 22 6 007 180 1700000000123 "
	"1700000060456 REJECT OK\n"
	"2 unknown eni-0ccccccc 2001:DB8::A fe80::1 53 547 17 2 1500000 1699900000 - REJECT OK\n"
	"2 123456789012 eni-1 - - - - - - - 1700000400 1700000460 - NODATA\n"
	"2 123456789012 - 10.0.0.5 junk 0 x 1 - 2147483648 - - - -\n";

static struct ring *ring;
static struct slow slow;

static void once(void)
{
	if (ring)
		return;
	ring = ring_new(dict_new(), 1 << 30);
	ring_set_ceiling(ring, INT64_MAX);
	ring_add_text(ring, format_default(), str_of(records), NULL, NULL);
	slow_read(&slow, format_default(), str_of(records));
	FUZZ_CHECK(ring_count(ring) == 1 && slow.n == ring_at(ring, 0)->rows);
}

static uint64_t selected(struct filter *f, uint64_t *undecided)
{
	const struct segment *s = ring_at(ring, 0);
	uint64_t bits, unknown;

	FUZZ_CHECK(filter_select(f, s, ring_dict(ring), 0, s->rows, &bits, &unknown) ==
		   bit_count(unknown));
	FUZZ_CHECK((bits & unknown) == 0);
	FUZZ_CHECK(!filter_excludes(f, s, ring_dict(ring)) || (bits | unknown) == 0);
	*undecided |= unknown;
	return bits;
}

static void check_reads(struct filter *f, uint64_t bits, uint64_t undecided)
{
	struct filter_error e;
	struct filter *again = filter_new(str_of(filter_reads(f)), NOW, &e);
	struct buf joined = { 0 };
	uint64_t same;

	FUZZ_CHECK(again);
	FUZZ_CHECK(strcmp(filter_reads(again), filter_reads(f)) == 0);
	same = selected(again, &undecided) ^ bits;
	FUZZ_CHECK((same & ~undecided) == 0);
	filter_free(again);
	for (size_t i = 0; i < filter_clauses(f); i++) {
		FUZZ_CHECK((again = filter_new(str_of(filter_clause(f, i)), NOW, &e)));
		filter_free(again);
		buf_printf(&joined, "%s%s", i ? " and " : "", filter_clause(f, i));
	}
	FUZZ_CHECK((again = filter_new(buf_str(&joined), NOW, &e)));
	same = selected(again, &undecided) ^ bits;
	FUZZ_CHECK((same & ~undecided) == 0);
	filter_free(again);
	buf_release(&joined);
}

void fuzz_filter(struct str in)
{
	struct filter_error e;
	struct filter *f;
	struct buf plan = { 0 };

	once();
	f = filter_new(in, NOW, &e);
	if (!f) {
		FUZZ_CHECK(e.message[0] && strlen(e.message) < sizeof e.message);
		FUZZ_CHECK(e.column <= in.n && e.column + e.length <= in.n);
		return;
	}
	uint64_t undecided = 0, bits = selected(f, &undecided);
	check_reads(f, bits, undecided);
	for (size_t i = 0; i < slow.n; i++) {
		enum slow_answer want = slow_selects(f, &slow.flow[i]);
		FUZZ_CHECK((undecided >> i & 1) || want == SLOW_UNDECIDED ||
			   (bits >> i & 1) == (want == SLOW_YES));
	}
	filter_explain(f, &plan);
	buf_release(&plan);
	filter_free(f);
}
