/* scan.c - see scan.h. */
#include "query/scan.h"

void scan_begin(struct scan *s, struct ring *r, bool newest_first, struct span span)
{
	size_t n = ring_count(r);

	s->ring = r;
	s->span = span;
	s->newest_first = newest_first;
	s->from = 0;
	s->to = n ? ring_peek(r, n - 1)->serial + 1 : 0;
	s->total = n;
	s->passed = 0;
	s->segment = NULL;
}

static bool is_outside(const struct scan *s, const struct segment *g)
{
	return g->dated == g->rows && (g->time_max < s->span.from || g->time_min >= s->span.to);
}

static void pass(struct scan *s, uint64_t serial)
{
	if (s->newest_first)
		s->to = serial;
	else
		s->from = serial + 1;
	s->passed++;
}

bool scan_look(struct scan *s)
{
	for (;;) {
		size_t end = ring_find(s->ring, s->to), i = s->newest_first && end ? end - 1 : 0;
		if (!s->newest_first)
			i = ring_find(s->ring, s->from);
		if (i >= end)
			return false;
		struct segment *g = ring_peek(s->ring, i);
		if (is_outside(s, g)) {
			pass(s, g->serial);
			continue;
		}
		ring_publish(s->ring, g);
		s->fresh = !s->segment || s->serial != g->serial;
		if (s->fresh)
			s->rows = g->rows;
		s->segment = g;
		s->serial = g->serial;
		return true;
	}
}

void scan_next(struct scan *s)
{
	pass(s, s->serial);
}

bool scan_select(struct scan *s, struct filter *f)
{
	const struct dict *d = ring_dict(s->ring);

	s->undecided = 0;
	if (s->rows == 0 || filter_excludes(f, s->segment, d))
		return false;
	if (filter_select(f, s->segment, d, 0, s->rows, s->bits, s->undecided_bits))
		s->undecided = span_count(s->segment, s->undecided_bits, s->rows, s->span);
	return true;
}

unsigned scan_percent(const struct scan *s)
{
	return s->total ? (unsigned)(s->passed * 100 / s->total) : 100;
}
