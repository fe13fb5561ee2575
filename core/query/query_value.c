/* query_value.c - the words of group keys as values and back, their order, their text:
 * see query_key.h. One case a kind of part in each. */
#include <stdlib.h>
#include <string.h>

#include "query/query_key.h"

/* ---- layout ---- */

static enum key_kind kind_of(const struct group *g, unsigned part)
{
	if (g->field[part] == FIELD_BIN)
		return KEY_BIN;
	switch (group_part_type(g, part)) {
	case TYPE_TEXT:
		return KEY_TEXT;
	case TYPE_ADDRESS:
		return KEY_ADDRESS;
	case TYPE_NETWORK:
		return KEY_NETWORK;
	case TYPE_PAIR:
		return KEY_PAIR;
	case TYPE_NUMBER:
	case TYPE_BYTES:
	case TYPE_TIME:
		return KEY_WIDE;
	default:
		return KEY_NUMBER;
	}
}

static unsigned words_of(enum key_kind kind)
{
	return kind == KEY_NETWORK ? 4 : kind == KEY_WIDE || kind == KEY_PAIR ? 2 : 1;
}

void key_layout_init(struct key_layout *l, const struct group *g)
{
	*l = (struct key_layout){ .n = g->n };
	for (unsigned p = 0; p < g->n; p++) {
		unsigned v4 = g->bits[p][0], v6 = g->bits[p][1];
		l->field[p] = g->field[p];
		l->type[p] = group_part_type(g, p);
		l->kind[p] = kind_of(g, p);
		l->bits[p][0] = (uint8_t)(v4 ? 96 + v4 : 128);
		l->bits[p][1] = (uint8_t)(v6 ? v6 : 128);
		l->at[p] = l->words;
		l->words += words_of(l->kind[p]);
	}
	if (l->words == 0) /* no fields: one group of everything */
		l->words = 1;
}

int key_layout_bin(const struct key_layout *l)
{
	for (unsigned p = 0; p < l->n; p++)
		if (l->kind[p] == KEY_BIN)
			return (int)l->at[p];
	return -1;
}

/* ---- networks ---- */

static void mask(uint8_t address[16], unsigned bits)
{
	for (unsigned i = 0; i < 16; i++)
		if (bits < 8 * (i + 1))
			address[i] &= bits > 8 * i ? (uint8_t)(0xff00u >> (bits - 8 * i)) : 0;
}

/* What no masked address is: ones where the mask has none. There is such a place, or the
 * part would be a plain address. */
static void no_network(const struct key_layout *l, unsigned part, uint8_t out[16])
{
	memset(out, 0xff, 16);
	if (l->bits[part][1] == 128)
		memset(out, 0, 10);
}

void key_put_network(const struct key_layout *l, unsigned part, const uint8_t *address,
		     uint32_t *key)
{
	uint32_t *word = key + l->at[part];
	uint8_t net[16];

	if (address) {
		memcpy(net, address, 16);
		mask(net, l->bits[part][!address_is_v4(address)]);
	} else {
		no_network(l, part, net);
	}
	for (unsigned i = 0; i < 4; i++) {
		const uint8_t *b = net + 4 * (3 - i);
		word[i] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
	}
}

static bool get_network(const struct key_layout *l, const uint32_t *key, unsigned part,
			uint8_t out[16])
{
	const uint32_t *word = key + l->at[part];
	uint8_t none[16];

	for (unsigned i = 0; i < 16; i++)
		out[i] = (uint8_t)(word[3 - i / 4] >> (24 - 8 * (i % 4)));
	no_network(l, part, none);
	return memcmp(out, none, 16) != 0;
}

/* ---- values ---- */

static uint64_t key_number(const struct key_layout *l, const uint32_t *key, unsigned part)
{
	const uint32_t *word = key + l->at[part];

	if (l->kind[part] == KEY_WIDE)
		return (uint64_t)word[0] << 32 | word[1];
	return word[0] == KEY_ABSENT ? NUMBER_ABSENT : word[0];
}

/* The two addresses in byte order; what is absent (NULL) first. */
static void get_pair(const uint32_t *word, const struct dict *d, const uint8_t *out[2])
{
	const uint8_t *x = dict_address(d, word[0]), *y = dict_address(d, word[1]);
	bool turn = x && (!y || memcmp(x, y, 16) > 0);

	out[0] = turn ? y : x;
	out[1] = turn ? x : y;
}

bool key_part_known(const struct key_layout *l, const uint32_t *key, unsigned part)
{
	const uint32_t *word = key + l->at[part];
	uint8_t net[16];

	switch (l->kind[part]) {
	case KEY_ADDRESS:
	case KEY_TEXT:
		return word[0] != DICT_NONE;
	case KEY_PAIR:
		return word[1] != DICT_NONE; /* the higher of the two */
	case KEY_NETWORK:
		return get_network(l, key, part, net);
	default:
		return key_number(l, key, part) != NUMBER_ABSENT;
	}
}

static void pair_value(const uint32_t *word, const struct dict *d, struct value *out)
{
	const uint8_t *side[2];

	get_pair(word, d, side);
	out->absent = !side[1];
	out->alone = side[1] && !side[0];
	if (out->absent)
		return;
	memcpy(out->address, side[out->alone], 16);
	memcpy(out->other, side[1], 16);
}

void key_value(const struct key_layout *l, const uint32_t *key, unsigned part, const struct dict *d,
	       unsigned shift, struct value *out)
{
	const uint32_t *word = key + l->at[part];
	struct str text;

	*out = (struct value){ .type = l->type[part] };
	out->absent = !key_part_known(l, key, part);
	switch (l->kind[part]) {
	case KEY_ADDRESS:
		if (!out->absent)
			memcpy(out->address, dict_address(d, word[0]), 16);
		break;
	case KEY_TEXT:
		text = dict_text(d, word[0]);
		out->text = xstrndup(text.s, text.n);
		out->length = text.n;
		break;
	case KEY_PAIR:
		pair_value(word, d, out);
		break;
	case KEY_NETWORK:
		get_network(l, key, part, out->address);
		out->bits = l->bits[part][!address_is_v4(out->address)];
		break;
	default:
		out->number = key_number(l, key, part);
		if (l->kind[part] == KEY_BIN && !out->absent)
			out->number <<= shift;
	}
}

void value_release(struct value *v)
{
	free(v->text);
	v->text = NULL;
}

void value_copy(struct value *to, const struct value *from)
{
	*to = *from;
	if (from->text)
		to->text = xstrndup(from->text, from->length);
}

static void add_address(const uint8_t address[16], struct buf *out)
{
	char text[46];

	buf_add(out, text, address_format(address, text));
}

static void render_pair(const struct value *v, struct buf *out)
{
	if (v->alone)
		buf_putc(out, '-');
	else
		add_address(v->address, out);
	buf_puts(out, " <> ");
	add_address(v->other, out);
}

static void render_network(const struct value *v, struct buf *out)
{
	add_address(v->address, out);
	if (v->bits < 128)
		buf_printf(out, "/%d", v->bits - (address_is_v4(v->address) ? 96 : 0));
}

void value_render(const struct value *v, struct buf *out)
{
	if (v->absent) {
		buf_putc(out, '-');
		return;
	}
	switch (v->type) {
	case TYPE_ADDRESS:
		add_address(v->address, out);
		break;
	case TYPE_NETWORK:
		render_network(v, out);
		break;
	case TYPE_PAIR:
		render_pair(v, out);
		break;
	case TYPE_TEXT:
		buf_add(out, v->text, v->length);
		break;
	default:
		buf_add_u64(out, v->number);
	}
}

/* ---- values to words ---- */

static bool encode_pair(const struct value *v, struct dict *d, uint32_t *word)
{
	uint32_t x = v->absent || v->alone ? DICT_NONE : dict_address_find(d, v->address);
	uint32_t y = v->absent ? DICT_NONE : dict_address_find(d, v->other);

	word[0] = x < y ? x : y;
	word[1] = x < y ? y : x;
	return v->absent || (y != DICT_NONE && (v->alone || x != DICT_NONE));
}

static void encode_number(enum key_kind kind, uint64_t v, uint32_t *word)
{
	if (kind == KEY_WIDE) {
		word[0] = (uint32_t)(v >> 32);
		word[1] = (uint32_t)v;
	} else {
		word[0] = v == NUMBER_ABSENT ? KEY_ABSENT
			  : v > KEY_LARGEST  ? KEY_LARGEST
					     : (uint32_t)v;
	}
}

static bool encode_part(const struct key_layout *l, unsigned part, const struct value *v,
			struct dict *d, unsigned shift, uint32_t *key)
{
	uint32_t *word = key + l->at[part];
	uint64_t number = v->absent ? NUMBER_ABSENT : v->number;

	switch (l->kind[part]) {
	case KEY_ADDRESS:
		word[0] = v->absent ? DICT_NONE : dict_address_find(d, v->address);
		return v->absent || word[0] != DICT_NONE;
	case KEY_TEXT:
		word[0] = v->absent ? DICT_NONE : dict_text_find(d, (struct str){ v->text, v->length });
		return v->absent || word[0] != DICT_NONE;
	case KEY_PAIR:
		return encode_pair(v, d, word);
	case KEY_NETWORK:
		key_put_network(l, part, v->absent ? NULL : v->address, key);
		return true;
	case KEY_BIN:
		number = v->absent ? number : number >> shift;
		encode_number(l->kind[part], number, word);
		return true;
	default:
		encode_number(l->kind[part], number, word);
		return true;
	}
}

bool key_encode(const struct key_layout *l, const struct value *value, struct dict *d,
		unsigned shift, uint32_t *key)
{
	memset(key, 0, l->words * sizeof *key);
	for (unsigned p = 0; p < l->n; p++)
		if (!encode_part(l, p, &value[p], d, shift, key))
			return false;
	return true;
}

void key_keep(const struct key_layout *l, const uint32_t *key, struct dict *d, bool keep)
{
	for (unsigned p = 0; p < l->n; p++) {
		const uint32_t *word = key + l->at[p];
		unsigned ids = l->kind[p] == KEY_ADDRESS ? 1 : l->kind[p] == KEY_PAIR ? 2 : 0;
		for (unsigned i = 0; i < ids; i++)
			if (keep)
				dict_address_keep(d, word[i]);
			else
				dict_address_unref(d, word[i]);
		if (l->kind[p] == KEY_TEXT && keep)
			dict_text_keep(d, word[0]);
		else if (l->kind[p] == KEY_TEXT)
			dict_text_unref(d, word[0]);
	}
}

/* ---- order ---- */

static int compare_bytes(struct str s, struct str t)
{
	int order = memcmp(s.s, t.s, s.n < t.n ? s.n : t.n);

	return order ? order : s.n < t.n ? -1 : s.n > t.n;
}

static int compare_addresses(const uint8_t *x, const uint8_t *y)
{
	if (!x || !y)
		return (x != NULL) - (y != NULL);
	return memcmp(x, y, 16);
}

static int compare_pairs(const uint32_t *a, const uint32_t *b, const struct dict *d)
{
	const uint8_t *x[2], *y[2];
	int order;

	get_pair(a, d, x);
	get_pair(b, d, y);
	order = compare_addresses(x[0], y[0]);
	return order ? order : compare_addresses(x[1], y[1]);
}

static int compare_networks(const struct key_layout *l, const uint32_t *a, const uint32_t *b,
			    unsigned part)
{
	uint8_t x[16], y[16];
	bool has_x = get_network(l, a, part, x), has_y = get_network(l, b, part, y);

	return compare_addresses(has_x ? x : NULL, has_y ? y : NULL);
}

static int compare_part(const struct key_layout *l, const uint32_t *a, const uint32_t *b,
			unsigned part, const struct dict *d)
{
	const uint32_t *x = a + l->at[part], *y = b + l->at[part];

	switch (l->kind[part]) {
	case KEY_ADDRESS:
		return x[0] == y[0]
			       ? 0
			       : compare_addresses(dict_address(d, x[0]), dict_address(d, y[0]));
	case KEY_TEXT:
		if (x[0] == y[0] || x[0] == DICT_NONE || y[0] == DICT_NONE)
			return (x[0] != DICT_NONE) - (y[0] != DICT_NONE);
		return compare_bytes(dict_text(d, x[0]), dict_text(d, y[0]));
	case KEY_PAIR:
		return compare_pairs(x, y, d);
	case KEY_NETWORK:
		return compare_networks(l, a, b, part);
	default: {
		uint64_t m = key_number(l, a, part) + 1, n = key_number(l, b, part) + 1;
		return m < n ? -1 : m > n; /* absent wraps to 0: first */
	}
	}
}

int key_compare(const struct key_layout *l, const uint32_t *a, const uint32_t *b,
		const struct dict *d)
{
	int order = 0;

	for (unsigned p = 0; p < l->n && order == 0; p++)
		order = compare_part(l, a, b, p, d);
	return order;
}

/* Most addresses have eight zero bytes before them: they are told apart by the last
 * eight, less one bit. 0: absent, or the very first. */
static uint64_t address_prefix(const uint8_t *address)
{
	uint64_t high = 0, low = 0;

	for (unsigned i = 0; address && i < 8; i++) {
		high = high << 8 | address[i];
		low = low << 8 | address[8 + i];
	}
	return high ? UINT64_C(1) << 63 | high >> 1 : low >> 1;
}

uint64_t key_prefix(const struct key_layout *l, const uint32_t *key, const struct dict *d)
{
	const uint8_t *pair[2];
	uint8_t net[16];
	uint64_t out = 0;
	struct str text;

	if (l->n == 0)
		return 0;
	switch (l->kind[0]) {
	case KEY_ADDRESS:
		return address_prefix(dict_address(d, key[0]));
	case KEY_TEXT:
		text = dict_text(d, key[0]);
		for (size_t i = 0; i < 8; i++)
			out = out << 8 | (i < text.n ? (uint8_t)text.s[i] : 0);
		return out;
	case KEY_PAIR:
		get_pair(key, d, pair);
		return address_prefix(pair[0]);
	case KEY_NETWORK:
		return get_network(l, key, 0, net) ? address_prefix(net) : 0;
	default:
		return key_number(l, key, 0) + 1;
	}
}
