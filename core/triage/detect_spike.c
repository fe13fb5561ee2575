/* detect_spike.c - SPIKE: bytes of an interface or a server went far beyond what was usual, or fell
 * far below. What is unusual is told by the series (spike.h), which are watched beside the edges. */
#include <stdlib.h>
#include <string.h>

#include "triage/spike.h"
#include "triage/tell.h"
#include "triage/watched.h"

static bool rests(const struct evidence_sums *sums)
{
	return sums->series != NULL;
}

/* ---- what another finding says already ---- */

/* Rules that are of bytes that rise, and of those that cease. */
static const struct detector *const risen[] = { &detect_exfil, &detect_flood, &detect_crosszone };
static const struct detector *const fallen[] = { &detect_quiet, &detect_reach, &detect_blackhole };

static bool lists(const struct buf *part, const char *text)
{
	size_t n = strlen(text);

	for (size_t at = 0; part && n && at < part->n;) {
		size_t line = strcspn(part->s + at, "\n");
		if (line == n && memcmp(part->s + at, text, n) == 0)
			return true;
		at += line + 1;
	}
	return false;
}

static bool is_about(const struct finding *f, uint32_t place, const char *address, const char *id)
{
	static const enum subject of[] = { SUBJECT_SOURCE,   SUBJECT_TARGET,  SUBJECT_DESTINATION,
					   SUBJECT_CLIENT,   SUBJECT_CLIENTS, SUBJECT_SERVER,
					   SUBJECT_INTERFACE };

	for (unsigned i = 0; i < f->movers; i++)
		if (f->mover[i] == place)
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(of); i++)
		if (lists(finding_subject(f, of[i]), address) ||
		    lists(finding_subject(f, of[i]), id))
			return true;
	return false;
}

static bool is_of(const struct finding *f, bool fell)
{
	const struct detector *const *rule = fell ? fallen : risen;

	for (size_t i = 0; i < ARRAY_SIZE(risen); i++)
		if (f->rule == rule[i])
			return true;
	return false;
}

/* A finding of the same bytes, at the same time. */
static const struct finding *said_by(const struct judging *j, const struct spike_finding *s)
{
	const struct watched *w = judging_evidence(j)->sums.series;
	const struct spike *k = s->spike;
	uint32_t place = watched_target(w, s->target)->place;
	const char *id =
		place == PLACE_NONE ? "" : places_at(judging_evidence(j)->places, place)->interface;
	const struct finding *said = NULL;
	struct buf address = { 0 };
	size_t n;
	const struct finding *const *found = judging_found(j, &n);

	watched_address(w, s->target, &address);
	buf_puts(&address, "");
	for (size_t i = 0; i < n && !said; i++)
		if (found[i]->severity > SEVERITY_INFO && is_of(found[i], k->fell) &&
		    found[i]->since <= k->until && found[i]->until >= k->since &&
		    is_about(found[i], place, address.s, id))
			said = found[i];
	buf_release(&address);
	return said;
}

static bool passes_on(const struct judging *j, const struct spike_finding *s)
{
	uint32_t place = watched_target(judging_evidence(j)->sums.series, s->target)->place;
	const struct interface *e =
		place == PLACE_NONE ? NULL : places_at(judging_evidence(j)->places, place);

	return e && (place_is_nat(e) || place_is_transit(e));
}

/* Whether its packets are another's, who has a spike at the same time. */
static bool is_passed_on(const struct judging *j, const struct spike_finding *s,
			 const struct spike_finding *all, size_t n)
{
	for (size_t i = 0; i < n && passes_on(j, s); i++)
		if (all[i].spike->fell == s->spike->fell &&
		    all[i].spike->since <= s->spike->until &&
		    all[i].spike->until >= s->spike->since && !passes_on(j, &all[i]))
			return true;
	return false;
}

/* ---- its words ---- */

/* What it is about: an address where there is one, and its interface. */
static void say_subject(const struct watched *w, uint32_t target, bool fell, struct finding *f)
{
	struct buf address = { 0 };
	struct str id = watched_interface(w, target);
	struct buf name = { 0 };

	watched_address(w, target, &address);
	if (address.n)
		finding_about(f, SUBJECT_TARGET, address.s);
	if (id.n) {
		buf_add_str(&name, id);
		finding_about(f, SUBJECT_INTERFACE, name.s);
	}
	finding_about(f, SUBJECT_FORM, fell ? "fell" : "rose");
	if (watched_target(w, target)->kind == TARGET_FILTER)
		finding_about(f, SUBJECT_FILTER, watched_filter(w, target));
	finding_about(f, SUBJECT_METRIC, metric_name(watched_rule(w, target)->metric));
	buf_release(&address);
	buf_release(&name);
}

/* Whose bytes: a host by its name and address, a filter as typed. */
static void say_what(const struct judging *j, const struct spike_finding *s, struct finding *f)
{
	const struct watched *w = judging_evidence(j)->sums.series;
	const struct target *t = watched_target(w, s->target);
	struct buf who = { 0 };

	if (t->kind == TARGET_SERVER)
		judging_add_host(j, t->server, &who);
	else if (t->kind == TARGET_INTERFACE)
		tell_place(j, t->place, &who);
	else
		watched_name(w, s->target, &who);
	spike_text(s->spike, watched_rule(w, s->target), buf_str(&who), &f->what);
	buf_release(&who);
}

/* Whose records they are, by its id and its own addresses. */
static void say_series(const struct watched *w, uint32_t target, struct finding *f)
{
	struct str id = watched_interface(w, target);

	if (!id.n)
		return;
	buf_puts(&f->evidence,
		 watched_target(w, target)->kind == TARGET_SERVER ? "served at " : "records of ");
	if (watched_target(w, target)->kind == TARGET_SERVER)
		buf_add_str(&f->evidence, id);
	else
		watched_name(w, target, &f->evidence);
	buf_putc(&f->evidence, '\n');
}

static void say_evidence(const struct spike *k, const struct spike_rule *r, struct finding *f)
{
	const char *per = spike_per(r->every);

	tell_times(k->since, k->until, &f->evidence);
	buf_puts(&f->evidence, k->fell ? "\nsmallest " : "\nlargest ");
	spike_amount(r->metric, k->value, &f->evidence);
	buf_printf(&f->evidence, " %s, expected ", per);
	spike_amount(r->metric, k->expected, &f->evidence);
	buf_puts(&f->evidence, k->seasonal ? ", as at this hour of the week\n" : "\n");
	buf_puts(&f->evidence, "before: median ");
	spike_amount(r->metric, k->median, &f->evidence);
	buf_puts(&f->evidence, ", MAD ");
	spike_amount(r->metric, k->mad, &f->evidence);
	buf_puts(&f->evidence, ", mean ");
	spike_amount(r->metric, k->mean, &f->evidence);
	buf_puts(&f->evidence, ", deviation ");
	spike_amount(r->metric, k->deviation, &f->evidence);
	buf_puts(&f->evidence, ", largest ");
	spike_amount(r->metric, k->largest, &f->evidence);
	buf_printf(&f->evidence, "\n%s says %.3g, z %.1f\n", scorer_name(k->by), k->score, k->z);
}

static void say_text(const struct spike *k, const struct spike_rule *r, struct finding *f)
{
	bool minutes = r->every == 60;

	buf_printf(&f->text, "%s far %s than %s before%s.",
		   r->metric == METRIC_BYTES ? "It carries" : "There are",
		   k->fell ? "less" : "more",
		   minutes ? "in any minute of the hours" : "in any such time",
		   k->fell   ? ""
		   : minutes ? ", for several minutes"
			     : ", for several of them");
}

static void say_next(const struct judging *j, const struct target *t, struct finding *f)
{
	if (t->place == PLACE_NONE) {
		buf_puts(&f->next, "enitop --batch --view talkers: who sends so much\n");
		return;
	}
	buf_printf(&f->next,
		   "aws ec2 describe-network-interfaces --network-interface-ids %s  (what it is)\n"
		   "aws cloudtrail lookup-events: a deployment, a job, a copy at that time\n",
		   tell_interface(j, t->place));
}

/* `said`: what says the same already; NULL: nothing. `passed`: it is another's. */
static void find(struct judging *j, const struct spike_finding *s, const struct finding *said,
		 bool passed)
{
	const struct watched *w = judging_evidence(j)->sums.series;
	const struct spike *k = s->spike;
	const struct spike_rule *r = watched_rule(w, s->target);
	const struct target *t = watched_target(w, s->target);
	struct finding *f =
		judging_find(j, &detect_spike, said || passed ? SEVERITY_INFO : SEVERITY_WARN,
			     CONFIDENCE_PROVEN, k->since, k->until);
	struct buf address = { 0 };

	f->open = k->open && judging_is_open(j, k->until);
	f->measure = k->fell ? k->expected : k->value;
	say_subject(w, s->target, k->fell, f);
	say_what(j, s, f);
	spike_amount(r->metric, k->value, &f->value);
	buf_printf(&f->value, " %s", spike_per(r->every));
	buf_puts(&f->limit, k->fell ? "a quarter of " : "4 x ");
	spike_amount(r->metric, k->median, &f->limit);
	say_text(k, r, f);
	if (said)
		buf_printf(&f->text, " Of the same bytes is the finding %s.", said->rule->name);
	else if (passed)
		buf_puts(&f->text, " It only passes on what another has, which has a finding.");
	say_series(w, s->target, f);
	say_evidence(k, r, f);
	watched_address(w, s->target, &address);
	if (t->kind == TARGET_FILTER)
		buf_puts(&f->records, watched_filter(w, s->target));
	else if (t->kind == TARGET_SERVER && address.n)
		buf_printf(&f->records, "addr=%s", address.s);
	else if (t->place != PLACE_NONE)
		finding_records_at(j, t->place, f);
	buf_release(&address);
	say_next(j, t, f);
}

/* Whether a part of the subject is that; without a text: there is none. */
static bool says(const struct finding *f, enum subject s, const char *text)
{
	const struct buf *part = finding_subject(f, s);

	return part ? strcmp(part->s, text) == 0 : *text == '\0';
}

/* An interface and what it serves have one subject: their records differ. */
static bool is_finding_of(const struct watched *w, uint32_t i, const struct finding *f)
{
	static const char at[] = "interface-id=";
	struct buf address = { 0 }, interface = { 0 };
	enum target_kind kind = watched_target(w, i)->kind;
	bool whole = f->records.n && strncmp(f->records.s, at, sizeof at - 1) == 0, is;

	watched_address(w, i, &address);
	buf_puts(&address, "");
	buf_add_str(&interface, watched_interface(w, i));
	buf_puts(&interface, "");
	is = watched_counts(w, i) && says(f, SUBJECT_TARGET, address.s) &&
	     says(f, SUBJECT_INTERFACE, interface.s) &&
	     says(f, SUBJECT_FILTER, watched_filter(w, i)) &&
	     says(f, SUBJECT_METRIC, metric_name(watched_rule(w, i)->metric)) &&
	     (kind == TARGET_FILTER || whole == (kind == TARGET_INTERFACE));
	buf_release(&address);
	buf_release(&interface);
	return is;
}

uint32_t spike_target(const struct watched *w, const struct finding *f)
{
	for (uint32_t i = 0; i < watched_count(w); i++)
		if (is_finding_of(w, i, f))
			return i;
	return UINT32_MAX;
}

static void judge(void *state, struct judging *j)
{
	struct spike_finding *all;
	size_t n = watched_findings(judging_evidence(j)->sums.series, &all);

	(void)state;
	for (size_t i = 0; i < n; i++)
		find(j, &all[i], said_by(j, &all[i]), is_passed_on(j, &all[i], all, n));
	free(all);
}

const struct detector detect_spike = {
	.name = "spike",
	.title = "an interface or a server carries far more bytes than ever, or far fewer",
	.wrong = "month end, a backup, a deployment, a load test\n",
	.refutes = "the same hour last week had as much (--baseline FILE)\n"
		   "a change or a job at that time (--events FILE)\n",
	.threshold = { { "z", SPIKE_Z, "",
			 "deviations from the median of the two hours before, in 3 of 4 minutes; and "
			 "4 times the median, and 1.5 times the largest" },
		       { "bytes", 10e6, "B",
			 "a minute, 10,000,000 B: less is no trouble, however unusual" } },
	.judge = judge,
	.rests = rests,
};
