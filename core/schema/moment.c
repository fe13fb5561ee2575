/* moment.c - see moment.h. A text is read as a stamp: what it leaves out (day, zone) is told from
 * what stands beside it, or from now. */
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

/* A time as typed. */
struct stamp {
	bool fixed, epoch; /* `at` is it: epoch, ago, now */
	int64_t at;
	bool dated, clocked; /* it has a date, a time of the day */
	unsigned year, month, day, h, m, s;
	bool to_second;  /* the time of the day has seconds */
	unsigned part;   /* milliseconds more */
	bool now, zoned; /* it is "now"; its zone is known, */
	bool sign;       /* by a sign: +01:00 */
	int64_t offset;  /* of the zone, seconds east */
};

/* ---- pieces ---- */

/* Exactly `least` to `most` digits; returns how many bytes, 0: none. */
static unsigned digits(const char *s, unsigned least, unsigned most, unsigned *v)
{
	unsigned n = 0;

	for (*v = 0; n < most && isdigit((unsigned char)s[n]); n++)
		*v = *v * 10 + (unsigned)(s[n] - '0');
	return n >= least ? n : 0;
}

/* ".500" behind seconds: milliseconds, what is finer rounded up; bytes, 0: none. */
static unsigned parse_part(const char *s, unsigned *ms)
{
	unsigned n = s[0] == '.' ? (unsigned)strspn(s + 1, "0123456789") : 0, scale = 100;

	*ms = 0;
	for (unsigned i = 1; i <= n; i++, scale /= 10)
		*ms += scale ? scale * (unsigned)(s[i] - '0') : s[i] > '0' && *ms < 999;
	return n ? n + 1 : 0;
}

/* "2026-11-24"; bytes, 0: none. */
static unsigned parse_date(const char *s, struct stamp *out)
{
	struct tm tm;

	if (digits(s, 4, 4, &out->year) != 4 || s[4] != '-' ||
	    digits(s + 5, 2, 2, &out->month) != 2 || s[7] != '-' ||
	    digits(s + 8, 2, 2, &out->day) != 2 || out->month < 1 || out->month > 12)
		return 0;
	tm = (struct tm){ .tm_year = (int)out->year - 1900,
			  .tm_mon = (int)out->month - 1,
			  .tm_mday = (int)out->day };
	timegm(&tm);
	out->dated = tm.tm_mday == (int)out->day; /* not 30 February */
	return out->dated ? 10 : 0;
}

/* "3:05", "03:05:10", "03:05:10.123"; bytes, 0: none. */
static unsigned parse_clock(const char *s, struct stamp *out)
{
	unsigned at = digits(s, 1, 2, &out->h), more;

	if (!at || s[at] != ':' || !(more = digits(s + at + 1, 2, 2, &out->m)))
		return 0;
	at += 1 + more;
	if (s[at] == ':') {
		if (!(more = digits(s + at + 1, 2, 2, &out->s)))
			return 0;
		at += 1 + more;
		out->to_second = true;
		at += parse_part(s + at, &out->part);
	}
	out->clocked = (out->h < 24 && out->m < 60 && out->s < 61) ||
		       (out->h == 24 && out->m + out->s == 0);
	return out->clocked ? at : 0;
}

/* Nothing, "Z", "+01:00", "-0530", "+01" to the end of the text. */
static bool parse_zone(const char *s, struct stamp *out)
{
	unsigned h, m = 0, at = 3;

	if (!s[0])
		return true;
	out->zoned = true;
	if (s[0] == 'z')
		return !s[1];
	out->sign = true;
	if ((s[0] != '+' && s[0] != '-') || !digits(s + 1, 2, 2, &h))
		return false;
	at += s[at] == ':';
	if (s[3] && (!digits(s + at, 2, 2, &m) || s[at + 2]))
		return false;
	out->offset = (s[0] == '-' ? -1 : 1) * (int64_t)(h * 3600 + m * 60);
	return h <= 14 && m < 60;
}

/* "90", "15m", "1h30m", "2d", "1w": seconds. */
static bool parse_ago(const char *s, int64_t *seconds)
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

/* Seconds or milliseconds, "1700000000.5" too. */
static bool parse_epoch(const char *s, struct stamp *out)
{
	size_t n = strspn(s, "0123456789"), part;
	uint64_t v;

	if (!str_to_u64((struct str){ s, n }, &v))
		return false;
	part = s[n] ? parse_part(s + n, &out->part) : 0;
	if (s[n + part] || (s[n] && v > UINT32_MAX))
		return false;
	if (v > UINT32_MAX)
		out->part = (unsigned)(v % 1000);
	out->epoch = true;
	out->at = (int64_t)(v > UINT32_MAX ? v / 1000 : v);
	return out->at <= MOMENT_LATEST;
}

/* ---- dates and zones ---- */

/* The date and time that people have in the stamp's zone at `t`. */
static void split(const struct stamp *s, int64_t t, struct tm *tm)
{
	time_t at = (time_t)(t + s->offset);

	if (use_local && !s->zoned)
		localtime_r(&at, tm);
	else
		gmtime_r(&at, tm);
}

/* Gives a stamp the date that its zone has at `t`, or that of so many days later. */
static void date_as(struct stamp *s, int64_t t, int days)
{
	struct tm tm;

	split(s, t, &tm);
	tm.tm_mday += days;
	tm.tm_hour = 12; /* no change of the clocks moves the date */
	timegm(&tm);
	s->year = (unsigned)(tm.tm_year + 1900);
	s->month = (unsigned)tm.tm_mon + 1;
	s->day = (unsigned)tm.tm_mday;
}

/* The moments at which clocks show what the stamp says, the earlier one first: two where a
 * local clock is turned back. One that is left out is the one behind the gap. */
static unsigned moments_of(const struct stamp *s, int64_t out[2])
{
	struct tm tm = { .tm_year = (int)s->year - 1900,
			 .tm_mon = (int)s->month - 1,
			 .tm_mday = (int)s->day,
			 .tm_hour = (int)s->h,
			 .tm_min = (int)s->m,
			 .tm_sec = (int)s->s };
	struct tm face = tm, any = tm;
	unsigned n = 0;

	out[0] = (int64_t)timegm(&face) - s->offset;
	if (s->zoned || !use_local)
		return 1;
	for (int summer = 1; summer >= 0; summer--) {
		struct tm t = tm;
		t.tm_isdst = summer;
		int64_t at = (int64_t)mktime(&t);
		if (t.tm_hour == face.tm_hour && t.tm_min == face.tm_min && (!n || at != out[0]))
			out[n++] = at;
	}
	if (n == 2 && out[0] > out[1]) {
		int64_t later = out[0];
		out[0] = out[1];
		out[1] = later;
	}
	any.tm_isdst = -1;
	if (n == 0)
		out[n++] = (int64_t)mktime(&any);
	return n;
}

/* The later one that is not after `now`. */
static int64_t moment_before(const struct stamp *s, int64_t now)
{
	int64_t t[2];
	unsigned n = s->fixed ? 0 : moments_of(s, t);

	return !n ? s->at : n == 2 && t[1] <= now ? t[1] : t[0];
}

/* The first one that is not before `from`. */
static int64_t moment_behind(const struct stamp *s, int64_t from)
{
	int64_t t[2];
	unsigned n = s->fixed ? 0 : moments_of(s, t);

	return !n ? s->at : n == 2 && t[0] < from ? t[1] : t[0];
}

/* A time of the day without a date is the last one that is not after `latest`. */
static void date_before(struct stamp *s, int64_t day, int64_t latest)
{
	date_as(s, day, 0);
	if (moment_before(s, latest) > latest)
		date_as(s, day, -1);
	s->dated = true;
}

static struct moment moment_of(int64_t from_ms, int64_t to_ms, bool whole)
{
	return (struct moment){ from_ms, to_ms, (from_ms + 999) / 1000, to_ms / 1000, whole };
}

/* What the stamp covers from `at` on. */
static struct moment moment_at(const struct stamp *s, int64_t at)
{
	int64_t to = at;

	if (s->part)
		return moment_of(at * 1000 + s->part, at * 1000 + s->part, false);
	if (s->clocked && !s->to_second)
		to = at + 59;
	if (s->dated && !s->clocked) {
		struct stamp next = *s;
		date_as(&next, at, 1);
		to = moment_behind(&next, at) - 1;
	}
	return moment_of(at * 1000, to * 1000 + 999, s->now || (s->dated && !s->clocked));
}

/* ---- moments ---- */

static bool read_stamp(struct str text, int64_t now_s, struct stamp *out)
{
	char s[TEXT_MAX];
	unsigned at, clock;

	*out = (struct stamp){ 0 };
	text = str_trim(text);
	if (text.n == 0 || text.n >= TEXT_MAX || memchr(text.s, '\0', text.n))
		return false;
	for (size_t i = 0; i < text.n; i++)
		s[i] = (char)tolower((unsigned char)text.s[i]);
	s[text.n] = '\0';
	if (strcmp(s, "today") == 0 || strcmp(s, "yesterday") == 0) {
		date_as(out, now_s, s[0] == 'y' ? -1 : 0);
		return out->dated = true;
	}
	if ((at = parse_date(s, out)) && !s[at])
		return true;
	if (at && (strchr("t ", s[at]) == NULL || !s[++at]))
		return false;
	if ((clock = parse_clock(s + at, out)))
		return parse_zone(s + at + clock, out);
	out->fixed = out->now = strcmp(s, "now") == 0;
	out->at = now_s;
	if (at || out->now)
		return !at;
	*out = (struct stamp){ .fixed = true };
	if (s[0] != '-' || !s[1])
		return parse_epoch(s, out);
	if (!parse_ago(s + 1, &out->at))
		return false;
	out->at = now_s - out->at;
	return true;
}

bool moment_parse(struct str text, int64_t now_s, struct moment *out)
{
	struct stamp s;

	/* 10:00-10:30 is a range, no zone. */
	if (!read_stamp(text, now_s, &s) || s.h == 24 || (s.sign && !s.dated))
		return false;
	if (s.clocked && !s.dated)
		date_before(&s, now_s, now_s + AHEAD);
	*out = moment_at(&s, moment_before(&s, now_s));
	return true;
}

/* ---- ranges ---- */

static void share_zone(struct stamp *a, const struct stamp *b)
{
	if (a->zoned || a->fixed || !b->zoned)
		return;
	a->zoned = true;
	a->offset = b->offset;
}

static struct moment between(struct stamp a, struct stamp b, int64_t now_s)
{
	struct stamp x = a;
	struct moment low, high;

	share_zone(&a, &b);
	share_zone(&b, &x);
	if (a.clocked && !a.dated) {
		int64_t end = moment_before(&b, now_s);
		if (b.dated || b.fixed)
			date_before(&a, end, end);
		else
			date_before(&a, now_s, now_s + AHEAD);
	}
	low = moment_at(&a, moment_before(&a, now_s));
	if (b.clocked && !b.dated) {
		date_as(&b, low.from, 0);
		if (moment_behind(&b, low.from) < low.from)
			date_as(&b, low.from, 1);
	}
	high = moment_at(&b, moment_behind(&b, low.from));
	if (high.whole || b.part)
		return moment_of(low.from_ms, high.to_ms, high.whole);
	return moment_of(low.from_ms, high.from_ms + 999, false);
}

/* Both sides of a separator of `n` bytes at `at`; `out` becomes theirs where they mean less time
 * than it has: a '-' may be the sign of a zone too. */
static void split_range(struct str text, size_t at, size_t n, int64_t now_s, struct moment *out,
			bool *found)
{
	struct str left = { text.s, at }, right = { text.s + at + n, text.n - at - n };
	struct stamp a, b;
	struct moment m;
	bool shorter;

	if (!read_stamp(left, now_s, &a) || a.h == 24 || !read_stamp(right, now_s, &b) ||
	    a.epoch != b.epoch) /* 10:00-11: no second of 1970 */
		return;
	m = between(a, b, now_s);
	shorter = m.to_ms - m.from_ms < out->to_ms - out->from_ms;
	if (!*found || (m.from_ms <= m.to_ms && (out->from_ms > out->to_ms || shorter)))
		*out = m;
	*found = true;
}

bool moment_parse_range(struct str text, int64_t now_s, struct moment *out)
{
	static const char *const separators[] = { " to ", "..", "-" };
	bool found = false;

	*out = (struct moment){ 0 };
	for (size_t k = 0; k < ARRAY_SIZE(separators) && !found; k++) {
		size_t n = strlen(separators[k]);
		for (size_t at = 1; at + n < text.n; at++)
			if (memcmp(text.s + at, separators[k], n) == 0)
				split_range(text, at, n, now_s, out, &found);
	}
	return found && out->from_ms <= out->to_ms;
}

char *moment_print(int64_t epoch_s, char *out, size_t size)
{
	static const struct stamp in_use;
	struct tm tm;
	char zone[8];
	size_t n;

	if (!use_local)
		return rfc3339(out, size, epoch_s);
	split(&in_use, epoch_s, &tm);
	n = strftime(out, size, "%Y-%m-%dT%H:%M:%S", &tm);
	strftime(zone, sizeof zone, "%z", &tm); /* +0100 */
	if (n)
		snprintf(out + n, size - n, "%.3s:%.2s", zone, zone + 3);
	return out;
}
