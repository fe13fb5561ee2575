/* query_key.c - words of keys from the rows of a segment: see query_key.h. */
#include "query/query_key.h"

#include <stdlib.h>
#include <string.h>

/* ---- restriction ---- */

void key_set_init(struct key_set *s, unsigned words)
{
	*s = (struct key_set){ .words = words };
}

void key_set_release(struct key_set *s)
{
	free(s->key);
	free(s->slot);
	*s = (struct key_set){ 0 };
}

static uint32_t *key_set_slot(const struct key_set *s, const uint32_t *key)
{
	uint32_t at = key_hash32(key, s->words) & (s->cap - 1);

	while (s->slot[at] && memcmp(s->key + (size_t)(s->slot[at] - 1) * s->words, key,
				     s->words * sizeof *key) != 0)
		at = (at + 1) & (s->cap - 1);
	return &s->slot[at];
}

void key_set_add(struct key_set *s, const uint32_t *key)
{
	if (s->n >= s->cap / 2) {
		s->cap = s->cap ? s->cap * 2 : 64;
		s->key = xrealloc(s->key, (size_t)s->cap * s->words * sizeof *s->key);
		free(s->slot);
		s->slot = xcalloc(s->cap, sizeof *s->slot);
		for (uint32_t i = 0; i < s->n; i++)
			*key_set_slot(s, s->key + (size_t)i * s->words) = i + 1;
	}
	uint32_t *slot = key_set_slot(s, key);
	if (*slot)
		return;
	memcpy(s->key + (size_t)s->n * s->words, key, s->words * sizeof *key);
	*slot = ++s->n;
	s->first[key[0] / 64 % ARRAY_SIZE(s->first)] |= UINT64_C(1) << key[0] % 64;
}

bool key_set_has(const struct key_set *s, const uint32_t *key)
{
	return s->n && (s->first[key[0] / 64 % ARRAY_SIZE(s->first)] >> key[0] % 64 & 1) &&
	       *key_set_slot(s, key);
}

/* ---- rows ---- */

struct key_batch *key_batch_new(unsigned words)
{
	struct key_batch *b;

	return xmalloc(sizeof *b + (size_t)ROW_BATCH * (words ? words : 1) * sizeof b->key[0]);
}

void key_reader_init(struct key_reader *r, const struct key_layout *l, const struct segment *s,
		     const struct dict *d, unsigned shift, const struct key_set *only)
{
	*r = (struct key_reader){
		.layout = l, .segment = s, .only = only, .dict = d, .shift = shift
	};
	for (unsigned p = 0; p < l->n; p++) {
		struct sides sides = label_field_sides(l->field[p]);
		r->is_label[p] = label_field_get(l->field[p], &r->label[p]);
		r->column[p][0] = segment_column(s, sides.asking);
		r->column[p][1] = segment_column(s, sides.serving);
	}
}

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

static uint32_t number_word(uint64_t v)
{
	return v == NUMBER_ABSENT ? KEY_ABSENT : v > KEY_LARGEST ? KEY_LARGEST : (uint32_t)v;
}

static void read_bins(struct key_batch *b, const struct key_reader *r, unsigned at)
{
	rows_times(b->rows);
	for (unsigned i = 0; i < b->rows->n; i++) {
		int64_t t = b->rows->time[i];
		b->key[i * r->layout->words + at] =
			t < 0 ? KEY_ABSENT : number_word((uint64_t)t >> r->shift);
	}
}

static void read_numbers(struct key_batch *b, const struct key_reader *r, unsigned p)
{
	const struct key_layout *l = r->layout;
	const struct column *plain = r->column[p][0], *swapped = r->column[p][1];
	bool wide = l->kind[p] == KEY_WIDE;

	rows_numbers(b->rows, plain, b->number);
	if (swapped != plain)
		rows_marks(b->rows);
	for (unsigned i = 0; i < b->rows->n; i++) {
		uint64_t v = b->number[i];
		uint32_t *word = b->key + i * l->words + l->at[p];
		if (swapped != plain && (b->rows->mark[i] & MARK_SERVER_SRC))
			v = swapped ? column_number(swapped, b->rows->row[i]) : NUMBER_ABSENT;
		if (wide) {
			word[0] = (uint32_t)(v >> 32);
			word[1] = (uint32_t)v;
		} else {
			word[0] = number_word(v);
		}
	}
}

/* The ids of a coded part into b->word. */
static void gather_sides(struct key_batch *b, const struct key_reader *r, unsigned p)
{
	const struct column *plain = r->column[p][0], *swapped = r->column[p][1];

	gather_ids(b, plain, b->code[0], b->word);
	if (swapped == plain)
		return;
	gather_ids(b, swapped, b->code[0], b->code[1]);
	rows_marks(b->rows);
	for (unsigned i = 0; i < b->rows->n; i++)
		if (b->rows->mark[i] & MARK_SERVER_SRC)
			b->word[i] = b->code[1][i];
}

static void read_ids(struct key_batch *b, const struct key_reader *r, unsigned p)
{
	const struct key_layout *l = r->layout;

	gather_sides(b, r, p);
	for (unsigned i = 0; i < b->rows->n; i++)
		b->key[i * l->words + l->at[p]] = b->word[i];
}

static void read_pairs(struct key_batch *b, const struct key_reader *r, unsigned p)
{
	const struct key_layout *l = r->layout;

	gather_ids(b, r->column[p][0], b->code[0], b->word);
	gather_ids(b, r->column[p][1], b->code[0], b->code[1]);
	for (unsigned i = 0; i < b->rows->n; i++) {
		uint32_t x = b->word[i], y = b->code[1][i];
		uint32_t *word = b->key + i * l->words + l->at[p];
		word[0] = x < y ? x : y;
		word[1] = x < y ? y : x;
	}
}

/* The addresses are looked up in the dictionary row by row: fetched first, so that the
 * misses overlap. */
static void read_networks(struct key_batch *b, const struct key_reader *r, unsigned p)
{
	const struct key_layout *l = r->layout;

	gather_sides(b, r, p);
	for (unsigned i = 0; i < b->rows->n; i++) {
		b->address[i] = dict_address(r->dict, b->word[i]);
		__builtin_prefetch(b->address[i]);
	}
	for (unsigned i = 0; i < b->rows->n; i++)
		key_put_network(l, p, b->address[i], b->key + i * l->words);
}

/* The flow's scope is of both sides, whichever serves; other labels are of one. */
static void read_labels(struct key_batch *b, const struct key_reader *r, unsigned p)
{
	const struct key_layout *l = r->layout;
	const struct label_field *label = &r->label[p];
	bool both = label->of == LABEL_OF_SCOPES;

	if (both) {
		gather_ids(b, r->column[p][0], b->code[0], b->word);
		gather_ids(b, r->column[p][1], b->code[0], b->code[1]);
	} else {
		gather_sides(b, r, p);
	}
	label_field_ids(r->dict, label, b->word, both ? b->code[1] : NULL, b->rows->n);
	for (unsigned i = 0; i < b->rows->n; i++)
		b->key[i * l->words + l->at[p]] = b->word[i];
}

static void read_part(struct key_batch *b, const struct key_reader *r, unsigned p)
{
	if (r->is_label[p]) {
		read_labels(b, r, p);
		return;
	}
	switch (r->layout->kind[p]) {
	case KEY_BIN:
		read_bins(b, r, r->layout->at[p]);
		break;
	case KEY_NUMBER:
	case KEY_WIDE:
		read_numbers(b, r, p);
		break;
	case KEY_ADDRESS:
	case KEY_TEXT:
		read_ids(b, r, p);
		break;
	case KEY_PAIR:
		read_pairs(b, r, p);
		break;
	case KEY_NETWORK:
		read_networks(b, r, p);
		break;
	}
}

/* Keeps the rows whose first word some restricted key has. */
static void drop_by_first_word(struct key_batch *b, const struct key_reader *r)
{
	unsigned words = r->layout->words, n = b->rows->n, kept = 0;
	uint16_t at[ROW_BATCH];

	for (unsigned i = 0; i < n; i++) {
		uint32_t w = b->key[i * words];
		at[kept] = (uint16_t)i;
		kept += r->only->first[w / 64 % ARRAY_SIZE(r->only->first)] >> w % 64 & 1;
	}
	if (kept == n)
		return;
	rows_pick(&b->own, b->rows, at, kept);
	b->rows = &b->own;
}

static void drop_by_key(struct key_batch *b, const struct key_reader *r)
{
	unsigned words = r->layout->words, n = b->rows->n, kept = 0;
	uint16_t at[ROW_BATCH];

	for (unsigned i = 0; i < n; i++) {
		if (!key_set_has(r->only, b->key + i * words))
			continue;
		memmove(b->key + kept * words, b->key + i * words, words * sizeof b->key[0]);
		at[kept++] = (uint16_t)i;
	}
	if (kept == n)
		return;
	rows_pick(&b->own, b->rows, at, kept);
	b->rows = &b->own;
}

void key_batch_read_all(struct key_batch *b, const struct key_reader *r, struct row_batch *rows)
{
	b->rows = rows;
	if (r->layout->n == 0)
		memset(b->key, 0, rows->n * sizeof b->key[0]);
	for (unsigned p = 0; p < r->layout->n && rows->n; p++)
		read_part(b, r, p);
}

unsigned key_batch_read(struct key_batch *b, const struct key_reader *r, struct row_batch *rows,
			uint8_t mark)
{
	bool restricted = r->only && r->only->words > 0;

	b->rows = rows;
	if (mark) {
		rows_marked(&b->own, rows, mark);
		b->rows = &b->own;
	}
	/* Told by the first word, most rows are none of those that are wanted. */
	if (restricted && r->layout->n > 1 && b->rows->n) {
		read_part(b, r, 0);
		drop_by_first_word(b, r);
	}
	key_batch_read_all(b, r, b->rows);
	if (restricted)
		drop_by_key(b, r);
	return b->rows->n;
}
