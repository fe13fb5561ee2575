/* inventory.h - the interfaces that there are, as the JSON of `aws ec2
 * describe-network-interfaces` has them: where they are, what they are of, and which addresses
 * are their own. Texts are NUL-terminated and never NULL; "": not said. */
#ifndef ENITOP_INVENTORY_H
#define ENITOP_INVENTORY_H

#include "base/address.h"

struct inventory_entry {
	char *interface, *subnet, *vpc;
	char *zone; /* AvailabilityZone, a name; AvailabilityZoneId, an id */
	char *zone_id;
	char *kind; /* InterfaceType: "interface", "nat_gateway", ... */
	char *instance;
	uint8_t address[2][16]; /* its primary IPv4, its first IPv6; */
	bool has[2];            /* whether it has one */
	size_t order;           /* of being added; inventory_add() gives it */
};

/* Zero-initialise. Sealed: sorted by interface, each once, the last one added counts. */
struct inventory {
	struct inventory_entry *entry;
	size_t n, cap;
};

/* Takes the texts, which it frees. */
void inventory_add(struct inventory *v, const struct inventory_entry *e);
void inventory_seal(struct inventory *v);
void inventory_release(struct inventory *v);

#endif
