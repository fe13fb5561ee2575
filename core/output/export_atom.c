/* export_atom.c - single values in JSON: texts, numbers, times, addresses. */
#include "output/export_json.h"

#include <string.h>

/* Bytes that are not UTF-8 become the code points of the same number. */
static json_t *latin_text(struct str s)
{
	struct buf b = { 0 };
	json_t *value;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];
		if (c < 0x80) {
			buf_putc(&b, (char)c);
		} else {
			buf_putc(&b, (char)(0xc0 | c >> 6));
			buf_putc(&b, (char)(0x80 | (c & 0x3f)));
		}
	}
	value = json_stringn(b.s ? b.s : "", b.n);
	buf_release(&b);
	return value;
}

json_t *json_text(struct str s)
{
	json_t *value = json_stringn(s.s ? s.s : "", s.n);

	return value ? value : latin_text(s);
}

json_t *json_number(uint64_t v)
{
	/* jansson's integers are signed: what does not fit is given as a string. */
	char text[24];

	if (v <= INT64_MAX)
		return json_integer((json_int_t)v);
	struct buf b = { 0 };
	buf_add_u64(&b, v);
	memcpy(text, b.s, b.n + 1);
	buf_release(&b);
	return json_string(text);
}

json_t *json_moment(uint64_t v)
{
	uint64_t ms = time_in_milliseconds(v);

	return ms % 1000 ? json_real((double)ms / 1000) : json_number(ms / 1000);
}

json_t *json_time(int64_t t)
{
	char text[32];

	return t == INT64_MIN || t == INT64_MAX ? json_null()
						: json_string(rfc3339(text, sizeof text, t));
}

static json_t *json_network(const struct value *v)
{
	struct buf text = { 0 };
	json_t *o;

	value_render(v, &text);
	o = json_text(buf_str(&text));
	buf_release(&text);
	return o;
}

static json_t *json_address(const uint8_t address[16])
{
	char text[46];

	return json_stringn(text, address_format(address, text));
}

/* Both addresses, in the order of their bytes; null for one that is absent. */
static json_t *json_pair(const struct value *v)
{
	json_t *o = json_array();

	json_array_append_new(o, v->alone ? json_null() : json_address(v->address));
	json_array_append_new(o, json_address(v->other));
	return o;
}

json_t *json_value(const struct value *v)
{
	if (v->absent)
		return json_null();
	switch (v->type) {
	case TYPE_ADDRESS:
		return json_address(v->address);
	case TYPE_NETWORK:
		return json_network(v);
	case TYPE_PAIR:
		return json_pair(v);
	case TYPE_TEXT:
		return json_text((struct str){ v->text, v->length });
	case TYPE_TIME:
		return json_moment(v->number);
	default:
		return json_number(v->number);
	}
}
