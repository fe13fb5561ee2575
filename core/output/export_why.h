/* export_why.h - an answer of why as a page of text, or as one JSON object. */
#ifndef ENITOP_EXPORT_WHY_H
#define ENITOP_EXPORT_WHY_H

#include "output/export.h"
#include "triage/why.h"

#define WHY_PAGE 100 /* columns of a page where no screen says */

/* What is said beside the answer. */
struct why_context {
	const struct places *places;
	struct labels *labels; /* names of the ends; NULL: none */
	bool complete;         /* all that was given was read, and what was needed of it kept */
};

/* {"schema":1,"view":"why",...} without a newline. */
void why_json(const struct why *w, const struct why_context *c, struct buf *out);
/* Sentences in lines of `width` columns at most; commands stay whole. */
void why_text(const struct why *w, const struct why_context *c, size_t width, struct buf *out);

#endif
