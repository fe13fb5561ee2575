/* app_causes.c - see app_causes.h. */
#include "app/app_causes.h"

#include <stdlib.h>

#define SHARE 8 /* of what the screen's answers may hold, for the records of one row */

_Static_assert(CAUSE_CLIENTS <= WHY_SCAN_QUESTIONS, "each client is a question");

static void begin(struct app *a, const struct cause *c)
{
	struct shown_causes *v = &a->causes;
	struct why_question q[CAUSE_CLIENTS] = { 0 };
	size_t n = 0;

	v->asked = *c;
	v->asked_stamp = v->stamp;
	for (; n < c->clients && n < CAUSE_CLIENTS; n++) {
		memcpy(q[n].client, c->client[n], sizeof q[n].client);
		memcpy(q[n].server, c->server, sizeof q[n].server);
		q[n].port = c->port;
		q[n].protocol = c->protocol;
	}
	v->scan = why_scan_new(
		monitor_ring(a->monitor), live_places(a->live), monitor_labels(a->monitor), q, n,
		monitor_share(a->monitor) / SHARE / sizeof(struct sighting), live_span(a->live));
}

/* One for all: the first client's, and whether the others' are the same. */
static struct cause_verdict verdict(struct app *a)
{
	struct shown_causes *v = &a->causes;
	struct cause_verdict said = { .known = true, .since = INT64_MIN };

	for (size_t i = 0; i < v->asked.clients && i < CAUSE_CLIENTS; i++) {
		struct why why;
		why_scan_ask(v->scan, i, v->asked.port, &why);
		if (i == 0) {
			said.code = why.code;
			said.confidence = why.confidence;
		}
		said.mixed |= why.code != said.code;
		if (why.confidence > said.confidence)
			said.confidence = why.confidence;
		if (why.since != INT64_MIN && (said.since == INT64_MIN || why.since < said.since))
			said.since = why.since;
		why_release(&why);
	}
	return said;
}

/* Takes the place of the oldest where there are many. */
static void keep(struct app *a, struct cause_verdict said)
{
	struct shown_causes *v = &a->causes;
	struct known_verdict *k = causes_known(v, &v->asked);

	if (!k && v->knows < VERDICTS_MAX)
		k = &v->known[v->knows++];
	for (size_t i = 0; !k && i < v->knows; i++)
		if (i == 0 || v->known[i].at_ns < v->known[0].at_ns)
			v->known[0] = v->known[i];
	k = k ? k : &v->known[0];
	k->of = v->asked;
	k->of.verdict = said;
	k->stamp = v->asked_stamp;
	k->window = causes_window(a);
	k->at_ns = monotonic_ns();
	v->changed++;
}

bool app_causes_step(struct app *a, uint64_t budget_ns)
{
	struct shown_causes *v = &a->causes;
	const struct cause *c;

	if (!v->scan) {
		c = live_has_places(a->live) ? causes_to_judge(a) : NULL;
		if (!c)
			return false;
		begin(a, c);
	}
	if (why_scan_step(v->scan, budget_ns))
		return true;
	keep(a, verdict(a));
	why_scan_free(v->scan);
	v->scan = NULL;
	app_dirty(a);
	return true;
}

size_t app_causes_bytes(const struct app *a)
{
	return why_scan_bytes(a->causes.scan) + a->causes.n * sizeof *a->causes.row;
}

void app_causes_release(struct app *a)
{
	why_scan_free(a->causes.scan);
	free(a->causes.row);
}
