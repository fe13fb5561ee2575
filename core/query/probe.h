/* probe.h - whether a filter selects any flow of a span: looked for in the ring as it is when asked,
 * newest first, in slices, and no further than to the first one. Loop thread only. */
#ifndef ENITOP_PROBE_H
#define ENITOP_PROBE_H

#include "query/scan.h"

enum probe_answer {
	PROBE_MORE, /* not found so far, and there is more to look at */
	PROBE_NONE,
	PROBE_SOME /* one matches, or is undecided */
};

struct probe;

/* Takes the filter. */
struct probe *probe_new(struct ring *r, struct filter *f, struct span span);
/* To drop it is to cancel it; NULL is fine. */
void probe_free(struct probe *p);
/* Works for about `budget_ns`, a segment at least. */
enum probe_answer probe_step(struct probe *p, uint64_t budget_ns);

#endif
