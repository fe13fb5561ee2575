/* parquet_fill.c - see parquet_fill.h. */
#include "parquet/parquet_fill.h"

#include <stdlib.h>

#include "decode/decode.h"
#include "decode/decode_batch.h"
#include "schema/describe.h"
#include "schema/reading.h"

#define UNKNOWN UINT32_MAX

/* A column of a segment, from a row on. */
struct fill_place {
	struct parquet_part *part;
	struct column *column;
	uint32_t row;
	int field;
};

static bool fail(struct parquet_fill *f, const char *what)
{
	f->in.wrong = f->in.wrong ? f->in.wrong : what;
	return false;
}

/* ---- codes ---- */

/* The segment's code of what f->text has; 0, which is '-', where it can't be taken. */
static uint32_t intern(struct parquet_fill *f, const struct fill_place *p)
{
	struct str text = buf_str(&f->text);
	struct token t;

	if (text.n > DECODE_VALUE_MAX && (!field_is_tag(p->field) || text.n > PARQUET_VALUE_MAX)) {
		fail(f, "a value of more than 1 KiB");
		return 0;
	}
	if (text.n == 1 && *text.s == '-')
		return 0;
	t = token_of(text);
	return column_code_of(p->column, &t, token_hash(&t));
}

static void code_of_entry(struct parquet_fill *f, const struct fill_place *p, uint32_t entry)
{
	if (parquet_is_text(f->in.leaf))
		parquet_text_of_text(f, p->field, f->in.text[entry]);
	else
		parquet_text_of_number(f, p->field, f->in.number[entry]);
	f->code[entry] = intern(f, p);
}

static uint32_t code_of_text(struct parquet_fill *f, const struct fill_place *p, struct str v)
{
	parquet_text_of_text(f, p->field, v);
	return intern(f, p);
}

static uint32_t code_of_number(struct parquet_fill *f, const struct fill_place *p, int64_t v)
{
	parquet_text_of_number(f, p->field, v);
	return intern(f, p);
}

/* Entries that no row before had. */
static void know_codes(struct parquet_fill *f, const struct fill_place *p)
{
	const struct parquet_batch *b = &f->in.batch;

	for (size_t i = 0; i < b->present; i++)
		if (__builtin_expect(f->code[b->code[i]] == UNKNOWN, false))
			code_of_entry(f, p, b->code[i]);
}

/* The segment's codes of the values of a batch. */
static void take_codes(struct parquet_fill *f, const struct fill_place *p, uint16_t *out)
{
	const struct parquet_batch *b = &f->in.batch;

	if (b->given == PARQUET_CODES) {
		know_codes(f, p);
		f->in.codes.loops->codes(f->code, b->code, out, b->present);
		return;
	}
	for (size_t i = 0; i < b->present; i++)
		out[i] = (uint16_t)(b->given == PARQUET_TEXTS ? code_of_text(f, p, b->text[i])
							      : code_of_number(f, p, b->number[i]));
}

static void fill_codes(struct parquet_fill *f, const struct fill_place *p)
{
	const struct parquet_batch *b = &f->in.batch;
	uint16_t *out = (uint16_t *)p->column->data + p->row, code[PARQUET_BATCH];

	if (b->whole && !f->over) {
		take_codes(f, p, out);
		return;
	}
	take_codes(f, p, code);
	for (size_t i = 0, k = 0; i < b->rows; i++) {
		uint16_t is = b->whole || b->there[i] ? code[k++] : 0;
		out[i] = is || !f->over ? is : out[i];
	}
}

/* ---- numbers ---- */

/* A number of the leaf as AWS has it. */
static uint64_t as_aws(const struct parquet_fill *f, uint64_t v)
{
	return f->as && !(f->as == OCSF_TIME && f->in.leaf->unit) ? ocsf_number(f->as, v) : v;
}

/* Most dictionaries' numbers need no second look. */
static void note_narrow(struct parquet_fill *f)
{
	uint64_t any = 0;

	for (uint32_t i = 0; i < f->numbers; i++)
		any |= f->number[i];
	f->narrow = any <= UINT32_MAX;
	if (!f->narrow)
		return;
	xgrow((void **)&f->code, &f->code_cap, f->numbers, sizeof *f->code);
	for (uint32_t i = 0; i < f->numbers; i++)
		f->code[i] = (uint32_t)f->number[i];
}

/* The numbers of the dictionary, once. */
static void know_numbers(struct parquet_fill *f, enum field_type type)
{
	struct parquet_column *in = &f->in;
	bool text = parquet_is_text(in->leaf);

	if (f->numbers == in->entries)
		return;
	xgrow((void **)&f->number, &f->number_cap, in->entries, sizeof *f->number);
	for (uint32_t i = 0; i < in->entries; i++)
		f->number[i] = as_aws(f, text ? parquet_number_of_text(type, in->text[i])
					      : parquet_number_of(in->leaf, type, in->number[i]));
	f->numbers = in->entries;
	note_narrow(f);
}

/* The text of value i of the batch, in f->text. */
static void take_text(struct parquet_fill *f, const struct fill_place *p, size_t i)
{
	const struct parquet_batch *b = &f->in.batch;
	bool coded = b->given == PARQUET_CODES;

	if (parquet_is_text(f->in.leaf))
		parquet_text_of_text(f, p->field, coded ? f->in.text[b->code[i]] : b->text[i]);
	else
		parquet_text_of_number(f, p->field,
				       coded ? f->in.number[b->code[i]] : b->number[i]);
}

/* The number of what f->text has, which is no plain one. */
static uint64_t look_closely(struct parquet_fill *f, const struct fill_place *p, uint32_t row)
{
	bool unreadable;
	uint64_t v, plain = parquet_number_of_text(p->column->type, buf_str(&f->text));

	if (plain != NUMBER_ABSENT)
		return plain;
	if (f->text.n > DECODE_VALUE_MAX)
		fail(f, "a value of more than 1 KiB");
	v = odd_number(p->column, row, p->part->segment->cap, buf_str(&f->text), &unreadable);
	if (unreadable)
		p->part->suspect[row / 64] |= UINT64_C(1) << row % 64;
	return v;
}

/* Value i of the batch, in row `row`. */
static uint64_t odd_value(struct parquet_fill *f, const struct fill_place *p, size_t i,
			  uint32_t row)
{
	take_text(f, p, i);
	return look_closely(f, p, row);
}

/* Row i of the batch, whose value is `v`: what another leaf said stays where this one says nothing
 * that can be read. */
static uint64_t number_over(struct parquet_fill *f, const struct fill_place *p, size_t i,
			    size_t value, uint64_t v)
{
	struct column *c = p->column;
	uint32_t row = p->row + (uint32_t)i;

	if (f->in.batch.whole || f->in.batch.there[i]) {
		if (v == NUMBER_ABSENT) {
			take_text(f, p, value);
			if (!reading_number(c->type, buf_str(&f->text), &v))
				v = NUMBER_ABSENT;
		}
		if (v != NUMBER_ABSENT) {
			if (c->absent)
				c->absent[row / 64] &= ~(UINT64_C(1) << row % 64);
			return v;
		}
	}
	return column_number(c, row);
}

static uint64_t value_of(const struct parquet_fill *f, const struct fill_place *p, size_t i)
{
	const struct parquet_batch *b = &f->in.batch;

	if (b->given == PARQUET_TEXTS)
		return as_aws(f, parquet_number_of_text(p->column->type, b->text[i]));
	return as_aws(f, parquet_number_of(f->in.leaf, p->column->type, b->number[i]));
}

static void store(const struct fill_place *p, const uint64_t *v, size_t n, uint64_t most)
{
	struct column *c = p->column;

	if (c->width == 4 && most > UINT32_MAX)
		column_widen(c, p->row, p->part->segment->cap);
	if (c->width == 4) {
		uint32_t *out = (uint32_t *)c->data + p->row;
		for (size_t i = 0; i < n; i++)
			out[i] = (uint32_t)v[i];
	} else {
		uint64_t *out = (uint64_t *)c->data + p->row;
		for (size_t i = 0; i < n; i++)
			out[i] = v[i];
	}
}

/* Spreads the values that are there over their rows. */
static void spread(const struct parquet_batch *b, uint64_t *v)
{
	size_t k = b->present;

	for (size_t i = b->rows; i--;)
		v[i] = b->there[i] ? v[--k] : NUMBER_ABSENT;
}

/* What most batches are: each row has a number of 32 bits that can be read. False: they are not. */
static bool fill_narrow(struct parquet_fill *f, const struct fill_place *p)
{
	const struct parquet_batch *b = &f->in.batch;
	const struct parquet_leaf *l = f->in.leaf;
	const struct parquet_loops *loops = parquet_loops();
	uint32_t *out = (uint32_t *)p->column->data + p->row;
	uint64_t limit = reading_most(p->column->type), any;

	if (!b->whole || p->column->width != 4)
		return false;
	if (b->given == PARQUET_CODES) {
		if (f->narrow)
			loops->numbers(f->code, b->code, out, b->rows);
		return f->narrow;
	}
	/* Bits that all values together have are more than any of them. */
	if (b->given != PARQUET_NUMBERS || f->as || l->unit ||
	    (l->type != PARQUET_INT32 && l->type != PARQUET_INT64))
		return false;
	any = loops->narrow(b->number, out, b->rows);
	return any <= limit && any <= UINT32_MAX;
}

static void fill_numbers(struct parquet_fill *f, const struct fill_place *p)
{
	const struct parquet_batch *b = &f->in.batch;
	uint64_t v[PARQUET_BATCH], most = 0;
	bool odd = !b->whole;

	if (b->given == PARQUET_CODES)
		know_numbers(f, p->column->type);
	if (!f->over && fill_narrow(f, p))
		return;
	if (b->given == PARQUET_CODES) {
		for (size_t i = 0; i < b->present; i++)
			v[i] = f->number[b->code[i]];
	} else {
		for (size_t i = 0; i < b->present; i++)
			v[i] = value_of(f, p, i);
	}
	for (size_t i = 0; i < b->present; i++)
		most |= v[i];
	if (!b->whole)
		spread(b, v);
	if (odd || f->over || most == NUMBER_ABSENT) {
		most = 0;
		for (size_t i = 0, k = 0; i < b->rows; i++) {
			bool there = b->whole || b->there[i];
			if (f->over)
				v[i] = number_over(f, p, i, k, v[i]);
			else if (!there)
				column_set_absent(p->column, p->row + (uint32_t)i,
						  p->part->segment->cap);
			else if (v[i] == NUMBER_ABSENT)
				v[i] = odd_value(f, p, k, p->row + (uint32_t)i);
			k += there;
			most |= v[i] == NUMBER_ABSENT ? 0 : v[i];
		}
	}
	store(p, v, b->rows, most);
}

/* ---- columns ---- */

/* The codes of one segment say nothing of another one's. */
static void forget_codes(struct parquet_fill *f)
{
	uint32_t n = f->in.entries;

	xgrow((void **)&f->code, &f->code_cap, n, sizeof *f->code);
	memset(f->code, 0xff, n * sizeof *f->code);
}

static bool fill_part(struct parquet_fill *f, struct parquet_part *part, unsigned at)
{
	struct segment *s = part->segment;
	struct fill_place p = { part, &s->column[at], 0, s->format->field[at] };
	uint32_t entries = 0; /* whose codes are known to this segment */
	bool coded = !type_is_number(p.column->type);

	f->in.wrong = NULL;
	while (p.row < part->rows) {
		if (!parquet_column_next(&f->in, part->rows - p.row))
			return false;
		if (coded && entries != f->in.entries)
			forget_codes(f);
		entries = f->in.entries;
		if (coded)
			fill_codes(f, &p);
		else
			fill_numbers(f, &p);
		p.row += (uint32_t)f->in.batch.rows;
		f->too_much = segment_is_full(s);
		if (f->in.wrong || f->too_much)
			return false;
	}
	return true;
}

bool parquet_fill_column(struct parquet_fill *f, const struct parquet_leaf *leaf,
			 const struct parquet_chunk *chunk, uint64_t rows, uint64_t first,
			 struct parquet_part *part, size_t parts, unsigned at)
{
	const size_t had = f->code_cap * sizeof *f->code + f->number_cap * sizeof *f->number;
	bool good = parquet_column_begin(&f->in, leaf, chunk, rows) &&
		    parquet_column_skip(&f->in, first);

	f->numbers = 0;
	f->narrow = false;
	for (size_t i = 0; good && i < parts; i++)
		good = fill_part(f, &part[i], at);
	__atomic_fetch_add(f->in.held,
			   f->code_cap * sizeof *f->code + f->number_cap * sizeof *f->number - had,
			   __ATOMIC_RELAXED);
	return good;
}

void parquet_fill_release(struct parquet_fill *f)
{
	__atomic_fetch_sub(f->in.held,
			   f->code_cap * sizeof *f->code + f->number_cap * sizeof *f->number,
			   __ATOMIC_RELAXED);
	parquet_column_release(&f->in);
	free(f->code);
	free(f->number);
	buf_release(&f->text);
}
