/* shown_usual.h - Z: what is usual for a row: bytes of its records minute by minute, as they are summed
 * for its page. */
#ifndef ENITOP_SHOWN_USUAL_H
#define ENITOP_SHOWN_USUAL_H

#include "query/scan.h"
#include "state/text_page.h"
#include "triage/watched.h"

/* Zero: nothing is asked. */
struct shown_usual {
	struct text_page page;
	struct buf of;          /* the row, as a filter */
	struct filter *filter;  /* the same */
	struct watched *series; /* NULL: nothing is asked */
	struct scan *scan;      /* NULL: all is summed */
	struct spike_point *point;
	size_t points, cap;
	uint64_t stamp, at_ns,
		took_ns; /* of the answers then; when it was summed, and how long that took */
};

#endif
