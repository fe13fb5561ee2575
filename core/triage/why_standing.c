/* why_standing.c - what only several tries together tell: rows 12, 19 and 20 of the decision
 * table. */
#include <inttypes.h>
#include <stdlib.h>

#include "triage/why_case.h"

#define TRIES_LOOKED_AT 12u
#define LOST_PACKETS 10u
#define LARGE 1200u /* bytes: what a smaller MTU on the way does not let pass */
#define IDLE_S 330  /* tracking ends after 350 s on Nitro v6, at NAT gateways and NLBs */
#define PORTS 3u    /* of either kind, and turns between them */

/* ---- row 19 ---- */

struct carried {
	uint64_t sent, sent_bytes, came, came_bytes;
	unsigned tries;
};

static void add_carried(const struct why_case *w, const struct attempt *a, enum leg leg,
			enum post from, enum post to, struct carried *c)
{
	const struct try_cell *s = &a->cell[leg][from][TRY_ACCEPT],
			      *t = &a->cell[leg][to][TRY_ACCEPT];
	uint32_t client = places_of_address(w->p, a->client);

	if (!s->records || !t->records ||
	    places_coverage(w->p, client, a->first, a->last) != COVERAGE_OK ||
	    places_coverage(w->p, w->server, a->first, a->last) != COVERAGE_OK)
		return;
	c->tries++;
	c->sent = saturating_add(c->sent, s->packets);
	c->sent_bytes = saturating_add(c->sent_bytes, s->bytes);
	c->came = saturating_add(c->came, t->packets);
	c->came_bytes = saturating_add(c->came_bytes, t->bytes);
}

/* Large packets are lost, and small ones are not. */
static bool is_mtu(const struct carried *c)
{
	uint64_t lost, bytes;

	if (c->tries < 3 || c->sent <= c->came || c->sent_bytes < c->came_bytes || c->came == 0)
		return false;
	lost = c->sent - c->came;
	bytes = c->sent_bytes - c->came_bytes;
	return lost >= LOST_PACKETS && (double)bytes >= (double)LARGE * (double)lost &&
	       (double)bytes >= 0.3 * (double)c->sent_bytes &&
	       (double)c->came_bytes / (double)c->came < 0.6 * (double)bytes / (double)lost;
}

bool why_path_mtu(struct why_case *w)
{
	static const struct {
		enum leg leg;
		enum post from, to;
		const char *what;
	} ways[] = { { LEG_ANSWER, POST_SERVER, POST_CLIENT, "server's" },
		     { LEG_REQUEST, POST_CLIENT, POST_SERVER, "client's" } };

	if (!w->t.tcp)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		size_t first = w->oks > TRIES_LOOKED_AT ? w->oks - TRIES_LOOKED_AT : 0;
		struct carried c = { 0 };
		for (size_t k = first; k < w->oks; k++)
			add_carried(w, w->ok[k], ways[i].leg, ways[i].from, ways[i].to, &c);
		if (!is_mtu(&c))
			continue;
		w->since = w->ok[first]->first;
		why_because(w,
			    "of the %s %" PRIu64 " packets in %u tries %" PRIu64
			    " did not come, of %" PRIu64
			    " bytes on average; those that came have %" PRIu64,
			    ways[i].what, c.sent, c.tries, c.sent - c.came,
			    (c.sent_bytes - c.came_bytes) / (c.sent - c.came),
			    c.came_bytes / c.came);
		return why_say(w, WHY_PATH_MTU, CONFIDENCE_LIKELY, PLACE_NONE);
	}
	return false;
}

/* ---- row 20 ---- */

/* How long the try was silent before it was refused; -1: nothing passed before. */
static int64_t silence(const struct attempt *a)
{
	int64_t refused = INT64_MAX, passed = INT64_MIN;

	for (enum leg leg = 0; leg < LEGS; leg++)
		for (enum post post = 0; post < POSTS; post++) {
			const struct try_cell *c = &a->cell[leg][post][TRY_REJECT];
			if (c->records && c->first < refused)
				refused = c->first;
		}
	for (enum leg leg = 0; leg < LEGS; leg++)
		for (enum post post = 0; post < POSTS; post++) {
			const struct try_cell *c = &a->cell[leg][post][TRY_ACCEPT];
			if (c->records && c->last < refused && c->last > passed)
				passed = c->last;
		}
	return refused == INT64_MAX || passed == INT64_MIN ? -1 : refused - passed;
}

bool why_idle(struct why_case *w, const struct attempt *const *list, size_t n, uint32_t at)
{
	int64_t least = INT64_MAX;

	for (size_t i = 0; i < n; i++) {
		int64_t s = silence(list[i]);
		least = s < least ? s : least;
	}
	if (n == 0 || least < IDLE_S)
		return false;
	why_because(w,
		    "every connection that was cut had been silent for %" PRId64
		    " s and more; new ones are fine",
		    least);
	return why_say(w, WHY_IDLE_TIMEOUT, CONFIDENCE_LIKELY, at);
}

/* ---- row 12 ---- */

struct port_try {
	int64_t first;
	uint16_t port;
	bool passed;
};

static int by_first(const void *a, const void *b)
{
	const struct port_try *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->port > y->port) - (x->port < y->port);
}

struct port_split {
	unsigned n[2]; /* [1]: passed */
	uint16_t low[2], high[2];
	unsigned turns;
	int64_t since;
};

static struct port_split split_of(struct port_try *list, size_t n)
{
	struct port_split s = { .low = { UINT16_MAX, UINT16_MAX }, .since = INT64_MAX };

	qsort(list, n, sizeof *list, by_first);
	for (size_t i = 0; i < n; i++) {
		bool k = list[i].passed;
		s.n[k]++;
		s.low[k] = list[i].port < s.low[k] ? list[i].port : s.low[k];
		s.high[k] = list[i].port > s.high[k] ? list[i].port : s.high[k];
		s.turns += i > 0 && list[i - 1].passed != k;
		if (!k && list[i].first < s.since)
			s.since = list[i].first;
	}
	return s;
}

static bool say_ephemeral(struct why_case *w, const struct port_split *s, uint32_t at, bool server)
{
	struct buf name = { 0 };

	if (s->n[0] < PORTS || s->n[1] < PORTS || s->turns < PORTS ||
	    !(s->high[0] < s->low[1] || s->low[0] > s->high[1]))
		return false;
	w->since = s->since;
	why_add_interface(w, at, &name);
	why_because(w,
		    "at %s answers to the client's ports %u..%u pass and those to %u..%u are "
		    "refused, in turns: an ACL's %s rule has not all ephemeral ports",
		    name.s, s->low[1], s->high[1], s->low[0], s->high[0],
		    server ? "outbound" : "inbound");
	buf_release(&name);
	return why_say(w, WHY_NACL_EPHEMERAL, CONFIDENCE_PROVEN, at);
}

bool why_ephemeral(struct why_case *w)
{
	static const enum post posts[] = { POST_SERVER, POST_CLIENT };
	struct port_try *list = xcalloc(w->t.n + 1, sizeof *list);
	bool found = false;

	for (size_t p = 0; p < ARRAY_SIZE(posts) && !found; p++) {
		uint32_t at = posts[p] == POST_SERVER ? w->server : w->client;
		struct port_split split;
		size_t n = 0;
		for (size_t i = 0; i < w->t.n; i++) {
			const struct attempt *a = &w->t.list[i];
			bool passed = attempt_has(a, LEG_ANSWER, posts[p], TRY_ACCEPT);
			bool refused = attempt_has(a, LEG_ANSWER, posts[p], TRY_REJECT);
			if (at == PLACE_NONE || (passed ? a->half : !refused))
				continue;
			list[n++] = (struct port_try){ a->first, a->port, passed };
		}
		split = split_of(list, n);
		found = say_ephemeral(w, &split, at, posts[p] == POST_SERVER);
	}
	free(list);
	return found;
}
