/* why_seen.c - what interfaces saw of the tries that a question of why comes down to. */
#include <stdlib.h>

#include "triage/why_case.h"

bool why_matches(const struct why_case *w, const struct sighting *s, enum leg leg,
		 enum verdict_action action)
{
	bool request = memcmp(s->pkt_dst, w->c.server, 16) == 0 && s->dport == w->c.port;

	return (leg == LEG_REQUEST) == request &&
	       (action == TRY_ACTIONS || s->reject == (action == TRY_REJECT));
}

uint32_t why_at(const struct why_case *w, enum leg leg, enum verdict_action action)
{
	uint32_t best = PLACE_NONE;

	for (size_t i = 0; i < w->focused; i++) {
		const struct attempt *a = w->focus[i];
		for (size_t k = 0; k < a->sightings; k++) {
			const struct sighting *s = w->t.sighting[a->sighting + k];
			if (s->interface == PLACE_NONE || !why_matches(w, s, leg, action))
				continue;
			if (best == PLACE_NONE || strcmp(places_at(w->p, s->interface)->interface,
							 places_at(w->p, best)->interface) < 0)
				best = s->interface;
		}
	}
	return best;
}

size_t why_count_at(const struct why_case *w, enum leg leg, enum verdict_action action)
{
	uint64_t *seen = xcalloc(places_count(w->p) / 64 + 1, sizeof *seen);
	size_t n = 0;

	for (size_t i = 0; i < w->focused; i++)
		for (size_t k = 0; k < w->focus[i]->sightings; k++) {
			const struct sighting *s = w->t.sighting[w->focus[i]->sighting + k];
			uint64_t bit = UINT64_C(1) << s->interface % 64;
			if (s->interface == PLACE_NONE || !why_matches(w, s, leg, action))
				continue;
			n += !(seen[s->interface / 64] & bit);
			seen[s->interface / 64] |= bit;
		}
	free(seen);
	return n;
}

void why_add_refusing(const struct why_case *w, enum leg leg, uint32_t at, struct buf *out)
{
	size_t n = why_count_at(w, leg, TRY_REJECT);

	why_add_interface(w, at, out);
	if (n > 1)
		buf_printf(out, " and %zu more %s", n - 1,
			   plural(n - 1, "interface", "interfaces"));
}

bool why_any(const struct why_case *w, enum leg leg, enum post post, enum verdict_action action)
{
	for (size_t i = 0; i < w->focused; i++)
		if (attempt_has(w->focus[i], leg, post, action))
			return true;
	return false;
}

bool why_was_asked(const struct why_case *w, uint32_t interface)
{
	for (size_t i = 0; i < w->focused; i++) {
		const struct attempt *a = w->focus[i];
		for (size_t k = 0; k < a->sightings; k++) {
			const struct sighting *s = w->t.sighting[a->sighting + k];
			if (s->interface == interface &&
			    why_matches(w, s, LEG_REQUEST, TRY_ACTIONS))
				return true;
		}
	}
	return false;
}

size_t why_ports(const struct sightings *v, const struct why_question *q, uint16_t *port,
		 size_t max)
{
	uint64_t seen[65536 / 64] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++) {
		const struct sighting *s = &v->row[i];
		bool to = memcmp(s->pkt_dst, q->server, 16) == 0 &&
			  (q->any_client || memcmp(s->pkt_src, q->client, 16) == 0);
		/* What the client was asked on is the other way round: the server's own port is the
		 * one below the ephemeral range, or the lower one. */
		if (!to || s->protocol != q->protocol || s->dport > s->sport)
			continue;
		if (!(seen[s->dport / 64] >> s->dport % 64 & 1) && n < max)
			port[n++] = s->dport;
		seen[s->dport / 64] |= UINT64_C(1) << s->dport % 64;
	}
	return n;
}
