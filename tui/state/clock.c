/* clock.c - see clock.h. */
#include "state/clock.h"

#include <string.h>
#include <time.h>

static void broken_down(const struct app *a, int64_t s, struct tm *tm)
{
	time_t t = (time_t)s;

	if (a->options->local_time)
		localtime_r(&t, tm);
	else
		gmtime_r(&t, tm);
}

char *app_time(const struct app *a, int64_t s, bool date, char *out, size_t size)
{
	struct tm tm;

	if (s == INT64_MIN || s == INT64_MAX) {
		snprintf(out, size, "-");
		return out;
	}
	broken_down(a, s, &tm);
	strftime(out, size, date ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &tm);
	return out;
}

char *app_zone(const struct app *a, int64_t s, char *out, size_t size)
{
	struct tm tm;

	snprintf(out, size, "Z");
	if (!a->options->local_time || size < 2)
		return out;
	broken_down(a, s == INT64_MIN || s == INT64_MAX ? a->clock_s : s, &tm);
	out[0] = ' ';
	out[1] = '\0';
	strftime(out + 1, size - 1, "%Z", &tm);
	return out;
}

static bool same_day(const struct app *a, int64_t s, int64_t t)
{
	struct tm x, y;

	broken_down(a, s, &x);
	broken_down(a, t, &y);
	return x.tm_yday == y.tm_yday && x.tm_year == y.tm_year;
}

bool app_other_day(const struct app *a, int64_t s)
{
	int64_t now = live_now(a->live);

	if (s == INT64_MIN || s == INT64_MAX)
		return false;
	return !same_day(a, s, now == INT64_MIN ? a->clock_s : now);
}

bool app_other_year(const struct app *a, int64_t s)
{
	int64_t now = live_now(a->live), day = 86400;

	if (s == INT64_MIN || s == INT64_MAX)
		return false;
	now = now == INT64_MIN ? a->clock_s : now;
	return s < now - 180 * day || s > now + 180 * day;
}

char *app_stamp(const struct app *a, int64_t s, char *out, size_t size)
{
	char time[32], zone[16];

	app_time(a, s, app_other_day(a, s), time, sizeof time);
	if (s == INT64_MIN || s == INT64_MAX)
		zone[0] = '\0';
	else
		app_zone(a, s, zone, sizeof zone);
	snprintf(out, size, "%s%s", time, zone);
	return out;
}

char *app_dated(const struct app *a, int64_t s, char *out, size_t size)
{
	char time[32], zone[16];

	snprintf(out, size, "%s%s", app_time(a, s, true, time, sizeof time),
		 app_zone(a, s, zone, sizeof zone));
	return out;
}

char *app_now(const struct app *a, int64_t now, char *out, size_t size)
{
	char time[32], zone[16];

	snprintf(out, size, "%s%s",
		 app_time(a, now, !same_day(a, now, a->clock_s), time, sizeof time),
		 app_zone(a, now, zone, sizeof zone));
	return out;
}

char *app_range(const struct app *a, int64_t from, int64_t to, char *out, size_t size)
{
	char x[32], y[32], first[16], last[16];
	bool dates = app_other_day(a, from) || app_other_day(a, to - 1);
	bool two = !same_day(a, from, to) && !same_day(a, from, to - 1);

	app_zone(a, from, first, sizeof first);
	app_zone(a, to, last, sizeof last);
	snprintf(out, size, "%s%s-%s%s", app_time(a, from, dates, x, sizeof x),
		 strcmp(first, last) == 0 ? "" : first, app_time(a, to, dates && two, y, sizeof y),
		 last);
	return out;
}

bool app_travels(const struct app *a)
{
	struct span span;

	return live_looks_at(a->live, &span);
}
