/* values.h - the values of a field that stand in the data: what can be completed. */
#ifndef ENITOP_VALUES_H
#define ENITOP_VALUES_H

#include "query/accumulator.h"
#include "store/ring.h"

struct value_seen {
	char *text; /* as the filter language takes it, unquoted; free() it */
	uint64_t flows;
	bool partial; /* there may be more: the value was not held all the time */
};

/* Whether a filter knows the name; and what such a value is, of a name that it knows. */
bool values_name(struct str name);
enum field_type values_type(struct str name);

/* The most frequent values, best first, of what a filter calls `name` ("src", "addr":
 * any side) that begin with `prefix` (case aside), among the newest flows of the ring in
 * `span`: a bounded number of them is looked at, so that a key is answered at once, and in a
 * sixteenth of the ring's budget: of more values than that gives room for the heaviest.
 * Returns how many of `out` were filled; 0 when there is no such name. Loop thread. */
size_t values_seen(struct ring *r, struct str name, struct str prefix, struct span span,
		   struct value_seen *out, size_t limit);

#endif
