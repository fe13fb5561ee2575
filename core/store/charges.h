/* charges.h - what the bytes of records are charged with: of each row of a segment which prices
 * they have. A segment has charges only while somebody asks what things cost. */
#ifndef ENITOP_CHARGES_H
#define ENITOP_CHARGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of one record there may be several. */
enum {
	CHARGE_NAT = 1,      /* a NAT gateway processes them */
	CHARGE_ZONE = 2,     /* they go from one zone to another */
	CHARGE_INTERNET = 4, /* they leave for the internet */
	CHARGE_UNKNOWN = 8,  /* some price of theirs can't be told, and is not counted */
	CHARGES = 16
};

/* Money is counted in these. A price of $0.0001 a GB of 10^9 bytes is one of them a byte, so that
 * sums are exact; 64 bits hold $1.8 million. */
#define CHARGE_DOLLAR UINT64_C(10000000000000)

/* In 10^-4 dollars a GB of 10^9 bytes. */
struct prices {
	uint64_t nat;
	uint64_t zone; /* in each direction at each side: what moves has it twice */
	uint64_t internet;
	char source[176]; /* whose prices, and of when */
};

#define PRICE_DOLLAR 10000u
#define PRICE_MOST (UINT64_C(100000) * PRICE_DOLLAR)

extern const struct prices prices_listed; /* unasked */

struct charges {
	uint64_t price[CHARGES]; /* of a byte with such charges */
	uint8_t of[];            /* a row: CHARGE_ bits */
};

/* What so many bytes cost at a price a byte; UINT64_MAX: that, or more. */
static inline uint64_t cost_of(uint64_t price, uint64_t bytes)
{
	uint64_t cost;

	return __builtin_mul_overflow(bytes, price, &cost) ? UINT64_MAX : cost;
}

static inline uint64_t charge_of(const struct charges *c, uint8_t of, uint64_t bytes)
{
	return cost_of(c->price[of], bytes);
}

/* "$0.25", "$0.01234", "$1234": four significant digits, and all that are before the point. */
char *human_cost(char *out, size_t size, uint64_t cost);
/* "0.25", with all digits that it has. */
char *cost_plain(char *out, size_t size, uint64_t cost);

#endif
