/* detect_crosszone.c - CROSSZONE: much goes from one availability zone to another, and is paid in both.
 * The sums are those of tolls.h. */
#include <stdlib.h>

#include "triage/tell.h"
#include "triage/tolls.h"

_Static_assert(2 * TOLL_WHOM <= FINDING_MOVERS, "all hosts of a crossing are listed");

static bool rests(const struct evidence_sums *sums)
{
	return sums->tolls != NULL;
}

/* Whether the same two stand before it, the other way. */
static bool stands_before(const struct crosszone *c, unsigned i)
{
	for (unsigned k = 0; k < i; k++)
		if (c->hosts[k].from == c->hosts[i].to && c->hosts[k].to == c->hosts[i].from)
			return true;
	return false;
}

/* The heaviest ones' records. */
static void say_records(const struct places *p, const struct crosszone *c, struct finding *f)
{
	bool any = false;

	for (unsigned i = 0; i < c->hosts_n; i++) {
		const struct interface *a = places_at(p, c->hosts[i].from),
				       *b = places_at(p, c->hosts[i].to);
		unsigned family = a->has[0] && b->has[0] ? 0 : 1;
		if (!a->has[family] || !b->has[family] || stands_before(c, i))
			continue;
		buf_puts(&f->records, any ? " or (" : "(");
		finding_records(f, a->address[family], b->address[family], 0);
		buf_putc(&f->records, ')');
		any = true;
	}
}

static void say_evidence(const struct judging *j, const struct crosszone *c, struct finding *f)
{
	char cost[48];

	tell_times(c->since, c->until, &f->evidence);
	buf_puts(&f->evidence, "\nin 25 minutes ");
	tell_bytes(c->bytes, &f->evidence);
	buf_printf(&f->evidence, ", %s at %s; in as many before ",
		   human_cost(cost, sizeof cost, c->cost),
		   judging_evidence(j)->sums.prices->source);
	tell_bytes(c->usual, &f->evidence);
	buf_putc(&f->evidence, '\n');
	for (unsigned i = 0; i < c->hosts_n; i++) {
		tell_place(j, c->hosts[i].from, &f->evidence);
		buf_puts(&f->evidence, " > ");
		tell_place(j, c->hosts[i].to, &f->evidence);
		buf_puts(&f->evidence, "  ");
		tell_bytes(c->hosts[i].bytes, &f->evidence);
		buf_putc(&f->evidence, '\n');
	}
}

static void say_limit(struct judging *j, const struct crosszone *c, struct finding *f)
{
	double times = judging_limit(j, &detect_crosszone, "times");

	tell_bytes((uint64_t)judging_limit(j, &detect_crosszone, "bytes"), &f->limit);
	if (!c->grown)
		return;
	buf_printf(&f->limit, " and %g x ", times);
	tell_bytes(c->usual, &f->limit);
}

static void find(struct judging *j, const struct crosszone *c)
{
	struct finding *f =
		judging_find(j, &detect_crosszone, c->grown ? SEVERITY_WARN : SEVERITY_INFO,
			     CONFIDENCE_PROVEN, c->since, c->until);
	char cost[48];

	f->open = judging_is_open(j, c->until);
	f->measure = (double)c->bytes;
	finding_about(f, SUBJECT_PAIR, c->zone[0]);
	finding_about(f, SUBJECT_PAIR, c->zone[1]);
	buf_printf(&f->what, "%s - %s: ", c->zone[0], c->zone[1]);
	tell_bytes(c->bytes, &f->what);
	buf_printf(&f->what, " in 25m, about %s", human_cost(cost, sizeof cost, c->cost));
	if (c->grown) {
		buf_puts(&f->what, ", before ");
		tell_bytes(c->usual, &f->what);
	}
	tell_bytes(c->bytes, &f->value);
	buf_puts(&f->value, " in 25m");
	say_limit(j, c, f);
	buf_puts(&f->text, "What goes from one zone to another is paid at both ends.");
	if (c->grown)
		buf_puts(&f->text, " It is far more than before: a failover, or a client that does "
				   "not ask the server of its own zone any more.");
	say_evidence(j, c, f);
	for (unsigned i = 0; i < c->hosts_n; i++) {
		f->mover[f->movers++] = c->hosts[i].from;
		f->mover[f->movers++] = c->hosts[i].to;
	}
	say_records(judging_evidence(j)->places, c, f);
	buf_puts(&f->next, "the target groups' cross-zone attribute: aws elbv2 "
			   "describe-target-group-attributes\n"
			   "a replica in each zone, or topology aware routing of the cluster\n");
}

static void judge(void *state, struct judging *j)
{
	const struct evidence *v = judging_evidence(j);
	const struct crosszone_limits l = { (uint64_t)judging_limit(j, &detect_crosszone, "bytes"),
					    judging_limit(j, &detect_crosszone, "times") };
	struct crosszone *all;
	size_t n = crosszone_find(v->sums.tolls, v->places, l, v->sums.prices, v->begin, &all);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		all[i].until = all[i].until < v->now ? all[i].until : v->now;
		all[i].since = all[i].since > v->begin ? all[i].since : v->begin;
		find(j, &all[i]);
	}
	free(all);
}

const struct detector detect_crosszone = {
	.name = "crosszone",
	.title = "much goes from one availability zone to another; a warning where it has grown",
	.wrong = "a failover, which is what the other zone is for; a copy that is made once\n",
	.refutes = "it is back within the hour\n",
	.threshold = { { "bytes", 500e6, "B",
			 "between two zones in 25 minutes, either way, 500,000,000 B: $0.01, $17 in a "
			 "month of them" },
		       { "times", 3, "",
			 "of what was usual before, of which there must be 15 minutes: a warning" } },
	.judge = judge,
	.rests = rests,
};
