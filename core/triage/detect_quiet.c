/* detect_quiet.c - QUIET: an interface of which no record comes any more, or which was busy and now has
 * none but NODATA. */
#include <inttypes.h>
#include <stdlib.h>

#include "triage/tell.h"

#define LONG_GONE 21600 /* seconds: who is missed by nobody for as long has ended */

enum form { FORM_NONE, FORM_MISSING, FORM_SILENT };

/* Of an interface, by its number. */
struct heard_of {
	enum form form;
	int64_t since;
	int64_t silence; /* silent: its longest one so far, seconds */
	uint32_t seen;   /* missing: conversations with its address that others have later */
};

struct quiet {
	struct heard_of *of;
	uint32_t n;
	int64_t newest[PLACES_LOGS];
};

/* Newest end in each of the logs. */
static void note_newest(const struct places *p, struct quiet *x)
{
	for (unsigned k = 0; k < PLACES_LOGS; k++)
		x->newest[k] = INT64_MIN;
	for (uint32_t i = 0; i < places_count(p); i++) {
		const struct interface *e = places_at(p, i);
		for (unsigned k = 0; k < PLACES_LOGS; k++)
			if ((e->logs >> k & 1) && e->newest > x->newest[k])
				x->newest[k] = e->newest;
	}
}

/* Newest end of those in the same logs. */
static int64_t newest_beside(const struct quiet *x, const struct interface *e)
{
	int64_t newest = e->newest;

	for (unsigned k = 0; k < PLACES_LOGS; k++)
		if ((e->logs >> k & 1) && x->newest[k] > newest)
			newest = x->newest[k];
	return newest;
}

static int64_t longest_gap(const struct time_spans *t)
{
	int64_t longest = 0;

	for (size_t i = 1; i < t->n; i++)
		if (t->span[i].from - t->span[i - 1].to > longest)
			longest = t->span[i].from - t->span[i - 1].to;
	return longest;
}

/* No record, NODATA included, for longer than delivery takes and it ever paused. */
static bool is_missing(struct judging *j, const struct quiet *x, const struct interface *e,
		       int64_t interval, struct heard_of *w)
{
	double intervals = judging_limit(j, &detect_quiet, "intervals");
	int64_t least = (int64_t)(intervals * (double)interval);
	int64_t seconds = (int64_t)judging_limit(j, &detect_quiet, "missing");
	int64_t gap = newest_beside(x, e) - e->newest;

	least = least > seconds ? least : seconds;
	if (gap <= least || gap <= 2 * longest_gap(&e->records) ||
	    e->newest - e->first < 10 * interval)
		return false;
	*w = (struct heard_of){ .form = FORM_MISSING, .since = e->newest };
	return true;
}

/* Nothing but NODATA at its end, after it had traffic in most intervals. */
static bool is_silent(struct judging *j, const struct interface *e, int64_t interval,
		      struct heard_of *w)
{
	const struct time_spans *t = &e->nodata;
	const struct time_span *last = t->n ? &t->span[t->n - 1] : NULL;
	int64_t silent = 0, longest = 0, least = 10 * interval, seconds;
	double busy = judging_limit(j, &detect_quiet, "busy") / 100;

	if (!last || last->to < e->newest - interval || last->from - e->first < 30 * interval)
		return false;
	for (size_t i = 0; i + 1 < t->n; i++) {
		int64_t span = t->span[i].to - t->span[i].from;
		silent += span;
		longest = span > longest ? span : longest;
	}
	seconds = (int64_t)judging_limit(j, &detect_quiet, "silent");
	least = least > seconds ? least : seconds;
	least = least > 3 * longest ? least : 3 * longest;
	if (last->to - last->from < least - interval / 10 ||
	    (double)silent > (1 - busy) * (double)(last->from - e->first) ||
	    time_spans_overlap(&e->lost, last->from, last->to))
		return false;
	*w = (struct heard_of){ .form = FORM_SILENT, .since = last->from, .silence = longest };
	return true;
}

static void *begin(struct judging *j)
{
	const struct places *p = judging_evidence(j)->places;
	struct quiet *x = xcalloc(1, sizeof *x);

	x->n = places_count(p);
	x->of = xcalloc(x->n ? x->n : 1, sizeof *x->of);
	note_newest(p, x);
	for (uint32_t i = 0; i < x->n; i++) {
		const struct interface *e = places_at(p, i);
		int64_t interval = places_logs(p, i).interval;
		if (e->first > e->newest || e->records.merged)
			continue;
		if (!is_missing(j, x, e, interval, &x->of[i]))
			is_silent(j, e, interval, &x->of[i]);
	}
	return x;
}

/* Who still speaks of its address. */
static void see(struct quiet *x, struct judging *j, uint32_t at, int64_t last)
{
	int64_t interval;

	if (at >= x->n || x->of[at].form != FORM_MISSING)
		return;
	interval = places_logs(judging_evidence(j)->places, at).interval;
	x->of[at].seen += last > x->of[at].since + 2 * interval;
}

static void on_edge(void *state, struct judging *j, const struct evidence_edge *e)
{
	see(state, j, e->client_at, e->last);
	if (e->server_at != e->client_at)
		see(state, j, e->server_at, e->last);
}

/* ---- what is found ---- */

static void say_missing(const struct heard_of *w, int64_t gap, struct finding *f)
{
	buf_puts(&f->what, "no records at all");
	if (w->seen)
		buf_printf(&f->what, ", others still see it in %" PRIu32 " %s", w->seen,
			   plural(w->seen, "conversation", "conversations"));
	buf_puts(&f->text,
		 "Neither records nor NODATA come of this interface, while its log goes on: "
		 "the flow log was taken away or fails there, or the interface is gone.");
	if (w->seen)
		buf_puts(&f->text, " Others still see its address: it works, and is not logged.");
	buf_puts(&f->evidence, "last record ");
	tell_time(w->since, &f->evidence);
	buf_puts(&f->evidence, ", its log goes on for ");
	tell_duration(gap, &f->evidence);
	buf_printf(&f->evidence,
		   "\nconversations with its address since then, at others: %" PRIu32 "\n",
		   w->seen);
}

static void say_silent(const struct heard_of *w, struct finding *f)
{
	buf_puts(&f->what, "was busy, and has only NODATA");
	buf_puts(&f->text,
		 "It had traffic most of the time, and now has none at all, neither accepted "
		 "nor refused: nobody asks it, and it asks nobody.");
	buf_puts(&f->evidence, "NODATA since ");
	tell_time(w->since, &f->evidence);
	buf_puts(&f->evidence, ", the longest pause before ");
	tell_duration(w->silence, &f->evidence);
	buf_putc(&f->evidence, '\n');
}

static void find(struct judging *j, const struct quiet *x, uint32_t i)
{
	const struct interface *e = places_at(judging_evidence(j)->places, i);
	const struct heard_of *w = &x->of[i];
	bool missing = w->form == FORM_MISSING;
	int64_t now = missing ? newest_beside(x, e) : e->newest;
	enum severity s = SEVERITY_WARN;
	struct finding *f;

	if (missing && w->seen)
		s = SEVERITY_PAGE;
	else if (missing && now - e->newest > LONG_GONE)
		s = SEVERITY_INFO;
	f = judging_find(j, &detect_quiet, s, CONFIDENCE_PROVEN, w->since, now);
	f->open = judging_is_open(j, now);
	f->measure = (double)(now - w->since);
	finding_about(f, SUBJECT_INTERFACE, e->interface);
	finding_about(f, SUBJECT_FORM, missing ? "missing" : "silent");
	buf_puts(&f->what, e->interface);
	if (e->has[0] || e->has[1]) {
		buf_putc(&f->what, ' ');
		judging_add_host(j, e->address[e->has[0] ? 0 : 1], &f->what);
	}
	buf_puts(&f->what, ": ");
	tell_duration(now - w->since, &f->value);
	tell_duration((int64_t)judging_limit(j, &detect_quiet, missing ? "missing" : "silent"),
		      &f->limit);
	if (missing)
		say_missing(w, now - w->since, f);
	else
		say_silent(w, f);
	finding_records_at(j, i, f);
	buf_printf(&f->next, "aws ec2 describe-network-interfaces --network-interface-ids %s\n",
		   tell_interface(j, i));
	buf_printf(
		&f->next,
		"aws ec2 describe-flow-logs --filter Name=resource-id,Values=%s,VPC  (its status, "
		"DeliverLogsErrorMessage)\n",
		tell_interface(j, i));
}

static void judge(void *state, struct judging *j)
{
	struct quiet *x = state;

	for (uint32_t i = 0; i < x->n; i++)
		if (x->of[i].form != FORM_NONE)
			find(j, x, i);
}

static void end(void *state)
{
	struct quiet *x = state;

	free(x->of);
	free(x);
}

const struct detector detect_quiet = {
	.name = "quiet",
	.title = "an interface of which no records come any more, or that was busy and is silent",
	.wrong = "the instance has ended, or was scaled in; it is night\n"
		 "the last files of the log are not there yet\n",
	.refutes = "it speaks again; describe-network-interfaces does not know it any more\n",
	.threshold = { { "missing", 600, "s",
			 "without any record, NODATA included: delivery takes up to 10 minutes" },
		       { "intervals", 5, "", "of aggregation without any, whichever is longer" },
		       { "silent", 600, "s",
			 "of NODATA alone, and 10 intervals, and 3 times its longest pause before" },
		       { "busy", 80, "%",
			 "of the time before it must have had traffic, in 30 intervals at least" } },
	.begin = begin,
	.edge = on_edge,
	.judge = judge,
	.end = end,
};
