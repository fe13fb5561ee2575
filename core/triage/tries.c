/* tries.c - see tries.h. */
#include "triage/tries.h"

#include <stdlib.h>

#include "base/hash.h"
#include "triage/outcome.h"

#define FLAG_FIN 1u
#define FLAG_SYN 2u
#define FLAG_RST 4u
#define COPIES 16u /* of records of one time, those before that are looked at */
#define STAMP_S 60 /* that a record's times may lag */
#define CROWD (TRIES_MAX + TRIES_MAX / 2) /* so many are cut down to TRIES_MAX */
#define AT_ONCE 256u /* records, or client ports, between two looks at the clock */
#define SLOTS_LEAST 64u
#define NO_PART UINT32_MAX

/* A record of the conversation on its way into a try. */
struct try_part {
	const struct sighting *s;
	enum leg leg;
	uint16_t port; /* of the client */
	const uint8_t *client;
	uint32_t next; /* of the same client and port; NO_PART: none */
};

/* Records of one client and port. */
struct try_group {
	uint32_t first; /* in tries_maker.part */
	uint32_t parts;
};

enum making { MAKING_PARTS, MAKING_TRIES, MAKING_ORDER, MADE };

struct tries_maker {
	struct tries *t;
	const struct places *p;
	const struct sightings *v;
	struct why_pair c;
	enum making stage;
	size_t at; /* the sighting, or the group, that is next */
	struct try_part *part;
	size_t parts, part_cap;
	struct try_group *group;
	size_t groups, group_cap;
	uint32_t *slot; /* 1 + number of a group, by client and port; 0: free */
	uint32_t slots;
	struct try_part *list; /* the parts of a group */
	size_t list_cap;
};

static bool same(const uint8_t a[16], const uint8_t b[16])
{
	return memcmp(a, b, 16) == 0;
}

static bool leg_of(const struct why_pair *c, const struct sighting *s, struct try_part *out)
{
	if (s->protocol != c->protocol || s->end < c->since)
		return false;
	if (s->dport == c->port && same(s->pkt_dst, c->server) &&
	    (c->any_client || same(s->pkt_src, c->client)))
		*out = (struct try_part){ s, LEG_REQUEST, s->sport, s->pkt_src, NO_PART };
	else if (s->sport == c->port && same(s->pkt_src, c->server) &&
		 (c->any_client || same(s->pkt_dst, c->client)))
		*out = (struct try_part){ s, LEG_ANSWER, s->dport, s->pkt_dst, NO_PART };
	else
		return false;
	return true;
}

enum post tries_post(const struct places *p, const struct sighting *s, const uint8_t *client,
		     const uint8_t *server)
{
	const struct interface *e;

	if (s->interface == PLACE_NONE)
		return POST_MIDDLE;
	e = places_at(p, s->interface);
	return place_owns(e, client)   ? POST_CLIENT
	       : place_owns(e, server) ? POST_SERVER
				       : POST_MIDDLE;
}

/* Of one client and port: as they began. */
static int by_start(const void *a, const void *b)
{
	const struct try_part *x = a, *y = b;

	if (x->s->start != y->s->start)
		return x->s->start < y->s->start ? -1 : 1;
	return (x->s->order > y->s->order) - (x->s->order < y->s->order);
}

/* The same record, as two flow logs of one interface deliver it. */
static bool is_copy(const struct sighting *a, const struct sighting *b)
{
	return a->interface == b->interface && a->interface != PLACE_NONE && a->start == b->start &&
	       a->end == b->end && a->packets == b->packets && a->bytes == b->bytes &&
	       a->flags == b->flags && a->has_flags == b->has_flags && a->reject == b->reject &&
	       a->refusal == b->refusal && a->dropped == b->dropped && a->sport == b->sport &&
	       a->dport == b->dport && same(a->src, b->src) && same(a->dst, b->dst) &&
	       same(a->pkt_src, b->pkt_src) && same(a->pkt_dst, b->pkt_dst);
}

/* Of sorted ones: each record once. Returns how many stay. */
static size_t drop_copies(struct try_part *part, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		bool copy = false;
		for (size_t k = kept; k > 0 && k + COPIES > kept && !copy; k--) {
			const struct try_part *x = &part[k - 1];
			if (x->s->start != part[i].s->start)
				break;
			copy = is_copy(x->s, part[i].s);
		}
		if (!copy)
			part[kept++] = part[i];
	}
	return kept;
}

/* Whether the record begins another try at the same client port. Both ends of a connection may say
 * so in one record, and at two interfaces with times some way apart: only behind all that was seen
 * of the try before. */
static bool begins(const struct attempt *a, const struct try_part *p, int64_t interval)
{
	const struct sighting *s = p->s;
	uint8_t flags = 0;

	if (p->leg != LEG_REQUEST || s->protocol != 6)
		return false;
	for (int leg = 0; leg < LEGS; leg++)
		for (int post = 0; post < POSTS; post++)
			for (int act = 0; act < TRY_ACTIONS; act++)
				flags |= a->cell[leg][post][act].flags;
	if (s->has_flags ? !(s->flags & FLAG_SYN)
			 : s->bytes > s->packets * 64 || s->packets > SYNS_MAX)
		return false;
	if (s->has_flags && flags & (FLAG_FIN | FLAG_RST))
		return s->start > a->last + STAMP_S;
	return s->start > a->last + 2 * interval;
}

static uint64_t sum(uint64_t a, uint64_t b)
{
	return saturating_add(a, b);
}

static void count(struct attempt *a, const struct try_part *p, enum post post)
{
	const struct sighting *s = p->s;
	struct try_cell *c = &a->cell[p->leg][post][s->reject ? TRY_REJECT : TRY_ACCEPT];

	if (c->records == 0)
		*c = (struct try_cell){ .interface = s->interface,
					.first = s->start,
					.last = s->end,
					.has_flags = true };
	c->mixed |= c->interface != s->interface;
	c->records++;
	c->packets = sum(c->packets, s->packets);
	c->bytes = sum(c->bytes, s->bytes);
	c->first = s->start < c->first ? s->start : c->first;
	c->last = s->end > c->last ? s->end : c->last;
	c->flags |= s->flags;
	c->has_flags &= s->has_flags;
	if (s->refusal != REFUSAL_NONE)
		c->refusal = s->refusal;
	if (p->leg == LEG_REQUEST)
		a->fresh |= !s->has_flags || s->flags & FLAG_SYN;
	a->first = s->start < a->first ? s->start : a->first;
	a->last = s->end > a->last ? s->end : a->last;
}

/* An answer presupposes a question. What is refused at the client's interface, whose log is complete and
 * has no request, was not asked for; nor was what begins a connection itself. */
static bool is_unasked(const struct attempt *a, const struct places *p)
{
	const struct try_cell *in = &a->cell[LEG_ANSWER][POST_CLIENT][TRY_REJECT];
	uint32_t client = places_of_address(p, a->client);

	if (!in->records || attempt_has(a, LEG_REQUEST, POSTS, TRY_ACTIONS) ||
	    attempt_has(a, LEG_ANSWER, POSTS, TRY_ACCEPT))
		return false;
	if (in->has_flags && (in->flags & 18) == 2)
		return true;
	return places_logs(p, client).accepts &&
	       places_coverage(p, client, a->first, a->last) == COVERAGE_OK;
}

/* ---- their order: by index, a try is large ---- */

struct when_tried {
	int64_t when, first;
	const struct attempt *of;
};

static int by_when(const void *a, const void *b)
{
	const struct when_tried *x = a, *y = b;
	int order;

	if (x->when != y->when)
		return x->when < y->when ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	order = memcmp(x->of->client, y->of->client, 16);
	if (order == 0)
		order = (x->of->port > y->of->port) - (x->of->port < y->of->port);
	if (order == 0)
		order = (x->of->sighting > y->of->sighting) - (x->of->sighting < y->of->sighting);
	return order;
}

/* Puts them in order, the newest TRIES_MAX of them. */
static void put_in_order(struct tries *t)
{
	struct when_tried *order = xcalloc(t->n + 1, sizeof *order);
	size_t out = t->n > TRIES_MAX ? t->n - TRIES_MAX : 0;
	struct attempt *list;

	for (size_t i = 0; i < t->n; i++)
		order[i] = (struct when_tried){ t->list[i].when, t->list[i].first, &t->list[i] };
	qsort(order, t->n, sizeof *order, by_when);
	t->cap = t->n - out + 1;
	list = xmalloc(t->cap * sizeof *list);
	for (size_t i = out; i < t->n; i++)
		list[i - out] = *order[i].of;
	t->n -= out;
	t->left_out += out;
	free(order);
	free(t->list);
	t->list = list;
}

/* ---- making them ---- */

static struct try_group *group_of(struct tries_maker *m, const struct try_part *x)
{
	uint32_t at = (uint32_t)hash_pair(hash_address(x->client), x->port, 0) & (m->slots - 1);

	for (; m->slot[at]; at = (at + 1) & (m->slots - 1)) {
		const struct try_part *y = &m->part[m->group[m->slot[at] - 1].first];
		if (y->port == x->port && same(y->client, x->client))
			return &m->group[m->slot[at] - 1];
	}
	xgrow((void **)&m->group, &m->group_cap, m->groups + 1, sizeof *m->group);
	m->group[m->groups] = (struct try_group){ NO_PART, 0 };
	m->slot[at] = (uint32_t)++m->groups;
	return &m->group[m->groups - 1];
}

static void make_slots(struct tries_maker *m)
{
	struct try_part *first;

	if (2 * (m->groups + 1) <= m->slots)
		return;
	free(m->slot);
	m->slots = m->slots ? 2 * m->slots : SLOTS_LEAST;
	m->slot = xcalloc(m->slots, sizeof *m->slot);
	for (size_t i = 0; i < m->groups; i++) {
		first = &m->part[m->group[i].first];
		uint32_t at = (uint32_t)hash_pair(hash_address(first->client), first->port, 0) &
			      (m->slots - 1);
		while (m->slot[at])
			at = (at + 1) & (m->slots - 1);
		m->slot[at] = (uint32_t)i + 1;
	}
}

static void add_part(struct tries_maker *m, const struct sighting *s)
{
	struct try_group *g;
	struct try_part x;

	if (!leg_of(&m->c, s, &x))
		return;
	make_slots(m);
	g = group_of(m, &x);
	x.next = g->first;
	xgrow((void **)&m->part, &m->part_cap, m->parts + 1, sizeof *m->part);
	m->part[m->parts] = x;
	g->first = (uint32_t)m->parts++;
	g->parts++;
}

/* The last try is complete. */
static void end_try(struct tries_maker *m)
{
	struct tries *t = m->t;
	struct attempt *a = &t->list[t->n - 1];

	if (is_unasked(a, m->p)) {
		t->unasked++;
		t->n--;
		return;
	}
	outcome_judge(a, t->tcp, t->v6,
		      places_coverage(m->p, places_of_address(m->p, a->client), a->first,
				      a->last) == COVERAGE_OK);
}

/* The tries of a group, whose parts are in order. */
static void add_tries(struct tries_maker *m, const struct try_part *part, size_t n)
{
	struct tries *t = m->t;
	struct attempt *a = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct try_part *x = &part[i];
		if (!a || begins(a, x, places_logs(m->p, x->s->interface).interval)) {
			if (a)
				end_try(m);
			xgrow((void **)&t->list, &t->cap, t->n + 1, sizeof *t->list);
			a = &t->list[t->n++];
			*a = (struct attempt){ .port = x->port,
					       .first = x->s->start,
					       .last = x->s->end,
					       .sighting = t->sightings };
			memcpy(a->client, x->client, 16);
		}
		t->sighting[t->sightings++] = x->s;
		a->sightings++;
		count(a, x, tries_post(m->p, x->s, a->client, m->c.server));
	}
	if (a)
		end_try(m);
}

static void make_tries(struct tries_maker *m, const struct try_group *g)
{
	size_t n = 0;

	xgrow((void **)&m->list, &m->list_cap, g->parts, sizeof *m->list);
	for (uint32_t i = g->first; i != NO_PART; i = m->part[i].next)
		m->list[n++] = m->part[i];
	qsort(m->list, n, sizeof *m->list, by_start);
	add_tries(m, m->list, drop_copies(m->list, n));
	if (m->t->n >= CROWD)
		put_in_order(m->t);
}

struct tries_maker *tries_begin(struct tries *t, const struct places *p, const struct sightings *v,
				const struct why_pair *c)
{
	struct tries_maker *m = xcalloc(1, sizeof *m);

	*t = (struct tries){ .v6 = !address_is_v4(c->server), .tcp = c->protocol == 6 };
	m->t = t;
	m->p = p;
	m->v = v;
	m->c = *c;
	return m;
}

/* One sighting or group. True while there are more in this stage. */
static bool go_on(struct tries_maker *m)
{
	if (m->stage == MAKING_PARTS && m->at < m->v->n) {
		add_part(m, &m->v->row[m->at++]);
		return true;
	}
	if (m->stage == MAKING_TRIES && m->at < m->groups) {
		make_tries(m, &m->group[m->at++]);
		return true;
	}
	return false;
}

bool tries_step(struct tries_maker *m, uint64_t budget_ns)
{
	uint64_t end = monotonic_ns() + budget_ns;

	for (unsigned n = 1; m->stage != MADE; n++) {
		if (!go_on(m)) {
			m->at = 0;
			if (m->stage == MAKING_PARTS)
				m->t->sighting = xcalloc(m->parts + 1, sizeof *m->t->sighting);
			if (m->stage == MAKING_ORDER)
				put_in_order(m->t);
			m->stage++;
		}
		if (n % AT_ONCE == 0 && m->stage != MADE && monotonic_ns() >= end)
			return true;
	}
	return false;
}

void tries_end(struct tries_maker *m)
{
	if (!m)
		return;
	free(m->part);
	free(m->group);
	free(m->slot);
	free(m->list);
	free(m);
}

size_t tries_maker_bytes(const struct tries_maker *m)
{
	return sizeof *m + m->part_cap * sizeof *m->part + m->group_cap * sizeof *m->group +
	       m->slots * sizeof *m->slot + m->list_cap * sizeof *m->list +
	       m->t->cap * sizeof *m->t->list + m->t->sightings * sizeof *m->t->sighting;
}

void tries_build(struct tries *t, const struct places *p, const struct sightings *v,
		 const struct why_pair *c)
{
	struct tries_maker *m = tries_begin(t, p, v, c);

	while (tries_step(m, UINT64_MAX / 2))
		;
	tries_end(m);
}

void tries_release(struct tries *t)
{
	free(t->list);
	free(t->sighting);
	*t = (struct tries){ 0 };
}

bool attempt_has(const struct attempt *a, enum leg leg, enum post post, enum verdict_action action)
{
	for (unsigned p = 0; p < POSTS; p++)
		for (unsigned k = 0; k < TRY_ACTIONS; k++)
			if ((post == POSTS || post == p) &&
			    (action == TRY_ACTIONS || action == k) && a->cell[leg][p][k].records)
				return true;
	return false;
}
