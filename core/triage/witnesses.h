/* witnesses.h - WITNESSES: who else has records of an interface in the time of which its own log has
 * none: other interfaces whose records, whole in a stretch that is missing, name its address. It
 * works, then, and is not logged. Nobody's are those of an address that two interfaces had at the
 * same time. What it finds does not depend on the order of records. Loop thread. */
#ifndef ENITOP_WITNESSES_H
#define ENITOP_WITNESSES_H

#include "triage/trust.h"

#define WITNESSES_MOST 16u /* interfaces that are named */

struct witness {
	uint32_t by[WITNESSES_MOST]; /* places, by their names */
	unsigned n;
	bool more; /* there were others than these */
	uint64_t records;
};

struct witnesses;

/* Of what the places, which were settled and stay as they are, miss of any time. */
struct witnesses *witnesses_new(const struct places *p);
void witnesses_free(struct witnesses *w);
size_t witnesses_bytes(const struct witnesses *w);
/* Adds rows first..first+n-1 of a published segment, which were added to the places. */
void witnesses_add(struct witnesses *w, const struct segment *s, const struct dict *d,
		   uint32_t first, uint32_t n);
/* Who saw a place's address while its log had nothing; NULL: it misses nothing, or its address is
 * not known, or not its alone. */
const struct witness *witnesses_of(const struct witnesses *w, uint32_t place);
/* Of a place that misses something: adds "2 others name its address then: eni-a, eni-b", as names are
 * written in records, or why that is not known. */
void witnesses_say(const struct witnesses *w, uint32_t place, struct buf *out);

#endif
