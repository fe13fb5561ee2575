/* slow_filter.h - the plain twin of the evaluator: a filter's tree over one record's values
 * as text. No columns, no codes, no sets, no folding: nothing of filter_eval.c and what it
 * uses. */
#ifndef ENITOP_TESTS_SLOW_FILTER_H
#define ENITOP_TESTS_SLOW_FILTER_H

#include "filter/filter_ast.h"
#include "slow.h"

/* In the order of Kleene's logic. */
enum slow_answer { SLOW_NO, SLOW_UNDECIDED, SLOW_YES };

/* Whether the record is selected: flows, and others when the filter names log-status. By the
 * filter as it is typed, and as it is run: that says less often that it can't tell (of `A or
 * not A`). */
enum slow_answer slow_selects(const struct filter *f, const struct slow_flow *flow);
enum slow_answer slow_plan_selects(const struct filter *f, const struct slow_flow *flow);

/* Adds a random filter of at most `depth` levels over the values of random_line(), in the
 * words of the language; never one that begins with a slash. */
void random_filter(uint64_t *state, unsigned depth, struct buf *out);

#endif
