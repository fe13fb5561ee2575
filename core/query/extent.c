/* extent.c - see extent.h. */
#include "query/extent.h"

void extent_release(struct extent *e)
{
	bulk_free(e->bulk);
	bulk_free(e->flows);
	e->bulk = e->flows = NULL;
}

void extent_want_bins(struct extent *e)
{
	if (!e->bulk)
		e->bulk = bulk_new();
}

void extent_see(struct extent *e, const struct segment *s, const uint64_t *bits, struct span span)
{
	int64_t started;

	if (s->dated && s->time_min < e->first)
		e->first = s->time_min > span.from ? s->time_min : span.from;
	if (s->dated && s->time_max > e->last)
		e->last = s->time_max < span.to ? s->time_max : span.to - 1;
	if (!e->flows)
		e->flows = bulk_new();
	bulk_add(e->flows, s, 0, s->rows, NULL, span, INT64_MAX, 1);
	/* A series has what ran in the span of records that end behind it, too. */
	if (!e->bulk || !s->dated || s->time_min - SPREAD_MAX_S >= span.to)
		return;
	started = series_first(s, 0, s->rows);
	started = started > span.from ? started : span.from;
	if (started < span.to && started < e->first_started)
		e->first_started = started;
	bulk_add(e->bulk, s, 0, s->rows, bits, span, started, 1);
}

struct span extent_bars(const struct extent *e, struct span window, uint64_t *astray)
{
	struct span bulk;

	*astray = 0;
	if (!e->bulk)
		return window;
	bulk = bulk_span(e->bulk, e->latest, astray);
	window.from = bulk.from > window.from ? bulk.from : window.from;
	window.to = bulk.to < window.to ? bulk.to : window.to;
	return window;
}

uint64_t extent_data(const struct extent *e, struct span window, int64_t *first, int64_t *last)
{
	*first = e->first;
	*last = e->last;
	return e->flows ? bulk_data(e->flows, e->latest, window, first, last) : 0;
}

void extent_widen(const struct extent *e, struct accumulator *a, unsigned most)
{
	uint64_t astray;
	struct span all = { e->first_started, e->last + 1, true },
		    bars = extent_bars(e, all, &astray);
	unsigned shift = accumulator_bin_shift(a);

	if (bars.from >= bars.to)
		return;
	while (shift < 40 && ((bars.to - 1) >> shift) - (bars.from >> shift) >= (int64_t)most)
		shift++;
	if (shift != accumulator_bin_shift(a))
		accumulator_set_bin_shift(a, shift);
}
