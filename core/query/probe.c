/* probe.c - see probe.h. */
#include "query/probe.h"

#include <stdlib.h>

struct probe {
	struct scan scan;
	struct filter *filter;
};

struct probe *probe_new(struct ring *r, struct filter *f, struct span span)
{
	struct probe *p = xcalloc(1, sizeof *p);

	p->filter = f;
	scan_begin(&p->scan, r, true, span);
	return p;
}

void probe_free(struct probe *p)
{
	if (!p)
		return;
	filter_free(p->filter);
	free(p);
}

enum probe_answer probe_step(struct probe *p, uint64_t budget_ns)
{
	uint64_t deadline = monotonic_ns() + budget_ns;
	struct scan *s = &p->scan;

	while (scan_look(s)) {
		if (scan_select(s, p->filter) &&
		    (s->undecided || span_count(s->segment, s->bits, s->rows, s->span)))
			return PROBE_SOME;
		scan_next(s);
		if (monotonic_ns() >= deadline)
			return PROBE_MORE;
	}
	return PROBE_NONE;
}
