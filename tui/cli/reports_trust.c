/* reports_trust.c - see reports.h: trust and assertions beside the views. */
#include "cli/reports.h"

bool reports_show_trust(const struct options *o)
{
	for (unsigned i = 0; i < o->views; i++)
		if (o->view[i]->report == export_trust)
			return true;
	return false;
}

bool reports_assert(struct reports *all)
{
	if (!all->o->asserts)
		return true;
	all->asserts = asserts_new(all->o, all->monitor, all->trusts);
	return all->asserts != NULL;
}

void reports_judge(struct reports *all, bool complete)
{
	if (all->asserts && asserts_judge_minute(all->asserts, all->span, complete, &all->out))
		reports_flush(all);
}
