/* live_flows.c - the flows themselves: the first of those that match, in any order. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "live/live_state.h"

static uint32_t selected_rows(const struct slot *s)
{
	return s->selected < s->rows ? s->selected : s->rows;
}

size_t live_pick(struct live *l, const struct flow_order *o, size_t limit, struct flow_ref **out,
		 uint64_t *matching)
{
	struct flow_pick *p = flow_pick_new(o, ring_dict(l->ring), limit);
	struct span span = live_open_span(l);

	for (size_t i = l->n; i-- > 0;)
		flow_pick_add(p, l->slot[i].segment, selected_rows(&l->slot[i]), l->slot[i].bits,
			      span);
	return flow_pick_end(p, out, matching);
}

void live_snapshot(const struct live *l, struct snapshot *out)
{
	*out = (struct snapshot){ .ring = l->ring };
	for (size_t i = 0; i < l->n; i++) {
		const struct slot *s = &l->slot[i];
		bool judged = s->judged == s->rows;
		snapshot_add(out, s->segment, s->rows, judged && s->seconds ? s->second : NULL,
			     judged ? s->pending : NULL);
	}
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	return hash_u64(h ^ (v + 0x9e3779b97f4a7c15u));
}

uint64_t live_stamp(const struct live *l)
{
	const char *filter = l->filter ? filter_reads(l->filter) : "";
	struct span span = live_open_span(l);
	uint64_t h = hash_bytes(filter, strlen(filter));

	h = mix(mix(h, (uint64_t)span.from), (uint64_t)span.to);
	for (size_t i = 0; i < l->n; i++)
		h = mix(h, l->slot[i].segment->serial << 17 ^ selected_rows(&l->slot[i]));
	return h;
}
