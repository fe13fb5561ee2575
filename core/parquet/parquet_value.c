/* parquet_value.c - single values: see parquet_fill.h. */
#include <inttypes.h>
#include <stdio.h>

#include "decode/decode_batch.h"
#include "parquet/parquet_fill.h"
#include "unwrap/envelope.h"

#define ACCOUNT_DIGITS 12
#define PLAIN_DIGITS 16 /* a number that is written with more is looked at closely */

/* ---- numbers of files ---- */

static bool is_float(const struct parquet_leaf *l)
{
	return l->type == PARQUET_FLOAT || l->type == PARQUET_DOUBLE;
}

static double double_of(int64_t bits)
{
	double v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

/* A whole number that is none less than 0; false: it is something else. */
static bool whole_of(const struct parquet_leaf *l, int64_t v, uint64_t *out)
{
	const double most = 9007199254740992.0; /* 2^53: up to there none is left out */
	double d;

	if (!is_float(l)) {
		*out = (uint64_t)v;
		return v >= 0 || (l->without_sign && l->type == PARQUET_INT64);
	}
	d = double_of(v);
	if (!(d >= 0 && d <= most) || d != (double)(uint64_t)d)
		return false;
	*out = (uint64_t)d;
	return true;
}

/* Seconds since 1970; milliseconds, where there is a part of a second, which is what times of more
 * than 32 bits are. */
static uint64_t time_of(enum parquet_unit unit, uint64_t v)
{
	uint64_t second = unit == PARQUET_MILLISECONDS   ? 1000
			  : unit == PARQUET_MICROSECONDS ? 1000000
							 : 1000000000;

	if (unit == PARQUET_DAYS)
		return v <= UINT32_MAX ? v * 86400 : NUMBER_ABSENT;
	if (v % second == 0 || v / (second / 1000) <= UINT32_MAX)
		return v / second;
	return v / (second / 1000);
}

uint64_t parquet_number_of(const struct parquet_leaf *l, enum field_type type, int64_t v)
{
	uint64_t n;

	if (!whole_of(l, v, &n))
		return NUMBER_ABSENT;
	if (type == TYPE_TIME && l->unit)
		n = time_of(l->unit, n);
	return n <= reading_most(type) ? n : NUMBER_ABSENT;
}

uint64_t parquet_number_of_text(enum field_type type, struct str v)
{
	uint64_t n = 0;

	if (v.n == 0 || v.n > PLAIN_DIGITS || (v.s[0] == '0' && v.n > 1))
		return NUMBER_ABSENT;
	for (size_t i = 0; i < v.n; i++) {
		if (v.s[i] < '0' || v.s[i] > '9')
			return NUMBER_ABSENT;
		n = n * 10 + (uint64_t)(v.s[i] - '0');
	}
	return n <= reading_most(type) ? n : NUMBER_ABSENT;
}

/* ---- as a line has them ---- */

/* What OCSF has as AWS has it. */
static void translate(struct parquet_fill *f)
{
	char space[24];
	struct str v;

	if (f->as != OCSF_AS_IS) {
		v = ocsf_value(f->as, buf_str(&f->text), space);
		if (v.s != f->text.s) {
			buf_clear(&f->text);
			buf_add_str(&f->text, v);
		}
	}
	buf_reserve(&f->text, PARQUET_PAD);
}

void parquet_text_of_number(struct parquet_fill *f, int field, int64_t v)
{
	const struct parquet_leaf *l = f->in.leaf;
	struct buf *out = &f->text;
	uint64_t n;

	buf_clear(out);
	if (is_float(l) && double_of(v) != double_of(v))
		buf_putc(out, '-'); /* as pandas says that there is none */
	else if (whole_of(l, v, &n) && field == FIELD_ACCOUNT_ID)
		buf_printf(out, "%0*" PRIu64, ACCOUNT_DIGITS, n);
	else if (whole_of(l, v, &n))
		buf_add_u64(out, l->unit && time_of(l->unit, n) != NUMBER_ABSENT
					 ? time_of(l->unit, n)
					 : n);
	else if (is_float(l))
		buf_printf(out, "%.17g", double_of(v));
	else
		buf_printf(out, "%" PRId64, v);
	translate(f);
}

/* Whether the value stands so in a line: most do. */
static bool is_ready(int field, struct str v)
{
	bool good = v.n > 0 && (v.s[0] | 32) != 'n' && field != FIELD_ACCOUNT_ID;

	for (size_t i = 0; good && i < v.n; i++)
		good = (unsigned char)v.s[i] > ' ';
	return good;
}

void parquet_text_of_text(struct parquet_fill *f, int field, struct str v)
{
	uint64_t digits;

	buf_clear(&f->text);
	if (is_ready(field, v) && !type_is_number(field_type(field)))
		buf_add_str(&f->text, v);
	else if (field == FIELD_ACCOUNT_ID && str_to_u64(v, &digits))
		buf_add_str(&f->text, v);
	else
		envelope_add_value(field < FIELDS_KNOWN ? field : FIELD_NONE, str_trim(v),
				   &f->text);
	translate(f);
}
