/* export_findings.h - findings as a table, csv, json and ndjson. */
#ifndef ENITOP_EXPORT_FINDINGS_H
#define ENITOP_EXPORT_FINDINGS_H

#include "output/export.h"
#include "triage/finding.h"

/* What is said beside them. */
struct findings_context {
	int64_t begin, now;      /* the evidence's times, seconds */
	bool complete;           /* everything was read, kept, and judged */
	const char *const *rule; /* names of the rules that judged */
	unsigned rules;
	uint32_t interfaces;
	uint64_t edges; /* conversations that were judged */
	uint64_t edges_dropped, rows_dropped, rows_left_out, minutes_dropped, undecided;
	uint64_t muted;
	uint64_t folded; /* findings that stand in those of their rule */
};

/* The first `limit` of them (0: all), in their order. */
void export_findings(enum output o, struct finding *const *f, size_t n, uint64_t limit,
		     const struct findings_context *c, struct buf *out);

/* A line of how many there are, and one each of the worst few, before another report. */
void export_findings_lead(struct finding *const *f, size_t n, const struct findings_context *c,
			  struct buf *out);

#endif
