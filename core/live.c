/* live.c - see live.h. */
#include "live_state.h"

#include <stdlib.h>
#include <string.h>

#define SLICE_ROWS 16384u
#define SERIES_ROWS 2048u /* the same of a series: a row may meet a hundred bins */

/* ---- life ---- */

/* The group of its trend or cells; itself where there is no room, or it is in it already. */
static struct group with(const struct group *g, int field)
{
	struct group more = { .field = { field }, .n = 1 };
	struct group t = *g;

	if (t.n < GROUP_MAX && !group_has(g, &more, 0))
		t.field[t.n++] = field;
	return t;
}

void live_part_forget(struct live *l, enum part p)
{
	accumulator_clear(l->part[p]);
	for (size_t i = 0; i < l->n; i++)
		l->slot[i].folded[p] = (struct folded){ 0 };
	l->settled = false;
}

static void part_make(struct live *l, enum part p, const struct group *g)
{
	unsigned shift = l->part[p] ? accumulator_bin_shift(l->part[p]) : 0;

	accumulator_free(l->part[p]);
	l->part[p] = accumulator_new(g, ring_dict(l->ring));
	accumulator_set_bin_shift(l->part[p], shift);
	if (p <= PART_MARKED_LAST)
		accumulator_set_mark(l->part[p], l->mark);
	live_part_forget(l, p);
}

/* A trend without keys: nothing is let in. */
static void trend_empty(struct live *l, enum part p, enum part ranked)
{
	struct group g = with(accumulator_group(l->part[ranked]),
			      ranked == PART_PORTS ? l->heat_column : FIELD_BIN);

	part_make(l, p, &g);
	accumulator_restrict(l->part[p], l->part[ranked], NULL, 0);
}

static void trend_reset(struct live *l, struct trend *t)
{
	trend_empty(l, t->shown, t->ranked);
	trend_empty(l, t->next, t->ranked);
	t->building = false;
}

struct live *live_new(struct ring *r)
{
	static const struct group servers = { .field = { FIELD_SERVER }, .n = 1 };
	struct live *l = xcalloc(1, sizeof *l);

	l->ring = r;
	l->now = l->mark = INT64_MIN;
	l->only = CHANGES;
	l->heat_column = FIELD_BIN;
	l->limits = l->fixed = (struct span){ INT64_MIN, INT64_MAX, false };
	part_make(l, PART_TALKERS, view_default_group(VIEW_TALKERS));
	part_make(l, PART_REJECTS, view_default_group(VIEW_REJECTS));
	part_make(l, PART_PORTS, view_default_group(VIEW_PORTS));
	part_make(l, PART_COLUMNS, &servers);
	part_make(l, PART_TIMELINE, view_default_group(VIEW_TIMELINE));
	part_make(l, PART_REFUSED, view_default_group(VIEW_TIMELINE));
	accumulator_only(l->part[PART_REFUSED], MARK_REJECT);
	l->trend[0] = (struct trend){ PART_TALKERS, PART_TALKERS_TREND, PART_TALKERS_NEXT, false };
	l->trend[1] = (struct trend){ PART_REJECTS, PART_REJECTS_TREND, PART_REJECTS_NEXT, false };
	l->trend[2] = (struct trend){ PART_PORTS, PART_HEAT, PART_HEAT_NEXT, false };
	for (int i = 0; i < TRENDS; i++)
		trend_reset(l, &l->trend[i]);
	return l;
}

void live_free(struct live *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->n; i++)
		free(l->slot[i].bits);
	for (int p = 0; p < PARTS; p++)
		accumulator_free(l->part[p]);
	filter_free(l->filter);
	free(l->slot);
	free(l);
}

/* ---- the question ---- */

void live_restart(struct live *l)
{
	for (int p = PART_TALKERS; p <= PART_REFUSED; p++)
		live_part_forget(l, (enum part)p);
	for (int i = 0; i < TRENDS; i++)
		trend_reset(l, &l->trend[i]);
}

static void slot_deselect(struct slot *s)
{
	free(s->bits);
	s->bits = NULL;
	s->bit_words = s->selected = 0;
}

void live_set_filter(struct live *l, struct filter *f)
{
	bool same = f && l->filter && strcmp(filter_reads(f), filter_reads(l->filter)) == 0;

	filter_free(l->filter);
	l->filter = f;
	if (!same) /* as after a blank, while it is typed */
		live_relabel(l);
}

void live_relabel(struct live *l)
{
	for (size_t i = 0; i < l->n; i++)
		slot_deselect(&l->slot[i]);
	live_restart(l);
}

const struct filter *live_filter(const struct live *l)
{
	return l->filter;
}

void live_set_group(struct live *l, enum view_kind v, const struct group *g)
{
	enum part p = v == VIEW_TALKERS ? PART_TALKERS : PART_REJECTS;

	part_make(l, p, g);
	accumulator_set_bin_shift(l->part[p], accumulator_bin_shift(l->part[PART_TIMELINE]));
	if (v == VIEW_TALKERS)
		accumulator_set_distinct(l->part[p], &l->distinct);
	trend_reset(l, &l->trend[v == VIEW_TALKERS ? 0 : 1]);
	live_fit_bins(l);
}

void live_set_heat(struct live *l, int row, int column)
{
	struct group rows = { .field = { row }, .n = 1 }, columns = { .field = { column }, .n = 1 };

	l->heat_column = column;
	part_make(l, PART_PORTS, &rows);
	accumulator_set_distinct(l->part[PART_PORTS], &l->distinct);
	part_make(l, PART_COLUMNS, &columns);
	trend_reset(l, &l->trend[2]);
}

void live_set_distinct(struct live *l, const struct group *distinct)
{
	static const enum part counting[] = { PART_TALKERS, PART_PORTS };

	for (int i = 0; i < 2; i++) {
		struct accumulator *a = l->part[counting[i]];
		if (group_equal(accumulator_counts(a), distinct))
			continue;
		live_part_forget(l, counting[i]);
		accumulator_set_distinct(a, distinct);
	}
	l->distinct = *distinct;
}

const struct group *live_group(const struct live *l, enum view_kind v)
{
	return accumulator_group(l->part[v == VIEW_TALKERS ? PART_TALKERS : PART_REJECTS]);
}

void live_set_mark(struct live *l, int64_t time)
{
	if (time == l->mark)
		return;
	l->mark = time;
	for (int p = 0; p <= PART_MARKED_LAST; p++) {
		accumulator_set_mark(l->part[p], time);
		live_part_forget(l, (enum part)p);
	}
}

void live_rank_changes(struct live *l, bool on, enum change only)
{
	l->by_change = on;
	l->only = only;
}

void live_pause(struct live *l, bool on)
{
	l->paused = on;
	l->settled = false;
}

/* ---- following the ring ---- */

static struct slot *slot_add(struct live *l, struct segment *s)
{
	xgrow((void **)&l->slot, &l->cap, l->n + 1, sizeof *l->slot);
	l->slot[l->n] = (struct slot){ .segment = s };
	l->newest_serial = s->serial;
	return &l->slot[l->n++];
}

/* Takes notice of new segments, new rows and the present log time. */
static void look_at_ring(struct live *l)
{
	size_t count = ring_count(l->ring), first = count;

	if (l->paused)
		return;
	while (first > 0 && ring_at(l->ring, first - 1)->serial > l->newest_serial)
		first--;
	for (size_t i = first; i < count; i++)
		slot_add(l, ring_at(l->ring, i));
	for (size_t i = 0; i < l->n; i++) {
		struct slot *s = &l->slot[i];
		if (s->rows != s->segment->rows) {
			s->rows = s->segment->rows;
			live_look_at_intervals(s);
			l->settled = false;
		}
	}
	if (ring_now(l->ring) != l->now) {
		l->now = ring_now(l->ring);
		l->settled = false;
	}
	live_widen_bins(l);
}

static bool span_equal(struct span a, struct span b)
{
	return a.from == b.from && a.to == b.to;
}

/* ---- work ---- */

static void slot_select(struct live *l, struct slot *s)
{
	uint32_t n = s->rows - s->selected, words;

	if (!l->filter || filter_is_all(l->filter)) {
		s->selected = s->rows;
		return;
	}
	words = (s->rows + 63) / 64;
	s->bits = xrealloc(s->bits, words * sizeof *s->bits);
	s->bit_words = words;
	/* Start at a whole word, so that the new bits land in place. */
	uint32_t first = s->selected / 64 * 64;
	n = s->rows - first;
	filter_select(l->filter, s->segment, ring_dict(l->ring), first, n, s->bits + first / 64);
	s->selected = s->rows;
}

/* Folds rows 0..rows-1 with times in `from..to`, no undated ones. */
static void fold_edge(struct live *l, enum part p, struct slot *s, int64_t from, int64_t to,
		      int sign)
{
	const struct segment *g = s->segment;

	if (from >= to || !g->dated || g->time_max < from || g->time_min >= to)
		return;
	accumulator_fold(l->part[p], g, 0, s->folded[p].rows, s->bits,
			 (struct span){ from, to, true }, sign);
}

/* Moves what was folded from its span to `to`. */
static void fold_move(struct live *l, enum part p, struct slot *s, struct span to)
{
	struct folded *f = &s->folded[p];
	struct span had = f->span;

	if (f->rows && !span_equal(had, to)) {
		int64_t end = had.to < to.from ? had.to : to.from;
		fold_edge(l, p, s, had.from, end, -1);
		int64_t start = had.from > to.to ? had.from : to.to;
		fold_edge(l, p, s, start, had.to, -1);
		fold_edge(l, p, s, to.from, had.from < to.to ? had.from : to.to, 1);
		fold_edge(l, p, s, had.to > to.from ? had.to : to.from, to.to, 1);
	}
	f->span = to;
}

/* How many rows from `first` on have `most` that are selected among them. */
static uint32_t rows_with(const struct slot *s, uint32_t first, uint32_t most)
{
	uint32_t row = first - first % 64, n = 0;

	if (!s->bits)
		return s->rows - first < most ? s->rows - first : most;
	for (; row < s->rows && n < most; row += 64)
		n += bit_count(s->bits[row / 64]);
	return (row < s->rows ? row : s->rows) - first;
}

/* Folds the next slice of new rows. */
static void fold_more(struct live *l, enum part p, struct slot *s, struct span span)
{
	struct folded *f = &s->folded[p];
	uint32_t most = accumulator_is_series(l->part[p]) ? SERIES_ROWS : SLICE_ROWS;
	uint32_t first = f->rows, n = rows_with(s, first, most);

	if (!s->segment->dated || s->segment->dated < s->segment->rows ||
	    (s->segment->time_max >= span.from && s->segment->time_min < span.to)) {
		/* Bits are numbered from row 0: begin at the word that holds the first. */
		const uint64_t *bits = s->bits ? s->bits : NULL;
		if (bits && first % 64) {
			uint32_t head = 64 - first % 64;
			uint64_t word = bits[first / 64] >> first % 64;
			if (head > n)
				head = n;
			accumulator_fold(l->part[p], s->segment, first, head, &word, span, 1);
			first += head;
			n -= head;
		}
		if (n)
			accumulator_fold(l->part[p], s->segment, first, n,
					 bits ? bits + first / 64 : NULL, span, 1);
	} else {
		first = f->rows;
	}
	f->rows = first + n;
}

static bool slot_needs(const struct slot *s, enum part p, struct span span)
{
	return s->folded[p].rows < s->rows ||
	       (s->folded[p].rows && !span_equal(s->folded[p].span, span));
}

static bool part_is_idle(const struct live *l, enum part p)
{
	for (int i = 0; i < TRENDS; i++)
		if (p == l->trend[i].next && !l->trend[i].building)
			return true;
	return p == PART_COLUMNS && l->heat_column == FIELD_BIN;
}

/* The new trend is complete: show it. */
static void trends_swap(struct live *l)
{
	for (int i = 0; i < TRENDS; i++) {
		struct trend *t = &l->trend[i];
		if (!t->building)
			continue;
		enum part old = t->shown;
		t->shown = t->next;
		t->next = old;
		t->building = false;
		trend_empty(l, old, t->ranked);
	}
}

bool live_step(struct live *l, uint64_t budget_ns)
{
	uint64_t deadline = monotonic_ns() + budget_ns;
	struct span span[PARTS];

	look_at_ring(l);
	if (l->settled)
		return false;
	for (int p = 0; p < PARTS; p++)
		span[p] = live_part_span(l, (enum part)p);
	for (size_t i = l->n; i-- > 0;) {
		struct slot *s = &l->slot[i];
		for (int p = 0; p < PARTS; p++) {
			if (part_is_idle(l, (enum part)p) || !slot_needs(s, (enum part)p, span[p]))
				continue;
			if (s->selected < s->rows)
				slot_select(l, s);
			fold_move(l, (enum part)p, s, span[p]);
			while (s->folded[p].rows < s->rows) {
				fold_more(l, (enum part)p, s, span[p]);
				if (monotonic_ns() >= deadline)
					return true;
			}
			if (monotonic_ns() >= deadline)
				return true;
		}
	}
	live_widen_bins(l);
	l->settled = true;
	trends_swap(l);
	return !l->settled;
}

void live_progress(const struct live *l, uint64_t *done, uint64_t *total)
{
	*done = *total = 0;
	for (size_t i = 0; i < l->n; i++) {
		*total += l->slot[i].rows;
		*done += l->slot[i].folded[PART_TIMELINE].rows;
	}
}

void live_evict(struct live *l, struct segment *s)
{
	for (size_t i = 0; i < l->n; i++) {
		struct slot *slot = &l->slot[i];
		if (slot->segment != s)
			continue;
		for (int p = 0; p < PARTS; p++)
			if (slot->folded[p].rows)
				accumulator_fold(l->part[p], s, 0, slot->folded[p].rows, slot->bits,
						 slot->folded[p].span, -1);
		slot_deselect(slot);
		l->settled = false; /* its records' interval may have been the longest */
		l->n--;
		memmove(slot, slot + 1, (l->n - i) * sizeof *slot);
		return;
	}
}

/* ---- figures ---- */

int64_t live_now(const struct live *l)
{
	return l->now;
}

size_t live_bytes(const struct live *l)
{
	size_t n = sizeof *l + l->cap * sizeof *l->slot;

	for (size_t i = 0; i < l->n; i++)
		n += l->slot[i].bit_words * sizeof *l->slot[i].bits;
	for (int p = 0; p < PARTS; p++)
		n += accumulator_bytes(l->part[p]);
	return n;
}
