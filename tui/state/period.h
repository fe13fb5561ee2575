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

/* "15m", "last 15m", "all"; FROM-TO (also FROM..TO, FROM to TO), each a time of day, a date
 * or both, "2026-11-24T10:00Z", and TO also "now"; a date alone is that day. What has no
 * zone is in UTC, with `local` in the local zone; a time of day without a date is the last
 * one before `now` (log time), TO the next one after FROM. NULL, or why not. */
const char *period_parse(struct str text, int64_t now, bool local, struct period *out);

#endif
