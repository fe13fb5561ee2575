/* why_scan.c - see why_scan.h. */
#include "triage/why_scan.h"

#include <stdlib.h>

#include "query/scan.h"

struct why_scan {
	struct scan scan;
	struct labels *labels;
	struct why_question question[WHY_SCAN_QUESTIONS];
	size_t questions;
	struct places *places;
	struct sightings sightings;
	unsigned (*log_of)(void *ctx, uint32_t source);
	void *ctx;
	bool done;
};

struct why_scan *why_scan_new(struct ring *r, struct labels *l, const struct why_question *q,
			      size_t questions, size_t most,
			      unsigned (*log_of)(void *ctx, uint32_t source), void *ctx)
{
	struct why_scan *s = xcalloc(1, sizeof *s);

	scan_begin(&s->scan, r, false, (struct span){ INT64_MIN, INT64_MAX, false });
	s->labels = l;
	for (; s->questions < questions && s->questions < WHY_SCAN_QUESTIONS; s->questions++)
		s->question[s->questions] = q[s->questions];
	s->places = places_new();
	s->sightings.most = most;
	s->log_of = log_of;
	s->ctx = ctx;
	return s;
}

void why_scan_free(struct why_scan *s)
{
	if (!s)
		return;
	places_free(s->places);
	sightings_release(&s->sightings);
	free(s);
}

bool why_scan_step(struct why_scan *s, uint64_t budget_ns)
{
	uint64_t end = monotonic_ns() + budget_ns;
	const struct dict *d = ring_dict(s->scan.ring);

	while (!s->done && scan_look(&s->scan)) {
		const struct segment *g = s->scan.segment;
		places_add(s->places, g, d, 0, g->rows, s->log_of(s->ctx, g->source));
		sightings_add(&s->sightings, s->places, g, d, s->question, s->questions);
		scan_next(&s->scan);
		if (monotonic_ns() >= end)
			return true;
	}
	if (!s->done)
		places_settle(s->places, s->labels);
	s->done = true;
	return false;
}

unsigned why_scan_percent(const struct why_scan *s)
{
	return s->done ? 100 : scan_percent(&s->scan);
}

size_t why_scan_bytes(const struct why_scan *s)
{
	return s ? sizeof *s + places_bytes(s->places) + sightings_bytes(&s->sightings) : 0;
}

void why_scan_ask(struct why_scan *s, size_t question, uint16_t port, struct why *out)
{
	struct why_pair c = why_pair_of(&s->question[question], port);

	why_ask(s->places, s->labels, &s->sightings, &c, out);
}

const struct places *why_scan_places(const struct why_scan *s)
{
	return s->places;
}

const struct sightings *why_scan_sightings(const struct why_scan *s)
{
	return &s->sightings;
}
