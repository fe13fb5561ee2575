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

const struct detector *detector_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (str_equal_loose(name, str_of(table[i]->name)))
			return table[i];
	return NULL;
}

bool detector_judges(const struct detector *d, const struct evidence_sums *sums)
{
	return !d->rests || d->rests(sums);
}

unsigned detectors_that_judge(const struct evidence_sums *sums, const char **name)
{
	unsigned n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (detector_judges(table[i], sums))
			name[n++] = table[i]->name;
	return n;
}
