/* demo.c - see demo.h. A second at a time: what is ordinary (demo_traffic.c), and what is not
 * (demo_incidents.c). */
#include "input/demo.h"

#include <stdlib.h>

#include "base/hash.h"
#include "input/demo_state.h"

/* ---- chance ---- */

uint64_t demo_draw(struct demo *d)
{
	d->random += 0x9e3779b97f4a7c15u;
	return hash_u64(d->random);
}

unsigned demo_below(struct demo *d, unsigned n)
{
	return n ? (unsigned)(demo_draw(d) % n) : 0;
}

uint64_t demo_spread(struct demo *d, uint64_t mean)
{
	uint64_t r = demo_draw(d);
	uint64_t part = mean * (16 + r % 96) / 64;

	return (r >> 32) % 16 == 0 ? part * 4 : part;
}

/* 11 to 110 in front: no private range in it. */
static const char *address_of(struct demo *d, uint64_t h)
{
	const unsigned octet[4] = { 11 + (unsigned)(h % 100), (unsigned)(h >> 8) & 255,
				    (unsigned)(h >> 16) & 255, (unsigned)(h >> 24) & 255 };
	char *p = d->peer;

	for (int k = 0; k < 4; k++) {
		if (k)
			*p++ = '.';
		if (octet[k] >= 100)
			*p++ = (char)('0' + octet[k] / 100);
		if (octet[k] >= 10)
			*p++ = (char)('0' + octet[k] / 10 % 10);
		*p++ = (char)('0' + octet[k] % 10);
	}
	*p = '\0';
	return d->peer;
}

const char *demo_peer(struct demo *d)
{
	uint32_t n = d->options.peers, i;
	uint64_t r = demo_draw(d) >> 40; /* 24 bits */

	i = d->options.even ? (uint32_t)(demo_draw(d) % n)
			    : (uint32_t)((double)n * ((double)(r * r >> 24) / 16777216.0) *
					 ((double)r / 16777216.0));
	return address_of(d, hash_u64(0x5eed0000000u + i));
}

const char *demo_stranger(struct demo *d)
{
	return address_of(d, demo_draw(d));
}

/* ---- life ---- */

struct demo *demo_new(const struct demo_options *o)
{
	struct demo *d = xcalloc(1, sizeof *d);

	d->options = *o;
	d->options.flows_per_s = o->flows_per_s ? o->flows_per_s : 40;
	d->options.peers = o->peers ? o->peers : 3000;
	d->random = hash_u64(o->seed + 1);
	d->next_s = o->start_s;
	d->total_weight = demo_weights();
	demo_make_hosts(d);
	return d;
}

void demo_free(struct demo *d)
{
	free(d);
}

void demo_until(struct demo *d, int64_t until_s, struct buf *out)
{
	for (; d->next_s < until_s; d->next_s++) {
		demo_put_traffic(d, d->next_s, out);
		if (!d->options.quiet)
			demo_put_incidents(d, d->next_s, out);
	}
}
