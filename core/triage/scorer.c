/* scorer.c - see scorer.h. */
#include "triage/scorer.h"

static const struct scorer *const scorers[SCORERS] = {
	[SCORER_RECORD] = &scorer_record,
	[SCORER_ZSCORE] = &scorer_zscore,
	[SCORER_FOREST] = &scorer_forest,
};

const struct scorer *scorer_of(enum scorer_kind kind)
{
	return scorers[kind];
}

const char *scorer_name(enum scorer_kind kind)
{
	return scorers[kind]->name;
}

int scorer_find(struct str name)
{
	for (int i = 0; i < SCORERS; i++)
		if (str_equal(name, str_of(scorers[i]->name)))
			return i;
	return -1;
}
