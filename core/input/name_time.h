/* name_time.h - when a delivered object was written, by its name or its folders. */
#ifndef ENITOP_NAME_TIME_H
#define ENITOP_NAME_TIME_H

#include <stdbool.h>
#include <stdint.h>

struct name_time {
	int64_t from_s,
		to_s; /* the minute, hour, day, month or year that the name speaks of; epoch s */
	bool utc;     /* it says so; prefixes of Firehose may have any zone */
};

/* Understands, in this order (FORMATS.md section 4): YYYYMMDDTHHMM[SS]Z (flow logs in S3)
 * and YYYY-MM-DD-HH-MM-SS (Firehose) in the last part of `path`; folders
 * YYYY/MM/DD[/HH], year=YYYY[/month=MM[/day=DD[/hour=HH]]] and x=YYYY-MM-DD. False when there
 * is none. */
bool name_time(const char *path, struct name_time *out);

/* Whether such an object can hold records of from_s to to_s: it is written after they
 * end, within the day for which Firehose tries again, give or take the zone. */
bool name_time_may_hold(const struct name_time *t, int64_t from_s, int64_t to_s);

#endif
