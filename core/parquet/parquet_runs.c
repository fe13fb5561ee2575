/* parquet_runs.c - see parquet_page.h. */
#include "parquet/parquet_page.h"

void parquet_runs_begin(struct parquet_runs *r, struct str bytes, unsigned width)
{
	const uint8_t *at = (const uint8_t *)bytes.s;

	*r = (struct parquet_runs){
		.at = at, .end = at + bytes.n, .width = width, .loops = parquet_loops()
	};
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

/* Values of the run at hand. */
static void take(struct parquet_runs *r, uint32_t *out, size_t n)
{
	if (!r->group) {
		for (size_t i = 0; i < n; i++)
			out[i] = r->value;
		return;
	}
	r->loops->unpack(r->group, r->bit, r->width, out, n);
	r->bit += (uint64_t)n * r->width;
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
