/* baseline.h - BASELINES: what was usual before, as a file of text that an earlier run wrote: which
 * conversations there were, who administered whom, where data went, what answered the internet. */
#ifndef ENITOP_BASELINE_H
#define ENITOP_BASELINE_H

#include "triage/evidence.h"

/* X(id, "name"): what it knows of, the first word of a line. */
#define BASELINE_KINDS(X) \
	X(EDGE, "edge")               /* CLIENT SERVER PORT PROTOCOL, something was answered */ \
	X(DESTINATION, "destination") /* CLIENT SERVER, of the internet */ \
	X(EXPOSURE, "exposure")       /* SERVER PORT PROTOCOL, answered the internet */ \
	X(HUB, "hub")                 /* CLIENT, to admin ports of several */

enum baseline_kind {
#define X(id, name) BASELINE_##id,
	BASELINE_KINDS(X) BASELINE_KINDS_N
#undef X
};

#define BASELINE_MOST 2000000u /* lines that are kept; more are counted */

struct baseline;

struct baseline *baseline_new(void);
void baseline_free(struct baseline *b);
/* Reads a file besides what is there: 0, or a negative errno; -EINVAL where it is none of ours.
 * Lines that say nothing are `faults`. */
int baseline_read(struct baseline *b, const char *path, struct label_faults *faults);
/* Writes all of it: 0, or a negative errno. What stood in the file is there until it is complete. */
int baseline_write(const struct baseline *b, const char *path);

/* Adds a conversation; only its ends and port matter that the kind is of. */
void baseline_add(struct baseline *b, enum baseline_kind kind, const struct edge_key *key);
/* Adds what an edge of the evidence teaches. */
void baseline_learn(struct baseline *b, const struct evidence_edge *e);
/* Call it once all edges were given: who is a hub is known by then. */
void baseline_learned(struct baseline *b, int64_t from, int64_t to);
bool baseline_has(const struct baseline *b, enum baseline_kind kind, const struct edge_key *key);
/* The times that it is of; from > to: not known. */
void baseline_span(const struct baseline *b, int64_t *from, int64_t *to);
/* How many it knows; what it had no room for. */
size_t baseline_count(const struct baseline *b);
uint64_t baseline_dropped(const struct baseline *b);
size_t baseline_bytes(const struct baseline *b);

#endif
