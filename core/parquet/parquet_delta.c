/* parquet_delta.c - DELTA_BINARY_PACKED: see parquet_page.h. A head (values of a block,
 * miniblocks of a block, values in all, the first one), then blocks: the least difference, the
 * bits of each miniblock's values, the miniblocks. */
#include "parquet/parquet_page.h"

#define BLOCK_MAX (1u << 20) /* values */
#define MINIS_MAX 512u

static bool varint(const uint8_t **at, const uint8_t *end, uint64_t *out)
{
	*out = 0;
	for (unsigned shift = 0; shift < 64 && *at < end; shift += 7) {
		uint8_t b = *(*at)++;
		*out |= (uint64_t)(b & 127) << shift;
		if (!(b & 128))
			return true;
	}
	return false;
}

static bool zigzag(const uint8_t **at, const uint8_t *end, uint64_t *out)
{
	bool good = varint(at, end, out);

	*out = *out >> 1 ^ (UINT64_C(0) - (*out & 1));
	return good;
}

bool parquet_deltas_begin(struct parquet_deltas *d, const uint8_t *at, const uint8_t *end)
{
	uint64_t block;

	*d = (struct parquet_deltas){ .at = at, .end = end };
	if (!varint(&d->at, end, &block) || !varint(&d->at, end, &d->minis) ||
	    !varint(&d->at, end, &d->total) || !zigzag(&d->at, end, &d->value))
		return false;
	if (block > BLOCK_MAX || d->minis == 0 || d->minis > MINIS_MAX || block % d->minis)
		return false;
	d->per = block / d->minis;
	d->mini = d->minis;
	return d->per > 0 && d->per % 32 == 0;
}

static bool next_block(struct parquet_deltas *d)
{
	if (!zigzag(&d->at, d->end, &d->least) || (uint64_t)(d->end - d->at) < d->minis)
		return false;
	d->width = d->at;
	d->at += d->minis;
	d->mini = 0;
	return true;
}

/* Bytes of the last one that nobody asks for may be left out. */
static bool next_mini(struct parquet_deltas *d)
{
	uint64_t bytes, there;

	if (d->mini == d->minis && !next_block(d))
		return false;
	bytes = d->per / 8 * d->width[d->mini];
	there = (uint64_t)(d->end - d->at);
	if (d->width[d->mini] > 64)
		return false;
	d->left = d->per;
	if (bytes > there) {
		d->left = there * 8 / d->width[d->mini];
		bytes = there;
	}
	d->bits = d->at;
	d->bit = 0;
	d->at += bytes;
	d->mini++;
	return d->left > 0;
}

/* Bits from a bit on, of which the bytes behind are readable. */
static uint64_t bits_at(const uint8_t *p, uint64_t bit, unsigned width)
{
	uint64_t v = 0;
	unsigned shift = bit & 7;

	p += bit / 8;
	for (unsigned i = 0; i < 8; i++)
		v |= (uint64_t)p[i] << 8 * i;
	v >>= shift;
	if (shift && width > 64 - shift)
		v |= (uint64_t)p[8] << (64 - shift);
	return width == 64 ? v : v & ((UINT64_C(1) << width) - 1);
}

bool parquet_deltas_next(struct parquet_deltas *d, int64_t *out, size_t n)
{
	if (n > d->total - d->done)
		return false;
	for (size_t i = 0; i < n; i++, d->done++) {
		if (d->done == 0) {
			out[i] = (int64_t)d->value;
			continue;
		}
		if (d->left == 0 && !next_mini(d))
			return false;
		unsigned width = d->width[d->mini - 1];
		d->value += d->least + (width ? bits_at(d->bits, d->bit, width) : 0);
		d->bit += width;
		d->left--;
		out[i] = (int64_t)d->value;
	}
	return true;
}

const uint8_t *parquet_deltas_end(const struct parquet_deltas *begun)
{
	struct parquet_deltas d = *begun;

	for (uint64_t seen = 1; seen < d.total; seen += d.left)
		if (!next_mini(&d))
			return NULL;
	return d.at;
}
