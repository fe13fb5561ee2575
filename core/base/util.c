/* util.c - see util.h. */
#include "base/util.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/terminal.h"

/* ---- slices ---- */

struct str str_of(const char *s)
{
	return (struct str){ s, strlen(s) };
}

bool str_equal(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.s, b.s, a.n) == 0);
}

static int loose(char c)
{
	return c == '_' ? '-' : tolower((unsigned char)c);
}

bool str_equal_loose(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (loose(a.s[i]) != loose(b.s[i]))
			return false;
	return true;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int hex_value(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) % 16 : -1;
}

struct str str_trim(struct str s)
{
	while (s.n && is_space(s.s[0]))
		s.s++, s.n--;
	while (s.n && is_space(s.s[s.n - 1]))
		s.n--;
	return s;
}

struct str str_token(struct str *rest)
{
	size_t i = 0, start;

	while (i < rest->n && (rest->s[i] == ' ' || rest->s[i] == '\t'))
		i++;
	start = i;
	while (i < rest->n && rest->s[i] != ' ' && rest->s[i] != '\t')
		i++;
	struct str token = { rest->s + start, i - start };
	rest->s += i;
	rest->n -= i;
	return token;
}

unsigned str_edits(struct str a, struct str b)
{
	unsigned row[3][40] = { { 0 } };

	if (a.n >= 40 || b.n >= 40 || a.n > b.n + 2 || b.n > a.n + 2)
		return 3;
	for (size_t j = 0; j <= b.n; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a.n; i++) {
		unsigned *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= b.n; j++) {
			unsigned same = tolower((unsigned char)a.s[i - 1]) ==
					tolower((unsigned char)b.s[j - 1]);
			unsigned best = last[j - 1] + !same;
			best = last[j] + 1 < best ? last[j] + 1 : best;
			best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
			if (i > 1 && j > 1 && a.s[i - 1] == b.s[j - 2] &&
			    a.s[i - 2] == b.s[j - 1] && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[a.n % 3][b.n];
}

bool str_to_u64(struct str s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0 || s.n > 20)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned char)s.s[i] - '0';
		if (digit > 9 || v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*out = v;
	return true;
}

/* ---- growable text ---- */

void buf_release(struct buf *b)
{
	free(b->s);
	*b = (struct buf){ 0 };
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	if (b->s)
		b->s[0] = '\0';
}

void buf_reserve(struct buf *b, size_t more)
{
	size_t need = b->n + more + 1;

	if (need <= b->cap)
		return;
	b->cap = b->cap * 2 > need ? b->cap * 2 : need < 64 ? 64 : need;
	b->s = xrealloc(b->s, b->cap);
}

void buf_add(struct buf *b, const void *s, size_t n)
{
	buf_reserve(b, n);
	if (n)
		memcpy(b->s + b->n, s, n);
	b->n += n;
	b->s[b->n] = '\0';
}

void buf_add_str(struct buf *b, struct str s)
{
	buf_add(b, s.s, s.n);
}

void buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_add_u64(struct buf *b, uint64_t v)
{
	char digits[20];
	size_t i = sizeof digits;

	do
		digits[--i] = (char)('0' + v % 10);
	while (v /= 10);
	buf_add(b, digits + i, sizeof digits - i);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (n < 0)
		return;
	buf_reserve(b, (size_t)n);
	va_start(ap, format);
	vsnprintf(b->s + b->n, (size_t)n + 1, format, ap);
	va_end(ap);
	b->n += (size_t)n;
}

struct str buf_str(const struct buf *b)
{
	return (struct str){ b->s, b->n };
}

/* ---- memory ---- */

void *xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);
	if (!p)
		die("out of memory (%zu bytes)", size);
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);
	if (!p)
		die("out of memory (%zu x %zu bytes)", n, size);
	return p;
}

void *xreserve(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("out of memory");
	return p;
}

void xreserve_free(void *table, size_t bytes)
{
	munmap(table, bytes);
}

void *xzeroed(size_t n, size_t size)
{
	return memset(xmalloc(n * size), 0, n * size);
}

void *xrealloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		die("out of memory (%zu bytes)", size);
	return p;
}

void *xmemdup(const void *p, size_t n)
{
	void *copy = xmalloc(n);
	if (n)
		memcpy(copy, p, n);
	return copy;
}

char *xstrndup(const char *s, size_t n)
{
	char *copy = xmalloc(n + 1);
	if (n)
		memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

void xgrow(void **p, size_t *cap, size_t need, size_t size)
{
	xgrow_within(p, cap, need, 0, size);
}

void xgrow_within(void **p, size_t *cap, size_t need, size_t most, size_t size)
{
	if (need <= *cap)
		return;
	size_t wanted = *cap ? *cap * 2 : 16;
	if (most && wanted > most)
		wanted = most;
	if (wanted < need)
		wanted = need;
	*p = xrealloc(*p, wanted * size);
	*cap = wanted;
}

void xshrink(void **p, size_t *cap, size_t to, size_t size)
{
	if (to >= *cap)
		return;
	*p = xrealloc(*p, to * size);
	*cap = to;
}

uint64_t root_u64(uint64_t v)
{
	uint64_t r = 0;

	for (uint64_t bit = UINT64_C(1) << 31; bit; bit >>= 1)
		if ((r | bit) * (r | bit) <= v)
			r |= bit;
	return r;
}

/* ---- the end ---- */

static void (*die_hook)(void);

void die_set_hook(void (*hook)(void))
{
	die_hook = hook;
}

void die(const char *format, ...)
{
	char text[512];
	va_list ap;

	if (die_hook)
		die_hook();
	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	write_out(STDERR_FILENO, str_of("enitop: "));
	write_out(STDERR_FILENO, str_of(text));
	write_out(STDERR_FILENO, str_of("\n"));
	_exit(2);
}

uint64_t monotonic_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- numbers as people read them ---- */

static char *human(char *out, size_t size, uint64_t v, unsigned base, const char *units)
{
	double scaled = (double)v;
	int unit = -1;

	while (scaled >= (unit < 0 ? base : base - 0.5) && units[unit + 1]) {
		scaled /= base;
		unit++;
	}
	if (unit < 0)
		snprintf(out, size, "%" PRIu64, v);
	else if (scaled < 9.95)
		snprintf(out, size, "%.1f%c", scaled, units[unit]);
	else
		snprintf(out, size, "%.0f%c", scaled, units[unit]);
	return out;
}

/* A sum that 64 bits did not hold. */
static char *at_limit(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text);
	return out;
}

char *human_bytes(char *out, size_t size, uint64_t bytes)
{
	return bytes == UINT64_MAX ? at_limit(out, size, "16E+")
				   : human(out, size, bytes, 1024, "KMGTPE");
}

char *human_count(char *out, size_t size, uint64_t count)
{
	return count == UINT64_MAX ? at_limit(out, size, "18E+")
				   : human(out, size, count, 1000, "kMGTPE");
}

char *human_duration(char *out, size_t size, int64_t s)
{
	const char *sign = s < 0 ? "-" : "";

	if (s < 0)
		s = s == INT64_MIN ? INT64_MAX : -s;
	if (s < 100)
		snprintf(out, size, "%s%" PRId64 "s", sign, s);
	else if (s < 3600)
		snprintf(out, size, "%s%" PRId64 "m", sign, s / 60);
	else if (s < 86400)
		snprintf(out, size, "%s%" PRId64 "h%02" PRId64 "m", sign, s / 3600, s / 60 % 60);
	else
		snprintf(out, size, "%s%" PRId64 "d%02" PRId64 "h", sign, s / 86400, s / 3600 % 24);
	return out;
}

/* Splits "15m" into its digits and what follows them. */
static bool number_and_unit(struct str s, uint64_t *v, struct str *unit)
{
	size_t digits = 0;

	while (digits < s.n && isdigit((unsigned char)s.s[digits]))
		digits++;
	*unit = (struct str){ s.s + digits, s.n - digits };
	return str_to_u64((struct str){ s.s, digits }, v);
}

bool parse_bytes(struct str s, uint64_t *out)
{
	static const char powers[] = "KMGT";
	struct str unit;
	uint64_t v;
	unsigned shift = 0;

	if (!number_and_unit(s, &v, &unit))
		return false;
	if (unit.n) {
		const char *power = memchr(powers, toupper((unsigned char)unit.s[0]), 4);
		if (power) {
			shift = 10 * (unsigned)(power - powers + 1);
			unit.s++, unit.n--;
			if (unit.n && tolower((unsigned char)unit.s[0]) == 'i')
				unit.s++, unit.n--;
		}
		if (unit.n && toupper((unsigned char)unit.s[0]) == 'B')
			unit.s++, unit.n--;
		if (unit.n)
			return false;
	}
	if (v > UINT64_MAX >> shift)
		return false;
	*out = v << shift;
	return true;
}

bool parse_duration(struct str s, int64_t *seconds)
{
	struct str unit;
	uint64_t v, scale = 1;

	if (!number_and_unit(s, &v, &unit) || unit.n > 1)
		return false;
	if (unit.n)
		switch (unit.s[0]) {
		case 's':
			break;
		case 'm':
			scale = 60;
			break;
		case 'h':
			scale = 3600;
			break;
		case 'd':
			scale = 86400;
			break;
		default:
			return false;
		}
	if (v > (uint64_t)INT64_MAX / scale / 2)
		return false;
	*seconds = (int64_t)(v * scale);
	return true;
}

/* ---- time ---- */

char *rfc3339(char *out, size_t size, int64_t epoch_s)
{
	time_t t = (time_t)epoch_s;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(out, size, "%Y-%m-%dT%H:%M:%SZ", &tm))
		snprintf(out, size, "%" PRId64, epoch_s);
	return out;
}
