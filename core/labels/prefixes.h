/* prefixes.h - networks with values, and the most specific one that holds an address. */
#ifndef ENITOP_PREFIXES_H
#define ENITOP_PREFIXES_H

#include "store/dict.h"

struct prefix {
	uint8_t from[16]; /* IPv4 mapped; host bits are 0 */
	uint8_t bits;     /* of 128: an IPv4 network has 96 more than it is written with */
	uint8_t rank;
	uint32_t up;       /* the network around it: index + 1; 0: none */
	uint32_t order;    /* of being added */
	uint32_t value[2]; /* the caller's */
};

struct prefixes {
	struct prefix *prefix; /* sealed: by address, the wider first */
	size_t n, cap;
};

/* "10.0.0.0/8", "2001:db8::/32", or an address alone (all its bits); bits as in struct
 * prefix, host bits cleared. False when it is none. */
bool prefix_parse(struct str text, uint8_t from[16], unsigned *bits);

/* Zero-initialise. Of equal networks the higher rank is kept, of equal ranks the one that
 * was added last. */
void prefixes_add(struct prefixes *p, const uint8_t from[16], unsigned bits, uint8_t rank,
		  uint32_t value0, uint32_t value1);
/* Call after the last prefixes_add and before prefixes_find; more may be added later, and
 * sealed again. */
void prefixes_seal(struct prefixes *p);
void prefixes_release(struct prefixes *p);

/* NULL: no network holds it. */
const struct prefix *prefixes_find(const struct prefixes *p, const uint8_t address[16]);

#endif
