/* export_doubts.h - the reasons to doubt an answer, a row each: what it is called under "input" in
 * JSON, its `!` line above a table, and whether the answer is not complete for it. */
#ifndef ENITOP_EXPORT_DOUBTS_H
#define ENITOP_EXPORT_DOUBTS_H

#include "output/export.h"
#include "output/export_json.h"

/* Adds a line for each doubt there is, each with `before` in front and a newline at its end. */
void doubts_lines(const struct result *r, const struct export_context *c, const char *before,
		  struct buf *out);
/* Sets every doubt's member of "input", 0 where there is none. */
void doubts_json(json_t *input, const struct result *r, const struct export_context *c);
/* What was asked for is whole: the context says so, and no doubt spoils it. */
bool doubts_complete(const struct result *r, const struct export_context *c);

#endif
