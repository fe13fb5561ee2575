/* judging.h - JUDGEMENTS: what all detectors find, as a function of the evidence alone. In this
 * order: judging_new(), judging_step() until it returns false, judging_asks(), the records that it asks
 * for into sightings, judging_decide() until it returns false. Loop thread. */
#ifndef ENITOP_JUDGING_H
#define ENITOP_JUDGING_H

#include "triage/edges.h"
#include "triage/rules.h"

/* All of these stay the caller's and are there as long as it is. `room`: bytes that it may take.
 * `learn` (NULL: nothing) learns what each edge teaches. */
struct judging *judging_new(const struct rules *r, struct edges *e, const struct places *p,
			    struct labels *l, size_t room, struct baseline *learn);
void judging_free(struct judging *j);
/* What is summed besides, which stays the caller's and is there as long as it is. */
void judging_set_sums(struct judging *j, struct evidence_sums sums);
/* What ends after this is not judged yet; unless it is said, all is. */
void judging_set_until(struct judging *j, int64_t until);

/* Goes on with the edges for about so long; true while there are more. They must not change in
 * between. */
bool judging_step(struct judging *j, uint64_t budget_ns);
/* After the last one. The conversations whose records are wanted, for sightings_add(). */
const struct why_question *judging_asks(struct judging *j, size_t *n);
/* Goes on for about so long with these, which stay the caller's until judging_free(), and are always
 * the same; true while there is more to decide. */
bool judging_decide(struct judging *j, const struct sightings *v, uint64_t budget_ns);

/* The findings: the worst first, then those that are open, then by when they began. */
struct finding *const *judging_findings(const struct judging *j, size_t *n);

struct judging_counts {
	uint64_t unasked;  /* conversations that may fail, whose records had no room */
	uint64_t dropped;  /* by detectors, for want of room */
	uint64_t left_out; /* tries beyond those that are kept of a conversation */
};
struct judging_counts judging_counts(const struct judging *j);
size_t judging_bytes(const struct judging *j);

#endif
