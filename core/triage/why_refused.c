/* why_refused.c - tries that were refused, or cut: rows 3 to 15 of the decision table.
 *
 * A security group has a memory and an ACL none; within a subnet ACLs do not apply; an ACL knows
 * subnet, peer address and port, and can't tell two interfaces of a subnet apart. What follows from
 * that is said; else records do not tell which of the two it was. Sources: AWS, "Flow log record
 * examples", "Network ACLs", "Security group connection tracking". */
#include <inttypes.h>

#include "triage/why_case.h"

/* ---- rows 3 and 4: said by the record ---- */

static unsigned dropped_by_gateway(const struct why_case *w, uint32_t *at)
{
	unsigned all = 0;

	for (size_t i = 0; i < w->fails; i++)
		for (size_t k = 0; k < w->fail[i]->sightings; k++) {
			const struct sighting *s = w->t.sighting[w->fail[i]->sighting + k];
			if (s->dropped && !all)
				*at = s->interface;
			all |= s->dropped;
		}
	return all;
}

static bool say_dropped(struct why_case *w)
{
	static const char *const reasons[] = { "it has no route", "its route is a blackhole",
					       "larger than the MTU", "time to live exceeded" };
	uint32_t at = PLACE_NONE;
	unsigned dropped = dropped_by_gateway(w, &at);

	for (unsigned i = 0; i < ARRAY_SIZE(reasons); i++)
		if (dropped >> i & 1)
			why_because(w, "the transit gateway lost packets of the two: %s",
				    reasons[i]);
	return dropped && why_say(w, WHY_TGW_DROP, CONFIDENCE_PROVEN, at);
}

static bool say_reason(struct why_case *w)
{
	unsigned has = 0;

	for (size_t i = 0; i < w->focused; i++)
		for (enum post post = 0; post < POSTS; post++)
			has |= 1u << w->focus[i]->cell[LEG_REQUEST][post][TRY_REJECT].refusal;
	if (!(has >> REFUSAL_BPA & 1) && !(has >> REFUSAL_EC & 1))
		return false;
	why_because(w, "the records themselves say so: reject-reason");
	return why_say(w, has >> REFUSAL_BPA & 1 ? WHY_BPA : WHY_EC, CONFIDENCE_PROVEN,
		       why_at(w, LEG_REQUEST, TRY_REJECT));
}

/* ---- rows 5 to 10: a request that is refused ---- */

/* Another interface of that subnet by which the same came in (went out) since then: an interval
 * later at least, for a record of before the change may end behind it. */
static uint32_t sibling(const struct why_case *w, uint32_t at, bool in)
{
	for (size_t i = 0; i < w->v->n; i++) {
		const struct sighting *s = &w->v->row[i];
		const struct interface *e;
		if (s->reject || s->interface == PLACE_NONE || s->interface == at ||
		    s->protocol != w->c.protocol || s->start < w->since + w->interval ||
		    s->dport != w->c.port || !why_same_subnet(w, s->interface, at))
			continue;
		e = places_at(w->p, s->interface);
		if (in ? memcmp(s->pkt_src, w->c.client, 16) == 0 && place_owns(e, s->dst)
		       : memcmp(s->pkt_dst, w->c.server, 16) == 0 && place_owns(e, s->src))
			return s->interface;
	}
	return PLACE_NONE;
}

static bool say_group_or_acl(struct why_case *w, uint32_t at, bool in)
{
	enum why_code group = in ? WHY_SG_IN : WHY_SG_OUT, acl = in ? WHY_NACL_IN : WHY_NACL_OUT;
	struct buf name = { 0 };
	uint32_t other;

	if (at != PLACE_NONE && place_is_nat(places_at(w->p, at))) {
		why_because(w, "it is refused at a NAT gateway, which has no security group");
		return why_say(w, acl, CONFIDENCE_PROVEN, at);
	}
	if (why_same_subnet(w, w->client, w->server)) {
		why_because(w, "both ends are in %s: ACLs do not apply within a subnet",
			    places_at(w->p, w->client)->subnet);
		return why_say(w, group, CONFIDENCE_PROVEN, at);
	}
	if (at != PLACE_NONE && (other = sibling(w, at, in)) != PLACE_NONE) {
		why_add_interface(w, other, &name);
		why_because(w,
			    "%s, in the same subnet, %s the same %s and port since then: an ACL "
			    "can't tell the two apart",
			    name.s, in ? "took" : "was let out to", in ? "client" : "server");
		buf_release(&name);
		return why_say(w, group, CONFIDENCE_PROVEN, at);
	}
	if (w->survivors) {
		why_because(w,
			    "%zu connection%s of the two that stood before go%s on: an ACL has no "
			    "memory and would have cut them; a security group keeps what it tracks",
			    w->survivors, w->survivors == 1 ? "" : "s",
			    w->survivors == 1 ? "es" : "");
		return why_say(w, group, CONFIDENCE_PROVEN, at);
	}
	if (w->cuts) {
		why_because(
			w, "connections that stood are cut since then: a security group would have "
			   "kept what it tracks");
		return why_say(w, acl, CONFIDENCE_LIKELY, at);
	}
	why_because(w, "nothing in the log tells a security group's refusal from an ACL's here");
	return why_say(w, in ? WHY_SG_OR_NACL_IN : WHY_SG_OR_NACL_OUT, CONFIDENCE_OPEN, at);
}

static bool say_request_refused(struct why_case *w)
{
	uint32_t at = why_at(w, LEG_REQUEST, TRY_REJECT);
	struct buf name = { 0 };

	if (at == PLACE_NONE)
		at = w->kind == OUTCOME_REFUSED_OUT ? w->client : w->server;
	why_add_refusing(w, LEG_REQUEST, at, &name);
	why_because(w, "%zu of %zu failed %s: the request was refused (REJECT) at %s", w->focused,
		    w->fails, plural(w->fails, "try", "tries"), name.s);
	buf_release(&name);
	return say_group_or_acl(w, at, w->kind != OUTCOME_REFUSED_OUT);
}

/* ---- row 11: cut ---- */

static bool say_cut(struct why_case *w)
{
	bool request = why_any(w, LEG_REQUEST, POSTS, TRY_REJECT);
	enum leg leg = request ? LEG_REQUEST : LEG_ANSWER;
	bool client = why_any(w, LEG_REQUEST, POST_CLIENT, TRY_REJECT) ||
		      why_any(w, LEG_ANSWER, POST_CLIENT, TRY_REJECT);
	uint32_t at = why_at(w, leg, TRY_REJECT);

	if (w->kind == OUTCOME_CUT_REPLY && why_idle(w, w->focus, w->focused, at))
		return true;
	why_because(w,
		    "%zu connection%s that stood %s refused in the middle: a security group "
		    "would have kept what it tracks",
		    w->focused, w->focused == 1 ? "" : "s", w->focused == 1 ? "was" : "were");
	if (request)
		return why_say(w, client ? WHY_NACL_OUT : WHY_NACL_IN, CONFIDENCE_LIKELY, at);
	return why_say(w, client ? WHY_NACL_IN_REPLY : WHY_NACL_OUT_REPLY, CONFIDENCE_LIKELY, at);
}

/* ---- rows 12 to 15: an answer that is refused ---- */

/* The interface's instance is that of one which was asked. */
static bool is_of_asked_instance(const struct why_case *w, uint32_t at)
{
	const char *instance = places_at(w->p, at)->instance;

	for (size_t i = 0; instance && i < w->focused; i++) {
		const struct attempt *a = w->focus[i];
		for (size_t k = 0; k < a->sightings; k++) {
			uint32_t e = w->t.sighting[a->sighting + k]->interface;
			const char *other = e == PLACE_NONE ? NULL : places_at(w->p, e)->instance;
			if (e != at && other && strcmp(other, instance) == 0 && why_was_asked(w, e))
				return true;
		}
	}
	return false;
}

/* A log of REJECT only has no requests: who was asked can't be told. */
static bool say_without_requests(struct why_case *w, uint32_t at, bool server)
{
	why_because(w, "the answer was refused; the request is not in this log, which has REJECT "
		       "only");
	return why_say(w, server ? WHY_NACL_OUT_REPLY : WHY_NACL_IN_REPLY, CONFIDENCE_LIKELY, at);
}

static bool say_answer_refused(struct why_case *w)
{
	uint32_t at = why_at(w, LEG_ANSWER, TRY_REJECT);
	bool server = w->kind == OUTCOME_REPLY_REFUSED_OUT,
	     middle = w->kind == OUTCOME_REPLY_REFUSED_MIDDLE;
	struct buf name = { 0 };

	if (why_ephemeral(w))
		return true;
	if (!w->logs.accepts)
		return say_without_requests(w, at, server);
	why_add_refusing(w, LEG_ANSWER, at, &name);
	why_because(w, "%zu of %zu failed %s: the answer was refused (REJECT) at %s", w->focused,
		    w->fails, plural(w->fails, "try", "tries"), name.s);
	buf_release(&name);
	if ((server || middle) && at != PLACE_NONE && !why_was_asked(w, at)) {
		why_because(w, "that interface was never asked: its security group never saw the "
			       "request");
		return why_say(w, WHY_ASYMMETRIC,
			       is_of_asked_instance(w, at) ? CONFIDENCE_PROVEN : CONFIDENCE_LIKELY,
			       at);
	}
	why_because(w, "the request passed there: a security group lets the answer to what it let "
		       "pass go, an ACL does not know of it");
	return why_say(w, server ? WHY_NACL_OUT_REPLY : WHY_NACL_IN_REPLY, CONFIDENCE_PROVEN, at);
}

bool why_refused(struct why_case *w)
{
	if (say_dropped(w))
		return true;
	switch (w->kind) {
	case OUTCOME_REFUSED_IN:
	case OUTCOME_REFUSED_OUT:
	case OUTCOME_REFUSED_MIDDLE:
		return say_reason(w) || say_request_refused(w);
	case OUTCOME_CUT_REQUEST:
	case OUTCOME_CUT_REPLY:
		return say_cut(w);
	case OUTCOME_REPLY_REFUSED_OUT:
	case OUTCOME_REPLY_REFUSED_IN:
	case OUTCOME_REPLY_REFUSED_MIDDLE:
		return say_answer_refused(w);
	default:
		return false;
	}
}
