/* places_nat.c - see places_nat.h. */
#include "decode/places_nat.h"

#include <stdlib.h>

#include "base/hash.h"
#include "decode/places_own.h"
#include "decode/places_state.h"

#define MANY (NAT_TUPLES / 4 * 3)
#define TUPLES_LEAST 3u /* that an interface is judged by */

void nat_sample_release(struct nat_sample *v)
{
	free(v->tuple);
	*v = (struct nat_sample){ 0 };
}

static uint64_t hash_of_ports(uint64_t client_port, uint64_t server_port, uint64_t protocol)
{
	return hash_pair(client_port << 16 | server_port, protocol, 0);
}

bool nat_sample_draws(const struct nat_sample *v, uint64_t client_port, uint64_t server_port,
		      uint64_t protocol)
{
	return v->limit == 0 || hash_of_ports(client_port, server_port, protocol) <= v->limit;
}

static struct nat_tuple *slot_of(struct nat_tuple *table, uint64_t key, const uint8_t client[16])
{
	uint32_t at = (uint32_t)key & (NAT_TUPLES - 1);

	while (table[at].key && (table[at].key != key || memcmp(table[at].client, client, 16) != 0))
		at = (at + 1) & (NAT_TUPLES - 1);
	return &table[at];
}

/* The ports' hash is kept with the tuple's: half of them leave. */
static void draw_half(struct nat_sample *v)
{
	struct nat_tuple *had = v->tuple;

	v->limit = (v->limit ? v->limit : UINT64_MAX) / 2;
	v->tuple = xcalloc(NAT_TUPLES, sizeof *v->tuple);
	v->n = 0;
	for (uint32_t i = 0; i < NAT_TUPLES; i++) {
		if (had[i].key == 0 || had[i].key > v->limit)
			continue;
		*slot_of(v->tuple, had[i].key, had[i].client) = had[i];
		v->n++;
	}
	free(had);
}

void nat_sample_add(struct nat_sample *v, uint64_t client_port, uint64_t server_port,
		    uint64_t protocol, const uint8_t client[16], const uint8_t peer[16],
		    uint32_t at)
{
	uint64_t key = hash_of_ports(client_port, server_port, protocol);
	struct nat_tuple *t;

	key += key == 0;
	if (!v->tuple)
		v->tuple = xcalloc(NAT_TUPLES, sizeof *v->tuple);
	while (v->n > MANY && v->limit != 1)
		draw_half(v);
	if (v->limit && key > v->limit)
		return;
	t = slot_of(v->tuple, key, client);
	if (!t->key) {
		if (v->n > MANY) /* ports that are all alike */
			return;
		t->key = key;
		memcpy(t->client, client, 16);
		v->n++;
	}
	for (unsigned i = 0; i < t->n && i < ARRAY_SIZE(t->seen); i++)
		if (t->seen[i].at == at && memcmp(t->seen[i].peer, peer, 16) == 0)
			return;
	if (t->n >= ARRAY_SIZE(t->seen)) {
		t->n = NAT_MANY;
		return;
	}
	t->seen[t->n].at = at;
	memcpy(t->seen[t->n++].peer, peer, 16);
}

/* Tuples that came in to an interface's own address, and how many of them went to somebody else. */
struct nat_count {
	uint32_t in, through;
};

static void count(const struct nat_tuple *t, const struct places *p, struct nat_count *of)
{
	uint32_t client = places_of_address(p, t->client);

	if (t->n == NAT_MANY)
		return;
	if (client == PLACE_NONE && !place_is_internal(p, t->client))
		return;
	for (unsigned i = 0; i < t->n; i++) {
		uint32_t at = t->seen[i].at;
		bool through = false;
		if (at == client || !place_owns(&p->place[at], t->seen[i].peer))
			continue;
		for (unsigned k = 0; k < t->n; k++)
			through |= t->seen[k].at == client &&
				   memcmp(t->seen[k].peer, t->seen[i].peer, 16) != 0;
		of[at].in++;
		of[at].through += through;
	}
}

void nat_sample_judge(const struct nat_sample *v, struct places *p)
{
	struct nat_count *of = xcalloc(p->n + 1, sizeof *of);

	for (uint32_t i = 0; v->tuple && i < NAT_TUPLES; i++)
		if (v->tuple[i].key)
			count(&v->tuple[i], p, of);
	for (uint32_t i = 0; i < p->n; i++)
		p->place[i].nat = of[i].in >= TUPLES_LEAST && of[i].through * 2 >= of[i].in;
	free(of);
}

/* ---- how clients get to the internet ---- */

struct way_count {
	uint32_t nat, direct;
};

/* Clients of the internet that get to an interface: its answers take no other way. */
static void count_served(const struct nat_tuple *t, const struct places *p, struct way_count *of)
{
	for (unsigned i = 0; i < t->n; i++) {
		const struct interface *at = &p->place[t->seen[i].at];
		of[t->seen[i].at].direct += !place_is_nat(at) && place_owns(at, t->seen[i].peer);
	}
}

static void count_way(const struct nat_tuple *t, const struct places *p, struct way_count *of)
{
	uint32_t client = places_of_address(p, t->client);
	bool outwards = false, nat = false;

	if (t->n == NAT_MANY)
		return;
	if (client == PLACE_NONE) {
		if (!place_is_internal(p, t->client))
			count_served(t, p, of);
		return;
	}
	for (unsigned i = 0; i < t->n; i++) {
		const struct interface *at = &p->place[t->seen[i].at];
		outwards |= t->seen[i].at == client && !place_is_internal(p, t->seen[i].peer) &&
			    places_of_address(p, t->seen[i].peer) == PLACE_NONE;
		nat |= place_is_nat(at) && place_owns(at, t->seen[i].peer);
	}
	of[client].nat += outwards && nat;
	of[client].direct += outwards && !nat;
}

void nat_sample_ways(const struct nat_sample *v, struct places *p)
{
	struct way_count *of = xcalloc(p->n + 1, sizeof *of);

	for (uint32_t i = 0; v->tuple && i < NAT_TUPLES; i++)
		if (v->tuple[i].key)
			count_way(&v->tuple[i], p, of);
	for (uint32_t i = 0; i < p->n; i++)
		p->place[i].outwards = of[i].nat + of[i].direct == 0 ? OUTWARDS_UNKNOWN
				       : of[i].nat >= of[i].direct   ? OUTWARDS_NAT
								     : OUTWARDS_DIRECT;
	free(of);
}
