/* query_key.c - words of keys from the rows of a segment: see query_key.h. */
#include "query/query_key.h"

#include <stdlib.h>
#include <string.h>

/* ---- layout ---- */

void key_layout_init(struct key_layout *l, const struct group *g)
{
	const struct value none = { .absent = true };

	*l = (struct key_layout){ .n = g->n };
	for (unsigned i = 0; i < g->n; i++) {
		struct key_part *p = &l->part[i];
		unsigned v4 = g->bits[i][0], v6 = g->bits[i][1];
		p->field = g->field[i];
		p->type = group_part_type(g, i);
		p->kind = key_kind_of(g, i);
		p->bits[0] = (uint8_t)(v4 ? 96 + v4 : 128);
		p->bits[1] = (uint8_t)(v6 ? v6 : 128);
		p->kind->encode(p, &none, NULL, p->absent);
		p->at = l->words;
		l->words += p->kind->words;
	}
	if (l->words == 0) /* no fields: one group of everything */
		l->words = 1;
}

int key_layout_bin(const struct key_layout *l)
{
	for (unsigned p = 0; p < l->n; p++)
		if (l->part[p].field == FIELD_BIN)
			return (int)l->part[p].at;
	return -1;
}

/* ---- keys ---- */

void key_value(const struct key_layout *l, const uint32_t *key, unsigned part, const struct dict *d,
	       unsigned shift, struct value *out)
{
	const struct key_part *p = &l->part[part];
	const uint32_t *word = key + p->at;

	*out = (struct value){ .type = p->type, .absent = !key_part_known(p, word) };
	p->kind->value(p, word, d, out);
	if (p->field == FIELD_BIN && !out->absent)
		out->number <<= shift;
}

bool key_encode(const struct key_layout *l, const struct value *value, const struct dict *d,
		unsigned shift, uint32_t *key)
{
	memset(key, 0, l->words * sizeof *key);
	for (unsigned i = 0; i < l->n; i++) {
		const struct key_part *p = &l->part[i];
		struct value v = value[i];
		v.number >>= p->field == FIELD_BIN ? shift : 0;
		if (!p->kind->encode(p, &v, d, key + p->at))
			return false;
	}
	return true;
}

void key_keep(const struct key_layout *l, const uint32_t *key, struct dict *d, bool keep)
{
	for (unsigned p = 0; p < l->n; p++)
		if (l->part[p].kind->keep)
			l->part[p].kind->keep(key + l->part[p].at, d, keep);
}

int key_compare(const struct key_layout *l, const uint32_t *a, const uint32_t *b,
		const struct dict *d)
{
	int order = 0;

	for (const struct key_part *p = l->part; p < l->part + l->n && order == 0; p++)
		order = p->kind->compare(p, a + p->at, b + p->at, d);
	return order;
}

uint64_t key_prefix(const struct key_layout *l, const uint32_t *key, const struct dict *d)
{
	return l->n ? l->part->kind->prefix(l->part, key, d) : 0;
}

uint32_t key_place(const struct key_layout *l, const uint32_t *key, const struct dict *d)
{
	uint64_t h = 0;

	for (const struct key_part *p = l->part; p < l->part + l->n; p++)
		h = hash_pair(h, p->kind->hash(key + p->at, d), 0);
	return h >> 32 ? (uint32_t)(h >> 32) : 1;
}

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
		struct sides sides = label_field_sides(l->part[p].field);
		label_field_get(l->part[p].field, &r->label[p]);
		r->column[p][0] = segment_column(s, sides.asking);
		r->column[p][1] = segment_column(s, sides.serving);
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
		const uint32_t *key = b->key + i * words;
		if (!key_set_has(r->only, key) ||
		    (r->last && r->last->words &&
		     !key_set_has(r->last, key + words - r->last->words)))
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
		r->layout->part[p].kind->read(b, r, p);
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
		r->layout->part[0].kind->read(b, r, 0);
		drop_by_first_word(b, r);
	}
	key_batch_read_all(b, r, b->rows);
	if (restricted)
		drop_by_key(b, r);
	return b->rows->n;
}
