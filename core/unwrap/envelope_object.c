/* envelope_object.c - what keys mean, records out of objects whose keys are the fields, and
 * values as AWS writes them, whatever a converter made of them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "schema/columns.h"
#include "unwrap/envelope.h"

bool envelope_is_name(struct str s)
{
	if (s.n == 0 || s.n > 96 || (s.s[0] >= '0' && s.s[0] <= '9') || s.s[0] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.s[i] < ' ' || s.s[i] == 127)
			return false;
	return true;
}

void envelope_add_name(struct str name, int field, struct buf *out)
{
	if (field >= 0) {
		buf_puts(out, field_get(field)->name);
		return;
	}
	for (size_t i = 0; i < name.n; i++)
		buf_putc(out, name.s[i] <= ' ' || strchr(",\"'${}", name.s[i]) ? '_' : name.s[i]);
	buf_puts(out, !name.n ? "_" : field == COLUMN_AGAIN ? "#2" : "");
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
		if (name.n == keys[i].name.n && strncasecmp(name.s, keys[i].name.s, name.n) == 0)
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
	bool known = field >= 0, number = known && type_is_number(field_type(field));
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

/* ---- objects ----
 *
 * What the keys of an object are is found once: those of the next one are mostly the same. */

struct envelope_shape {
	struct buf keys; /* as they came, each with its NUL */
	size_t skip;     /* bytes of each that are no part of the object's own keys */
	bool given;      /* it is a record, or to be refused by its names */
	unsigned n;      /* the record's columns: which pair, which field, what they are called */
	uint32_t pair[FORMAT_COLUMNS_MAX];
	int16_t field[FORMAT_COLUMNS_MAX];
	struct buf names;
	/* Of the object at hand. */
	struct pair {
		struct str key, value;
	} * of;
	size_t pairs, cap;
};

void envelope_shape_free(struct envelope_shape *s)
{
	if (!s)
		return;
	buf_release(&s->keys);
	buf_release(&s->names);
	free(s->of);
	free(s);
}

static void cut_pairs(struct envelope_shape *s, struct str pairs)
{
	const char *p = pairs.s, *end = pairs.s + pairs.n;

	for (s->pairs = 0; p < end; s->pairs++) {
		xgrow((void **)&s->of, &s->cap, s->pairs + 1, sizeof *s->of);
		struct pair *x = &s->of[s->pairs];
		x->key = str_of(p);
		p += x->key.n + 1;
		x->value = str_of(p);
		p += x->value.n + 1;
	}
}

static bool has_same_keys(const struct envelope_shape *s, size_t skip)
{
	size_t at = 0;

	for (size_t i = 0; i < s->pairs; i++) {
		struct str key = s->of[i].key;
		if (at + key.n >= s->keys.n || memcmp(s->keys.s + at, key.s, key.n + 1) != 0)
			return false;
		at += key.n + 1;
	}
	return at == s->keys.n && skip == s->skip;
}

/* A key of the object as a column's name: the objects that it is below, with dots. */
struct column_name {
	struct str name;
	int16_t field;
	uint32_t pair;
	bool nested;
};

/* Fields first, in their order; then by name. */
static int by_field(const void *a, const void *b)
{
	const struct column_name *x = a, *y = b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	unsigned at = x->field < 0 ? UINT16_MAX : (unsigned)x->field;
	unsigned bt = y->field < 0 ? UINT16_MAX : (unsigned)y->field;
	int order;

	if (at != bt)
		return at < bt ? -1 : 1;
	order = memcmp(x->name.s, y->name.s, n);
	return order ? order : x->name.n < y->name.n ? -1 : x->name.n > y->name.n;
}

/* Objects of other logs share names with flow logs (version, region, type, start): a record has
 * three fields at least, among them one that only flow logs have; under other tools' names,
 * which firewalls use too, both addresses and what became of the flow. */
static bool is_record(const struct column_name *c, unsigned n)
{
	bool has[FIELDS_PUBLISHED] = { false };
	bool sign = false;
	unsigned known = 0;

	for (unsigned i = 0; i < n; i++) {
		if (c[i].field < 0)
			continue;
		known++;
		has[c[i].field] = true;
		const char *dot = memrchr(c[i].name.s, '.', c[i].name.n);
		size_t from = dot ? (size_t)(dot - c[i].name.s) + 1 : 0;
		switch (field_find_published(
			(struct str){ c[i].name.s + from, c[i].name.n - from })) {
		case FIELD_SRCADDR:
		case FIELD_DSTADDR:
		case FIELD_INTERFACE_ID:
		case FIELD_LOG_STATUS:
		case FIELD_TGW_ATTACHMENT_ID:
			sign = true;
		}
	}
	return known >= 3 &&
	       (sign || (has[FIELD_SRCADDR] && has[FIELD_DSTADDR] &&
			 (has[FIELD_BYTES] || has[FIELD_PACKETS] || has[FIELD_ACTION])));
}

/* Takes the names that may be fields, of the others as many as there is room for. `text`: the
 * keys with dots. */
static unsigned take_names(const struct envelope_shape *s, const char *text, struct column_name *c)
{
	unsigned n = 0;

	for (int known = 1; known >= 0; known--) {
		const char *at = text;
		for (size_t i = 0; i < s->pairs && n < FORMAT_COLUMNS_MAX; i++) {
			struct str key = s->of[i].key;
			struct str name = { at + s->skip, key.n - s->skip };
			at += key.n + 1;
			if (!envelope_is_name(name) ||
			    (column_field(name) != FIELD_NONE) != (known == 1))
				continue;
			c[n++] = (struct column_name){ name, FIELD_NONE, (uint32_t)i,
						       memchr(key.s + s->skip, ENVELOPE_BELOW,
							      name.n) != NULL };
		}
	}
	return n;
}

static void write_names(struct envelope_shape *s, const struct column_name *c, unsigned n)
{
	buf_clear(&s->names);
	s->n = n;
	for (unsigned i = 0; i < n; i++) {
		s->pair[i] = c[i].pair;
		s->field[i] = c[i].field;
		buf_puts(&s->names, i ? " " : "");
		envelope_add_name(c[i].name, c[i].field, &s->names);
	}
}

/* What the names of `c` are. True: they are a record's, or statistics. */
static bool match(struct column_name *c, unsigned n)
{
	struct str name[FORMAT_COLUMNS_MAX];
	int16_t field[FORMAT_COLUMNS_MAX];

	for (unsigned i = 0; i < n; i++)
		name[i] = c[i].name;
	columns_match(name, n, field);
	for (unsigned i = 0; i < n; i++)
		c[i].field = field[i];
	return is_record(c, n) || columns_are_statistics(name, field, n, false);
}

/* Who, how much and when: nothing is to be explained of names that are not understood. */
static bool is_whole(const struct column_name *c, unsigned n)
{
	unsigned whole = 0;

	for (unsigned i = 0; i < n; i++)
		whole += c[i].field == FIELD_SRCADDR || c[i].field == FIELD_DSTADDR ||
			 c[i].field == FIELD_BYTES || c[i].field == FIELD_END;
	return whole == 4;
}

static void learn_shape(struct envelope_shape *s, size_t skip)
{
	struct column_name c[FORMAT_COLUMNS_MAX];
	unsigned n, known = 0, kept = 0;
	char *text;

	buf_clear(&s->keys);
	for (size_t i = 0; i < s->pairs; i++)
		buf_add(&s->keys, s->of[i].key.s, s->of[i].key.n + 1);
	s->skip = skip;
	text = xmemdup(s->keys.s, s->keys.n);
	for (size_t i = 0; i < s->keys.n; i++)
		if (text[i] == ENVELOPE_BELOW)
			text[i] = '.';
	n = take_names(s, text, c);
	s->given = match(c, n);
	if (s->given) {
		qsort(c, n, sizeof *c, by_field);
		bool whole = is_whole(c, n);
		for (unsigned i = 0; i < n; i++) {
			known += c[i].field >= 0;
			if (c[i].field >= 0 || !c[i].nested || !whole)
				c[kept++] = c[i];
		}
		write_names(s, c, kept);
		/* Of keys that are ever new no more formats can be made: the fields alone. */
		if (kept > known && !format_parse(buf_str(&s->names), "header"))
			write_names(s, c, known);
	}
	free(text);
}

bool envelope_object(struct envelope *e, const struct envelope_level *l, size_t skip,
		     struct buf *names, struct buf *values)
{
	struct envelope_shape *s = e->shape ? e->shape : xcalloc(1, sizeof *s);

	e->shape = s;
	cut_pairs(s, (struct str){ e->pairs.s + l->pairs, e->pairs.n - l->pairs });
	if (!has_same_keys(s, skip))
		learn_shape(s, skip);
	if (!s->given)
		return false;
	buf_add_str(names, buf_str(&s->names));
	for (unsigned i = 0; i < s->n; i++) {
		buf_puts(values, i ? " " : "");
		envelope_add_value(s->field[i], str_trim(s->of[s->pair[i]].value), values);
	}
	return true;
}
