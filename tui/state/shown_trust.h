/* shown_trust.h - pane 7 and the first line's word of it: what the log proves of the times that are
 * looked at. */
#ifndef ENITOP_SHOWN_TRUST_H
#define ENITOP_SHOWN_TRUST_H

#include "triage/trust_facts.h"

struct shown_trust {
	struct trust trust;
	struct trust_facts facts; /* what of them does not need every record */
	bool valid;
	uint64_t stamp, at_ns; /* of what it was made and when, and how long that took */
	uint64_t took_ns;
};

struct app;

/* Makes it anew where there is news; where that takes long, not at every frame. `in_full`: with what
 * the sources say. */
void trust_take(struct app *a, bool in_full);
void shown_trust_release(struct app *a);

#endif
