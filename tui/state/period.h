/* period.h - a window as people type it: "15m", "all", "10:00-10:30", one day. Pure: the
 * caller says what now is. */
#ifndef ENITOP_PERIOD_H
#define ENITOP_PERIOD_H

#include "base/util.h"

struct period {
	bool follows;     /* the last `last_s` of log time; else from <= time < to */
	int64_t last_s;   /* 0: all there is */
	int64_t from, to; /* epoch seconds */
};

/* "15m", "last 15m", "all"; what moment_parse_range() reads, from `now` (log time) on, "14:00-"
 * as well (until now); one day. NULL, or why not. */
const char *period_parse(struct str text, int64_t now, struct period *out);

/* Of a text that period_parse() does not take: the whole one that it may be the beginning of, as
 * "10:00-now" of "10:"; true. Else, false, what can't stand where it does, and what could:
 * "no 'xx' behind '10:': 10:00-now?". */
bool period_hint(struct str text, int64_t now, struct buf *out);

#endif
