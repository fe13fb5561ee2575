/* detector.h - DETECTORS: one file and one row of the table each. A judgement gives each of them every
 * edge of the evidence once, in no order, then asks what they find; what they keep lasts for one
 * judgement, in bounded memory. */
#ifndef ENITOP_DETECTOR_H
#define ENITOP_DETECTOR_H

#include "triage/evidence.h"
#include "triage/finding.h"

/* A limit that --threshold RULE.NAME=VALUE changes. */
struct threshold {
	const char *name; /* "bytes" */
	double value;     /* as shipped */
	const char *unit; /* "B", "s", "%", "": how it is read and written */
	const char *help; /* what it is and why it is so */
};

#define THRESHOLDS 8u

struct judging; /* one judgement */

struct detector {
	const char *name;  /* "exfil" */
	const char *title; /* what it finds, for help */
	const char *wrong; /* how it can be wrong, */
	const char *refutes; /* and what would refute it: a line each */
	struct threshold threshold[THRESHOLDS]; /* name NULL: no more */
	void *(*begin)(struct judging *j);
	void (*edge)(void *state, struct judging *j, const struct evidence_edge *e); /* NULL: none */
	void (*judge)(void *state, struct judging *j);
	void (*end)(void *state);
	uint64_t (*dropped)(const void *state); /* what it had no room for; NULL: nothing */
};

/* All of them, in the order in which equals are shown. */
const struct detector *detectors(unsigned *n);

/* ---- what a detector may ask ---- */

const struct evidence *judging_evidence(const struct judging *j);
/* The value in force of its threshold by that name. */
double judging_limit(const struct judging *j, const struct detector *d, const char *name);
/* Bytes that its state may take. */
size_t judging_room(const struct judging *j);
/* A finding to fill in; it is the judgement's. */
struct finding *judging_find(struct judging *j, const struct detector *d, enum severity s,
			     enum confidence c, int64_t since, int64_t until);
/* What was known before: a baseline's, or what was learned since the start. Whether a conversation
 * (port 0: any with these ends) is older than `seconds` after the evidence begins. */
bool judging_knows(const struct judging *j, const struct evidence_edge *e);

#endif
