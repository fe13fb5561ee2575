/* moment.h - times as people type them, in filters, options and windows: epoch seconds or
 * milliseconds, RFC 3339, 2026-11-24, 03:05, 03:05:10, -15m, now, today, yesterday. */
#ifndef ENITOP_MOMENT_H
#define ENITOP_MOMENT_H

#include "base/util.h"

#define MOMENT_LATEST INT64_C(253402300799) /* the end of year 9999 */

/* What a text stands for: "2026-11-24" is a day, "03:05" a minute, everything finer a second, and
 * what has a part of a second a millisecond. */
struct moment {
	int64_t from_ms, to_ms; /* both inclusive */
	/* Of those the whole epoch seconds: none (from behind to) lies in a millisecond. */
	int64_t from, to;
	bool whole; /* its end is in it, whatever follows: a day, now */
};

/* Texts without a zone, and moment_print, are in the local zone (TZ) instead of UTC.
 * For the whole process; set before the first is read. */
void moment_use_local(bool local);

/* False when it is no time. Relative texts are taken from `now_s`; a time of the day is
 * that of the day of `now_s`, or of the day before when it would be more than an hour
 * ahead, as logs lie in the past. In the hour that local clocks show twice it is the later
 * one that is not after `now_s`. */
bool moment_parse(struct str text, int64_t now_s, struct moment *out);
/* "10:00-10:30", "-2h..-1h", "10:00 to now", "2026-11-23..yesterday": from the beginning of the
 * first to the beginning of the second, of a day to its end. An end without a zone is in that of
 * the other; a time of the day behind another is the next such one (of an hour that is shown
 * twice, too), before a date the last one. False with from > to: it ends before it begins. */
bool moment_parse_range(struct str text, int64_t now_s, struct moment *out);

/* RFC 3339, with the zone in use; `out` holds 32 bytes. Returns `out`. */
char *moment_print(int64_t epoch_s, char *out, size_t size);

#endif
