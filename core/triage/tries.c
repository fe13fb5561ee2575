/* tries.c - see tries.h. */
#include "triage/tries.h"

#include <stdlib.h>

#include "triage/outcome.h"

#define FLAG_FIN 1u
#define FLAG_SYN 2u
#define FLAG_RST 4u
#define COPIES 16u /* of records of one time, those before that are looked at */
#define STAMP_S 60 /* that a record's times may lag */

/* A record of the conversation on its way into a try. */
struct try_part {
	const struct sighting *s;
	enum leg leg;
	uint16_t port; /* of the client */
	const uint8_t *client;
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
		*out = (struct try_part){ s, LEG_REQUEST, s->sport, s->pkt_src };
	else if (s->sport == c->port && same(s->pkt_src, c->server) &&
		 (c->any_client || same(s->pkt_dst, c->client)))
		*out = (struct try_part){ s, LEG_ANSWER, s->dport, s->pkt_dst };
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

/* By client and its port, then as they began. */
static int by_port(const void *a, const void *b)
{
	const struct try_part *x = a, *y = b;
	int order = memcmp(x->client, y->client, 16);

	if (order == 0)
		order = (x->port > y->port) - (x->port < y->port);
	if (order == 0)
		order = (x->s->start > y->s->start) - (x->s->start < y->s->start);
	if (order == 0)
		order = (x->s->order > y->s->order) - (x->s->order < y->s->order);
	return order;
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
			if (x->s->start != part[i].s->start || x->port != part[i].port ||
			    !same(x->client, part[i].client))
				break;
			copy = is_copy(x->s, part[i].s);
		}
		if (!copy)
			part[kept++] = part[i];
	}
	return kept;
}

static int by_when(const void *a, const void *b)
{
	const struct attempt *x = a, *y = b;

	if (x->when != y->when)
		return x->when < y->when ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->sighting > y->sighting) - (x->sighting < y->sighting);
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

static void group(struct tries *t, const struct places *p, const struct why_pair *c,
		  const struct try_part *part, size_t n)
{
	struct attempt *a = NULL;

	t->sighting = xcalloc(n + 1, sizeof *t->sighting);
	t->sightings = n;
	for (size_t i = 0; i < n; i++) {
		const struct try_part *x = &part[i];
		if (!a || a->port != x->port || !same(a->client, x->client) ||
		    begins(a, x, places_logs(p, x->s->interface).interval)) {
			xgrow((void **)&t->list, &t->cap, t->n + 1, sizeof *t->list);
			a = &t->list[t->n++];
			*a = (struct attempt){ .port = x->port,
					       .first = x->s->start,
					       .last = x->s->end,
					       .sighting = i };
			memcpy(a->client, x->client, 16);
		}
		t->sighting[i] = x->s;
		a->sightings++;
		count(a, x, tries_post(p, x->s, a->client, c->server));
	}
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

static void drop_unasked(struct tries *t, const struct places *p)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		if (!is_unasked(&t->list[i], p))
			t->list[n++] = t->list[i];
	t->unasked = t->n - n;
	t->n = n;
}

void tries_build(struct tries *t, const struct places *p, const struct sightings *v,
		 const struct why_pair *c)
{
	struct try_part *part = NULL;
	size_t n = 0, cap = 0;

	*t = (struct tries){ .v6 = !address_is_v4(c->server), .tcp = c->protocol == 6 };
	for (size_t i = 0; i < v->n; i++) {
		xgrow((void **)&part, &cap, n + 1, sizeof *part);
		n += leg_of(c, &v->row[i], &part[n]);
	}
	if (n)
		qsort(part, n, sizeof *part, by_port);
	n = drop_copies(part, n);
	group(t, p, c, part, n);
	free(part);
	drop_unasked(t, p);
	for (size_t i = 0; i < t->n; i++) {
		struct attempt *a = &t->list[i];
		outcome_judge(a, t->tcp, t->v6,
			      places_coverage(p, places_of_address(p, a->client), a->first,
					      a->last) == COVERAGE_OK);
	}
	if (t->n)
		qsort(t->list, t->n, sizeof *t->list, by_when);
	if (t->n > TRIES_MAX) {
		t->left_out = t->n - TRIES_MAX;
		memmove(t->list, t->list + t->left_out, TRIES_MAX * sizeof *t->list);
		t->n = TRIES_MAX;
	}
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
