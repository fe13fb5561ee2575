/* live_once.c - counting once in live.h: which rows are second sightings (second.h) is judged before
 * they are folded, and again when the places know better; what that changes is folded in or out. */
#include "live/live_state.h"

#include <stdlib.h>
#include <string.h>

#define REJUDGE_NS 1000000000u /* between two times, while rows come that may change it again */

static uint32_t words_of(uint32_t rows)
{
	return (rows + 63) / 64;
}

/* The rows row..row+63 that are flows, as bits. */
static uint64_t flows_at(const struct slot *s, uint32_t row)
{
	uint32_t n = s->rows - row < 64 ? s->rows - row : 64;
	uint64_t bits = 0;

	for (uint32_t i = 0; i < n; i++)
		bits |= (uint64_t) !(s->segment->mark[row + i] & MARK_STATUS) << i;
	return bits;
}

/* Those of 64 rows that match, as far as they are selected. */
static uint64_t matching_at(const struct slot *s, uint32_t word)
{
	if (!s->bits)
		return flows_at(s, word * 64);
	return word < s->bit_words ? s->bits[word] : 0;
}

static void count_kind(const struct live *l, struct slot *s, bool priced)
{
	const uint64_t *second = slot_second(s, priced);
	uint32_t words = words_of(s->rows);
	uint64_t *counted = l->once ? xmalloc(words * sizeof *counted) : NULL;

	for (uint32_t w = 0; w < words; w++) {
		uint64_t match = matching_at(s, w);
		if (counted)
			counted[w] = match & ~second[w];
		s->second_matching[priced] += bit_count(match & second[w]);
	}
	s->counted[priced] = counted;
}

void live_count_slot(const struct live *l, struct slot *s)
{
	live_uncount_slot(s);
	if (!s->seconds)
		return;
	count_kind(l, s, false);
	if (s->uncharged)
		count_kind(l, s, true);
	else
		s->second_matching[true] = s->second_matching[false];
}

void live_uncount_slot(struct slot *s)
{
	for (int priced = 0; priced < 2; priced++) {
		free(s->counted[priced]);
		s->counted[priced] = NULL;
		s->second_matching[priced] = 0;
	}
	s->unpriced_known = false;
}

void live_unjudge(struct slot *s)
{
	free(s->pending);
	s->pending = NULL;
	s->judged = s->undecided_second = 0;
}

void live_set_once(struct live *l, bool on)
{
	if (l->once == on)
		return;
	l->once = on;
	live_reselect(l);
}

bool live_once(const struct live *l)
{
	return l->once;
}

/* ---- judging ---- */

static void note_judged(struct live *l, struct slot *s, bool all)
{
	if (all) { /* else the others stay judged by what was known then */
		s->judged_by = places_generation(l->places);
		s->judged_at = l->placed;
	}
	s->judged = s->rows;
	s->seconds = 0;
	for (uint32_t w = 0; w < words_of(s->rows); w++)
		s->seconds += bit_count(s->second[w]);
	if (!s->undecided_second) {
		free(s->pending);
		s->pending = NULL;
	}
}

/* Judges the rows from `first` on. Those of its word that are before it stay as they were counted. */
static void judge_rows(struct live *l, struct slot *s, uint32_t first)
{
	uint64_t undecided[SEGMENT_ROWS / 64 + 1], before = (UINT64_C(1) << first % 64) - 1;
	uint32_t word = first / 64, words = words_of(s->rows);
	struct second_counts counts;
	bool had = s->pending != NULL;
	uint64_t second = before ? s->second[word] & before : 0,
		 pending = before && had ? s->pending[word] & before : 0;

	s->second = xrealloc(s->second, words * sizeof *s->second);
	for (uint32_t w = word; had && w < words_of(s->judged); w++)
		s->undecided_second -= bit_count(s->pending[w]);
	second_sightings(l->places, s->segment, ring_dict(l->ring), word * 64, s->rows - word * 64,
			 s->second + word, undecided, &counts);
	s->second[word] = (s->second[word] & ~before) | second;
	live_charge_slot(l, s, first);
	undecided[0] = (undecided[0] & ~before) | pending;
	for (uint32_t w = word; w < words; w++)
		s->undecided_second += bit_count(undecided[w - word]);
	if (had || s->undecided_second) {
		s->pending = xrealloc(s->pending, words * sizeof *s->pending);
		if (!had)
			memset(s->pending, 0, word * sizeof *s->pending);
		memcpy(s->pending + word, undecided, (words - word) * sizeof *undecided);
	}
	note_judged(l, s, first == 0);
}

typedef uint64_t row_bits[SEGMENT_ROWS / 64 + 1];

/* Folds those of the rows that were folded into parts and have their bit; [1]: into priced ones. */
static void fold_changed(struct live *l, struct slot *s, row_bits of[2], int sign)
{
	for (unsigned p = 0; p < PARTS; p++) {
		const struct folded *f = &s->folded[p];
		const uint64_t *bits = of[l->priced[p]];
		if (!l->part[p] || !f->rows)
			continue;
		accumulators_fold(&l->part[p], 1, s->segment, 0, f->rows, bits, f->span, sign);
		s->folded[p].late |= accumulators_fold_overlaps(&l->part[p], 1, s->segment, 0,
								f->rows, bits, f->span, sign);
	}
}

/* What is judged anew of a slot. */
struct judged_again {
	row_bits second[2];     /* as they were before; of uncharged ones */
	uint8_t *charges;       /* the same; NULL: there are none */
	row_bits out[2], in[2]; /* rows to be folded; into priced parts */
};

/* Which rows counted otherwise than they do now; whether any did. */
static bool find_changed(const struct live *l, const struct slot *s, struct judged_again *j,
			 bool priced)
{
	const uint64_t *second = slot_second(s, priced);
	bool any = false;

	for (uint32_t w = 0; w < words_of(s->rows); w++) {
		uint64_t match = matching_at(s, w);
		uint64_t charged = priced ? live_charges_differ(s, j->charges, w) : 0;
		uint64_t was = match & ~j->second[priced][w], is = match & ~second[w];
		any |= was != is || (match & charged);
		if (!l->once)
			was = is = match;
		j->out[priced][w] = was & (~is | charged);
		j->in[priced][w] = is & (~was | charged);
	}
	return any;
}

/* The rows that are undecided, or all where the places have decided otherwise. */
static void judge_again(struct live *l, struct slot *s)
{
	struct judged_again j;
	struct second_counts counts;
	size_t bytes = words_of(s->rows) * sizeof *s->second;
	bool changed, counts_changed;

	/* cppcheck-suppress uninitvar - it is written to */
	memcpy(j.second[0], s->second, bytes);
	memcpy(j.second[1], slot_second(s, true), bytes);
	j.charges = live_copy_charges(s);
	/* If not these bits, then what else the places say of its rows. */
	changed = s->judged_by != places_generation(l->places);
	if (changed) {
		judge_rows(l, s, 0);
	} else {
		second_sightings_again(l->places, s->segment, ring_dict(l->ring), s->rows,
				       s->second, s->pending, &counts);
		live_charge_slot(l, s, 0);
		s->undecided_second = counts.undecided;
		note_judged(l, s, true);
	}
	changed = changed || memcmp(j.second[0], s->second, bytes) != 0;
	if (changed)
		live_look_again(s, 0);
	counts_changed = find_changed(l, s, &j, false);
	counts_changed = find_changed(l, s, &j, true) || counts_changed;
	if (counts_changed) {
		live_swap_charges(s, j.charges);
		fold_changed(l, s, j.out, -1);
		live_swap_charges(s, j.charges);
		fold_changed(l, s, j.in, 1);
		l->settled &= !l->once && !j.charges;
		live_count_slot(l, s);
	}
	free(j.charges);
}

static bool is_stale(const struct live *l, const struct slot *s)
{
	return s->judged_by != places_generation(l->places) ||
	       (s->pending && s->judged_at != l->placed);
}

bool live_judge(struct live *l, uint64_t budget_ns)
{
	uint64_t now = monotonic_ns(), deadline = now + budget_ns;
	bool again = !l->fed || now - l->judged_again >= REJUDGE_NS, some = false;

	l->stale = false;
	for (size_t i = l->n; i-- > 0;) {
		struct slot *s = &l->slot[i];
		bool new = s->judged < s->rows;
		if (!s->published || s->placed < s->rows || (!new && !is_stale(l, s)))
			continue;
		if (!new && !again) {
			l->stale = true;
			continue;
		}
		if (some && monotonic_ns() >= deadline)
			return true;
		if (new)
			judge_rows(l, s, s->judged);
		else
			judge_again(l, s);
		some = true;
	}
	if (again && some)
		l->judged_again = now;
	return false;
}

/* ---- what is told ---- */

uint64_t live_seconds(const struct live *l, struct span span, bool priced)
{
	uint64_t bits[SEGMENT_ROWS / 64 + 1], n = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct slot *s = &l->slot[i];
		const struct segment *g = s->segment;
		const uint64_t *second = slot_second(s, priced);
		if (!s->second_matching[priced] ||
		    (g->dated == g->rows && (g->time_max < span.from || g->time_min >= span.to)))
			continue;
		if (g->dated == g->rows && g->time_min >= span.from && g->time_max < span.to) {
			n += s->second_matching[priced];
			continue;
		}
		for (uint32_t w = 0; w < words_of(s->selected); w++)
			bits[w] = second[w] & (s->bits ? s->bits[w] : ~UINT64_C(0));
		n += span_count(g, bits, s->selected, span);
	}
	return n;
}

uint64_t live_undecided_seconds(const struct live *l, struct span span)
{
	uint64_t bits[SEGMENT_ROWS / 64 + 1], n = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct slot *s = &l->slot[i];
		uint32_t rows = s->selected < s->judged ? s->selected : s->judged;
		if (!s->pending || !s->undecided_second)
			continue;
		for (uint32_t w = 0; w < words_of(rows); w++)
			bits[w] = s->pending[w] & (s->bits ? s->bits[w] : ~UINT64_C(0));
		n += span_count(s->segment, bits, rows, span);
	}
	return n;
}
