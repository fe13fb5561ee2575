/* causes.c - see causes.h. */
#include "triage/causes.h"

#include <stdlib.h>

struct folding {
	struct cause *row;
	size_t n, cap;
	struct cause late, noise;
	void (*verdict_of)(void *ctx, struct cause *c);
	void *ctx;
};

static int by_client(const void *a, const void *b)
{
	const struct refused_conversation *x = a, *y = b;
	int order = memcmp(x->client, y->client, sizeof x->client);

	return order ? order : memcmp(x->server, y->server, sizeof x->server);
}

/* A row's clients stand together, the most refused first. */
static int by_server(const void *a, const void *b)
{
	const struct refused_conversation *x = a, *y = b;
	int order = memcmp(x->server, y->server, sizeof x->server);

	if (order)
		return order;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	if (x->protocol != y->protocol)
		return x->protocol < y->protocol ? -1 : 1;
	if (x->refused != y->refused)
		return x->refused > y->refused ? -1 : 1;
	return memcmp(x->client, y->client, sizeof x->client);
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int by_refused(const void *a, const void *b)
{
	const struct cause *x = a, *y = b;
	int order;

	if (x->refused != y->refused)
		return x->refused > y->refused ? -1 : 1;
	if ((order = memcmp(x->server, y->server, sizeof x->server)))
		return order;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	if (x->protocol != y->protocol)
		return x->protocol < y->protocol ? -1 : 1;
	return memcmp(x->client[0], y->client[0], sizeof x->client[0]);
}

static void add_row(struct folding *f, const struct cause *c)
{
	xgrow((void **)&f->row, &f->cap, f->n + 1, sizeof *f->row);
	f->row[f->n++] = *c;
}

static void add_up(struct cause *c, const struct refused_conversation *v)
{
	c->refused += v->refused;
	c->accepted += v->accepted;
	c->tries += v->tries;
	c->refused_tries += v->refused_tries;
}

static void say(const struct refused_conversation *v, enum cause_kind kind)
{
	if (v->folded)
		*v->folded = kind;
}

/* ---- scanners ---- */

static bool is_scan(const struct refused_conversation *v)
{
	return v->accepted <= v->refused; /* its own interface let it out: that is no answer */
}

static uint32_t count_ports(const struct refused_conversation *v, size_t n)
{
	uint32_t *port = xcalloc(n + 1, sizeof *port), ports = 0;

	for (size_t i = 0; i < n; i++)
		port[i] = (uint32_t)v[i].protocol << 16 | v[i].port;
	qsort(port, n, sizeof *port, by_number);
	for (size_t i = 0; i < n; i++)
		ports += i == 0 || port[i] != port[i - 1];
	free(port);
	return ports;
}

/* The conversations v[0..n-1] of one client, by server. Those of a scanner are taken out: how many
 * are left, in front. */
static size_t fold_client(struct folding *f, struct refused_conversation *v, size_t n)
{
	struct cause c = { .kind = CAUSE_SCANNER, .clients = 1 };
	size_t scans = 0, left = 0;
	struct refused_conversation *scan;

	for (size_t i = 0; i < n; i++)
		scans += is_scan(&v[i]);
	if (scans < (v->internet ? SCANNER_TARGETS_INTERNET : SCANNER_TARGETS))
		return n;
	scan = xcalloc(scans + 1, sizeof *scan);
	scans = 0;
	for (size_t i = 0; i < n; i++) {
		if (!is_scan(&v[i])) {
			v[left++] = v[i];
			continue;
		}
		say(&v[i], CAUSE_SCANNER);
		add_up(&c, &v[i]);
		c.hosts += !scans || memcmp(scan[scans - 1].server, v[i].server, 16) != 0;
		scan[scans++] = v[i];
	}
	c.ports = count_ports(scan, scans);
	memcpy(c.client[0], scan->client, 16);
	memcpy(c.server, scan->server, 16);
	free(scan);
	add_row(f, &c);
	return left;
}

/* What the internet tries, and never gets. */
static size_t fold_noise(struct folding *f, struct refused_conversation *v, size_t n)
{
	size_t left = 0, noise = 0;

	for (size_t i = 0; i < n; i++) {
		if (!v[i].internet || v[i].accepted) {
			v[left++] = v[i];
			continue;
		}
		say(&v[i], CAUSE_NOISE);
		add_up(&f->noise, &v[i]);
		noise++;
	}
	f->noise.clients += noise > 0;
	f->noise.ports += (uint32_t)noise;
	return left;
}

/* Takes scanners and noise out; how many conversations are left, in front. */
static size_t fold_clients(struct folding *f, struct refused_conversation *list, size_t n)
{
	size_t left = 0;

	qsort(list, n, sizeof *list, by_client);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && memcmp(list[end].client, list[i].client, 16) == 0;)
			end++;
		size_t some = fold_noise(f, list + i, fold_client(f, list + i, end - i));
		memmove(list + left, list + i, some * sizeof *list);
		left += some;
	}
	return left;
}

/* ---- servers ---- */

static bool same_server(const struct refused_conversation *a, const struct refused_conversation *b)
{
	return memcmp(a->server, b->server, 16) == 0 && a->port == b->port &&
	       a->protocol == b->protocol;
}

/* What a server's row is by its verdict. Where its "clients" sent nothing, what came was not asked
 * for. */
static enum cause_kind kind_of(const struct cause *c)
{
	const struct cause_verdict *v = &c->verdict;

	if (!v->known || v->mixed)
		return CAUSE_SERVER;
	return v->code == WHY_NO_TRAFFIC  ? CAUSE_NOISE
	       : v->code == WHY_REACHABLE ? CAUSE_LATE
					  : CAUSE_SERVER;
}

static void fold_server(struct folding *f, const struct refused_conversation *v, size_t n)
{
	struct cause c = { .kind = CAUSE_SERVER,
			   .port = v->port,
			   .protocol = v->protocol,
			   .guess = true,
			   .clients = (uint32_t)n,
			   .verdict = { .since = INT64_MIN } };

	memcpy(c.server, v->server, 16);
	for (size_t i = 0; i < n; i++) {
		add_up(&c, &v[i]);
		c.guess &= v[i].guess;
		if (i < CAUSE_CLIENTS)
			memcpy(c.client[i], v[i].client, 16);
	}
	f->verdict_of(f->ctx, &c);
	for (size_t i = 0; i < n; i++)
		say(&v[i], kind_of(&c));
	if (kind_of(&c) == CAUSE_NOISE) {
		f->noise.refused += c.refused;
		f->noise.accepted += c.accepted;
		f->noise.clients++;
		return;
	}
	if (kind_of(&c) == CAUSE_LATE) {
		f->late.refused += c.refused;
		f->late.accepted += c.accepted;
		f->late.clients += c.clients;
		f->late.hosts++;
		return;
	}
	add_row(f, &c);
}

size_t causes_fold(struct refused_conversation *list, size_t n,
		   void (*verdict_of)(void *ctx, struct cause *c), void *ctx, struct cause **out)
{
	struct folding f = { .late = { .kind = CAUSE_LATE },
			     .noise = { .kind = CAUSE_NOISE },
			     .verdict_of = verdict_of,
			     .ctx = ctx };

	n = fold_clients(&f, list, n);
	qsort(list, n, sizeof *list, by_server);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && same_server(&list[end], &list[i]);)
			end++;
		fold_server(&f, list + i, end - i);
	}
	if (f.n)
		qsort(f.row, f.n, sizeof *f.row, by_refused);
	if (f.late.refused)
		add_row(&f, &f.late);
	if (f.noise.refused)
		add_row(&f, &f.noise);
	*out = f.row;
	return f.n;
}

bool cause_same(const struct cause *a, const struct cause *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == CAUSE_SCANNER)
		return memcmp(a->client[0], b->client[0], 16) == 0;
	return a->kind != CAUSE_SERVER || (memcmp(a->server, b->server, 16) == 0 &&
					   a->port == b->port && a->protocol == b->protocol);
}
