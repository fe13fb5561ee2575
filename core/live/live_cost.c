/* live_cost.c - what bytes cost in live.h: which prices rows have (charge.h) is judged behind what second
 * sightings they are, and stands in their segments, where it is read when they are folded. */
#include "live/live_state.h"

#include <stdlib.h>
#include <string.h>

void live_set_prices(struct live *l, const struct prices *p)
{
	if (l->prices == p)
		return;
	l->prices = p;
	if (p)
		places_want_ways(l->places);
	for (size_t i = 0; i < l->n; i++) {
		segment_discharge(l->slot[i].segment);
		free(l->slot[i].uncharged);
		l->slot[i].uncharged = NULL;
		live_unjudge(&l->slot[i]);
	}
	live_relabel(l); /* nothing that was folded is left */
	live_price_parts(l);
}

void live_price_parts(struct live *l)
{
	for (unsigned p = 0; p < PARTS; p++) {
		bool on = l->part[p] && live_is_priced(l, p % LIVE_QUERIES);
		if (l->part[p] && l->priced[p] != on)
			live_part_forget(l, p);
		l->priced[p] = on;
		if (l->part[p])
			accumulator_price(l->part[p], on);
	}
}

void live_charge_slot(struct live *l, struct slot *s, uint32_t first)
{
	uint32_t words = (s->rows + 63) / 64, before = first % 64;
	uint8_t kept[64];

	if (!l->prices)
		return;
	if (before) /* bits begin at a word: rows of it that were folded stay as they were */
		memcpy(kept, s->segment->charges->of + first - before, before);
	segment_charge(s->segment, l->places, ring_dict(l->ring), l->prices, first - before,
		       s->rows, s->second);
	if (before)
		memcpy(s->segment->charges->of + first - before, kept, before);
	s->uncharged = xrealloc(s->uncharged, words * sizeof *s->uncharged);
	memcpy(s->uncharged, s->second, words * sizeof *s->uncharged);
	segment_keep_charged(s->segment, s->rows, s->uncharged);
}

uint8_t *live_copy_charges(const struct slot *s)
{
	const struct charges *c = s->segment->charges;
	uint8_t *copy = c ? xmalloc(s->rows) : NULL;

	if (c)
		memcpy(copy, c->of, s->rows);
	return copy;
}

void live_swap_charges(struct slot *s, uint8_t *of)
{
	uint8_t *now = of ? s->segment->charges->of : NULL, one;

	for (uint32_t row = 0; of && row < s->rows; row++) {
		one = now[row];
		now[row] = of[row];
		of[row] = one;
	}
}

uint64_t live_charges_differ(const struct slot *s, const uint8_t *of, uint32_t word)
{
	uint32_t first = word * 64, n = s->rows - first < 64 ? s->rows - first : 64;
	const uint8_t *now = of ? s->segment->charges->of : NULL;
	uint64_t bits = 0;

	for (uint32_t i = 0; of && i < n; i++)
		bits |= (uint64_t)(now[first + i] != of[first + i]) << i;
	return bits;
}

uint64_t live_unpriced(const struct live *l, struct span span)
{
	uint64_t sum = 0;

	for (size_t i = 0; l->prices && i < l->n; i++) {
		struct slot *s = &l->slot[i];
		const struct segment *g = s->segment;
		bool dated = g->dated == g->rows;
		if (s->judged < s->rows || s->selected < s->rows ||
		    (dated && (g->time_max < span.from || g->time_min >= span.to)))
			continue;
		if (!dated || g->time_min < span.from || g->time_max >= span.to) {
			sum = saturating_add(sum, span_unpriced(g, s->bits, s->rows, span));
			continue;
		}
		if (!s->unpriced_known)
			s->unpriced = span_unpriced(g, s->bits, s->rows, span);
		s->unpriced_known = true;
		sum = saturating_add(sum, s->unpriced);
	}
	return sum;
}
