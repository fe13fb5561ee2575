/* clock.h - times as the screen writes them, and which time is looked at. */
#ifndef ENITOP_CLOCK_H
#define ENITOP_CLOCK_H

#include "state/app_state.h"

/* Log time as "14:32:10", or with the date; UTC unless --local. */
char *app_time(const struct app *a, int64_t s, bool date, char *out, size_t size);
/* The zone of a time: "Z", or with --local what it is called then: " CET". */
char *app_zone(const struct app *a, int64_t s, char *out, size_t size);
/* "23:13:19Z"; with its date where that is not the one of log time. */
char *app_stamp(const struct app *a, int64_t s, char *out, size_t size);
/* Log time as app_stamp() writes times, with its date where the clock on the wall has another. */
char *app_now(const struct app *a, int64_t now, char *out, size_t size);
/* "02:45:00-03:00:00Z", with dates and two zones where they differ. */
char *app_range(const struct app *a, int64_t from, int64_t to, char *out, size_t size);
/* Always with its date and zone. */
char *app_dated(const struct app *a, int64_t s, char *out, size_t size);
/* Whether a time is not of the day of log time. */
bool app_other_day(const struct app *a, int64_t s);
/* Half a year or more before or behind it: a time without its year may be taken for another. */
bool app_other_year(const struct app *a, int64_t s);

/* Whether a span that stands still is looked at. */
bool app_travels(const struct app *a);

#endif
