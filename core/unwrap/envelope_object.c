/* envelope_object.c - what keys mean, records out of objects whose keys are the fields, and
 * values as AWS writes them, whatever a converter made of them. */
#include <stdlib.h>
#include <string.h>

#include "unwrap/envelope.h"

bool envelope_is_name(struct str s)
{
	if (s.n == 0 || s.n > 64 || (s.s[0] >= '0' && s.s[0] <= '9') || s.s[0] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!((s.s[i] >= '0' && s.s[i] <= '9') || (s.s[i] >= 'a' && s.s[i] <= 'z') ||
		      (s.s[i] >= 'A' && s.s[i] <= 'Z') || memchr("-_.@", s.s[i], 4)))
			return false;
	return true;
}

enum envelope_key envelope_key(struct str name)
{
#define KEY(text, key) \
	{ \
		{ text, sizeof text - 1 }, key \
	}
	static const struct {
		struct str name;
		enum envelope_key key;
	} keys[] = {
		KEY("message", KEY_LINE),     KEY("@message", KEY_LINE),
		KEY("_raw", KEY_LINE),        KEY("body", KEY_LINE),
		KEY("original", KEY_LINE),    KEY("event.original", KEY_LINE),
		KEY("rawData", KEY_RAW),      KEY("data", KEY_DATA),
		KEY("messageType", KEY_TYPE), KEY("extractedFields", KEY_SKIPPED),
	};
#undef KEY

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (str_equal(name, keys[i].name))
			return keys[i].key;
	return KEY_OTHER;
}

/* ---- values ---- */

/* As JSON, Python and the like have no value. */
static bool is_nothing(struct str s)
{
	static const char *const words[] = { "null", "NULL", "None", "NaN", "nan" };

	for (size_t i = 0; s.n <= 4 && (*s.s | 32) == 'n' && i < ARRAY_SIZE(words); i++)
		if (str_equal(s, str_of(words[i])))
			return true;
	return false;
}

struct decimal {
	char digit[24];
	unsigned n, point; /* digits; those before the point, with the exponent */
};

/* 25238.0, 1.7e9, 6.02485E+11: false when it is no such thing. */
static bool read_decimal(struct str s, struct decimal *d)
{
	size_t i = 0;
	bool point = false;
	uint64_t exponent = 0;

	*d = (struct decimal){ .n = 0 };
	for (; i < s.n && ((s.s[i] >= '0' && s.s[i] <= '9') || (s.s[i] == '.' && !point)); i++)
		if (s.s[i] == '.')
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

/* A number written as a float. `whole`: only if no digit is missing of it, as rounding
 * leaves them out. False: it is no integer. */
static bool add_integer(struct str s, bool whole, struct buf *out)
{
	struct decimal d;
	unsigned first = 0;

	if (!read_decimal(s, &d) || d.point > 20 || d.point == 0 || (whole && d.point > d.n))
		return false;
	for (unsigned i = d.point; i < d.n; i++)
		if (d.digit[i] != '0')
			return false;
	while (first + 1 < d.point && first < d.n && d.digit[first] == '0')
		first++;
	for (unsigned i = first; i < d.point; i++)
		buf_putc(out, i < d.n ? d.digit[i] : '0');
	return true;
}

void envelope_add_value(int field, struct str value, struct buf *out)
{
	bool known = field != FIELD_NONE, number = known && type_is_number(field_type(field));
	uint64_t n;
	int64_t time;

	if (value.n == 0 || (known && is_nothing(value))) {
		buf_putc(out, '-');
		return;
	}
	if ((number || field == FIELD_ACCOUNT_ID) && !str_to_u64(value, &n)) {
		if (add_integer(value, !number, out))
			return;
		if (number && field_type(field) == TYPE_TIME && parse_time(value, &time) &&
		    time >= 0) {
			buf_add_u64(out, (uint64_t)time);
			return;
		}
	}
	for (size_t from = 0, i = 0; from < value.n; from = ++i) {
		while (i < value.n && (unsigned char)value.s[i] > ' ')
			i++;
		buf_add(out, value.s + from, i - from);
		if (i < value.n)
			buf_puts(out, "%20");
	}
}

/* ---- objects ---- */

struct pair {
	struct str key, value;
	int field; /* FIELD_NONE: of no published name */
};

static int by_field(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	size_t n = x->key.n < y->key.n ? x->key.n : y->key.n;
	int order;

	if (x->field != y->field)
		return (unsigned)x->field < (unsigned)y->field ? -1 : 1;
	order = memcmp(x->key.s, y->key.s, n);
	return order ? order : x->key.n < y->key.n ? -1 : x->key.n > y->key.n;
}

/* Pairs of published names come first, the others as far as there is room. */
static unsigned read_pairs(struct str pairs, struct pair *pair, unsigned *known)
{
	const char *p = pairs.s, *end = pairs.s + pairs.n;
	unsigned n = 0, others = 0; /* pairs of other names grow down from the end */

	while (p < end && n < FORMAT_COLUMNS_MAX) {
		struct pair x = { .key = str_of(p) };
		p += x.key.n + 1;
		x.value = str_trim(str_of(p));
		p += strlen(p) + 1;
		if (!envelope_is_name(x.key))
			continue;
		x.field = field_find_published(x.key);
		if (x.field == FIELD_NONE && n + others < FORMAT_COLUMNS_MAX)
			pair[FORMAT_COLUMNS_MAX - ++others] = x;
		if (x.field == FIELD_NONE)
			continue;
		others -= n + others == FORMAT_COLUMNS_MAX;
		pair[n++] = x;
	}
	memmove(pair + n, pair + FORMAT_COLUMNS_MAX - others, others * sizeof *pair);
	*known = n;
	return n + others;
}

/* Objects of other logs share names with flow logs (version, region, type, start): a record has
 * three fields at least, among them one that only flow logs have. */
static bool is_record(const struct pair *pair, unsigned n)
{
	static const int signs[] = { FIELD_SRCADDR, FIELD_DSTADDR, FIELD_INTERFACE_ID,
				     FIELD_LOG_STATUS, FIELD_TGW_ATTACHMENT_ID };

	for (unsigned i = 0; i < n && n >= 3; i++)
		for (size_t k = 0; k < ARRAY_SIZE(signs); k++)
			if (pair[i].field == signs[k])
				return true;
	return false;
}

static void write_pairs(const struct pair *pair, unsigned n, struct buf *names, struct buf *values)
{
	buf_clear(names);
	buf_clear(values);
	for (unsigned i = 0; i < n; i++) {
		int field = pair[i].field;
		buf_puts(names, i ? " " : "");
		buf_add_str(names, field == FIELD_NONE ? pair[i].key : str_of(field_name(field)));
		buf_puts(values, i ? " " : "");
		envelope_add_value(field, pair[i].value, values);
	}
}

bool envelope_object(const struct envelope *e, const struct envelope_level *l, struct buf *names,
		     struct buf *values)
{
	struct str pairs = { e->pairs.s + l->pairs, e->pairs.n - l->pairs };
	struct pair pair[FORMAT_COLUMNS_MAX];
	unsigned known, n = read_pairs(pairs, pair, &known);

	if (!is_record(pair, known))
		return false;
	qsort(pair, n, sizeof *pair, by_field);
	write_pairs(pair, n, names, values);
	/* Of keys that are ever new no more formats can be made: the fields alone, then. */
	if (n > known && !str_equal(buf_str(names), buf_str(&e->header)) &&
	    !format_parse(buf_str(names), "header"))
		write_pairs(pair, known, names, values);
	return true;
}
