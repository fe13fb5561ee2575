/* cause_clause.h - what a row of causes.h says as a filter. */
#ifndef ENITOP_CAUSE_CLAUSE_H
#define ENITOP_CAUSE_CLAUSE_H

#include "triage/causes.h"

/* Adds the filter that the refused records of a row match and no others of n conversations, of which
 * each says in `folded` what it was folded to. Nothing where the row is of those that were not
 * folded, or there is none. How long it gets is not limited. */
void cause_clause(const struct cause *row, const struct refused_conversation *list, size_t n,
		  struct buf *out);

#endif
