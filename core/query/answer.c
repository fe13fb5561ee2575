/* answer.c - see answer.h. */
#include "query/answer.h"

#include <stdlib.h>

void answer_begin(struct answer *a, const struct tables *t, const struct query *q,
		  struct span window, const struct extent *e)
{
	int64_t first, last;
	uint64_t apart = extent_data(e, window, &first, &last);
	struct compare c = compare_of(q->mark.time, window, first, last);
	bool by_change = q->mark.ranks && compare_is_possible(&c), dated = e->first <= e->last;
	struct result *r = &a->result;
	uint64_t astray;
	struct span bars = extent_bars(e, window, &astray);

	*a = (struct answer){ .tables = t };
	if (q->rows == ROWS_TIMELINE) {
		result_timeline(r, q, t->rows, t->refused, bars);
	} else if (q->rows == ROWS_RANKED) {
		result_begin(r, q, t->rows,
			     t->columns  ? NULL
			     : t->spread ? t->spread
					 : t->bins,
			     bars);
		if (t->bins && !accumulator_is_exact(t->bins))
			r->capped = true;
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
	r->apart = dated ? apart : 0;
	r->seconds = result_seconds(window, dated ? first : INT64_MAX, dated ? last : INT64_MIN);
}

/* Where few rows are asked for their bins are looked for. */
static bool list_bins(struct answer *a)
{
	const struct tables *t = a->tables;

	if (!t->bins || t->columns || answer_rows(a) <= ORDER_FEW)
		return true;
	if (!a->lists)
		a->lists = bin_lists_new(t->rows, t->bins);
	return bin_lists_step(a->lists);
}

static void forget_lists(struct answer *a)
{
	bin_lists_free(a->lists);
	a->lists = NULL;
}

bool answer_step(struct answer *a, uint32_t to)
{
	const struct tables *t = a->tables;

	if (a->cut) /* before what it is asked for now */
		a->rank = (to - 1) / ANSWER_ROWS * ANSWER_ROWS;
	if (!a->order)
		return true;
	if (t->some && !order_step(a->order, 0)) /* how many there are */
		return false;
	to = t->some && to > answer_rows(a) ? answer_rows(a) : to;
	a->needs = t->some && to > 0 && (to <= t->first || to > t->end);
	if (a->needs)
		a->rank = (to - 1) / ANSWER_ROWS * ANSWER_ROWS;
	if (a->needs || !order_step(a->order, to - (t->some ? t->base : 0)))
		return false;
	a->result.ranked = order_ranked(a->order);
	return list_bins(a);
}

uint32_t answer_rows(const struct answer *a)
{
	const struct query *q = &a->result.query;

	if (a->cut)
		return a->rank;
	if (a->order && a->tables->some)
		return q->limit && q->limit < order_ranked(a->order) ? q->limit
								     : order_ranked(a->order);
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
		group[i] = order_group(a->order, first + i - (t->some ? t->base : 0));
	result_put(&a->result, t->rows, group, n, w, t->columns ? NULL : t->bins, a->lists);
	if (a->column)
		result_put_cells(&a->result, t->rows, group, t->columns, a->column, t->bins);
	result_compared(&a->result, &a->result.compare);
	free(group);
}

bool answer_needs(const struct answer *a, uint32_t *rank)
{
	*rank = a->rank;
	return a->needs;
}

bool answer_is_cut(const struct answer *a)
{
	return a->cut;
}

void answer_cut(struct answer *a)
{
	a->cut = true;
	a->needs = false;
	forget_lists(a);
	order_free(a->order); /* of rows that may be gone */
	a->order = NULL;
}

bool answer_renew(struct answer *a)
{
	if (a->rank < a->tables->first || a->rank >= a->tables->end) {
		answer_cut(a);
		return false;
	}
	a->needs = false;
	forget_lists(a);
	order_free(a->order);
	a->order = order_new(a->tables->rows, &a->result.query, &a->result.compare);
	return true;
}

void answer_release(struct answer *a)
{
	result_release(&a->result);
	forget_lists(a);
	order_free(a->order);
	free(a->column);
	*a = (struct answer){ 0 };
}

size_t answer_bytes(const struct answer *a)
{
	return order_bytes(a->order) + bin_lists_bytes(a->lists);
}
