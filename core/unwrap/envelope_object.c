/* envelope_object.c - what keys mean, records out of objects whose keys are the fields, and
 * values as AWS writes them, whatever a converter made of them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "schema/columns.h"
#include "schema/ocsf.h"
#include "schema/format_book.h"
#include "schema/reading.h"
#include "unwrap/envelope.h"
#include "unwrap/foreign.h"

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

void envelope_note_names(struct envelope *e, const struct str *name, size_t n)
{
	enum { NAMED = 8, LETTERS = 40 };
	size_t named = 0;

	if (!e->foreign)
		e->foreign = foreign_of_names(name, n);
	if (n <= e->strange_names)
		return;
	e->strange_names = n;
	buf_clear(&e->strange);
	for (size_t i = 0; i < n; i++)
		if (name[i].n && named++ < NAMED) {
			buf_puts(&e->strange, named > 1 ? ", " : "");
			buf_add(&e->strange, name[i].s, name[i].n < LETTERS ? name[i].n : LETTERS);
		}
	if (named > NAMED)
		buf_printf(&e->strange, " and %zu more", named - NAMED);
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

/* As spreadsheets say that a number is text: '123 and ="123". */
static struct str without_text_mark(struct str s)
{
	if (s.n > 1 && s.s[0] == '\'' && s.s[1] >= '0' && s.s[1] <= '9')
		return (struct str){ s.s + 1, s.n - 1 };
	if (s.n > 3 && s.s[0] == '=' && s.s[1] == '"' && s.s[s.n - 1] == '"')
		return (struct str){ s.s + 2, s.n - 3 };
	return s;
}

static bool has_exponent(struct str s)
{
	return *s.s >= '0' && *s.s <= '9' && (memchr(s.s, 'e', s.n) || memchr(s.s, 'E', s.n));
}

/* A number as AWS writes it, where a program made a float of it or a text of a time. Others stay
 * as they are, 1.5e3 too, which somebody may have meant so: the decoder reads those as well, and
 * keeps how they were written. */
static bool add_plain(int field, struct str value, struct buf *out)
{
	bool number = type_is_number(field_type(field)), time = field_type(field) == TYPE_TIME;
	char digits[24];
	uint64_t n;
	size_t length;

	if (str_to_u64(value, &n) || (!number && field != FIELD_ACCOUNT_ID) ||
	    (number && !time && has_exponent(value)))
		return false;
	if (reading_digits(value, !number, digits, &length)) {
		buf_add(out, digits, length);
		return true;
	}
	if (!time || !reading_number(TYPE_TIME, value, &n))
		return false;
	buf_add_u64(out, n);
	return true;
}

void envelope_add_value(int field, struct str value, struct buf *out)
{
	bool known = field >= 0;

	if (value.n == 0 || (known && is_nothing(value))) {
		buf_putc(out, '-');
		return;
	}
	if (known && (type_is_number(field_type(field)) || field == FIELD_ACCOUNT_ID))
		value = without_text_mark(value);
	if (known && add_plain(field, value, out))
		return;
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
	/* Of OCSF's a field may be there again, right behind: the first that has a value counts. */
	int16_t field[FORMAT_COLUMNS_MAX];
	enum ocsf_words as[FORMAT_COLUMNS_MAX];
	uint32_t version; /* the pair of it, of OCSF; UINT32_MAX: none */
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
	uint16_t rank; /* of several of a field */
	uint32_t pair;
	bool nested;
	enum ocsf_words as;
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
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
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
			c[n++] = (struct column_name){
				.name = name,
				.field = FIELD_NONE,
				.pair = (uint32_t)i,
				.nested = memchr(key.s + s->skip, ENVELOPE_BELOW, name.n) != NULL
			};
		}
	}
	return n;
}

static void write_names(struct envelope_shape *s, const struct column_name *c, unsigned n)
{
	buf_clear(&s->names);
	s->n = n;
	s->version = UINT32_MAX;
	for (unsigned i = 0; i < n; i++) {
		s->pair[i] = c[i].pair;
		s->field[i] = c[i].field;
		s->as[i] = c[i].as;
		if (c[i].field == FIELD_VERSION && c[i].rank)
			s->version = c[i].pair;
		if (i && c[i].field >= 0 && c[i].field == c[i - 1].field)
			continue;
		buf_puts(&s->names, i ? " " : "");
		envelope_add_name(c[i].name, c[i].field, &s->names);
	}
}

/* Columns of OCSF's places, and of the names that are none; how many. 0: it is no OCSF. */
static unsigned match_ocsf(struct column_name *c, unsigned n, const struct str *name)
{
	struct ocsf_place place[FORMAT_COLUMNS_MAX];
	struct column_name all[FORMAT_COLUMNS_MAX];
	bool placed[FORMAT_COLUMNS_MAX] = { false };
	unsigned places = ocsf_match(name, n, place, FORMAT_COLUMNS_MAX), out = 0;

	if (places == 0)
		return 0;
	for (; out < places; out++) {
		all[out] = c[place[out].name];
		all[out].field = place[out].field;
		all[out].rank = (uint16_t)(place[out].rank + 1);
		all[out].as = place[out].as;
		placed[place[out].name] = true;
	}
	for (unsigned i = 0; i < n && out < FORMAT_COLUMNS_MAX; i++)
		if (!placed[i])
			all[out++] = c[i];
	memcpy(c, all, out * sizeof *c);
	return out;
}

/* What the names of `c` are, which may become more. True: they are a record's, or statistics. */
static bool match(struct column_name *c, unsigned *n)
{
	struct str name[FORMAT_COLUMNS_MAX];
	int16_t field[FORMAT_COLUMNS_MAX];
	unsigned places;

	for (unsigned i = 0; i < *n; i++)
		name[i] = c[i].name;
	places = match_ocsf(c, *n, name);
	if (places) {
		*n = places;
		return is_record(c, *n);
	}
	columns_match(name, *n, field);
	for (unsigned i = 0; i < *n; i++)
		c[i].field = field[i];
	return is_record(c, *n) || columns_are_statistics(name, field, *n, false);
}

/* Who, how much and when: nothing is to be explained of names that are not understood. */
static bool is_whole(const struct column_name *c, unsigned n)
{
	bool source = false, destination = false, bytes = false, end = false;

	for (unsigned i = 0; i < n; i++) {
		source |= c[i].field == FIELD_SRCADDR;
		destination |= c[i].field == FIELD_DSTADDR;
		bytes |= c[i].field == FIELD_BYTES;
		end |= c[i].field == FIELD_END;
	}
	return source && destination && bytes && end;
}

/* Names that are no record's, in the order in which they came. */
static void note_strange(struct envelope *e, const struct column_name *c, unsigned n)
{
	struct str name[FORMAT_COLUMNS_MAX];

	for (unsigned i = 0; i < n; i++)
		name[i] = c[i].name;
	envelope_note_names(e, name, n);
}

/* Of keys that are ever new no more formats can be made. */
static bool may_keep(const struct envelope *e, struct str names)
{
	const struct format *f = format_parse(names, "header");

	return f && (!e->book || !format_book_keep(e->book, f)->refusal);
}

static void learn_shape(struct envelope *e, struct envelope_shape *s, size_t skip)
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
	s->given = match(c, &n);
	if (s->given) {
		qsort(c, n, sizeof *c, by_field);
		bool whole = is_whole(c, n);
		for (unsigned i = 0; i < n; i++) {
			known += c[i].field >= 0;
			if (c[i].field >= 0 || !c[i].nested || !whole)
				c[kept++] = c[i];
		}
		write_names(s, c, kept);
		if (kept > known && !may_keep(e, buf_str(&s->names)))
			write_names(s, c, known); /* the fields alone */
	} else {
		note_strange(e, c, n);
	}
	free(text);
}

/* Whether a record of OCSF can have the addresses of packets. */
static bool has_packets(const struct envelope_shape *s)
{
	uint64_t v;

	return s->version == UINT32_MAX || !str_to_u64(s->of[s->version].value, &v) || v > 2;
}

/* The first value of columns i to `end`, all of which are of one field. */
static void add_first(const struct envelope_shape *s, unsigned i, unsigned end, struct buf *values)
{
	char space[24];

	if (i + 1 == end && s->as[i] == OCSF_AS_IS) {
		envelope_add_value(s->field[i], str_trim(s->of[s->pair[i]].value), values);
		return;
	}
	for (; i < end; i++) {
		struct str v = ocsf_value(s->as[i], str_trim(s->of[s->pair[i]].value), space);
		bool none = v.n == 0 || str_equal(v, str_of("-")) ||
			    (s->as[i] == OCSF_PACKET && !has_packets(s)) ||
			    (s->field[i] >= 0 && is_nothing(v));
		if (none && i + 1 < end)
			continue;
		envelope_add_value(s->field[i], none && s->as[i] != OCSF_AS_IS ? str_of("-") : v,
				   values);
		return;
	}
}

bool envelope_object(struct envelope *e, const struct envelope_level *l, size_t skip,
		     struct buf *names, struct buf *values)
{
	struct envelope_shape *s = e->shape ? e->shape : xcalloc(1, sizeof *s);

	e->shape = s;
	cut_pairs(s, (struct str){ e->pairs.s + l->pairs, e->pairs.n - l->pairs });
	if (!has_same_keys(s, skip))
		learn_shape(e, s, skip);
	if (!s->given)
		return false;
	buf_add_str(names, buf_str(&s->names));
	for (unsigned i = 0, next; i < s->n; i = next) {
		for (next = i + 1;
		     next < s->n && s->field[i] >= 0 && s->field[next] == s->field[i];)
			next++;
		buf_puts(values, i ? " " : "");
		add_first(s, i, next, values);
	}
	return true;
}
