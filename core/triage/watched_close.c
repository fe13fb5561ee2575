/* watched_close.c - the bins of watched.h as points of their series: closed, or looked at as they are. */
#include <stdlib.h>

#include "triage/watched_state.h"

#define SILENCE 2880 /* bins without a sum: behind more a series begins anew */
#define KEPT 4       /* bins that stay open however little room there is */

/* ---- which bins are complete ---- */

/* Whether the log tells what was there: where an interface says that there was nothing, what it says
 * nothing of is not known, else it is nothing. */
static bool is_told(const struct watched *w, const struct target *t, int64_t from, int64_t to)
{
	const struct interface *p = t->place == PLACE_NONE ? NULL : places_at(w->places, t->place);
	enum coverage c;

	if (!p)
		return true;
	c = places_coverage(w->places, t->place, from, to - 1);
	return c == COVERAGE_OK || (c != COVERAGE_LOST && p->nodata.n == 0);
}

/* The bin of the first whole one. */
static int64_t first_bin(const struct watched *w, const struct target *t, int64_t every)
{
	int64_t first = w->first;

	if (t->place != PLACE_NONE) {
		const struct interface *p = places_at(w->places, t->place);
		first = p->first > first ? p->first : first;
	}
	return bin_of(first + every - 1, every);
}

/* Bins that begin before it are complete. */
static int64_t last_bin(const struct watched *w, const struct target *t, int64_t every,
			int64_t interval)
{
	int64_t until = w->newest - interval;

	if (t->place != PLACE_NONE) {
		const struct interface *p = places_at(w->places, t->place);
		if (p->newest < until)
			until = p->newest - interval;
	}
	return bin_of(until, every);
}

/* ---- points ---- */

/* What the points of a target are told to. */
struct bins_walk {
	int64_t interval, limit; /* bins from this time on are left out; INT64_MAX: none */
	struct spike_series **series;
	watched_point_fn *point; /* NULL: nobody */
	void *ctx;
};

/* Gives the series the bins that are complete; returns the one behind the last. */
static int64_t walk(const struct watched *w, uint32_t i, const struct bins_walk *to)
{
	const struct watched_target *t = &w->target[i];
	int64_t every = watched_rule(w, i)->every;
	int64_t end = last_bin(w, &t->of, every, to->interval), bin = t->from;
	struct spike_point p;

	end = to->limit != INT64_MAX && bin_of(to->limit, every) < end ? bin_of(to->limit, every)
								       : end;
	if (bin == INT64_MIN)
		bin = first_bin(w, &t->of, every);
	for (; bin < end; bin++) {
		int64_t next = bins_next(&t->open, bin);
		if ((next == INT64_MAX ? end : next) - bin > SILENCE)
			bin = next == INT64_MAX || next > end ? end : next;
		if (bin >= end || !is_told(w, &t->of, bin * every, (bin + 1) * every))
			continue;
		if (!*to->series)
			*to->series = spike_series_new(watched_rule(w, i));
		spike_series_add(*to->series, bin * every, (double)bins_sum(&t->open, bin), &p);
		if (to->point)
			to->point(to->ctx, i, &p);
	}
	return end;
}

static void close_target(struct watched *w, uint32_t i, int64_t interval, int64_t limit)
{
	struct watched_target *t = &w->target[i];
	const struct bins_walk to = { interval, limit, &t->series, t->counts ? w->point : NULL,
				      w->ctx };
	int64_t end = walk(w, i, &to);

	if (end > t->from)
		t->from = end;
	w->open_bytes -= bins_drop(&t->open, t->from);
}

static void close_until(struct watched *w, int64_t limit)
{
	int64_t interval = places_logs(w->places, PLACE_NONE).interval;
	uint32_t *order;

	if (w->first > w->newest)
		return;
	watched_choose_servers(w);
	order = watched_put_in_order(w);
	for (uint32_t i = 0; i < w->targets; i++)
		close_target(w, order[i], interval, limit);
	free(order);
}

void watched_close(struct watched *w)
{
	close_until(w, INT64_MAX);
}

bool watched_is_full(const struct watched *w)
{
	return w->open_bytes > w->bytes;
}

static int64_t oldest_open(const struct watched *w)
{
	int64_t oldest = INT64_MAX;

	for (uint32_t i = 0; i < w->targets; i++) {
		int64_t bin = bins_next(&w->target[i].open, INT64_MIN);
		int64_t t = bin == INT64_MAX ? bin : bin * watched_rule(w, i)->every;
		oldest = t < oldest ? t : oldest;
	}
	return oldest;
}

void watched_make_room(struct watched *w)
{
	while (watched_is_full(w)) {
		int64_t oldest = oldest_open(w), half;
		if (oldest == INT64_MAX || w->newest - oldest < KEPT * CHUNK_BINS * w->rule.every)
			return;
		half = oldest + (w->newest - oldest) / 2;
		close_until(w, half);
	}
}

/* ---- looked at, and left open ---- */

/* Its series as if all that is complete were closed; the caller's. NULL: there is nothing of it. */
static struct spike_series *look_at(const struct watched *w, uint32_t i, int64_t until,
				    watched_point_fn *fn, void *ctx)
{
	const struct watched_target *t = &w->target[i];
	struct spike_series *s = t->series ? spike_series_copy(t->series) : NULL;
	const struct bins_walk to = { places_logs(w->places, PLACE_NONE).interval,
				      t->of.place == PLACE_NONE ? until : INT64_MAX, &s, fn, ctx };

	walk(w, i, &to);
	return s;
}

void watched_look_begin(struct watched *w, int64_t until)
{
	free(w->look.order);
	w->look.order = NULL;
	w->look.at = w->look.n = 0;
	w->look.until = until;
	w->look.next.n = 0;
	if (w->first > w->newest)
		return;
	watched_choose_servers(w);
	w->look.order = watched_put_in_order(w);
	w->look.n = w->targets;
}

static void take_spikes(struct watched *w, uint32_t i)
{
	struct seen_spikes *to = &w->look.next;
	struct spike_series *s = look_at(w, i, w->look.until, NULL, NULL);

	for (unsigned k = 0; s && k < spike_series_count(s); k++) {
		xgrow((void **)&to->list, &to->cap, to->n + 1, sizeof *to->list);
		to->list[to->n++] = (struct seen_spike){ i, *spike_series_at(s, k) };
	}
	spike_series_free(s);
}

bool watched_look(struct watched *w, uint64_t budget_ns)
{
	uint64_t end = monotonic_ns() + budget_ns;
	struct seen_spikes was = w->seen;

	while (w->look.at < w->look.n) {
		uint32_t i = w->look.order[w->look.at++];
		if (w->target[i].counts)
			take_spikes(w, i);
		if (w->look.at < w->look.n && monotonic_ns() >= end)
			return true;
	}
	w->seen = w->look.next;
	w->look.next = was;
	w->looks = true;
	return false;
}

void watched_points(const struct watched *w, uint32_t i, int64_t until, watched_point_fn *fn,
		    void *ctx)
{
	if (w->first <= w->newest)
		spike_series_free(look_at(w, i, until, fn, ctx));
}
