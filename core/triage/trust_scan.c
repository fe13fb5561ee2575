/* trust_scan.c - see trust_scan.h. */
#include "triage/trust_scan.h"

#include "decode/second.h"

#define RECORD_BYTES 32u /* about what a record takes of which duplicates are looked for */

void trust_scan_begin(struct trust_scan *s, struct ring *r, const struct places *p, size_t most)
{
	trust_scan_release(s);
	s->places = p;
	s->doubles.most = most / RECORD_BYTES < 64 ? 64 : most / RECORD_BYTES;
	s->doubles.most = s->doubles.most < DOUBLES_MAX ? s->doubles.most : DOUBLES_MAX;
	s->witnesses = witnesses_new(p);
	s->running = true;
	/* By order of arrival: delays go by the order of lines. */
	scan_begin(&s->scan, r, false, (struct span){ INT64_MIN, INT64_MAX, false });
}

static void add(struct trust_scan *s)
{
	uint64_t bits[SEGMENT_ROWS / 64 + 1];
	const struct segment *g = s->scan.segment;
	const struct dict *d = ring_dict(s->scan.ring);
	uint32_t rows = s->scan.rows;
	struct second_counts counts;

	doubles_add(&s->doubles, g, d, 0, rows);
	delays_add(&s->delays, g, 0, rows, INT64_MIN);
	witnesses_add(s->witnesses, g, d, 0, rows);
	second_sightings(s->places, g, d, 0, rows, bits, NULL, &counts);
	s->seconds += counts.second;
	s->undecided += counts.undecided;
	s->records += rows;
}

bool trust_scan_step(struct trust_scan *s, uint64_t budget_ns)
{
	uint64_t end = monotonic_ns() + budget_ns;

	while (s->running && scan_look(&s->scan)) {
		add(s);
		scan_next(&s->scan);
		if (monotonic_ns() >= end)
			return true;
	}
	return false;
}

void trust_scan_end(struct trust_scan *s, struct trust_facts *f)
{
	f->records = s->records;
	f->doubles_counted = f->seconds_counted = true;
	f->doubles = doubles_count(&s->doubles, &f->doubles_about);
	f->seconds = s->seconds;
	f->seconds_undecided = s->undecided;
	f->delay_median = delays_median(&s->delays);
	f->delay_slowest = s->delays.slowest;
	witnesses_free(f->witnesses);
	f->witnesses = s->witnesses;
	s->witnesses = NULL;
	trust_scan_release(s);
}

size_t trust_scan_bytes(const struct trust_scan *s)
{
	return doubles_bytes(&s->doubles) + witnesses_bytes(s->witnesses);
}

void trust_scan_release(struct trust_scan *s)
{
	doubles_release(&s->doubles);
	delays_release(&s->delays);
	witnesses_free(s->witnesses);
	*s = (struct trust_scan){ .running = false };
}
