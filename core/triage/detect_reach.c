/* detect_reach.c - reach: clients of ours that try, try again, and do not get there; and clients of
 * the internet that do not any more. Edges tell which conversations may be such; why says of each
 * by its records whether it is, and what it is. One finding a cause, server and port. */
#include <inttypes.h>
#include <stdlib.h>

#include "triage/reach.h"

#define TCP 6u
#define UDP 17u
#define LOSS_BYTES 12000u /* that arrive at one end only: ten large packets */

/* ---- which may be ---- */

struct reach_state {
	struct asked {
		struct edge_key key;
		double weight;
	} * list;
	size_t n, cap, most;
	uint64_t dropped;
};

static void *begin(struct judging *j)
{
	struct reach_state *s = xcalloc(1, sizeof *s);

	s->most = judging_room(j) / sizeof *s->list;
	return s;
}

static void end(void *state)
{
	struct reach_state *s = state;

	free(s->list);
	free(s);
}

static uint64_t dropped(const void *state)
{
	return ((const struct reach_state *)state)->dropped;
}

static bool is_of_nat(const struct evidence *v, uint32_t at)
{
	return at != PLACE_NONE && place_is_nat(places_at(v->places, at));
}

/* What leaves one end and does not come to the other. */
static bool loses(const struct evidence_edge *e)
{
	for (unsigned leg = 0; leg < LEGS; leg++) {
		uint64_t left = e->at[leg][leg == LEG_REQUEST ? POST_CLIENT : POST_SERVER];
		uint64_t came = e->at[leg][leg == LEG_REQUEST ? POST_SERVER : POST_CLIENT];
		if (came && left > came && left - came >= LOSS_BYTES &&
		    left - came >= left / 10 * 3)
			return true;
	}
	return false;
}

static struct edge_minute sum_of(const struct evidence_edge *e)
{
	struct edge_minute x = { 0 };

	for (size_t i = 0; i < e->minutes; i++) {
		x.tries += e->minute[i].tries;
		x.alone += e->minute[i].alone;
		x.answered += e->minute[i].answered;
		x.half += e->minute[i].half;
		x.reset += e->minute[i].reset;
		x.refused += e->minute[i].refused;
	}
	return x;
}

/* How many of its tries may have failed; 0: too few to be looked at. */
static double weight_of(struct judging *j, const struct evidence_edge *e)
{
	struct edge_minute x = sum_of(e);
	double least = judging_limit(j, &detect_reach, "tries");
	double back = (double)x.answered + x.half + x.reset, silent = (double)x.alone - back;
	bool may = x.refused >= least || x.alone >= least || x.reset >= least || x.half >= least;

	if (loses(e))
		return least + x.answered;
	if (!may || (double)(e->last - e->first) < judging_limit(j, &detect_reach, "span"))
		return 0;
	return 1 + x.refused + x.reset + (e->key.protocol == TCP ? x.half : 0) +
	       (silent > 0 ? silent : 0);
}

/* Of all clients of the internet: it answered, and in the last minutes tries go on. */
static double weight_of_any(struct judging *j, const struct evidence_edge *e)
{
	double least = judging_limit(j, &detect_reach, "internet"), answered = 0, late = 0,
	       back = 0;
	int64_t from = judging_evidence(j)->until / 60 - 6;

	for (size_t i = 0; i < e->minutes; i++) {
		const struct edge_minute *m = &e->minute[i];
		answered += m->answered;
		late += m->minute >= from ? m->tries : 0;
		back += m->minute >= from ? m->answered : 0;
	}
	return answered >= least && late >= least / 2 && back < late / 2 ? 1 + late : 0;
}

static void edge(void *state, struct judging *j, const struct evidence_edge *e)
{
	struct reach_state *s = state;
	const struct evidence *v = judging_evidence(j);
	double weight;

	if ((e->key.protocol != TCP && e->key.protocol != UDP) || is_of_nat(v, e->client_at) ||
	    is_of_nat(v, e->server_at))
		return;
	if (e->key.any_client)
		weight = e->server_at != PLACE_NONE ? weight_of_any(j, e) : 0;
	else
		weight = e->client_internal ? weight_of(j, e) : 0;
	if (weight <= 0)
		return;
	if (s->n == s->most) {
		s->dropped++;
		return;
	}
	xgrow_within((void **)&s->list, &s->cap, s->n + 1, s->most, sizeof *s->list);
	s->list[s->n++] = (struct asked){ e->key, weight };
}

static void ask(void *state, struct judging *j)
{
	struct reach_state *s = state;

	for (size_t i = 0; i < s->n; i++)
		if (!reach_is_scanned(j, s->list[i].key.client))
			judging_ask(j, &s->list[i].key, s->list[i].weight);
}

/* ---- what is found ---- */

static void judge(void *state, struct judging *j)
{
	struct reach_group *g;
	size_t n;

	(void)state;
	g = reach_groups(j, &n);
	reach_fold(j, g, n);
	for (size_t i = 0; i < n; i++)
		if (g[i].n)
			reach_find(j, &detect_reach, &g[i]);
	reach_groups_free(g, n);
}

const struct detector detect_reach = {
	.name = "reach",
	.title = "a client does not get to a server's port",
	.wrong = "a client that is not meant to get in\n",
	.refutes = "a try of the same client that is answered\n",
	.threshold = { { "tries", 4, "", "that failed: a lost SYN alone is none" },
		       { "span", 150, "s", "from the first to the last of them" },
		       { "internet", 10, "",
			 "tries of the internet that fail at a port which answered as many" },
		       { "silence", 300, "s", "since that port last answered the internet" },
		       { "failing", 90, "%", "of those since then" } },
	.begin = begin,
	.edge = edge,
	.judge = judge,
	.end = end,
	.dropped = dropped,
	.ask = ask,
};
