/* shown_causes.c - see shown_causes.h. */
#include "state/shown_causes.h"

#include <stdlib.h>
#include <string.h>

#include "state/app_state.h"
#include "triage/cause_clause.h"
#include "triage/edges.h"

#define VERDICT_NS 10000000000u /* after so long one is asked for anew, if there is news */
#define CLAUSE_MOST 800u        /* what is longer has no room in the bar beside others */
#define FOLD_COST 20 /* while it is counted, rows stand for so many times what folding takes, */
#define PARTIAL_NS 250000000u /* and so long at first: what is counted sooner is folded once */

static struct pane *pane_of_causes(struct app *a)
{
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++)
		if (p->view->own_metric && p->view->query.metric == METRIC_REJECTS)
			return p;
	return NULL;
}

int64_t causes_window(const struct app *a)
{
	struct span s = live_span(a->live);

	return s.from == INT64_MIN ? INT64_MAX : s.to - s.from;
}

bool causes_are_shown(const struct app *a, const struct pane *p)
{
	struct query q = pane_query(a, p);

	return !a->causes.off && group_equal(&q.group, &p->view->query.group) &&
	       a->mark.time == INT64_MIN;
}

struct known_verdict *causes_known(struct shown_causes *v, const struct cause *c)
{
	for (size_t i = 0; i < v->knows; i++)
		if (cause_same(&v->known[i].of, c))
			return &v->known[i];
	return NULL;
}

static void verdict_of(void *ctx, struct cause *c)
{
	const struct known_verdict *k = causes_known(ctx, c);

	if (k)
		c->verdict = k->of.verdict;
}

static uint64_t number_of(const struct value *v)
{
	return v->absent ? 0 : v->number;
}

/* What was tried in the span that is looked at, to the minute, whatever the filter shows of it, as
 * far as the edges know; without them each record is taken for a try. */
static void count_tries(const struct app *a, struct refused_conversation *c)
{
	struct edge_key key = { .port = c->port, .protocol = c->protocol };
	struct span s = live_span(a->live);
	struct edge_sums e;
	size_t n;

	memcpy(key.client, c->client, sizeof key.client);
	memcpy(key.server, c->server, sizeof key.server);
	n = edges_find(a->edges, &key, &e) ? e.minutes : 0;
	for (size_t i = 0; i < n; i++) {
		int64_t middle = e.minute[i].minute * 60 + 30;
		if (middle < s.from || middle >= s.to)
			continue;
		c->tries += e.minute[i].tries;
		c->refused_tries += e.minute[i].refused;
	}
	/* A refused try has a record in the span. */
	if (!c->refused_tries) {
		c->tries = c->refused + c->accepted;
		c->refused_tries = c->refused;
	} else if (c->refused_tries > c->refused) {
		c->tries -= c->refused_tries - c->refused < c->tries ? c->refused_tries - c->refused
								     : c->tries;
		c->refused_tries = c->refused;
	}
	if (c->tries < c->refused_tries)
		c->tries = c->refused_tries;
}

static struct refused_conversation conversation_of(const struct app *a, const struct result *r,
						   const struct result_row *row)
{
	struct labels *l = monitor_labels(a->monitor);
	struct refused_conversation c = { .port = (uint16_t)number_of(&row->key[2]),
					  .no_port = row->key[2].absent,
					  .protocol = (uint8_t)number_of(&row->key[3]),
					  .guess = result_is_guess(r, row),
					  .refused = row->tally.rejects,
					  .accepted = row->tally.accepts };

	memcpy(c.client, row->key[0].address, sizeof c.client);
	memcpy(c.server, row->key[1].address, sizeof c.server);
	c.internet = !labels_is_internal(l, labels_of_address(l, LABEL_SCOPE, row->key[0].address));
	count_tries(a, &c);
	return c;
}

/* What was too much to be folded is a row too. */
static void add_rest(struct shown_causes *v, const struct result *r, uint64_t folded)
{
	struct cause rest = { .kind = CAUSE_REST };

	v->left_out = r->ranked > r->rows ? r->ranked - r->rows : 0;
	if (!v->left_out)
		return;
	rest.refused = r->totals.rejects > folded ? r->totals.rejects - folded : 0;
	v->row = xrealloc(v->row, (v->n + 1) * sizeof *v->row);
	v->row[v->n++] = rest;
}

/* The conversations that are folded: *r of them, both to be released. */
static struct refused_conversation *list_refused(const struct app *a, const struct pane *p,
						 struct result *r)
{
	struct refused_conversation *list;

	*r = (struct result){ 0 };
	live_answer(a->live, p->query, (struct result_window){ 0, CAUSES_MAX, 0, 0 }, r);
	list = xcalloc(r->rows + 1, sizeof *list);
	for (uint32_t i = 0; i < r->rows; i++)
		list[i] = conversation_of(a, r, &r->row[i]);
	return list;
}

static void fold(struct app *a, struct pane *p)
{
	struct shown_causes *v = &a->causes;
	struct result r;
	struct refused_conversation *list = list_refused(a, p, &r);
	uint64_t folded = 0;

	for (uint32_t i = 0; i < r.rows; i++)
		folded += list[i].refused;
	free(v->row);
	v->n = causes_fold(list, r.rows, verdict_of, v, &v->row);
	add_rest(v, &r, folded);
	free(list);
	result_release(&r);
}

void causes_clause(struct app *a, const struct pane *p, const struct cause *c, struct buf *out)
{
	struct result r;
	struct refused_conversation *list = list_refused(a, p, &r), *order;
	enum cause_kind *kind = xcalloc(r.rows + 1, sizeof *kind);
	struct cause *row;
	size_t from = out->n;

	for (uint32_t i = 0; i < r.rows; i++)
		list[i].folded = &kind[i];
	order = memcpy(xcalloc(r.rows + 1, sizeof *order), list, r.rows * sizeof *list);
	causes_fold(order, r.rows, verdict_of, &a->causes, &row);
	cause_clause(c, list, r.rows, out);
	if (out->n - from > CLAUSE_MOST)
		out->s[out->n = from] = '\0';
	free(row);
	free(order);
	free(kind);
	free(list);
	result_release(&r);
}

/* The selection goes with its row. */
static void follow(struct shown_causes *v, struct pane *p)
{
	for (size_t i = 0; p->chosen && v->holds && i < v->n; i++)
		if (cause_same(&v->row[i], &v->held))
			p->selected = (int)i;
	if (p->selected >= (int)v->n)
		p->selected = v->n ? (int)v->n - 1 : 0;
}

/* Whether the rows stand as they are, though not all that is asked for now is counted. */
static bool rows_stand(struct shown_causes *v, bool whole, uint64_t now)
{
	if (whole) {
		v->partial_ns = 0;
		return false;
	}
	if (!v->partial_ns)
		v->partial_ns = now;
	return v->row &&
	       (now - v->partial_ns < PARTIAL_NS || now - v->folded_ns < FOLD_COST * v->cost_ns);
}

void causes_take(struct app *a, struct pane *p)
{
	struct shown_causes *v = &a->causes;
	uint64_t stamp = live_stamp(a->live) * 2 + live_once(a->live), now = monotonic_ns();
	bool whole;

	v->holds = p->selected < (int)v->n;
	if (v->holds)
		v->held = v->row[p->selected];
	/* Of the ranking its sums alone. */
	result_release(&p->result);
	live_answer(a->live, p->query, (struct result_window){ 0, 1, 0, 0 }, &p->result);
	whole = p->result.complete;
	if (rows_stand(v, whole, now))
		return;
	/* Selected may be all before all is counted. */
	if (v->row && v->whole && whole && v->stamp == stamp && v->verdicts == v->changed)
		return;
	fold(a, p);
	v->whole = whole;
	v->folded_ns = monotonic_ns();
	v->cost_ns = v->folded_ns - now;
	v->stamp = stamp;
	v->verdicts = v->changed;
	follow(v, p);
}

const struct cause *causes_to_judge(struct app *a)
{
	struct shown_causes *v = &a->causes;
	struct pane *p = pane_of_causes(a);
	int end = p ? p->top + p->shown : 0;

	if (!p || !causes_are_shown(a, p))
		return NULL;
	for (int i = p->top; i < end && i < (int)v->n; i++) {
		const struct cause *c = &v->row[i];
		const struct known_verdict *k = causes_known(v, c);
		if (c->kind == CAUSE_SERVER &&
		    (!k || k->window != causes_window(a) ||
		     (k->stamp != v->stamp && monotonic_ns() - k->at_ns >= VERDICT_NS)))
			return c;
	}
	return NULL;
}
