/* answer.c - see answer.h. */
#include "query/answer.h"

#include <stdlib.h>

void answer_begin(struct answer *a, const struct tables *t, const struct query *q,
		  struct span window, const struct extent *e)
{
	struct compare c = compare_of(q->mark.time, window, e->first, e->last);
	bool by_change = q->mark.ranks && compare_is_possible(&c), dated = e->first <= e->last;
	struct result *r = &a->result;
	uint64_t astray;
	struct span bars = extent_bars(e, window, &astray);

	*a = (struct answer){ .tables = t };
	if (q->rows == ROWS_TIMELINE) {
		result_timeline(r, q, t->rows, t->refused, bars);
	} else if (q->rows == ROWS_RANKED) {
		result_begin(r, q, t->rows, t->columns ? NULL : t->bins, bars);
		if (t->columns && !by_change)
			a->column = result_columns_of(r, t->columns, t->bins);
		r->by_change = by_change;
		a->order = order_new(t->rows, q, &c);
	} else {
		*r = (struct result){ .query = *q };
	}
	r->compare = c;
	r->astray = r->bins && !r->column ? astray : 0;
	r->window = window;
	r->time_min = dated ? e->first : INT64_MAX;
	r->time_max = dated ? e->last : INT64_MIN;
	r->seconds = result_seconds(window, r->time_min, r->time_max);
}

bool answer_step(struct answer *a, uint32_t to)
{
	if (!a->order)
		return true;
	if (!order_step(a->order, to))
		return false;
	a->result.ranked = order_ranked(a->order);
	return true;
}

uint32_t answer_rows(const struct answer *a)
{
	return a->order ? order_count(a->order) : a->result.rows;
}

void answer_take(struct answer *a, uint32_t first, uint32_t n)
{
	const struct tables *t = a->tables;
	struct result_window w = { first, n, first, n };
	uint32_t *group;

	if (!a->order)
		return;
	group = xmalloc((n ? n : 1) * sizeof *group);
	for (uint32_t i = 0; i < n; i++)
		group[i] = order_group(a->order, first + i);
	result_put(&a->result, t->rows, group, n, w, t->columns ? NULL : t->bins);
	if (a->column)
		result_put_cells(&a->result, t->rows, group, t->columns, a->column, t->bins);
	result_compared(&a->result, &a->result.compare);
	free(group);
}

void answer_release(struct answer *a)
{
	result_release(&a->result);
	order_free(a->order);
	free(a->column);
	*a = (struct answer){ 0 };
}

size_t answer_bytes(const struct answer *a)
{
	return order_bytes(a->order);
}
