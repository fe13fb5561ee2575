/* parquet_runs.c - see parquet_page.h. */
#include "parquet/parquet_page.h"

void parquet_runs_begin(struct parquet_runs *r, struct str bytes, unsigned width)
{
	const uint8_t *at = (const uint8_t *)bytes.s;

	*r = (struct parquet_runs){ .at = at, .end = at + bytes.n, .width = width };
}

/* Bits of groups of eight values; of the last one those that nobody asks for may be left out. */
static bool begin_group(struct parquet_runs *r, uint64_t groups)
{
	uint64_t there = (uint64_t)(r->end - r->at), bytes = groups * r->width;

	r->left = groups * 8;
	if (bytes > there) {
		bytes = there;
		r->left = there * 8 / r->width;
	}
	r->group = r->at;
	r->bit = 0;
	r->at += bytes;
	return r->left > 0;
}

/* The next run that has a value; false: there is none. */
static bool next_run(struct parquet_runs *r)
{
	while (r->left == 0) {
		uint64_t head = 0;
		unsigned shift = 0, bytes = (r->width + 7) / 8;
		uint8_t b = 128;
		for (; b & 128; shift += 7) {
			if (r->at == r->end || shift > 35)
				return false;
			b = *r->at++;
			head |= (uint64_t)(b & 127) << shift;
		}
		if (head & 1) {
			if (!begin_group(r, head >> 1))
				return false;
			continue;
		}
		if (bytes > (size_t)(r->end - r->at))
			return false;
		r->group = NULL;
		r->value = 0;
		for (unsigned i = 0; i < bytes; i++)
			r->value |= (uint32_t)*r->at++ << 8 * i;
		r->left = head >> 1;
	}
	return true;
}

static uint64_t word_at(const uint8_t *p)
{
	uint64_t v;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(&v, p, 8);
#else
	v = 0;
	for (unsigned i = 8; i--;)
		v = v << 8 | p[i];
#endif
	return v;
}

/* Values of the run at hand. */
static void take(struct parquet_runs *r, uint32_t *out, size_t n)
{
	uint64_t mask = (UINT64_C(1) << r->width) - 1, bit = r->bit;

	if (!r->group) {
		for (size_t i = 0; i < n; i++)
			out[i] = r->value;
		return;
	}
	/* A word has several, but for the bits of its first byte that are another's. */
	size_t i = 0, many = r->width ? 57 / r->width : 0;
	for (; many > 1 && n - i >= many; bit += many * r->width) {
		uint64_t w = word_at(r->group + bit / 8) >> (bit & 7);
		for (size_t end = i + many; i < end; w >>= r->width)
			out[i++] = (uint32_t)(w & mask);
	}
	for (; i < n; i++, bit += r->width)
		out[i] = (uint32_t)(word_at(r->group + bit / 8) >> (bit & 7) & mask);
	r->bit = bit;
}

bool parquet_runs_next(struct parquet_runs *r, uint32_t *out, size_t n)
{
	while (n) {
		if (!next_run(r))
			return false;
		size_t m = n < r->left ? n : (size_t)r->left;
		take(r, out, m);
		r->left -= m;
		out += m;
		n -= m;
	}
	return true;
}

size_t parquet_runs_length(struct parquet_runs *r, uint32_t *value, size_t n)
{
	if (!next_run(r) || r->group)
		return 0;
	*value = r->value;
	return n < r->left ? n : (size_t)r->left;
}

void parquet_runs_skip(struct parquet_runs *r, size_t n)
{
	r->left -= n;
}
