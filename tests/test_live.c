/* Sliding equals recomputed: random segments come, grow and are evicted, windows move,
 * filters and groupings change, the screen is paused - and every answer is what a plain
 * recomputation over the lines in the ring says. */
#include <inttypes.h>

#include "live.h"
#include "slow.h"
#include "support.h"

static bool match_rejects(const struct slow_flow *f)
{
	int c = format_column(f->format, FIELD_ACTION);

	return c >= 0 && strcmp(f->value[c], "REJECT") == 0;
}

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
	{ "action=REJECT", match_rejects },
	{ "dport=443", match_https },
	{ "not src=10.0.0.0/24", match_not_net },
};

static const struct group groups[] = {
	{ .field = { FIELD_CLIENT, FIELD_SERVER, FIELD_SERVICE }, .n = 3 },
	{ .field = { FIELD_SRCADDR }, .n = 1 },
	{ .field = { FIELD_INTERFACE_ID, FIELD_ACTION }, .n = 2 },
	{ .field = { FIELD_SERVICE, FIELD_PROTOCOL }, .n = 2 },
};

struct world {
	uint64_t seed;
	struct ring *ring;
	struct live *live;
	struct decoder *tail;
	struct decode_state state;
	size_t filter, group;
	int64_t window, from, to; /* from, to: limits */
	int64_t since, until;     /* the span looked at instead of the window */
	int64_t mark;             /* INT64_MIN: none */
	uint64_t compared, spread, cells;
};

static void on_evict(void *ctx, struct segment *s)
{
	live_evict(ctx, s);
}

static void settle(struct world *w)
{
	while (live_step(w->live, 1000000))
		;
}

static struct span span_now(const struct world *w)
{
	struct span s = { w->from, w->to, false };
	int64_t now = ring_now(w->ring);

	if (now == INT64_MIN)
		return s;
	s.to = now + 1 < s.to ? now + 1 : s.to;
	if (w->since != INT64_MIN || w->until != INT64_MAX) {
		s.from = w->since > s.from ? w->since : s.from;
		s.to = w->until < s.to ? w->until : s.to;
		s.from = s.from < s.to ? s.from : s.to;
		return s;
	}
	if (w->window && s.to - 1 - w->window > s.from)
		s.from = s.to - 1 - w->window;
	return s;
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct slow_row *)a)->key, ((const struct slow_row *)b)->key);
}

static char *key_of(const struct result *r, const struct result_row *row)
{
	struct buf key = { 0 };

	for (unsigned p = 0; p < r->group.n; p++) {
		if (p)
			buf_putc(&key, '|');
		value_render(&row->key[p], &key);
	}
	return key.s;
}

/* What of each row is before the mark. */
static void compare_before(struct world *w, const struct slow *slow, const struct result *r)
{
	struct span span = span_now(w);
	struct slow_rows want,
		have = { .row = xcalloc(r->rows + 1, sizeof *have.row), .total = r->before };

	if (w->mark == INT64_MIN)
		span.to = INT64_MIN;
	else if (w->mark < span.to)
		span.to = w->mark;
	span.dated_only = true;
	slow_group(slow, &r->group, filters[w->filter].match, span, 0, &want);
	for (uint32_t i = 0; i < r->rows; i++) {
		if (r->row[i].before.flows == 0)
			continue;
		have.row[have.n].key = key_of(r, &r->row[i]);
		have.row[have.n++].tally = r->row[i].before;
	}
	qsort(have.row, have.n, sizeof *have.row, by_key);
	slow_compare(&want, &have);
	slow_rows_release(&want);
	slow_rows_release(&have);
}

static void rows_of_result(const struct result *r, struct slow_rows *out)
{
	*out = (struct slow_rows){ .row = xcalloc(r->rows + 1, sizeof *out->row),
				   .total = r->totals };
	for (uint32_t i = 0; i < r->rows; i++) {
		out->row[out->n].key = key_of(r, &r->row[i]);
		out->row[out->n++].tally = r->row[i].tally;
	}
}

static void compare_view(struct world *w, const struct slow *slow, enum view_kind v)
{
	struct result r = { 0 };
	struct slow_rows want, have;

	live_result(w->live, v, METRIC_BYTES, 0, &r);
	slow_group(slow, &r.group, filters[w->filter].match, span_now(w), 0, &want);
	rows_of_result(&r, &have);
	qsort(have.row, have.n, sizeof *have.row, by_key);
	slow_compare(&want, &have);
	compare_before(w, slow, &r);
	/* Ranked by the metric, best first. */
	for (uint32_t i = 1; i < r.rows; i++)
		assert_true(r.row[i - 1].tally.bytes >= r.row[i].tally.bytes);
	slow_rows_release(&want);
	slow_rows_release(&have);
	result_release(&r);
}

static unsigned shift_of(const struct result *r)
{
	unsigned shift = 0;

	while (INT64_C(1) << shift < r->bin_width)
		shift++;
	return shift;
}

/* A series has also what falls in the window of records that end after it. */
static struct span series_span(const struct world *w, const struct result *r)
{
	struct span s = span_now(w);
	int64_t now = ring_now(w->ring);

	if (now != INT64_MIN && s.from < s.to && s.to < now + 1) {
		int64_t to = s.to + r->interval_s;
		to = to < now + 1 ? to : now + 1;
		s.to = to < w->to ? to : w->to;
	}
	s.dated_only = true;
	return s;
}

/* Whether a bin is one of the window. */
static bool bin_shows(const struct result *r, int64_t start)
{
	return (r->window.from == INT64_MIN || start + r->bin_width > r->window.from) &&
	       start < r->window.to;
}

/* Every bin of every row is what the records have in it by the definition (all rows are
 * tracked: fewer than 128). */
static void compare_bins(struct world *w, const struct slow *slow)
{
	struct result r = { 0 };
	struct slow_rows want;
	struct group binned;
	struct span span;

	live_result(w->live, VIEW_TALKERS, METRIC_BYTES, 50, &r);
	result_release(&r);
	settle(w); /* the trend of the new rows is filled */
	live_result(w->live, VIEW_TALKERS, METRIC_BYTES, 50, &r);
	span = series_span(w, &r);
	binned = r.group;
	binned.field[binned.n++] = FIELD_BIN;
	slow_group(slow, &binned, filters[w->filter].match, span, shift_of(&r), &want);
	for (uint32_t i = 0; i < r.rows; i++) {
		struct slow_rows one = { 0 };
		struct result single = r;
		single.row = &r.row[i];
		single.rows = 1;
		rows_of_result(&single, &one);
		assert_non_null(r.row[i].bin);
		for (unsigned b = 0; b < r.bins; b++) {
			struct slow_row key = { 0 }, *found;
			struct buf text = { 0 };
			buf_printf(&text, "%s|%" PRId64, one.row[0].key,
				   r.bin_start + b * r.bin_width);
			key.key = text.s;
			found = bsearch(&key, want.row, want.n, sizeof *want.row, by_key);
			key.tally = found ? found->tally : key.tally;
			assert_memory_equal(&key.tally, &r.row[i].bin[b], sizeof key.tally);
			w->spread += key.tally.bytes && !key.tally.flows;
			buf_release(&text);
		}
		slow_rows_release(&one);
	}
	slow_rows_release(&want);
	result_release(&r);
}

/* Every cell of the heatmap, whatever its axes; the best columns and how many there are. */
static void compare_heat(struct world *w, const struct slow *slow)
{
	struct result r = { 0 };
	struct span span;
	struct slow_rows want, columns;
	struct group g = { .n = 2 }, across = { .n = 1 };

	live_result(w->live, VIEW_PORTS, METRIC_FLOWS, 40, &r);
	result_release(&r);
	settle(w); /* the cells of the new rows are filled */
	live_result(w->live, VIEW_PORTS, METRIC_FLOWS, 40, &r);
	live_heat(w->live, &g.field[0], &g.field[1]);
	assert_int_equal(r.across, g.field[1]);
	assert_true((r.column != NULL) == (r.across != FIELD_BIN));
	span = r.column ? span_now(w) : series_span(w, &r);
	slow_group(slow, &g, filters[w->filter].match, span, r.column ? 0 : shift_of(&r), &want);
	across.field[0] = g.field[1];
	slow_group(slow, &across, filters[w->filter].match, span, r.column ? 0 : shift_of(&r),
		   &columns);
	if (r.column)
		assert_int_equal(r.columns, columns.n);
	for (uint32_t i = 0; i < r.rows; i++)
		for (unsigned c = 0; c < r.bins; c++) {
			struct buf key = { 0 };
			struct tally t;
			value_render(&r.row[i].key[0], &key);
			buf_putc(&key, '|');
			if (r.column)
				value_render(&r.column[c], &key);
			else
				buf_printf(&key, "%" PRId64, r.bin_start + c * r.bin_width);
			t = slow_find(&want, key.s);
			assert_memory_equal(&r.row[i].bin[c], &t, sizeof t);
			w->cells += t.flows > 0;
			buf_release(&key);
		}
	for (unsigned c = 1; r.column && c < r.bins; c++) {
		struct buf x = { 0 }, y = { 0 };
		value_render(&r.column[c - 1], &x);
		value_render(&r.column[c], &y);
		assert_true(slow_find(&columns, x.s).flows >= slow_find(&columns, y.s).flows);
		buf_release(&x);
		buf_release(&y);
	}
	slow_rows_release(&want);
	slow_rows_release(&columns);
	result_release(&r);
}

static const struct tally nothing;

/* One series against the rows of the slow twin. */
static void compare_series(const struct result *r, bool refused, const struct slow_rows *want)
{
	size_t at = 0, shown = 0, seen = 0;

	for (size_t i = 0; i < want->n; i++)
		if (bin_shows(r, strtoll(want->row[i].key, NULL, 10)))
			shown++;
	while (at < want->n && !bin_shows(r, strtoll(want->row[at].key, NULL, 10)))
		at++;
	for (uint32_t i = 0; i < r->rows; i++) {
		const struct tally *have = refused ? r->row[i].bin : &r->row[i].tally;
		if (memcmp(have, &nothing, sizeof nothing) == 0)
			continue;
		assert_true(at < want->n);
		assert_int_equal(strtoll(want->row[at].key, NULL, 10), r->row[i].since);
		assert_memory_equal(&want->row[at].tally, have, sizeof *have);
		at++;
		seen++;
	}
	assert_int_equal(seen, shown);
}

static slow_match *also;

static bool match_refused(const struct slow_flow *f)
{
	return match_rejects(f) && (!also || also(f));
}

static void compare_timeline(struct world *w, const struct slow *slow)
{
	struct result r = { 0 };
	struct slow_rows want;
	struct span span;
	static const struct group bins = { .field = { FIELD_BIN }, .n = 1 };

	live_result(w->live, VIEW_TIMELINE, METRIC_BYTES, 0, &r);
	span = series_span(w, &r);
	also = filters[w->filter].match;
	slow_group(slow, &bins, also, span, shift_of(&r), &want);
	compare_series(&r, false, &want);
	slow_rows_release(&want);
	slow_group(slow, &bins, match_refused, span, shift_of(&r), &want);
	compare_series(&r, true, &want);
	slow_rows_release(&want);
	result_release(&r);
}

static void compare(struct world *w)
{
	struct slow slow = { 0 };
	struct buf text = { 0 };

	settle(w);
	ring_render(w->ring, &text);
	if (text.n)
		slow_read(&slow, format_default(), buf_str(&text));
	compare_view(w, &slow, VIEW_TALKERS);
	compare_view(w, &slow, VIEW_PORTS);
	compare_timeline(w, &slow);
	compare_bins(w, &slow);
	compare_heat(w, &slow);
	w->compared++;
	slow_release(&slow);
	buf_release(&text);
}

static void add_lines(struct world *w, struct buf *text)
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

static void add_sealed(struct world *w)
{
	struct buf text = { 0 };

	add_lines(w, &text);
	ring_add_text(w->ring, format_default(), buf_str(&text), NULL, NULL);
	buf_release(&text);
}

/* As the monitor does it: the open segment stands in the ring and grows. */
static void add_tail(struct world *w)
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

static void change_question(struct world *w)
{
	static const int64_t windows[] = { 0, 60, 300, 900, 3600 };
	struct filter_error error;

	static const int heats[][2] = {
		{ FIELD_SERVICE, FIELD_BIN },
		{ FIELD_SERVICE, FIELD_SERVER },
		{ FIELD_SERVER, FIELD_BIN },
		{ FIELD_CLIENT, FIELD_SERVICE },
	};
	size_t heat;

	switch (random_below(&w->seed, 8)) {
	case 7:
		heat = random_below(&w->seed, ARRAY_SIZE(heats));
		live_set_heat(w->live, heats[heat][0], heats[heat][1]);
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
		live_set_mark(w->live, w->mark);
		break;
	case 3:
		w->from = random_below(&w->seed, 2) ? INT64_MIN : ring_now(w->ring) - 2000;
		w->to = random_below(&w->seed, 2) ? INT64_MAX : ring_now(w->ring) - 300;
		live_set_limits(w->live, w->from, w->to);
		break;
	case 0:
		w->filter = random_below(&w->seed, ARRAY_SIZE(filters));
		live_set_filter(w->live, filter_new(str_of(filters[w->filter].text), 0, &error));
		break;
	case 1:
		w->window = windows[random_below(&w->seed, 5)];
		live_set_window(w->live, w->window);
		break;
	default:
		w->group = random_below(&w->seed, ARRAY_SIZE(groups));
		live_set_group(w->live, VIEW_TALKERS, &groups[w->group]);
	}
}

/* What the decoder has open may not be evicted: it gives it up first. */
static void close_tail(struct world *w)
{
	struct segment *const *open;
	struct segment **list;

	while (decoder_segments(w->tail, &open) > 0) {
		decoder_close(w->tail, open[0]);
		decoder_take_sealed(w->tail, &list);
		free(list);
	}
}

static void sliding_is_recomputed(void **state)
{
	struct world w = { .seed = 4242,
			   .from = INT64_MIN,
			   .to = INT64_MAX,
			   .since = INT64_MIN,
			   .until = INT64_MAX,
			   .mark = INT64_MIN };
	uint64_t rounds = getenv("ENITOP_SOAK") ? 5000 : 150;

	(void)state;
	w.ring = ring_new(dict_new(), 220 << 10);
	ring_set_ceiling(w.ring, 1700000000 + 86400 * 30);
	w.live = live_new(w.ring);
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
				live_step(w.live, 0);
		}
		if (random_below(&w.seed, 3) == 0)
			change_question(&w);
		if (random_below(&w.seed, 2))
			live_step(w.live, 0);
		if (random_below(&w.seed, 3) == 0) {
			close_tail(&w);
			ring_trim(w.ring, 0);
		}
		compare(&w);
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
	struct world w = { .seed = 11, .mark = INT64_MIN };
	struct result r = { 0 };

	(void)state;
	w.ring = ring_new(dict_new(), 1 << 30);
	ring_set_ceiling(w.ring, INT64_MAX);
	w.live = live_new(w.ring);
	ring_on_evict(w.ring, on_evict, w.live);
	for (int i = 0; i < 5; i++)
		add_sealed(&w);
	live_set_window(w.live, 300);
	live_set_limits(w.live, 1699999900, 1700000100);
	settle(&w);
	live_result(w.live, VIEW_TIMELINE, METRIC_BYTES, 0, &r);
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
	struct world w = { .seed = 5 };
	struct filter_error error;

	(void)state;
	w.ring = ring_new(dict_new(), 1 << 30);
	ring_set_ceiling(w.ring, INT64_MAX);
	w.live = live_new(w.ring);
	ring_on_evict(w.ring, on_evict, w.live);
	add_sealed(&w);
	settle(&w);
	for (size_t i = 0; i < ARRAY_SIZE(typed); i++) {
		struct result r = { 0 };
		live_set_filter(w.live, filter_new(str_of(typed[i].text), 0, &error));
		live_result(w.live, VIEW_TIMELINE, METRIC_BYTES, 0, &r);
		assert_int_equal(r.complete, typed[i].settled);
		assert_string_equal(filter_text(live_filter(w.live)), typed[i].text);
		result_release(&r);
		settle(&w);
	}
	live_free(w.live);
	ring_free_all(w.ring);
}

static void pause_stands_still(void **state)
{
	struct world w = { .seed = 7, .mark = INT64_MIN };
	struct result before = { 0 }, during = { 0 }, after = { 0 };

	(void)state;
	w.ring = ring_new(dict_new(), 1 << 30);
	ring_set_ceiling(w.ring, INT64_MAX);
	w.live = live_new(w.ring);
	ring_on_evict(w.ring, on_evict, w.live);
	add_sealed(&w);
	settle(&w);
	live_result(w.live, VIEW_TIMELINE, METRIC_BYTES, 0, &before);
	live_pause(w.live, true);
	add_sealed(&w);
	settle(&w);
	live_result(w.live, VIEW_TIMELINE, METRIC_BYTES, 0, &during);
	assert_memory_equal(&before.totals, &during.totals, sizeof before.totals);
	live_pause(w.live, false);
	settle(&w);
	live_result(w.live, VIEW_TIMELINE, METRIC_BYTES, 0, &after);
	assert_true(after.totals.flows > before.totals.flows);
	result_release(&before);
	result_release(&during);
	result_release(&after);
	live_free(w.live);
	ring_free_all(w.ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sliding_is_recomputed),
		cmocka_unit_test(same_question_stays_answered),
		cmocka_unit_test(pause_stands_still),
		cmocka_unit_test(limits_hold),
	};

	return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
