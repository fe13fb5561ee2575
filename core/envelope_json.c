/* envelope_json.c - JSON as a stream of bytes: no document is held, only the text or the
 * small object that is being read. Lenient: what is not JSON breaks the document, which is
 * then skipped to the end of its line. */
#include "envelope.h"

#include <stdlib.h>
#include <string.h>

#define PAIRS_MAX 128

static struct envelope_level *top(struct envelope *e)
{
	return &e->level[e->depth - 1];
}

void envelope_json_begin(struct envelope *e)
{
	e->mode = ENVELOPE_JSON;
	e->seen = "json";
	e->state = JSON_VALUE;
	e->depth = 0;
	e->given = 0;
	e->head_n = 0;
	buf_clear(&e->pairs);
}

/* Nothing came of the document: its start stands for it. */
static void give_head(struct envelope *e, struct buf *out)
{
	buf_add(out, e->head, e->head_n);
	buf_putc(out, '\n');
}

void envelope_json_cut(struct envelope *e, struct buf *out)
{
	if (e->depth || e->state == JSON_BROKEN)
		give_head(e, out);
	e->mode = ENVELOPE_PLAIN;
}

/* ---- records out of objects ---- */

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

/* "25238.0" is 25238: floats come of converters. */
static struct str plain_number(struct str v)
{
	if (v.n > 2 && v.s[v.n - 1] == '0' && v.s[v.n - 2] == '.') {
		struct str whole = { v.s, v.n - 2 };
		uint64_t n;
		if (str_to_u64(whole, &n))
			return whole;
	}
	return v;
}

static unsigned read_pairs(const struct envelope *e, size_t from, struct pair *pair,
			   unsigned *known)
{
	const char *p = e->pairs.s + from, *end = e->pairs.s + e->pairs.n;
	unsigned n = 0;

	*known = 0;
	while (p < end && n < PAIRS_MAX) {
		struct pair *x = &pair[n];
		x->key = str_of(p);
		p += x->key.n + 1;
		x->value = plain_number(str_of(p));
		p += strlen(p) + 1;
		if (!envelope_is_name(x->key))
			continue;
		x->field = field_find_published(x->key);
		*known += x->field != FIELD_NONE;
		n++;
	}
	return n;
}

/* Objects of other logs share names with flow logs (version, region, type, start): a
 * record has three fields at least, and one of those that only it has. */
static bool is_record(const struct pair *pair, unsigned n, unsigned known)
{
	static const int signs[] = { FIELD_SRCADDR, FIELD_DSTADDR, FIELD_INTERFACE_ID,
				     FIELD_LOG_STATUS, FIELD_TGW_ATTACHMENT_ID };

	for (unsigned i = 0; i < n && known >= 3; i++)
		for (size_t k = 0; k < ARRAY_SIZE(signs); k++)
			if (pair[i].field == signs[k])
				return true;
	return false;
}

/* A line of values, behind a header line when the keys are not those of the last. */
static void give_object(struct envelope *e, size_t from, struct buf *out)
{
	struct pair pair[PAIRS_MAX];
	struct buf header = { 0 };
	unsigned known, n = read_pairs(e, from, pair, &known);

	if (!is_record(pair, n, known))
		return;
	qsort(pair, n, sizeof *pair, by_field);
	for (unsigned i = 0; i < n; i++) {
		if (i)
			buf_putc(&header, ' ');
		buf_add_str(&header, pair[i].key);
	}
	buf_putc(&header, '\n');
	if (!str_equal(buf_str(&header), buf_str(&e->header))) {
		buf_add_str(out, buf_str(&header));
		buf_clear(&e->header);
		buf_add_str(&e->header, buf_str(&header));
	}
	buf_release(&header);
	for (unsigned i = 0; i < n; i++) {
		if (i)
			buf_putc(out, ' ');
		envelope_value(pair[i].value, out);
	}
	buf_putc(out, '\n');
	e->given++;
}

/* ---- structure ---- */

static bool is_one_of(struct str s, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(s, str_of(names[i])))
			return true;
	return false;
}

static void end_key(struct envelope *e)
{
	static const char *const messages[] = { "message", "@message", "_raw", "body", "original" };
	static const char *const skipped[] = { "extractedFields" };
	struct str key = buf_str(&e->token);

	top(e)->is_message = is_one_of(key, messages, ARRAY_SIZE(messages));
	top(e)->is_skipped = is_one_of(key, skipped, ARRAY_SIZE(skipped));
	buf_clear(&e->key);
	buf_add_str(&e->key, key);
	e->state = JSON_COLON;
}

/* A text, number or word as a value. */
static void end_value(struct envelope *e, bool text, struct buf *out)
{
	struct envelope_level *l = e->depth ? top(e) : NULL;
	struct str value = buf_str(&e->token);

	e->state = JSON_AFTER;
	if (!l || l->array || l->skip || l->is_skipped)
		return;
	if (l->is_message && text) {
		envelope_give(e, value, out);
		l->said = true;
		return;
	}
	if (!text && str_equal(value, str_of("null")))
		value.n = 0;
	if (e->pairs.n - l->pairs > ENVELOPE_TEXT_MAX || memchr(value.s, '\0', value.n))
		return;
	buf_add_str(&e->pairs, buf_str(&e->key));
	buf_putc(&e->pairs, '\0');
	buf_add_str(&e->pairs, value);
	buf_putc(&e->pairs, '\0');
}

static void open_level(struct envelope *e, bool array)
{
	struct envelope_level *outer = e->depth ? top(e) : NULL;
	/* Beside a record's line, an object that repeats its fields is no second record. */
	bool skip = outer && (outer->skip || outer->said || (!outer->array && outer->is_skipped));

	if (e->depth == ENVELOPE_DEPTH) {
		e->state = JSON_BROKEN;
		return;
	}
	e->level[e->depth++] =
		(struct envelope_level){ .array = array, .skip = skip, .pairs = e->pairs.n };
	e->state = array ? JSON_VALUE : JSON_KEY;
}

static void close_level(struct envelope *e, bool array, struct buf *out)
{
	struct envelope_level *l = top(e);

	if (l->array != array) {
		e->state = JSON_BROKEN;
		return;
	}
	if (!array && !l->said && !l->skip && e->pairs.n > l->pairs)
		give_object(e, l->pairs, out);
	e->pairs.n = l->pairs;
	e->depth--;
	e->state = JSON_AFTER;
	if (e->depth)
		return;
	if (e->given == 0)
		give_head(e, out);
	e->mode = ENVELOPE_PLAIN;
}

/* ---- bytes ---- */

static void token_add(struct envelope *e, const char *s, size_t n)
{
	size_t room = ENVELOPE_TEXT_MAX -
		      (e->token.n < ENVELOPE_TEXT_MAX ? e->token.n : ENVELOPE_TEXT_MAX);

	buf_add(&e->token, s, n < room ? n : room);
}

static size_t in_string(struct envelope *e, struct str text, struct buf *out)
{
	size_t n = 0;

	while (n < text.n && text.s[n] != '"' && text.s[n] != '\\')
		n++;
	token_add(e, text.s, n);
	if (n == text.n)
		return n;
	if (text.s[n] == '\\')
		e->state = JSON_ESCAPE;
	else if (e->string_is_key)
		end_key(e);
	else
		end_value(e, true, out);
	return n + 1;
}

static void escape(struct envelope *e, char c)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/  \n\r\t";
	const char *at = c ? strchr(from, c) : NULL;

	if (c == 'u') {
		e->hex = e->hex_digits = 0;
		e->state = JSON_HEX;
		return;
	}
	token_add(e, at ? &to[at - from] : &c, 1);
	e->state = JSON_STRING;
}

/* Flow logs are ASCII: what is beyond stands as '?'. */
static void hex_digit(struct envelope *e, char c)
{
	unsigned v = c >= '0' && c <= '9' ? (unsigned)(c - '0') : ((unsigned)(c | 32) - 'a') + 10;
	char byte;

	if (v > 15) {
		e->state = JSON_BROKEN;
		return;
	}
	e->hex = e->hex << 4 | v;
	if (++e->hex_digits < 4)
		return;
	byte = e->hex > 0 && e->hex < 128 ? (char)e->hex : '?';
	token_add(e, &byte, 1);
	e->state = JSON_STRING;
}

static void string_begin(struct envelope *e, bool key)
{
	buf_clear(&e->token);
	buf_reserve(&e->token, 1);
	e->string_is_key = key;
	e->state = JSON_STRING;
}

/* Between values: what may stand there. */
static void structure(struct envelope *e, char c, struct buf *out)
{
	bool object = e->depth && !top(e)->array;

	if ((c == '}' || c == ']') && e->depth && e->state != JSON_COLON)
		close_level(e, c == ']', out);
	else if (e->state == JSON_COLON && c == ':')
		e->state = JSON_VALUE;
	else if (e->state == JSON_AFTER && c == ',' && e->depth)
		e->state = object ? JSON_KEY : JSON_VALUE;
	else if (e->state == JSON_KEY && c == '"')
		string_begin(e, true);
	else if (e->state == JSON_VALUE && c == '"')
		string_begin(e, false);
	else if (e->state == JSON_VALUE && (c == '{' || c == '['))
		open_level(e, c == '[');
	else
		e->state = JSON_BROKEN;
}

static bool is_scalar(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' ||
	       c == '.' || c == 'E';
}

static size_t one_step(struct envelope *e, struct str text, struct buf *out)
{
	char c = *text.s;

	switch (e->state) {
	case JSON_STRING:
		return in_string(e, text, out);
	case JSON_ESCAPE:
		escape(e, c);
		return 1;
	case JSON_HEX:
		hex_digit(e, c);
		return 1;
	case JSON_SCALAR:
		if (is_scalar(c)) {
			token_add(e, &c, 1);
			return 1;
		}
		end_value(e, false, out);
		return 0;
	case JSON_BROKEN:
		if (c == '\n')
			envelope_json_cut(e, out);
		return 1;
	default:
		if (c == ' ' || c == '\n' || c == '\t' || c == '\r')
			return 1;
		if (e->state == JSON_VALUE && is_scalar(c)) {
			buf_clear(&e->token);
			buf_reserve(&e->token, 1);
			e->state = JSON_SCALAR;
			return 0;
		}
		structure(e, c, out);
		return 1;
	}
}

/* Returns the bytes it took: all of them, or up to the end of the document. */
size_t envelope_json(struct envelope *e, struct str text, struct buf *out)
{
	size_t at = 0;

	while (at < text.n && e->mode == ENVELOPE_JSON) {
		size_t n = one_step(e, (struct str){ text.s + at, text.n - at }, out);
		for (size_t i = 0; i < n && e->head_n < ENVELOPE_HEAD; i++)
			e->head[e->head_n++] = text.s[at + i] >= ' ' ? text.s[at + i] : ' ';
		at += n;
	}
	return at;
}
