/* detect_data.c - DATA: what the log itself lacks, so that findings and their absence say less. */
#include <inttypes.h>
#include <stdlib.h>

#include "triage/tell.h"
#include "triage/trust_facts.h"

#define SPANS_LISTED 8u

/* How many records there are: of a handful it is no wonder if all say the same. */
struct data_records {
	uint64_t records;
};

static void *begin(struct judging *j)
{
	(void)j;
	return xcalloc(1, sizeof(struct data_records));
}

static void on_edge(void *state, struct judging *j, const struct evidence_edge *e)
{
	struct data_records *s = state;

	(void)j;
	for (unsigned i = 0; i < LEGS * POSTS * TRY_ACTIONS; i++)
		s->records += (&e->cell[0][0][0])[i];
}

/* Intervals that SKIPDATA records are of. */
static uint64_t lost_intervals(const struct interface *e, int64_t interval)
{
	uint64_t n = 0;

	for (size_t i = 0; i < e->lost.n; i++)
		n += (uint64_t)((e->lost.span[i].to - e->lost.span[i].from) / (interval + 1) + 1);
	return n;
}

static void find_lost(struct judging *j, uint32_t i)
{
	const struct interface *e = places_at(judging_evidence(j)->places, i);
	int64_t interval = places_logs(judging_evidence(j)->places, i).interval;
	uint64_t n = lost_intervals(e, interval);
	double least = judging_limit(j, &detect_data, "lost");
	struct finding *f = judging_find(
		j, &detect_data, (double)n >= least ? SEVERITY_WARN : SEVERITY_INFO,
		CONFIDENCE_PROVEN, e->lost.span[0].from, e->lost.span[e->lost.n - 1].to);

	f->open = judging_is_open(j, f->until);
	f->measure = (double)n;
	finding_about(f, SUBJECT_INTERFACE, e->interface);
	finding_about(f, SUBJECT_STATUS, "SKIPDATA");
	buf_puts(&f->what, e->interface);
	if (e->has[0]) {
		buf_putc(&f->what, ' ');
		judging_add_host(j, e->address[0], &f->what);
	}
	buf_puts(&f->what, ": SKIPDATA, records were lost");
	buf_printf(&f->value, "%" PRIu64 " %s", n, plural(n, "interval", "intervals"));
	buf_printf(&f->limit, "%.0f", least);
	buf_puts(&f->text,
		 "AWS had no room for all records of this interface: what is not there may have "
		 "happened all the same.");
	for (size_t k = 0; k < e->lost.n && k < SPANS_LISTED; k++) {
		buf_puts(&f->evidence, "lost ");
		tell_time(e->lost.span[k].from, &f->evidence);
		buf_puts(&f->evidence, " to ");
		tell_time(e->lost.span[k].to, &f->evidence);
		buf_putc(&f->evidence, '\n');
	}
	if (e->lost.n > SPANS_LISTED)
		buf_printf(&f->evidence, "and %zu times more\n", e->lost.n - SPANS_LISTED);
	finding_records_at(j, i, f);
	buf_puts(&f->records, " and log-status=SKIPDATA");
	buf_printf(&f->next,
		   "aws ec2 describe-flow-logs --filter Name=resource-id,Values=%s,VPC\n"
		   "where it goes on: fewer new connections, or more interfaces that share them\n",
		   tell_interface(j, i));
}

/* A log of one action alone. */
static void find_one_action(struct judging *j, const struct data_records *s)
{
	const struct evidence *ev = judging_evidence(j);
	struct place_logs logs = places_logs(ev->places, PLACE_NONE);
	const char *has = logs.accepts ? "ACCEPT" : "REJECT",
		   *not = logs.accepts ? "REJECT" : "ACCEPT";
	struct finding *f;

	if (logs.accepts == logs.rejects ||
	    (double)s->records < judging_limit(j, &detect_data, "records"))
		return;
	f = judging_find(j, &detect_data, SEVERITY_INFO, CONFIDENCE_LIKELY, ev->begin, ev->now);
	f->open = true;
	f->measure = 1;
	finding_about(f, SUBJECT_STATUS, has);
	buf_printf(&f->what, "the log holds %s alone", has);
	buf_printf(&f->value, "no %s", not );
	buf_puts(&f->limit, "both");
	buf_printf(
		&f->text,
		"No record says %s: either there was none, or the flow log's traffic type is %s, and "
		"what was %s is not known.",
		not, has, logs.accepts ? "refused" : "let pass");
	buf_printf(&f->evidence, "all of %" PRIu64 " records say %s\n", s->records, has);
	buf_printf(&f->records, "action=%s", has);
	buf_puts(
		&f->next,
		"aws ec2 describe-flow-logs --query FlowLogs[].[FlowLogId,ResourceId,TrafficType]\n");
}

/* Two flow logs of the same interfaces, or a file that was delivered twice. */
static void find_doubles(struct judging *j)
{
	const struct evidence *ev = judging_evidence(j);
	const struct trust_facts *t = ev->sums.facts;
	double share, least = judging_limit(j, &detect_data, "doubles");
	struct finding *f;

	if (!t || !t->doubles_counted || !t->records)
		return;
	share = 100.0 * (double)t->doubles / (double)t->records;
	if (t->doubles == 0 || share < least)
		return;
	f = judging_find(j, &detect_data, SEVERITY_INFO,
			 t->doubles_about ? CONFIDENCE_LIKELY : CONFIDENCE_PROVEN, ev->begin,
			 ev->now);
	f->open = true;
	f->measure = share;
	finding_about(f, SUBJECT_FORM, "doubles");
	buf_printf(&f->what, "%.0f%% of records are exact duplicates of others", share);
	buf_printf(&f->value, "%.0f%%", share);
	buf_printf(&f->limit, "%g%%", least);
	buf_puts(
		&f->text,
		"Records say the same of the same interface, conversation, time, action and counts "
		"as others: two flow logs write here, or a file came twice. What is summed over "
		"them counts both, but findings where all of a minute is there twice.");
	buf_printf(&f->evidence, "%s%" PRIu64 " of %" PRIu64 " records\n",
		   t->doubles_about ? "about " : "", t->doubles, t->records);
	buf_puts(&f->wrong, "the same file was given twice\n");
	buf_puts(&f->refutes,
		 "one flow log is listed for these interfaces, and files are listed once\n");
	buf_puts(&f->next, "aws ec2 describe-flow-logs --query "
			   "FlowLogs[].[FlowLogId,ResourceId,LogDestination]\n");
}

static void judge(void *state, struct judging *j)
{
	const struct places *p = judging_evidence(j)->places;

	for (uint32_t i = 0; i < places_count(p); i++)
		if (places_at(p, i)->lost.n)
			find_lost(j, i);
	find_one_action(j, state);
	find_doubles(j);
}

const struct detector detect_data = {
	.name = "data",
	.title = "the log lacks what findings stand on: records lost, one action alone, duplicates",
	.wrong = "a log that is short, or of interfaces that nothing is refused at\n",
	.refutes = "the flow log's traffic type is ALL; no more SKIPDATA\n",
	.threshold = { { "lost", 3, "",
			 "intervals with SKIPDATA at one interface, from which on it is no chance" },
		       { "records", 100, "",
			 "of one action alone: where there are fewer it may be chance" },
		       { "doubles", 1, "%",
			 "of records that are exact duplicates, where they are looked for (--view "
			 "trust, --assert)" } },
	.begin = begin,
	.edge = on_edge,
	.judge = judge,
	.end = free,
};
