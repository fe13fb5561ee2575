/* summing.h - SUMS that findings rest on beside the edges, of the rows that a ring has: series of bytes
 * minute by minute (watched.h), and what is paid by the byte (tolls.h). Each row is added once, in
 * slices, when there is time for it. What left the ring stays in the series, whose past it is, and
 * goes from the tolls. Loop thread. */
#ifndef ENITOP_SUMMING_H
#define ENITOP_SUMMING_H

#include "triage/evidence.h"
#include "triage/tolls.h"
#include "triage/watched.h"

struct summing;

/* All of these stay the caller's. */
struct summing_of {
	struct ring *ring;
	const struct places *places; /* with ways (places_want_ways()) */
	struct labels *labels;
	const struct spike_rule *rule;
	const struct prices *prices;
	size_t most; /* bytes for all */
};

struct summing *summing_new(const struct summing_of *of);
void summing_free(struct summing *s);
/* The series, for watched_add() before there are rows. */
struct watched *summing_series(const struct summing *s);

/* Begins to take notice of what the ring has now; rows end by `latest`, a time. */
void summing_begin(struct summing *s, int64_t latest);
/* Goes on for about so long; true while there is more. All rows are published, and the places
 * settled with them. */
bool summing_step(struct summing *s, uint64_t budget_ns);
/* A segment is about to leave the ring, which the places have had. */
void summing_evict(struct summing *s, const struct segment *g);
/* Its marks are about to change. */
void summing_remark(struct summing *s, const struct segment *g);
/* Labels have changed: what is by them is added anew, as far as it is there. */
void summing_again(struct summing *s);

/* For judging_set_sums(); good until the next row is added. */
struct evidence_sums summing_sums(const struct summing *s);
/* Records that are in no series, or in not all of theirs, for want of room or since they left too
 * soon; bytes that are in no toll. */
uint64_t summing_unseen(const struct summing *s);
uint64_t summing_untold(const struct summing *s);
size_t summing_bytes(const struct summing *s);

#endif
