/* query_order.c - see query_order.h. A quicksort that is in no hurry: of the parts that it has
 * cut, it cuts the first one on, down to what is sorted at once; a cut is left and gone on with
 * at any row. */
#include "query/query_order.h"

#include <stdlib.h>
#include <string.h>

#include "query/accumulator_state.h"

#define AT_ONCE 256u       /* groups that are sorted, or handed out by a ranking, at once */
#define ROWS_A_STEP 16384u /* looked at in a step */

/* A group with what it is ranked by; of equal ones the key decides, whose first bytes are at
 * hand. */
struct ordered {
	uint64_t size, prefix;
	uint32_t group;
};

struct order {
	const struct accumulator *a, *after; /* NULL: see order_behind() */
	struct compare compare;
	enum metric metric;
	enum change only;
	bool by_change;
	uint32_t limit;
	uint32_t looked_at; /* groups, of those of the accumulator */
	struct ordered *row;
	uint32_t n, known, ranked; /* rows; those in their place; of all groups */
	/* Where the parts end, the first one's last: rows known..bound[bounds - 1]-1. */
	uint32_t *bound;
	size_t bound_cap;
	uint32_t bounds;
	/* A cut that is under way: from known on are those before the pivot, from `at` those not
	 * seen yet, from `end` those behind it. */
	bool cutting;
	struct ordered pivot;
	uint32_t before, at, end;
};

/* ---- what groups are ranked by ---- */

static bool size_of(const struct order *o, const struct accumulator *a, uint32_t g, uint64_t *size)
{
	double change;

	if (!o->by_change) {
		*size = accumulator_metric(a, g, o->metric);
		return *size > 0 || !metric_wants_some(o->metric);
	}
	if (!compare_size(&o->compare, a, g, o->metric, o->only, &change))
		return false;
	memcpy(size, &change, sizeof *size); /* none is negative: in the order of their bits */
	return true;
}

/* Best first. */
static int ordered_compare(const void *x, const void *y, void *ctx)
{
	const struct ordered *a = x, *b = y;
	const struct order *o = ctx;

	if (a->size != b->size)
		return a->size > b->size ? -1 : 1;
	if (a->prefix != b->prefix)
		return a->prefix < b->prefix ? -1 : 1;
	return accumulator_order(o->a, a->group, b->group);
}

static bool is_behind(const struct order *o, uint32_t g, uint64_t size)
{
	const struct accumulator *a = o->a;
	uint64_t last = 0;

	if (!o->after || !size_of(o, o->after, 0, &last))
		return true;
	if (size != last)
		return size < last;
	return key_compare(&a->layout, key_at(&a->table, g), key_at(&o->after->table, 0), a->dict) >
	       0;
}

/* Takes some groups in; true when all are. */
static bool look_at_some(struct order *o)
{
	const struct accumulator *a = o->a;
	uint32_t count = accumulator_count(a), end = o->looked_at + ROWS_A_STEP;

	for (end = end < count ? end : count; o->looked_at < end; o->looked_at++) {
		uint32_t g = o->looked_at;
		uint64_t size;
		if (!size_of(o, a, g, &size))
			continue;
		o->ranked++;
		if (!is_behind(o, g, size))
			continue;
		o->row[o->n++] = (struct ordered){
			size, key_prefix(&a->layout, key_at(&a->table, g), a->dict), g
		};
	}
	return o->looked_at == count;
}

/* ---- the sort ---- */

static void add_bound(struct order *o, uint32_t end)
{
	xgrow((void **)&o->bound, &o->bound_cap, (size_t)o->bounds + 1, sizeof *o->bound);
	o->bound[o->bounds++] = end;
}

static void begin_cut(struct order *o, uint32_t end)
{
	uint32_t from = o->known, half = from + (end - from) / 2;
	const struct ordered *x = &o->row[from], *y = &o->row[half], *z = &o->row[end - 1];
	bool xy = ordered_compare(x, y, o) < 0, yz = ordered_compare(y, z, o) < 0,
	     xz = ordered_compare(x, z, o) < 0;

	o->pivot = xy == yz ? *y : xy == xz ? *z : *x;
	o->before = o->at = from;
	o->end = end;
	o->cutting = true;
}

/* Goes on with the cut; the pivot, which no other group equals, ends up between. */
static void cut_some(struct order *o)
{
	struct ordered swap, *row = o->row;

	for (uint32_t i = 0; i < ROWS_A_STEP && o->at < o->end; i++) {
		int side = ordered_compare(&row[o->at], &o->pivot, o);
		swap = row[o->at];
		if (side < 0) {
			row[o->at++] = row[o->before];
			row[o->before++] = swap;
		} else if (side > 0) {
			row[o->at] = row[--o->end];
			row[o->end] = swap;
		} else {
			o->at++;
		}
	}
	if (o->at < o->end)
		return;
	o->cutting = false;
	add_bound(o, o->end);
	if (o->before > o->known)
		add_bound(o, o->before);
}

static void sort_some(struct order *o)
{
	uint32_t end;

	if (o->cutting) {
		cut_some(o);
		return;
	}
	while (o->bounds && o->bound[o->bounds - 1] == o->known)
		o->bounds--;
	end = o->bounds ? o->bound[o->bounds - 1] : o->n;
	if (end - o->known > AT_ONCE) {
		begin_cut(o, end);
		return;
	}
	qsort_r(o->row + o->known, end - o->known, sizeof *o->row, ordered_compare, o);
	o->known = end;
}

bool order_step(struct order *o, uint32_t to)
{
	if (o->looked_at < accumulator_count(o->a) && !look_at_some(o))
		return false;
	if (to > o->n)
		to = o->n;
	if (o->known < to)
		sort_some(o);
	return o->known >= to;
}

/* ---- life ---- */

/* The first few, from one look at all groups. */
static void find_few(struct order *o)
{
	uint32_t *index, of, n;

	if (o->by_change) {
		n = compare_rank(&o->compare, o->a, o->metric, o->only, 0, o->limit, &index, &of);
	} else {
		n = accumulator_rank(o->a, o->metric, o->limit, &index);
		of = accumulator_ranked(o->a, o->metric);
	}
	o->row = xcalloc(n ? n : 1, sizeof *o->row);
	for (uint32_t i = 0; i < n; i++)
		o->row[i].group = index[i];
	o->n = o->known = n;
	o->ranked = of;
	o->looked_at = accumulator_count(o->a);
	free(index);
}

static struct order order_of(const struct accumulator *a, const struct query *q,
			     const struct compare *c)
{
	return (struct order){ .a = a,
			       .compare = *c,
			       .metric = q->metric,
			       .only = q->mark.only,
			       .by_change = q->mark.ranks && compare_is_possible(c),
			       .limit = q->limit };
}

uint64_t order_list(const struct accumulator *a, const struct query *q, const struct compare *c,
		    const struct accumulator *after, order_group_fn *see, void *ctx)
{
	struct order o = order_of(a, q, c);
	uint64_t ranked = 0, size;

	o.after = after;
	for (uint32_t g = 0; g < accumulator_count(a); g++) {
		if (!size_of(&o, a, g, &size))
			continue;
		ranked++;
		if (is_behind(&o, g, size))
			see(ctx, g, size, key_prefix(&a->layout, key_at(&a->table, g), a->dict));
	}
	return ranked;
}

struct order *order_new(const struct accumulator *a, const struct query *q, const struct compare *c)
{
	struct order *o = xcalloc(1, sizeof *o);

	*o = order_of(a, q, c);
	if (o->limit && o->limit <= ORDER_FEW)
		find_few(o);
	else /* what no row comes to is not touched */
		o->row = xmalloc(((size_t)accumulator_count(a) + 1) * sizeof *o->row);
	return o;
}

void order_behind(struct order *o, const struct accumulator *after)
{
	o->after = after;
}

void order_free(struct order *o)
{
	if (!o)
		return;
	free(o->row);
	free(o->bound);
	free(o);
}

uint32_t order_ranked(const struct order *o)
{
	/* What speaks for others knows. */
	return o->a->part.speaks ? accumulator_ranked(o->a, o->metric) : o->ranked;
}

uint32_t order_count(const struct order *o)
{
	return o->limit && o->limit < o->n ? o->limit : o->n;
}

uint32_t order_group(const struct order *o, uint32_t rank)
{
	return o->row[rank].group;
}

size_t order_bytes(const struct order *o)
{
	return o ? sizeof *o + o->n * sizeof *o->row + o->bound_cap * sizeof *o->bound : 0;
}
