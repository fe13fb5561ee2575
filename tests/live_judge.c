/* live_judge.c - see live_judge.h. */
#include "live_judge.h"

#include <inttypes.h>

bool judge_is_refused(const struct slow_flow *f)
{
	int c = format_column(f->format, FIELD_ACTION);

	return c >= 0 && strcmp(f->value[c], "REJECT") == 0;
}

struct live *judge_live(struct ring *r)
{
	static const struct query asked[] = {
		[JUDGED_TALKERS] = { QUERY_ALL,
				     .group = { .field = { FIELD_CLIENT, FIELD_SERVER,
							   FIELD_SERVICE },
						.n = 3 },
				     .bins = { BINS_TREND, FIELD_BIN, TREND_BINS, false } },
		[JUDGED_REJECTS] = { QUERY_ALL,
				     .group = { .field = { FIELD_CLIENT, FIELD_SERVER,
							   FIELD_SERVICE, FIELD_PROTOCOL },
						.n = 4 },
				     .metric = METRIC_REJECTS,
				     .bins = { BINS_TREND, FIELD_BIN, TREND_BINS, false } },
		[JUDGED_PORTS] = { QUERY_ALL, .group = { .field = { FIELD_SERVICE }, .n = 1 },
				   .bins = { BINS_HEAT, FIELD_BIN, HEAT_BINS, false } },
		[JUDGED_TIMELINE] = { QUERY_ALL, .rows = ROWS_TIMELINE,
				      .group = { .field = { FIELD_BIN }, .n = 1 },
				      .bins = { .most = TIMELINE_BINS } },
	};
	struct live *l = live_new(r);

	for (size_t i = 0; i < ARRAY_SIZE(asked); i++)
		live_add(l, &asked[i]);
	return l;
}

void judge_answer(struct live *l, unsigned query, uint32_t limit, struct result *r)
{
	struct result_window w = { 0, limit, 0, limit ? limit : UINT32_MAX };

	live_answer(l, query, w, r);
}

void judge_settle(struct live_world *w)
{
	while (live_step(w->live, 1000000))
		;
}

static struct span span_now(const struct live_world *w)
{
	bool looks = w->since != INT64_MIN || w->until != INT64_MAX;
	struct span s = { w->from, w->to, w->from != INT64_MIN || w->to != INT64_MAX || looks };
	int64_t now = ring_now(w->ring);

	if (now == INT64_MIN)
		return s;
	s.to = now + 1 < s.to ? now + 1 : s.to;
	if (looks) {
		s.from = w->since > s.from ? w->since : s.from;
		s.to = w->until < s.to ? w->until : s.to;
		s.from = s.from < s.to ? s.from : s.to;
		return s;
	}
	s.dated_only |= w->window > 0;
	if (w->window && s.to - w->window > s.from)
		s.from = s.to - w->window;
	return s;
}

/* What has no bars has what is dated in the future too, where nothing says when to end. */
static struct span open_now(const struct live_world *w)
{
	struct span s = span_now(w);

	if (!w->window && w->since == INT64_MIN && w->until == INT64_MAX && w->to == INT64_MAX)
		s.to = INT64_MAX;
	return s;
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct slow_row *)a)->key, ((const struct slow_row *)b)->key);
}

static char *key_of(const struct result *r, const struct result_row *row)
{
	struct buf key = { 0 };

	for (unsigned p = 0; p < r->query.group.n; p++) {
		if (p)
			buf_putc(&key, '|');
		value_render(&row->key[p], &key);
	}
	return key.s;
}

/* What of each row is before the mark. */
static void compare_before(struct live_world *w, const struct slow *slow, const struct result *r)
{
	struct span span = open_now(w);
	struct slow_rows want,
		have = { .row = xcalloc(r->rows + 1, sizeof *have.row), .total = r->before };

	if (w->mark == INT64_MIN)
		span.to = INT64_MIN;
	else if (w->mark < span.to)
		span.to = w->mark;
	span.dated_only = true;
	slow_group(slow, &r->query.group, w->match, span, 0, &want);
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
				   .total = r->totals,
				   .distinct = r->distinct_total };
	for (uint32_t i = 0; i < r->rows; i++)
		out->row[out->n++] = (struct slow_row){ .key = key_of(r, &r->row[i]),
							.tally = r->row[i].tally,
							.distinct = r->row[i].distinct };
}

/* The rows are the total. */
static void compare_sums(const struct result *r)
{
	struct tally sum = { 0 };

	for (uint32_t i = 0; i < r->rows; i++) {
		const struct tally *t = &r->row[i].tally;
		sum.bytes += t->bytes, sum.packets += t->packets, sum.flows += t->flows;
		sum.accepts += t->accepts, sum.rejects += t->rejects, sum.sent += t->sent;
		sum.guessed += t->guessed;
		assert_true(r->row[i].distinct <= r->distinct_total);
	}
	assert_memory_equal(&sum, &r->totals, sizeof sum);
}

/* Some ranks are those of all, and a key leads back to its rank. */
static void compare_window(struct live_world *w, unsigned v, const struct result *all)
{
	struct result r = { 0 };
	struct result_window window = { .first = (uint32_t)random_below(&w->seed, all->rows + 2),
					.rows = 1 + (uint32_t)random_below(&w->seed, 5) };

	live_answer(w->live, v, window, &r);
	assert_int_equal(r.ranked, all->rows);
	assert_int_equal(r.first, window.first);
	for (uint32_t i = 0; i < r.rows; i++) {
		const struct result_row *row = result_at(all, r.first + i);
		assert_ptr_equal(result_at(&r, r.first + i), &r.row[i]);
		assert_memory_equal(&r.row[i].tally, &row->tally, sizeof row->tally);
		assert_int_equal(live_rank_of(w->live, v, r.row[i].key), r.first + i);
	}
	assert_null(result_at(&r, r.first + r.rows));
	result_release(&r);
}

static void compare_view(struct live_world *w, const struct slow *slow, unsigned v)
{
	struct result r = { 0 };
	struct slow_rows want, have;

	judge_answer(w->live, v, 0, &r);
	assert_int_equal(r.rows, r.ranked);
	slow_count(w->count && w->count->n ? w->count : NULL);
	slow_group(slow, &r.query.group, w->match, open_now(w), 0, &want);
	slow_count(NULL);
	rows_of_result(&r, &have);
	compare_sums(&r);
	compare_window(w, v, &r);
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

/* Whether a bin is one of the window. */
static bool bin_shows(const struct result *r, int64_t start)
{
	return (r->window.from == INT64_MIN || start + r->bin_width > r->window.from) &&
	       start < r->window.to;
}

/* Every bin of every row is what the records have in it by the definition (all rows are
 * tracked: fewer than 128). */
static void compare_bins(struct live_world *w, const struct slow *slow)
{
	struct result r = { 0 };
	struct slow_rows want;
	struct group binned;
	struct span span;

	judge_answer(w->live, JUDGED_TALKERS, 50, &r);
	result_release(&r);
	judge_settle(w); /* the trend of the new rows is filled */
	judge_answer(w->live, JUDGED_TALKERS, 50, &r);
	span = span_now(w);
	binned = r.query.group;
	binned.field[binned.n++] = FIELD_BIN;
	slow_overlaps(true);
	slow_group(slow, &binned, w->match, span, shift_of(&r), &want);
	slow_overlaps(false);
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

static slow_match *also;

static bool match_refused(const struct slow_flow *f)
{
	return judge_is_refused(f) && (!also || also(f));
}

/* Every cell of the heatmap, whatever its axes, and what was refused of its bytes; the best columns
 * and how many there are. */
static void compare_heat(struct live_world *w, const struct slow *slow)
{
	struct result r = { 0 };
	struct span span;
	struct slow_rows want, refused, columns;
	struct group g = { .n = 2 }, across = { .n = 1 };

	judge_answer(w->live, JUDGED_PORTS, 40, &r);
	result_release(&r);
	judge_settle(w); /* the cells of the new rows are filled */
	judge_answer(w->live, JUDGED_PORTS, 40, &r);
	g.field[0] = r.query.group.field[0];
	g.field[1] = r.query.bins.field;
	assert_true((r.column != NULL) == (r.query.bins.field != FIELD_BIN));
	span = r.column ? open_now(w) : span_now(w);
	slow_overlaps(true);
	slow_group(slow, &g, w->match, span, r.column ? 0 : shift_of(&r), &want);
	also = w->match;
	slow_group(slow, &g, match_refused, span, r.column ? 0 : shift_of(&r), &refused);
	across.field[0] = g.field[1];
	slow_group(slow, &across, w->match, span, r.column ? 0 : shift_of(&r), &columns);
	slow_overlaps(false);
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
			t.sent = slow_find(&refused, key.s).bytes;
			assert_memory_equal(&r.row[i].bin[c], &t, sizeof t);
			w->cells += t.flows > 0;
			buf_release(&key);
		}
	for (unsigned c = 1; r.column && c < r.bins; c++) {
		struct buf x = { 0 }, y = { 0 };
		value_render(&r.column[c - 1], &x);
		value_render(&r.column[c], &y);
		assert_true(slow_find(&columns, x.s).bytes >= slow_find(&columns, y.s).bytes);
		buf_release(&x);
		buf_release(&y);
	}
	slow_rows_release(&want);
	slow_rows_release(&refused);
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

static void compare_timeline(struct live_world *w, const struct slow *slow)
{
	struct result r = { 0 };
	struct slow_rows want;
	struct span span;
	static const struct group bins = { .field = { FIELD_BIN }, .n = 1 };

	judge_answer(w->live, JUDGED_TIMELINE, 0, &r);
	span = span_now(w);
	span.dated_only = true; /* what has no time has no bar */
	also = w->match;
	slow_overlaps(true);
	slow_group(slow, &bins, also, span, shift_of(&r), &want);
	compare_series(&r, false, &want);
	slow_rows_release(&want);
	slow_group(slow, &bins, match_refused, span, shift_of(&r), &want);
	slow_overlaps(false);
	compare_series(&r, true, &want);
	slow_rows_release(&want);
	result_release(&r);
}

void judge_all(struct live_world *w)
{
	struct slow slow = { 0 };
	struct buf text = { 0 };

	judge_settle(w);
	ring_render(w->ring, &text);
	if (text.n)
		slow_read(&slow, format_default(), buf_str(&text));
	compare_view(w, &slow, JUDGED_TALKERS);
	compare_view(w, &slow, JUDGED_PORTS);
	compare_timeline(w, &slow);
	compare_bins(w, &slow);
	compare_heat(w, &slow);
	w->compared++;
	slow_release(&slow);
	buf_release(&text);
}
