/* asked_ends.c - see asked_ends.h. */
#include "triage/asked_ends.h"

#include <stdlib.h>

#include "base/hash.h"

#define NO_PORT (WHY_ANY_PORT - 1) /* of ASKED_SOMEHOW */

struct asked_end {
	uint32_t key[3]; /* id, port, protocol; id DICT_NONE: free */
	unsigned is;
};

struct asked_ends {
	struct asked_end *slot;
	uint32_t slots; /* a power of two */
	bool any, any_port;
	uint8_t port[65536 / 8]; /* bit: some question is of it */
};

static struct asked_end *find(const struct asked_ends *a, const uint32_t key[3])
{
	uint32_t at = hash_words(key, 3) & (a->slots - 1);

	while (a->slot[at].key[0] != DICT_NONE && memcmp(a->slot[at].key, key, 12) != 0)
		at = (at + 1) & (a->slots - 1);
	return &a->slot[at];
}

static void add(struct asked_ends *a, uint32_t id, uint32_t port, uint8_t protocol, unsigned is)
{
	const uint32_t key[3] = { id, port, protocol };
	struct asked_end *e;

	if (id == DICT_NONE)
		return;
	e = find(a, key);
	memcpy(e->key, key, sizeof key);
	e->is |= is;
	a->any = true;
}

struct asked_ends *asked_ends_new(const struct dict *d, const struct why_question *q,
				  size_t questions)
{
	struct asked_ends *a = xcalloc(1, sizeof *a);

	for (a->slots = 16; a->slots < 8 * questions;)
		a->slots *= 2;
	a->slot = xcalloc(a->slots, sizeof *a->slot);
	for (size_t i = 0; i < questions; i++) {
		uint32_t client = q[i].any_client ? DICT_NONE : dict_address_find(d, q[i].client);
		uint32_t server = dict_address_find(d, q[i].server);
		add(a, client, q[i].port, q[i].protocol, ASKED_CLIENT);
		add(a, server, q[i].port, q[i].protocol,
		    q[i].any_client ? ASKED_SERVER_ANY : ASKED_SERVER);
		add(a, client, NO_PORT, 0, ASKED_SOMEHOW);
		add(a, server, NO_PORT, 0, ASKED_SOMEHOW);
		a->any_port |= q[i].port == WHY_ANY_PORT;
		if (q[i].port <= 65535)
			a->port[q[i].port / 8] |= (uint8_t)(1u << q[i].port % 8);
	}
	return a;
}

void asked_ends_free(struct asked_ends *a)
{
	free(a->slot);
	free(a);
}

bool asked_ends_any(const struct asked_ends *a)
{
	return a->any;
}

bool asked_ends_has(const struct asked_ends *a, uint32_t id)
{
	const uint32_t key[3] = { id, NO_PORT, 0 };

	return id != DICT_NONE && find(a, key)->is;
}

bool asked_ends_have_port(const struct asked_ends *a, uint64_t port)
{
	return a->any_port || (port <= 65535 && a->port[port / 8] >> port % 8 & 1);
}

unsigned asked_ends_find(const struct asked_ends *a, uint32_t id, uint64_t sport, uint64_t dport,
			 uint64_t protocol)
{
	const uint64_t port[] = { sport, dport, WHY_ANY_PORT };
	unsigned is = 0;

	for (unsigned i = 0; id != DICT_NONE && i < (a->any_port ? 3u : 2u); i++) {
		const uint32_t key[3] = { id, (uint32_t)port[i], (uint32_t)protocol };
		if (port[i] <= WHY_ANY_PORT)
			is |= find(a, key)->is;
	}
	return is;
}
