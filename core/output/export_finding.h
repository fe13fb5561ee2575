/* export_finding.h - one finding as a page of text: what, when, evidence, how it can be wrong, what
 * would refute it, what to do next. */
#ifndef ENITOP_EXPORT_FINDING_H
#define ENITOP_EXPORT_FINDING_H

#include "output/export_band.h"
#include "triage/strips.h"

/* What is said beside it. */
struct finding_page {
	const struct strips
		*strips; /* of what it is about; NULL: not known, or of no conversation */
	int64_t now;     /* log time; what is before is known from `begin` on */
	int64_t begin;
	/* The series that it is about, drawn in place of the strips; NULL: none. */
	const struct band *band;
	bool ascii; /* the chart has no other characters */
	bool acknowledged;
};

/* Sentences in lines of `width` columns at most; commands stay whole. */
void finding_text(const struct finding *f, const struct finding_page *p, size_t width,
		  struct buf *out);
/* export_findings.c: the same as one JSON object in a line. */
void finding_json(const struct finding *f, struct buf *out);
/* export_when.c: its part with a chart by the minute, about so many lines high. Nothing where there
 * is none. */
void finding_when(const struct finding *f, const struct finding_page *p, size_t width,
		  struct buf *out);

/* "proven", "likely", "possible" */
const char *finding_confidence(const struct finding *f);
const char *finding_mark(const struct finding *f); /* "!!", "!", "i" */

#endif
