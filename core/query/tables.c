/* tables.c - see tables.h. */
#include "query/tables.h"

bool tables_bins_group(const struct query *q, struct group *out)
{
	struct group more = { .field = { q->bins.field }, .n = 1 };

	*out = q->group;
	if (q->bins.kind == BINS_NONE || out->n == GROUP_MAX || group_has(out, &more, 0))
		return false;
	out->field[out->n++] = q->bins.field;
	return true;
}

void tables_init(struct tables *t, const struct query *q, struct dict *d)
{
	struct group columns = { .field = { q->bins.field }, .n = 1 }, bins;

	*t = (struct tables){ 0 };
	if (q->rows == ROWS_RECORDS)
		return;
	t->rows = accumulator_new(&q->group, d);
	accumulator_set_mark(t->rows, q->mark.time);
	accumulator_set_distinct(t->rows, &q->distinct);
	if (q->rows == ROWS_RANKED)
		accumulator_keep_seen(t->rows);
	if (accumulator_is_series(t->rows))
		accumulator_take_overlaps(t->rows);
	if (tables_bins_group(q, &bins)) {
		t->bins = accumulator_new(&bins, d);
		accumulator_take_overlaps(t->bins);
	}
	if (q->bins.kind == BINS_HEAT && q->bins.field != FIELD_BIN)
		t->columns = accumulator_new(&columns, d);
}

unsigned tables_list(const struct tables *t, struct accumulator *out[TABLES_MAX])
{
	struct accumulator *all[TABLES_MAX] = { t->rows, t->bins, t->columns, t->refused };
	unsigned n = 0;

	for (unsigned i = 0; i < TABLES_MAX; i++)
		if (all[i])
			out[n++] = all[i];
	return n;
}

void tables_release(struct tables *t)
{
	struct accumulator *all[TABLES_MAX];

	for (unsigned i = tables_list(t, all); i-- > 0;)
		accumulator_free(all[i]);
	*t = (struct tables){ 0 };
}

void tables_answer(const struct tables *t, const struct query *q, struct result_window w,
		   struct span window, const struct compare *c, struct result *r)
{
	if (q->rows == ROWS_TIMELINE)
		result_timeline(r, q, t->rows, t->refused, window);
	else if (q->mark.ranks && compare_is_possible(c))
		result_changes(r, q, t->rows, w, t->columns ? NULL : t->bins, window, c);
	else if (t->columns)
		result_matrix(r, q, t->rows, t->columns, t->bins, w, window);
	else
		result_ranked(r, q, t->rows, w, t->bins, window);
	result_compared(r, c);
}
