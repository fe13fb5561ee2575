/* watching.c - see watching.h. */
#include "triage/watching.h"

#include <stdlib.h>

#include "query/scan.h"
#include "triage/judging.h"

enum stage { STAGE_NONE, STAGE_SUMS, STAGE_SERIES, STAGE_EDGES, STAGE_RECORDS, STAGE_DECIDE };

struct watching {
	const struct rules *rules;
	struct ring *ring;
	struct edges *edges;
	const struct places *places;
	struct labels *labels;
	struct summing *sums; /* NULL: none are kept */
	size_t most;
	enum stage stage;
	struct judging *judging; /* from STAGE_EDGES on */
	const struct why_question *question;
	size_t questions;
	struct scan scan;
	struct sightings sightings;
	uint64_t moves; /* of edges, when they were begun with */
	int64_t until, judged;
	uint64_t dropped;
	struct findings *book;
};

struct watching *watching_new(const struct rules *rules, struct ring *r, struct edges *e,
			      const struct places *p, struct labels *l, size_t most)
{
	struct watching *w = xcalloc(1, sizeof *w);

	w->rules = rules;
	w->ring = r;
	w->edges = e;
	w->places = p;
	w->labels = l;
	w->most = most;
	w->judged = INT64_MIN;
	w->sightings.most = most / 2 / sizeof(struct sighting);
	w->book = findings_new(rules);
	return w;
}

static void let_go(struct watching *w)
{
	judging_free(w->judging);
	w->judging = NULL;
	sightings_release(&w->sightings);
	w->sightings.dropped = 0;
	w->stage = STAGE_NONE;
}

void watching_free(struct watching *w)
{
	if (!w)
		return;
	let_go(w);
	findings_free(w->book);
	free(w);
}

/* ---- when ---- */

/* The end of the last minute that is complete. */
static int64_t complete_until(const struct watching *w)
{
	int64_t now = places_newest(w->places), until = now;

	if (now == INT64_MIN)
		return now;
	for (uint32_t i = 0; i < places_count(w->places); i++) {
		int64_t newest = places_at(w->places, i)->newest;
		if (newest >= now - WATCHING_LATE_S && newest < until)
			until = newest;
	}
	return until - until % 60;
}

static void begin(struct watching *w)
{
	w->until = complete_until(w);
	if (w->sums)
		summing_begin(w->sums, ring_ceiling(w->ring));
	w->stage = STAGE_SUMS;
}

/* ---- the stages ---- */

/* Each returns whether its stage goes on. */
static bool step_sums(struct watching *w, uint64_t budget_ns)
{
	if (!w->sums)
		return false;
	if (summing_step(w->sums, budget_ns))
		return true;
	watched_look_begin(summing_series(w->sums), w->until);
	return false;
}

static bool step_series(struct watching *w, uint64_t budget_ns)
{
	return w->sums && watched_look(summing_series(w->sums), budget_ns);
}

static void begin_edges(struct watching *w)
{
	w->moves = edges_moves(w->edges);
	w->judging = judging_new(w->rules, w->edges, w->places, w->labels, w->most / 2, NULL);
	judging_set_until(w->judging, w->until);
	judging_set_sums(w->judging, watching_sums(w));
}

static bool step_edges(struct watching *w, uint64_t budget_ns)
{
	if (w->judging && edges_moves(w->edges) != w->moves) {
		let_go(w);
		w->until = complete_until(w);
		w->stage = STAGE_EDGES;
	}
	if (!w->judging)
		begin_edges(w);
	if (judging_step(w->judging, budget_ns))
		return true;
	w->question = judging_asks(w->judging, &w->questions);
	scan_begin(&w->scan, w->ring, true, (struct span){ INT64_MIN, INT64_MAX, false });
	return false;
}

static bool step_records(struct watching *w, uint64_t budget_ns)
{
	uint64_t end = monotonic_ns() + budget_ns;

	while (w->questions && scan_look(&w->scan)) {
		sightings_add(&w->sightings, w->places, w->scan.segment, ring_dict(w->ring),
			      w->question, w->questions);
		scan_next(&w->scan);
		if (monotonic_ns() >= end)
			return true;
	}
	return false;
}

static bool step_decide(struct watching *w, uint64_t budget_ns)
{
	struct judging_counts c;
	struct finding *const *f;
	size_t n;

	if (judging_decide(w->judging, &w->sightings, budget_ns))
		return true;
	f = judging_findings(w->judging, &n);
	findings_take(w->book, f, n, judging_evidence(w->judging)->now);
	c = judging_counts(w->judging);
	w->dropped = c.unasked + c.dropped + w->sightings.dropped;
	w->dropped += w->sums ? summing_unseen(w->sums) : 0;
	w->judged = w->until;
	let_go(w);
	return false;
}

bool watching_step(struct watching *w, uint64_t budget_ns)
{
	bool more = false;

	switch (w->stage) {
	case STAGE_NONE:
		if (complete_until(w) <= w->judged)
			return false;
		begin(w);
		return true;
	case STAGE_SUMS:
		more = step_sums(w, budget_ns);
		break;
	case STAGE_SERIES:
		more = step_series(w, budget_ns);
		break;
	case STAGE_EDGES:
		more = step_edges(w, budget_ns);
		break;
	case STAGE_RECORDS:
		more = step_records(w, budget_ns);
		break;
	case STAGE_DECIDE:
		if (!step_decide(w, budget_ns))
			return complete_until(w) > w->judged;
		return true;
	}
	w->stage = more ? w->stage : (enum stage)(w->stage + 1);
	return true;
}

/* ---- what is told of it ---- */

void watching_set_sums(struct watching *w, struct summing *s)
{
	w->sums = s;
}

struct evidence_sums watching_sums(const struct watching *w)
{
	return w->sums ? summing_sums(w->sums) : (struct evidence_sums){ .tolls = NULL };
}

void watching_evict(struct watching *w, const struct segment *g)
{
	if (w->sums)
		summing_evict(w->sums, g);
}

void watching_remark(struct watching *w, const struct segment *g)
{
	if (w->sums)
		summing_remark(w->sums, g);
}

void watching_again(struct watching *w)
{
	let_go(w);
	if (w->sums)
		summing_again(w->sums);
	w->judged = INT64_MIN;
}

void watching_anew(struct watching *w)
{
	watching_again(w);
	findings_anew(w->book);
}

struct findings *watching_findings(const struct watching *w)
{
	return w->book;
}

int64_t watching_until(const struct watching *w)
{
	return w->judged;
}

uint64_t watching_dropped(const struct watching *w)
{
	return w->dropped;
}

size_t watching_bytes(const struct watching *w)
{
	return sizeof *w + findings_bytes(w->book) + sightings_bytes(&w->sightings) +
	       (w->judging ? judging_bytes(w->judging) : 0);
}
