/* live_parts.c - the accumulators of live.h: made, emptied, and the bins of the rows on show. */
#include "live/live_state.h"
#include "query/tables.h"

static const struct group by_time = { .field = { FIELD_BIN }, .n = 1 };

void live_part_refold(struct live *l, unsigned part)
{
	for (size_t i = 0; i < l->n; i++)
		l->slot[i].folded[part] = (struct folded){ 0 };
	l->settled = false;
}

void live_part_forget(struct live *l, unsigned part)
{
	accumulator_clear(l->part[part]);
	live_part_refold(l, part);
}

static void unmake(struct live *l, unsigned part)
{
	if (l->part[part])
		live_part_forget(l, part);
	accumulator_free(l->part[part]);
	l->part[part] = NULL;
}

static struct accumulator *make(struct live *l, unsigned part, const struct group *g)
{
	unsigned shift = l->part[part] ? accumulator_bin_shift(l->part[part]) : 0;

	unmake(l, part);
	l->part[part] = accumulator_new(g, ring_dict(l->ring));
	accumulator_set_bin_shift(l->part[part], shift);
	l->settled = false;
	return l->part[part];
}

/* Bins without keys: no row is let in. */
static void empty_bins(struct live *l, unsigned query, unsigned part)
{
	const struct accumulator *rows = l->part[PART(PART_ROWS, query)];
	struct group g;

	if (!tables_bins_group(&l->question[query].query, &g)) {
		unmake(l, part);
		return;
	}
	accumulator_restrict(make(l, part, &g), rows, NULL, 0);
	accumulator_take_overlaps(l->part[part]);
	if (l->question[query].query.bins.kind == BINS_HEAT)
		accumulator_sum_refused(l->part[part]);
}

void live_make_bins(struct live *l, unsigned query)
{
	struct question *k = &l->question[query];
	const struct bins *b = &k->query.bins;
	struct group columns = { .field = { b->field }, .n = 1 };
	struct accumulator *refused;

	if (k->query.rows == ROWS_TIMELINE) {
		refused = make(l, PART(PART_COLUMNS, query), &by_time);
		accumulator_only(refused, MARK_REJECT);
		accumulator_take_overlaps(refused);
	} else if (b->kind == BINS_HEAT && b->field != FIELD_BIN) {
		make(l, PART(PART_COLUMNS, query), &columns);
	} else {
		unmake(l, PART(PART_COLUMNS, query));
	}
	k->building = false;
	empty_bins(l, query, k->shown);
	empty_bins(l, query, k->next);
}

void live_make_rows(struct live *l, unsigned query)
{
	const struct query *q = &l->question[query].query;
	struct accumulator *rows = make(l, PART(PART_ROWS, query), &q->group);

	accumulator_set_mark(rows, q->mark.time);
	accumulator_set_distinct(rows, &q->distinct);
	accumulator_watch(rows, q->metric);
	if (accumulator_is_series(rows))
		accumulator_take_overlaps(rows);
}

void live_swap_bins(struct live *l)
{
	for (unsigned i = 0; i < l->questions; i++) {
		struct question *k = &l->question[i];
		if (!k->building)
			continue;
		unsigned old = k->shown;
		k->shown = k->next;
		k->next = old;
		k->building = false;
		empty_bins(l, i, old);
	}
}

void live_restart(struct live *l)
{
	for (unsigned p = 0; p < ANSWERS; p++)
		if (l->part[p])
			live_part_forget(l, p);
	for (unsigned i = 0; i < l->questions; i++) {
		struct question *k = &l->question[i];
		k->building = false;
		empty_bins(l, i, k->shown);
		empty_bins(l, i, k->next);
	}
}
