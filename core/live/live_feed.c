/* live_feed.c - tells the consumer of live.h of rows, in order within each segment: new ones once
 * they are judged, all that it has when what is known of them has changed, and those that leave. */
#include "live/live_state.h"

#define FEED_ROWS 8192u /* at once: half a millisecond */

void live_set_consumer(struct live *l, struct live_consumer c)
{
	l->consumer = c;
	for (size_t i = 0; i < l->n; i++)
		l->slot[i].fed = l->slot[i].looked = 0;
	l->settled = false;
}

void live_look_again(struct slot *s, uint32_t from)
{
	s->looked = from < s->looked ? from : s->looked;
}

static void tell(const struct live *l, const struct slot *s, uint32_t first, uint32_t n, int sign)
{
	l->consumer.rows(l->consumer.ctx, s->segment, first, n, sign, s->second);
}

static uint32_t some_of(uint32_t rows)
{
	return rows < FEED_ROWS ? rows : FEED_ROWS;
}

bool live_feed(struct live *l, uint64_t budget_ns)
{
	uint64_t deadline = monotonic_ns() + budget_ns;
	bool some = false;

	for (size_t i = l->consumer.rows ? l->n : 0; i-- > 0;) {
		struct slot *s = &l->slot[i];
		while (s->looked < s->judged) {
			bool again = s->looked < s->fed;
			uint32_t n = some_of((again ? s->fed : s->judged) - s->looked);
			if (some && monotonic_ns() >= deadline)
				return true;
			tell(l, s, s->looked, n, again ? 0 : 1);
			s->looked += n;
			s->fed = s->looked > s->fed ? s->looked : s->fed;
			some = true;
		}
	}
	return false;
}

void live_feed_out(const struct live *l, const struct slot *s)
{
	if (l->consumer.rows && s->fed)
		tell(l, s, 0, s->fed, -1);
}
