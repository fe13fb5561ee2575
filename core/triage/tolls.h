/* tolls.h - TOLLS: what is paid by the byte and may not have to be: what NAT gateways process for
 * services that a gateway endpoint leads to for nothing, by client; and what goes from one zone to
 * another, by the two interfaces. Both are told of a record as what it costs is (charge.h).
 *
 * Sums are linear: rows that leave are taken out, and no order of rows changes them. What has no
 * room is drawn by a hash of whom it is of, so that no order does either: of the sums over all of a
 * gateway and of two zones there are few, and they stay. Loop thread. */
#ifndef ENITOP_TOLLS_H
#define ENITOP_TOLLS_H

#include "decode/charge.h"

#define TOLL_BIN_S 300 /* sums are of five minutes, by the end of a record */
#define TOLL_WHOM 8u   /* the heaviest of whom something is */

enum toll_service { TOLL_S3, TOLL_DYNAMODB, TOLL_SERVICES };

const char *toll_service_name(enum toll_service s); /* "S3", as AWS has it */

struct tolls;

/* Holds about so many bytes. */
struct tolls *tolls_new(size_t bytes);
void tolls_free(struct tolls *t);
size_t tolls_bytes(const struct tolls *t);
/* Adds (sign 1) or takes away (-1) rows first..first+n-1 of a published segment, by what the places
 * know: settled, of these rows added, and with ways (places_want_ways()). Rows are taken away by
 * what they were added by: where the places have decided otherwise since, all is added anew.
 * `second`: bits of second sightings, bit 0 is row `first`. */
void tolls_add(struct tolls *t, const struct places *p, const struct segment *s,
	       const struct dict *d, uint32_t first, uint32_t n, const uint64_t *second, int sign);
/* Bytes of which it is not known any more whose they are. */
uint64_t tolls_dropped(const struct tolls *t);

/* ---- nat_waste ---- */

struct nat_waste_limits {
	uint64_t bytes; /* in an hour */
};

#define NAT_WASTE_LIMITS \
	{ \
		UINT64_C(2000000000) \
	}

struct nat_client {
	uint8_t address[16];
	uint64_t bytes;
};

/* What a gateway processed for a service. */
struct nat_waste {
	uint32_t via; /* its interface, in the places */
	enum toll_service service;
	uint64_t bytes, hour; /* in all; in the heaviest hour */
	uint64_t cost;        /* of all, see charges.h */
	int64_t since,
		until; /* begin of the first hour that has so much, end of the last five minutes
				 with any; seconds */
	struct nat_client client[TOLL_WHOM]; /* the heaviest first */
	unsigned clients;
};

/* Those beyond the limit, the most first: *out is to be freed. A log of less than an hour, but of half
 * of one, is taken for as much of it. `begin`, `end`: of the log, seconds. */
size_t nat_waste_find(const struct tolls *t, struct nat_waste_limits l, const struct prices *p,
		      int64_t begin, int64_t end, struct nat_waste **out);

/* ---- crosszone ---- */

struct crosszone_limits {
	uint64_t bytes; /* in 25 minutes */
	double times;   /* of what was usual before, to have grown */
};

#define CROSSZONE_LIMITS \
	{ \
		UINT64_C(500000000), 3 \
	}
#define CROSSZONE_WINDOW_S 1500
#define CROSSZONE_LEARNS_S 900 /* so much before tells what is usual, */

struct zone_hosts {
	uint32_t from, to; /* interfaces, in the places */
	uint64_t bytes;
};

/* What went between two zones, either way. */
struct crosszone {
	const char *zone[2]; /* in order; the tolls' */
	uint64_t bytes;      /* in the heaviest 25 minutes, or of those that have grown, */
	uint64_t usual;      /* in as many before */
	uint64_t cost;       /* of those bytes */
	bool grown;
	int64_t since, until; /* begin and end of the five minutes in which it is above that */
	struct zone_hosts hosts[TOLL_WHOM]; /* of all the time, the heaviest first */
	unsigned hosts_n;
};

/* Those with so much, the most first: *out is to be freed. `begin`: of the log, seconds. */
size_t crosszone_find(const struct tolls *t, const struct places *p, struct crosszone_limits l,
		      const struct prices *prices, int64_t begin, struct crosszone **out);

#endif
