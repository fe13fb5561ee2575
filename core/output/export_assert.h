/* export_assert.h - what became of assertions: a line each, csv, or JSON with the window and the
 * hashes of what was read. */
#ifndef ENITOP_EXPORT_ASSERT_H
#define ENITOP_EXPORT_ASSERT_H

#include "output/export.h"
#include "triage/assertion.h"

#define ASSERT_INPUTS 1000u /* that are listed with their hashes; the rest is counted */

struct asserted_input {
	const char *name;
	uint64_t records;
	const char *sha256; /* "": not known */
};

struct asserted {
	const struct assertion *const *assertion;
	const struct assertion_answer *answer; /* as many */
	size_t n;
	const struct trust *trust;
	const struct asserted_input *input;
	size_t inputs, inputs_left_out;
	bool complete;
};

/* Not for outputs of flows only. */
void export_assert(enum output o, const struct asserted *a, struct buf *out);

#endif
