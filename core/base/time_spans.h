/* time_spans.h - stretches of time, apart from each other and in order: when somebody was heard
 * of. Those no further apart than `bridge` are one. */
#ifndef ENITOP_TIME_SPANS_H
#define ENITOP_TIME_SPANS_H

#include "base/util.h"

#define TIME_SPANS_MAX 4096u /* beyond it the two that are closest become one */

struct time_span {
	int64_t from, to; /* both inside, seconds */
};

/* Zero-initialise but for `bridge`. */
struct time_spans {
	int64_t bridge; /* seconds */
	struct time_span *span;
	size_t n, cap;
	bool merged; /* some were further apart: there were too many */
};

void time_spans_release(struct time_spans *t);
/* Makes an empty one the same as another, but for its `bridge`. */
void time_spans_copy(struct time_spans *to, const struct time_spans *from);
/* Adds from..to; `to` before `from` counts as `from` alone. */
void time_spans_add(struct time_spans *t, int64_t from, int64_t to);
/* Whether all of from..to is in one of them, or no more than `slack` beyond its ends. */
bool time_spans_hold(const struct time_spans *t, int64_t from, int64_t to, int64_t slack);
/* Whether some time from..to is in one of them. */
bool time_spans_overlap(const struct time_spans *t, int64_t from, int64_t to);

#endif
