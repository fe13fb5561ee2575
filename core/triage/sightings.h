/* sightings.h - the records that a question of why can rest on: packets of the two that are asked
 * of, on the port in question, each as one interface saw them. Loop thread. */
#ifndef ENITOP_SIGHTINGS_H
#define ENITOP_SIGHTINGS_H

#include "decode/places.h"
#include "triage/why_question.h"

enum refusal { REFUSAL_NONE, REFUSAL_BPA, REFUSAL_EC, REFUSAL_OTHER };

/* What a transit gateway lost them for. */
enum { DROPPED_NO_ROUTE = 1, DROPPED_BLACKHOLE = 2, DROPPED_MTU = 4, DROPPED_TTL = 8 };

struct sighting {
	uint32_t interface;               /* its number in the places; PLACE_NONE: not said */
	uint8_t src[16], dst[16];         /* of the record, */
	uint8_t pkt_src[16], pkt_dst[16]; /* of the packets: pkt- where it is there */
	uint16_t sport, dport;
	uint8_t protocol, flags;
	bool has_flags, reject;
	uint8_t refusal; /* enum refusal */
	uint8_t dropped; /* DROPPED_ bits */
	uint32_t order;  /* of being added */
	uint64_t packets, bytes;
	int64_t start, end; /* seconds */
};

struct sightings {
	struct sighting *row;
	size_t n, cap;
	int64_t from, to; /* only records that end from <= time < to; from = to: any */
	size_t most;      /* kept; 0: any number */
	size_t asides; /* those that the client asked of has no part in: what others met there, */
	size_t asides_most;  /* of which so many are enough; 0: any number */
	uint64_t dropped;    /* there were more: those are the oldest */
	uint64_t columnless; /* in formats without the columns that say who asked whom */
	uint64_t actionless; /* neither accepted nor refused, at an interface: not kept */
	uint64_t undated;    /* without start and end: not kept */
};

void sightings_release(struct sightings *v);
size_t sightings_bytes(const struct sightings *v);
/* Adds the fields that they and the places read of records. */
void sightings_want(struct field_set *out);
/* Adds what questions can rest on of the rows of a published segment, which the places have had. */
void sightings_add(struct sightings *v, const struct places *p, const struct segment *s,
		   const struct dict *d, const struct why_question *q, size_t questions);

#endif
