/* decode_reason.c - why a line is no record, in words: see decode_line.h. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/address.h"
#include "decode/decode_line.h"

const char line_is_custom[] = "looks like a flow log of a custom format: give --format";

/* ---- numbers in what is static ---- */

enum { SLOTS = 1024, FULL = SLOTS / 4 * 3 };

/* What was said once of `values` against `n` is kept: of those there are few. NULL: too many. */
static const char *kept_reason(const char *whose, unsigned values, unsigned n)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct {
		const char *whose;
		unsigned values, n;
		char text[96];
	} slots[SLOTS];
	static unsigned taken;
	unsigned i = (values * 257 + n) % SLOTS;
	const char *text = NULL;

	pthread_mutex_lock(&lock);
	while (slots[i].whose &&
	       (slots[i].whose != whose || slots[i].values != values || slots[i].n != n))
		i = (i + 1) % SLOTS;
	if (!slots[i].whose && taken < FULL) {
		taken++;
		slots[i].whose = whose;
		slots[i].values = values;
		slots[i].n = n;
		snprintf(slots[i].text, sizeof slots[i].text, "%u %s where the %s %u", values,
			 plural(values, "value", "values"), whose, n);
	}
	text = slots[i].whose ? slots[i].text : NULL;
	pthread_mutex_unlock(&lock);
	return text;
}

/* Tags are what people write, blanks included, which no quotes hold together. */
static bool has_tags(const struct format *f)
{
	static const char tag[] = "-tag";

	for (unsigned i = 0; i < f->n; i++)
		if (f->field[i] < FIELDS_KNOWN && strstr(field_get(f->field[i])->name, tag))
			return true;
	return false;
}

static const char *wrong_count(const struct format *header, unsigned values, unsigned n)
{
	static const char others[] = "others have", columns[] = "header has",
			  tags[] = "header, whose tags may hold blanks, has";
	const char *whose = !header ? others : values > n && has_tags(header) ? tags : columns;
	const char *text = kept_reason(whose, values, n);

	return text         ? text
	       : values < n ? "fewer values than the format has columns"
			    : "more values than the format has columns";
}

/* ---- another layout ---- */

static bool begins(struct str s, const char *with)
{
	size_t n = strlen(with);

	return s.n > n && memcmp(s.s, with, n) == 0;
}

static bool is_digits(struct str s, size_t n)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] < '0' || s.s[i] > '9')
			return false;
	return s.n == n;
}

/* An address by itself, and other things of which a flow log has several. */
static bool looks_custom(struct str line)
{
	enum {
		VALUES = 6,
		ADDRESS = 1,
		ACTION = 2,
		STATUS = 4,
		INTERFACE = 8,
		ACCOUNT = 16,
		TIME = 32
	};
	unsigned values = 0, signs = 0, kinds = 0;
	struct str s;

	while ((s = str_token(&line)).n && ++values <= FORMAT_COLUMNS_MAX) {
		uint8_t address[16];
		signs |= address_parse(s, address) ? ADDRESS : 0;
		signs |= str_equal(s, str_of("ACCEPT")) || str_equal(s, str_of("REJECT")) ? ACTION
											  : 0;
		signs |= str_equal(s, str_of("OK")) || str_equal(s, str_of("NODATA")) ||
					 str_equal(s, str_of("SKIPDATA"))
				 ? STATUS
				 : 0;
		signs |= begins(s, "eni-") || begins(s, "vpc-") || begins(s, "subnet-") ? INTERFACE
											: 0;
		signs |= is_digits(s, 12) ? ACCOUNT : 0;
		signs |= is_digits(s, 10) && *s.s == '1' ? TIME : 0;
	}
	for (unsigned left = signs; left; left &= left - 1)
		kinds++;
	return values >= VALUES && (signs & ADDRESS) && (signs & (INTERFACE | ACTION)) &&
	       kinds >= 3;
}

const char *line_refusal(struct str line, unsigned values, const struct format *format,
			 const struct format *guess)
{
	const struct format *others = format ? format : guess;

	if (format && format->refusal)
		return format->refusal;
	if (others && values != others->n)
		return wrong_count(format, values, others->n);
	if (!others && looks_custom(line))
		return line_is_custom;
	return "not recognised as a flow log record";
}
