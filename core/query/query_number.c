/* query_number.c - numbers as parts of group keys: see struct key_kind of query_key.h. An absent
 * number is the largest that its words hold: the successor of it is 0, which orders it first. */
#include "query/query_key.h"

/* ---- ports, protocols, sets of flags and bins: a word ---- */

static uint32_t number_word(uint64_t v)
{
	return v == NUMBER_ABSENT ? KEY_ABSENT : v > KEY_LARGEST ? KEY_LARGEST : (uint32_t)v;
}

static void read_bins(struct key_batch *b, const struct key_reader *r, unsigned part)
{
	uint32_t *word = b->key + r->layout->part[part].at;
	unsigned step = r->layout->words;

	rows_times(b->rows);
	for (unsigned i = 0; i < b->rows->n; i++, word += step) {
		int64_t t = b->rows->time[i];
		word[0] = t < 0 ? KEY_ABSENT : number_word((uint64_t)t >> r->shift);
	}
}

/* The numbers of a part into b->number. */
static void gather_numbers(struct key_batch *b, const struct key_reader *r, unsigned part)
{
	const struct column *plain = r->column[part][0], *swapped = r->column[part][1];

	rows_numbers(b->rows, plain, b->number);
	if (swapped == plain)
		return;
	rows_marks(b->rows);
	for (unsigned i = 0; i < b->rows->n; i++)
		if (b->rows->mark[i] & MARK_SERVER_SRC)
			b->number[i] =
				swapped ? column_number(swapped, b->rows->row[i]) : NUMBER_ABSENT;
}

static void read_numbers(struct key_batch *b, const struct key_reader *r, unsigned part)
{
	uint32_t *word = b->key + r->layout->part[part].at;
	unsigned step = r->layout->words;

	gather_numbers(b, r, part);
	for (unsigned i = 0; i < b->rows->n; i++, word += step)
		word[0] = number_word(b->number[i]);
}

static uint64_t number_of(const uint32_t *word)
{
	return word[0] == KEY_ABSENT ? NUMBER_ABSENT : word[0];
}

static void number_value(const struct key_part *p, const uint32_t *word, const struct dict *d,
			 struct value *out)
{
	(void)p, (void)d;
	out->number = number_of(word);
}

static bool number_encode(const struct key_part *p, const struct value *v, const struct dict *d,
			  uint32_t *word)
{
	(void)p, (void)d;
	word[0] = number_word(v->absent ? NUMBER_ABSENT : v->number);
	return true;
}

static uint64_t number_prefix(const struct key_part *p, const uint32_t *word, const struct dict *d)
{
	(void)p, (void)d;
	return number_of(word) + 1;
}

static int number_compare(const struct key_part *p, const uint32_t *x, const uint32_t *y,
			  const struct dict *d)
{
	uint32_t m = x[0] + 1, n = y[0] + 1;

	(void)p, (void)d;
	return m < n ? -1 : m > n;
}

static uint64_t bin_hash(const uint32_t *word, const struct dict *d)
{
	(void)word, (void)d;
	return 0;
}

static uint64_t number_hash(const uint32_t *word, const struct dict *d)
{
	(void)d;
	return word[0];
}

const struct key_kind key_bins = {
	1, read_bins, number_value, number_encode, NULL, number_compare, number_prefix, bin_hash,
};
const struct key_kind key_numbers = {
	1,    read_numbers,   number_value,  number_encode,
	NULL, number_compare, number_prefix, number_hash,
};

/* ---- numbers of 64 bit: two words, the high one first ---- */

static void read_wide(struct key_batch *b, const struct key_reader *r, unsigned part)
{
	uint32_t *word = b->key + r->layout->part[part].at;
	unsigned step = r->layout->words;

	gather_numbers(b, r, part);
	for (unsigned i = 0; i < b->rows->n; i++, word += step) {
		word[0] = (uint32_t)(b->number[i] >> 32);
		word[1] = (uint32_t)b->number[i];
	}
}

static uint64_t wide_of(const uint32_t *word)
{
	return (uint64_t)word[0] << 32 | word[1];
}

static void wide_value(const struct key_part *p, const uint32_t *word, const struct dict *d,
		       struct value *out)
{
	(void)p, (void)d;
	out->number = wide_of(word);
}

static bool wide_encode(const struct key_part *p, const struct value *v, const struct dict *d,
			uint32_t *word)
{
	uint64_t number = v->absent ? NUMBER_ABSENT : v->number;

	(void)p, (void)d;
	word[0] = (uint32_t)(number >> 32);
	word[1] = (uint32_t)number;
	return true;
}

static uint64_t wide_prefix(const struct key_part *p, const uint32_t *word, const struct dict *d)
{
	(void)p, (void)d;
	return wide_of(word) + 1;
}

static int wide_compare(const struct key_part *p, const uint32_t *x, const uint32_t *y,
			const struct dict *d)
{
	uint64_t m = wide_of(x) + 1, n = wide_of(y) + 1;

	(void)p, (void)d;
	return m < n ? -1 : m > n;
}

static uint64_t wide_hash(const uint32_t *word, const struct dict *d)
{
	(void)d;
	return wide_of(word);
}

const struct key_kind key_wide_numbers = {
	2, read_wide, wide_value, wide_encode, NULL, wide_compare, wide_prefix, wide_hash,
};

/* ---- times as records have them: milliseconds, in whatever they were delivered ---- */

static void read_moments(struct key_batch *b, const struct key_reader *r, unsigned part)
{
	uint32_t *word = b->key + r->layout->part[part].at;
	unsigned step = r->layout->words;

	gather_numbers(b, r, part);
	for (unsigned i = 0; i < b->rows->n; i++, word += step) {
		uint64_t ms = time_in_milliseconds(b->number[i]);
		word[0] = (uint32_t)(ms >> 32);
		word[1] = (uint32_t)ms;
	}
}

static bool moment_encode(const struct key_part *p, const struct value *v, const struct dict *d,
			  uint32_t *word)
{
	struct value ms = *v;

	ms.number = time_in_milliseconds(v->number);
	return wide_encode(p, &ms, d, word);
}

const struct key_kind key_times = {
	2, read_moments, wide_value, moment_encode, NULL, wide_compare, wide_prefix, wide_hash,
};
