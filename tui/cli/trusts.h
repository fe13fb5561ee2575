/* trusts.h - what a report of trust rests on: interfaces and their minutes, duplicates, how late
 * records come, of all records that are read. */
#ifndef ENITOP_TRUSTS_H
#define ENITOP_TRUSTS_H

#include "cli/options.h"
#include "monitor/monitor.h"
#include "triage/trust_facts.h"

struct trusts;

struct trusts *trusts_new(const struct options *o, struct monitor *m);
void trusts_free(struct trusts *v);
/* The rows of a published segment, which stays the caller's; `arrived`: just now, it is followed. */
void trusts_add(struct trusts *v, const struct segment *s, bool arrived);
/* Decides whose addresses are whose. Before: */
void trusts_settle(struct trusts *v);
/* a segment that was added before, once all were: which of its rows are second sightings, and of an
 * interface that misses them. */
void trusts_look_again(struct trusts *v, const struct segment *s);
/* That was done: of all of them, or it says nothing. */
void trusts_has_looked_again(struct trusts *v, bool all);
/* What was learned of interfaces. */
const struct places *trusts_places(const struct trusts *v);
/* What there is to say of the times in the span; the caller's no longer than until the next call. */
const struct trust_facts *trusts_facts(struct trusts *v, struct span span);

#endif
