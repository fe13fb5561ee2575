/* tolls_state.h - what tolls.c keeps and nat_waste.c and crosszone.c read. Private to them. */
#ifndef ENITOP_TOLLS_STATE_H
#define ENITOP_TOLLS_STATE_H

#include "triage/tolls.h"

#define TOLL_ZONES 64u

enum toll_kind {
	TOLL_FREE,   /* the slot is empty */
	TOLL_NAT,    /* a: gateway, b: service, of a bin */
	TOLL_CLIENT, /* a: gateway, PLACE_NONE: some, b: service, of all time, by client */
	TOLL_ZONE,   /* a < b: numbers of zones, of a bin */
	TOLL_HOSTS   /* a, b: interfaces, of all time */
};

/* Without padding: it is hashed. */
struct toll_key {
	uint32_t kind, a, b, bin; /* bin: of TOLL_BIN_S */
	uint8_t client[16];
};

struct toll {
	struct toll_key key;
	uint64_t draw, bytes;
	uint32_t rows, mix; /* records, and their hashes by exclusive or */
};

/* Where every record is there twice, as two flow logs of one interface deliver it, each counts
 * once. */
static inline uint64_t toll_bytes(const struct toll *t)
{
	return t->mix || t->rows % 2 ? t->bytes : t->bytes / 2;
}

struct tolls {
	struct toll *slot;
	uint32_t slots, used, most; /* slots: a power of two, `most` at most */
	uint64_t limit;             /* greatest hash that is drawn */
	uint64_t dropped;
	char *zone[TOLL_ZONES];
	unsigned zones;
};

/* The sums of a kind by bin, copies taken out, in order of a, b and bin: *out is to be freed. */
size_t tolls_list(const struct tolls *t, enum toll_kind kind, struct toll **out);

/* One behind the last of those from `from` on that are of the same two, which stand together. */
size_t tolls_of_two(const struct toll *bin, size_t n, size_t from);
/* Puts an item of `size` bytes where it belongs in a list of the TOLL_WHOM heaviest, of *n so far; what
 * has no place any more goes. */
void tolls_put_heaviest(void *list, unsigned *n, const void *item, size_t size,
			bool (*is_heavier)(const void *a, const void *b));

#endif
