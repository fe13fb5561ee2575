/* live_work.c - the work of live.h: which rows match, and what they add up to. It is dealt out
 * to a crew in tasks, of a segment each: to select its rows, or to fold some parts. A part is
 * in the hands of one worker at a time, who reads the rows once for all parts of the task. */
#include "live/live_state.h"

#include <stdlib.h>
#include <string.h>

#define SERIES_ROWS 2048u /* with a series: a row may meet a hundred bins */

struct work {
	struct live *l;
	uint64_t deadline;
	unsigned workers;
	bool selects_here; /* only worker 0 may: labels are looked up */
	struct span span[PARTS];
	bool idle[PARTS], here[PARTS]; /* not needed now; only for worker 0 */
	struct slot *hands[PARTS];     /* what is folded into it now, NULL: nothing */
	bool waits[PARTS];             /* for the next step, and more room */
	/* Slots from left[0] on have all that answers need; those from left[1] on all that the
	 * other parts need. */
	size_t left[2];
	bool answers; /* some are not complete: the other parts come when answers have been drawn */
};

struct task {
	struct slot *slot;
	bool select;
	unsigned part[PARTS];
	struct accumulator *into[PARTS]; /* of those */
	unsigned parts;   /* all with as many rows, for the same span, and priced or none is */
	bool full[PARTS]; /* by place in `part`: it had no more room */
};

/* ---- selecting ---- */

/* Takes the words of undecided rows from word `first` on, the last of the slot's. */
static void keep_undecided(struct slot *s, uint32_t first, const uint64_t *words)
{
	bool had = s->undecided != NULL;

	s->undecided = xrealloc(s->undecided, s->bit_words * sizeof *words);
	if (!had)
		memset(s->undecided, 0, first * sizeof *words);
	memcpy(s->undecided + first, words, (s->bit_words - first) * sizeof *words);
}

static void slot_select(struct live *l, struct filter *f, struct slot *s)
{
	uint32_t words = (s->rows + 63) / 64;
	uint64_t undecided[(SEGMENT_ROWS + 63) / 64];

	if (!f || filter_is_all(f)) {
		live_count_slot(l, s);
		return;
	}
	s->bits = xrealloc(s->bits, words * sizeof *s->bits);
	s->bit_words = words;
	/* Start at a whole word, so that the new bits land in place. */
	uint32_t first = s->selected / 64 * 64;
	for (uint32_t w = first / 64; w * 64 < s->selected; w++)
		s->matching -= bit_count(s->bits[w]);
	if (filter_select(f, s->segment, ring_dict(l->ring), first, s->rows - first,
			  s->bits + first / 64, undecided) ||
	    s->undecided)
		keep_undecided(s, first / 64, undecided);
	for (uint32_t w = first / 64; w < words; w++)
		s->matching += bit_count(s->bits[w]);
	live_count_slot(l, s);
}

static struct filter *filter_of(struct live *l, unsigned worker)
{
	if (!worker || !l->filter)
		return l->filter;
	if (!l->copy[worker])
		l->copy[worker] = filter_copy(l->filter);
	return l->copy[worker];
}

/* ---- folding ---- */

/* Folds rows 0..rows-1 with times in `from..to`, no undated ones, of a span that begins at `since`. */
static void fold_edge(struct live *l, unsigned p, struct slot *s, int64_t from, int64_t to,
		      int64_t since, int sign)
{
	const struct segment *g = s->segment;

	if (from >= to || !g->dated || g->time_max < from || g->time_min >= to)
		return;
	accumulators_fold_since(&l->part[p], 1, g, 0, s->folded[p].rows, slot_bits(s, l->priced[p]),
				(struct span){ from, to, true }, since, sign);
}

/* Folds the undated ones of rows 0..rows-1. */
static void fold_undated(struct live *l, unsigned p, struct slot *s, int sign)
{
	static const struct span undated = { INT64_MAX, INT64_MIN, false };

	if (s->segment->dated < s->segment->rows)
		accumulator_fold(l->part[p], s->segment, 0, s->folded[p].rows,
				 slot_bits(s, l->priced[p]), undated, sign);
}

/* Folds what rows 0..rows-1 that end behind the span had in it. */
static void fold_late(struct live *l, unsigned p, struct slot *s, struct span span, int sign)
{
	s->folded[p].late =
		accumulators_fold_overlaps(&l->part[p], 1, s->segment, 0, s->folded[p].rows,
					   slot_bits(s, l->priced[p]), span, sign);
}

/* Moves what was folded from its span to `to`. */
static void fold_move(struct live *l, unsigned p, struct slot *s, struct span to)
{
	struct folded *f = &s->folded[p];
	struct span had = f->span;

	if (f->rows && !span_equal(had, to)) {
		int64_t end = had.to < to.from ? had.to : to.from;
		fold_edge(l, p, s, had.from, end, had.from, -1);
		int64_t start = had.from > to.to ? had.from : to.to;
		fold_edge(l, p, s, start, had.to, had.from, -1);
		fold_edge(l, p, s, to.from, had.from < to.to ? had.from : to.to, to.from, 1);
		fold_edge(l, p, s, had.to > to.from ? had.to : to.from, to.to, to.from, 1);
		if (had.dated_only != to.dated_only)
			fold_undated(l, p, s, to.dated_only ? -1 : 1);
		if (f->late)
			fold_late(l, p, s, had, -1);
		if (to.to < had.to || f->late)
			fold_late(l, p, s, to, 1);
	}
	f->span = to;
}

/* How many rows from `first` on have `most` that are selected among them. */
static uint32_t rows_with(const struct slot *s, const uint64_t *bits, uint32_t first, uint32_t most)
{
	uint32_t row = first - first % 64, n = 0;

	if (!bits)
		return s->rows - first < most ? s->rows - first : most;
	for (; row < s->rows && n < most; row += 64)
		n += bit_count(bits[row / 64]);
	return (row < s->rows ? row : s->rows) - first;
}

/* Whether some end behind the span. */
static bool fold_rows(const struct task *t, uint32_t first, uint32_t n, const uint64_t *bits,
		      struct span span)
{
	const struct segment *g = t->slot->segment;

	accumulators_fold(t->into, t->parts, g, first, n, bits, span, 1);
	return accumulators_fold_overlaps(t->into, t->parts, g, first, n, bits, span, 1);
}

/* Folds the next slice of new rows into the parts of the task. */
static void fold_more(const struct live *l, const struct task *t, struct span span)
{
	struct slot *s = t->slot;
	const struct segment *g = s->segment;
	const uint64_t *bits = slot_bits(s, l->priced[t->part[0]]);
	uint32_t most = l->slice, first = s->folded[t->part[0]].rows, n, end;
	bool late = false;

	for (unsigned i = 0; i < t->parts; i++)
		if (accumulator_is_series(t->into[i]))
			most = most < SERIES_ROWS ? most : SERIES_ROWS;
	n = rows_with(s, bits, first, most);
	end = first + n;
	if (!g->dated || g->dated < g->rows ||
	    (g->time_max >= span.from && g->time_min - SPREAD_MAX_S < span.to)) {
		/* Bits are numbered from row 0: begin at the word that holds the first. */
		if (bits && first % 64) {
			uint32_t head = 64 - first % 64;
			uint64_t word = bits[first / 64] >> first % 64;
			if (head > n)
				head = n;
			late = fold_rows(t, first, head, &word, span);
			first += head;
		}
		if (first < end)
			late |= fold_rows(t, first, end - first, bits ? bits + first / 64 : NULL,
					  span);
	}
	for (unsigned i = 0; i < t->parts; i++) {
		s->folded[t->part[i]].rows = end;
		s->folded[t->part[i]].late |= late;
	}
}

/* Whether all parts have room for a slice. */
static bool has_room(const struct live *l, struct task *t)
{
	bool all = true;

	for (unsigned i = 0; i < t->parts; i++) {
		t->full[i] = !live_has_room(l, t->part[i]);
		all &= !t->full[i];
	}
	return all;
}

/* Rows that stay, as the parts' span becomes `to`, have in their bins what they had since it begins. */
static void fold_begun(const struct live *l, const struct task *t, struct span to)
{
	const struct slot *s = t->slot;
	struct span had = s->folded[t->part[0]].span;
	bool later = had.from < to.from;
	int64_t from = later ? to.from : had.from, end = had.to < to.to ? had.to : to.to;
	struct span before = { later ? had.from : to.from, from, true };

	if (had.from == to.from || from >= end || s->first_start >= from ||
	    s->segment->time_max < from)
		return;
	accumulators_fold_shares(t->into, t->parts, s->segment, 0, s->folded[t->part[0]].rows,
				 slot_bits(s, l->priced[t->part[0]]),
				 (struct span){ from, end, true }, before, later ? -1 : 1);
}

static void fold_task(struct work *w, struct task *t)
{
	struct span span = w->span[t->part[0]];

	fold_begun(w->l, t, span);
	for (unsigned i = 0; i < t->parts; i++)
		fold_move(w->l, t->part[i], t->slot, span);
	while (t->slot->folded[t->part[0]].rows < t->slot->rows && has_room(w->l, t)) {
		fold_more(w->l, t, span);
		if (monotonic_ns() >= w->deadline)
			return;
	}
}

/* ---- tasks: under the lock ---- */

static bool slot_needs(const struct slot *s, unsigned p, struct span span)
{
	return s->folded[p].rows < s->rows ||
	       (s->folded[p].rows && !span_equal(s->folded[p].span, span));
}

/* Whether nobody has it, or nobody waits for it. */
static bool part_is_idle(const struct live *l, unsigned p)
{
	const struct question *k = &l->question[p % LIVE_QUERIES];

	return !l->part[p] || (p >= ANSWERS && p == k->next && !k->building);
}

/* Whether somebody works for the part on this slot, or somebody has to. */
static bool is_open(const struct work *w, const struct slot *s, unsigned p)
{
	if (w->waits[p])
		return false;
	if (w->hands[p])
		return w->hands[p] == s;
	return !w->idle[p] && slot_needs(s, p, w->span[p]);
}

/* A share of the parts that the slot needs, for one of the workers. */
static bool take_parts(struct work *w, unsigned worker, struct slot *s, unsigned from, unsigned to,
		       unsigned open, struct task *t)
{
	unsigned most = (open + w->workers - 1) / w->workers;

	*t = (struct task){ .slot = s };
	for (unsigned p = from; p < to && t->parts < most; p++) {
		unsigned first = t->parts ? t->part[0] : p;
		if (w->hands[p] || !is_open(w, s, p) || (w->here[p] && worker))
			continue;
		if (s->folded[p].rows != s->folded[first].rows ||
		    !span_equal(s->folded[p].span, s->folded[first].span) ||
		    !span_equal(w->span[p], w->span[first]) ||
		    w->l->priced[p] != w->l->priced[first])
			continue;
		t->part[t->parts] = p;
		t->into[t->parts++] = w->l->part[p];
		w->hands[p] = s;
	}
	return t->parts > 0;
}

/* A task of the parts from..to-1, the newest slot first. */
static bool take_of(struct work *w, unsigned worker, unsigned from, unsigned to, size_t *left,
		    struct task *t)
{
	for (size_t i = *left; i-- > 0;) {
		struct slot *s = &w->l->slot[i];
		unsigned open = 0;
		if (s->taken || !s->published || s->judged < s->rows)
			continue;
		for (unsigned p = from; p < to; p++)
			open += is_open(w, s, p);
		if (!open && i + 1 == *left)
			*left = i;
		if (!open)
			continue;
		if (s->selected < s->rows) {
			if (worker && w->selects_here)
				continue;
			s->taken = true;
			*t = (struct task){ .slot = s, .select = true };
			return true;
		}
		if (take_parts(w, worker, s, from, to, open, t))
			return true;
	}
	return false;
}

static bool take(struct work *w, unsigned worker, struct task *t)
{
	if (w->answers)
		return take_of(w, worker, 0, ANSWERS, &w->left[0], t);
	return take_of(w, worker, ANSWERS, PARTS, &w->left[1], t);
}

static void give_back(struct work *w, const struct task *t)
{
	if (t->select) {
		t->slot->selected = t->slot->rows;
		t->slot->taken = false;
	}
	for (unsigned i = 0; i < t->parts; i++) {
		w->hands[t->part[i]] = NULL;
		w->waits[t->part[i]] = t->full[i];
	}
}

/* Does one task at least, so that the work gets on however short the time. */
static void work(void *ctx, unsigned worker)
{
	struct work *w = ctx;
	struct live *l = w->l;
	struct task t;

	crew_lock(l->crew);
	while (take(w, worker, &t)) {
		crew_unlock(l->crew);
		if (t.select)
			slot_select(l, filter_of(l, worker), t.slot);
		else
			fold_task(w, &t);
		crew_lock(l->crew);
		give_back(w, &t);
		if (monotonic_ns() >= w->deadline)
			break;
	}
	crew_unlock(l->crew);
}

/* ---- of live.h ---- */

static bool are_done(const struct work *w, unsigned from, unsigned to)
{
	for (unsigned p = from; p < to; p++)
		if (w->waits[p])
			return false;
	for (size_t i = 0; i < w->l->n; i++)
		for (unsigned p = from; p < to; p++)
			if (is_open(w, &w->l->slot[i], p))
				return false;
	return true;
}

static void work_init(struct work *w, struct live *l, uint64_t budget_ns)
{
	*w = (struct work){ .l = l,
			    .deadline = monotonic_ns() + budget_ns,
			    .workers = budget_ns && !l->alone ? l->workers : 1,
			    .selects_here = l->filter && filter_wants_labels(l->filter),
			    .left = { l->n, l->n } };
	for (unsigned p = 0; p < PARTS; p++) {
		w->span[p] = l->part[p] && accumulator_is_series(l->part[p]) ? live_target_span(l)
									     : live_open_span(l);
		w->idle[p] = part_is_idle(l, p);
		w->here[p] = l->part[p] && accumulator_wants_labels(l->part[p]);
	}
	w->answers = !are_done(w, 0, ANSWERS);
}

/* The values of new segments, the newest first: of one at least, and for half as long as what
 * follows at most. Workers read the dictionary only. */
static void publish_some(struct live *l, uint64_t budget_ns)
{
	uint64_t deadline = monotonic_ns() + budget_ns / 2;

	for (size_t i = l->n; i-- > 0;) {
		struct slot *s = &l->slot[i];
		if (s->published)
			continue;
		ring_publish(l->ring, s->segment);
		s->published = true;
		if (monotonic_ns() >= deadline)
			return;
	}
}

bool live_step(struct live *l, uint64_t budget_ns)
{
	struct work w;
	bool shrinks, learns;

	live_look_at_ring(l);
	if (l->settled && !l->stale)
		return false;
	publish_some(l, budget_ns);
	learns = live_learn_places(l, budget_ns / 2);
	learns = live_judge(l, budget_ns / 2) || learns;
	learns = live_feed(l, budget_ns / 2) || learns;
	live_price_parts(l);
	l->settled &= !learns; /* what was put off is not to be forgotten */
	live_share_room(l);
	shrinks = live_shrink(l);
	work_init(&w, l, budget_ns);
	if (w.workers > 1)
		crew_run(l->crew, work, &w);
	else
		work(&w, 0);
	for (unsigned i = 1; i < l->workers; i++)
		if (l->copy[i])
			filter_share_time(l->filter, l->copy[i]);
	if (!are_done(&w, 0, PARTS) || shrinks || learns)
		return true;
	live_widen_bins(l);
	l->settled = true;
	live_swap_bins(l);
	live_heal(l);
	return !l->settled;
}

void live_progress(const struct live *l, uint64_t *done, uint64_t *total)
{
	*done = *total = 0;
	for (size_t i = 0; i < l->n; i++) {
		const struct slot *s = &l->slot[i];
		uint32_t rows = s->rows;
		for (unsigned p = 0; p < ANSWERS; p++)
			if (!part_is_idle(l, p) && s->folded[p].rows < rows)
				rows = s->folded[p].rows;
		*total += s->rows;
		*done += rows;
	}
}
