/* outcome.c - see outcome.h.
 *
 * A format without tcp-flags tells a SYN, an RST and a SYN-ACK by their size: 64 bytes a packet at
 * most, 40 (IPv6: 60), 44 to 80. */
#include "triage/outcome.h"

#define FIN_RST 5u
#define RST 4u
#define SYN 2u
#define SYN_ACK 18u

/* The next cell of a leg that has records, of an action or (TRY_ACTIONS) of any, behind `c` (NULL:
 * the first); NULL: there is none. */
static const struct try_cell *next(const struct attempt *a, enum leg leg,
				   enum verdict_action action, const struct try_cell *c)
{
	const struct try_cell *first = &a->cell[leg][0][0], *end = first + POSTS * TRY_ACTIONS;

	for (c = c ? c + 1 : first; c < end; c++)
		if (c->records &&
		    (action == TRY_ACTIONS || (c - first) % TRY_ACTIONS == (int)action))
			return c;
	return NULL;
}

static bool is_syn_only(const struct attempt *a)
{
	bool flags = true, syns = true;

	for (const struct try_cell *c = NULL; (c = next(a, LEG_REQUEST, TRY_ACTIONS, c));) {

		flags &= c->has_flags;
		syns &= c->flags == SYN;
		if (c->bytes > c->packets * 64 || c->packets > (uint64_t)SYNS_MAX * c->records)
			return false;
	}
	return !flags || syns;
}

static bool is_reset(const struct attempt *a, bool v6)
{
	uint64_t asked = 0, answered = 0;

	if (!is_syn_only(a))
		return false;
	for (const struct try_cell *q = NULL; (q = next(a, LEG_REQUEST, TRY_ACTIONS, q));)
		asked = q->packets > asked ? q->packets : asked;
	for (const struct try_cell *r = NULL; (r = next(a, LEG_ANSWER, TRY_ACCEPT, r));) {

		if (r->has_flags ? !(r->flags & RST) || (r->flags & SYN_ACK) == SYN_ACK
				 : r->bytes != r->packets * (v6 ? 60 : 40))
			return false;
		answered = r->packets > answered ? r->packets : answered;
	}
	return answered && answered <= asked;
}

/* Nothing but SYN-ACKs came back. By size alone a health check that connects and closes looks the
 * same at the server: there the client's interface must show that nothing was let in; where it is
 * not in the log that is not known, and is noted. */
static bool is_half(struct attempt *a, bool client_complete)
{
	bool any = false, flags = true;

	for (const struct try_cell *r = NULL; (r = next(a, LEG_ANSWER, TRY_ACTIONS, r));) {

		any = true;
		flags &= r->has_flags;
		if (r->has_flags && ((r->flags & ~SYN_ACK) || !(r->flags & SYN_ACK)))
			return false;
		if (r->bytes < r->packets * 44 || r->bytes > r->packets * 80)
			return false;
	}
	if (!any || !is_syn_only(a))
		return false;
	a->unconfirmed = !flags && !client_complete;
	return flags || (client_complete && !attempt_has(a, LEG_ANSWER, POST_CLIENT, TRY_ACCEPT));
}

/* It stood, and its end was seen, or can't be: packets that are refused then are late. */
static bool has_ended(const struct attempt *a)
{
	uint64_t refused = 0;
	bool flags = false, ended = false;

	for (enum leg leg = 0; leg < LEGS; leg++) {
		for (const struct try_cell *x = NULL; (x = next(a, leg, TRY_REJECT, x));)
			refused = saturating_add(refused, x->packets);
		for (const struct try_cell *c = NULL; (c = next(a, leg, TRY_ACCEPT, c));)
			ended |= c->has_flags && c->flags & FIN_RST;
	}
	for (const struct try_cell *r = NULL; (r = next(a, LEG_ANSWER, TRY_ACCEPT, r));)
		flags |= r->has_flags;
	return refused <= LATE_PACKETS && (ended || !flags);
}

static enum outcome of_refused(const struct attempt *a)
{
	if (attempt_has(a, LEG_REQUEST, POSTS, TRY_REJECT))
		return attempt_has(a, LEG_REQUEST, POST_CLIENT, TRY_REJECT) ? OUTCOME_REFUSED_OUT
		       : attempt_has(a, LEG_REQUEST, POST_SERVER, TRY_REJECT)
			       ? OUTCOME_REFUSED_IN
			       : OUTCOME_REFUSED_MIDDLE;
	return attempt_has(a, LEG_ANSWER, POST_SERVER, TRY_REJECT)   ? OUTCOME_REPLY_REFUSED_OUT
	       : attempt_has(a, LEG_ANSWER, POST_CLIENT, TRY_REJECT) ? OUTCOME_REPLY_REFUSED_IN
								     : OUTCOME_REPLY_REFUSED_MIDDLE;
}

void outcome_judge(struct attempt *a, bool tcp, bool v6, bool client_complete)
{
	bool answered = attempt_has(a, LEG_ANSWER, POSTS, TRY_ACCEPT), refused = false;
	bool reset = tcp && answered && is_reset(a, v6), half = tcp && is_half(a, client_complete);
	int64_t refused_at = INT64_MAX;

	for (enum leg leg = 0; leg < LEGS; leg++)
		for (const struct try_cell *x = NULL; (x = next(a, leg, TRY_REJECT, x));) {

			refused = true;
			refused_at = x->first < refused_at ? x->first : refused_at;
		}
	a->half = half;
	a->when = a->first;
	if (!refused) {
		a->outcome = !answered ? OUTCOME_SILENT
			     : reset   ? OUTCOME_RESET
			     : half    ? OUTCOME_HALF
				       : OUTCOME_OK;
		return;
	}
	if (answered && !half && !reset && has_ended(a)) {
		a->outcome = OUTCOME_OK;
		return;
	}
	a->when = refused_at;
	if (answered && !half && !reset)
		a->outcome = attempt_has(a, LEG_REQUEST, POSTS, TRY_REJECT) ? OUTCOME_CUT_REQUEST
									    : OUTCOME_CUT_REPLY;
	else
		a->outcome = of_refused(a);
}

bool outcome_is_refused(enum outcome o)
{
	return o != OUTCOME_OK && o < OUTCOME_RESET;
}
