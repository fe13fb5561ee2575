/* places.c - see places.h. */
#include "decode/places.h"

#include <stdlib.h>

#include "base/hash.h"
#include "decode/places_own.h"
#include "decode/places_state.h"

#define PLACE_TEXTS 192 /* about what the texts of an interface take, and its times at first */
#define BRIDGE_S 60     /* gaps up to it say nothing: an interval is as long */
#define LONG_RECORD 120 /* seconds: none of the short interval is as long */
#define TRANSIT_ROWS 8u /* without an own address: it has none */
#define LATE_S 600      /* that one interface may be behind the others and still come */

/* ---- life ---- */

struct places *places_new(void)
{
	struct places *p = xcalloc(1, sizeof *p);

	p->newest = INT64_MIN;
	p->most = PLACES_MAX;
	for (unsigned i = 0; i < PLACES_LOGS; i++)
		p->log[i] = (struct place_log){ .first = INT64_MAX, .newest = INT64_MIN };
	return p;
}

static void place_release(struct interface *e)
{
	free(e->interface);
	free(e->subnet);
	free(e->vpc);
	free(e->zone);
	free(e->instance);
	free(e->kind);
	time_spans_release(&e->records);
	time_spans_release(&e->traffic);
	time_spans_release(&e->nodata);
	time_spans_release(&e->lost);
}

void places_free(struct places *p)
{
	if (!p)
		return;
	for (uint32_t i = 0; i < p->n; i++)
		place_release(&p->place[i]);
	free(p->place);
	free(p->slot);
	free(p->own);
	free(p->of_code);
	nat_sample_release(&p->sample);
	free(p);
}

void places_limit(struct places *p, uint64_t bytes)
{
	uint64_t most = bytes / (sizeof(struct interface) + PLACE_TEXTS);

	p->most = most > PLACES_MAX     ? PLACES_MAX
		  : most < PLACES_LEAST ? PLACES_LEAST
					: (uint32_t)most;
}

size_t places_bytes(const struct places *p)
{
	size_t n = sizeof *p + p->cap * sizeof *p->place + p->slots * sizeof *p->slot +
		   p->owns * sizeof *p->own + p->code_cap * sizeof *p->of_code +
		   (p->sample.tuple ? NAT_TUPLES * sizeof *p->sample.tuple : 0);

	for (uint32_t i = 0; i < p->n; i++) {
		const struct interface *e = &p->place[i];
		n += PLACE_TEXTS + (e->records.cap + e->traffic.cap + e->nodata.cap + e->lost.cap) *
					   sizeof(struct time_span);
	}
	return n;
}

/* ---- by name ---- */

static uint32_t *slot_of(const struct places *p, struct str interface)
{
	uint32_t at = (uint32_t)hash_bytes(interface.s, interface.n) & (p->slots - 1);

	while (p->slot[at] && !str_equal(str_of(p->place[p->slot[at] - 1].interface), interface))
		at = (at + 1) & (p->slots - 1);
	return &p->slot[at];
}

static void slots_grow(struct places *p)
{
	free(p->slot);
	p->slots = p->slots ? p->slots * 2 : 64;
	p->slot = xcalloc(p->slots, sizeof *p->slot);
	for (uint32_t i = 0; i < p->n; i++)
		*slot_of(p, str_of(p->place[i].interface)) = i + 1;
}

uint32_t places_find(const struct places *p, struct str interface)
{
	return p->n ? *slot_of(p, interface) - 1 : PLACE_NONE;
}

uint32_t places_intern(struct places *p, struct str interface)
{
	uint32_t *slot, i;

	if ((p->n + 1) * 2 > p->slots)
		slots_grow(p);
	slot = slot_of(p, interface);
	if (*slot || p->n >= p->most)
		return *slot - 1;
	xgrow((void **)&p->place, &p->cap, p->n + 1, sizeof *p->place);
	i = p->n++;
	*slot = p->n;
	p->place[i] = (struct interface){ .interface = xstrndup(interface.s, interface.n),
					  .first = INT64_MAX,
					  .newest = INT64_MIN,
					  .records = { .bridge = BRIDGE_S },
					  .traffic = { .bridge = BRIDGE_S },
					  .nodata = { .bridge = BRIDGE_S } };
	return i;
}

/* ---- what is known ---- */

uint32_t places_count(const struct places *p)
{
	return p->n;
}

const struct interface *places_at(const struct places *p, uint32_t i)
{
	return &p->place[i];
}

bool place_is_nat(const struct interface *p)
{
	/* describe-network-interfaces says nat_gateway, the field interface-type too. */
	return p->kind ? str_equal_loose(str_of(p->kind), str_of("nat-gateway")) : p->nat;
}

bool place_is_transit(const struct interface *p)
{
	return !p->has[0] && !p->has[1] && p->votes[0].rows + p->votes[1].rows >= TRANSIT_ROWS &&
	       !votes_have_most(p->votes);
}

bool place_is_internal(const struct places *p, const uint8_t address[16])
{
	return p->labels &&
	       labels_is_internal(p->labels, labels_of_address(p->labels, LABEL_SCOPE, address));
}

void places_want_ways(struct places *p)
{
	p->ways = true;
}

uint64_t places_generation(const struct places *p)
{
	return p->generation;
}

uint64_t places_unsettled(const struct places *p)
{
	return p->unsettled;
}

uint64_t places_dropped(const struct places *p)
{
	return p->dropped;
}

struct place_logs places_logs(const struct places *p, uint32_t i)
{
	return places_logs_of(p, i == PLACE_NONE ? UINT64_MAX : p->place[i].logs);
}

struct place_logs places_logs_of(const struct places *p, uint64_t logs)
{
	struct place_logs of = { .interval = 60, .first = INT64_MAX, .newest = INT64_MIN };

	for (; logs; logs &= logs - 1) {
		unsigned k = (unsigned)__builtin_ctzll(logs);
		of.rejects |= p->log[k].rejects;
		of.accepts |= p->log[k].accepts;
		if (p->log[k].longest > LONG_RECORD)
			of.interval = 600;
		of.first = p->log[k].first < of.first ? p->log[k].first : of.first;
		of.newest = p->log[k].newest > of.newest ? p->log[k].newest : of.newest;
	}
	return of;
}

int64_t places_newest(const struct places *p)
{
	return p->newest;
}

enum coverage places_coverage(const struct places *p, uint32_t i, int64_t from, int64_t to)
{
	const struct interface *e = i == PLACE_NONE ? NULL : &p->place[i];
	int64_t interval;

	if (!e || e->first > e->newest)
		return COVERAGE_UNLOGGED;
	interval = places_logs(p, i).interval;
	if (time_spans_overlap(&e->lost, from, to))
		return COVERAGE_LOST;
	if (to > e->newest && from > e->newest - interval)
		return p->newest - e->newest <= interval + LATE_S ? COVERAGE_PENDING : COVERAGE_GAP;
	/* Gaps that were too many to be kept are not known to be none. */
	if (e->records.merged)
		return COVERAGE_GAP;
	return time_spans_overlap(&e->records, from - interval, to + interval) ? COVERAGE_OK
									       : COVERAGE_GAP;
}

bool places_has_all(const struct places *p, uint32_t i, int64_t from, int64_t to)
{
	return time_spans_hold(&p->place[i].records, from, to, places_logs(p, i).interval / 2);
}

const char *coverage_name(enum coverage c)
{
	static const char *const names[COVERAGES] = { "unlogged", "lost", "pending", "gap", "ok" };

	return names[c];
}
