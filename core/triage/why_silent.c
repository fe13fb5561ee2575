/* why_silent.c - tries that were reset, left half open, or not answered at all: rows 16 to 18 and
 * 21 to 31 of the decision table. That something is missing is evidence only where the log is
 * complete and has REJECT at all. */
#include <inttypes.h>
#include <stdlib.h>

#include "triage/why_case.h"

/* ---- rows 16 to 18: something came back ---- */

static bool say_reset(struct why_case *w)
{
	why_because(w, "%zu of %zu failed %s: the host answered the SYN with an RST", w->focused,
		    w->fails, plural(w->fails, "try", "tries"));
	return why_say(w, WHY_NO_LISTENER, CONFIDENCE_LIKELY, w->server);
}

/* Whether the log of an interface has a state in one of the tries; of how many. */
static size_t covered(const struct why_case *w, uint32_t interface, enum coverage state)
{
	size_t n = 0;

	for (size_t i = 0; i < w->focused; i++)
		n += places_coverage(w->p, interface, w->focus[i]->first, w->focus[i]->last) ==
		     state;
	return n;
}

static bool is_logged(const struct why_case *w, uint32_t interface)
{
	return interface != PLACE_NONE && places_at(w->p, interface)->records.n > 0;
}

static bool say_half(struct why_case *w)
{
	why_because(w,
		    "%zu of %zu failed %s: the server answered with SYN-ACK, and nothing more "
		    "was said",
		    w->focused, w->fails, plural(w->fails, "try", "tries"));
	if (!is_logged(w, w->client) || why_any(w, LEG_ANSWER, POST_CLIENT, TRY_ACTIONS))
		return why_say(w, WHY_HALF_OPEN, CONFIDENCE_LIKELY, w->server);
	if (covered(w, w->client, COVERAGE_LOST))
		return why_say(w, WHY_UNKNOWN_LOST, CONFIDENCE_OPEN, w->client);
	if (covered(w, w->client, COVERAGE_PENDING) * 2 >= w->focused)
		return why_say(w, WHY_UNKNOWN_PENDING, CONFIDENCE_OPEN, w->client);
	if (covered(w, w->client, COVERAGE_OK) == 0)
		return why_say(w, WHY_HALF_OPEN, CONFIDENCE_LIKELY, w->server);
	if (!places_logs(w->p, w->client).rejects)
		return why_say(w, WHY_UNKNOWN_LOG_TYPE, CONFIDENCE_OPEN, PLACE_NONE);
	why_because(w, "the client's interface is logged, complete, and the answer is not there");
	w->out->to = w->client;
	return why_say(w, WHY_RETURN_LOST, CONFIDENCE_LIKELY, w->server);
}

/* ---- rows 21 to 23: it was delivered ---- */

/* Another interface that answers the very client ports that fail. */
static bool say_asymmetric(struct why_case *w)
{
	struct {
		uint32_t interface;
		size_t ports;
		uint16_t port[3];
	} met[8] = { { 0 } };
	size_t n = 0;

	for (size_t i = 0; i < w->v->n; i++) {
		const struct sighting *s = &w->v->row[i];
		bool failed = false;
		size_t k = 0;
		if (s->interface == PLACE_NONE || s->interface == w->client ||
		    s->protocol != w->c.protocol || s->sport != w->c.port ||
		    memcmp(s->pkt_dst, w->c.client, 16) != 0 || s->start < w->since - w->interval ||
		    why_was_asked(w, s->interface))
			continue;
		for (size_t f = 0; f < w->fails && !failed; f++)
			failed = w->fail[f]->port == s->dport;
		if (!failed)
			continue;
		while (k < n && met[k].interface != s->interface)
			k++;
		if (k == ARRAY_SIZE(met))
			continue;
		n += k == n;
		met[k].interface = s->interface;
		for (size_t p = 0; p < met[k].ports; p++)
			failed &= met[k].port[p] != s->dport;
		if (failed && met[k].ports < ARRAY_SIZE(met[k].port))
			met[k].port[met[k].ports++] = s->dport;
	}
	for (size_t k = 0; k < n; k++) {
		struct buf name = { 0 };
		const char *here =
			w->server == PLACE_NONE ? NULL : places_at(w->p, w->server)->instance;
		const char *there = places_at(w->p, met[k].interface)->instance;
		bool one = here && there && strcmp(here, there) == 0;
		if (!one && met[k].ports < ARRAY_SIZE(met[k].port))
			continue;
		why_add_interface(w, met[k].interface, &name);
		why_because(w, "asked at one interface, answered from another: %s%s", name.s,
			    one ? ", of the same instance" : "");
		buf_release(&name);
		return why_say(w, WHY_ASYMMETRIC, one ? CONFIDENCE_PROVEN : CONFIDENCE_LIKELY,
			       met[k].interface);
	}
	return false;
}

/* The server and port have answered somebody. */
static bool has_answered(const struct why_case *w)
{
	for (size_t i = 0; i < w->v->n; i++) {
		const struct sighting *s = &w->v->row[i];
		if (s->protocol == w->c.protocol && s->sport == w->c.port && !s->reject &&
		    memcmp(s->pkt_src, w->c.server, 16) == 0)
			return true;
	}
	return false;
}

static bool say_delivered(struct why_case *w)
{
	if (say_asymmetric(w))
		return true;
	why_because(w,
		    "%zu of %zu failed %s: the request was let in at the server's interface, "
		    "and nothing came back",
		    w->focused, w->fails, plural(w->fails, "try", "tries"));
	if (!w->t.tcp && !has_answered(w))
		return why_say(w, WHY_ONE_WAY, CONFIDENCE_LIKELY, w->server);
	if (covered(w, w->server, COVERAGE_LOST))
		return why_say(w, WHY_UNKNOWN_LOST, CONFIDENCE_OPEN, w->server);
	if (!places_logs(w->p, w->server).rejects)
		return why_say(w, WHY_UNKNOWN_LOG_TYPE, CONFIDENCE_OPEN, PLACE_NONE);
	return why_say(w, WHY_NO_ANSWER, CONFIDENCE_LIKELY, w->server);
}

/* ---- rows 24 to 28: it did not arrive ---- */

static bool say_far_unlogged(struct why_case *w, const char *why)
{
	why_because(w, "the request left, no answer came, and the server's interface %s", why);
	return why_say(w, WHY_UNKNOWN_FAR_UNLOGGED, CONFIDENCE_OPEN, PLACE_NONE);
}

static bool say_not_delivered(struct why_case *w)
{
	struct buf name = { 0 };
	const struct interface *far = places_at(w->p, w->server);
	uint32_t middle = PLACE_NONE;

	for (size_t i = 0; i < w->focused; i++)
		for (unsigned k = 0; k < TRY_ACTIONS; k++)
			if (w->focus[i]->cell[LEG_REQUEST][POST_MIDDLE][k].records)
				middle = w->focus[i]->cell[LEG_REQUEST][POST_MIDDLE][k].interface;
	why_because(w,
		    "%zu of %zu failed %s left the client's interface and are not at the "
		    "server's, which is logged and complete then (%s)",
		    w->focused, w->fails, plural(w->fails, "try", "tries"),
		    time_spans_overlap(&far->nodata, w->since, INT64_MAX) ? "NODATA: nothing at all"
									  : "with other traffic");
	if (middle != PLACE_NONE) {
		why_add_interface(w, middle, &name);
		why_because(w, "%s on the way saw it", name.s);
		buf_release(&name);
	}
	w->out->to = w->server;
	return why_say(w, WHY_NOT_DELIVERED, CONFIDENCE_PROVEN, w->client);
}

static bool say_missing(struct why_case *w)
{
	size_t ok = covered(w, w->server, COVERAGE_OK);

	if (!is_logged(w, w->server))
		return say_far_unlogged(w, "is not logged");
	if (covered(w, w->server, COVERAGE_PENDING) * 2 >= w->focused) {
		why_because(w, "the server's records of then may still come");
		return why_say(w, WHY_UNKNOWN_PENDING, CONFIDENCE_OPEN, w->server);
	}
	if (covered(w, w->server, COVERAGE_LOST)) {
		why_because(w, "records of the server's interface were lost then (SKIPDATA)");
		return why_say(w, WHY_UNKNOWN_LOST, CONFIDENCE_OPEN, w->server);
	}
	if (ok == 0 || covered(w, w->server, COVERAGE_GAP) * 2 >= w->focused)
		return say_far_unlogged(w, "has no records of then, NODATA included");
	if (!places_logs(w->p, w->server).rejects) {
		why_because(w,
			    "no record of this log says REJECT: what was refused at the server may "
			    "not be in it");
		return why_say(w, WHY_UNKNOWN_LOG_TYPE, CONFIDENCE_OPEN, PLACE_NONE);
	}
	if (!why_any(w, LEG_REQUEST, POST_CLIENT, TRY_ACCEPT))
		return false;
	return say_not_delivered(w);
}

/* ---- rows 29 to 31: towards the internet ---- */

/* The NAT gateway that the client's requests come to, by the port that the client chose; *own: its
 * address. */
static uint32_t nat_of(const struct why_case *w, uint8_t own[16])
{
	uint32_t best = PLACE_NONE;
	size_t most = 0;

	for (uint32_t e = 0; e < places_count(w->p); e++) {
		const struct interface *place = places_at(w->p, e);
		size_t hits = 0;
		if (!place->has[0] && !place->has[1])
			continue;
		for (size_t i = 0; e != w->client && i < w->v->n; i++) {
			const struct sighting *s = &w->v->row[i];
			bool tried = false;
			if (s->interface != e || s->dport != w->c.port ||
			    memcmp(s->src, w->c.client, 16) != 0 || !place_owns(place, s->dst))
				continue;
			for (size_t k = 0; k < w->t.n && !tried; k++)
				tried = w->t.list[k].port == s->sport;
			hits += tried;
		}
		if (hits > most) {
			most = hits;
			best = e;
			memcpy(own, place->address[!place->has[0]], 16);
		}
	}
	return best;
}

/* Whether the tries that fail were seen at the NAT gateway. */
static bool came_by(const struct why_case *w, uint32_t nat)
{
	for (size_t i = 0; i < w->v->n; i++) {
		const struct sighting *s = &w->v->row[i];
		if (s->interface != nat || memcmp(s->src, w->c.client, 16) != 0 ||
		    s->dport != w->c.port || s->start < w->since - w->interval)
			continue;
		for (size_t k = 0; k < w->fails; k++)
			if (w->fail[k]->port == s->sport)
				return true;
	}
	return why_any(w, LEG_REQUEST, POST_MIDDLE, TRY_ACTIONS);
}

static bool say_not_at_nat(struct why_case *w, uint32_t nat)
{
	int64_t last = w->focus[0]->last;
	enum coverage state;

	for (size_t i = 0; i < w->focused; i++)
		last = w->focus[i]->last > last ? w->focus[i]->last : last;
	state = places_coverage(w->p, nat, w->since,
				last < places_newest(w->p) ? last : places_newest(w->p));
	why_because(w, "the NAT gateway that carried earlier tries did not see these");
	if (!places_logs(w->p, nat).rejects)
		return why_say(w, WHY_UNKNOWN_LOG_TYPE, CONFIDENCE_OPEN, PLACE_NONE);
	if (state == COVERAGE_OK) {
		w->out->to = nat;
		return why_say(w, WHY_NOT_DELIVERED, CONFIDENCE_LIKELY, w->client);
	}
	return why_say(w,
		       state == COVERAGE_LOST      ? WHY_UNKNOWN_LOST
		       : state == COVERAGE_PENDING ? WHY_UNKNOWN_PENDING
						   : WHY_UNKNOWN_FAR_UNLOGGED,
		       CONFIDENCE_OPEN, nat);
}

/* A NAT gateway has no security group: what is refused there, an ACL refuses. */
static bool say_of_nat(struct why_case *w, uint32_t nat, const uint8_t own[16])
{
	struct why_pair c = w->c;
	struct why inner;
	enum why_code code;
	bool refused = true;

	memcpy(c.client, own, 16);
	c.any_client = false;
	c.since = w->since - w->interval;
	why_nested(w, &c, &inner);
	code = inner.code;
	if (code == WHY_SG_OR_NACL_IN || code == WHY_SG_OR_NACL_OUT)
		code = code == WHY_SG_OR_NACL_IN ? WHY_NACL_IN : WHY_NACL_OUT;
	refused = code == WHY_NACL_IN || code == WHY_NACL_OUT || code == WHY_NACL_IN_REPLY;
	if (refused) {
		why_because(w, "the NAT gateway carries it on, and there it is refused; it has no "
			       "security group");
		w->out->via = nat;
		why_say(w, code, CONFIDENCE_PROVEN, inner.at);
	} else {
		why_because(w, "the NAT gateway carried it on, and no answer came back to it");
		w->out->via = nat;
		why_say(w, WHY_NO_ANSWER_OUTSIDE, CONFIDENCE_OPEN, nat);
	}
	why_release(&inner);
	return true;
}

static uint32_t first_middle(const struct why_case *w)
{
	uint32_t best = PLACE_NONE;

	for (size_t i = 0; i < w->focused; i++)
		for (unsigned k = 0; k < TRY_ACTIONS; k++) {
			const struct try_cell *c = &w->focus[i]->cell[LEG_REQUEST][POST_MIDDLE][k];
			if (c->records && c->interface != PLACE_NONE &&
			    (best == PLACE_NONE || strcmp(places_at(w->p, c->interface)->interface,
							  places_at(w->p, best)->interface) < 0))
				best = c->interface;
		}
	return best;
}

static bool say_outside(struct why_case *w)
{
	uint8_t own[16] = { 0 };
	uint32_t nat = w->nested ? PLACE_NONE : nat_of(w, own);

	if (nat == PLACE_NONE && !w->nested) {
		nat = first_middle(w);
		if (nat != PLACE_NONE) {
			const struct interface *e = places_at(w->p, nat);
			if (!e->has[0] && !e->has[1])
				nat = PLACE_NONE;
			else
				memcpy(own, e->address[!e->has[0]], 16);
		}
	}
	if (nat != PLACE_NONE)
		return came_by(w, nat) ? say_of_nat(w, nat, own) : say_not_at_nat(w, nat);
	why_because(w, "it left, and no answer came in");
	return why_say(w, WHY_NO_ANSWER_OUTSIDE, CONFIDENCE_OPEN, w->client);
}

bool why_unanswered(struct why_case *w)
{
	if (!w->logs.accepts) {
		why_because(w, "this log has REJECT only: what was let pass is not in it");
		return why_say(w, WHY_UNKNOWN_LOG_TYPE, CONFIDENCE_OPEN, PLACE_NONE);
	}
	if (w->kind == OUTCOME_RESET)
		return say_reset(w);
	if (w->kind == OUTCOME_HALF)
		return say_half(w);
	if (w->kind != OUTCOME_SILENT)
		return false;
	if (!why_is_internal(w, w->c.server))
		return say_outside(w);
	return why_any(w, LEG_REQUEST, POST_SERVER, TRY_ACCEPT) ? say_delivered(w) : say_missing(w);
}
