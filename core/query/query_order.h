/* query_order.h - the groups of an accumulator in the order of a query, worked out in pieces: of
 * millions of groups somebody who writes them one by one wants the first ones first. The
 * accumulator does not change meanwhile. */
#ifndef ENITOP_QUERY_ORDER_H
#define ENITOP_QUERY_ORDER_H

#include "query/compare.h"

/* As few rows are found in one look at all groups; of more, all are put in order. */
#define ORDER_FEW 1024u

struct order;

/* The order that the query asks for: by its metric, or by the change around its mark where `c` has
 * two sides; only the groups that have a rank. With a limit (0: all) the first so many. */
struct order *order_new(const struct accumulator *a, const struct query *q,
			const struct compare *c);
/* Before the first step, where there is no limit: only groups behind the one of `after`, which is of
 * the same kind, are given; the others count. */
void order_behind(struct order *o, const struct accumulator *after);
void order_free(struct order *o);
/* Goes through the groups that have a rank, in no order, those behind the one of `after` (NULL: all):
 * what they are ranked by, the larger the better, and a prefix of their key, the smaller the better.
 * Returns how many have a rank. */
typedef void order_group_fn(void *ctx, uint32_t group, uint64_t size, uint64_t prefix);
uint64_t order_list(const struct accumulator *a, const struct query *q, const struct compare *c,
		    const struct accumulator *after, order_group_fn *see, void *ctx);
/* Works for a few milliseconds at most; true when the groups of the ranks below `to` are known
 * (those that there are). */
bool order_step(struct order *o, uint32_t to);
/* How many groups have a rank, and how many of them are given; known at the first rank. */
uint32_t order_ranked(const struct order *o);
uint32_t order_count(const struct order *o);
/* The group of a rank that is known. */
uint32_t order_group(const struct order *o, uint32_t rank);
size_t order_bytes(const struct order *o);

#endif
