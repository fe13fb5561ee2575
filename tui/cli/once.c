/* once.c - see once.h. */
#include "cli/once.h"

#include <stdlib.h>

#include "cli/named_logs.h"
#include "decode/charge.h"
#include "decode/second.h"

struct once {
	struct monitor *monitor;
	struct places *places;
	struct named_logs logs;
	const struct prices *prices; /* NULL: nothing is priced */
};

struct once *once_new(const struct options *o, struct monitor *m)
{
	struct once *v = xcalloc(1, sizeof *v);

	v->monitor = m;
	v->places = places_new();
	places_limit(v->places, o->memory / 16);
	if (options_price(o)) {
		v->prices = &o->prices;
		places_want_ways(v->places);
	}
	v->logs = (struct named_logs){ .options = o, .monitor = m };
	return v;
}

void once_free(struct once *v)
{
	if (!v)
		return;
	places_free(v->places);
	named_logs_release(&v->logs);
	free(v);
}

void once_add(struct once *v, const struct segment *s)
{
	places_add(v->places, s, monitor_dict(v->monitor), 0, s->rows,
		   named_logs_of(&v->logs, s->source));
}

void once_settle(struct once *v)
{
	places_settle(v->places, monitor_labels(v->monitor));
}

bool once_knows(const struct once *v)
{
	return places_count(v->places) > 0;
}

void once_count(const struct once *v, struct segment *s, struct span span, bool leave_out,
		uint64_t *bits, struct once_counts *counts)
{
	uint64_t later[SEGMENT_ROWS / 64 + 1], undecided[SEGMENT_ROWS / 64 + 1];
	const struct dict *d = monitor_dict(v->monitor);
	struct second_counts found;

	second_sightings(v->places, s, d, 0, s->rows, later, undecided, &found);
	if (v->prices) {
		segment_charge(s, v->places, d, v->prices, 0, s->rows, later);
		segment_keep_charged(s, s->rows, later);
	}
	counts->undecided += span_count_both(s, bits, undecided, s->rows, span);
	for (uint32_t w = 0; w < (s->rows + 63) / 64; w++) {
		later[w] &= bits[w];
		if (leave_out)
			bits[w] &= ~later[w];
	}
	counts->second += span_count(s, later, s->rows, span);
	counts->unpriced = saturating_add(counts->unpriced, span_unpriced(s, bits, s->rows, span));
}

unsigned once_sighting(void *ctx, const struct segment *s, uint32_t row)
{
	const struct once *v = ctx;
	struct second_counts counts;
	uint64_t bits;

	second_sightings(v->places, s, monitor_dict(v->monitor), row, 1, &bits, NULL, &counts);
	return bits & 1 ? 2 : 1;
}
