/* finds.c - see finds.h. */
#include "cli/finds.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/terminal.h"
#include "cli/named_logs.h"
#include "cli/reread.h"
#include "cli/rules_open.h"
#include "cli/spikes.h"
#include "decode/second.h"
#include "output/export_findings.h"
#include "triage/assertion.h"
#include "triage/findings.h"
#include "triage/judging.h"
#include "triage/tolls.h"
#include "triage/watched.h"

struct finds {
	const struct options *o;
	struct monitor *monitor;
	struct places *places;
	struct named_logs logs;
	struct rules *rules;
	struct baseline *learned; /* for --save-baseline; NULL: none */
	struct edges *edges;
	struct tolls *tolls;
	struct watched *series;
	struct filter *watch[WATCHED_MAX]; /* of --watch */
	struct judging *judging;
	struct findings *book;
	const struct why_question *question;
	size_t questions;
	struct sightings sightings;
	/* Segments that are held, so that they are not read again. */
	struct segment **held;
	size_t helds, held_cap;
	uint64_t held_bytes;
	bool holds; /* all of them */
	bool lost;  /* rows left the ring before they were judged */
};

bool finds_asked(const struct options *o)
{
	bool whole = o->batch && !o->follow && !*o->where && !o->window_s &&
		     o->since_s == INT64_MIN && o->until_s == INT64_MAX;

	for (unsigned i = 0; i < o->views; i++)
		if (o->view[i]->judged)
			return true;
	for (unsigned i = 0; i < o->asserts; i++)
		if (whole && assertion_asks_findings(str_of(o->assertion[i])))
			return true;
	return false;
}

bool finds_lead(const struct options *o)
{
	bool asked = o->view_given || o->group_given || o->metric_given || o->heat_given ||
		     *o->where || o->window_given || o->whys || o->asserts || o->spike ||
		     o->sql >= 0;

	return o->batch && o->output == OUTPUT_TABLE && !asked && o->since_s == INT64_MIN &&
	       o->until_s == INT64_MAX && o->mark_s == INT64_MIN && reread_is_of_files(o);
}

bool finds_want(const struct options *o, struct field_set *out)
{
	sightings_want(out);
	out->has[FIELD_TRAFFIC_PATH] = true;
	out->has[FIELD_PKT_SRC_AWS_SERVICE] = true;
	out->has[FIELD_PKT_DST_AWS_SERVICE] = true;
	out->has[FIELD_ACTION] = true;
	return spikes_want(o, out);
}

/* What is known already is kept. NULL where it can't be read: that was said. */
static struct baseline *learning(const struct options *o)
{
	struct baseline *b = baseline_new();
	struct label_faults faults = { 0 };

	if (o->baseline && baseline_read(b, o->baseline, &faults) < 0) {
		complain("cannot read '%s' again", o->baseline);
		baseline_free(b);
		b = NULL;
	}
	buf_release(&faults.text);
	return b;
}

struct finds *finds_new(const struct options *o, struct monitor *m)
{
	struct finds *f = xcalloc(1, sizeof *f);

	f->o = o;
	f->monitor = m;
	f->places = places_new();
	places_limit(f->places, o->memory / 16);
	places_want_ways(f->places);
	f->logs = (struct named_logs){ .options = o, .monitor = m };
	f->rules = rules_open(o);
	/* What counts once is read again before anybody else has it. */
	f->holds = !reread_holds(o) && !o->once && !options_price(o);
	f->sightings.most = o->memory / 4 / sizeof(struct sighting);
	if (f->rules && o->save_baseline)
		f->learned = learning(o);
	if (f->rules && (f->learned || !o->save_baseline))
		return f;
	finds_free(f);
	return NULL;
}

void finds_free(struct finds *f)
{
	if (!f)
		return;
	findings_free(f->book);
	judging_free(f->judging);
	edges_free(f->edges);
	tolls_free(f->tolls);
	watched_free(f->series);
	for (unsigned i = 0; i < f->o->watches; i++)
		filter_free(f->watch[i]);
	sightings_release(&f->sightings);
	rules_free(f->rules);
	baseline_free(f->learned);
	places_free(f->places);
	named_logs_release(&f->logs);
	free(f);
}

void finds_learn(struct finds *f, const struct segment *s)
{
	places_add(f->places, s, monitor_dict(f->monitor), 0, s->rows,
		   named_logs_of(&f->logs, s->source));
}

bool finds_hold(struct finds *f, struct segment *s)
{
	if (!f->holds)
		return false;
	f->held_bytes += segment_bytes(s);
	f->holds = f->held_bytes + dict_bytes(monitor_dict(f->monitor)) <= f->o->memory / 8;
	if (!f->holds)
		return false;
	xgrow((void **)&f->held, &f->held_cap, f->helds + 1, sizeof(struct segment *));
	f->held[f->helds++] = s;
	return true;
}

static void free_held(struct finds *f)
{
	for (size_t i = 0; i < f->helds; i++)
		segment_free(f->held[i], monitor_dict(f->monitor));
	free(f->held);
	f->held = NULL;
	f->helds = 0;
	f->holds = false;
}

/* ---- read again ---- */

/* As reread(), of what is held where that is all. */
static bool go_through(struct finds *f, struct reports *all,
		       void (*add)(struct reports *all, struct segment *s, bool kept))
{
	if (!f->holds)
		return reread(all, add);
	for (size_t i = 0; i < f->helds; i++)
		add(all, f->held[i], true);
	return true;
}

static void let_go(struct finds *f, struct segment *s, bool kept)
{
	if (!kept)
		segment_free(s, monitor_dict(f->monitor));
}

static struct watched *series_of(struct finds *f, int64_t latest)
{
	struct watched *w;
	struct spike_rule rule = spikes_rule(f->o, rules_limit(f->rules, &detect_spike, "z"));

	rule.size = rules_limit(f->rules, &detect_spike, "bytes");
	w = watched_new(f->places, monitor_labels(f->monitor), &rule, f->o->memory / 16, latest);
	spikes_add_watches(f->o, w, f->watch);
	return w;
}

static void watch_rows(struct finds *f, const struct segment *s)
{
	watched_rows(f->series, s, monitor_dict(f->monitor), 0, s->rows,
		     (struct span){ INT64_MIN, INT64_MAX, false });
	watched_make_room(f->series);
}

static void count(struct reports *all, struct segment *s, bool kept)
{
	struct finds *f = all->finds;
	uint64_t second[SEGMENT_ROWS / 64 + 1];
	struct second_counts counts;

	second_sightings(f->places, s, monitor_dict(f->monitor), 0, s->rows, second, NULL, &counts);
	edges_rows(f->edges, s, 0, s->rows, 1, second);
	tolls_add(f->tolls, f->places, s, monitor_dict(f->monitor), 0, s->rows, second, 1);
	watch_rows(f, s);
	let_go(f, s, kept);
}

static void gather(struct reports *all, struct segment *s, bool kept)
{
	struct finds *f = all->finds;

	sightings_add(&f->sightings, f->places, s, monitor_dict(f->monitor), f->question,
		      f->questions);
	let_go(f, s, kept);
}

/* What trust counted of the same records; NULL: nobody asked it. */
static const struct trust_facts *facts_of(struct reports *all)
{
	if (!all->trusts)
		return NULL;
	trusts_settle(all->trusts);
	return trusts_facts(all->trusts, all->span);
}

bool finds_judge(struct finds *f, struct reports *all)
{
	struct labels *l = monitor_labels(f->monitor);
	int64_t now, ceiling = monitor_ceiling(f->monitor);
	struct finding *const *found;
	size_t n;
	bool same;

	folds_drain(all->folds); /* they read what is held */
	if (!f->holds)
		free_held(f);
	places_settle(f->places, l);
	now = places_newest(f->places);
	now = now < ceiling ? now : ceiling;
	f->edges = edges_new_lasting(monitor_dict(f->monitor), f->places, f->o->memory / 16, now);
	f->tolls = tolls_new(f->o->memory / 64);
	f->series = series_of(f, ceiling);
	same = go_through(f, all, count);
	watched_close(f->series);
	f->judging = judging_new(f->rules, f->edges, f->places, l, f->o->memory / 16, f->learned);
	judging_set_sums(f->judging, (struct evidence_sums){ .tolls = f->tolls,
							     .series = f->series,
							     .prices = &f->o->prices,
							     .facts = facts_of(all) });
	while (judging_step(f->judging, UINT64_MAX / 2))
		;
	f->question = judging_asks(f->judging, &f->questions);
	if (f->questions)
		same &= go_through(f, all, gather);
	free_held(f);
	while (judging_decide(f->judging, &f->sightings, UINT64_MAX / 2))
		;
	f->book = findings_new(f->rules);
	found = judging_findings(f->judging, &n);
	findings_take(f->book, found, n, now);
	f->lost = ring_evicted(monitor_ring(f->monitor)) > 0;
	return same;
}

/* ---- the end ---- */

/* False, and said, where it could not be written; what was not learned is not written for good. */
static bool save_baseline(struct finds *f, bool complete)
{
	const char *path = f->o->save_baseline;
	int rc;

	if (!f->learned)
		return true;
	if (baseline_dropped(f->learned))
		complain("%s: %" PRIu64 " conversations are too many for a baseline", path,
			 baseline_dropped(f->learned));
	if (!complete)
		complain("%s: what the baseline learned from was not complete", path);
	rc = baseline_write(f->learned, path);
	if (rc < 0)
		complain("cannot write '%s': %s", path, strerror(-rc));
	return rc == 0;
}

/* Whether there is none. `says`: a line each on standard error. */
static bool look_for_doubts(struct finds *f, bool says)
{
	const struct edges_counts e = edges_counts(f->edges);
	const struct judging_counts c = judging_counts(f->judging);
	struct input_counts counts;
	bool none = true;

	monitor_counts(f->monitor, &counts);
	const struct {
		uint64_t n;
		const char *one, *many;
	} doubts[] = {
		{ e.dropped, "conversation had no room in --memory: it is not judged by all it did",
		  "conversations had no room in --memory: they are not judged by all they did" },
		{ e.dropped_minutes, "minute of a conversation had no room in --memory",
		  "minutes of conversations had no room in --memory" },
		{ e.left_out,
		  "record has no time, no action or no column that says who talks: it "
		  "is not judged",
		  "records have no time, no action or no column that says who talks: they are not "
		  "judged" },
		{ c.unasked, "conversation may fail and was not looked at: there are too many",
		  "conversations may fail and were not looked at: there are too many" },
		{ c.dropped, "conversation was too many for a rule",
		  "conversations were too many for a rule" },
		{ c.left_out, "try, older ones of a conversation, was left out",
		  "tries, older ones of a conversation, were left out" },
		{ f->sightings.dropped, "record, the oldest, had no room in --memory",
		  "records, the oldest, had no room in --memory" },
		{ findings_counts(f->book).dropped, "finding is too many",
		  "findings are too many" },
		{ tolls_dropped(f->tolls),
		  "byte that is paid for had no room in --memory: it is in no sum by whom it is",
		  "bytes that are paid for had no room in --memory: they are in no sum by whom "
		  "they are" },
		{ watched_doubts(f->series)->late + watched_doubts(f->series)->dropped,
		  "record had no room in --memory: it is in no series",
		  "records had no room in --memory: they are in no series" },
		{ places_dropped(f->places), "record is of an interface too many",
		  "records are of interfaces too many" },
		{ f->lost ? ring_evicted(monitor_ring(f->monitor)) : 0,
		  "flow left --memory before it was judged",
		  "flows left --memory before they were judged" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(doubts); i++) {
		if (!doubts[i].n)
			continue;
		if (says)
			complain("findings: %" PRIu64 " %s", doubts[i].n,
				 plural(doubts[i].n, doubts[i].one, doubts[i].many));
		none = false;
	}
	return none;
}

int64_t finds_count(void *ctx, struct str name)
{
	struct finds *f = ctx;
	int s = severity_find(name);
	size_t n, count;

	findings_list(f->book, false, &n); /* by it they are counted */
	count = s >= 0 ? findings_counts(f->book).of[s]
		       : findings_of_rule(f->book, detector_find(name));
	return count || look_for_doubts(f, false) ? (int64_t)count : -1;
}

void finds_write_lead(struct finds *f, bool complete, struct buf *out)
{
	const struct evidence *v = judging_evidence(f->judging);
	const char *name[DETECTORS_N];
	struct findings_context c = { .begin = v->begin,
				      .now = v->now,
				      .interfaces = places_count(f->places) };
	size_t n;
	struct finding *const *list = findings_list(f->book, false, &n);

	c.rules = detectors_that_judge(&v->sums, name);
	c.muted = findings_counts(f->book).muted;
	c.complete = look_for_doubts(f, false) && complete;
	export_findings_lead(list, n, &c, out);
}

bool finds_write(struct finds *f, enum output o, uint64_t limit, bool complete, struct buf *out)
{
	const struct edges_counts e = edges_counts(f->edges);
	const struct evidence *v = judging_evidence(f->judging);
	const char *name[DETECTORS_N];
	struct findings_context c = { .begin = v->begin,
				      .now = v->now,
				      .rule = name,
				      .interfaces = places_count(f->places),
				      .edges = e.edges,
				      .edges_dropped = e.dropped,
				      .rows_dropped = e.dropped_rows,
				      .rows_left_out = e.left_out,
				      .minutes_dropped = e.dropped_minutes,
				      .undecided = judging_counts(f->judging).unasked };
	size_t n;
	struct finding *const *list = findings_list(f->book, false, &n);

	c.rules = detectors_that_judge(&v->sums, name);
	c.folded = findings_counts(f->book).folded;
	c.muted = findings_counts(f->book).muted;
	c.complete = look_for_doubts(f, true) && complete;
	export_findings(o, list, n, limit, &c, out);
	return save_baseline(f, c.complete) && c.complete;
}
