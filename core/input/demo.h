/* demo.h - a seeded VPC: realistic flow log lines with incidents worth finding. The
 * data of --demo, of the tests and of the benchmarks. No clock, no input: the same
 * options give the same bytes. */
#ifndef ENITOP_DEMO_H
#define ENITOP_DEMO_H

#include "base/util.h"

struct demo_options {
	uint64_t seed;
	int64_t start_s;      /* epoch of the first second */
	unsigned flows_per_s; /* records a second, about; 0: 40 */
	uint32_t peers;       /* distinct internet addresses; 0: 3000 */
	bool even;            /* every peer equally often, not a few most */
	bool v2;              /* the default format of 14 fields; else 29 fields of version 5 */
	bool quiet;           /* no incidents */
};

struct demo;

struct demo *demo_new(const struct demo_options *o);
void demo_free(struct demo *d);

/* The names of the format's fields, as a header line without newline. */
const char *demo_header(const struct demo *d);

/* Appends the lines whose interval ends before `until_s` and that were not given yet. */
void demo_until(struct demo *d, int64_t until_s, struct buf *out);

/* What its company would have given for it: the JSON of `aws ec2 describe-network-interfaces`, with
 * names; lines of names of those outside; and lines of --ioc. */
void demo_interfaces(struct buf *out);
const char *demo_names(void);
const char *demo_bad_addresses(void);

/* What is hidden in it: an incident of each rule of findings, and what looks like one and is none. */
struct demo_incident {
	const char *rule; /* of the finding; */
	bool decoy;       /* that is not to be there */
	unsigned from_minute,
		to_minute; /* since the demo's start; it comes again every two hours */
	const char *party; /* an address, interface or zone that the finding is about */
	const char *story;
	const char *filter; /* shows it */
};

const struct demo_incident *demo_incident(size_t i); /* NULL: no more */

#endif
