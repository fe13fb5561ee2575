/* open_bins.c - see open_bins.h. */
#include "triage/open_bins.h"

#include <math.h>
#include <stdlib.h>

static int64_t chunk_first(int64_t bin)
{
	return bin & ~(int64_t)(CHUNK_BINS - 1);
}

/* The place of the first chunk that does not begin before `first`. */
static uint32_t place_of(const struct open_bins *b, int64_t first)
{
	uint32_t low = 0, high = b->n;

	while (low < high) {
		uint32_t mid = (low + high) / 2;
		if (b->chunk[mid]->first < first)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The chunk of a bin, which is made where there is none; *more gains what it takes. */
static struct bin_chunk *chunk_of(struct open_bins *b, int64_t bin, size_t *more)
{
	int64_t first = chunk_first(bin);
	size_t cap = b->cap;
	uint32_t at;

	if (b->at < b->n && b->chunk[b->at]->first == first)
		return b->chunk[b->at];
	at = b->at = place_of(b, first);
	if (at < b->n && b->chunk[at]->first == first)
		return b->chunk[at];
	xgrow((void **)&b->chunk, &cap, b->n + 1, sizeof(struct bin_chunk *));
	b->cap = (uint32_t)cap;
	for (uint32_t i = b->n++; i > at; i--)
		b->chunk[i] = b->chunk[i - 1];
	b->chunk[at] = xcalloc(1, sizeof *b->chunk[at]);
	b->chunk[at]->first = first;
	*more += sizeof *b->chunk[at] + sizeof *b->chunk;
	return b->chunk[at];
}

size_t bins_add_far(struct open_bins *b, int64_t bin, uint64_t value)
{
	size_t more = 0;
	struct bin_chunk *c = chunk_of(b, bin, &more);
	uint64_t *sum = &c->bin[bin - c->first].sum;

	*sum = saturating_add(*sum, value);
	return more;
}

void bins_take(struct open_bins *b, int64_t bin, uint64_t value, const uint32_t *mix)
{
	uint32_t at = place_of(b, chunk_first(bin));
	struct bin_chunk *c = at < b->n ? b->chunk[at] : NULL;

	if (!c || c->first != chunk_first(bin))
		return;
	bin -= c->first;
	c->bin[bin].sum -= value < c->bin[bin].sum ? value : c->bin[bin].sum;
	if (mix) {
		c->bin[bin].mixed--;
		c->bin[bin].mix ^= *mix;
	}
}

size_t bins_note(struct open_bins *b, int64_t bin, uint64_t hash)
{
	size_t more = 0;
	struct bin_chunk *c = chunk_of(b, bin, &more);
	uint8_t **registers = &c->registers[bin - c->first], *r;
	uint64_t rest = hash | UINT64_C(1) << 53;
	uint8_t rank = 1;

	if (!*registers) {
		*registers = xcalloc(REGISTERS, 1);
		more += REGISTERS;
	}
	r = &(*registers)[hash >> 54];
	for (; !(rest & 1); rest >>= 1)
		rank++;
	*r = *r > rank ? *r : rank;
	return more;
}

static uint64_t estimate(const uint8_t *registers)
{
	double sum = 0, n = REGISTERS;
	unsigned empty = 0;

	for (unsigned i = 0; i < REGISTERS; i++) {
		sum += ldexp(1, -registers[i]);
		empty += registers[i] == 0;
	}
	double all = 0.7213 / (1 + 1.079 / n) * n * n / sum;
	if (all < 2.5 * n && empty)
		all = n * log(n / empty);
	return (uint64_t)(all + 0.5);
}

uint64_t bins_sum(const struct open_bins *b, int64_t bin)
{
	uint32_t at = place_of(b, chunk_first(bin));
	const struct bin_chunk *c = at < b->n ? b->chunk[at] : NULL;

	if (!c || c->first != chunk_first(bin))
		return 0;
	bin -= c->first;
	if (c->registers[bin])
		return estimate(c->registers[bin]);
	return c->bin[bin].mixed && c->bin[bin].mixed % 2 == 0 && !c->bin[bin].mix
		       ? c->bin[bin].sum / 2
		       : c->bin[bin].sum;
}

int64_t bins_next(const struct open_bins *b, int64_t bin)
{
	uint32_t at = place_of(b, chunk_first(bin));

	if (at == b->n)
		return INT64_MAX;
	return b->chunk[at]->first > bin ? b->chunk[at]->first : bin;
}

static size_t chunk_free(struct bin_chunk *c)
{
	size_t bytes = sizeof *c + sizeof(struct bin_chunk *);

	for (unsigned i = 0; i < CHUNK_BINS; i++) {
		bytes += c->registers[i] ? REGISTERS : 0;
		free(c->registers[i]);
	}
	free(c);
	return bytes;
}

size_t bins_drop(struct open_bins *b, int64_t bin)
{
	uint32_t n = 0;
	size_t bytes = 0;

	for (; n < b->n && b->chunk[n]->first + CHUNK_BINS <= bin; n++)
		bytes += chunk_free(b->chunk[n]);
	for (uint32_t i = n; i < b->n; i++)
		b->chunk[i - n] = b->chunk[i];
	b->n -= n;
	b->at = 0;
	return bytes;
}

void bins_release(struct open_bins *b)
{
	for (uint32_t i = 0; i < b->n; i++)
		chunk_free(b->chunk[i]);
	free(b->chunk);
	*b = (struct open_bins){ 0 };
}
