/* live_answer.c - the answers of live.h: to its queries. */
#include "live/live_state.h"

#include <stdlib.h>

#include "query/bulk.h"
#include "query/tables.h"

/* The times that stand for the data: see bulk_data(). */
static uint64_t data_of(const struct live *l, int64_t *first, int64_t *last)
{
	*first = ring_oldest(l->ring);
	*last = l->now;
	return bulk_data(l->bulk, l->now, live_target_span(l), first, last);
}

struct compare live_compare(const struct live *l, int64_t mark)
{
	int64_t first, last;

	data_of(l, &first, &last);
	if (live_is_early(l, mark))
		return (struct compare){ .mark = mark };
	return compare_of(mark, live_target_span(l), first, last);
}

static bool ranks_changes(const struct query *q, const struct compare *c)
{
	return q->mark.ranks && compare_is_possible(c);
}

/* Ranks first..first+n-1, by the change where that is what is ranked. */
static uint32_t rank(const struct live *l, const struct query *q, const struct accumulator *a,
		     uint32_t first, uint32_t n, uint32_t **index)
{
	struct compare c = live_compare(l, q->mark.time);
	uint32_t of;

	return ranks_changes(q, &c)
		       ? compare_rank(&c, a, q->metric, q->mark.only, first, n, index, &of)
		       : accumulator_rank_part(a, q->metric, first, n, index);
}

/* Starts filling bins that cover the rows on show, when those shown do not and the previous
 * ones are done. Neighbours of the rows are taken in too: the next step of a selection is
 * likely covered. */
static void follow_rows(struct live *l, unsigned query, struct result_window w)
{
	struct question *k = &l->question[query];
	const struct accumulator *rows = l->part[PART(PART_ROWS, query)];
	uint32_t *index, keys = live_trend_keys(l), spare;
	uint32_t n = w.bin_rows < TREND_KEYS ? w.bin_rows : TREND_KEYS;

	if (k->building || !w.bin_rows || !l->part[k->shown])
		return;
	n = rank(l, &k->query, rows, w.bin_first, n, &index);
	if (n && !accumulator_covers(l->part[k->shown], rows, index, n)) {
		free(index);
		keys = keys > n ? keys : n;
		spare = (keys - n) / 2;
		n = rank(l, &k->query, rows, w.bin_first > spare ? w.bin_first - spare : 0, keys,
			 &index);
		accumulator_restrict(l->part[k->next], rows, index, n);
		live_part_forget(l, k->next);
		k->building = true;
	}
	free(index);
}

/* The flows that match in the window: of the ranking that has been counted farthest, of those that are
 * priced or are not. */
static struct tally matching(const struct live *l, bool priced)
{
	struct tally most = { 0 };

	for (unsigned i = 0; i < l->questions; i++) {
		const struct accumulator *a = l->part[PART(PART_ROWS, i)];
		if (!a || accumulator_is_series(a) || l->priced[PART(PART_ROWS, i)] != priced)
			continue;
		if (accumulator_total(a)->flows >= most.flows)
			most = *accumulator_total(a);
	}
	return most;
}

/* What the screen says of all of them: costs too where some parts have those. */
static struct tally matching_all(const struct live *l)
{
	struct tally all = matching(l, false), priced;

	if (!l->prices)
		return all;
	priced = matching(l, true);
	if (!all.flows)
		return priced;
	all.cost = priced.cost;
	return all;
}

static void add_totals(const struct live *l, bool priced, struct result *r)
{
	int64_t first, last;

	live_bars(l, &r->astray);
	r->apart = data_of(l, &first, &last);
	r->interval_s = live_interval(l);
	r->totals = matching(l, priced);
	r->incomplete_s = INT64_MAX;
	if (l->now != INT64_MIN && l->now - (r->interval_s ? r->interval_s : 60) < r->window.to)
		r->incomplete_s = l->now - (r->interval_s ? r->interval_s : 60);
	r->seconds = result_seconds(r->window, first, last);
	r->complete = l->settled;
	r->query.once = l->once;
	r->query.priced = priced;
	r->unpriced = live_unpriced(l, r->window);
	r->judged = places_count(l->places) > 0;
	r->second = live_seconds(l, r->window, priced);
	r->second_undecided = live_undecided_seconds(l, r->window);
	r->undecided_cut = l->filter && filter_is_cut(l->filter);
	for (size_t i = 0; i < l->n; i++) {
		const struct slot *s = &l->slot[i];
		r->scanned += s->segment->flows;
		if (s->undecided)
			r->undecided += span_count(s->segment, s->undecided, s->selected,
						   live_open_span(l));
	}
}

void live_totals(const struct live *l, struct result *r)
{
	*r = (struct result){ .query = query_all(),
			      .window = live_target_span(l),
			      .time_min = ring_oldest(l->ring),
			      .time_max = l->now,
			      .compare = { .mark = INT64_MIN } };
	add_totals(l, false, r);
	r->totals = matching_all(l);
	r->query.priced = l->prices != NULL;
}

void live_answer(struct live *l, unsigned query, struct result_window w, struct result *r)
{
	const struct question *k = &l->question[query];
	uint64_t astray;
	struct compare c = live_compare(l, k->query.mark.time);
	struct accumulator *columns = l->part[PART(PART_COLUMNS, query)];
	bool timeline = k->query.rows == ROWS_TIMELINE;

	if (k->query.rows == ROWS_RECORDS) {
		live_totals(l, r);
		r->query = k->query;
		r->query.priced = l->prices != NULL; /* as its totals are */
		r->compare = c;
		return;
	}
	follow_rows(l, query, w);
	struct tables t = { .rows = l->part[PART(PART_ROWS, query)],
			    .bins = l->part[k->shown],
			    .columns = timeline ? NULL : columns,
			    .refused = timeline ? columns : NULL };
	tables_answer(&t, &k->query, w, live_bars(l, &astray), &c, r);
	r->window = live_target_span(l);
	for (uint32_t i = 0; i < r->rows; i++) /* the last bin is not over yet */
		if (!timeline && r->row[i].until > l->now)
			r->row[i].until = l->now;
	add_totals(l, live_is_priced(l, query), r);
}

/* Where a group stands among the changes. */
static uint32_t rank_of_change(const struct live *l, const struct query *q,
			       const struct accumulator *a, uint32_t group)
{
	uint32_t *index, n = rank(l, q, a, 0, UINT32_MAX, &index), at = 0;

	while (at < n && index[at] != group)
		at++;
	free(index);
	return at < n ? at : UINT32_MAX;
}

uint32_t live_rank_of(struct live *l, unsigned query, const struct value *key)
{
	const struct query *q = &l->question[query].query;
	const struct accumulator *a = l->part[PART(PART_ROWS, query)];
	struct compare c = live_compare(l, q->mark.time);
	uint32_t group = accumulator_find(a, key);

	if (group == UINT32_MAX)
		return group;
	return ranks_changes(q, &c) ? rank_of_change(l, q, a, group)
				    : accumulator_rank_of(a, q->metric, group);
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
