/* segment.c - see segment.h. */
#include "store/segment.h"

#include <stdlib.h>
#include <string.h>

#include "schema/spelling.h"
#include "store/segment_build.h"

/* Mark of a code until it is published (as DICT_NONE): its text is no address. */
#define NOT_AN_ADDRESS UINT32_MAX

/* ---- exact texts: u32 length and bytes, found by 1 + offset ---- */

static uint32_t arena_add(struct buf *arena, struct str text)
{
	uint32_t at = (uint32_t)arena->n, n = (uint32_t)text.n;

	buf_add(arena, &n, sizeof n);
	buf_add(arena, text.s, text.n);
	return at + 1;
}

/* ---- building ---- */

static void intern_grow(struct interner *in, uint32_t codes)
{
	uint32_t cap = in->cap ? in->cap * 2 : 64;

	free(in->slot);
	in->slot = xzeroed(cap, sizeof *in->slot);
	in->cap = cap;
	for (uint32_t code = 1; code < codes; code++) {
		const struct key *k = &in->key[code];
		const char *text = k->n > 16 ? in->long_text.s + k->at : NULL;
		uint64_t hash = key_hash(k->a, k->b, k->n, text);
		uint32_t at = (uint32_t)hash & (cap - 1);
		while (in->slot[at].code)
			at = (at + 1) & (cap - 1);
		in->slot[at] = (struct slot32){ (uint32_t)(hash >> 32), code };
	}
}

void column_set_unreadable(struct column *c, uint32_t code)
{
	c->unreadable += !c->code[code].unreadable;
	c->code[code].unreadable = 1;
}

/* What an address column needs to know of a new value: the address itself, and
 * its text where that is not how we would write it. */
static void address_added(struct column *c, uint32_t code, const struct token *t)
{
	struct interner *in = c->interner;
	struct str text = { t->s, t->n };
	char canonical[46];

	xgrow((void **)&in->address, &in->address_cap, code + 1, sizeof *in->address);
	if (address_parse_v4_words(text, t->a, t->b, in->address[code]))
		return;
	if (!address_parse(text, in->address[code])) {
		memset(in->address[code], 0, 16);
		c->code[code].text = arena_add(&c->arena, text);
		c->code[code].id = NOT_AN_ADDRESS;
		column_set_unreadable(c, code);
	} else if (address_format(in->address[code], canonical) != t->n ||
		   memcmp(canonical, t->s, t->n) != 0) {
		c->code[code].text = arena_add(&c->arena, text);
	}
}

static uint32_t intern_add(struct column *c, const struct token *t)
{
	struct interner *in = c->interner;
	uint32_t code = c->codes++;

	xgrow((void **)&in->key, &in->key_cap, code + 1, sizeof *in->key);
	xgrow((void **)&c->code, &c->cap_code, code + 1, sizeof *c->code);
	in->key[code] = (struct key){ t->a, t->b, t->n, (uint32_t)in->long_text.n };
	if (t->n > 16)
		buf_add(&in->long_text, t->s, t->n);
	c->code[code] = (struct code){ DICT_NONE, 0, 0 };
	if (c->type == TYPE_ADDRESS)
		address_added(c, code, t);
	return code;
}

uint32_t column_intern(struct column *c, const struct token *t, uint64_t hash)
{
	struct interner *in = c->interner;
	uint32_t tag = (uint32_t)(hash >> 32), at;

	if (c->codes >= in->cap / 2)
		intern_grow(in, c->codes);
	for (at = (uint32_t)hash & (in->cap - 1); in->slot[at].code; at = (at + 1) & (in->cap - 1))
		if (in->slot[at].tag == tag && key_is(in, &in->key[in->slot[at].code], t))
			return in->slot[at].code;
	in->slot[at] = (struct slot32){ tag, intern_add(c, t) };
	return in->slot[at].code;
}

size_t column_key_text(const struct column *c, uint32_t code, struct buf *out)
{
	const struct interner *in = c->interner;
	const struct key *k = &in->key[code];
	char head[16];

	memcpy(head, &k->a, 8);
	memcpy(head + 8, &k->b, 8);
	buf_add(out, k->n > 16 ? in->long_text.s + k->at : head, k->n);
	return k->n;
}

const uint8_t *column_key_address(const struct column *c, uint32_t code)
{
	static const uint8_t none[16];

	/* What is no address was left all zero. */
	if (code == 0 || !c->interner || memcmp(c->interner->address[code], none, 16) == 0)
		return NULL;
	return c->interner->address[code];
}

void bitmap_resize(uint64_t **bits, uint32_t old_rows, uint32_t rows)
{
	size_t had = (old_rows + 63) / 64, need = (rows + 63) / 64;

	*bits = xrealloc(*bits, (need ? need : 1) * sizeof **bits);
	if (need > had)
		memset(*bits + had, 0, (need - had) * sizeof **bits);
}

static void set_cap(struct segment *s, uint32_t cap)
{
	s->mark = xrealloc(s->mark, cap);
	for (unsigned i = 0; i < s->format->n; i++) {
		struct column *c = &s->column[i];
		c->data = xrealloc(c->data, (size_t)cap * c->width);
		if (c->absent)
			bitmap_resize(&c->absent, s->cap, cap);
	}
	s->cap = cap;
}

void segment_expect(struct segment *s, size_t rows)
{
	if (rows > 256)
		set_cap(s, rows < SEGMENT_ROWS ? (uint32_t)rows : SEGMENT_ROWS);
}

bool segment_is_full(const struct segment *s)
{
	size_t text = 0;

	for (unsigned i = 0; i < s->format->n; i++) {
		const struct column *c = &s->column[i];
		text += c->arena.n + (c->interner ? c->interner->long_text.n : 0);
	}
	return s->rows == SEGMENT_ROWS || text > SEGMENT_TEXT_MAX;
}

void segment_reserve(struct segment *s, uint32_t more)
{
	uint32_t cap = s->cap ? s->cap : 256;

	while (cap < s->rows + more)
		cap *= 2;
	if (cap != s->cap)
		set_cap(s, cap);
}

void column_widen(struct column *c, uint32_t rows, uint32_t cap)
{
	const uint32_t *narrow = c->data;
	uint64_t *wide = xmalloc((size_t)cap * sizeof *wide);

	for (uint32_t i = 0; i < rows; i++)
		wide[i] = narrow[i];
	free(c->data);
	c->data = wide;
	c->width = 8;
}

void column_set_absent(struct column *c, uint32_t row, uint32_t cap)
{
	if (!c->absent)
		c->absent = xcalloc((cap + 63) / 64, sizeof *c->absent);
	c->absent[row / 64] |= UINT64_C(1) << row % 64;
}

void column_add_exception(struct column *c, uint32_t row, struct str text)
{
	xgrow((void **)&c->exception, &c->cap_exception, c->exceptions + 1, sizeof *c->exception);
	c->exception[c->exceptions++] = (struct exception){ row, arena_add(&c->arena, text) };
}

void segment_note_unreadable(struct segment *s, uint32_t row, uint64_t line)
{
	xgrow((void **)&s->unreadable, &s->unreadable_cap, (size_t)s->unreadables + 1,
	      sizeof *s->unreadable);
	s->unreadable[s->unreadables++] = (struct unreadable_row){ row, line };
}

void segment_move_lines(struct segment *s, uint64_t by)
{
	s->line += by;
	for (uint32_t i = 0; i < s->unreadables; i++)
		s->unreadable[i].line += by;
}

/* ---- life ---- */

struct segment *segment_new(const struct format *format)
{
	struct segment *s = xcalloc(1, sizeof *s);

	s->format = format_hold(format);
	s->time_min = INT64_MAX;
	s->time_max = INT64_MIN;
	s->column = xcalloc(format->n, sizeof *s->column);
	for (unsigned i = 0; i < format->n; i++) {
		struct column *c = &s->column[i];
		c->type = field_type(format->field[i]);
		c->width = type_is_number(c->type) ? 4 : 2;
		if (type_is_number(c->type))
			continue;
		c->interner = xcalloc(1, sizeof *c->interner);
		xgrow((void **)&c->code, &c->cap_code, 1, sizeof *c->code);
		c->code[0] = (struct code){ DICT_NONE, 0, 0 };
		c->codes = c->published = 1;
	}
	return s;
}

void interner_free(struct column *c)
{
	if (!c->interner)
		return;
	free(c->interner->slot);
	free(c->interner->key);
	free(c->interner->address);
	buf_release(&c->interner->long_text);
	free(c->interner);
	c->interner = NULL;
}

/* The references of its codes. */
static void give_back(const struct column *c, struct dict *d)
{
	enum { TOGETHER = 256 };
	uint32_t id[TOGETHER];

	for (uint32_t code = 1; code < c->published;) {
		uint32_t n = 0;
		for (; code < c->published && n < TOGETHER; code++)
			id[n++] = c->code[code].id;
		if (c->type == TYPE_ADDRESS)
			dict_address_unref_all(d, id, n);
		for (uint32_t i = 0; i < n && c->type != TYPE_ADDRESS; i++)
			dict_text_unref(d, id[i]);
	}
}

void segment_free(struct segment *s, struct dict *d)
{
	if (!s)
		return;
	for (unsigned i = 0; i < s->format->n; i++) {
		struct column *c = &s->column[i];
		if (d)
			give_back(c, d);
		interner_free(c);
		free(c->data);
		free(c->code);
		free(c->absent);
		free(c->exception);
		buf_release(&c->arena);
	}
	free(s->column);
	free(s->mark);
	free(s->arrival);
	free(s->unreadable);
	free(s->charges);
	format_release(s->format);
	free(s);
}

/* ---- publishing ---- */

static void publish_addresses(struct column *c, struct dict *d)
{
	enum { AHEAD = 16 };
	const struct interner *in = c->interner;

	for (uint32_t code = c->published; code < c->codes; code++) {
		if (code + AHEAD < c->codes)
			dict_address_prefetch(d, in->address[code + AHEAD]);
		if (c->code[code].id == NOT_AN_ADDRESS)
			c->code[code].id = DICT_NONE;
		else
			c->code[code].id = dict_address_ref(d, in->address[code]);
	}
}

/* A word that is spelled otherwise is the same value; its own text is kept. */
static void publish_texts(struct column *c, int field, struct dict *d)
{
	bool spelled = spelling_matters(field);
	struct buf text = { 0 };

	for (uint32_t code = c->published; code < c->codes; code++) {
		buf_clear(&text);
		column_key_text(c, code, &text);
		struct str exact = buf_str(&text);
		struct str word = spelled ? spelling_of(field, exact) : exact;
		if (!str_equal(word, exact))
			c->code[code].text = arena_add(&c->arena, exact);
		c->code[code].id = dict_text_ref(d, word);
	}
	buf_release(&text);
}

void segment_clear_column(struct segment *s, int field)
{
	int at = s->format->column[field];
	struct column *c = at < 0 ? NULL : &s->column[at];

	if (!c || type_is_number(c->type))
		return;
	interner_free(c);
	free(c->data);
	c->data = NULL;
	c->width = 0;
	c->codes = c->published = 1;
	c->unreadable = 0;
}

void segment_publish(struct segment *s, struct dict *d)
{
	for (unsigned i = 0; i < s->format->n; i++) {
		struct column *c = &s->column[i];
		if (c->published == c->codes && (s->cap || !c->interner))
			continue;
		if (c->type == TYPE_ADDRESS)
			publish_addresses(c, d);
		else
			publish_texts(c, s->format->field[i], d);
		c->published = c->codes;
		if (!s->cap)
			interner_free(c);
	}
}

bool segment_is_published(const struct segment *s)
{
	bool is = true;

	for (unsigned i = 0; i < s->format->n; i++)
		is &= s->column[i].published == s->column[i].codes;
	return is;
}

void segment_check_published(const struct segment *s)
{
	if (!segment_is_published(s))
		die("values of a segment that was not published");
}

size_t segment_bytes(const struct segment *s)
{
	size_t rows = s->cap ? s->cap : s->rows;
	size_t n = sizeof *s + rows + s->format->n * sizeof *s->column +
		   s->arrival_cap * sizeof *s->arrival;

	n += s->unreadable_cap * sizeof *s->unreadable;
	for (unsigned i = 0; i < s->format->n; i++) {
		const struct column *c = &s->column[i];
		n += rows * c->width + c->cap_code * sizeof *c->code + c->arena.cap;
		n += c->cap_exception * sizeof *c->exception;
		n += c->absent ? (rows + 63) / 64 * sizeof *c->absent : 0;
		if (c->interner)
			n += sizeof *c->interner + c->interner->cap * sizeof *c->interner->slot +
			     c->interner->key_cap * sizeof *c->interner->key +
			     c->interner->address_cap * 16 + c->interner->long_text.cap;
	}
	return n;
}
