/* trusts.c - see trusts.h. */
#include "cli/trusts.h"

#include <stdlib.h>

#include "cli/named_logs.h"
#include "decode/second.h"
#include "schema/format.h"
#include "triage/delays.h"
#include "triage/doubles.h"

#define DOUBLES_BYTES 32u /* about what each takes */

struct trusts {
	const struct options *options;
	struct monitor *monitor;
	struct places *places;
	struct named_logs logs;
	struct doubles doubles;
	struct delays delays;
	struct trust trust;
	struct trust_facts facts;
};

struct trusts *trusts_new(const struct options *o, struct monitor *m)
{
	struct trusts *v = xcalloc(1, sizeof *v);
	uint64_t most = o->memory / 16 / DOUBLES_BYTES;

	v->options = o;
	v->monitor = m;
	v->places = places_new();
	places_limit(v->places, o->memory / 16);
	v->logs = (struct named_logs){ .options = o, .monitor = m };
	v->doubles.most = (size_t)(most < DOUBLES_MAX ? most : DOUBLES_MAX);
	return v;
}

void trusts_free(struct trusts *v)
{
	if (!v)
		return;
	trust_release(&v->trust);
	witnesses_free(v->facts.witnesses);
	places_free(v->places);
	named_logs_release(&v->logs);
	doubles_release(&v->doubles);
	delays_release(&v->delays);
	format_release(v->facts.format);
	free(v);
}

void trusts_add(struct trusts *v, const struct segment *s, bool arrived)
{
	const struct format *had = v->facts.format;

	places_add(v->places, s, monitor_dict(v->monitor), 0, s->rows,
		   named_logs_of(&v->logs, s->source));
	doubles_add(&v->doubles, s, monitor_dict(v->monitor), 0, s->rows);
	delays_add(&v->delays, s, 0, s->rows, arrived ? options_now(v->options) : INT64_MIN);
	v->facts.records += s->rows;
	trust_facts_format(&v->facts, s->format);
	if (v->facts.format != had) {
		format_hold(v->facts.format);
		format_release(had);
	}
}

void trusts_settle(struct trusts *v)
{
	places_settle(v->places, monitor_labels(v->monitor));
	witnesses_free(v->facts.witnesses);
	v->facts.witnesses = NULL;
}

void trusts_look_again(struct trusts *v, const struct segment *s)
{
	uint64_t bits[SEGMENT_ROWS / 64 + 1];
	struct second_counts counts;

	if (!v->facts.witnesses)
		v->facts.witnesses = witnesses_new(v->places);
	witnesses_add(v->facts.witnesses, s, monitor_dict(v->monitor), 0, s->rows);
	second_sightings(v->places, s, monitor_dict(v->monitor), 0, s->rows, bits, NULL, &counts);
	v->facts.seconds += counts.second;
	v->facts.seconds_undecided += counts.undecided;
}

void trusts_has_looked_again(struct trusts *v, bool all)
{
	v->facts.seconds_counted = all;
	if (!all) {
		witnesses_free(v->facts.witnesses);
		v->facts.witnesses = NULL;
	}
}

const struct places *trusts_places(const struct trusts *v)
{
	return v->places;
}

const struct trust_facts *trusts_facts(struct trusts *v, struct span span)
{
	struct trust_facts *f = &v->facts;

	trust_release(&v->trust);
	trust_make(v->places, span, &v->trust);
	f->trust = &v->trust;
	f->labels = monitor_labels(v->monitor);
	f->doubles_counted = true;
	f->doubles = doubles_count(&v->doubles, &f->doubles_about);
	f->delay_live = v->delays.live;
	f->delay_median = delays_median(&v->delays);
	f->delay_slowest = v->delays.slowest;
	return f;
}
