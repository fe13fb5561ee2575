/* filter_set.h - the values of a leaf as a set: sorted, apart, without repetitions. So
 * a value is found by bisection, and sets are united and intersected. Private to
 * filter_*.c. */
#ifndef ENITOP_FILTER_SET_H
#define ENITOP_FILTER_SET_H

#include "filter/filter_ast.h"

/* Sorts the leaf's matches: absent, ranges or texts, wildcards, flags. Ranges of IPv6 lose
 * the IPv4 addresses in their middle. */
void match_set_normalise(struct node *leaf);
/* Of normalised leaves; x gets the result. The second is false, and changes nothing, where
 * sets are no ranges or texts. */
void match_set_union(struct node *x, const struct node *y);
bool match_set_intersect(struct node *x, const struct node *y);
bool match_set_is_empty(const struct node *leaf);
bool match_set_is_all(const struct node *leaf);

/* Whether a normalised leaf has the value; NUMBER_ABSENT and NULL: none. */
bool match_set_has_number(const struct node *leaf, uint64_t v);
bool match_set_has_address(const struct node *leaf, const uint8_t *address);
bool match_set_has_text(const struct node *leaf, const struct str *text);
bool match_set_has_absent(const struct node *leaf);

#endif
