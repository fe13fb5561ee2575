/* field_counts.h - how many there are of something, by field. Empty at first: zero-initialise. */
#ifndef ENITOP_FIELD_COUNTS_H
#define ENITOP_FIELD_COUNTS_H

#include "schema/field.h"

struct field_counts {
	struct field_count {
		int field;
		uint64_t n;
	} * of; /* in the order of fields */
	size_t n, cap;
	uint64_t all;
};

void field_counts_add(struct field_counts *c, int field, uint64_t n);
/* How many are of the fields in the set. */
uint64_t field_counts_within(const struct field_counts *c, const struct field_set *set);
/* Adds "bytes 3, end 12". */
void field_counts_render(const struct field_counts *c, struct buf *out);
void field_counts_release(struct field_counts *c);

#endif
