/* Sliding equals recomputed: random segments come, grow and are evicted, windows move,
 * filters and groupings change, the screen is paused - and every answer is what a plain
 * recomputation over the lines in the ring says. */
#include <inttypes.h>

#include "live_judge.h"

static bool match_https(const struct slow_flow *f)
{
	struct buf v = { 0 };
	slow_value(f, FIELD_DSTPORT, &v);
	bool yes = strcmp(v.s, "443") == 0;
	buf_release(&v);
	return yes;
}

static bool match_not_net(const struct slow_flow *f)
{
	struct buf v = { 0 };
	slow_value(f, FIELD_SRCADDR, &v);
	bool in = strncmp(v.s, "10.0.0.", 7) == 0;
	buf_release(&v);
	return !in;
}

static const struct {
	const char *text;
	slow_match *match;
} filters[] = {
	{ "", NULL },
	{ "action=REJECT", judge_is_refused },
	{ "dport=443", match_https },
	{ "not src=10.0.0.0/24", match_not_net },
};

static const struct group groups[] = {
	{ .field = { FIELD_CLIENT, FIELD_SERVER, FIELD_SERVICE }, .n = 3 },
	{ .field = { FIELD_SRCADDR }, .n = 1 },
	{ .field = { FIELD_INTERFACE_ID, FIELD_ACTION }, .n = 2 },
	{ .field = { FIELD_SERVICE, FIELD_PROTOCOL }, .n = 2 },
	{ .field = { FIELD_SRCADDR, FIELD_ACTION }, .n = 2, .bits = { { 24, 64 } } },
	{ .field = { FIELD_PAIR }, .n = 1 },
};

/* What is counted in each group. */
static const struct group distincts[] = {
	{ .n = 0 },
	{ .field = { FIELD_DSTPORT }, .n = 1 },
	{ .field = { FIELD_CLIENT }, .n = 1, .bits = { { 28, 64 } } },
	{ .field = { FIELD_PAIR }, .n = 1 },
};

static void on_evict(void *ctx, struct segment *s)
{
	live_evict(ctx, s);
}

static void add_lines(struct live_world *w, struct buf *text)
{
	/* Log time moves on; some come late, a few from the far future. */
	int64_t base = 1700000000 + (int64_t)w->compared * 120;
	uint64_t kind = random_below(&w->seed, 10);
	uint64_t n = 1 + random_below(&w->seed, 150);

	base -= kind == 0 ? 4000 : 0;
	base += kind == 1 ? 400000000 : 0;
	for (uint64_t i = 0; i < n; i++) {
		random_line(&w->seed, base, text);
		buf_putc(text, '\n');
	}
}

static void add_sealed(struct live_world *w)
{
	struct buf text = { 0 };

	add_lines(w, &text);
	ring_add_text(w->ring, format_default(), buf_str(&text), NULL, NULL);
	buf_release(&text);
}

/* As the monitor does it: the open segment stands in the ring and grows. */
static void add_tail(struct live_world *w)
{
	struct decode_counts counts = { 0 };
	struct malformed_list bad = { 0 };
	struct segment *const *list;
	struct buf text = { 0 };
	size_t had = decoder_segments(w->tail, &list), n;

	add_lines(w, &text);
	decoder_feed(w->tail, &w->state, buf_str(&text), &counts, &bad);
	n = decoder_segments(w->tail, &list);
	for (size_t i = 0; i < n; i++)
		if (i >= had)
			ring_add(w->ring, list[i]);
		else
			ring_grown(w->ring, list[i]);
	malformed_list_release(&bad);
	buf_release(&text);
}

static void change_question(struct live_world *w)
{
	static const int64_t windows[] = { 0, 60, 300, 900, 3600 };
	struct filter_error error;

	static const int heats[][2] = {
		{ FIELD_SERVICE, FIELD_BIN },
		{ FIELD_SERVICE, FIELD_SERVER },
		{ FIELD_SERVER, FIELD_BIN },
		{ FIELD_CLIENT, FIELD_SERVICE },
	};
	size_t heat, filter;
	struct query q;

	switch (random_below(&w->seed, 9)) {
	case 8:
		w->count = &distincts[random_below(&w->seed, ARRAY_SIZE(distincts))];
		for (unsigned i = JUDGED_TALKERS; i <= JUDGED_PORTS; i += JUDGED_PORTS) {
			q = live_query(w->live, i);
			q.distinct = *w->count;
			live_ask(w->live, i, &q);
		}
		break;
	case 7:
		heat = random_below(&w->seed, ARRAY_SIZE(heats));
		q = live_query(w->live, JUDGED_PORTS);
		q.group.field[0] = heats[heat][0];
		q.bins.field = heats[heat][1];
		live_ask(w->live, JUDGED_PORTS, &q);
		break;
	case 4: /* a step back or forward */
	case 5:
		w->since = random_below(&w->seed, 3) ? w->since : INT64_MIN;
		w->until = ring_now(w->ring) - (int64_t)random_below(&w->seed, 3000);
		if (random_below(&w->seed, 2))
			w->since = w->until - (int64_t)random_below(&w->seed, 1200);
		if (random_below(&w->seed, 3) == 0)
			w->since = INT64_MIN, w->until = INT64_MAX;
		live_look_at(w->live, w->since, w->until);
		break;
	case 6:
		w->mark = random_below(&w->seed, 4)
				  ? ring_now(w->ring) - 100 + (int64_t)random_below(&w->seed, 300) -
					    (int64_t)random_below(&w->seed, 900)
				  : INT64_MIN;
		for (unsigned i = JUDGED_TALKERS; i <= JUDGED_PORTS; i++) {
			q = live_query(w->live, i);
			q.mark.time = w->mark;
			live_ask(w->live, i, &q);
		}
		break;
	case 3:
		w->from = random_below(&w->seed, 2) ? INT64_MIN : ring_now(w->ring) - 2000;
		w->to = random_below(&w->seed, 2) ? INT64_MAX : ring_now(w->ring) - 300;
		live_set_limits(w->live, w->from, w->to);
		break;
	case 0:
		filter = random_below(&w->seed, ARRAY_SIZE(filters));
		w->match = filters[filter].match;
		live_set_filter(w->live, filter_new(str_of(filters[filter].text), 0, &error));
		break;
	case 1:
		w->window = windows[random_below(&w->seed, 5)];
		live_set_window(w->live, w->window);
		break;
	default:
		w->group = random_below(&w->seed, ARRAY_SIZE(groups));
		q = live_query(w->live, JUDGED_TALKERS);
		q.group = groups[w->group];
		live_ask(w->live, JUDGED_TALKERS, &q);
	}
}

/* What the decoder has open may not be evicted: it gives it up first. */
static void close_tail(struct live_world *w)
{
	struct segment *const *open;
	struct segment **list;

	while (decoder_segments(w->tail, &open) > 0) {
		decoder_close(w->tail, open[0]);
		decoder_take_sealed(w->tail, &list);
		free(list);
	}
}

/* Some segment's rows have their other side serve. */
static void turn_sides(struct live_world *w, uint64_t i)
{
	struct segment *s = ring_at(w->ring, i);

	live_remark(w->live, s);
	for (uint32_t row = 0; row < s->rows; row++)
		s->mark[row] ^= MARK_SERVER_SRC;
}

/* They are told otherwise while answers are worked at, and then as they were. */
static void tell_otherwise(struct live_world *w)
{
	uint64_t i;

	if (ring_count(w->ring) == 0 || random_below(&w->seed, 3))
		return;
	i = random_below(&w->seed, ring_count(w->ring));
	turn_sides(w, i);
	live_step(w->live, random_below(&w->seed, 3) * 20000);
	turn_sides(w, i);
}

/* With as many workers as *state says. */
static void sliding_is_recomputed(void **state)
{
	const unsigned *workers = *state;
	struct live_world w = { .seed = 4242,
				.from = INT64_MIN,
				.to = INT64_MAX,
				.since = INT64_MIN,
				.until = INT64_MAX,
				.mark = INT64_MIN };
	uint64_t rounds = getenv("ENITOP_SOAK") ? 5000 : 50 + fewer(100);

	w.ring = ring_new(dict_new(), 220 << 10);
	ring_set_ceiling(w.ring, 1700000000 + 86400 * 30);
	w.live = judge_live(w.ring);
	live_set_workers(w.live, *workers);
	w.tail = decoder_new();
	w.state.format = format_default();
	ring_on_evict(w.ring, on_evict, w.live);
	for (uint64_t i = 0; i < rounds; i++) {
		for (uint64_t k = random_below(&w.seed, 4); k > 0; k--) {
			if (random_below(&w.seed, 3))
				add_sealed(&w);
			else
				add_tail(&w);
			if (random_below(&w.seed, 2))
				live_step(w.live, random_below(&w.seed, 2) * 20000);
		}
		if (random_below(&w.seed, 3) == 0)
			change_question(&w);
		if (random_below(&w.seed, 2))
			live_step(w.live, random_below(&w.seed, 2) * 20000);
		if (random_below(&w.seed, 3) == 0) {
			close_tail(&w);
			ring_trim(w.ring, 0);
		}
		tell_otherwise(&w);
		judge_all(&w);
	}
	print_message("# %" PRIu64 " comparisons, %" PRIu64 " flows evicted, %" PRIu64
		      " in the future\n",
		      w.compared, ring_evicted(w.ring), ring_future(w.ring));
	assert_true(ring_evicted(w.ring) > 0);
	assert_true(ring_future(w.ring) > 0);
	assert_true(w.spread > 100);
	assert_true(w.cells > 1000);
	close_tail(&w);
	live_free(w.live);
	decoder_free(w.tail);
	ring_free_all(w.ring);
}

/* Limits cut the window, and it ends at the later one. */
static void limits_hold(void **state)
{
	struct live_world w = { .seed = 11, .mark = INT64_MIN };
	struct result r = { 0 };

	(void)state;
	w.ring = ring_new(dict_new(), 1 << 30);
	ring_set_ceiling(w.ring, INT64_MAX);
	w.live = judge_live(w.ring);
	ring_on_evict(w.ring, on_evict, w.live);
	for (int i = 0; i < 5; i++)
		add_sealed(&w);
	live_set_window(w.live, 300);
	live_set_limits(w.live, 1699999900, 1700000100);
	judge_settle(&w);
	judge_answer(w.live, JUDGED_TIMELINE, 0, &r);
	assert_true(r.window.from == 1699999900 && r.window.to == 1700000100);
	assert_true(r.totals.flows > 0);
	assert_true(r.time_min >= 1699999900 - r.bin_width &&
		    r.time_max <= 1700000100 + r.bin_width);
	result_release(&r);
	live_free(w.live);
	ring_free_all(w.ring);
}

/* A text that reads as the one before it counts nothing anew; another one does. */
static void same_question_stays_answered(void **state)
{
	static const struct {
		const char *text;
		bool settled;
	} typed[] = {
		{ "tcp", false }, { "tcp ", true }, { " (proto=tcp)", true }, { "udp", false }
	};
	struct live_world w = { .seed = 5 };
	struct filter_error error;

	(void)state;
	w.ring = ring_new(dict_new(), 1 << 30);
	ring_set_ceiling(w.ring, INT64_MAX);
	w.live = judge_live(w.ring);
	ring_on_evict(w.ring, on_evict, w.live);
	add_sealed(&w);
	judge_settle(&w);
	for (size_t i = 0; i < ARRAY_SIZE(typed); i++) {
		struct result r = { 0 };
		live_set_filter(w.live, filter_new(str_of(typed[i].text), 0, &error));
		judge_answer(w.live, JUDGED_TIMELINE, 0, &r);
		assert_int_equal(r.complete, typed[i].settled);
		assert_string_equal(filter_text(live_filter(w.live)), typed[i].text);
		result_release(&r);
		judge_settle(&w);
	}
	live_free(w.live);
	ring_free_all(w.ring);
}

static void count_told(void *ctx, const struct segment *s, uint32_t first, uint32_t n, int sign,
		       const uint64_t *second)
{
	uint64_t *told = ctx;

	(void)s, (void)first, (void)second;
	told[sign == 0] += n;
}

/* Who keeps sums of all rows is told none of them again for a filter or for what is counted once;
 * for other labels all of them. */
static void consumer_is_told_once(void **state)
{
	struct live_world w = { .seed = 3 };
	struct filter_error error;
	uint64_t told[2] = { 0 };

	(void)state;
	w.ring = ring_new(dict_new(), 1 << 30);
	ring_set_ceiling(w.ring, INT64_MAX);
	w.live = judge_live(w.ring);
	live_set_consumer(w.live, (struct live_consumer){ count_told, told });
	ring_on_evict(w.ring, on_evict, w.live);
	add_sealed(&w);
	judge_settle(&w);
	assert_true(told[0] > 0);
	uint64_t rows = told[0], again = told[1];
	live_set_filter(w.live, filter_new(str_of("tcp"), 0, &error));
	judge_settle(&w);
	live_set_once(w.live, !live_once(w.live));
	judge_settle(&w);
	live_set_filter(w.live, NULL);
	judge_settle(&w);
	assert_true(told[0] == rows && told[1] == again);
	live_relabel(w.live);
	judge_settle(&w);
	assert_true(told[0] == rows && told[1] == again + rows);
	live_free(w.live);
	ring_free_all(w.ring);
}

static void pause_stands_still(void **state)
{
	struct live_world w = { .seed = 7, .mark = INT64_MIN };
	struct result before = { 0 }, during = { 0 }, after = { 0 };

	(void)state;
	w.ring = ring_new(dict_new(), 1 << 30);
	ring_set_ceiling(w.ring, INT64_MAX);
	w.live = judge_live(w.ring);
	ring_on_evict(w.ring, on_evict, w.live);
	add_sealed(&w);
	judge_settle(&w);
	judge_answer(w.live, JUDGED_TIMELINE, 0, &before);
	live_pause(w.live, true);
	add_sealed(&w);
	judge_settle(&w);
	judge_answer(w.live, JUDGED_TIMELINE, 0, &during);
	assert_memory_equal(&before.totals, &during.totals, sizeof before.totals);
	live_pause(w.live, false);
	judge_settle(&w);
	judge_answer(w.live, JUDGED_TIMELINE, 0, &after);
	assert_true(after.totals.flows > before.totals.flows);
	result_release(&before);
	result_release(&during);
	result_release(&after);
	live_free(w.live);
	ring_free_all(w.ring);
}

int main(void)
{
	static unsigned alone = 1, many = 3;
	const struct CMUnitTest tests[] = {
		{ "sliding_is_recomputed", sliding_is_recomputed, NULL, NULL, &alone },
		{ "sliding_is_recomputed_by_many", sliding_is_recomputed, NULL, NULL, &many },
		cmocka_unit_test(same_question_stays_answered),
		cmocka_unit_test(consumer_is_told_once),
		cmocka_unit_test(pause_stands_still),
		cmocka_unit_test(limits_hold),
	};

	return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
