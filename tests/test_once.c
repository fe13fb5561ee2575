/* Counting once on screen: while records come in any order, late, and are evicted, while it is
 * switched on and off, and what bytes cost is asked for or not, every sum is what a plain
 * recomputation over the ring has, by what the places know then; and what they know in the end does
 * not depend on the order of lines. */
#include <inttypes.h>

#include "decode/charge.h"
#include "decode/second.h"
#include "live/live.h"
#include "support.h"

#define HOSTS 8u
#define START 1700000000
#define HALF 2500 /* bytes of a record, about */

enum { TALKERS, TIMELINE, TARGETS };

struct once_world {
	uint64_t seed;
	struct ring *ring;
	struct live *live;
	int64_t time;
	struct buf held; /* of an interface that is later than the others */
	uint64_t seconds, dollars, undecided, undecided_of_half; /* met by comparisons */
	bool priced, filtered; /* filtered: of what is HALF bytes or less nothing matches */
};

static void on_evict(void *ctx, struct segment *s)
{
	live_evict(ctx, s);
}

/* Of costs the first alone is asked, where they are. */
static const struct query asked[] = {
	[TALKERS] = { QUERY_ALL, .group = { .field = { FIELD_SRCADDR }, .n = 1 },
		      .bins = { BINS_TREND, FIELD_BIN, TREND_BINS, false } },
	[TIMELINE] = { QUERY_ALL, .rows = ROWS_TIMELINE,
		       .group = { .field = { FIELD_BIN }, .n = 1 },
		       .bins = { .most = TIMELINE_BINS } },
	[TARGETS] = { QUERY_ALL, .group = { .field = { FIELD_DSTADDR }, .n = 1 },
		      .bins = { BINS_TREND, FIELD_BIN, TREND_BINS, false } },
};

static void open_world(struct once_world *w, uint64_t seed, uint64_t budget)
{
	*w = (struct once_world){ .seed = seed, .time = START };
	w->ring = ring_new(dict_new(), budget);
	ring_set_ceiling(w->ring, INT64_MAX);
	w->live = live_new(w->ring);
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++)
		live_add(w->live, &asked[i]);
	ring_on_evict(w->ring, on_evict, w->live);
}

static void close_world(struct once_world *w)
{
	buf_release(&w->held);
	live_free(w->live);
	ring_free_all(w->ring);
}

/* What an interface records of a packet; 0 is the internet. */
static void add_record(struct buf *out, unsigned eni, unsigned from, unsigned to, uint64_t bytes,
		       int64_t time)
{
	const char *const net[] = { "198.51.100.", "10.0.0." };

	buf_printf(out,
		   "2 1 eni-%u %s%u %s%u %" PRIu64 " 443 6 1 %" PRIu64 " %" PRId64 " %" PRId64
		   " ACCEPT OK z1-az%u\n",
		   eni, net[from > 0], from, net[to > 0], to, 32768 + bytes, bytes, time, time + 50,
		   eni % 3);
}

static const struct format *format_with_zones(void)
{
	return format_parse(
		str_of("version account-id interface-id srcaddr dstaddr srcport dstport "
		       "protocol packets bytes start end action log-status az-id"),
		"test");
}

/* A minute of a few conversations; the last host has no log. What it is of eni N is in text[N]. */
static void add_minute(struct once_world *w, struct buf text[HOSTS])
{
	for (unsigned i = 0; i < 40; i++) {
		unsigned from = (unsigned)random_below(&w->seed, HOSTS),
			 to = (unsigned)random_below(&w->seed, HOSTS);
		uint64_t bytes = 1 + random_below(&w->seed, 5000);
		if (from == to)
			continue;
		if (from && from < HOSTS - 1)
			add_record(&text[from], from, from, to, bytes, w->time);
		if (to && to < HOSTS - 1)
			add_record(&text[to], to, from, to, bytes, w->time + 3);
	}
	w->time += 60;
}

static void put(struct once_world *w, struct buf *text)
{
	if (text->n)
		ring_add_text(w->ring, format_with_zones(), buf_str(text), NULL, NULL);
	buf_release(text);
}

/* Those of a few minutes; one interface is late. */
static void add_some(struct once_world *w)
{
	struct buf text[HOSTS] = { { 0 } };
	unsigned late = (unsigned)random_below(&w->seed, HOSTS);

	for (uint64_t n = 1 + random_below(&w->seed, 4); n > 0; n--)
		add_minute(w, text);
	for (unsigned i = 0; i < HOSTS; i++)
		if (i != late)
			put(w, &text[i]);
	if (random_below(&w->seed, 2))
		live_step(w->live, 20000);
	put(w, &w->held);
	if (random_below(&w->seed, 2))
		w->held = text[late]; /* it comes with the next ones */
	else
		put(w, &text[late]);
}

/* While rows come, what is known better of older ones waits for a second: until a step has none. */
static void settle(struct once_world *w)
{
	while (live_step(w->live, 1000000) || live_step(w->live, 1000000))
		;
}

struct plain_sums {
	uint64_t bytes[HOSTS], cost[HOSTS], flows, second, undecided,
		unpriced;                             /* by who sent them */
	uint64_t free_bytes, free_flows, free_second; /* where nobody asks for costs */
};

/* The list prices, a byte, in 10^-13 dollars. */
static uint64_t price_of(uint8_t charges)
{
	return (charges & CHARGE_ZONE ? 200 : 0) + (charges & CHARGE_INTERNET ? 900 : 0);
}

static void recompute(struct once_world *w, struct plain_sums *out)
{
	struct span span = live_span(w->live);
	const struct dict *d = ring_dict(w->ring);

	*out = (struct plain_sums){ 0 };
	for (size_t i = 0; i < ring_count(w->ring); i++) {
		struct segment *s = ring_peek(w->ring, i);
		uint64_t bits[SEGMENT_ROWS / 64 + 1], undecided[SEGMENT_ROWS / 64 + 1];
		uint8_t charges[SEGMENT_ROWS] = { 0 };
		struct second_counts counts;
		ring_publish(w->ring, s);
		second_sightings(live_places(w->live), s, d, 0, s->rows, bits, undecided, &counts);
		if (w->priced)
			charges_judge(live_places(w->live), s, d, 0, s->rows, bits, charges);
		for (uint32_t row = 0; row < s->rows; row++) {
			bool any = bits[row / 64] >> row % 64 & 1, second = any && !charges[row];
			uint64_t bytes = column_number(segment_column(s, FIELD_BYTES), row);
			const struct column *src = segment_column(s, FIELD_SRCADDR);
			uint8_t address[16];
			if (!span_holds(span, segment_time(s, row)) ||
			    (w->filtered && bytes <= HALF))
				continue;
			out->undecided += undecided[row / 64] >> row % 64 & 1;
			out->second += second;
			out->free_second += any;
			out->free_flows += !any || !live_once(w->live);
			out->free_bytes += !any || !live_once(w->live) ? bytes : 0;
			if (second && live_once(w->live))
				continue;
			assert_true(column_address(src, d, column_code(src, row), address));
			out->bytes[address[15]] += bytes;
			out->cost[address[15]] += bytes * price_of(charges[row]);
			out->unpriced += charges[row] & CHARGE_UNKNOWN ? bytes : 0;
			out->flows++;
		}
	}
}

/* What does not ask for costs has them nowhere, and no record more for them. */
static void compare_free(const struct result *r, const struct plain_sums *want)
{
	uint64_t all = 0;

	for (uint32_t i = 0; i < r->rows; i++) {
		all += r->row[i].tally.bytes;
		assert_int_equal(r->row[i].tally.lost, 0);
	}
	assert_int_equal(all, want->free_bytes);
	assert_int_equal(r->totals.flows, want->free_flows);
	assert_int_equal(r->second, want->free_second);
	assert_false(r->query.priced);
}

static void compare(struct once_world *w)
{
	struct plain_sums want;
	struct result r;
	uint64_t bars = 0;

	settle(w);
	recompute(w, &want);
	live_answer(w->live, TALKERS, (struct result_window){ 0, 0, 0, UINT32_MAX }, &r);
	assert_int_equal(r.totals.flows, want.flows);
	assert_int_equal(r.second, want.second);
	assert_int_equal(r.second_undecided, want.undecided);
	assert_true(r.query.once == live_once(w->live));
	for (uint32_t i = 0; i < r.rows; i++) {
		assert_int_equal(r.row[i].tally.bytes, want.bytes[r.row[i].key[0].address[15]]);
		assert_int_equal(r.row[i].tally.cost, want.cost[r.row[i].key[0].address[15]]);
		w->dollars += r.row[i].tally.cost;
	}
	assert_int_equal(r.unpriced, want.unpriced);
	assert_true(r.query.priced == w->priced);
	result_release(&r);
	live_answer(w->live, TIMELINE, (struct result_window){ 0, 0, 0, 0 }, &r);
	for (uint32_t i = 0; i < r.rows; i++)
		bars += r.row[i].tally.bytes;
	if (r.window.from == INT64_MIN)
		assert_int_equal(bars, want.free_bytes);
	result_release(&r);
	live_answer(w->live, TARGETS, (struct result_window){ 0, 0, 0, UINT32_MAX }, &r);
	compare_free(&r, &want);
	result_release(&r);
	live_totals(w->live, &r);
	assert_int_equal(r.totals.flows, want.free_flows);
	assert_int_equal(r.second, want.free_second);
	assert_true(r.query.priced == w->priced);
	w->seconds += want.second;
	w->undecided += want.undecided;
	w->undecided_of_half += w->filtered ? want.undecided : 0;
}

static void change(struct once_world *w)
{
	static const int64_t windows[] = { 0, 300, 900 };
	struct filter_error error;
	struct query talkers;

	switch (random_below(&w->seed, 6)) {
	case 0:
		live_set_once(w->live, !live_once(w->live));
		break;
	case 1:
		live_set_window(w->live, windows[random_below(&w->seed, ARRAY_SIZE(windows))]);
		break;
	case 2: /* all of them match, by bits or without; or about half of them */
		w->filtered = random_below(&w->seed, 2);
		live_set_filter(w->live, filter_new(str_of(w->filtered ? "bytes>2500"
							   : random_below(&w->seed, 2) ? ""
										       : "bytes>0"),
						    0, &error));
		break;
	case 3:
		w->priced = !w->priced;
		live_set_prices(w->live, w->priced ? &prices_listed : NULL);
		talkers = asked[TALKERS];
		talkers.metric = w->priced ? METRIC_COST : METRIC_BYTES;
		live_ask(w->live, TALKERS, &talkers);
		break;
	default:
		break;
	}
}

static void sums_are_recomputed(void **state)
{
	struct once_world w;

	(void)state;
	open_world(&w, 99, 300 << 10);
	live_set_once(w.live, true);
	for (int i = 0; i < 200; i++) {
		add_some(&w);
		if (random_below(&w.seed, 3) == 0)
			change(&w);
		if (random_below(&w.seed, 2))
			live_step(w.live, 20000);
		if (random_below(&w.seed, 3) == 0)
			ring_trim(w.ring, 0);
		compare(&w);
	}
	assert_true(ring_evicted(w.ring) > 0);
	assert_true(w.seconds > 10000);
	assert_true(w.dollars > 0);
	assert_true(w.undecided > 200 && w.undecided_of_half > 20);
	close_world(&w);
}

/* The same lines, interface by interface or minute by minute, newest or oldest first. */
static void order_is_nothing_to_it(void **state)
{
	struct plain_sums sums[3];

	(void)state;
	for (unsigned order = 0; order < 3; order++) {
		struct once_world w;
		struct buf text[20][HOSTS] = { { { 0 } } };
		open_world(&w, 5, 64 << 20);
		live_set_once(w.live, true);
		for (unsigned minute = 0; minute < 20; minute++)
			add_minute(&w, text[minute]);
		for (unsigned i = 0; i < 20 * HOSTS; i++) {
			unsigned k = order == 2 ? 20 * HOSTS - 1 - i : i;
			put(&w, order == 1 ? &text[k % 20][k / 20] : &text[k / HOSTS][k % HOSTS]);
			if (i % 7 == 0)
				live_step(w.live, 20000);
		}
		settle(&w);
		recompute(&w, &sums[order]);
		close_world(&w);
	}
	assert_true(sums[0].second > 100);
	assert_memory_equal(&sums[0], &sums[1], sizeof sums[0]);
	assert_memory_equal(&sums[0], &sums[2], sizeof sums[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_recomputed),
		cmocka_unit_test(order_is_nothing_to_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
