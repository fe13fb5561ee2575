/* segment_seal.c - narrowing the columns of a segment that gets no more rows: see
 * segment.h. The loops ask nothing of a row, so that the compiler makes vectors of them. */
#include <stdlib.h>

#include "store/segment_build.h"

static uint8_t width_of(uint64_t range)
{
	return range == 0            ? 0
	       : range <= UINT8_MAX  ? 1
	       : range <= UINT16_MAX ? 2
	       : range <= UINT32_MAX ? 4
				     : 8;
}

/* The first row that has a value; `rows`: none has. */
static uint32_t first_present(const struct column *c, uint32_t rows)
{
	uint32_t row = 0;

	while (row < rows && is_absent(c, row))
		row++;
	return row;
}

/* Absent rows take a value that is there, so that nobody need ask which they are. */
static void fill_absent(struct column *c, uint32_t rows, uint64_t value)
{
	for (uint32_t row = 0; row < rows; row++) {
		if (row % 64 == 0 && c->absent[row / 64] == 0)
			row += 63;
		else if (!is_absent(c, row))
			continue;
		else if (c->width == 4)
			((uint32_t *)c->data)[row] = (uint32_t)value;
		else
			((uint64_t *)c->data)[row] = value;
	}
}

#define RANGE(type) \
	static void range_##type(const type *v, uint32_t n, uint64_t *least, uint64_t *most) \
	{ \
		type min = v[0], max = v[0]; \
\
		for (uint32_t i = 0; i < n; i++) { \
			min = v[i] < min ? v[i] : min; \
			max = v[i] > max ? v[i] : max; \
		} \
		*least = min; \
		*most = max; \
	}
RANGE(uint16_t)
RANGE(uint32_t)
RANGE(uint64_t)

/* The least and the greatest of an open column's values. */
static void range_of(const struct column *c, uint32_t rows, uint64_t *min, uint64_t *max)
{
	switch (c->width) {
	case 2:
		range_uint16_t(c->data, rows, min, max);
		break;
	case 4:
		range_uint32_t(c->data, rows, min, max);
		break;
	default:
		range_uint64_t(c->data, rows, min, max);
	}
}

#define NARROW(from, to) \
	static void narrow_##from##_##to(const void *data, uint64_t base, void *narrow, \
					 uint32_t n) \
	{ \
		const from *in = data; \
		to *out = narrow; \
\
		for (uint32_t i = 0; i < n; i++) \
			out[i] = (to)(in[i] - (from)base); \
	}
NARROW(uint16_t, uint8_t)
NARROW(uint16_t, uint16_t)
NARROW(uint32_t, uint8_t)
NARROW(uint32_t, uint16_t)
NARROW(uint32_t, uint32_t)
NARROW(uint64_t, uint8_t)
NARROW(uint64_t, uint16_t)
NARROW(uint64_t, uint32_t)
NARROW(uint64_t, uint64_t)

/* [width of an open column][width it gets] */
static void (*const narrow[9][9])(const void *data, uint64_t base, void *narrow, uint32_t n) = {
	[2] = { [1] = narrow_uint16_t_uint8_t, [2] = narrow_uint16_t_uint16_t },
	[4] = { [1] = narrow_uint32_t_uint8_t,
		[2] = narrow_uint32_t_uint16_t,
		[4] = narrow_uint32_t_uint32_t },
	[8] = { [1] = narrow_uint64_t_uint8_t,
		[2] = narrow_uint64_t_uint16_t,
		[4] = narrow_uint64_t_uint32_t,
		[8] = narrow_uint64_t_uint64_t },
};

/* Rewrites the data as offsets from the least value, in as few bytes as that takes. */
static void column_narrow(struct column *c, uint32_t rows)
{
	uint32_t present = c->absent ? first_present(c, rows) : 0;
	uint64_t min = 0, max = 0;
	uint8_t width;
	void *data = NULL;

	if (present < rows) {
		if (c->absent)
			fill_absent(c, rows, data_at(c, present));
		range_of(c, rows, &min, &max);
	}
	width = width_of(max - min);
	if (width) {
		data = xmalloc((size_t)rows * width);
		narrow[c->width][width](c->data, min, data, rows);
	}
	free(c->data);
	c->data = data;
	c->base = min;
	c->range = max - min;
	c->width = width;
}

/* Nothing is looked for any more: what publishing asks for is left. */
static void interner_seal(struct column *c)
{
	struct interner *in = c->interner;

	free(in->slot);
	in->slot = NULL;
	in->cap = 0;
	if (c->type != TYPE_ADDRESS)
		return;
	free(in->key);
	in->key = NULL;
	in->key_cap = 0;
	buf_release(&in->long_text);
	in->address = xrealloc(in->address, c->codes * sizeof *in->address);
	in->address_cap = c->codes;
}

static void column_seal(struct column *c, uint32_t rows, uint32_t cap)
{
	column_narrow(c, rows);
	if (c->absent)
		bitmap_resize(&c->absent, cap, rows);
	c->code = c->code ? xrealloc(c->code, c->codes * sizeof *c->code) : NULL;
	c->cap_code = c->codes;
	if (c->exceptions)
		c->exception = xrealloc(c->exception, c->exceptions * sizeof *c->exception);
	c->cap_exception = c->exceptions;
	if (c->interner && c->published == c->codes)
		interner_free(c);
	else if (c->interner)
		interner_seal(c);
}

void segment_seal(struct segment *s)
{
	if (!s->cap)
		return;
	for (unsigned i = 0; i < s->format->n; i++)
		column_seal(&s->column[i], s->rows, s->cap);
	s->mark = xrealloc(s->mark, s->rows ? s->rows : 1);
	if (s->arrivals) {
		s->arrival = xrealloc(s->arrival, s->arrivals * sizeof *s->arrival);
		s->arrival_cap = s->arrivals;
	}
	s->cap = 0;
}
