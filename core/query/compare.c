/* compare.c - see compare.h. */
#include "query/compare.h"

#include <stdlib.h>

struct compare compare_of(int64_t mark, struct span window, int64_t time_min, int64_t time_max)
{
	struct compare c = { .mark = mark };
	int64_t from = window.from > time_min ? window.from : time_min;
	int64_t to = time_max == INT64_MAX || window.to <= time_max ? window.to : time_max + 1;

	if (mark == INT64_MIN || time_min > time_max || mark <= from || mark >= to)
		return c;
	c.before_s = mark - from;
	c.after_s = to - mark;
	return c;
}

bool compare_is_possible(const struct compare *c)
{
	return c->before_s > 0 && c->after_s > 0;
}

/* Of a sum that did not fit nothing can be taken away. */
static uint64_t left(uint64_t all, uint64_t before)
{
	return all == UINT64_MAX ? all : all - before;
}

struct tally tally_after(const struct tally *all, const struct tally *before)
{
	return (struct tally){
		.bytes = left(all->bytes, before->bytes),
		.packets = left(all->packets, before->packets),
		.flows = all->flows - before->flows,
		.accepts = all->accepts - before->accepts,
		.rejects = all->rejects - before->rejects,
		.sent = left(all->sent, before->sent),
		.lost = left(all->lost, before->lost),
	};
}

static double rate(uint64_t amount, int64_t seconds)
{
	return seconds > 0 ? (double)amount / (double)seconds : 0;
}

double compare_rate_before(const struct compare *c, const struct tally *before, enum metric m)
{
	return rate(tally_metric(before, m), c->before_s) * metric_scale(m);
}

double compare_rate_after(const struct compare *c, const struct tally *all,
			  const struct tally *before, enum metric m)
{
	struct tally after = tally_after(all, before);

	return rate(tally_metric(&after, m), c->after_s) * metric_scale(m);
}

enum change compare_change(const struct compare *c, const struct tally *all,
			   const struct tally *before, enum metric m)
{
	struct tally after = tally_after(all, before);
	uint64_t x = tally_metric(before, m), y = tally_metric(&after, m);
	double was = rate(x, c->before_s), is = rate(y, c->after_s);

	if (!compare_is_possible(c) || all->flows == 0)
		return CHANGE_SAME;
	if (before->flows == 0 || (x == 0 && y > 0))
		return CHANGE_NEW;
	if (after.flows == 0 || (x > 0 && y == 0))
		return CHANGE_GONE;
	if (x == 0)
		return CHANGE_SAME;
	return is >= was * COMPARE_FACTOR   ? CHANGE_GROWN
	       : is * COMPARE_FACTOR <= was ? CHANGE_SHRUNK
					    : CHANGE_SAME;
}

/* ---- ranking ---- */

struct scored {
	double size; /* of the change, without its sign */
	uint32_t group;
};

struct change_ranking {
	const struct accumulator *a;
};

/* Best first. */
static int scored_compare(const void *x, const void *y, void *ctx)
{
	const struct change_ranking *r = ctx;
	const struct scored *a = x, *b = y;

	if (a->size < b->size || a->size > b->size)
		return a->size > b->size ? -1 : 1;
	return accumulator_order(r->a, a->group, b->group);
}

/* Moves the best `n` of `count` to the front, in no order: quickselect, because there may
 * be a million groups and a screen shows a few. */
static void select_best(struct scored *s, uint32_t count, uint32_t n, struct change_ranking *r)
{
	uint32_t low = 0, high = count;

	while (high - low > 1) {
		struct scored pivot = s[low + (high - low - 1) / 2], swap;
		uint32_t i = low, k = high - 1;
		for (;;) {
			while (scored_compare(&s[i], &pivot, r) < 0)
				i++;
			while (scored_compare(&s[k], &pivot, r) > 0)
				k--;
			if (i >= k)
				break;
			swap = s[i];
			s[i++] = s[k];
			s[k--] = swap;
		}
		if (n <= k)
			high = k + 1;
		else
			low = k + 1;
	}
}

/* Metrics that most groups have nothing of: those are not ranked. */
static bool wants_some(enum metric m)
{
	return metric_wants_some(m) && m != METRIC_DISTINCT;
}

bool compare_size(const struct compare *c, const struct accumulator *a, uint32_t group,
		  enum metric m, enum change only, double *size)
{
	const struct tally *all = accumulator_tally(a, group),
			   *before = accumulator_before(a, group);
	double d;

	if (!before || (wants_some(m) && tally_metric(all, m) == 0))
		return false;
	if (only != CHANGES && compare_change(c, all, before, m) != only)
		return false;
	d = compare_rate_after(c, all, before, m) - compare_rate_before(c, before, m);
	*size = d < 0 ? -d : d > 0 ? d : 0;
	return true;
}

uint32_t compare_rank(const struct compare *c, const struct accumulator *a, enum metric m,
		      enum change only, uint32_t first, uint32_t rows, uint32_t **index,
		      uint32_t *of)
{
	uint32_t limit = rows && rows < UINT32_MAX - first ? first + rows : 0;
	struct change_ranking r = { a };
	uint32_t count = accumulator_count(a), n = 0;
	struct scored *s = xmalloc((count ? count : 1) * sizeof *s);

	for (uint32_t g = 0; g < count; g++) {
		s[n].group = g;
		n += compare_size(c, a, g, m, only, &s[n].size);
	}
	*of = n;
	if (limit && limit < n) {
		select_best(s, n, limit, &r);
		n = limit;
	}
	qsort_r(s, n, sizeof *s, scored_compare, &r);
	n = n > first ? n - first : 0;
	*index = xmalloc((n ? n : 1) * sizeof **index);
	for (uint32_t i = 0; i < n; i++)
		(*index)[i] = s[first + i].group;
	free(s);
	return n;
}
