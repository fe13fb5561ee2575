/* reports_trust.c - see reports.h: trust and assertions beside the views. */
#include "cli/reports.h"
#include "cli/reread.h"

bool reports_show_trust(const struct options *o)
{
	for (unsigned i = 0; i < o->views; i++)
		if (o->view[i]->report == export_trust)
			return true;
	return false;
}

static void look_again(struct reports *all, struct segment *s, bool kept)
{
	trusts_look_again(all->trusts, s);
	reports_drop(all, s, kept);
}

void reports_settle_trust(struct reports *all)
{
	struct input_counts counts;

	monitor_counts(all->monitor, &counts);
	trusts_settle(all->trusts);
	if (!reports_show_trust(all->o) || !can_reread(all->o) || counts.flows > SECONDS_ROWS)
		return;
	folds_drain(all->folds);
	trusts_has_looked_again(all->trusts, reread(all, look_again));
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
