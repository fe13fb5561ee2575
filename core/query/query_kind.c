/* query_kind.c - how a part of a group key is kept: a row a kind, and its functions before it.
 * See struct key_kind of query_key.h; numbers are in query_number.c. */
#include <string.h>

#include "query/query_key.h"

/* ---- addresses: an id of the dictionary, DICT_NONE where there is none ---- */

static void gather_ids(struct key_batch *b, const struct column *c, uint32_t *code, uint32_t *out)
{
	unsigned n = b->rows->n;

	if (!c) {
		memset(out, 0, n * sizeof *out);
		return;
	}
	rows_codes(b->rows, c, code);
	for (unsigned i = 0; i < n; i++)
		out[i] = c->code[code[i]].id;
}

/* The ids of a coded part into b->word. */
static void gather_sides(struct key_batch *b, const struct key_reader *r, unsigned part)
{
	const struct column *plain = r->column[part][0], *swapped = r->column[part][1];

	gather_ids(b, plain, b->code[0], b->word);
	if (swapped == plain)
		return;
	gather_ids(b, swapped, b->code[0], b->code[1]);
	rows_marks(b->rows);
	for (unsigned i = 0; i < b->rows->n; i++)
		if (b->rows->mark[i] & MARK_SERVER_SRC)
			b->word[i] = b->code[1][i];
}

static void read_ids(struct key_batch *b, const struct key_reader *r, unsigned part)
{
	uint32_t *word = b->key + r->layout->part[part].at;
	unsigned step = r->layout->words;

	gather_sides(b, r, part);
	for (unsigned i = 0; i < b->rows->n; i++, word += step)
		word[0] = b->word[i];
}

static void address_value(const struct key_part *p, const uint32_t *word, const struct dict *d,
			  struct value *out)
{
	(void)p;
	if (!out->absent)
		memcpy(out->address, dict_address(d, word[0]), 16);
}

static bool address_encode(const struct key_part *p, const struct value *v, const struct dict *d,
			   uint32_t *word)
{
	(void)p;
	word[0] = v->absent ? DICT_NONE : dict_address_find(d, v->address);
	return v->absent || word[0] != DICT_NONE;
}

static void address_keep(const uint32_t *word, struct dict *d, bool keep)
{
	if (keep)
		dict_address_keep(d, word[0]);
	else
		dict_address_unref(d, word[0]);
}

static int compare_addresses(const uint8_t *x, const uint8_t *y)
{
	if (!x || !y)
		return (x != NULL) - (y != NULL);
	return memcmp(x, y, 16);
}

static int address_compare(const struct key_part *p, const uint32_t *x, const uint32_t *y,
			   const struct dict *d)
{
	(void)p;
	return x[0] == y[0] ? 0 : compare_addresses(dict_address(d, x[0]), dict_address(d, y[0]));
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

static uint64_t address_prefix_of(const struct key_part *p, const uint32_t *word,
				  const struct dict *d)
{
	(void)p;
	return address_prefix(dict_address(d, word[0]));
}

static uint64_t hash_of(const uint8_t *address)
{
	return address ? hash_address(address) : 0;
}

static uint64_t address_hash(const uint32_t *word, const struct dict *d)
{
	return hash_of(dict_address(d, word[0]));
}

static const struct key_kind addresses = {
	1,
	read_ids,
	address_value,
	address_encode,
	address_keep,
	address_compare,
	address_prefix_of,
	address_hash,
};

/* ---- texts and labels: the same; where a text is absent its slice is empty ---- */

/* The flow's scope is of both sides, whichever serves; other labels are of one. */
static void read_labels(struct key_batch *b, const struct key_reader *r, unsigned part)
{
	const struct label_field *label = &r->label[part];
	bool both = label->of == LABEL_OF_SCOPES;
	uint32_t *word = b->key + r->layout->part[part].at;
	unsigned step = r->layout->words;

	if (both) {
		gather_ids(b, r->column[part][0], b->code[0], b->word);
		gather_ids(b, r->column[part][1], b->code[0], b->code[1]);
	} else {
		gather_sides(b, r, part);
	}
	label_field_ids(r->dict, label, b->word, both ? b->code[1] : NULL, b->rows->n);
	for (unsigned i = 0; i < b->rows->n; i++, word += step)
		word[0] = b->word[i];
}

static void text_value(const struct key_part *p, const uint32_t *word, const struct dict *d,
		       struct value *out)
{
	struct str text = dict_text(d, word[0]);

	(void)p;
	out->text = xstrndup(text.s, text.n);
	out->length = text.n;
}

static bool text_encode(const struct key_part *p, const struct value *v, const struct dict *d,
			uint32_t *word)
{
	(void)p;
	word[0] = v->absent ? DICT_NONE : dict_text_find(d, (struct str){ v->text, v->length });
	return v->absent || word[0] != DICT_NONE;
}

static void text_keep(const uint32_t *word, struct dict *d, bool keep)
{
	if (keep)
		dict_text_keep(d, word[0]);
	else
		dict_text_unref(d, word[0]);
}

static int compare_bytes(struct str s, struct str t)
{
	int order = memcmp(s.s, t.s, s.n < t.n ? s.n : t.n);

	return order ? order : s.n < t.n ? -1 : s.n > t.n;
}

static int text_compare(const struct key_part *p, const uint32_t *x, const uint32_t *y,
			const struct dict *d)
{
	(void)p;
	if (x[0] == y[0] || x[0] == DICT_NONE || y[0] == DICT_NONE)
		return (x[0] != DICT_NONE) - (y[0] != DICT_NONE);
	return compare_bytes(dict_text(d, x[0]), dict_text(d, y[0]));
}

static uint64_t text_prefix(const struct key_part *p, const uint32_t *word, const struct dict *d)
{
	struct str text = dict_text(d, word[0]);
	uint64_t out = 0;

	(void)p;
	for (size_t i = 0; i < 8; i++)
		out = out << 8 | (i < text.n ? (uint8_t)text.s[i] : 0);
	return out;
}

static uint64_t text_hash(const uint32_t *word, const struct dict *d)
{
	struct str text = dict_text(d, word[0]);

	return hash_bytes(text.s, text.n);
}

static const struct key_kind texts = {
	1, read_ids, text_value, text_encode, text_keep, text_compare, text_prefix, text_hash,
};
static const struct key_kind label_texts = {
	1, read_labels, text_value, text_encode, text_keep, text_compare, text_prefix, text_hash,
};

/* ---- pairs: two ids of addresses, the lower first ---- */

static void put_pair(uint32_t x, uint32_t y, uint32_t *word)
{
	word[0] = x < y ? x : y;
	word[1] = x < y ? y : x;
}

static void read_pairs(struct key_batch *b, const struct key_reader *r, unsigned part)
{
	uint32_t *word = b->key + r->layout->part[part].at;
	unsigned step = r->layout->words;

	gather_ids(b, r->column[part][0], b->code[0], b->word);
	gather_ids(b, r->column[part][1], b->code[0], b->code[1]);
	for (unsigned i = 0; i < b->rows->n; i++, word += step)
		put_pair(b->word[i], b->code[1][i], word);
}

/* The two addresses in byte order; what is absent (NULL) first. */
static void get_pair(const uint32_t *word, const struct dict *d, const uint8_t *out[2])
{
	const uint8_t *x = dict_address(d, word[0]), *y = dict_address(d, word[1]);
	bool turn = x && (!y || memcmp(x, y, 16) > 0);

	out[0] = turn ? y : x;
	out[1] = turn ? x : y;
}

static void pair_value(const struct key_part *p, const uint32_t *word, const struct dict *d,
		       struct value *out)
{
	const uint8_t *side[2];

	(void)p;
	get_pair(word, d, side);
	out->alone = side[1] && !side[0];
	if (out->absent)
		return;
	memcpy(out->address, side[out->alone], 16);
	memcpy(out->other, side[1], 16);
}

static bool pair_encode(const struct key_part *p, const struct value *v, const struct dict *d,
			uint32_t *word)
{
	uint32_t x = v->absent || v->alone ? DICT_NONE : dict_address_find(d, v->address);
	uint32_t y = v->absent ? DICT_NONE : dict_address_find(d, v->other);

	(void)p;
	put_pair(x, y, word);
	return v->absent || (y != DICT_NONE && (v->alone || x != DICT_NONE));
}

static void pair_keep(const uint32_t *word, struct dict *d, bool keep)
{
	address_keep(&word[0], d, keep);
	address_keep(&word[1], d, keep);
}

static int pair_compare(const struct key_part *p, const uint32_t *x, const uint32_t *y,
			const struct dict *d)
{
	const uint8_t *a[2], *b[2];
	int order;

	(void)p;
	get_pair(x, d, a);
	get_pair(y, d, b);
	order = compare_addresses(a[0], b[0]);
	return order ? order : compare_addresses(a[1], b[1]);
}

static uint64_t pair_prefix(const struct key_part *p, const uint32_t *word, const struct dict *d)
{
	const uint8_t *side[2];

	(void)p;
	get_pair(word, d, side);
	return address_prefix(side[0]);
}

static uint64_t pair_hash(const uint32_t *word, const struct dict *d)
{
	/* Whichever of them comes first. */
	return hash_of(dict_address(d, word[0])) + hash_of(dict_address(d, word[1]));
}

static const struct key_kind pairs = {
	2, read_pairs, pair_value, pair_encode, pair_keep, pair_compare, pair_prefix, pair_hash,
};

/* ---- networks: the masked address, its last four bytes first: they differ most ---- */

static void mask(uint8_t address[16], unsigned bits)
{
	for (unsigned i = 0; i < 16; i++)
		if (bits < 8 * (i + 1))
			address[i] &= bits > 8 * i ? (uint8_t)(0xff00u >> (bits - 8 * i)) : 0;
}

/* An absent one is what no masked address is: ones where the mask has none. There is such a
 * place, or the part would be a plain address. */
static void put_network(const struct key_part *p, const uint8_t *address, uint32_t *word)
{
	uint8_t net[16];

	if (address) {
		memcpy(net, address, 16);
		mask(net, p->bits[!address_is_v4(address)]);
	} else {
		memset(net, 0xff, 16);
		if (p->bits[1] == 128)
			memset(net, 0, 10);
	}
	for (unsigned i = 0; i < 4; i++) {
		const uint8_t *b = net + 4 * (3 - i);
		word[i] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
	}
}

static void get_network(const uint32_t *word, uint8_t out[16])
{
	for (unsigned i = 0; i < 16; i++)
		out[i] = (uint8_t)(word[3 - i / 4] >> (24 - 8 * (i % 4)));
}

/* The addresses are looked up in the dictionary row by row: fetched first, so that the
 * misses overlap. */
static void read_networks(struct key_batch *b, const struct key_reader *r, unsigned part)
{
	uint32_t *word = b->key + r->layout->part[part].at;
	unsigned step = r->layout->words;

	gather_sides(b, r, part);
	for (unsigned i = 0; i < b->rows->n; i++) {
		b->address[i] = dict_address(r->dict, b->word[i]);
		__builtin_prefetch(b->address[i]);
	}
	for (unsigned i = 0; i < b->rows->n; i++, word += step)
		put_network(&r->layout->part[part], b->address[i], word);
}

static void network_value(const struct key_part *p, const uint32_t *word, const struct dict *d,
			  struct value *out)
{
	(void)d;
	get_network(word, out->address);
	out->bits = p->bits[!address_is_v4(out->address)];
}

static bool network_encode(const struct key_part *p, const struct value *v, const struct dict *d,
			   uint32_t *word)
{
	(void)d;
	put_network(p, v->absent ? NULL : v->address, word);
	return true;
}

static int network_compare(const struct key_part *p, const uint32_t *x, const uint32_t *y,
			   const struct dict *d)
{
	bool has_x = key_part_known(p, x), has_y = key_part_known(p, y);
	uint8_t a[16], b[16];

	(void)d;
	get_network(x, a);
	get_network(y, b);
	return compare_addresses(has_x ? a : NULL, has_y ? b : NULL);
}

static uint64_t network_prefix(const struct key_part *p, const uint32_t *word, const struct dict *d)
{
	uint8_t net[16];

	(void)d;
	get_network(word, net);
	return key_part_known(p, word) ? address_prefix(net) : 0;
}

static uint64_t network_hash(const uint32_t *word, const struct dict *d)
{
	(void)d;
	return hash_words(word, 4);
}

static const struct key_kind networks = {
	4,    read_networks,   network_value,  network_encode,
	NULL, network_compare, network_prefix, network_hash,
};

/* ---- which ---- */

const struct key_kind *key_kind_of(const struct group *g, unsigned part)
{
	struct label_field unused;

	if (g->field[part] == FIELD_BIN)
		return &key_bins;
	if (label_field_get(g->field[part], &unused))
		return &label_texts;
	switch (group_part_type(g, part)) {
	case TYPE_TEXT:
		return &texts;
	case TYPE_ADDRESS:
		return &addresses;
	case TYPE_NETWORK:
		return &networks;
	case TYPE_PAIR:
		return &pairs;
	case TYPE_NUMBER:
	case TYPE_BYTES:
		return &key_wide_numbers;
	case TYPE_TIME:
		return &key_times;
	default:
		return &key_numbers;
	}
}
