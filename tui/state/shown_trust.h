/* shown_trust.h - pane 7 and the first line's word of it: what the log proves of the times that are
 * looked at; and what it proves of all that is there, which silence of the findings rests on. */
#ifndef ENITOP_SHOWN_TRUST_H
#define ENITOP_SHOWN_TRUST_H

#include "triage/trust_scan.h"

/* What was made, for which times, of which answers, when, and how long that took. */
struct trust_made {
	struct trust trust;
	struct span asked;
	bool valid;
	uint64_t stamp, at_ns, took_ns;
};

/* When some interface lacks something; see trust_anywhere(). */
struct trust_lacks {
	struct trust_minutes *run;
	size_t n;
};

struct shown_trust {
	struct trust_made made, whole;    /* of the times that are looked at; of all */
	struct trust_lacks lost, missing; /* of the first */
	struct trust_facts facts;         /* of the first; counted by */
	struct trust_scan scan;
	bool counted;        /* some scan has ended */
	uint64_t scan_stamp; /* of what the ring held when it began */
	uint64_t scan_begun, scan_ended_ns, scan_took_ns;
	struct delays arrived; /* of what came while it was awaited: */
	bool arrives;          /* all that was there has been read and counted */
	enum trust_grain grain;
};

struct app;

/* Makes it anew where there is news; where that takes long, not at every frame. `in_full`: with what
 * the sources say. */
void trust_take(struct app *a, bool in_full);
/* The same of all that the ring holds, whatever is looked at. */
const struct trust *trust_take_whole(struct app *a);
/* While the pane is on show: counts what needs every record, for about so long; true while there is
 * more to do. */
bool trust_step(struct app *a, uint64_t budget_ns);
/* Whether what was counted is of less than there is now. */
bool trust_is_stale(const struct app *a);
size_t trust_bytes(const struct app *a);
/* Rows that come; sign as in struct live_consumer. */
void trust_rows(struct app *a, const struct segment *s, uint32_t first, uint32_t n, int sign);
/* `c`: more or fewer minutes a letter. */
void trust_next_grain(struct app *a);
void shown_trust_release(struct app *a);

#endif
