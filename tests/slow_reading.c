/* slow_reading.c - what values mean, once more: by regular expressions and strptime. See
 * slow.h. */
#include <ctype.h>
#include <regex.h>
#include <time.h>

#include "slow.h"
#include "support.h"

/* Patterns are compiled once: they are literals, known by their address. */
static bool is_like(const char *text, const char *pattern)
{
	static struct {
		const char *pattern;
		regex_t regex;
	} known[32];
	size_t i = 0;

	while (known[i].pattern && known[i].pattern != pattern)
		i++;
	if (!known[i].pattern) {
		known[i].pattern = pattern;
		assert_int_equal(
			regcomp(&known[i].regex, pattern, REG_EXTENDED | REG_NOSUB | REG_ICASE), 0);
	}
	return regexec(&known[i].regex, text, 0, NULL, 0) == 0;
}

/* All of `what` become `with`. */
static void replace(struct buf *b, const char *what, char with)
{
	struct buf out = { 0 };
	char *at = b->s, *found;

	buf_puts(&out, "");
	for (; (found = strstr(at, what)); at = found + strlen(what)) {
		buf_add(&out, at, (size_t)(found - at));
		buf_putc(&out, with);
	}
	buf_puts(&out, at);
	buf_release(b);
	*b = out;
}

/* Digits of which some may be zeros before. */
static bool read_digits(const char *text, uint64_t *out)
{
	return str_to_u64(str_of(text), out);
}

/* Takes the point out and puts as many zeros behind as the exponent says. */
static bool read_float(const char *text, uint64_t *out)
{
	char digits[64] = "";
	size_t n = strcspn(text, "eE"), point = n, k = 0, i;
	size_t zeros = text[n] ? (size_t)atoi(text + n + 1) : 0;

	if (!is_like(text, "^[0-9]+[.,]?[0-9]*(e[+]?[0-9]{1,20})?$") &&
	    !is_like(text, "^[.,][0-9]+(e[+]?[0-9]{1,20})?$"))
		return false;
	if (is_like(text, "^[0-9]{0,3},[0-9]{3}$"))
		return false; /* a group */
	for (i = 0; i < n && k < 25; i++)
		if (text[i] == '.' || text[i] == ',')
			point = i;
		else
			digits[k++] = text[i];
	if (k > 24 || zeros > 19)
		return false;
	for (point += zeros; k < point; k++)
		digits[k] = '0';
	for (i = point; i < k; i++)
		if (digits[i] != '0')
			return false;
	digits[point] = '\0';
	for (i = 0; digits[i] == '0' && digits[i + 1]; i++)
		;
	return point > 0 && point <= 20 && read_digits(digits + i, out);
}

static bool read_groups(const char *text, uint64_t *out)
{
	static const char *const patterns[] = {
		"^[1-9][0-9]{0,2}(,[0-9]{3})+([.]0+)?$",
		"^[1-9][0-9]{0,2}('[0-9]{3})+([.,]0+)?$",
		"^[1-9][0-9]{0,2}( [0-9]{3})+([.,]0+)?$",
		"^[1-9][0-9]{0,2}(~[0-9]{3})+([.,]0+)?$",
		"^[1-9][0-9]{0,2}(_[0-9]{3})+([.,]0+)?$",
		"^[1-9][0-9]{0,2}(;[0-9]{3})+([.,]0+)?$",
		"^[1-9][0-9]{0,2}(`[0-9]{3})+([.,]0+)?$",
		"^[1-9][0-9]{0,2}(@[0-9]{3})+([.,]0+)?$",
		"^[1-9][0-9]{0,2}([.][0-9]{3}){2,}(,0+)?$",
	};
	char digits[64];
	size_t n = 0;
	bool is = false;

	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++)
		is |= is_like(text, patterns[i]);
	if (!is)
		return false;
	/* The fraction is the last mark, where it is another than the first. */
	const char *first = text + strcspn(text, ",.' ~_;`@"), *last = text + strlen(text);
	while (last > first && isdigit((unsigned char)last[-1]))
		last--;
	size_t end = last[-1] == *first ? strlen(text) : (size_t)(last - 1 - text);
	for (size_t i = 0; i < end && n < sizeof digits - 1; i++)
		if (isdigit((unsigned char)text[i]))
			digits[n++] = text[i];
	digits[n] = '\0';
	return read_digits(digits, out);
}

static bool read_date(const char *text, uint64_t *out)
{
	struct tm tm = { 0 };
	const char *rest;
	unsigned ms = 0;
	long zone = 0;

	if (!is_like(
		    text,
		    "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-5][0-9](:([0-5][0-9]|60)([.,][0-9]+)?)?"
		    "( ?(Z|UTC|GMT|[-+][0-9]{2}(:?[0-9]{2})?))?)?$"))
		return false;
	rest = strptime(text, "%Y-%m-%d", &tm);
	int day = tm.tm_mday;
	if (rest && *rest) {
		rest = strptime(rest + 1, "%H:%M", &tm);
		if (rest && *rest == ':')
			rest = strptime(rest + 1, "%S", &tm);
		if (rest && (*rest == '.' || *rest == ',')) {
			char digits[4] = "000";
			size_t n = strspn(rest + 1, "0123456789");
			memcpy(digits, rest + 1, n < 3 ? n : 3);
			ms = (unsigned)atoi(digits);
			rest += 1 + n;
		}
	}
	if (!rest || tm.tm_sec > 60)
		return false;
	rest += *rest == ' ';
	if (*rest == '+' || *rest == '-') {
		int h = (rest[1] - '0') * 10 + rest[2] - '0', m = 0;
		if (rest[3])
			m = atoi(rest + 3 + (rest[3] == ':'));
		if (h > 23 || m > 59)
			return false;
		zone = (*rest == '-' ? -1 : 1) * (h * 3600L + m * 60L);
	}
	int64_t t = (int64_t)timegm(&tm) - zone;
	if (t < 0 || tm.tm_mday != day)
		return false;
	/* Whatever is beyond 32 bits is milliseconds. */
	*out = (uint64_t)t * 1000 + ms > UINT32_MAX && (ms || t > UINT32_MAX)
		       ? (uint64_t)t * 1000 + ms
		       : (uint64_t)t;
	return true;
}

/* A clock of twelve hours, or of one digit, or behind a date that is not ISO's: written as ISO has
 * it, with the zone behind. */
static bool read_written(const char *text, uint64_t *out)
{
#define CLOCK "([0-9]{1,2}):[0-5][0-9](:([0-5][0-9]|60)([.,][0-9]+)?)?( ?[AaPp][Mm])?"
#define ZONE "( ?(Z|UTC|GMT|[-+][0-9]{2}(:?[0-9]{2})?))?"
	char iso[80], *at = iso;
	int a = 0, b = 0, year = 0, hour, n = 0;

	if (strlen(text) > 60)
		return false;
	if (is_like(text, "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]" CLOCK ZONE "$")) {
		at += sprintf(at, "%.10s", text);
		n = 10;
	} else if (is_like(text, "^([0-9]{1,2}/[0-9]{1,2}/|[0-9]{1,2}-[0-9]{1,2}-|[0-9]{1,2}"
				 "[.][0-9]{1,2}[.])[0-9]{4}((,| |, )" CLOCK ZONE ")?$")) {
		bool american = is_like(text, "^[^,]*,.*[AP]M$") && !strpbrk(text, "apm");
		sscanf(text, "%d%*c%d%*c%d%n", &a, &b, &year, &n);
		if (text[1] == '-' || text[2] == '-')
			sscanf(text, "%d-%d-%d%n", &a, &b, &year, &n);
		if (a <= 12 && b <= 12 && a != b && !american)
			return false;
		at += sprintf(at, "%04d-%02d-%02d", year, a > 12 ? b : a, a > 12 ? a : b);
	} else {
		return false;
	}
	if (text[n]) {
		const char *clock = text + n + strspn(text + n, "T, ");
		const char *half = strpbrk(clock, "aApP");
		hour = atoi(clock);
		if (half && (hour < 1 || hour > 12))
			return false;
		if (half)
			hour = hour % 12 + (tolower((unsigned char)*half) == 'p' ? 12 : 0);
		clock = strchr(clock, ':');
		const char *end = half ? half : clock + strlen(clock);
		while (half && end[-1] == ' ')
			end--;
		sprintf(at, "T%02d%.*s%s", hour, (int)(end - clock), clock, half ? half + 2 : "");
	}
	return read_date(iso, out);
#undef CLOCK
#undef ZONE
}

static bool read_epoch_fraction(const char *text, uint64_t *out)
{
	char digits[4] = "000";
	const char *mark = text + strspn(text, "0123456789");
	uint64_t s = strtoull(text, NULL, 10);
	size_t n;

	if (!is_like(text, "^[0-9]{1,18}[.,][0-9]+$") || s > UINT32_MAX)
		return false;
	n = strlen(mark + 1);
	memcpy(digits, mark + 1, n < 3 ? n : 3);
	*out = atoi(digits) && s * 1000 + (uint64_t)atoi(digits) > UINT32_MAX
		       ? s * 1000 + (uint64_t)atoi(digits)
		       : s;
	return true;
}

bool slow_number(enum field_type type, const char *text, uint64_t *out)
{
	static const struct {
		const char *of;
		char is;
	} marks[] = { { "%20", '~' },
		      { "\xc2\xa0", '_' },
		      { "\xe2\x80\xaf", ';' },
		      { "\xe2\x80\x89", '`' },
		      { "\xe2\x80\x99", '@' } };
	struct buf b = { 0 }, spaced = { 0 };
	uint64_t most = UINT64_MAX - 1;
	bool is, number;

	/* Nearly all are. */
	if (type != TYPE_TIME && strlen(text) < 4 && read_digits(text, out))
		return type != TYPE_PROTOCOL || *out <= 255;
	if (type == TYPE_TIME && strlen(text) == 10 && read_digits(text, out))
		return true;
	if (strpbrk(text, "~_;`@") || (type != TYPE_PROTOCOL && !strpbrk(text, "0123456789")))
		return false; /* the marks are those of this function */
	buf_puts(&b, text);
	buf_puts(&spaced, text);
	for (size_t i = 0; strpbrk(text, "%\xc2\xe2") && i < ARRAY_SIZE(marks); i++)
		replace(&b, marks[i].of, marks[i].is);
	if (strchr(text, '%'))
		replace(&spaced, "%20", ' ');
	number = is = read_digits(b.s, out) || read_groups(b.s, out) || read_float(b.s, out);
	if (!is && type == TYPE_TIME)
		is = read_epoch_fraction(b.s, out) || read_date(spaced.s, out) ||
		     read_written(spaced.s, out);
	if (!is && type == TYPE_PROTOCOL && protocol_number(str_of(text)) >= 0) {
		*out = (uint64_t)protocol_number(str_of(text));
		is = true;
	}
	buf_release(&b);
	buf_release(&spaced);
	if (number && type == TYPE_TIME && *out < UINT64_MAX) {
		most = UINT64_C(253402300799999); /* the year 9999 */
		if (*out > most)
			*out /= 1000;
		if (*out > most)
			*out /= 1000;
	}
	if (type == TYPE_PORT || type == TYPE_FLAGS)
		most = 65535;
	if (type == TYPE_PROTOCOL)
		most = 255;
	return is && (type == TYPE_TIME ? *out < UINT64_MAX : *out <= most);
}
