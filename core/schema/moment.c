/* moment.c - see moment.h. */
#include "schema/moment.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY 86400
#define AHEAD 3600 /* logs lag: a time so far ahead may be meant */
#define TEXT_MAX 40

static bool use_local;

void moment_use_local(bool local)
{
	use_local = local;
}

/* ---- the zone in use ---- */

static void split(int64_t s, struct tm *tm)
{
	time_t t = (time_t)s;

	if (use_local)
		localtime_r(&t, tm);
	else
		gmtime_r(&t, tm);
}

static int64_t join(struct tm tm)
{
	tm.tm_isdst = -1;
	return use_local ? (int64_t)mktime(&tm) : (int64_t)timegm(&tm);
}

/* Midnight `days` after that of the day of `s`. */
static int64_t midnight(int64_t s, int days)
{
	struct tm tm;

	split(s, &tm);
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_mday += days;
	return join(tm);
}

static void whole_day(int64_t s, struct moment *out)
{
	*out = (struct moment){ midnight(s, 0), midnight(s, 1) - 1, true, false };
}

/* ---- pieces ---- */

/* Exactly `least` to `most` digits; returns how many bytes, 0: none. */
static unsigned digits(const char *s, unsigned least, unsigned most, unsigned *v)
{
	unsigned n = 0;

	for (*v = 0; n < most && isdigit((unsigned char)s[n]); n++)
		*v = *v * 10 + (unsigned)(s[n] - '0');
	return n >= least ? n : 0;
}

struct clock {
	unsigned h, m, s;
	bool seconds;
};

/* "3:05", "03:05:10", "03:05:10.123"; bytes, 0: none. */
static unsigned parse_clock(const char *s, struct clock *c)
{
	unsigned at = digits(s, 1, 2, &c->h), more;

	c->s = 0;
	c->seconds = false;
	if (!at || s[at] != ':' || !(more = digits(s + at + 1, 2, 2, &c->m)))
		return 0;
	at += 1 + more;
	if (s[at] == ':') {
		if (!(more = digits(s + at + 1, 2, 2, &c->s)))
			return 0;
		at += 1 + more;
		c->seconds = true;
		if (s[at] == '.')
			at += 1 + (unsigned)strspn(s + at + 1, "0123456789");
	}
	return c->h < 24 && c->m < 60 && c->s < 61 ? at : 0;
}

/* "Z", "+01:00", "-0530" to the end of the text. */
static bool parse_offset(const char *s, int64_t *seconds)
{
	unsigned h, m, colon;

	*seconds = 0;
	if ((s[0] == 'Z' || s[0] == 'z') && !s[1])
		return true;
	if ((s[0] != '+' && s[0] != '-') || !digits(s + 1, 2, 2, &h))
		return false;
	colon = s[3] == ':';
	if (!digits(s + 3 + colon, 2, 2, &m) || s[5 + colon] || h > 23 || m > 59)
		return false;
	*seconds = (s[0] == '-' ? -1 : 1) * (int64_t)(h * 3600 + m * 60);
	return true;
}

/* "90", "15m", "1h30m", "2d", "1w": seconds. */
static bool parse_span(const char *s, int64_t *seconds)
{
	static const char units[] = "smhdw";
	static const int64_t scale[] = { 1, 60, 3600, DAY, 7 * DAY };
	unsigned v, n;

	for (*seconds = 0; *s; s += n) {
		const char *unit;
		if (!(n = digits(s, 1, 9, &v)))
			return false;
		unit = s[n] ? strchr(units, s[n]) : units;
		if (!unit || isdigit((unsigned char)s[n]))
			return false;
		*seconds += v * scale[unit - units];
		n += s[n] != '\0';
	}
	return true;
}

/* ---- moments ---- */

static bool parse_date(const char *s, struct moment *out)
{
	unsigned year, month, day, at = 10;
	struct clock c;
	int64_t offset;

	if (digits(s, 4, 4, &year) != 4 || s[4] != '-' || digits(s + 5, 2, 2, &month) != 2 ||
	    s[7] != '-' || digits(s + 8, 2, 2, &day) != 2 || month < 1 || month > 12)
		return false;
	struct tm tm = { .tm_year = (int)year - 1900,
			 .tm_mon = (int)month - 1,
			 .tm_mday = (int)day };
	struct tm same = tm;
	timegm(&same);
	if (same.tm_mday != tm.tm_mday) /* 30 February */
		return false;
	if (!s[at]) {
		whole_day(join(tm), out);
		return true;
	}
	if (!strchr("Tt ", s[at]) || !(at = parse_clock(s + 11, &c)))
		return false;
	tm.tm_hour = (int)c.h;
	tm.tm_min = (int)c.m;
	tm.tm_sec = (int)c.s;
	if (!s[11 + at])
		out->from = join(tm);
	else if (parse_offset(s + 11 + at, &offset))
		out->from = (int64_t)timegm(&tm) - offset;
	else
		return false;
	*out = (struct moment){ out->from, out->from + (c.seconds ? 0 : 59), false, false };
	return true;
}

static void clock_on(const struct clock *c, int64_t day, int days, struct moment *out)
{
	struct tm tm;

	split(midnight(day, days), &tm);
	tm.tm_hour = (int)c->h;
	tm.tm_min = (int)c->m;
	tm.tm_sec = (int)c->s;
	out->from = join(tm);
	*out = (struct moment){ out->from, out->from + (c->seconds ? 0 : 59), false, true };
}

static bool copy_text(struct str text, char out[TEXT_MAX])
{
	if (text.n == 0 || text.n >= TEXT_MAX || memchr(text.s, '\0', text.n))
		return false;
	for (size_t i = 0; i < text.n; i++)
		out[i] = (char)tolower((unsigned char)text.s[i]);
	out[text.n] = '\0';
	return true;
}

bool moment_parse(struct str text, int64_t now_s, struct moment *out)
{
	char s[TEXT_MAX];
	struct clock c;
	uint64_t v;
	int64_t ago;
	unsigned n;

	if (!copy_text(text, s))
		return false;
	if (str_to_u64(text, &v)) {
		int64_t t = (int64_t)(v > UINT32_MAX ? v / 1000 : v);
		*out = (struct moment){ t, t, false, false };
		return t <= MOMENT_LATEST;
	}
	if (s[0] == '-' && s[1] && parse_span(s + 1, &ago)) {
		*out = (struct moment){ now_s - ago, now_s - ago, false, false };
	} else if (strcmp(s, "now") == 0) {
		*out = (struct moment){ now_s, now_s, false, false };
	} else if (strcmp(s, "today") == 0) {
		whole_day(now_s, out);
	} else if (strcmp(s, "yesterday") == 0) {
		whole_day(midnight(now_s, -1), out);
	} else if ((n = parse_clock(s, &c)) && !s[n]) {
		clock_on(&c, now_s, 0, out);
		if (out->from > now_s + AHEAD)
			clock_on(&c, now_s, -1, out);
	} else {
		return parse_date(s, out);
	}
	return true;
}

static bool between(struct str a, struct str b, int64_t now_s, struct moment *out)
{
	struct moment low, high;
	char s[TEXT_MAX];
	struct clock c;

	if (!moment_parse(a, now_s, &low) || !moment_parse(b, now_s, &high))
		return false;
	if (high.clock && copy_text(b, s) && parse_clock(s, &c)) {
		clock_on(&c, low.from, 0, &high);
		if (high.from < low.from)
			clock_on(&c, low.from, 1, &high);
	}
	*out = (struct moment){ low.from, high.day ? high.to : high.from, false, false };
	return out->from <= out->to;
}

bool moment_parse_range(struct str text, int64_t now_s, struct moment *out)
{
	for (size_t i = 1; i + 2 < text.n; i++)
		if (text.s[i] == '.' && text.s[i + 1] == '.')
			return between((struct str){ text.s, i },
				       (struct str){ text.s + i + 2, text.n - i - 2 }, now_s, out);
	for (size_t i = 1; i + 1 < text.n; i++)
		if (text.s[i] == '-' &&
		    between((struct str){ text.s, i },
			    (struct str){ text.s + i + 1, text.n - i - 1 }, now_s, out))
			return true;
	return false;
}

char *moment_print(int64_t epoch_s, char *out, size_t size)
{
	struct tm tm;
	char zone[8];
	size_t n;

	if (!use_local)
		return rfc3339(out, size, epoch_s);
	split(epoch_s, &tm);
	n = strftime(out, size, "%Y-%m-%dT%H:%M:%S", &tm);
	strftime(zone, sizeof zone, "%z", &tm); /* +0100 */
	if (n)
		snprintf(out + n, size - n, "%.3s:%.2s", zone, zone + 3);
	return out;
}
