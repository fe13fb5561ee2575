/* reach.c - see reach.h. */
#include "triage/reach.h"

#include <inttypes.h>
#include <stdlib.h>

bool reach_is_scanned(const struct judging *j, const uint8_t client[16])
{
	size_t n;
	const struct finding *const *f = judging_found(j, &n);
	char text[46];

	address_format(client, text);
	for (size_t i = 0; i < n; i++) {
		const struct buf *source = finding_subject(f[i], SUBJECT_SOURCE);
		if (f[i]->rule == &detect_scan && source && strcmp(source->s, text) == 0)
			return true;
	}
	return false;
}

/* ---- which fail ---- */

/* What is no fault, or by nature so. */
static bool is_no_fault(enum why_code c)
{
	return c == WHY_REACHABLE || c == WHY_NO_TRAFFIC || c == WHY_ONE_WAY ||
	       c == WHY_IDLE_TIMEOUT;
}

static bool fails(struct judging *j, struct judged_pair *p)
{
	double least = judging_limit(j, &detect_reach, "tries");
	double span = judging_limit(j, &detect_reach, "span");
	bool often = (double)p->failed >= least;

	if (often && (double)(p->last_failed - p->first_failed) < span)
		return false;
	if (!often && !p->tries)
		return false;
	return often ? !is_no_fault(judging_why(j, p)->code)
		     : judging_why(j, p)->code == WHY_PATH_MTU;
}

/* Clients of the internet got in, and do not any more. */
static bool fails_internet(struct judging *j, struct judged_pair *p)
{
	double least = judging_limit(j, &detect_reach, "internet");
	double share = judging_limit(j, &detect_reach, "failing") / 100;
	double silence = judging_limit(j, &detect_reach, "silence");
	const struct tries *t;
	size_t good = 0, since = 0, failed = 0;

	if (p->last_good == INT64_MIN ||
	    (double)(judging_evidence(j)->until - p->last_good) < silence)
		return false;
	t = judging_tries(j, p);
	for (size_t i = 0; i < t->n; i++) {
		bool ok = t->list[i].outcome == OUTCOME_OK;
		good += ok;
		since += t->list[i].first > p->last_good;
		failed += t->list[i].first > p->last_good && !ok;
	}
	return (double)good >= least && (double)since >= least &&
	       (double)failed >= share * (double)since;
}

int64_t reach_since(struct judging *j, struct judged_pair *p)
{
	const struct why *w = judging_why(j, p);

	if (p->key.any_client && p->last_good != INT64_MIN)
		return p->last_good;
	if (w->since != INT64_MIN)
		return w->since;
	return p->first_failed != INT64_MIN ? p->first_failed : p->first_good;
}

/* ---- groups ---- */

static bool is_of(const struct reach_group *g, const struct reach_group *with)
{
	return g->code == with->code && g->internet == with->internet &&
	       g->any_client == with->any_client && g->port == with->port &&
	       g->protocol == with->protocol && memcmp(g->server, with->server, 16) == 0;
}

static struct reach_group group_of(struct judging *j, struct judged_pair *p)
{
	const struct evidence *v = judging_evidence(j);
	struct reach_group g = { .code = judging_why(j, p)->code,
				 .any_client = p->key.any_client,
				 .protocol = p->key.protocol };

	g.internet = !place_is_internal(v->places, p->key.server) &&
		     places_of_address(v->places, p->key.server) == PLACE_NONE;
	if (g.internet)
		return g;
	memcpy(g.server, p->key.server, 16);
	g.port = p->key.port;
	return g;
}

static void add_to(struct reach_group *g, struct judged_pair *p)
{
	xgrow((void **)&g->pair, &g->cap, g->n + 1, sizeof *g->pair);
	g->pair[g->n++] = p;
}

struct reach_group *reach_groups(struct judging *j, size_t *n)
{
	size_t pairs, cap = 0;
	struct judged_pair *p = judging_pairs(j, &pairs);
	struct reach_group *g = NULL;

	*n = 0;
	for (size_t i = 0; i < pairs; i++) {
		struct reach_group of;
		size_t k = 0;
		if (p[i].taken ||
		    !(p[i].key.any_client ? fails_internet(j, &p[i]) : fails(j, &p[i])))
			continue;
		of = group_of(j, &p[i]);
		while (k < *n && !is_of(&g[k], &of))
			k++;
		if (k == *n) {
			xgrow((void **)&g, &cap, *n + 1, sizeof *g);
			g[(*n)++] = of;
		}
		add_to(&g[k], &p[i]);
	}
	return g;
}

/* What an open verdict may turn out to be. */
static const struct {
	enum why_code open, told[2];
} narrower[] = { { WHY_SG_OR_NACL_IN, { WHY_SG_IN, WHY_NACL_IN } },
		 { WHY_SG_OR_NACL_OUT, { WHY_SG_OUT, WHY_NACL_OUT } } };

static bool may_be(enum why_code open, enum why_code told)
{
	for (size_t i = 0; i < ARRAY_SIZE(narrower); i++)
		if (narrower[i].open == open &&
		    (narrower[i].told[0] == told || narrower[i].told[1] == told))
			return true;
	return false;
}

/* Whether the first may have begun with the other: by its failures, or, as who tries seldom notices
 * late, by its last answer. */
static bool began_with(struct judging *j, struct judged_pair *p, struct judged_pair *with)
{
	int64_t since = reach_since(j, p), other = reach_since(j, with);

	if (since < other - REACH_TOGETHER_S)
		return false;
	return since <= other + REACH_TOGETHER_S ||
	       (p->last_good != INT64_MIN && p->last_good <= other + REACH_TOGETHER_S);
}

/* Whether what refuses a pair of the one group is what refuses the other. */
static bool is_one_cause(struct judging *j, const struct reach_group *of, struct judged_pair *p,
			 const struct reach_group *g)
{
	struct reach_group as = *of;

	as.code = g->code;
	if (!may_be(of->code, g->code) || !is_of(&as, g))
		return false;
	for (size_t i = 0; i < g->n; i++)
		if (judging_why(j, g->pair[i])->code == g->code &&
		    judging_why(j, g->pair[i])->at == judging_why(j, p)->at &&
		    began_with(j, p, g->pair[i]))
			return true;
	return false;
}

/* Where it belongs by its key, which is the order of all pairs in memory. */
static void put_to(struct reach_group *g, struct judged_pair *p)
{
	size_t i;

	add_to(g, p);
	for (i = g->n - 1; i > 0 && g->pair[i - 1] > p; i--)
		g->pair[i] = g->pair[i - 1];
	g->pair[i] = p;
}

void reach_fold(struct judging *j, struct reach_group *g, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t stay = 0;
		for (size_t k = 0; k < g[i].n; k++) {
			struct judged_pair *p = g[i].pair[k];
			struct reach_group *to = NULL;
			unsigned fit = 0;
			for (size_t m = 0; m < n; m++)
				if (is_one_cause(j, &g[i], p, &g[m])) {
					to = &g[m];
					fit++;
				}
			if (fit == 1)
				put_to(to, p);
			else
				g[i].pair[stay++] = p;
		}
		g[i].n = stay;
	}
}

void reach_groups_free(struct reach_group *g, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(g[i].pair);
	free(g);
}

/* ---- findings ---- */

struct reach_sums {
	uint64_t tries, failed;          /* since then */
	size_t clients, servers, before; /* before: pairs that were answered before */
	size_t open;                     /* that say less by themselves */
	int64_t since, last;
	struct judged_pair *strongest;
};

static bool is_stronger(const struct why *a, const struct why *b)
{
	return a->confidence < b->confidence ||
	       (a->confidence == b->confidence && a->failed > b->failed);
}

/* Tries since it is so, and those in vain. */
static void count_since(struct judging *j, const struct judged_pair *p, int64_t since,
			struct reach_sums *x)
{
	const struct tries *t = judging_tries(j, p);

	for (size_t i = 0; i < t->n; i++) {
		x->tries += t->list[i].when >= since;
		x->failed += t->list[i].when >= since && t->list[i].outcome != OUTCOME_OK;
	}
}

static struct reach_sums sum_up(struct judging *j, const struct reach_group *g)
{
	struct reach_sums x = { .since = INT64_MAX, .last = INT64_MIN };

	for (size_t i = 0; i < g->n; i++) {
		struct judged_pair *p = g->pair[i];
		int64_t since = reach_since(j, p);
		int64_t last = p->last_failed > since ? p->last_failed : since;
		bool client = true, server = true;
		for (size_t k = 0; k < i; k++) {
			client &= memcmp(g->pair[k]->key.client, p->key.client, 16) != 0;
			server &= memcmp(g->pair[k]->key.server, p->key.server, 16) != 0;
		}
		x.clients += client;
		x.servers += server;
		count_since(j, p, since, &x);
		x.before += p->first_good != INT64_MIN && p->first_good < since;
		x.since = since < x.since ? since : x.since;
		x.last = last > x.last ? last : x.last;
		if (judging_why(j, p)->code != g->code)
			x.open++;
		else if (!x.strongest ||
			 is_stronger(judging_why(j, p), judging_why(j, x.strongest)))
			x.strongest = p;
	}
	return x;
}

/* That of all clients, where there are several and it is known. */
static void add_subnet(const struct places *p, struct finding *f, const struct reach_group *g)
{
	const char *subnet = NULL;

	for (size_t i = 0; i < g->n; i++) {
		uint32_t at = places_of_address(p, g->pair[i]->key.client);
		const char *own = at == PLACE_NONE ? "" : places_at(p, at)->subnet;
		if (!*own || (subnet && strcmp(subnet, own) != 0))
			return;
		subnet = own;
	}
	if (subnet && g->n > 1)
		finding_about(f, SUBJECT_SUBNET, subnet);
}

static void add_subject(struct judging *j, struct finding *f, const struct reach_group *g,
			const struct why *w)
{
	const struct places *p = judging_evidence(j)->places;
	uint32_t via = w->via;

	for (size_t i = 0; i < g->n; i++) {
		const struct edge_key *key = &g->pair[i]->key;
		bool client = !g->any_client, server = true, port = true;
		for (size_t k = 0; k < i; k++) {
			client &= memcmp(g->pair[k]->key.client, key->client, 16) != 0;
			server &= memcmp(g->pair[k]->key.server, key->server, 16) != 0;
			port &= g->pair[k]->key.port != key->port;
		}
		if (client)
			finding_about_address(f, SUBJECT_CLIENTS, key->client);
		if (server)
			finding_about_address(f, SUBJECT_SERVER, key->server);
		if (port)
			finding_about_number(f, SUBJECT_PORT, key->port);
	}
	if (g->any_client)
		finding_about(f, SUBJECT_CLIENTS, "internet");
	if (g->internet)
		finding_about(f, SUBJECT_DESTINATION, "internet");
	if (g->internet && !g->any_client)
		add_subnet(p, f, g);
	if (via != PLACE_NONE)
		finding_about(f, SUBJECT_VIA, places_at(p, via)->interface);
	finding_about(f, SUBJECT_CODE, why_code_name(w->code));
}

static void add_lines(const struct buf *from, struct buf *to)
{
	if (!from->n)
		return;
	buf_add_str(to, buf_str(from));
	if (to->s[to->n - 1] != '\n')
		buf_putc(to, '\n');
}

static void add_ends(struct judging *j, const struct reach_group *g, const struct reach_sums *x,
		     struct buf *out)
{
	const struct edge_key *k = &x->strongest->key;

	if (g->any_client)
		buf_puts(out, "the internet");
	else
		judging_add_host(j, k->client, out);
	if (x->clients > 1)
		buf_printf(out, " +%zu %s", x->clients - 1,
			   plural(x->clients - 1, "client", "clients"));
	buf_puts(out, " > ");
	if (g->internet && x->servers > 1)
		buf_printf(out, "%zu of the internet", x->servers);
	else {
		judging_add_host(j, k->server, out);
		buf_printf(out, ":%u", k->port);
	}
}

static void add_records(const struct reach_group *g, const struct reach_sums *x, struct buf *out)
{
	const struct edge_key *k = &x->strongest->key;
	char client[46], server[46];

	address_format(k->client, client);
	address_format(k->server, server);
	if (g->any_client || x->clients > 1)
		buf_printf(out, "server=%s and service=%u", server, k->port);
	else
		buf_printf(out, "client=%s and server=%s and service=%u", client, server, k->port);
}

struct finding *reach_find(struct judging *j, const struct detector *d, struct reach_group *g)
{
	struct reach_sums x = sum_up(j, g);
	const struct why *w = judging_why(j, x.strongest);
	bool page = x.before && (x.clients >= 2 || g->any_client);
	struct finding *f = judging_find(j, d, page ? SEVERITY_PAGE : SEVERITY_WARN, w->confidence,
					 x.since, x.last);

	f->open = judging_is_open(j, x.last);
	f->measure = (double)x.failed;
	add_subject(j, f, g, w);
	buf_printf(&f->value, "%" PRIu64 " of %" PRIu64 " tries", x.failed, x.tries);
	buf_printf(&f->limit, "%g tries in vain", judging_limit(j, &detect_reach, "tries"));
	add_ends(j, g, &x, &f->what);
	buf_printf(&f->what, "  %s", why_code_title(w->code));
	buf_puts(&f->text, why_code_title(w->code));
	buf_printf(&f->text, ": %" PRIu64 " of %" PRIu64 " tries since then failed, of %zu %s.",
		   x.failed, x.tries, g->n, plural(g->n, "pair", "pairs"));
	add_lines(&w->because, &f->evidence);
	if (x.open)
		buf_printf(
			&f->evidence,
			"%zu of the %zu pairs do not tell by themselves whether it is a group or "
			"an ACL; they began with the others, at the same interface\n",
			x.open, g->n);
	buf_puts(&f->wrong, d->wrong);
	add_lines(&w->not_ruled_out, &f->wrong);
	add_lines(&w->next, &f->next);
	add_records(g, &x, &f->records);
	for (size_t i = 0; i < g->n; i++)
		g->pair[i]->taken = true;
	return f;
}
