/* detector.h - DETECTORS: one file and one row of the table each. A judgement gives each of them every
 * edge of the evidence once, in no order, then asks what they find; what they keep lasts for one
 * judgement, in bounded memory. */
#ifndef ENITOP_DETECTOR_H
#define ENITOP_DETECTOR_H

#include "triage/evidence.h"
#include "triage/finding.h"

/* A limit that --threshold RULE.NAME=VALUE changes. */
struct threshold {
	const char *name;  /* "bytes" */
	double value;      /* as shipped */
	/* "B", "s", "%", "": how it is read and written; "=22,5900-5910": these ports, in place of a
	 * value. */
	const char *unit;
	const char *help;  /* what it is and why it is so */
};
/* The list of ports that it is; NULL: it is a number. */
static inline const char *threshold_ports(const struct threshold *t)
{
	return t->name && *t->unit == '=' ? t->unit + 1 : NULL;
}

#define THRESHOLDS 8u

struct judging; /* one judgement */

struct detector {
	const char *name;                       /* "exfil" */
	const char *title;                      /* what it finds, for help */
	const char *wrong;                      /* how it can be wrong, */
	const char *refutes;                    /* and what would refute it: a line each */
	struct threshold threshold[THRESHOLDS]; /* name NULL: no more */
	void *(*begin)(struct judging *j);
	void (*edge)(void *state, struct judging *j,
		     const struct evidence_edge *e); /* NULL: none */
	void (*judge)(void *state, struct judging *j);
	void (*end)(void *state);
	uint64_t (*dropped)(const void *state); /* what it had no room for; NULL: nothing */
	/* Once all edges were given, and before anybody judges: finds what it can tell by edges alone,
	 * and names conversations whose records it wants (judging_ask()). NULL: nothing. */
	void (*ask)(void *state, struct judging *j);
	/* Whether there is what it rests on, besides edges. NULL: nothing. */
	bool (*rests)(const struct evidence_sums *sums);
};

/* X(name): detect_NAME is defined in detect_NAME.c. In this order they are asked and judge, so that
 * one may look at what those before it found. */
#define DETECTORS(X) \
	X(scan) \
	X(blackhole) \
	X(reach) \
	X(flood) \
	X(ioc) \
	X(exposure) \
	X(exfil) X(lateral) X(beacon) X(quiet) X(crosszone) X(nat_waste) X(spike) X(data)

#define X(name) extern const struct detector detect_##name;
DETECTORS(X)
#undef X

enum {
#define X(name) DETECTOR_##name,
	DETECTORS(X) DETECTORS_N
#undef X
};

/* All of them, in that order. */
const struct detector *const *detectors(unsigned *n);
const struct detector *detector_find(struct str name); /* NULL: none is called so */
/* Whether there is what it rests on. */
bool detector_judges(const struct detector *d, const struct evidence_sums *sums);
/* The names of those that judge, into an array that has room for all; returns how many. */
unsigned detectors_that_judge(const struct evidence_sums *sums, const char **name);

/* ---- what a detector may ask ---- */

const struct evidence *judging_evidence(const struct judging *j);
/* The value in force of its threshold by that name. */
double judging_limit(const struct judging *j, const struct detector *d, const char *name);
/* The ports of its threshold by that name in force, for port_is_in(). */
const uint64_t *judging_ports(const struct judging *j, const struct detector *d, const char *name);
/* Bytes that its state may take; what it has no room for it counts in dropped(). */
size_t judging_room(const struct judging *j);
/* A finding to fill in; it is the judgement's. */
struct finding *judging_find(struct judging *j, const struct detector *d, enum severity s,
			     enum confidence c, int64_t since, int64_t until);
/* What was known before: a baseline's, or what was learned since the start. Whether a conversation
 * (port 0: any with these ends) is older than `seconds` after the evidence begins. */
bool judging_knows(const struct judging *j, const struct evidence_edge *e);
#define JUDGING_LEARNS_S 900 /* from the start of the evidence on */
/* Whether it is in the baseline; false where there is none. */
bool judging_has_baseline(const struct judging *j, const struct evidence_edge *e);
/* Whether an address is of --admin, or of a hub in the baseline. */
bool judging_is_admin(const struct judging *j, const uint8_t address[16]);
/* What was found so far: by those before in the table, or by their ask(). */
const struct finding *const *judging_found(const struct judging *j, size_t *n);
/* Whether what was last so at a time is so still: within 10 minutes (2 intervals) of the end. */
bool judging_is_open(const struct judging *j, int64_t last);
/* Adds "db-1 10.0.2.9", or the address alone; and " > " between two. */
void judging_add_host(const struct judging *j, const uint8_t address[16], struct buf *out);

/* Of a finding of the rule spike its series, by number; UINT32_MAX: there is none of the kind. */
uint32_t spike_target(const struct watched *w, const struct finding *f);

/* ---- conversations that are judged by their records ---- */

struct judged_pair {
	struct edge_key key;
	uint64_t tries, failed;
	/* Starts of tries; INT64_MIN: there are none. */
	int64_t first_failed, last_failed, first_good, last_good;
	bool taken;      /* by a finding */
	struct why *why; /* NULL: judging_why() was not asked */
};

/* In ask(): asks for its records. Those with the greatest weight are gathered. */
void judging_ask(struct judging *j, const struct edge_key *key, double weight);
/* In judge(): all that were asked for, by anybody, by key. */
struct judged_pair *judging_pairs(struct judging *j, size_t *n);
/* One of them; NULL: it had no room. */
struct judged_pair *judging_pair(struct judging *j, const struct edge_key *key);
/* All of its tries in the order of their outcomes, until the next call. */
const struct tries *judging_tries(struct judging *j, const struct judged_pair *p);
/* What why says of it. */
const struct why *judging_why(struct judging *j, struct judged_pair *p);

#endif
