/* why_scan.h - why, asked of what a ring holds: looked through in slices, then answered. To free it
 * is to cancel it. Loop thread only. */
#ifndef ENITOP_WHY_SCAN_H
#define ENITOP_WHY_SCAN_H

#include "query/query.h"
#include "store/ring.h"
#include "triage/why.h"

#define WHY_SCAN_QUESTIONS 4

struct why_scan;

/* Of at most WHY_SCAN_QUESTIONS questions; `most` records that they can rest on are kept. The
 * places stay the caller's, and have had what the ring holds. Only records of the span are looked
 * at. */
struct why_scan *why_scan_new(struct ring *r, const struct places *p, struct labels *l,
			      const struct why_question *q, size_t questions, size_t most,
			      struct span span);
void why_scan_free(struct why_scan *s);
/* Works for about `budget_ns`; true while there is more to do. */
bool why_scan_step(struct why_scan *s, uint64_t budget_ns);
unsigned why_scan_percent(const struct why_scan *s);
/* Every byte it holds. */
size_t why_scan_bytes(const struct why_scan *s);
/* When it is done: the answer to a question about a port. Release it. */
void why_scan_ask(struct why_scan *s, size_t question, uint16_t port, struct why *out);
/* The same in steps, to be ended before the scan is freed: see why_ask_begin(). */
struct why_asking *why_scan_begin(struct why_scan *s, size_t question, uint16_t port,
				  struct why *out);
const struct sightings *why_scan_sightings(const struct why_scan *s);

#endif
