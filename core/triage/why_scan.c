/* why_scan.c - see why_scan.h. */
#include "triage/why_scan.h"

#include <stdlib.h>

#include "query/scan.h"

#define ASIDES 65536u /* records of others with the server that are looked at */

struct why_scan {
	struct scan scan;
	struct labels *labels;
	struct why_question question[WHY_SCAN_QUESTIONS];
	size_t questions;
	const struct places *places;
	struct sightings sightings;
	bool done;
};

struct why_scan *why_scan_new(struct ring *r, const struct places *p, struct labels *l,
			      const struct why_question *q, size_t questions, size_t most,
			      struct span span)
{
	struct why_scan *s = xcalloc(1, sizeof *s);

	scan_begin(&s->scan, r, true, span);
	if (span.from != INT64_MIN || span.to != INT64_MAX) {
		s->sightings.from = span.from;
		s->sightings.to = span.to;
	}
	s->labels = l;
	for (; s->questions < questions && s->questions < WHY_SCAN_QUESTIONS; s->questions++)
		s->question[s->questions] = q[s->questions];
	s->places = p;
	s->sightings.most = most;
	s->sightings.asides_most = ASIDES; /* the newest: those segments come first */
	return s;
}

void why_scan_free(struct why_scan *s)
{
	if (!s)
		return;
	sightings_release(&s->sightings);
	free(s);
}

bool why_scan_step(struct why_scan *s, uint64_t budget_ns)
{
	uint64_t end = monotonic_ns() + budget_ns;
	const struct dict *d = ring_dict(s->scan.ring);

	while (!s->done && scan_look(&s->scan)) {
		const struct segment *g = s->scan.segment;
		sightings_add(&s->sightings, s->places, g, d, s->question, s->questions);
		scan_next(&s->scan);
		if (monotonic_ns() >= end)
			return true;
	}
	s->done = true;
	return false;
}

unsigned why_scan_percent(const struct why_scan *s)
{
	return s->done ? 100 : scan_percent(&s->scan);
}

size_t why_scan_bytes(const struct why_scan *s)
{
	return s ? sizeof *s + sightings_bytes(&s->sightings) : 0;
}

void why_scan_ask(struct why_scan *s, size_t question, uint16_t port, struct why *out)
{
	struct why_pair c = why_pair_of(&s->question[question], port);

	why_ask(s->places, s->labels, &s->sightings, &c, out);
}

struct why_asking *why_scan_begin(struct why_scan *s, size_t question, uint16_t port,
				  struct why *out)
{
	struct why_pair c = why_pair_of(&s->question[question], port);

	return why_ask_begin(s->places, s->labels, &s->sightings, &c, out);
}

const struct sightings *why_scan_sightings(const struct why_scan *s)
{
	return &s->sightings;
}
