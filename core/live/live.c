/* live.c - see live.h. */
#include "live/live_state.h"

#include <stdlib.h>
#include <string.h>

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

/* Of the filter, for the workers. */
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
	static const struct group servers = { .field = { FIELD_SERVER }, .n = 1 };
	struct live *l = xcalloc(1, sizeof *l);

	l->ring = r;
	live_set_workers(l, 1);
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
	copies_free(l);
	crew_free(l->crew);
	free(l->slot);
	free(l);
}

void live_swap_trends(struct live *l)
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

/* ---- the question ---- */

void live_restart(struct live *l)
{
	for (int p = PART_TALKERS; p <= PART_REFUSED; p++)
		live_part_forget(l, (enum part)p);
	for (int i = 0; i < TRENDS; i++)
		trend_reset(l, &l->trend[i]);
}

void live_deselect(struct slot *s)
{
	free(s->bits);
	s->bits = NULL;
	s->bit_words = s->selected = s->matching = 0;
}

void live_set_filter(struct live *l, struct filter *f)
{
	bool same = f && l->filter && strcmp(filter_reads(f), filter_reads(l->filter)) == 0;

	filter_free(l->filter);
	copies_free(l);
	l->filter = f;
	if (!same) /* as after a blank, while it is typed */
		live_relabel(l);
}

void live_relabel(struct live *l)
{
	for (size_t i = 0; i < l->n; i++)
		live_deselect(&l->slot[i]);
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
void live_look_at_ring(struct live *l)
{
	size_t count = ring_count(l->ring), first = count;

	if (l->paused)
		return;
	while (first > 0 && ring_peek(l->ring, first - 1)->serial > l->newest_serial)
		first--;
	for (size_t i = first; i < count; i++)
		slot_add(l, ring_peek(l->ring, i));
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
