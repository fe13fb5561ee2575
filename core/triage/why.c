/* why.c - see why.h. Which tries count, and what then prevails; the decision table's rows are in
 * why_refused.c, why_silent.c and why_standing.c. */
#include "triage/why.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "triage/why_case.h"

#define STANDING_LOOKED_AT 12u /* of the tries that stood, the last ones: row 19 */
#define NEWEST 6u              /* that say whether a fault is in force */

/* ---- small ---- */

bool why_say(struct why_case *w, enum why_code code, enum confidence confidence, uint32_t at)
{
	w->out->code = code;
	w->out->confidence = confidence;
	w->out->at = at;
	w->out->since = w->since;
	return true;
}

void why_because(struct why_case *w, const char *format, ...)
{
	char text[512];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof text, format, list);
	va_end(list);
	buf_puts(&w->out->because, text);
	buf_putc(&w->out->because, '\n');
}

void why_add_interface(const struct why_case *w, uint32_t interface, struct buf *out)
{
	uint32_t name;

	if (interface == PLACE_NONE) {
		buf_puts(out, "an interface that the log does not name");
		return;
	}
	buf_puts(out, places_at(w->p, interface)->interface);
	name = w->labels ? labels_of_key(w->labels, str_of(places_at(w->p, interface)->interface))
			 : DICT_NONE;
	if (name != DICT_NONE) {
		struct str text = labels_text(w->labels, name);
		buf_printf(out, " (%.*s)", (int)text.n, text.s);
	}
}

bool why_is_internal(const struct why_case *w, const uint8_t address[16])
{
	return places_of_address(w->p, address) != PLACE_NONE ||
	       (w->labels &&
		labels_is_internal(w->labels, labels_of_address(w->labels, LABEL_SCOPE, address)));
}

bool why_same_subnet(const struct why_case *w, uint32_t a, uint32_t b)
{
	const struct interface *x, *y;

	if (a == PLACE_NONE || b == PLACE_NONE)
		return false;
	x = places_at(w->p, a);
	y = places_at(w->p, b);
	return x->subnet && y->subnet && strcmp(x->subnet, y->subnet) == 0;
}

/* ---- rows 1 and 2: no try at all ---- */

static bool say_no_try(struct why_case *w)
{
	const struct interface *e;

	if (w->t.unasked)
		why_because(w,
			    "%" PRIu64 " refused %s came in from there that nothing had asked for",
			    w->t.unasked, plural(w->t.unasked, "flow", "flows"));
	if (w->c.any_client) {
		why_because(w, "no record of that server and port at all");
		return why_say(w, WHY_UNKNOWN, CONFIDENCE_OPEN, PLACE_NONE);
	}
	if (w->client == PLACE_NONE || places_at(w->p, w->client)->records.n == 0) {
		why_because(w, "no record of the two and that port, and the client's interface is "
			       "not in the log");
		return why_say(w, WHY_UNKNOWN_NEAR_UNLOGGED, CONFIDENCE_OPEN, PLACE_NONE);
	}
	e = places_at(w->p, w->client);
	if (e->lost.n) {
		why_because(w, "no record of the two and that port, but records of the client's "
			       "interface were lost (SKIPDATA)");
		return why_say(w, WHY_UNKNOWN_LOST, CONFIDENCE_OPEN, w->client);
	}
	if (!places_logs(w->p, w->client).rejects) {
		why_because(w, "no record of the two and that port; this log has no REJECT at all, "
			       "so that what was refused may not be in it");
		return why_say(w, WHY_UNKNOWN_LOG_TYPE, CONFIDENCE_OPEN, w->client);
	}
	why_because(w,
		    "the client's interface is logged, and sent nothing to that address and port");
	return why_say(w, WHY_NO_TRAFFIC, CONFIDENCE_PROVEN, w->client);
}

/* ---- which tries count ---- */

static void part_tries(struct why_case *w)
{
	w->fail = xcalloc(w->t.n + 1, sizeof(struct attempt *));
	w->ok = xcalloc(w->t.n + 1, sizeof(struct attempt *));
	w->focus = xcalloc(w->t.n + 1, sizeof(struct attempt *));
	for (size_t i = 0; i < w->t.n; i++) {
		const struct attempt *a = &w->t.list[i];
		if (a->outcome == OUTCOME_OK)
			w->ok[w->oks++] = a;
		else
			w->fail[w->fails++] = a;
		w->cuts |= a->outcome == OUTCOME_CUT_REQUEST || a->outcome == OUTCOME_CUT_REPLY;
	}
}

static void count_tries(struct why_case *w)
{
	w->out->tries = w->t.n;
	w->out->failed = w->fails;
	w->out->left_out = w->t.left_out;
}

/* Once more, of those tries that are left. */
static void part_again(struct why_case *w)
{
	free(w->fail);
	free(w->ok);
	free(w->focus);
	w->fails = w->oks = 0;
	w->cuts = false;
	part_tries(w);
}

/* Tries of the ones that stood that began since a time, with a SYN if the format tells. */
struct fresh {
	size_t n, last[3]; /* the newest ones, oldest first */
	int64_t newest;
};

static struct fresh fresh_since(const struct why_case *w, int64_t time)
{
	struct fresh f = { .newest = INT64_MIN };

	for (size_t i = 0; i < w->oks; i++) {
		if (w->ok[i]->first <= time || !w->ok[i]->fresh)
			continue;
		f.last[0] = f.n ? f.last[1] : i;
		f.last[1] = f.n ? f.last[2] : i;
		f.last[2] = i;
		f.n++;
		f.newest = w->ok[i]->first > f.newest ? w->ok[i]->first : f.newest;
	}
	return f;
}

static int64_t last_failure(const struct why_case *w)
{
	return w->fails ? w->fail[w->fails - 1]->when : INT64_MIN;
}

/* A few failures among many successes are no fault. */
static bool is_noise(const struct why_case *w, const struct fresh *f)
{
	size_t since = 0;

	if (w->fails < 3)
		return true;
	for (size_t i = 0; i < w->oks; i++)
		since += w->ok[i]->first >= w->since - w->interval;
	if (w->fails * 10 < w->fails + since)
		return true;
	return f->n >= 5 && last_failure(w) < w->ok[f->last[0]]->first &&
	       w->fails * 4 < w->fails + since;
}

static int newest_first(const void *a, const void *b)
{
	const struct attempt *x = *(const struct attempt *const *)a;
	const struct attempt *y = *(const struct attempt *const *)b;

	if (x->first != y->first)
		return x->first > y->first ? -1 : 1;
	return (x->when < y->when) - (x->when > y->when);
}

/* Of the newest tries at least four, and none of them answered. */
static bool is_in_force(const struct why_case *w)
{
	const struct attempt **list = xcalloc(w->t.n + 1, sizeof *list);
	size_t n = 0, looked;
	bool failing = true;

	for (size_t i = 0; i < w->t.n; i++)
		if (w->t.list[i].fresh)
			list[n++] = &w->t.list[i];
	qsort(list, n, sizeof *list, newest_first);
	looked = n < NEWEST ? n : NEWEST;
	for (size_t i = 0; i < looked; i++)
		failing &= list[i]->outcome != OUTCOME_OK;
	free(list);
	return looked >= 4 && failing;
}

static void fail_from(struct why_case *w, int64_t time)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->fails; i++)
		if (w->fail[i]->when >= time)
			w->fail[kept++] = w->fail[i];
	w->fails = kept;
	w->since = kept ? w->fail[0]->when : w->since;
}

/* ---- what prevails ---- */

static size_t of_kind(const struct why_case *w, enum outcome kind)
{
	size_t n = 0;

	for (size_t i = 0; i < w->fails; i++)
		n += w->fail[i]->outcome == kind;
	return n;
}

/* The kind that at least half of the failures have, refused ones first; else the commonest. */
static void focus_on(struct why_case *w)
{
	size_t most = 0;

	for (enum outcome k = OUTCOME_OK + 1; k < OUTCOMES; k++)
		if (of_kind(w, k) > most) {
			most = of_kind(w, k);
			w->kind = k;
		}
	for (enum outcome k = OUTCOMES; k-- > OUTCOME_OK + 1;)
		if (outcome_is_refused(k) && of_kind(w, k) * 2 >= w->fails)
			w->kind = k;
	w->focused = 0;
	for (size_t i = 0; i < w->fails; i++)
		if (w->fail[i]->outcome == w->kind)
			w->focus[w->focused++] = w->fail[i];
	w->survivors = 0;
	for (size_t i = 0; i < w->oks; i++)
		w->survivors += w->ok[i]->first < w->since - w->interval &&
				w->ok[i]->last > w->since + 2 * w->interval &&
				attempt_has(w->ok[i], LEG_ANSWER, POSTS, TRY_ACTIONS);
	w->since = w->focus[0]->when;
}

static bool judge(struct why_case *w)
{
	focus_on(w);
	if (w->t.left_out && w->focus[0] == &w->t.list[0])
		w->since = INT64_MIN; /* older ones, which were not kept, may have failed too */
	if (!why_refused(w) && !why_unanswered(w))
		why_say(w, WHY_UNKNOWN, CONFIDENCE_OPEN, PLACE_NONE);
	return true;
}

static bool say_reachable(struct why_case *w, int64_t since)
{
	bool confirmed = false;

	w->since = since;
	if (w->fails)
		why_because(w, "%zu of %zu tries failed; that is no fault", w->fails, w->t.n);
	else
		why_because(
			w, w->t.n == 1 ? "its one try was answered" : "all %zu tries were answered",
			w->t.n);
	for (size_t i = 0; i < w->oks; i++)
		confirmed |= !w->ok[i]->unconfirmed;
	if (!confirmed)
		why_because(
			w, "by size the answers are SYN-ACKs, and the client's interface is not in "
			   "the log: half open connections look the same");
	return why_say(w, WHY_REACHABLE, confirmed ? CONFIDENCE_PROVEN : CONFIDENCE_LIKELY,
		       PLACE_NONE);
}

/* Now and then: what prevails is judged as if it were all there is. */
static bool say_intermittent(struct why_case *w)
{
	size_t fails = w->fails;

	judge(w);
	w->out->of = w->out->code;
	why_because(w, "%zu of %zu tries failed, others between and after them were answered",
		    fails, w->t.n);
	return why_say(w, WHY_INTERMITTENT, CONFIDENCE_LIKELY,
		       w->out->at != PLACE_NONE ? w->out->at : w->server);
}

/* Of any client: the one of the newest try stands for all where an interface is asked about. */
static void choose_client(struct why_case *w)
{
	if (w->c.any_client && w->t.n)
		memcpy(w->c.client, w->t.list[w->t.n - 1].client, 16);
}

static void case_init(struct why_case *w)
{
	struct place_logs c, s;

	choose_client(w);
	w->client = places_of_address(w->p, w->c.client);
	w->server = places_of_address(w->p, w->c.server);
	c = places_logs(w->p, w->client);
	s = places_logs(w->p, w->server);
	w->interval = 60;
	if (w->client != PLACE_NONE && c.interval > w->interval)
		w->interval = c.interval;
	if (w->server != PLACE_NONE && s.interval > w->interval)
		w->interval = s.interval;
	/* An end that is not in the log says nothing of what the log holds. */
	w->logs = w->client != PLACE_NONE ? c : s;
	if (w->server != PLACE_NONE && w->client != PLACE_NONE) {
		w->logs.rejects = c.rejects && s.rejects;
		w->logs.accepts = c.accepts && s.accepts;
	}
}

static bool decide(struct why_case *w)
{
	struct fresh f;

	if (w->t.n == 0)
		return say_no_try(w);
	part_tries(w);
	count_tries(w);
	if (w->c.any_client && w->fails && why_by_client(w)) {
		part_again(w);
		case_init(w);
	}
	if (w->fails * 2 < w->t.n && why_path_mtu(w))
		return true;
	if (w->fails == 0)
		return say_reachable(w, w->t.list[0].first);
	w->since = w->fail[0]->when;
	if (of_kind(w, OUTCOME_CUT_REPLY) == w->fails && why_idle(w, w->fail, w->fails, w->client))
		return true;
	f = fresh_since(w, w->since + w->interval);
	if (f.n) {
		if (is_noise(w, &f))
			return say_reachable(w, w->ok[0]->first);
		if (why_ephemeral(w))
			return true;
		if (!is_in_force(w))
			return say_intermittent(w);
		fail_from(w, f.newest - w->interval);
		if (w->fails == 0)
			return say_reachable(w, w->ok[0]->first);
	}
	return judge(w);
}

/* ---- asking ---- */

enum asking { ASKING_TRIES, ASKING_DECISION, ASKING_EVIDENCE, ASKED };

struct why_asking {
	struct why_case w;
	struct tries_maker *maker;
	enum asking stage;
};

static struct why_asking *ask(const struct places *p, struct labels *l, const struct sightings *v,
			      const struct why_pair *c, bool nested, struct why *out)
{
	struct why_asking *a = xcalloc(1, sizeof *a);

	a->w = (struct why_case){ .p = p,
				  .labels = l,
				  .v = v,
				  .c = *c,
				  .nested = nested,
				  .since = INT64_MIN,
				  .out = out };
	*out = (struct why){ .asked = *c,
			     .code = WHY_UNKNOWN,
			     .of = WHY_UNKNOWN,
			     .confidence = CONFIDENCE_OPEN,
			     .at = PLACE_NONE,
			     .to = PLACE_NONE,
			     .via = PLACE_NONE,
			     .since = INT64_MIN };
	a->maker = tries_begin(&a->w.t, p, v, c);
	return a;
}

struct why_asking *why_ask_begin(const struct places *p, struct labels *l,
				 const struct sightings *v, const struct why_pair *c,
				 struct why *out)
{
	return ask(p, l, v, c, false, out);
}

bool why_ask_step(struct why_asking *a, uint64_t budget_ns)
{
	switch (a->stage) {
	case ASKING_TRIES:
		if (tries_step(a->maker, budget_ns))
			return true;
		break;
	case ASKING_DECISION:
		case_init(&a->w);
		decide(&a->w);
		break;
	case ASKING_EVIDENCE:
		if (!a->w.nested) {
			why_gather(&a->w);
			why_write_texts(&a->w);
		}
		break;
	case ASKED:
		return false;
	}
	a->stage++;
	return a->stage != ASKED;
}

void why_ask_end(struct why_asking *a)
{
	if (!a)
		return;
	tries_end(a->maker);
	tries_release(&a->w.t);
	free(a->w.fail);
	free(a->w.ok);
	free(a->w.focus);
	free(a);
}

size_t why_asking_bytes(const struct why_asking *a)
{
	return a ? sizeof *a + tries_maker_bytes(a->maker) + a->w.t.n * 3 * sizeof(struct attempt *)
		 : 0;
}

static void answer(struct why_asking *a)
{
	while (why_ask_step(a, UINT64_MAX / 2))
		;
	why_ask_end(a);
}

void why_ask(const struct places *p, struct labels *l, const struct sightings *v,
	     const struct why_pair *c, struct why *out)
{
	answer(ask(p, l, v, c, false, out));
}

void why_nested(const struct why_case *w, const struct why_pair *c, struct why *out)
{
	answer(ask(w->p, w->labels, w->v, c, true, out));
}

void why_release(struct why *w)
{
	buf_release(&w->because);
	buf_release(&w->not_ruled_out);
	buf_release(&w->next);
	free(w->cell);
	w->cell = NULL;
	w->cells = w->cell_cap = 0;
}

struct why_pair why_pair_of(const struct why_question *q, uint16_t port)
{
	struct why_pair c = { .any_client = q->any_client,
			      .port = port,
			      .protocol = q->protocol,
			      .since = INT64_MIN };

	memcpy(c.client, q->client, 16);
	memcpy(c.server, q->server, 16);
	return c;
}
