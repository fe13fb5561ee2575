/* live_answer.c - the answers of live.h: results of panes. */
#include "live/live_state.h"

#include <stdlib.h>
#include <string.h>

static struct trend *trend_of(struct live *l, enum view_kind v)
{
	return v <= VIEW_PORTS ? &l->trend[v] : NULL;
}

void live_heat(const struct live *l, int *row, int *column)
{
	*row = accumulator_group(l->part[PART_PORTS])->field[0];
	*column = l->heat_column;
}

int64_t live_mark(const struct live *l)
{
	return l->mark;
}

struct compare live_compare(const struct live *l)
{
	return compare_of(l->mark, live_target_span(l), ring_oldest(l->ring), l->now);
}

static bool ranks_changes(const struct live *l, const struct compare *c)
{
	return l->by_change && compare_is_possible(c);
}

/* Ranks first..first+n-1, by the change where that is what is ranked. */
static uint32_t rank(const struct live *l, const struct accumulator *a, enum metric m,
		     uint32_t first, uint32_t n, uint32_t **index)
{
	struct compare c = live_compare(l);
	uint32_t of;

	return ranks_changes(l, &c) ? compare_rank(&c, a, m, l->only, first, n, index, &of)
				    : accumulator_rank_part(a, m, first, n, index);
}

/* Starts filling a trend that covers the rows on show, when the one shown does not and
 * the previous one is done. It takes their neighbours in too: the next step of a
 * selection is likely covered. */
static void trend_follow(struct live *l, struct trend *t, enum metric m, struct result_window w)
{
	const struct accumulator *ranked = l->part[t->ranked];
	uint32_t *index, n = w.bin_rows < TREND_KEYS ? w.bin_rows : TREND_KEYS, spare;

	if (t->building ||
	    group_equal(accumulator_group(ranked), accumulator_group(l->part[t->shown])))
		return;
	n = rank(l, ranked, m, w.bin_first, n, &index);
	if (n && !accumulator_covers(l->part[t->shown], ranked, index, n)) {
		free(index);
		spare = (TREND_KEYS - n) / 2;
		n = rank(l, ranked, m, w.bin_first > spare ? w.bin_first - spare : 0, TREND_KEYS,
			 &index);
		accumulator_restrict(l->part[t->next], ranked, index, n);
		live_part_forget(l, t->next);
		t->building = true;
	}
	free(index);
}

static const enum part part_of[VIEW_KINDS] = {
	[VIEW_TALKERS] = PART_TALKERS,
	[VIEW_REJECTS] = PART_REJECTS,
	[VIEW_PORTS] = PART_PORTS,
	[VIEW_TIMELINE] = PART_TIMELINE,
};

void live_result_window(struct live *l, enum view_kind v, enum metric m, struct result_window w,
			struct result *r)
{
	struct trend *t = trend_of(l, v);
	struct span span = live_target_span(l);
	struct compare c = live_compare(l);

	if (v == VIEW_TIMELINE) {
		result_timeline(r, l->part[PART_TIMELINE], l->part[PART_REFUSED], m, span);
	} else {
		const struct accumulator *a = l->part[part_of[v]];
		const struct accumulator *trend = l->part[t->shown];
		bool matrix = v == VIEW_PORTS && l->heat_column != FIELD_BIN;
		trend_follow(l, t, m, w);
		if (ranks_changes(l, &c)) {
			result_changes(r, v, a, m, w, matrix ? NULL : trend, span, &c, l->only);
		} else if (matrix) {
			result_matrix(r, v, a, l->part[PART_COLUMNS], trend, m, w, span);
			result_compared(r, &c);
		} else {
			result_ranked(r, v, a, m, w, trend, span);
			result_compared(r, &c);
		}
	}
	for (uint32_t i = 0; i < r->rows; i++) /* the last bin is not over yet */
		if (v != VIEW_TIMELINE && r->row[i].until > l->now)
			r->row[i].until = l->now;
	r->compare = c;
	r->interval_s = live_interval(l);
	/* Every pane's totals are those of the window. */
	r->totals = *accumulator_total(l->part[PART_PORTS]);
	if (l->now != INT64_MIN && l->now - (r->interval_s ? r->interval_s : 60) < span.to)
		r->incomplete_s = l->now - (r->interval_s ? r->interval_s : 60);
	r->seconds = result_seconds(r->window, ring_oldest(l->ring), l->now);
	r->complete = l->settled;
	for (size_t i = 0; i < l->n; i++)
		r->scanned += l->slot[i].segment->flows;
}

void live_result(struct live *l, enum view_kind v, enum metric m, uint32_t limit, struct result *r)
{
	struct result_window w = { 0, limit, 0, limit ? limit : UINT32_MAX };

	live_result_window(l, v, m, w, r);
}

/* Where a group stands among the changes. */
static uint32_t rank_of_change(const struct live *l, const struct accumulator *a, enum metric m,
			       uint32_t group)
{
	uint32_t *index, n = rank(l, a, m, 0, UINT32_MAX, &index), at = 0;

	while (at < n && index[at] != group)
		at++;
	free(index);
	return at < n ? at : UINT32_MAX;
}

uint32_t live_rank_of(struct live *l, enum view_kind v, enum metric m, const struct value *key)
{
	const struct accumulator *a = l->part[part_of[v]];
	struct compare c = live_compare(l);
	uint32_t group = accumulator_find(a, key);

	if (group == UINT32_MAX)
		return group;
	return ranks_changes(l, &c) ? rank_of_change(l, a, m, group)
				    : accumulator_rank_of(a, m, group);
}

uint64_t live_matches(const struct live *l)
{
	uint64_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct slot *s = &l->slot[i];
		n += s->bits ? s->matching : s->segment->flows;
	}
	return n;
}
