/* age.c - see age.h. */
#include "state/age.h"

#include "state/clock.h"

#define DAY_S 86400

int64_t age_days(const struct app *a)
{
	int64_t now = live_now(a->live);

	return now == INT64_MIN || a->clock_s < now ? 0 : (a->clock_s - now) / DAY_S;
}

/* The flows of a segment that ended in the span. */
static uint64_t flows_within(const struct segment *s, int64_t from, int64_t to)
{
	enum { STEP = 512 };
	int64_t end[STEP];
	uint64_t n = 0;

	if (s->time_max < from || s->time_min >= to)
		return 0;
	if (s->dated && s->time_min >= from && s->time_max < to)
		return s->flows;
	for (uint32_t row = 0; row < s->rows; row += STEP) {
		uint32_t rows = s->rows - row < STEP ? s->rows - row : STEP;
		segment_times(s, row, rows, end);
		for (uint32_t i = 0; i < rows; i++)
			n += !(s->mark[row + i] & MARK_STATUS) && end[i] != INT64_MIN &&
			     end[i] >= from && end[i] < to;
	}
	return n;
}

static uint64_t ended_within(const struct app *a, int64_t from, int64_t to)
{
	const struct ring *ring = monitor_ring(a->monitor);
	uint64_t n = 0;

	for (size_t i = 0; i < ring_count(ring); i++)
		n += flows_within(ring_peek(ring, i), from, to);
	return n;
}

uint64_t age_older(struct app *a)
{
	struct older *o = &a->older;
	struct span s = live_span(a->live);
	uint64_t held = ring_flows(monitor_ring(a->monitor)),
		 gone = ring_evicted(monitor_ring(a->monitor));

	if (s.from == INT64_MIN)
		return 0;
	if (o->from != s.from || o->held != held || o->gone != gone)
		*o = (struct older){ s.from, held, gone, ended_within(a, INT64_MIN + 1, s.from) };
	return o->n;
}

static bool is_loading(const struct app *a)
{
	uint64_t done, total;

	monitor_progress(a->monitor, &done, &total);
	return total > done;
}

void age_step(struct app *a)
{
	struct span s = live_span(a->live);
	bool asked = a->options->window_given || a->window_chosen || a->paused;

	if (asked || !live_window(a->live) || app_travels(a) || is_loading(a) ||
	    !a->totals.complete || result_matching(&a->totals) || s.from == INT64_MIN ||
	    ended_within(a, s.from, s.to) || !age_older(a))
		return;
	a->widened_s = live_window(a->live);
	live_set_window(a->live, 0);
}
