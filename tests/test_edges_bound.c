/* Edges where there is no room for all: which go, and that the others stay right; and what is in none. */
#include "edges_world.h"

/* A record of a conversation of its own: of 2^22 clients, to a few servers. */
static void put_one(struct buf *out, unsigned net, uint64_t i, bool reject, int64_t time)
{
	static unsigned port; /* or one that tries again were a copy */

	buf_printf(out,
		   "2 1 eni-1 %u.%u.%u.%u 10.0.0.9 %u 443 6 1 60 %" PRId64 " %" PRId64 " %s OK\n",
		   net, (unsigned)(i >> 16 & 63), (unsigned)(i >> 8 & 255), (unsigned)(i & 255),
		   40000 + port++ % 20011, time, time + 1, reject ? "REJECT" : "ACCEPT");
}

static void put_text(struct edges_world *w, struct buf *text)
{
	ring_add_text(w->ring, format_default(), buf_str(text), NULL, NULL);
	buf_release(text);
	settle(w);
}

/* Many thousand a segment, as `net`.x.y.z from `first` on. */
static void put_many(struct edges_world *w, unsigned net, uint64_t first, uint64_t n, bool reject)
{
	struct buf text = { 0 };

	for (uint64_t i = 0; i < n; i++)
		put_one(&text, net, first + i, reject, w->time);
	put_text(w, &text);
}

static bool find(struct edges_world *w, unsigned net, uint64_t i, struct edge_sums *out)
{
	struct edge_key key = { .port = 443, .protocol = 6 };
	char text[32];

	snprintf(text, sizeof text, "%u.%u.%u.%u", net, (unsigned)(i >> 16 & 63),
		 (unsigned)(i >> 8 & 255), (unsigned)(i & 255));
	assert_true(address_parse(str_of(text), key.client));
	assert_true(address_parse(str_of("10.0.0.9"), key.server));
	return edges_find(w->edges, &key, out);
}

/* Of a million, those of the internet that tried least recently go; the others stay right. */
static void there_is_a_bound(void **state)
{
	enum { SOME = 50000, STAY = 1000 };
	static uint64_t none[SEGMENT_ROWS / 64 + 1], all[SEGMENT_ROWS / 64 + 1];
	size_t most = 24 << 20;
	struct edges_world w;
	struct edge_sums is;
	unsigned stay = 0;
	uint64_t dropped;

	(void)state;
	memset(all, 0xff, sizeof all);
	open_world(&w, 1, UINT64_C(4) << 30, most);
	put_many(&w, 10, 0, STAY, false); /* ours, and oldest of all */
	for (unsigned i = 0; i < 20; i++) {
		w.time += 60;
		put_many(&w, 99, i * SOME, SOME, false);
		assert_true(edges_bytes(w.edges) <= most);
	}
	assert_true(edges_counts(w.edges).dropped > 900000 - 24 * 6000);
	for (uint64_t i = 0; i < STAY; i++) {
		assert_true(find(&w, 10, i, &is));
		assert_int_equal(is.rows, 1);
		assert_int_equal(is.sent, 60);
	}
	for (uint64_t i = 0; i < SOME; i++) /* the newest stay, */
		stay += find(&w, 99, 19 * SOME + i, &is);
	assert_int_equal(stay, SOME);
	for (uint64_t i = 0; i < SOME; i++) /* the oldest don't */
		assert_false(find(&w, 99, i, &is));
	w.time -= 7200; /* nor are they, or older ones, worth others that would go */
	dropped = edges_counts(w.edges).dropped;
	for (unsigned i = 0; i < 4; i++)
		put_many(&w, 98, i * SOME, SOME, false);
	assert_true(edges_counts(w.edges).dropped_rows > 3 * SOME);
	assert_true(edges_counts(w.edges).dropped - dropped < SOME);
	assert_true(find(&w, 99, 19 * SOME, &is));
	w.time += 7200;
	/* The oldest come again, as another edge: what it never had is not taken out of it. */
	put_many(&w, 99, 0, 10, false);
	for (size_t i = 0; i < ring_count(w.ring);
	     i++) { /* nor put into it, when it is looked at */
		const struct segment *s = ring_at(w.ring, i);
		edges_rows(w.edges, s, 0, s->rows - 1, 0, all);
	}
	assert_true(find(&w, 99, 0, &is));
	assert_int_equal(is.rows, 1);
	assert_int_equal(is.sent, 0);
	assert_true(find(&w, 99, 19 * SOME, &is));
	assert_int_equal(is.rows, 1);
	assert_int_equal(is.sent, 0);
	for (size_t i = 0; i < ring_count(w.ring); i++) {
		const struct segment *s = ring_at(w.ring, i);
		edges_rows(w.edges, s, 0, s->rows - 1, 0, none);
	}
	ring_trim(w.ring, UINT64_MAX / 2);
	settle(&w);
	assert_true(find(&w, 99, 0, &is));
	assert_int_equal(is.rows, 1);
	assert_int_equal(is.sent, 60);
	assert_false(find(&w, 10, 0, &is));
	assert_int_equal(edges_counts(w.edges).edges, 11); /* and that of any client */
	close_world(&w);
}

/* Few conversations of many minutes: the oldest minutes of all go, their sums stay, and what leaves later
 * is taken out of what there is. */
static void old_minutes_go_first(void **state)
{
	enum { EDGES = 300, MINUTES = 400 };
	size_t most = 1 << 20;
	struct edges_world w;
	struct edges_counts c;
	struct edge_sums is;
	uint64_t cells = 0;

	(void)state;
	open_world(&w, 1, 1 << 30, most);
	for (unsigned m = 0; m < MINUTES; m++, w.time += 60) {
		put_many(&w, 10, 0, EDGES, false);
		assert_true(edges_bytes(w.edges) <= most + most / 8); /* and the books */
	}
	c = edges_counts(w.edges);
	assert_int_equal(c.dropped, 0);
	assert_int_equal(c.edges, EDGES);
	assert_true(c.dropped_minutes > EDGES * MINUTES / 2);
	for (uint64_t i = 0; i < EDGES; i++) {
		assert_true(find(&w, 10, i, &is));
		assert_int_equal(is.rows, MINUTES);
		assert_int_equal(is.sent, 60 * MINUTES);
		assert_true(is.minutes > 20);
		assert_true(is.minute[0].minute * 60 >= c.since);
		for (size_t k = 0; k < is.minutes; k++) {
			assert_int_equal(is.minute[k].minute,
					 w.time / 60 - (int64_t)(is.minutes - k));
			assert_int_equal(is.minute[k].tries, 1);
			assert_int_equal(is.minute[k].sent, 60);
		}
		cells += is.minutes;
	}
	assert_int_equal(cells + c.dropped_minutes, EDGES * MINUTES);
	ring_trim(w.ring, UINT64_MAX / 2);
	settle(&w);
	assert_int_equal(ring_count(w.ring), 1); /* of the last minute */
	for (uint64_t i = 0; i < EDGES; i++) {
		assert_true(find(&w, 10, i, &is));
		assert_int_equal(is.rows, 1);
		assert_int_equal(is.minutes, 1);
		assert_int_equal(is.minute[0].tries, 1);
	}
	close_world(&w);
}

/* Refused ones of the internet are one edge, whose sources are told within three errors. */
static void refused_ones_are_folded(void **state)
{
	static const uint64_t numbers[] = { 10, 100, 300, 1000, 10000, 200000 };

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(numbers); k++) {
		struct edge_key any = { .any_client = true, .port = 443, .protocol = 6 };
		struct edges_world w;
		struct edge_sums is;
		double n = (double)numbers[k], error;
		open_world(&w, 1, 1 << 30, 24 << 20);
		put_many(&w, 99, 0, numbers[k], true);
		put_many(&w, 99, 0, numbers[k], true);
		assert_true(address_parse(str_of("10.0.0.9"), any.server));
		assert_true(edges_find(w.edges, &any, &is));
		assert_int_equal(edges_counts(w.edges).edges, 1);
		assert_int_equal(is.folded, 2 * numbers[k]);
		assert_int_equal(is.first, w.time);
		assert_int_equal(is.last, w.time + 1);
		assert_int_equal(is.minutes, 1);
		assert_int_equal(is.minute[0].minute, w.time / 60);
		assert_int_equal(is.minute[0].tries, 2 * numbers[k]);
		assert_int_equal(is.minute[0].refused, 2 * numbers[k]);
		assert_int_equal(is.minute[0].answered, 0);
		error = (is.sources - n) / n;
		assert_true(error * error <= 9 * 1.04 * 1.04 / EDGE_SOURCES);
		close_world(&w);
	}
}

/* Records that are all there twice, as of two flow logs, count once in their minute; with one that is
 * there but once, or three times, all count. */
static void copies_count_once(void **state)
{
	static const struct {
		const char *line[6];
		unsigned tries;
	} rows[] = {
		{ { "40000 443 6 1 60", "40000 443 6 1 60" }, 1 },
		{ { "40000 443 6 1 60", "40001 443 6 1 60" }, 2 },
		{ { "40000 443 6 1 60", "40000 443 6 1 61" }, 2 },
		{ { "40000 443 6 1 60", "40001 443 6 1 60", "40000 443 6 1 60",
		    "40001 443 6 1 60" },
		  2 },
		{ { "40000 443 6 1 60", "40001 443 6 1 60", "40000 443 6 1 60" }, 3 },
		{ { "40000 443 6 1 60", "40000 443 6 1 60", "40000 443 6 1 60" }, 3 },
	};

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(rows); k++) {
		struct edges_world w;
		struct buf text = { 0 };
		struct edge_sums is;
		open_world(&w, 1, 1 << 30, 24 << 20);
		for (size_t i = 0; i < 6 && rows[k].line[i]; i++)
			buf_printf(&text,
				   "2 1 eni-1 10.0.0.1 10.0.0.9 %s %" PRId64 " %" PRId64
				   " ACCEPT OK\n",
				   rows[k].line[i], w.time, w.time + 1);
		put_text(&w, &text);
		assert_true(find(&w, 10, 1, &is));
		assert_int_equal(is.minutes, 1);
		assert_int_equal(is.minute[0].tries, rows[k].tries);
		assert_int_equal(is.minute[0].sent, k == 2 ? 121 : 60 * rows[k].tries);
		close_world(&w);
	}
}

/* What is beyond log time, or has no time, is in none, and counted; so when it leaves. */
static void what_is_left_out_is_counted(void **state)
{
	struct edges_world w;
	struct buf text = { 0 };
	struct edge_sums is;

	(void)state;
	open_world(&w, 1, 1 << 30, 24 << 20);
	ring_set_ceiling(w.ring, w.time + 100);
	put_one(&text, 10, 1, false, w.time);
	put_one(&text, 10, 1, false, w.time + 1000);
	buf_puts(&text, "2 1 eni-1 10.0.0.1 10.0.0.9 40000 443 6 1 60 - - ACCEPT OK\n"
			"2 1 eni-1 10.0.0.1 10.0.0.9 40000 443 - 1 60 1700000040 1700000041 ACCEPT "
			"OK\n"
			"2 1 eni-1 - 10.0.0.9 40000 443 6 1 60 1700000040 1700000041 ACCEPT OK\n"
			"2 1 eni-1 - - - - - - - 1700000040 1700000041 - NODATA\n");
	put_text(&w, &text);
	assert_true(find(&w, 10, 1, &is));
	assert_int_equal(is.rows, 1);
	assert_int_equal(edges_counts(w.edges).left_out, 4);
	ring_set_ceiling(w.ring, INT64_MAX);
	w.time += 2000;
	put_one(&text, 10, 2, false, w.time);
	put_text(&w, &text);
	ring_trim(w.ring, UINT64_MAX / 2);
	assert_false(find(&w, 10, 1, &is));
	assert_int_equal(edges_counts(w.edges).edges, 1);
	close_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_is_a_bound),
		cmocka_unit_test(old_minutes_go_first),
		cmocka_unit_test(refused_ones_are_folded),
		cmocka_unit_test(copies_count_once),
		cmocka_unit_test(what_is_left_out_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
