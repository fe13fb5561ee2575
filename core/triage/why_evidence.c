/* why_evidence.c - what an answer of why shows besides: all that was seen of the tries, and whether
 * the log is complete of then. */
#include <stdlib.h>

#include "triage/why_case.h"

/* The cells that there are, 1 + number, by leg, post, action and interface. */
struct cell_numbers {
	uint32_t *of;
	uint32_t interfaces;
};

static struct why_cell *cell_of(struct why *o, struct cell_numbers *n, const struct sighting *s,
				enum leg leg, enum post post)
{
	enum verdict_action action = s->reject ? TRY_REJECT : TRY_ACCEPT;
	uint32_t at = s->interface < n->interfaces ? s->interface : n->interfaces; /* PLACE_NONE */
	uint32_t *of =
		&n->of[((leg * POSTS + post) * TRY_ACTIONS + action) * (size_t)(n->interfaces + 1) +
		       at];

	if (*of)
		return &o->cell[*of - 1];
	xgrow((void **)&o->cell, &o->cell_cap, o->cells + 1, sizeof *o->cell);
	o->cell[o->cells] = (struct why_cell){ .leg = leg,
					       .post = post,
					       .action = action,
					       .interface = s->interface,
					       .first = s->start,
					       .last = s->end };
	*of = (uint32_t)++o->cells;
	return &o->cell[o->cells - 1];
}

static void add_evidence(struct why_case *w, struct cell_numbers *n, const struct attempt *a)
{
	for (size_t k = 0; k < a->sightings; k++) {
		const struct sighting *s = w->t.sighting[a->sighting + k];
		enum leg leg =
			why_matches(w, s, LEG_REQUEST, TRY_ACTIONS) ? LEG_REQUEST : LEG_ANSWER;
		enum post post = tries_post(w->p, s, a->client, w->c.server);
		struct why_cell *c = cell_of(w->out, n, s, leg, post);
		c->records++;
		c->packets = saturating_add(c->packets, s->packets);
		c->bytes = saturating_add(c->bytes, s->bytes);
		c->has_flags |= s->has_flags;
		c->synack += (s->flags & 18) == 18;
		c->syn += (s->flags & 18) == 2;
		c->rst += (s->flags & 4) != 0;
		c->fin += (s->flags & 1) != 0;
		c->first = s->start < c->first ? s->start : c->first;
		c->last = s->end > c->last ? s->end : c->last;
	}
}

static int in_order(const void *a, const void *b)
{
	const struct why_cell *x = a, *y = b;
	int order = (int)x->leg - (int)y->leg;

	if (order == 0)
		order = (int)x->post - (int)y->post;
	if (order == 0)
		order = (int)x->action - (int)y->action;
	return order ? order : (x->interface > y->interface) - (x->interface < y->interface);
}

static void add_coverage(struct why_case *w, uint32_t interface, int64_t from, int64_t to)
{
	struct why *o = w->out;

	if (interface == PLACE_NONE || o->coverages == WHY_COVERAGES)
		return;
	for (unsigned i = 0; i < o->coverages; i++)
		if (o->coverage[i].interface == interface)
			return;
	o->coverage[o->coverages++] =
		(struct why_coverage){ interface, places_coverage(w->p, interface, from, to), from,
				       to };
}

void why_gather(struct why_case *w)
{
	int64_t from = INT64_MAX, to = INT64_MIN;
	struct cell_numbers n = { .interfaces = places_count(w->p) };

	n.of = xcalloc((size_t)LEGS * POSTS * TRY_ACTIONS * (n.interfaces + 1), sizeof *n.of);
	for (size_t i = 0; i < w->t.n; i++) {
		const struct attempt *a = &w->t.list[i];
		add_evidence(w, &n, a);
		from = a->first < from ? a->first : from;
		to = a->last > to ? a->last : to;
	}
	free(n.of);
	if (w->out->cells)
		qsort(w->out->cell, w->out->cells, sizeof *w->out->cell, in_order);
	if (from > to && w->client != PLACE_NONE) {
		from = places_at(w->p, w->client)->first;
		to = places_at(w->p, w->client)->newest;
	}
	if (from > to)
		return;
	add_coverage(w, w->client, from, to);
	add_coverage(w, w->server, from, to);
	add_coverage(w, w->out->via, from, to);
}
