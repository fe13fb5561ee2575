/* period.c - see period.h. */
#include "state/period.h"

#include <string.h>
#include <time.h>

#define DAY_S 86400

/* A time as typed: what was left out is told from what stands beside it. */
struct stamp {
	int year, month, day; /* 0: no date */
	int h, m, s;          /* -1: no time of day */
	bool zoned;
	int64_t offset; /* seconds east */
};

static bool digits(struct str *t, int n, int *out)
{
	*out = 0;
	if ((int)t->n < n)
		return false;
	for (int i = 0; i < n; i++) {
		if (t->s[i] < '0' || t->s[i] > '9')
			return false;
		*out = *out * 10 + (t->s[i] - '0');
	}
	t->s += n;
	t->n -= (size_t)n;
	return true;
}

static bool skip(struct str *t, char c)
{
	if (t->n == 0 || *t->s != c)
		return false;
	t->s++;
	t->n--;
	return true;
}

static bool read_date(struct str *t, struct stamp *out)
{
	struct str at = *t;

	if (!digits(&at, 4, &out->year) || !skip(&at, '-') || !digits(&at, 2, &out->month) ||
	    !skip(&at, '-') || !digits(&at, 2, &out->day)) {
		out->year = out->month = out->day = 0;
		return false;
	}
	*t = at;
	return true;
}

static bool read_zone(struct str *t, struct stamp *out)
{
	int h, m = 0, sign = t->n && *t->s == '-' ? -1 : 1;

	if (t->n == 0)
		return true;
	out->zoned = true;
	if (skip(t, 'Z') || skip(t, 'z'))
		return t->n == 0;
	if ((!skip(t, '+') && !skip(t, '-')) || !digits(t, 2, &h))
		return false;
	if (t->n && ((void)skip(t, ':'), !digits(t, 2, &m)))
		return false;
	out->offset = sign * (h * 3600 + m * 60);
	return t->n == 0 && h <= 14 && m < 60;
}

static bool read_stamp(struct str text, struct stamp *out)
{
	struct str t = str_trim(text);
	bool dated;

	*out = (struct stamp){ .h = -1 };
	dated = read_date(&t, out);
	if (dated && t.n && !skip(&t, 'T') && !skip(&t, 't') && !skip(&t, ' '))
		return read_zone(&t, out);
	if (dated && t.n == 0)
		return true;
	if (!digits(&t, 2, &out->h) || !skip(&t, ':') || !digits(&t, 2, &out->m))
		return false;
	if (skip(&t, ':') && !digits(&t, 2, &out->s))
		return false;
	if (out->h > 24 || out->m > 59 || out->s > 60)
		return false;
	return read_zone(&t, out);
}

/* The epoch seconds of a stamp; false: there is no such day. */
static bool stamp_time(const struct stamp *s, bool local, int64_t *out)
{
	struct tm tm = {
		.tm_year = s->year - 1900, .tm_mon = s->month - 1, .tm_mday = s->day, .tm_isdst = -1
	};
	struct tm day = tm;

	timegm(&day); /* makes 2 March of 30 February */
	if (day.tm_mon != tm.tm_mon || day.tm_mday != tm.tm_mday || s->year < 1970)
		return false;
	tm.tm_hour = s->h < 0 ? 0 : s->h;
	tm.tm_min = s->m;
	tm.tm_sec = s->s;
	*out = local && !s->zoned ? (int64_t)mktime(&tm) : (int64_t)timegm(&tm) - s->offset;
	return true;
}

/* Gives a stamp without a date that of a time, `days` later. */
static void stamp_date(struct stamp *s, int64_t of, int days, bool local)
{
	time_t t = (time_t)(of + s->offset);
	struct tm tm;

	if (local && !s->zoned)
		localtime_r(&t, &tm);
	else
		gmtime_r(&t, &tm);
	tm.tm_mday += days;
	tm.tm_hour = 12; /* no change of the clocks moves the date */
	tm.tm_min = tm.tm_sec = 0;
	timegm(&tm);
	s->year = tm.tm_year + 1900;
	s->month = tm.tm_mon + 1;
	s->day = tm.tm_mday;
}

/* Whether a local time has the same face: it is there twice when the clocks turn back. */
static bool is_twin(const struct stamp *s, bool local, int64_t other)
{
	time_t t = (time_t)other;
	struct tm tm;

	localtime_r(&t, &tm);
	return local && !s->zoned && tm.tm_hour == s->h && tm.tm_min == s->m && tm.tm_sec == s->s;
}

/* A local time that stands for two moments is the later one that is not after `now`. */
static bool stamp_before(const struct stamp *s, int64_t now, bool local, int64_t *out)
{
	if (!stamp_time(s, local, out))
		return false;
	if (*out > now && is_twin(s, local, *out - 3600))
		*out -= 3600;
	else if (*out + 3600 <= now && is_twin(s, local, *out + 3600))
		*out += 3600;
	return true;
}

static const char *resolve(struct stamp from, struct stamp to, int64_t now, bool local,
			   struct period *out)
{
	bool next = to.year == 0;

	if (from.year == 0) {
		stamp_date(&from, now, 0, local);
		if (!stamp_before(&from, now, local, &out->from))
			return "no such time";
		if (out->from > now)
			stamp_date(&from, now, -1, local);
	}
	if (!stamp_before(&from, now, local, &out->from))
		return "no such day";
	if (next && !to.zoned && from.zoned) {
		to.zoned = true;
		to.offset = from.offset;
	}
	if (next)
		stamp_date(&to, out->from, 0, local);
	if (!stamp_time(&to, local, &out->to))
		return "no such day";
	if (out->to - 3600 > out->from && is_twin(&to, local, out->to - 3600))
		out->to -= 3600; /* the first one after it */
	if (next && out->to <= out->from) {
		stamp_date(&to, out->from, 1, local);
		stamp_time(&to, local, &out->to);
	}
	return out->from < out->to ? NULL : "it ends before it begins";
}

/* Both sides of a separator of `n` bytes at `at`. */
static bool read_sides(struct str text, size_t at, size_t n, int64_t now, struct stamp *from,
		       struct stamp *to)
{
	struct str left = { text.s, at }, right = { text.s + at + n, text.n - at - n };

	right = str_trim(right);
	if (!read_stamp(left, from))
		return false;
	if (right.n && !str_equal_loose(right, str_of("now")))
		return read_stamp(right, to);
	*to = (struct stamp){ .h = 0, .zoned = true };
	stamp_date(to, now + 1, 0, false);
	to->s = (int)((now + 1) % DAY_S); /* timegm carries it on */
	return true;
}

static const char *parse_span(struct str text, int64_t now, bool local, struct period *out)
{
	static const char *const separators[] = { " to ", "..", "-" };
	struct stamp from, to;

	if (now == INT64_MIN)
		return "there is no log time yet";
	for (size_t k = 0; k < ARRAY_SIZE(separators); k++) {
		size_t n = strlen(separators[k]);
		/* From the right: the zone of the first time may have a '-' too. */
		for (size_t at = text.n < n ? 0 : text.n - n; at > 0; at--)
			if (memcmp(text.s + at, separators[k], n) == 0 &&
			    read_sides(text, at, n, now, &from, &to))
				return resolve(from, to, now, local, out);
	}
	if (read_stamp(text, &from) && from.year && from.h < 0) {
		to = from;
		if (!stamp_time(&from, local, &out->from))
			return "no such day";
		to.year = 0;
		stamp_date(&to, out->from, 1, local);
		stamp_time(&to, local, &out->to);
		return NULL;
	}
	return "15m, all, 10:00-10:30, 2026-11-24T10:00Z-10:30 or 2026-11-24";
}

const char *period_parse(struct str text, int64_t now, bool local, struct period *out)
{
	struct str t = str_trim(text);

	*out = (struct period){ .follows = true };
	if (t.n > 5 && memcmp(t.s, "last ", 5) == 0)
		t = str_trim((struct str){ t.s + 5, t.n - 5 });
	if (str_equal_loose(t, str_of("all")))
		return NULL;
	if (parse_duration(t, &out->last_s))
		return out->last_s > 0 ? NULL : "no time at all";
	out->last_s = 0;
	out->follows = false;
	return parse_span(t, now, local, out);
}
