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

void live_count_slot(const struct live *l, struct slot *s)
{
	uint32_t words = words_of(s->rows);

	s->second_matching = 0;
	if (!s->seconds) {
		free(s->counted);
		s->counted = NULL;
		return;
	}
	if (l->once)
		s->counted = xrealloc(s->counted, words * sizeof *s->counted);
	for (uint32_t w = 0; w < words; w++) {
		uint64_t match = matching_at(s, w);
		if (l->once)
			s->counted[w] = match & ~s->second[w];
		s->second_matching += bit_count(match & s->second[w]);
	}
}

void live_uncount_slot(struct slot *s)
{
	free(s->counted);
	s->counted = NULL;
	s->second_matching = 0;
}

void live_set_once(struct live *l, bool on)
{
	if (l->once == on)
		return;
	l->once = on;
	live_relabel(l);
}

bool live_once(const struct live *l)
{
	return l->once;
}

/* ---- judging ---- */

/* Judges the rows from the word of `first` on into `words`, which are numbered from row 0. */
static void judge_rows(struct live *l, struct slot *s, uint32_t first, uint64_t *words)
{
	struct second_counts counts;

	first = first / 64 * 64;
	second_sightings(l->places, s->segment, ring_dict(l->ring), first, s->rows - first,
			 words + first / 64, &counts);
	s->undecided_second = first ? s->undecided_second + counts.undecided : counts.undecided;
	if (!first || counts.until < s->until)
		s->until = counts.until;
	if (s->until <= l->now) /* not told though it is time: the log may be late */
		s->until = l->now + 60;
	s->judged_by = places_generation(l->places);
	s->judged = s->rows;
	s->seconds = 0;
	for (uint32_t w = 0; w < words_of(s->rows); w++)
		s->seconds += bit_count(words[w]);
}

static void judge_new(struct live *l, struct slot *s)
{
	s->second = xrealloc(s->second, words_of(s->rows) * sizeof *s->second);
	judge_rows(l, s, s->judged, s->second);
}

/* Folds those of the rows that were folded into parts and have their bit. */
static void fold_changed(struct live *l, struct slot *s, const uint64_t *bits, int sign)
{
	for (unsigned p = 0; p < PARTS; p++) {
		const struct folded *f = &s->folded[p];
		if (!l->part[p] || !f->rows)
			continue;
		accumulators_fold(&l->part[p], 1, s->segment, 0, f->rows, bits, f->span, sign);
		s->folded[p].late |= accumulators_fold_overlaps(&l->part[p], 1, s->segment, 0,
								f->rows, bits, f->span, sign);
	}
}

static void judge_again(struct live *l, struct slot *s)
{
	uint64_t was[SEGMENT_ROWS / 64 + 1], out[SEGMENT_ROWS / 64 + 1], in[SEGMENT_ROWS / 64 + 1];
	uint32_t words = words_of(s->rows);
	bool any = false;

	memcpy(was, s->second, words * sizeof *was);
	judge_rows(l, s, 0, s->second);
	for (uint32_t w = 0; w < words; w++) {
		uint64_t match = matching_at(s, w);
		out[w] = match & s->second[w] & ~was[w];
		in[w] = match & was[w] & ~s->second[w];
		any |= out[w] || in[w];
	}
	if (!any)
		return;
	if (l->once) {
		fold_changed(l, s, out, -1);
		fold_changed(l, s, in, 1);
		l->settled = false;
	}
	live_count_slot(l, s);
}

static bool is_stale(const struct live *l, const struct slot *s)
{
	return s->judged_by != places_generation(l->places) || s->until <= l->now;
}

/* All that is new first; what is stale when nothing is, or now and then. */
bool live_judge(struct live *l, uint64_t budget_ns, bool more)
{
	uint64_t now = monotonic_ns(), deadline = now + budget_ns;
	bool again = !more || now - l->judged_again >= REJUDGE_NS, stale = false, some = false;

	for (size_t i = l->n; i-- > 0;) {
		struct slot *s = &l->slot[i];
		bool new = s->judged < s->rows;
		if (!s->published || s->placed < s->rows || (!new && !is_stale(l, s)))
			continue;
		if (!new && !again) {
			stale = true;
			continue;
		}
		if (some && monotonic_ns() >= deadline)
			return true;
		if (new)
			judge_new(l, s);
		else
			judge_again(l, s);
		some = true;
	}
	if (again)
		l->judged_again = now;
	return stale;
}

/* ---- what is told ---- */

uint64_t live_seconds(const struct live *l, struct span span)
{
	uint64_t bits[SEGMENT_ROWS / 64 + 1], n = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct slot *s = &l->slot[i];
		const struct segment *g = s->segment;
		if (!s->second_matching ||
		    (g->dated == g->rows && (g->time_max < span.from || g->time_min >= span.to)))
			continue;
		if (g->dated == g->rows && g->time_min >= span.from && g->time_max < span.to) {
			n += s->second_matching;
			continue;
		}
		for (uint32_t w = 0; w < words_of(s->selected); w++)
			bits[w] = s->second[w] & (s->bits ? s->bits[w] : ~UINT64_C(0));
		n += span_count(g, bits, s->selected, span);
	}
	return n;
}

uint64_t live_undecided_seconds(const struct live *l)
{
	uint64_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += l->slot[i].undecided_second;
	return n;
}
