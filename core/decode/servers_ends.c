/* servers_ends.c - what single ends have shown (see servers.h). A table is a cache of buckets: when
 * one is full, who has shown least leaves, so that a scan of the internet costs memory once and
 * little knowledge. */
#include <stdlib.h>

#include "decode/servers_state.h"

#define BUCKETS 2048u
#define WAYS 8u

/* Ends that fall together, by the hash of address and port; key 0: free. */
struct server_bucket {
	uint64_t key[WAYS];
	uint32_t peer[WAYS][SERVERS_PEERS - 1];
	uint8_t peers[WAYS]; /* different ones met, SERVERS_PEERS: or more */
	uint8_t answered;    /* bit: it sent a SYN-ACK */
	uint8_t next;        /* who goes where all have shown as much */
};

void ends_release(struct ends *e)
{
	free(e->bucket);
	e->bucket = NULL;
}

size_t ends_bytes(const struct ends *e)
{
	return e->bucket ? BUCKETS * sizeof *e->bucket : 0;
}

static struct server_bucket *bucket_of(const struct ends *e, uint64_t key)
{
	return &e->bucket[key >> 53];
}

static struct server_bucket *bucket_for(struct ends *e, uint64_t key)
{
	if (!e->bucket)
		e->bucket = xcalloc(BUCKETS, sizeof *e->bucket);
	return bucket_of(e, key);
}

static int find(const struct server_bucket *b, uint64_t key)
{
	for (unsigned i = 0; i < WAYS; i++)
		if (b->key[i] == key)
			return (int)i;
	return -1;
}

static unsigned worth(const struct server_bucket *b, unsigned i)
{
	return b->key[i] == 0 ? 0 : 1u + b->peers[i] + (b->answered >> i & 1) * 100u;
}

/* The place of an end, which may cost another end its own. */
static unsigned place(struct server_bucket *b, uint64_t key)
{
	int at = find(b, key);
	unsigned least;

	if (at >= 0)
		return (unsigned)at;
	least = b->next++ % WAYS;
	for (unsigned k = 1, from = least; k < WAYS; k++) {
		unsigned i = (from + k) % WAYS;
		if (worth(b, i) < worth(b, least))
			least = i;
	}
	b->key[least] = key;
	b->peers[least] = 0;
	b->answered &= (uint8_t) ~(1u << least);
	return least;
}

static void port_set(struct ends *e, uint64_t port)
{
	e->port[port / 8] |= (uint8_t)(1u << port % 8);
	e->any = true;
}

enum end_level ends_level(const struct ends *e, uint64_t key)
{
	const struct server_bucket *b;
	int at;

	if (!e->bucket)
		return END_NOTHING;
	b = bucket_of(e, key);
	at = find(b, key);
	if (at < 0)
		return END_NOTHING;
	return b->answered >> at & 1           ? END_ANSWERED
	       : b->peers[at] == SERVERS_PEERS ? END_SHARED
					       : END_NOTHING;
}

void ends_answered(struct ends *e, uint64_t key, uint64_t port)
{
	struct server_bucket *b = bucket_for(e, key);

	b->answered |= (uint8_t)(1u << place(b, key));
	port_set(e, port);
}

void ends_met(struct ends *e, uint64_t key, uint64_t port, uint64_t other)
{
	struct server_bucket *b = bucket_for(e, key);
	unsigned at = place(b, key);
	uint32_t peer = (uint32_t)(other >> 20);

	for (unsigned i = 0; i < b->peers[at] && i < SERVERS_PEERS - 1; i++)
		if (b->peer[at][i] == peer)
			return;
	if (b->peers[at] == SERVERS_PEERS)
		return;
	if (b->peers[at] < SERVERS_PEERS - 1)
		b->peer[at][b->peers[at]] = peer;
	if (++b->peers[at] == SERVERS_PEERS)
		port_set(e, port);
}
