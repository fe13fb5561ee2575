/* strips.h - STRIPS: what conversations did minute by minute of log time, summed over all of them or
 * over those that somebody asks about: bytes, tries, what was refused and what never answered. By
 * the minutes of edges.h: a record counts whole in the minute that it starts in, what several
 * interfaces recorded once. Loop thread. */
#ifndef ENITOP_STRIPS_H
#define ENITOP_STRIPS_H

#include "triage/edges.h"
#include "triage/finding.h"

#define STRIP_MINUTES 240u /* at most */

struct strip_minute {
	uint64_t sent, received;
	uint64_t tries;
	uint64_t refused;    /* records, */
	uint64_t background; /* of clients of the internet; those are in `refused` too */
	uint64_t silent; /* tries that nothing came back of. What never answers by nature (one-way
			      * traffic without a handshake) is no try here */
	uint64_t failed; /* refused, silent, reset or half open */
};

struct strips {
	int64_t first; /* seconds / 60, of the first */
	unsigned n;    /* 0: nothing was summed yet */
	struct strip_minute minute[STRIP_MINUTES];
	uint8_t sources[EDGE_SOURCES / 2]; /* of whom the background is: edge_sources_of() them */
};

/* Which conversations are summed. Zero: all. */
struct strip_of {
	uint8_t (*client)[16], (*server)[16]; /* any of these; none: whoever it is */
	size_t clients, servers;
	int port, protocol; /* 0: any */
};

/* Those that a finding is about; false: it names none, as one of an interface alone. Release it. */
bool strip_of_finding(const struct finding *f, struct strip_of *out);
void strip_of_release(struct strip_of *of);

/* A sum on its way. */
struct strip_sum {
	struct strips strips;
	struct strip_of of; /* the caller's */
	uint32_t at;
};

/* The last `minutes` up to that of `now` (seconds). */
void strip_sum_begin(struct strip_sum *s, int64_t now, unsigned minutes);
/* Goes on for about so long; true while there is more. Edges may change in between: then what they
 * were when they were met is summed. */
bool strip_sum_step(struct strip_sum *s, struct edges *e, uint64_t budget_ns);

/* Where the last values are all above, or all below, every one before: since when (the number of the
 * first such value), and how many times the median before the very last one is, which is 1.5 at
 * least, or a 1.5th. At least 15 before and 3 since; false: there is no such place. */
bool strip_changed(const uint64_t *value, unsigned n, unsigned *at, double *times);

#endif
