/* parquet_values.c - values of a page, by their encodings: see parquet_column.h. */
#include <stdlib.h>

#include "parquet/parquet_column.h"

#define JULIAN_EPOCH 2440588 /* the day of 1970-01-01 */
#define DAY_NS INT64_C(86400000000000)

bool parquet_is_text(const struct parquet_leaf *l)
{
	return l->type == PARQUET_BYTES || l->type == PARQUET_FIXED;
}

static bool fail(struct parquet_column *c, const char *what)
{
	c->wrong = c->wrong ? c->wrong : what;
	return false;
}

static const char cut_short[] = "a page that is cut short";

/* ---- plain ---- */

static uint64_t unsigned_at(const uint8_t *p, unsigned bytes)
{
	uint64_t v = 0;

	while (bytes--)
		v = v << 8 | p[bytes];
	return v;
}

/* Nanoseconds of a day, and the day; as nanoseconds since 1970 where these fit. */
static int64_t int96_at(const uint8_t *p)
{
	int64_t day = (int32_t)unsigned_at(p + 8, 4) - (int64_t)JULIAN_EPOCH, ns;

	if (__builtin_mul_overflow(day, DAY_NS, &ns) ||
	    __builtin_add_overflow(ns, (int64_t)unsigned_at(p, 8), &ns))
		return INT64_MIN;
	return ns;
}

static int64_t number_at(const struct parquet_leaf *l, const uint8_t *p)
{
	double v;
	float narrow;
	uint32_t bits;
	int64_t out;

	switch (l->type) {
	case PARQUET_INT32:
		bits = (uint32_t)unsigned_at(p, 4);
		return l->without_sign ? (int64_t)bits : (int64_t)(int32_t)bits;
	case PARQUET_FLOAT:
		bits = (uint32_t)unsigned_at(p, 4);
		memcpy(&narrow, &bits, 4);
		v = (double)narrow;
		memcpy(&out, &v, 8);
		return out;
	case PARQUET_INT96:
		return int96_at(p);
	default:
		return (int64_t)unsigned_at(p, 8);
	}
}

static unsigned number_bytes(const struct parquet_leaf *l)
{
	return l->type == PARQUET_INT96                               ? 12
	       : l->type == PARQUET_INT32 || l->type == PARQUET_FLOAT ? 4
								      : 8;
}

static bool plain_numbers(struct parquet_column *c, int64_t *out, size_t n)
{
	unsigned bytes = number_bytes(c->leaf);

	if (n > (size_t)(c->value_end - c->value) / bytes)
		return fail(c, cut_short);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if (bytes == 8 && n) {
		memcpy(out, c->value, n * bytes);
		c->value += n * bytes;
		return true;
	}
#endif
	for (size_t i = 0; i < n; i++, c->value += bytes)
		out[i] = number_at(c->leaf, c->value);
	return true;
}

static bool plain_texts(struct parquet_column *c, struct str *out, size_t n)
{
	const bool fixed = c->leaf->type == PARQUET_FIXED;

	for (size_t i = 0; i < n; i++) {
		size_t left = (size_t)(c->value_end - c->value), head = fixed ? 0 : 4;
		if (left < head)
			return fail(c, cut_short);
		uint64_t length = fixed ? (uint64_t)c->leaf->length : unsigned_at(c->value, 4);
		if (length > left - head)
			return fail(c, cut_short);
		out[i] = (struct str){ (const char *)c->value + head, length };
		c->value += head + length;
	}
	return true;
}

bool parquet_values_dictionary(struct parquet_column *c, struct str bytes, int64_t n)
{
	unsigned least = parquet_is_text(c->leaf)
				 ? c->leaf->type == PARQUET_FIXED ? (unsigned)c->leaf->length : 4
				 : number_bytes(c->leaf);
	const size_t had = c->number_cap * sizeof *c->number + c->text_cap * sizeof *c->text;
	bool good;

	if ((uint64_t)n > bytes.n / least || n > UINT32_MAX / 2)
		return fail(c, "a dictionary with more entries than bytes");
	c->value = (const uint8_t *)bytes.s;
	c->value_end = c->value + bytes.n;
	c->entries = (uint32_t)n;
	if (parquet_is_text(c->leaf)) {
		xgrow((void **)&c->text, &c->text_cap, (size_t)n, sizeof *c->text);
		good = plain_texts(c, c->text, (size_t)n);
	} else {
		xgrow((void **)&c->number, &c->number_cap, (size_t)n, sizeof *c->number);
		good = plain_numbers(c, c->number, (size_t)n);
	}
	__atomic_fetch_add(c->held,
			   c->number_cap * sizeof *c->number + c->text_cap * sizeof *c->text - had,
			   __ATOMIC_RELAXED);
	return good;
}

/* ---- differences ---- */

static bool delta_numbers(struct parquet_column *c, int64_t *out, size_t n)
{
	if (!parquet_deltas_next(&c->deltas, out, n))
		return fail(c, cut_short);
	if (c->leaf->type == PARQUET_INT32)
		for (size_t i = 0; i < n; i++)
			out[i] = c->leaf->without_sign ? (int64_t)(uint32_t)out[i]
						       : (int64_t)(int32_t)out[i];
	return true;
}

static bool delta_lengths(struct parquet_column *c, size_t n)
{
	int64_t *length = c->batch.number;

	if (!parquet_deltas_next(&c->deltas, length, n))
		return fail(c, cut_short);
	for (size_t i = 0; i < n; i++) {
		if (length[i] < 0 || length[i] > c->value_end - c->value)
			return fail(c, cut_short);
		c->batch.text[i] = (struct str){ (const char *)c->value, (size_t)length[i] };
		c->value += length[i];
	}
	return true;
}

/* Each is so much of the one before, and what is new. */
static bool join_texts(struct parquet_column *c, size_t n)
{
	int64_t prefix[PARQUET_BATCH];
	struct str *text = c->batch.text;
	size_t at = 0;

	if (!parquet_deltas_next(&c->prefixes, prefix, n))
		return fail(c, cut_short);
	if (!delta_lengths(c, n))
		return false;
	buf_clear(&c->texts);
	for (size_t i = 0; i < n; i++) {
		if (prefix[i] < 0 || (uint64_t)prefix[i] > c->last.n)
			return fail(c, "a text that has more of the one before than there is");
		if ((size_t)prefix[i] + text[i].n > PARQUET_VALUE_MAX)
			return fail(c, "a text of more than 64 KiB");
		c->last.n = (size_t)prefix[i];
		buf_add_str(&c->last, text[i]);
		text[i].n = c->last.n;
		buf_add_str(&c->texts, buf_str(&c->last));
	}
	buf_reserve(&c->texts, PARQUET_PAD);
	for (size_t i = 0; i < n; at += text[i++].n)
		text[i].s = c->texts.s + at;
	return true;
}

static bool delta_texts(struct parquet_column *c, size_t n)
{
	const size_t had = c->texts.cap;
	bool good = join_texts(c, n);

	__atomic_fetch_add(c->held, c->texts.cap - had, __ATOMIC_RELAXED);
	return good;
}

static bool delta_begin(struct parquet_column *c, enum parquet_encoding encoding)
{
	const uint8_t *at = c->value;

	if (encoding == PARQUET_DELTA_BYTES) {
		if (!parquet_deltas_begin(&c->prefixes, at, c->value_end) ||
		    !(at = parquet_deltas_end(&c->prefixes)))
			return fail(c, "damaged differences");
		buf_clear(&c->last);
	}
	if (!parquet_deltas_begin(&c->deltas, at, c->value_end))
		return fail(c, "damaged differences");
	if (encoding != PARQUET_DELTA && !(c->value = parquet_deltas_end(&c->deltas)))
		return fail(c, "damaged differences");
	return true;
}

/* ---- a page ---- */

bool parquet_values_begin(struct parquet_column *c, enum parquet_encoding encoding,
			  struct str bytes)
{
	const bool text = parquet_is_text(c->leaf);
	const bool integer = c->leaf->type == PARQUET_INT32 || c->leaf->type == PARQUET_INT64;

	c->encoding = encoding;
	c->value = (const uint8_t *)bytes.s;
	c->value_end = c->value + bytes.n;
	switch (encoding) {
	case PARQUET_PLAIN:
		c->batch.given = text ? PARQUET_TEXTS : PARQUET_NUMBERS;
		return true;
	case PARQUET_PLAIN_DICTIONARY:
	case PARQUET_RLE_DICTIONARY:
		c->batch.given = PARQUET_CODES;
		if (bytes.n && *c->value > 32)
			return fail(c, "codes of more than 32 bits");
		parquet_runs_begin(&c->codes,
				   (struct str){ bytes.s + (bytes.n > 0), bytes.n - (bytes.n > 0) },
				   bytes.n ? *c->value : 0);
		return true;
	case PARQUET_DELTA:
		c->batch.given = PARQUET_NUMBERS;
		return integer ? bytes.n == 0 || delta_begin(c, encoding)
			       : fail(c, "differences of no numbers");
	case PARQUET_DELTA_LENGTH:
	case PARQUET_DELTA_BYTES:
		c->batch.given = PARQUET_TEXTS;
		return text ? bytes.n == 0 || delta_begin(c, encoding)
			    : fail(c, "lengths of no texts");
	default:
		return fail(c, "a page of an encoding that is not read");
	}
}

static bool next_codes(struct parquet_column *c, size_t n)
{
	uint32_t *code = c->batch.code;

	if (!parquet_runs_next(&c->codes, code, n))
		return fail(c, cut_short);
	return c->codes.loops->most(code, n) < c->entries ||
	       fail(c, "a code that its dictionary does not have");
}

bool parquet_values_next(struct parquet_column *c, size_t n)
{
	if (n == 0)
		return true;
	switch (c->encoding) {
	case PARQUET_PLAIN:
		return c->batch.given == PARQUET_TEXTS ? plain_texts(c, c->batch.text, n)
						       : plain_numbers(c, c->batch.number, n);
	case PARQUET_DELTA:
		return delta_numbers(c, c->batch.number, n);
	case PARQUET_DELTA_LENGTH:
		return delta_lengths(c, n);
	case PARQUET_DELTA_BYTES:
		return delta_texts(c, n);
	default:
		return next_codes(c, n);
	}
}
