/* name_time.c - see name_time.h. A pattern is a text in which Y, M, D, H, I (minute)
 * and S stand for a digit of each, anything else for itself. */
#include "input/name_time.h"

#include <string.h>
#include <time.h>

#define HOUR 3600
#define DAY (24 * HOUR)
#define MONTH (31 * DAY) /* at most */
#define YEAR (366 * DAY)
#define ZONES (14 * HOUR) /* the farthest from UTC */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What a pattern's letter adds to. */
static int *part(struct tm *t, char letter)
{
	switch (letter) {
	case 'Y':
		return &t->tm_year;
	case 'M':
		return &t->tm_mon;
	case 'D':
		return &t->tm_mday;
	case 'H':
		return &t->tm_hour;
	case 'I':
		return &t->tm_min;
	case 'S':
		return &t->tm_sec;
	default:
		return NULL;
	}
}

static bool is_time(const struct tm *t)
{
	return t->tm_year >= 2000 && t->tm_year < 2100 && t->tm_mon >= 1 && t->tm_mon <= 12 &&
	       t->tm_mday >= 1 && t->tm_mday <= 31 && t->tm_hour < 24 && t->tm_min < 60 &&
	       t->tm_sec < 61;
}

/* At this very place, and no digit on either side of it. */
static bool matches_here(const char *s, const char *pattern, int64_t *out)
{
	/* The first of the year, or of the month, where the pattern has none. */
	struct tm t = { .tm_mon = !strchr(pattern, 'M'), .tm_mday = !strchr(pattern, 'D') };

	for (; *pattern; s++, pattern++) {
		int *p = part(&t, *pattern);
		if (p ? !is_digit(*s) : *s != *pattern)
			return false;
		if (p)
			*p = *p * 10 + (*s - '0');
	}
	if (is_digit(*s) || !is_time(&t))
		return false;
	t.tm_year -= 1900;
	t.tm_mon--;
	*out = (int64_t)timegm(&t);
	return true;
}

static bool matches(const char *s, const char *pattern, int64_t *out)
{
	for (const char *at = s; *at; at++)
		if ((at == s || !is_digit(at[-1])) && matches_here(at, pattern, out))
			return true;
	return false;
}

bool name_time(const char *path, struct name_time *out)
{
	static const struct {
		const char *pattern;
		int span_s;
		bool in_name, utc;
	} patterns[] = {
		{ "YYYYMMDDTHHIIZ", 60, true, true },
		{ "YYYYMMDDTHHIISSZ", 1, true, true },
		{ "YYYY-MM-DD-HH-II-SS", 1, true, false },
		{ "year=YYYY/month=MM/day=DD/hour=HH/", HOUR, false, false },
		{ "year=YYYY/month=MM/day=DD/", DAY, false, false },
		{ "year=YYYY/month=MM/", MONTH, false, false },
		{ "year=YYYY/", YEAR, false, false },
		{ "/YYYY/MM/DD/HH/", HOUR, false, false },
		{ "/YYYY/MM/DD/", DAY, false, false },
		{ "=YYYY-MM-DD/", DAY, false, false },
	};
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
		if (matches(patterns[i].in_name ? name : path, patterns[i].pattern, &out->from_s)) {
			out->to_s = out->from_s + patterns[i].span_s;
			out->utc = patterns[i].utc;
			return true;
		}
	return false;
}

bool name_time_may_hold(const struct name_time *t, int64_t from_s, int64_t to_s)
{
	int64_t zone = t->utc ? 0 : ZONES;

	/* An hour for buffering behind the name's time and for clocks. */
	if (from_s != INT64_MIN && t->to_s + HOUR + zone < from_s)
		return false;
	/* Records that end up to an hour later ran until then: charts have their share. */
	return to_s == INT64_MAX || t->from_s - DAY - HOUR - zone <= to_s;
}
