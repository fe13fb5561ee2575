/* trust_scan.h - what there is to say of a log that needs every record, of those that a ring holds, in
 * slices: exact duplicates, second sightings, how late records came, who else saw an interface that
 * is missing. What a report counts while it reads. Loop thread. */
#ifndef ENITOP_TRUST_SCAN_H
#define ENITOP_TRUST_SCAN_H

#include "query/scan.h"
#include "triage/delays.h"
#include "triage/doubles.h"
#include "triage/trust_facts.h"

/* Zero: nothing was counted. */
struct trust_scan {
	const struct places *places;
	bool running;
	struct scan scan;
	struct doubles doubles;
	struct delays delays;
	struct witnesses *witnesses;
	uint64_t records, seconds, undecided;
};

/* Begins, anew. The places were settled by all that the ring holds, and stay the caller's. `most`:
 * bytes that it may take, about. */
void trust_scan_begin(struct trust_scan *s, struct ring *r, const struct places *p, size_t most);
/* Works for about so long; true while there is more. */
bool trust_scan_step(struct trust_scan *s, uint64_t budget_ns);
/* Ended: puts it in *f, which has the witnesses from then on. */
void trust_scan_end(struct trust_scan *s, struct trust_facts *f);
size_t trust_scan_bytes(const struct trust_scan *s);
void trust_scan_release(struct trust_scan *s);

#endif
