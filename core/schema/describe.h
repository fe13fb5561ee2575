/* describe.h - what the values of fields mean, in words: the detail page and --fields
 * read the same table.
 * Sources: the AWS VPC user guide, "flow log records" (and its limitations, and "enforce
 * VPC encryption in transit"), the transit gateway guide, and what real logs hold. */
#ifndef ENITOP_DESCRIBE_H
#define ENITOP_DESCRIBE_H

#include "schema/field.h"

struct meaning {
	int field;
	const char *value; /* as delivered; "-": why there may be none */
	const char *text;
};

/* The known values of a field one after the other, from *at = 0 on; NULL: no more. */
const struct meaning *describe_next(int field, size_t *at);
/* What a value means, as delivered; NULL: nothing is known of it. */
const char *describe_value(int field, struct str value);
/* "address", "bytes": the type as a word. */
const char *describe_type(enum field_type type);

/* Adds TCP flags by name as AWS has them: 18 is SYN-ACK, 19 SYN-ACK,FIN. 0: nothing. */
void describe_flags(uint64_t flags, struct buf *out);
/* Adds a tag's value as it was before AWS percent-encoded it; as it is where that is
 * not what it holds. */
void describe_tag(struct str value, struct buf *out);
bool field_is_tag(int field);

#endif
