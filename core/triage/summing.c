/* summing.c - see summing.h. */
#include "triage/summing.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "decode/second.h"
#include "store/ring.h"
#include "triage/serials.h"

#define ROWS_AT_ONCE 16384u
#define TOLLS_SHARE 3 /* of the room */

/* What is added of a segment. */
struct summed {
	uint64_t serial;
	uint32_t series, tolls; /* its first so many rows, in each */
	uint32_t marked;        /* those of `series` that are out of what is by marks, for now */
	uint64_t generation;    /* of the places that the tolls have them by */
	uint64_t *second;       /* second sightings among them, as they were counted */
	bool undecided;         /* there may yet be more */
};

struct summing {
	struct summing_of of;
	struct tolls *tolls;
	struct watched *series;
	struct summed *part; /* by serial */
	size_t parts, cap, at;
	size_t bits;   /* bytes of `second` */
	bool again;    /* the tolls are to be added anew */
	uint64_t left; /* rows that left before they were in a series */
};

/* ---- life ---- */

struct summing *summing_new(const struct summing_of *of)
{
	struct summing *s = xcalloc(1, sizeof *s);

	s->of = *of;
	s->tolls = tolls_new(of->most / TOLLS_SHARE);
	s->series = watched_new(of->places, of->labels, of->rule, of->most - of->most / TOLLS_SHARE,
				INT64_MAX);
	return s;
}

void summing_free(struct summing *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->parts; i++)
		free(s->part[i].second);
	free(s->part);
	tolls_free(s->tolls);
	watched_free(s->series);
	free(s);
}

struct watched *summing_series(const struct summing *s)
{
	return s->series;
}

/* ---- parts ---- */

static uint32_t words_of(uint32_t rows)
{
	return (rows + 63) / 64;
}

_Static_assert(offsetof(struct summed, serial) == 0, "serial_place() looks there");

/* The place of the first part with this serial or a later one. */
static size_t part_place(const struct summing *s, uint64_t serial)
{
	return serial_place(s->part, s->parts, sizeof *s->part, serial);
}

static struct summed *find(const struct summing *s, uint64_t serial)
{
	size_t at = part_place(s, serial);

	return at < s->parts && s->part[at].serial == serial ? &s->part[at] : NULL;
}

static struct summed *part_of(struct summing *s, uint64_t serial)
{
	size_t at = part_place(s, serial);

	if (at < s->parts && s->part[at].serial == serial)
		return &s->part[at];
	xgrow((void **)&s->part, &s->cap, s->parts + 1, sizeof *s->part);
	memmove(s->part + at + 1, s->part + at, (s->parts++ - at) * sizeof *s->part);
	s->part[at] = (struct summed){ .serial = serial };
	return &s->part[at];
}

/* ---- tolls ---- */

static void forget_tolls(struct summing *s, struct summed *p)
{
	s->bits -= p->second ? words_of(p->tolls) * sizeof *p->second : 0;
	free(p->second);
	p->second = NULL;
	p->tolls = 0;
	p->undecided = false;
}

/* What was added of the segment, as it was; false: by then the places had decided otherwise. */
static bool take_tolls(struct summing *s, struct summed *p, const struct segment *g)
{
	bool same = !p->tolls || p->generation == places_generation(s->of.places);

	if (p->tolls && same && !s->again)
		tolls_add(s->tolls, s->of.places, g, ring_dict(s->of.ring), 0, p->tolls, p->second,
			  -1);
	forget_tolls(s, p);
	return same;
}

static void add_tolls(struct summing *s, struct summed *p, const struct segment *g, uint32_t n)
{
	uint64_t second[ROWS_AT_ONCE / 64 + 1];
	struct second_counts counts;
	uint32_t had = words_of(p->tolls), words = words_of(p->tolls + n);

	second_sightings(s->of.places, g, ring_dict(s->of.ring), p->tolls, n, second, NULL,
			 &counts);
	tolls_add(s->tolls, s->of.places, g, ring_dict(s->of.ring), p->tolls, n, second, 1);
	p->second = xrealloc(p->second, words * sizeof *p->second);
	memset(p->second + had, 0, (words - had) * sizeof *p->second);
	for (uint32_t i = 0; i < n; i++)
		p->second[(p->tolls + i) / 64] |= (second[i / 64] >> i % 64 & 1)
						  << (p->tolls + i) % 64;
	s->bits += (words - had) * sizeof *p->second;
	p->undecided |= counts.undecided > 0;
	p->generation = places_generation(s->of.places);
	p->tolls += n;
}

/* What rests on what the places decided since is added anew. */
static void look_at_tolls(struct summing *s)
{
	for (size_t i = 0; i < s->parts; i++)
		s->again |= s->part[i].tolls &&
			    s->part[i].generation != places_generation(s->of.places);
	if (s->again) {
		tolls_free(s->tolls);
		s->tolls = tolls_new(s->of.most / TOLLS_SHARE);
	}
	for (size_t i = 0; i < s->parts; i++) {
		struct summed *p = &s->part[i];
		size_t at = ring_find(s->of.ring, p->serial);
		if (s->again || p->undecided)
			take_tolls(s, p, ring_peek(s->of.ring, at));
	}
	s->again = false;
}

/* ---- rows ---- */

static void add_series(struct summing *s, struct summed *p, const struct segment *g, uint32_t n)
{
	watched_rows(s->series, g, ring_dict(s->of.ring), p->series, n,
		     (struct span){ INT64_MIN, INT64_MAX, false });
	watched_make_room(s->series);
	p->series += n;
}

static uint32_t some_of(uint32_t rows)
{
	return rows < ROWS_AT_ONCE ? rows : ROWS_AT_ONCE;
}

/* Some rows of it; false: all are there. */
static bool add_some(struct summing *s, struct summed *p, const struct segment *g)
{
	if (p->marked) {
		watched_remark(s->series, g, ring_dict(s->of.ring), p->marked, 1);
		p->marked = 0;
	}
	if (p->series < g->rows)
		add_series(s, p, g, some_of(g->rows - p->series));
	if (p->tolls < g->rows)
		add_tolls(s, p, g, some_of(g->rows - p->tolls));
	return p->series < g->rows || p->tolls < g->rows;
}

void summing_begin(struct summing *s, int64_t latest)
{
	watched_set_latest(s->series, latest);
	look_at_tolls(s);
	s->at = 0;
}

bool summing_step(struct summing *s, uint64_t budget_ns)
{
	uint64_t end = monotonic_ns() + budget_ns;

	for (; s->at < ring_count(s->of.ring); s->at++) {
		const struct segment *g = ring_peek(s->of.ring, s->at);
		struct summed *p;
		if (!segment_is_published(g))
			continue;
		p = part_of(s, g->serial);
		do {
			if (!add_some(s, p, g))
				break;
		} while (monotonic_ns() < end);
		if (p->series < g->rows || p->tolls < g->rows)
			return true;
		if (monotonic_ns() >= end && s->at + 1 < ring_count(s->of.ring)) {
			s->at++;
			return true;
		}
	}
	return false;
}

/* ---- what happens to segments ---- */

static uint32_t flows_from(const struct segment *g, uint32_t row)
{
	uint32_t n = 0;

	for (; row < g->rows; row++)
		n += !(g->mark[row] & MARK_STATUS);
	return n;
}

void summing_evict(struct summing *s, const struct segment *g)
{
	struct summed *p = find(s, g->serial);

	if (!p) {
		s->left += g->flows;
		return;
	}
	if (p->marked)
		watched_remark(s->series, g, ring_dict(s->of.ring), p->marked, 1);
	s->left += flows_from(g, p->series);
	s->again |= !take_tolls(s, p, g);
	memmove(p, p + 1, (size_t)(s->part + --s->parts - p) * sizeof *p);
	s->at -= s->at > 0; /* in the ring they move up too; looked at again at most */
}

void summing_remark(struct summing *s, const struct segment *g)
{
	struct summed *p = find(s, g->serial);

	if (!p || p->marked)
		return;
	watched_remark(s->series, g, ring_dict(s->of.ring), p->series, -1);
	p->marked = p->series;
}

void summing_again(struct summing *s)
{
	s->again = true;
}

/* ---- what there is ---- */

struct evidence_sums summing_sums(const struct summing *s)
{
	return (struct evidence_sums){ .tolls = s->tolls,
				       .series = s->series,
				       .prices = s->of.prices };
}

uint64_t summing_unseen(const struct summing *s)
{
	const struct watched_doubts *d = watched_doubts(s->series);

	return s->left + d->late + d->dropped;
}

uint64_t summing_untold(const struct summing *s)
{
	return tolls_dropped(s->tolls);
}

size_t summing_bytes(const struct summing *s)
{
	return sizeof *s + s->cap * sizeof *s->part + s->bits + tolls_bytes(s->tolls) +
	       watched_bytes(s->series);
}
