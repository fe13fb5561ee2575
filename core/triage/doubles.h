/* doubles.h - EXACT DUPLICATES: records that say the same of the same interface, conversation, time,
 * action and counts as one before, as where two flow logs write to one place. Known by keyed
 * hashes. What it finds does not depend on the order of records; where there are more records than
 * room, it keeps those whose hashes fall into a part, and the count is an estimate. */
#ifndef ENITOP_DOUBLES_H
#define ENITOP_DOUBLES_H

#include "store/segment.h"

#define DOUBLES_MAX (UINT64_C(4) << 20) /* records that are worth keeping */

/* Zeroed but for `most`. */
struct doubles {
	size_t most; /* records that are kept, at least 64 */
	uint64_t *key;
	uint32_t *again; /* how often it came again */
	size_t slots, n;
	unsigned level; /* only one of 2^level is looked at */
};

void doubles_release(struct doubles *v);
size_t doubles_bytes(const struct doubles *v);
/* Adds the fields that are read of records. */
void doubles_want(struct field_set *out);
/* Adds rows first..first+n-1 of a published segment. */
void doubles_add(struct doubles *v, const struct segment *s, const struct dict *d, uint32_t first,
		 uint32_t n);
/* How many records are duplicates of others; an estimate where *about. */
uint64_t doubles_count(const struct doubles *v, bool *about);

#endif
