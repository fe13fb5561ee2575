/* filter_literal.h - what every match of a regex on whole records must hold, and the rows
 * whose values hold it: the others need not be rendered to be matched. Private to filter*.c. */
#ifndef ENITOP_FILTER_LITERAL_H
#define ENITOP_FILTER_LITERAL_H

#include "filter/filter_eval.h"

/* Adds the best text, within one value and with something that no number has, that stands in
 * whatever matches; nothing when none is known. */
void literal_of_pattern(struct str pattern, struct buf *out);

/* Takes those of the block's rows out of `rows` (WORDS words) that can't match the regex of
 * the leaf, which is on RECORD. */
void literal_narrow(const struct run *r, struct node *leaf, uint64_t *rows);

#endif
