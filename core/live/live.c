/* live.c - see live.h. */
#include "live/live_state.h"

#include <stdlib.h>
#include <string.h>

#include "query/bulk.h"

/* ---- life ---- */

/* Frees the workers' copies of the filter. */
static void copies_free(struct live *l)
{
	for (unsigned i = 1; i < WORKERS_MAX; i++) {
		filter_free(l->copy[i]);
		l->copy[i] = NULL;
	}
}

void live_set_workers(struct live *l, unsigned workers)
{
	crew_free(l->crew);
	copies_free(l);
	l->workers = !workers ? 1 : workers < WORKERS_MAX ? workers : WORKERS_MAX;
	l->crew = crew_new(l->workers);
}

void live_work_alone(struct live *l, bool on)
{
	l->alone = on;
}

struct live *live_new(struct ring *r)
{
	struct live *l = xcalloc(1, sizeof *l);

	l->ring = r;
	l->bulk = bulk_new();
	l->places = places_new();
	live_set_workers(l, 1);
	l->now = INT64_MIN;
	l->slice = SLICE_ROWS;
	l->limits = l->fixed = (struct span){ INT64_MIN, INT64_MAX, false };
	return l;
}

void live_free(struct live *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->n; i++) {
		live_deselect(&l->slot[i]);
		free(l->slot[i].second);
		free(l->slot[i].uncharged);
		free(l->slot[i].pending);
	}
	places_free(l->places);
	for (unsigned p = 0; p < PARTS; p++)
		accumulator_free(l->part[p]);
	filter_free(l->filter);
	copies_free(l);
	crew_free(l->crew);
	bulk_free(l->bulk);
	free(l->slot);
	free(l);
}

/* ---- the question ---- */

unsigned live_add(struct live *l, const struct query *q)
{
	unsigned n = l->questions++;

	if (n == LIVE_QUERIES)
		die("more than %d queries on a screen", LIVE_QUERIES);
	l->question[n] = (struct question){ .query = *q,
					    .shown = PART(PART_SHOWN, n),
					    .next = PART(PART_NEXT, n) };
	if (q->rows != ROWS_RECORDS) {
		live_make_rows(l, n);
		live_make_bins(l, n);
		live_fit_bins(l);
	}
	return n;
}

void live_ask(struct live *l, unsigned query, const struct query *q)
{
	struct query *now = &l->question[query].query, was = *now;
	struct accumulator *rows = l->part[PART(PART_ROWS, query)];

	*now = *q;
	now->filter = NULL;
	if ((was.mark.time == INT64_MIN) != (q->mark.time == INT64_MIN))
		live_restart(l); /* undated records come in or go */
	if (!rows)
		return;
	if (was.metric != q->metric) {
		live_weigh(l, query);
		accumulator_watch(rows, q->metric);
	}
	if (!group_equal(&was.group, &q->group)) {
		live_make_rows(l, query);
	} else if (q->rows == ROWS_RANKED &&
		   (was.mark.time != q->mark.time || !group_equal(&was.distinct, &q->distinct))) {
		live_part_forget(l, PART(PART_ROWS, query));
		accumulator_set_mark(rows, q->mark.time);
		accumulator_set_distinct(rows, &q->distinct);
	}
	if (!group_equal(&was.group, &q->group) || was.bins.kind != q->bins.kind ||
	    was.bins.field != q->bins.field || was.bins.most != q->bins.most) {
		live_make_bins(l, query);
		live_fit_bins(l);
	}
	live_price_parts(l);
}

struct query live_query(const struct live *l, unsigned query)
{
	struct query q = l->question[query].query;

	q.filter = l->filter;
	q.priced = live_is_priced(l, query);
	q.once = l->once && q.rows != ROWS_RECORDS;
	q.span = live_open_span(l);
	q.window_s = 0;
	return q;
}

void live_deselect(struct slot *s)
{
	free(s->bits);
	free(s->undecided);
	s->bits = s->undecided = NULL;
	s->bit_words = s->selected = s->matching = 0;
	live_uncount_slot(s);
}

void live_set_filter(struct live *l, struct filter *f)
{
	bool same = f && l->filter && strcmp(filter_reads(f), filter_reads(l->filter)) == 0;

	if (same)
		filter_share_time(f, l->filter);
	filter_free(l->filter);
	copies_free(l);
	l->filter = f;
	if (!same) /* as after a blank, while it is typed */
		live_reselect(l);
}

void live_reselect(struct live *l)
{
	for (size_t i = 0; i < l->n; i++)
		live_deselect(&l->slot[i]);
	live_restart(l);
}

void live_relabel(struct live *l)
{
	for (size_t i = 0; i < l->n; i++)
		live_look_again(&l->slot[i], 0);
	l->resettle = true;
	live_reselect(l);
}

const struct filter *live_filter(const struct live *l)
{
	return l->filter;
}

void live_pause(struct live *l, bool on)
{
	l->paused = on;
	l->settled = false;
}

/* ---- following the ring ---- */

static struct slot *slot_add(struct live *l, struct segment *s)
{
	segment_discharge(s); /* whoever looked at the ring before */
	xgrow((void **)&l->slot, &l->cap, l->n + 1, sizeof *l->slot);
	l->slot[l->n] = (struct slot){ .segment = s, .first_start = INT64_MAX };
	l->newest_serial = s->serial;
	return &l->slot[l->n++];
}

void live_look_at_ring(struct live *l)
{
	static const struct span everything = { INT64_MIN, INT64_MAX, false };

	if (l->paused)
		return;
	for (size_t i = ring_find(l->ring, l->newest_serial + 1); i < ring_count(l->ring); i++)
		slot_add(l, ring_peek(l->ring, i));
	for (size_t i = 0; i < l->n; i++) {
		struct slot *s = &l->slot[i];
		int64_t started;
		if (s->rows != s->segment->rows) {
			bulk_add(l->bulk, s->segment, s->rows, s->segment->rows - s->rows, NULL,
				 everything, INT64_MAX, 1);
			started = series_first(s->segment, s->rows, s->segment->rows - s->rows);
			s->first_start = started < s->first_start ? started : s->first_start;
			s->rows = s->segment->rows;
			live_look_at_intervals(s);
			l->settled = false;
		}
	}
	if (ring_now(l->ring) != l->now) {
		l->now = ring_now(l->ring);
		l->settled = false;
	}
	live_note_interval(l);
	live_widen_bins(l);
}

/* ---- figures ---- */

int64_t live_now(const struct live *l)
{
	return l->now;
}

size_t live_bytes(const struct live *l)
{
	size_t n = sizeof *l + l->cap * sizeof *l->slot + places_bytes(l->places);

	for (size_t i = 0; i < l->n; i++) {
		const struct slot *s = &l->slot[i];
		n += s->bit_words * sizeof *s->bits * (s->undecided ? 2 : 1);
		n += s->judged / 8 *
		     (1 + (s->counted[0] != NULL) + (s->counted[1] != NULL) +
		      (s->uncharged != NULL) + (s->pending != NULL));
		n += l->prices ? s->judged : 0;
	}
	for (unsigned p = 0; p < PARTS; p++)
		n += l->part[p] ? accumulator_bytes(l->part[p]) : 0;
	return n;
}
