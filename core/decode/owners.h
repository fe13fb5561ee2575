/* owners.h - OWNERS: the own addresses of the interfaces of one source, as the rows that came teach
 * them (see places.h, which knows more, when all was read). They are keyed hashes: asked is only
 * whether an address is the interface's. Private to decode. */
#ifndef ENITOP_OWNERS_H
#define ENITOP_OWNERS_H

#include "decode/places_own.h"

#define OWNERS_ROWS 64u /* of an interface, in which its address was found: it stays so */

struct owner {
	uint64_t interface;        /* its hash */
	uint64_t address[2];       /* hashes | 1, IPv4 and IPv6; 0: not known */
	struct place_votes *votes; /* of both; NULL: settled */
};

/* Zeroed but for `most`: none. */
struct owners {
	struct owner *owner;
	uint32_t n, most; /* of more interfaces nothing is known */
	size_t cap;
	uint32_t *slot; /* 1 + number of an owner; 0: free */
	uint32_t slots;
	uint32_t unsettled;
};

void owners_release(struct owners *o);
size_t owners_bytes(const struct owners *o);
/* The interface with this hash, which is added if need be; NULL: there are too many. Valid until
 * the next one is added. */
struct owner *owners_intern(struct owners *o, uint64_t interface);
/* Counts the addresses of a row (NULL: none) of one that is not settled. */
void owner_vote(struct owner *w, const uint8_t *const address[2]);
/* Tells by the rows counted so far whose address it is. `inside`: whether an address is internal;
 * of two that are in every row that one is. */
void owner_look(struct owner *w, bool (*inside)(const void *ctx, const uint8_t address[16]),
		const void *ctx);
/* The same of all. Of two addresses then the one that is not another interface's own. */
void owners_look(struct owners *o, bool (*inside)(const void *ctx, const uint8_t address[16]),
		 const void *ctx);
/* Those with rows enough stay as they are. */
void owners_settle(struct owners *o);
static inline bool owner_is_settled(const struct owner *w)
{
	return w && !w->votes;
}
/* Whether it is known to have the address, by its hash. */
static inline bool owner_has(const struct owner *w, uint64_t address)
{
	return w && address && (w->address[0] == address || w->address[1] == address);
}
/* Whether it is known to have one at all. */
static inline bool owner_is_known(const struct owner *w)
{
	return w && (w->address[0] || w->address[1]);
}

#endif
