/* judging_pairs.c - conversations that are judged by their records: which, and what became of them. */
#include <stdlib.h>

#include "triage/judging_state.h"

#define FAILED_SOME 4u /* tries, of which why is asked */

/* ---- asked for: the heaviest ---- */

static int by_key(const void *a, const void *b)
{
	const struct edge_key *x = a, *y = b;
	int order;

	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	if (x->protocol != y->protocol)
		return x->protocol < y->protocol ? -1 : 1;
	order = memcmp(x->server, y->server, 16);
	if (order == 0)
		order = x->any_client - y->any_client;
	return order || x->any_client ? order : memcmp(x->client, y->client, 16);
}

/* Those of equal weight by their keys, so that no order of edges matters. */
static bool is_lighter(const struct asked_pair *a, const struct asked_pair *b)
{
	return a->weight != b->weight ? a->weight < b->weight : by_key(&a->key, &b->key) > 0;
}

static void sink(struct asked_pair *heap, size_t n, size_t at)
{
	for (;;) {
		size_t least = at, child = 2 * at + 1;
		struct asked_pair moved;
		for (size_t c = child; c < child + 2 && c < n; c++)
			if (is_lighter(&heap[c], &heap[least]))
				least = c;
		if (least == at)
			return;
		moved = heap[at];
		heap[at] = heap[least];
		heap[least] = moved;
		at = least;
	}
}

static void rise(struct asked_pair *heap, size_t at)
{
	while (at && is_lighter(&heap[at], &heap[(at - 1) / 2])) {
		struct asked_pair moved = heap[at];
		heap[at] = heap[(at - 1) / 2];
		heap[(at - 1) / 2] = moved;
		at = (at - 1) / 2;
	}
}

void judging_ask(struct judging *j, const struct edge_key *key, double weight)
{
	struct asked_pair a = { .key = *key, .weight = weight };

	if (!j->asked)
		j->asked = xcalloc(PAIRS_MOST, sizeof *j->asked);
	for (size_t i = 0; i < j->asks; i++)
		if (by_key(&j->asked[i].key, key) == 0)
			return;
	if (j->asks < PAIRS_MOST) {
		j->asked[j->asks] = a;
		rise(j->asked, j->asks++);
		return;
	}
	j->counts.unasked += (is_lighter(&a, &j->asked[0]) ? a.weight : j->asked[0].weight) > 0;
	if (is_lighter(&a, &j->asked[0]))
		return;
	j->asked[0] = a;
	sink(j->asked, j->asks, 0);
}

const struct why_question *judging_asks(struct judging *j, size_t *n)
{
	unsigned detecting;
	const struct detector *const *d = detectors(&detecting);

	for (unsigned i = 0; i < detecting; i++)
		if (d[i]->ask)
			d[i]->ask(j->state[i], j);
	if (j->asks)
		qsort(j->asked, j->asks, sizeof *j->asked, by_key); /* `key` comes first */
	j->question = xcalloc(j->asks + 1, sizeof *j->question);
	j->pair = xcalloc(j->asks + 1, sizeof *j->pair);
	j->pairs = j->asks;
	for (size_t i = 0; i < j->asks; i++) {
		const struct edge_key *k = &j->asked[i].key;
		struct why_question *q = &j->question[i];
		*q = (struct why_question){ .any_client = k->any_client,
					    .port = k->port,
					    .protocol = k->protocol };
		memcpy(q->client, k->client, 16);
		memcpy(q->server, k->server, 16);
		j->pair[i].key = *k;
	}
	*n = j->pairs;
	return j->question;
}

/* ---- their tries ---- */

static struct why_pair pair_of(const struct judged_pair *p)
{
	struct why_pair c = { .any_client = p->key.any_client,
			      .port = p->key.port,
			      .protocol = p->key.protocol,
			      .since = INT64_MIN };

	memcpy(c.client, p->key.client, 16);
	memcpy(c.server, p->key.server, 16);
	return c;
}

/* The sightings of the pair's port alone: pairs come port by port, and why goes through all of
 * what it is given. */
static const struct sightings *near(struct judging *j, const struct judged_pair *p)
{
	const struct sightings *all = j->sightings;
	struct sightings *v = &j->near;

	if (j->has_near && j->near_port == p->key.port && j->near_protocol == p->key.protocol)
		return v;
	v->n = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct sighting *s = &all->row[i];
		if (s->protocol != p->key.protocol ||
		    (s->sport != p->key.port && s->dport != p->key.port))
			continue;
		xgrow((void **)&v->row, &v->cap, v->n + 1, sizeof *v->row);
		v->row[v->n++] = *s;
	}
	j->has_near = true;
	j->near_port = p->key.port;
	j->near_protocol = p->key.protocol;
	return v;
}

const struct tries *judging_tries(struct judging *j, const struct judged_pair *p)
{
	struct why_pair c = pair_of(p);

	tries_release(&j->tries);
	tries_build(&j->tries, j->evidence.places, near(j, p), &c);
	return &j->tries;
}

const struct why *judging_why(struct judging *j, struct judged_pair *p)
{
	struct why_pair c = pair_of(p);

	if (!p->why) {
		p->why = xcalloc(1, sizeof *p->why);
		why_ask(j->evidence.places, j->evidence.labels, near(j, p), &c, p->why);
	}
	return p->why;
}

void judging_sum_up(struct judging *j, struct judged_pair *p)
{
	const struct tries *t = judging_tries(j, p);

	p->tries = t->n;
	p->first_failed = p->last_failed = p->first_good = p->last_good = INT64_MIN;
	j->counts.left_out += t->left_out;
	for (size_t i = 0; i < t->n; i++) {
		const struct attempt *a = &t->list[i];
		bool good = a->outcome == OUTCOME_OK;
		int64_t *first = good ? &p->first_good : &p->first_failed;
		int64_t *last = good ? &p->last_good : &p->last_failed;
		p->failed += !good;
		*first = *first == INT64_MIN || a->first < *first ? a->first : *first;
		*last = a->first > *last ? a->first : *last;
	}
	if (p->failed >= FAILED_SOME) /* so that this takes its time here, pair by pair */
		judging_why(j, p);
}

struct judged_pair *judging_pairs(struct judging *j, size_t *n)
{
	*n = j->pairs;
	return j->pair;
}

struct judged_pair *judging_pair(struct judging *j, const struct edge_key *key)
{
	return j->pairs ? bsearch(key, j->pair, j->pairs, sizeof *j->pair, by_key) : NULL;
}

void judging_pairs_free(struct judging *j)
{
	for (size_t i = 0; i < j->pairs; i++) {
		if (j->pair[i].why)
			why_release(j->pair[i].why);
		free(j->pair[i].why);
	}
	tries_release(&j->tries);
	sightings_release(&j->near);
	free(j->pair);
	free(j->question);
	free(j->asked);
}
