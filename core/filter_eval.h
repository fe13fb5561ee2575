/* filter_eval.h - the order in which a filter's parts run. Private to filter*.c. */
#ifndef ENITOP_FILTER_EVAL_H
#define ENITOP_FILTER_EVAL_H

struct node;

/* Sorts the parts of and and or, cheap ones first. */
void filter_order(struct node *n);

#endif
