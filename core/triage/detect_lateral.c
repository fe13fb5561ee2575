/* detect_lateral.c - LATERAL: a host that administers nobody opens administration ports of one host
 * after the other. */
#include <stdlib.h>

#include "triage/bag.h"
#include "triage/port_kinds.h"
#include "triage/tell.h"

#define CHAIN_MAX 8u /* steps that are told */

/* A conversation at such a port that was answered. */
struct admin_step {
	uint8_t client[16], server[16];
	int64_t first; /* answer, seconds */
	uint32_t client_at, server_at;
	uint16_t port;
	uint8_t protocol;
	bool known; /* from before: its client is a hub */
};

static int order(const void *a, const void *b)
{
	const struct admin_step *x = a, *y = b;
	int d = memcmp(x->client, y->client, sizeof x->client);

	d = d ? d : (x->first > y->first) - (x->first < y->first);
	d = d ? d : memcmp(x->server, y->server, sizeof x->server);
	d = d ? d : x->port - y->port;
	return d ? d : x->protocol - y->protocol;
}

/* Who is a hub must not be forgotten; then the newest. */
static int worth(const void *a, const void *b)
{
	const struct admin_step *x = a, *y = b;

	if (x->known != y->known)
		return x->known ? -1 : 1;
	if (x->first != y->first)
		return x->first > y->first ? -1 : 1;
	return order(a, b);
}

static const struct bag_kind kind = { sizeof(struct admin_step), .order = order, .merge = NULL,
				      .worth = worth };

struct lateral {
	struct bag steps;
	const uint64_t *ports; /* for port_is_in() */
	const struct admin_step *
		*by_server; /* in the order of servers, then of time; NULL: not yet */
};

static void *begin(struct judging *j)
{
	struct lateral *x = xcalloc(1, sizeof *x);

	x->ports = judging_ports(j, &detect_lateral, "ports");
	x->steps.kind = &kind;
	x->steps.most = bag_room(&kind, judging_room(j));
	return x;
}

static void on_edge(void *state, struct judging *j, const struct evidence_edge *e)
{
	struct lateral *x = state;
	struct admin_step s;
	size_t i = 0;

	if (!e->client_internal || !e->server_internal || e->key.any_client ||
	    !port_is_in(x->ports, e->key.port) || (e->key.protocol != 6 && e->key.protocol != 17))
		return;
	while (i < e->minutes && e->minute[i].answered == 0)
		i++;
	if (i == e->minutes)
		return;
	memset(&s, 0, sizeof s);
	memcpy(s.client, e->key.client, sizeof s.client);
	memcpy(s.server, e->key.server, sizeof s.server);
	s.first = edge_minute_start(e, e->minute[i].minute);
	s.client_at = e->client_at;
	s.server_at = e->server_at;
	s.port = e->key.port;
	s.protocol = e->key.protocol;
	s.known = judging_knows(j, e) || judging_is_admin(j, e->key.client);
	bag_add(&x->steps, &s);
}

/* ---- the hosts that a source reached ---- */

struct reached {
	const struct admin_step *s; /* in the order of time */
	size_t n;                   /* all of the source */
	size_t from, to;            /* those of the window: to is behind the last */
	unsigned hosts;
};

static bool is_new_host(const struct reached *r, size_t i)
{
	for (size_t k = r->from; k < i; k++)
		if (memcmp(r->s[k].server, r->s[i].server, 16) == 0)
			return false;
	return true;
}

/* The first window with so many hosts; of one host there are few ports, so that each look is short. */
static bool find_window(struct reached *r, unsigned hosts, int64_t seconds)
{
	for (r->from = 0; r->from < r->n; r->from++) {
		r->hosts = 0;
		for (r->to = r->from; r->to < r->n; r->to++) {
			if (r->s[r->to].first - r->s[r->from].first > seconds)
				break;
			r->hosts += is_new_host(r, r->to);
			if (r->hosts >= hosts) {
				r->to++;
				return true;
			}
		}
	}
	return false;
}

static int by_address(const void *a, const void *b)
{
	return memcmp(a, b, 16);
}

/* What else it reached since then, no pause being longer than the window; and how many hosts. */
static void go_on(struct reached *r, int64_t seconds)
{
	uint8_t(*host)[16];
	size_t n;

	while (r->to < r->n && r->s[r->to].first - r->s[r->to - 1].first <= seconds)
		r->to++;
	n = r->to - r->from;
	host = xcalloc(n, sizeof *host);
	for (size_t i = 0; i < n; i++)
		memcpy(host[i], r->s[r->from + i].server, sizeof *host);
	qsort(host, n, sizeof *host, by_address);
	r->hosts = 0;
	for (size_t i = 0; i < n; i++)
		r->hosts += i == 0 || memcmp(host[i], host[i - 1], sizeof *host) != 0;
	free(host);
}

/* ---- the chain ---- */

static int by_server(const void *a, const void *b)
{
	const struct admin_step *x = *(const struct admin_step *const *)a,
				*y = *(const struct admin_step *const *)b;
	int d = memcmp(x->server, y->server, sizeof x->server);

	d = d ? d : (x->first > y->first) - (x->first < y->first);
	return d ? d : order(x, y);
}

/* The first step, by_server, of those to a server since then. */
static size_t first_to(const struct lateral *x, const uint8_t server[16], int64_t since)
{
	size_t lo = 0, hi = x->steps.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int d = memcmp(x->by_server[mid]->server, server, 16);
		if (d < 0 || (d == 0 && x->by_server[mid]->first < since))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The same of those by a client. */
static size_t first_by(const struct bag *b, const uint8_t client[16], int64_t since)
{
	const struct admin_step *all = (const struct admin_step *)b->item;
	size_t lo = 0, hi = b->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int d = memcmp(all[mid].client, client, 16);
		if (d < 0 || (d == 0 && all[mid].first < since))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void sort_by_server(struct lateral *x)
{
	const struct admin_step *all = (const struct admin_step *)x->steps.item;

	if (x->by_server)
		return;
	x->by_server = xcalloc(x->steps.n, sizeof(void *));
	for (size_t i = 0; i < x->steps.n; i++)
		x->by_server[i] = &all[i];
	qsort(x->by_server, x->steps.n, sizeof(void *), by_server);
}

/* Who had opened the source itself. */
static void say_came(struct judging *j, struct lateral *x, const struct admin_step *first,
		     int64_t seconds, struct buf *out)
{
	unsigned told = 0;

	sort_by_server(x);
	for (size_t i = first_to(x, first->client, first->first - seconds);
	     i < x->steps.n && told < CHAIN_MAX; i++) {
		const struct admin_step *s = x->by_server[i];
		if (memcmp(s->server, first->client, 16) != 0 || s->first > first->first)
			break;
		if (s->known)
			continue;
		buf_puts(out, "chain: ");
		tell_time(s->first, out);
		buf_puts(out, "  the source itself was opened by ");
		judging_add_host(j, s->client, out);
		buf_printf(out, " at port %u\n", s->port);
		told++;
	}
}

/* Which of those that it reached went on. */
static void say_went(struct judging *j, const struct lateral *x, const struct reached *r,
		     int64_t seconds, struct buf *out)
{
	const struct admin_step *all = (const struct admin_step *)x->steps.item;
	unsigned told = 0;

	for (size_t k = r->from; k < r->to && told < CHAIN_MAX; k++) {
		const struct admin_step *by = &r->s[k];
		size_t i = first_by(&x->steps, by->server, by->first);
		if (i == x->steps.n || memcmp(all[i].client, by->server, 16) != 0 || all[i].known ||
		    all[i].first - by->first > seconds)
			continue;
		buf_puts(out, "chain: ");
		tell_time(all[i].first, out);
		buf_puts(out, "  ");
		judging_add_host(j, by->server, out);
		buf_puts(out, " went on to ");
		tell_service(j, all[i].server, all[i].port, all[i].protocol, out);
		buf_putc(out, '\n');
		told++;
	}
}

static void say_hosts(struct judging *j, const struct reached *r, struct finding *f)
{
	unsigned listed = 0;

	for (size_t i = r->from; i < r->to && i - r->from < 64 && listed < LIST_MAX; i++) {
		if (!is_new_host(r, i))
			continue;
		tell_time(r->s[i].first, &f->evidence);
		buf_puts(&f->evidence, "  ");
		tell_service(j, r->s[i].server, r->s[i].port, r->s[i].protocol, &f->evidence);
		buf_putc(&f->evidence, '\n');
		listed++;
	}
	if (r->hosts > listed)
		buf_printf(&f->evidence, "and %u more hosts\n", r->hosts - listed);
}

static void find(struct judging *j, struct lateral *x, const struct reached *r, int64_t seconds)
{
	const struct admin_step *first = &r->s[r->from], *last = &r->s[r->to - 1];
	struct finding *f = judging_find(j, &detect_lateral, SEVERITY_WARN, CONFIDENCE_OPEN,
					 first->first, last->first + 60);
	bool one = true;

	for (size_t i = r->from; i < r->to; i++)
		one &= r->s[i].port == first->port;
	f->open = judging_is_open(j, last->first);
	f->measure = r->hosts;
	finding_about_address(f, SUBJECT_SOURCE, first->client);
	judging_add_host(j, first->client, &f->what);
	buf_printf(&f->what, " opened administration ports of %u hosts", r->hosts);
	if (one)
		buf_printf(&f->what, ", port %u", first->port);
	buf_printf(&f->value, "%u hosts", r->hosts);
	buf_printf(&f->limit, "%.0f in ", judging_limit(j, &detect_lateral, "hosts"));
	tell_duration(seconds, &f->limit);
	buf_printf(
		&f->text,
		"A host that opened no administration port before did so at %u hosts, one after the "
		"other, and was answered.",
		r->hosts);
	say_hosts(j, r, f);
	say_came(j, x, first, seconds, &f->evidence);
	say_went(j, x, r, seconds, &f->evidence);
	buf_puts(&f->records, "client=");
	tell_address(first->client, &f->records);
	buf_puts(&f->records, " and port=22,23,135,139,445,2375,3389,5900,5985,5986,6443");
	tell_next_groups(j, first->client_at, f);
	tell_next_contain(j, first->client_at, f);
}

static void judge(void *state, struct judging *j)
{
	struct lateral *x = state;
	struct bag *b = &x->steps;
	unsigned hosts = (unsigned)judging_limit(j, &detect_lateral, "hosts");
	int64_t seconds = (int64_t)judging_limit(j, &detect_lateral, "window");
	const struct admin_step *all;

	bag_settle(b);
	all = (const struct admin_step *)b->item;
	for (size_t i = 0, n; i < b->n; i += n) {
		struct reached r = { .s = &all[i] };
		bool hub = false;
		for (n = 0; i + n < b->n && memcmp(all[i + n].client, all[i].client, 16) == 0; n++)
			hub |= all[i + n].known;
		r.n = n;
		if (hub || !find_window(&r, hosts, seconds))
			continue;
		go_on(&r, seconds);
		find(j, x, &r, seconds);
	}
}

static void end(void *state)
{
	struct lateral *x = state;

	bag_release(&x->steps);
	free(x->by_server);
	free(x);
}

static uint64_t dropped(const void *state)
{
	return ((const struct lateral *)state)->steps.dropped;
}

const struct detector detect_lateral = {
	.name = "lateral",
	.title =
		"a host that administers nobody opens administration ports of one host after the other",
	.wrong = "a deployment or an administrator from a host that is new for it\n",
	.refutes =
		"the host is named by --admin; it did so before (--baseline FILE); a change at that "
		"time (--events FILE)\n",
	.threshold = { { "hosts", 3, "",
			 "hosts at whose administration ports a source was answered that it had not "
			 "asked before: one or two are an errand, three a path" },
		       { "window", 1800, "s",
			 "within which, since who goes by hand takes minutes a host, and within which "
			 "one that was reached goes on" },
		       { "ports", 0, "=" PORTS_TEXT(ADMIN_PORTS),
			 "at which whoever gets in runs the host: shells, remote desktops, Windows' "
			 "management, Docker, Kubernetes; with others, as 22,8443,9000-9010, say all" } },
	.begin = begin,
	.edge = on_edge,
	.judge = judge,
	.end = end,
	.dropped = dropped,
};
