/* places_state.h - what places*.c share. Private to them. */
#ifndef ENITOP_PLACES_STATE_H
#define ENITOP_PLACES_STATE_H

#include "decode/places_nat.h"

struct place_log {
	bool rejects, accepts;
	int64_t longest;       /* of its records, seconds */
	int64_t first, newest; /* of their times */
};

struct places {
	struct interface *place;
	uint32_t n, most;
	size_t cap;
	uint32_t *slot; /* 1 + number of a place, by the hash of its name; 0: free */
	uint32_t slots;
	uint32_t *own; /* the same by the hash of its own address; settled */
	uint32_t owns;
	uint32_t *of_code; /* 1 + number of a place, by codes of the segment at hand */
	size_t code_cap;
	const struct segment *coded; /* that segment, its rows that were added, its codes then */
	uint32_t coded_rows;
	size_t codes;
	struct place_log log[PLACES_LOGS];
	struct labels *labels; /* as of places_settle() */
	struct nat_sample sample;
	int64_t newest;
	uint64_t dropped;
	uint64_t unsettled; /* rows added since places_settle() */
	uint64_t decided;   /* hash of what it decided */
	uint64_t generation;
	bool ways; /* places_want_ways() */
};

/* The number of an interface, which is added if need be; PLACE_NONE: there are too many. */
uint32_t places_intern(struct places *p, struct str interface);

#endif
