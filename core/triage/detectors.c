/* detectors.c - the table of detector.h. */
#include "triage/detector.h"

static const struct detector *const table[] = {
#define X(name) &detect_##name,
	DETECTORS(X)
#undef X
};

const struct detector *const *detectors(unsigned *n)
{
	*n = ARRAY_SIZE(table);
	return table;
}
