/* live_places.c - keeps the places of live.h equal to what the ring has had. They keep what has
 * left it. */
#include "live/live_state.h"

/* Rows that make it worth deciding anew, a place. */
#define ROWS_A_PLACE 16u

void live_set_logs(struct live *l, unsigned (*log_of)(void *ctx, uint32_t source), void *ctx)
{
	l->log_of = log_of;
	l->log_ctx = ctx;
}

const struct places *live_places(const struct live *l)
{
	return l->places;
}

void live_want_ways(struct live *l)
{
	places_want_ways(l->places);
}

void live_place_rows(struct live *l, struct slot *s)
{
	unsigned log = l->log_of ? l->log_of(l->log_ctx, s->segment->source) : 0;

	places_add(l->places, s->segment, ring_dict(l->ring), s->placed, s->rows - s->placed, log);
	l->placed += s->rows - s->placed;
	l->fed = true;
	s->placed = s->rows;
}

/* Decides whose addresses are whose, when rows enough have come, or no more do. */
static bool settle(struct live *l, bool more)
{
	uint64_t rows = places_unsettled(l->places);

	if (l->resettle ? more
			: rows == 0 ||
				  (more && rows < (uint64_t)places_count(l->places) * ROWS_A_PLACE))
		return rows > 0;
	l->resettle = false;
	places_settle(l->places, dict_labels(ring_dict(l->ring)));
	return false;
}

bool live_learn_places(struct live *l, uint64_t budget_ns)
{
	uint64_t deadline = monotonic_ns() + budget_ns;
	bool more = false, some = false;

	l->fed = false;
	for (size_t i = l->n; i-- > 0;) {
		struct slot *s = &l->slot[i];
		more |= !s->published;
		if (!s->published || s->placed == s->rows)
			continue;
		if (some && monotonic_ns() >= deadline) {
			more = true;
			break;
		}
		live_place_rows(l, s);
		some = true;
	}
	return settle(l, more || some) || more;
}

bool live_has_places(const struct live *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->slot[i].placed < l->slot[i].rows)
			return false;
	return places_unsettled(l->places) == 0;
}
