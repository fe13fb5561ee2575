/* places.h - PLACES: what records teach about the interfaces that they were captured on: whose
 * address an interface has, in which subnet it is, when it was heard of, and what is lost.
 *
 * Its own address, of each family, is the one that is in nearly all of its records, as source or
 * destination; of records with flow-direction it is the source of egress and the destination of
 * ingress. Interfaces of a transit gateway and of appliances have none. What the JSON of
 * describe-network-interfaces says comes first. Loop thread. */
#ifndef ENITOP_PLACES_H
#define ENITOP_PLACES_H

#include "base/time_spans.h"
#include "labels/inventory.h"
#include "labels/labels.h"
#include "store/segment.h"

#define PLACES_MAX 20000u   /* interfaces; those met later are only counted */
#define PLACES_LEAST 64u    /* however little room there is */
#define PLACES_LOGS 64u     /* logs told apart: a file, a whole folder or a stream that was named */
#define PLACE_CANDIDATES 4u /* addresses that may be its own, a family */
#define PLACE_NONE UINT32_MAX /* no interface */

/* Which of the addresses of its rows is its own: the one counted most; who comes new takes the
 * place of the one counted least. */
struct place_votes {
	uint8_t address[PLACE_CANDIDATES][16];
	uint32_t count[PLACE_CANDIDATES];
	uint32_t since[PLACE_CANDIDATES]; /* rows that had been counted when it came */
	uint32_t rows;
	bool replaced; /* there were more than candidates */
};

/* How what an interface sends to the internet gets there, as far as was seen. */
enum outwards { OUTWARDS_UNKNOWN, OUTWARDS_DIRECT, OUTWARDS_NAT };

struct interface {
	char *interface;
	/* "": not known. */
	char *subnet, *vpc, *zone, *instance, *kind;
	struct place_votes votes[2]; /* IPv4, IPv6 */
	unsigned passed;             /* rows since the last one that was counted; */
	bool plain;                  /* most are passed: nearly all counted had one address */
	uint8_t address[2][16];      /* its own, of */
	bool has[2];                 /* those families; settled */
	bool listed;                 /* in the inventory */
	bool zone_listed; /* its zone is by that: of records it is the same for every account */
	bool shared[2];   /* another interface had its address in the same time */
	bool nat;         /* learned to be a NAT gateway's; settled */
	enum outwards outwards; /* settled, if it is wanted */
	bool accepts, rejects;  /* it has records of what was accepted, of what was refused */
	bool brief;    /* a record's times are those of packets, not of the interval: it is short */
	uint64_t logs; /* a bit a log that has records of it */
	int64_t first, newest;     /* start of the first record, newest end; first > newest: none */
	struct time_spans records; /* NODATA included */
	struct time_spans traffic; /* the same without; only kept where there is NODATA */
	struct time_spans nodata, lost; /* lost: SKIPDATA */
};

struct places;

struct places *places_new(void);
void places_free(struct places *p);
size_t places_bytes(const struct places *p);
/* From now on there are as many interfaces at most as about so many bytes hold. */
void places_limit(struct places *p, uint64_t bytes);

/* From now on it is told how interfaces get to the internet, and which zone they are in counts as
 * decided. */
void places_want_ways(struct places *p);
/* Adds the fields that are read of records. */
void places_want(struct field_set *out);
/* Adds rows first..first+n-1 of a published segment, which come from a log, a number below
 * PLACES_LOGS. */
void places_add(struct places *p, const struct segment *s, const struct dict *d, uint32_t first,
		uint32_t n, unsigned log);
/* Decides which addresses are whose by what was added, by what the labels say of interfaces and of
 * what is internal, or without (NULL). May be done again. */
void places_settle(struct places *p, struct labels *l);
/* Another number whenever that was decided otherwise than before. */
uint64_t places_generation(const struct places *p);
/* Rows that were added since it was decided. */
uint64_t places_unsettled(const struct places *p);

/* Interfaces by number; PLACE_NONE: there is none. */
uint32_t places_count(const struct places *p);
const struct interface *places_at(const struct places *p, uint32_t i);
uint32_t places_find(const struct places *p, struct str interface);
/* Whose own address it is; settled. */
uint32_t places_of_address(const struct places *p, const uint8_t address[16]);
/* The same, but nobody's where two interfaces had it in the same time: those of two networks that use
 * the same addresses can't be told apart. */
uint32_t places_sole_owner(const struct places *p, const uint8_t address[16]);
/* Whether it is the interface's own; settled. */
bool place_owns(const struct interface *p, const uint8_t address[16]);
/* Of a NAT gateway, as the inventory or the field interface-type says, or as learned. */
bool place_is_nat(const struct interface *p);
/* Whether packets only pass through: a transit gateway's attachment, an appliance; settled. */
bool place_is_transit(const struct interface *p);
/* Whether an address is of the private networks, or is called internal; settled. */
bool place_is_internal(const struct places *p, const uint8_t address[16]);
uint64_t places_dropped(const struct places *p); /* rows of interfaces that were too many */
/* Of the segment's row, which was added: its interface. */
uint32_t places_of_row(const struct places *p, const struct segment *s, const struct dict *d,
		       uint32_t row);

/* What the logs that an interface is in hold at all (PLACE_NONE: any log). */
struct place_logs {
	bool rejects, accepts;
	int64_t interval; /* of aggregation, seconds: 60, or 600 once a record was longer than 120 */
	int64_t first,
		newest; /* start of their first record, their newest end; first > newest: none */
};
struct place_logs places_logs(const struct places *p, uint32_t i);
/* The same of logs, a bit each. */
struct place_logs places_logs_of(const struct places *p, uint64_t logs);
/* Newest end of all; INT64_MIN: none. */
int64_t places_newest(const struct places *p);

enum coverage {
	COVERAGE_UNLOGGED, /* never seen */
	COVERAGE_LOST,     /* a SKIPDATA record is of then */
	COVERAGE_PENDING,  /* its records of then may still come */
	COVERAGE_GAP,      /* there should be some, NODATA at least, and there are none */
	COVERAGE_OK,
	COVERAGES
};
/* Whether the log tells what was on an interface at from..to, seconds. */
enum coverage places_coverage(const struct places *p, uint32_t i, int64_t from, int64_t to);
/* Whether its records, NODATA too, leave no hole of an interval in from..to: some would be there of each. */
bool places_has_all(const struct places *p, uint32_t i, int64_t from, int64_t to);
const char *coverage_name(enum coverage c); /* "ok" */

#endif
