/* live_window.c - what time live.h looks at: the window that follows log time, a span that
 * stands still, limits; how wide the bins are for it, and how long its records last. */
#include "live/live_state.h"

#include <stdlib.h>

#include "query/bulk.h"

#define SAMPLE 512 /* rows of a segment whose length is looked at */

/* ---- bins ---- */

static unsigned shift_for(int64_t seconds, int64_t bins)
{
	unsigned shift = 0;

	while (shift < 40 && seconds >> shift >= bins - 1)
		shift++;
	return shift;
}

static const struct accumulator *timeline(const struct live *l)
{
	for (unsigned i = 0; i < l->questions; i++)
		if (l->question[i].query.rows == ROWS_TIMELINE)
			return l->part[PART(PART_ROWS, i)];
	return NULL;
}

/* The first bin of the timeline: its first record began before it ended. */
static int64_t first_bin(const struct live *l)
{
	const struct accumulator *a = timeline(l);
	int64_t first = INT64_MAX;

	if (!a)
		return first;
	for (uint32_t g = 0; g < accumulator_count(a); g++) {
		struct value v;
		accumulator_key(a, g, 0, &v);
		if (!v.absent && (int64_t)v.number < first)
			first = (int64_t)v.number;
	}
	return first;
}

/* How much time is looked at; without limits, as much as there is. */
static int64_t length(const struct live *l)
{
	uint64_t astray;
	struct span s = live_bars(l, &astray), fixed;
	int64_t oldest = ring_oldest(l->ring), first;

	if (l->window && !live_looks_at(l, &fixed))
		return l->window; /* data or not: it stays as it is while data comes */
	first = first_bin(l);
	first = first < oldest ? first : oldest;
	if (s.from < first)
		s.from = first;
	if (s.to == INT64_MAX)
		s.to = l->now;
	return s.from < s.to ? s.to - s.from : 0;
}

static bool has_bins(const struct live *l, unsigned part)
{
	return l->part[part] && accumulator_is_series(l->part[part]);
}

static const struct query *query_of(const struct live *l, unsigned part)
{
	return &l->question[part % LIVE_QUERIES].query;
}

/* How many bins an accumulator may have, and how many of them a usual record may meet: bins
 * far narrower than what a record sums up cost much and tell nothing. */
static unsigned shift_of(int64_t bins, int64_t seconds, int64_t interval)
{
	unsigned shift = shift_for(seconds, bins);

	while (interval >> shift > bins / 2)
		shift++;
	return shift;
}

static void set_bins(struct live *l, bool narrower)
{
	int64_t seconds = length(l), interval = live_interval(l);

	for (unsigned p = 0; p < PARTS; p++) {
		if (!has_bins(l, p))
			continue;
		unsigned shift = shift_of(query_of(l, p)->bins.most, seconds, interval);
		unsigned had = accumulator_bin_shift(l->part[p]);
		if (shift == had || (shift < had && !narrower))
			continue;
		/* What was merged can't be told apart again, what was dropped not be merged. */
		if (shift < had || !accumulator_is_exact(l->part[p]))
			live_part_forget(l, p);
		accumulator_set_bin_shift(l->part[p], shift);
	}
}

void live_fit_bins(struct live *l)
{
	set_bins(l, true);
}

void live_widen_bins(struct live *l)
{
	set_bins(l, false);
}

/* ---- the question ---- */

void live_set_window(struct live *l, int64_t seconds)
{
	l->window = seconds;
	live_restart(l);
	set_bins(l, true);
}

int64_t live_window(const struct live *l)
{
	return l->window;
}

void live_set_limits(struct live *l, int64_t from, int64_t to)
{
	l->limits = span_between(from, to);
	l->settled = false;
	set_bins(l, true);
}

void live_look_at(struct live *l, int64_t from, int64_t to)
{
	l->fixed = span_between(from, to);
	l->settled = false;
	set_bins(l, true);
}

bool live_looks_at(const struct live *l, struct span *out)
{
	*out = l->fixed;
	return l->fixed.dated_only;
}

/* Whether something is told by sides of a mark: what has no time is on neither. */
static bool is_marked(const struct live *l)
{
	for (unsigned i = 0; i < l->questions; i++)
		if (l->question[i].query.mark.time != INT64_MIN)
			return true;
	return false;
}

/* What is looked at of records that end up to then. */
static struct span span_up_to(const struct live *l, int64_t now)
{
	struct span s = l->limits, fixed;
	bool stands = live_looks_at(l, &fixed);

	s.dated_only |= is_marked(l);
	if (!stands) /* it ends where the data does, or at the limit */
		return span_window(s, l->window, now);
	s.from = fixed.from > s.from ? fixed.from : s.from;
	s.to = fixed.to < s.to ? fixed.to : s.to;
	s.dated_only |= fixed.dated_only;
	return span_window(s, 0, now);
}

/* ---- comparisons ---- */

void live_compare_whole(struct live *l, bool on)
{
	l->whole = on;
	l->settled = false;
}

int64_t live_complete(const struct live *l)
{
	return l->now == INT64_MIN ? INT64_MIN : l->now - (l->interval ? l->interval : 60);
}

bool live_is_early(const struct live *l, int64_t mark)
{
	int64_t complete = live_complete(l);
	struct span s;

	if (!l->whole || mark == INT64_MIN || complete == INT64_MIN)
		return false;
	s = span_up_to(l, complete - 1);
	return mark > s.from && s.to - mark < l->now - complete;
}

/* Whether a query ranks by what changed, and has enough on both sides of its mark. */
static bool is_compared(const struct live *l, struct span s)
{
	for (unsigned i = 0; i < l->questions; i++) {
		const struct mark *m = &l->question[i].query.mark;
		if (m->ranks && m->time > s.from && m->time < s.to && !live_is_early(l, m->time))
			return true;
	}
	return false;
}

struct span live_target_span(const struct live *l)
{
	int64_t complete = live_complete(l);

	if (l->whole && complete != INT64_MIN) {
		struct span s = span_up_to(l, complete - 1);
		if (is_compared(l, s))
			return s;
	}
	return span_up_to(l, l->now);
}

/* Of records that are in a span. */
static int64_t longest_in(const struct live *l, struct span span)
{
	int64_t longest = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct slot *s = &l->slot[i];
		if (s->segment->time_max >= span.from && s->segment->time_min < span.to &&
		    s->interval_s > longest)
			longest = s->interval_s;
	}
	return longest;
}

void live_note_interval(struct live *l)
{
	int64_t longest = longest_in(l, span_up_to(l, l->now));

	if (l->whole && longest != l->interval)
		l->settled = false;
	l->interval = longest;
}

struct span live_open_span(const struct live *l)
{
	struct span s = live_target_span(l), fixed;

	if (!l->window && !live_looks_at(l, &fixed) && l->limits.to == INT64_MAX &&
	    ring_future(l->ring) && s.to > l->now)
		s.to = INT64_MAX;
	return s;
}

struct span live_bars(const struct live *l, uint64_t *astray)
{
	struct span s = live_target_span(l), bulk;

	*astray = 0;
	if (s.from != INT64_MIN)
		return s;
	bulk = bulk_span(l->bulk, l->now, astray);
	if (bulk.from < s.to)
		s.from = bulk.from;
	if (s.from == INT64_MIN)
		*astray = 0;
	return s;
}

struct span live_span(const struct live *l)
{
	return live_target_span(l);
}

/* ---- intervals ---- */

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

void live_look_at_intervals(struct slot *s)
{
	const struct segment *g = s->segment;
	const struct column *start = segment_column(g, FIELD_START),
			    *end = segment_column(g, FIELD_END);
	uint32_t lasted[SAMPLE], n = 0, rows = s->rows < SAMPLE ? s->rows : SAMPLE;

	if (!start || !end || s->interval_rows == rows)
		return;
	s->interval_rows = rows;
	for (uint32_t row = 0; row < rows; row++) {
		uint64_t a = column_number(start, row), b = column_number(end, row);
		if (a == NUMBER_ABSENT || b == NUMBER_ABSENT || (g->mark[row] & MARK_STATUS))
			continue;
		int64_t d = time_in_seconds(b) - time_in_seconds(a);
		if (d >= 0 && d <= SPREAD_MAX_S)
			lasted[n++] = (uint32_t)d;
	}
	s->interval_s = 0;
	if (n == 0)
		return;
	/* Busy conversations fill their interval; a few odd records say nothing. */
	qsort(lasted, n, sizeof *lasted, by_value);
	s->interval_s = lasted[(n - 1) * 19 / 20];
	if (s->interval_s <= 600)
		s->interval_s = s->interval_s <= 60 ? 60 : 600;
}

int64_t live_interval(const struct live *l)
{
	return longest_in(l, live_target_span(l));
}
