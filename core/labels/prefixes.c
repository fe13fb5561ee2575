/* prefixes.c - see prefixes.h. Networks nest or are apart, so the last network that begins at or
 * before an address holds it, or one of the networks around that one does. */
#include "labels/prefixes.h"

#include <stdlib.h>
#include <string.h>

bool prefix_parse(struct str text, uint8_t from[16], unsigned *bits)
{
	const char *slash = text.n ? memchr(text.s, '/', text.n) : NULL;
	struct str host = { text.s, slash ? (size_t)(slash - text.s) : text.n };
	uint64_t length = 128;

	if (!address_parse(host, from))
		return false;
	unsigned outer = address_is_v4(from) ? 96 : 0;
	if (slash) {
		struct str digits = { slash + 1, text.n - host.n - 1 };
		if (!str_to_u64(digits, &length) || length > 128 - outer)
			return false;
		length += outer;
	}
	*bits = (unsigned)length;
	for (unsigned i = 0; i < 16; i++) {
		unsigned keep = *bits > 8 * i ? *bits - 8 * i : 0;
		from[i] &= keep >= 8 ? 0xff : (uint8_t)(0xff00u >> keep);
	}
	return true;
}

void prefixes_add(struct prefixes *p, const uint8_t from[16], unsigned bits, uint8_t rank,
		  uint32_t value0, uint32_t value1)
{
	struct prefix *x;

	xgrow((void **)&p->prefix, &p->cap, p->n + 1, sizeof *p->prefix);
	x = &p->prefix[p->n];
	*x = (struct prefix){ .bits = (uint8_t)bits,
			      .rank = rank,
			      .order = (uint32_t)p->n,
			      .value = { value0, value1 } };
	memcpy(x->from, from, 16);
	p->n++;
}

/* By address, the wider first; of equal ones the one to keep first. */
static int compare(const void *a, const void *b)
{
	const struct prefix *x = a, *y = b;
	int order = memcmp(x->from, y->from, 16);

	if (order)
		return order;
	if (x->bits != y->bits)
		return x->bits < y->bits ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank > y->rank ? -1 : 1;
	return x->order > y->order ? -1 : 1;
}

static bool holds(const struct prefix *x, const uint8_t address[16])
{
	unsigned whole = x->bits / 8, rest = x->bits % 8;

	if (memcmp(x->from, address, whole) != 0)
		return false;
	return rest == 0 || ((x->from[whole] ^ address[whole]) & (0xff00u >> rest) & 0xff) == 0;
}

void prefixes_seal(struct prefixes *p)
{
	size_t n = 0;

	if (p->n)
		qsort(p->prefix, p->n, sizeof *p->prefix, compare);
	for (size_t i = 0; i < p->n; i++) {
		struct prefix *x = &p->prefix[i], *last = n ? &p->prefix[n - 1] : NULL;
		if (last && last->bits == x->bits && memcmp(last->from, x->from, 16) == 0)
			continue;
		p->prefix[n++] = *x;
	}
	p->n = n;
	for (size_t i = 0; i < n; i++) {
		struct prefix *x = &p->prefix[i];
		x->order = (uint32_t)i;
		x->up = (uint32_t)i; /* the one before, or around that */
		while (x->up && !holds(&p->prefix[x->up - 1], x->from))
			x->up = p->prefix[x->up - 1].up;
	}
}

void prefixes_release(struct prefixes *p)
{
	free(p->prefix);
	*p = (struct prefixes){ 0 };
}

const struct prefix *prefixes_find(const struct prefixes *p, const uint8_t address[16])
{
	size_t lo = 0, hi = p->n;

	while (lo < hi) { /* the first that begins behind the address */
		size_t mid = lo + (hi - lo) / 2;
		if (memcmp(p->prefix[mid].from, address, 16) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	while (lo && !holds(&p->prefix[lo - 1], address))
		lo = p->prefix[lo - 1].up;
	return lo ? &p->prefix[lo - 1] : NULL;
}
