/* reading.c - see reading.h. */
#include "schema/reading.h"

#include <string.h>
#include <time.h>

#include "schema/format.h"

#define NUMBER_MOST (UINT64_MAX - 1)
#define SECONDS_MOST UINT64_C(253402300799) /* the end of year 9999 */
#define MS_MOST (SECONDS_MOST * 1000 + 999)

uint64_t reading_most(enum field_type type)
{
	switch (type) {
	case TYPE_PORT:
	case TYPE_FLAGS: /* as many bits as IPFIX has */
		return UINT16_MAX;
	case TYPE_PROTOCOL:
		return UINT8_MAX;
	case TYPE_TIME:
		return MS_MOST;
	default:
		return NUMBER_MOST;
	}
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ---- floats ---- */

struct decimal {
	char digit[24];
	unsigned n, point; /* digits; those before the point, with the exponent */
};

/* "1,234" is a group; "4249,00", "4249,000" and "1,79551E+09" have a comma for a point. */
static bool is_comma_point(struct str s, size_t at)
{
	size_t digits = 0;

	while (at + 1 + digits < s.n && is_digit(s.s[at + 1 + digits]))
		digits++;
	return digits != 3 || at > 3 || at + 1 + digits < s.n;
}

/* 25238.0, 4249,00, 1.7e9, 6.02485E+11: false when it is no such thing. */
static bool read_decimal(struct str s, struct decimal *d)
{
	size_t i = 0;
	bool point = false;
	uint64_t exponent = 0;

	*d = (struct decimal){ .n = 0 };
	for (; i < s.n && (is_digit(s.s[i]) || ((s.s[i] == '.' || s.s[i] == ',') && !point)); i++)
		if (s.s[i] == ',' && !is_comma_point(s, i))
			return false;
		else if (!is_digit(s.s[i]))
			point = true;
		else if (d->n == sizeof d->digit)
			return false;
		else
			d->digit[d->n++] = s.s[i], d->point += !point;
	if (i < s.n && (s.s[i] | 32) == 'e') {
		i += i + 1 < s.n && s.s[i + 1] == '+' ? 2 : 1;
		if (!str_to_u64((struct str){ s.s + i, s.n - i }, &exponent) || exponent > 19)
			return false;
		i = s.n;
	}
	d->point += (unsigned)exponent;
	return d->n && i == s.n;
}

bool reading_digits(struct str text, bool whole, char *out, size_t *n)
{
	struct decimal d;
	unsigned first = 0;

	if (!read_decimal(text, &d) || d.point > 20 || d.point == 0 || (whole && d.point > d.n))
		return false;
	for (unsigned i = d.point; i < d.n; i++)
		if (d.digit[i] != '0')
			return false;
	while (first + 1 < d.point && first < d.n && d.digit[first] == '0')
		first++;
	*n = 0;
	for (unsigned i = first; i < d.point; i++)
		out[(*n)++] = i < d.n ? d.digit[i] : '0';
	return true;
}

/* ---- groups of digits ---- */

/* What stands between groups. */
static const struct str separators[] = {
	{ ",", 1 },
	{ ".", 1 },
	{ " ", 1 },
	{ "'", 1 },
	{ "%20", 3 },
	{ "\xc2\xa0", 2 },     /* no-break space */
	{ "\xe2\x80\xaf", 3 }, /* a narrow one */
	{ "\xe2\x80\x89", 3 }, /* thin space */
	{ "\xe2\x80\x99", 3 }, /* right single quotation mark */
};

static bool begins(struct str s, struct str with)
{
	return s.n >= with.n && memcmp(s.s, with.s, with.n) == 0;
}

static const struct str *separator_of(struct str s)
{
	for (size_t i = 0; i < ARRAY_SIZE(separators); i++)
		if (begins(s, separators[i]))
			return &separators[i];
	return NULL;
}

static unsigned cut_digits(struct str *s)
{
	unsigned n = 0;

	for (; s->n && is_digit(*s->s); s->s++, s->n--)
		n++;
	return n;
}

/* "", ".00" or ",0" behind groups that other marks hold apart. */
static bool is_zero_fraction(struct str s, const struct str *apart)
{
	if (s.n == 0)
		return true;
	if (s.n == 1 || (*s.s != '.' && *s.s != ',') || *s.s == *apart->s)
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (s.s[i] != '0')
			return false;
	return true;
}

static bool read_groups(struct str text, uint64_t *out)
{
	struct str rest = text, digits;
	char joined[20];
	unsigned first = cut_digits(&rest), groups = 0;
	const struct str *apart = separator_of(rest);

	if (first < 1 || first > 3 || *text.s == '0' || !apart)
		return false;
	memcpy(joined, text.s, first);
	digits = (struct str){ joined, first };
	while (begins(rest, *apart) && digits.n + 3 <= sizeof joined) {
		struct str group = { rest.s + apart->n, rest.n - apart->n }, behind = group;
		if (cut_digits(&behind) != 3)
			return false;
		memcpy(joined + digits.n, group.s, 3);
		digits.n += 3;
		groups++;
		rest = behind;
	}
	/* "1.234" may be a fraction. */
	return groups > (*apart->s == '.') && is_zero_fraction(rest, apart) &&
	       str_to_u64(digits, out);
}

/* ---- times ---- */

/* Exactly `n` digits off the front. */
static bool cut_number(struct str *s, unsigned n, int *out)
{
	*out = 0;
	if (s->n < n)
		return false;
	for (unsigned i = 0; i < n; i++) {
		if (!is_digit(s->s[i]))
			return false;
		*out = *out * 10 + (s->s[i] - '0');
	}
	s->s += n;
	s->n -= n;
	return true;
}

/* One digit or two. */
static bool cut_short(struct str *s, int *out)
{
	return cut_number(s, 2, out) || cut_number(s, 1, out);
}

static bool cut(struct str *s, const char *text)
{
	struct str what = str_of(text);

	if (!begins(*s, what))
		return false;
	s->s += what.n;
	s->n -= what.n;
	return true;
}

static bool cut_blank(struct str *s)
{
	return cut(s, " ") || cut(s, "%20");
}

/* ".123456", if there is a fraction; in milliseconds. */
static bool cut_fraction(struct str *s, unsigned *ms)
{
	struct str digit;
	unsigned n;

	*ms = 0;
	if (!cut(s, ".") && !cut(s, ","))
		return true;
	digit = *s;
	n = cut_digits(s);
	for (unsigned i = 0; i < 3; i++)
		*ms = *ms * 10 + (i < n ? (unsigned)(digit.s[i] - '0') : 0);
	return n > 0;
}

/* ":05.123", if there are seconds. */
static bool cut_seconds(struct str *s, int *second, unsigned *ms)
{
	*second = 0;
	*ms = 0;
	return !cut(s, ":") || (cut_number(s, 2, second) && cut_fraction(s, ms));
}

/* Milliseconds where there are some, and where seconds would be taken for those. */
static uint64_t in_unit(uint64_t seconds, unsigned ms)
{
	bool fine = (ms && seconds > UINT32_MAX / 1000) || seconds > UINT32_MAX;

	return fine ? seconds * 1000 + ms : seconds;
}

/* To the end of the text. */
static bool read_zone(struct str s, int *seconds)
{
	int h, m = 0, sign;

	*seconds = 0;
	if (s.n == 0)
		return true;
	cut_blank(&s);
	if (str_equal_loose(s, str_of("Z")) || str_equal_loose(s, str_of("UTC")) ||
	    str_equal_loose(s, str_of("GMT")))
		return true;
	sign = cut(&s, "-") ? -1 : 1;
	if ((sign > 0 && !cut(&s, "+")) || !cut_number(&s, 2, &h))
		return false;
	cut(&s, ":");
	if (s.n && !cut_number(&s, 2, &m))
		return false;
	*seconds = sign * (h * 3600 + m * 60);
	return s.n == 0 && h < 24 && m < 60;
}

static bool read_iso(struct str s, uint64_t *out)
{
	struct tm tm = { 0 };
	int zone = 0, day;
	unsigned ms = 0;
	int64_t t;

	if (!cut_number(&s, 4, &tm.tm_year) || !cut(&s, "-") || !cut_number(&s, 2, &tm.tm_mon) ||
	    !cut(&s, "-") || !cut_number(&s, 2, &tm.tm_mday))
		return false;
	day = tm.tm_mday;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	if (s.n &&
	    (!(cut(&s, "T") || cut(&s, "t") || cut_blank(&s)) || !cut_number(&s, 2, &tm.tm_hour) ||
	     !cut(&s, ":") || !cut_number(&s, 2, &tm.tm_min) || !cut_seconds(&s, &tm.tm_sec, &ms) ||
	     !read_zone(s, &zone)))
		return false;
	if (tm.tm_mon < 0 || tm.tm_mon > 11 || tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 60)
		return false;
	t = (int64_t)timegm(&tm) - zone;
	*out = in_unit((uint64_t)t, ms);
	return t >= 0 && tm.tm_mday == day; /* timegm makes 2 March of 30 February */
}

/* "10:01", "10:01:10.5 PM": what stands there as ISO has it, to be read further. */
static bool cut_clock(struct str *s, struct buf *iso)
{
	int h, m, second;
	unsigned ms;
	struct str half;

	if (!cut_short(s, &h) || !cut(s, ":") || !cut_number(s, 2, &m) ||
	    !cut_seconds(s, &second, &ms))
		return false;
	half = *s;
	cut_blank(&half);
	if (half.n >= 2 && (half.s[1] | 32) == 'm' && memchr("aApP", *half.s, 4)) {
		if (h < 1 || h > 12)
			return false;
		h = h % 12 + 12 * ((*half.s | 32) == 'p');
		*s = (struct str){ half.s + 2, half.n - 2 };
	}
	buf_printf(iso, "T%02d:%02d:%02d.%03u", h, m, second, ms);
	return true;
}

/* Whether the day stands first in "24/11/2026": one of the two is no month, or they are the same;
 * else it can't be told. `month_first`: then it is the second one. */
static bool tell_day(int first, int second, bool month_first, bool *day_first)
{
	*day_first = first > 12;
	return first > 12 || second > 12 || first == second || month_first;
}

/* "11/24/2026, 10:01:10.000 AM", as JavaScript writes times in the United States: where the day
 * stands first no comma and AM in capitals stand together. */
static bool is_american(struct str s)
{
	return s.n > 3 && *s.s == ',' && s.s[s.n - 1] == 'M' &&
	       (s.s[s.n - 2] == 'A' || s.s[s.n - 2] == 'P');
}

/* A comma, a blank, or both, with something behind. */
static bool cut_behind_date(struct str *s)
{
	bool comma = cut(s, ","), blank = cut_blank(s);

	return (comma || blank) && s->n;
}

/* Dates as people write them, with a clock of twelve hours or not; and those of ISO with one. */
static bool read_written(struct str s, uint64_t *out)
{
	struct buf iso = { 0 };
	int first, second, year;
	char apart[2] = "";
	bool good, day_first = false;

	if (s.n > 10 && s.s[4] == '-' && is_digit(s.s[1]) && is_digit(s.s[2])) {
		buf_add(&iso, s.s, 10);
		s = (struct str){ s.s + 10, s.n - 10 };
		good = (cut(&s, "T") || cut_blank(&s)) && s.n;
	} else {
		good = cut_short(&s, &first) && s.n && memchr("/.-", *s.s, 3);
		apart[0] = good ? *s.s : 0;
		good = good && cut(&s, apart) && cut_short(&s, &second) && cut(&s, apart) &&
		       cut_number(&s, 4, &year) &&
		       tell_day(first, second, is_american(s), &day_first);
		if (good)
			buf_printf(&iso, "%04d-%02d-%02d", year, day_first ? second : first,
				   day_first ? first : second);
		good = good && (!s.n || cut_behind_date(&s));
	}
	good = good && (!s.n || (cut_clock(&s, &iso) && !(s.n && is_digit(*s.s))));
	if (good)
		buf_add_str(&iso, s); /* the zone */
	good = good && read_iso(buf_str(&iso), out);
	buf_release(&iso);
	return good;
}

/* 1795514470.25 */
static bool read_epoch(struct str s, uint64_t *out)
{
	struct str whole = s;
	uint64_t seconds;
	unsigned ms;

	whole.n = cut_digits(&s);
	if (!str_to_u64(whole, &seconds) || seconds > UINT32_MAX || !cut_fraction(&s, &ms) || s.n)
		return false;
	*out = in_unit(seconds, ms);
	return true;
}

/* ---- all of it ---- */

const char *reading_fault(int field, struct str text)
{
	static const char *const none[] = {
		[TYPE_ADDRESS] = "no address",   [TYPE_PORT] = "no port",
		[TYPE_PROTOCOL] = "no protocol", [TYPE_FLAGS] = "no flags",
		[TYPE_TIME] = "no time",
	};
	enum field_type type = field_type(field);
	struct str rest = text;

	if (field == FIELD_ACTION)
		return "neither ACCEPT nor REJECT";
	if (field == FIELD_LOG_STATUS)
		return "neither OK nor NODATA nor SKIPDATA";
	if (type_is_number(type) && cut_digits(&rest) && !rest.n)
		return "too large";
	return type < ARRAY_SIZE(none) && none[type] ? none[type] : "no number";
}

bool reading_number(enum field_type type, struct str text, uint64_t *out)
{
	char digits[24];
	size_t n;
	int protocol;

	if (!str_to_u64(text, out) && !read_groups(text, out) &&
	    !(reading_digits(text, false, digits, &n) &&
	      str_to_u64((struct str){ digits, n }, out))) {
		if (type == TYPE_TIME)
			return read_epoch(text, out) || read_iso(text, out) ||
			       read_written(text, out);
		protocol = type == TYPE_PROTOCOL ? protocol_number(text) : -1;
		*out = (uint64_t)protocol;
		return protocol >= 0;
	}
	while (type == TYPE_TIME && *out > MS_MOST && *out != UINT64_MAX)
		*out /= 1000;
	return *out <= reading_most(type);
}

void reading_delivered(struct str value, struct buf *out)
{
	for (size_t i = 0; i < value.n; i++) {
		bool blank = value.n - i >= 3 && memcmp(value.s + i, "%20", 3) == 0;
		buf_putc(out, blank ? ' ' : value.s[i]);
		i += blank ? 2 : 0;
	}
}
