/* detect_exposure.c - EXPOSURE: a client of the internet was answered with data by a port of a host
 * here. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/hash.h"
#include "triage/bag.h"
#include "triage/port_kinds.h"
#include "triage/tell.h"

#define EPHEMERAL 32768u /* from here on ports are clients' */

/* A port that was answered from: by how many clients of the internet, which the edges are. */
struct open_port {
	uint8_t server[16], client[16]; /* one of them: the lowest address */
	uint64_t clients, connections, sent, received;
	int64_t first, last;
	uint32_t server_at;
	uint16_t port;
	uint8_t protocol;
	bool known; /* it was open as the log began */
};

static int order(const void *a, const void *b)
{
	const struct open_port *x = a, *y = b;
	int d = memcmp(x->server, y->server, sizeof x->server);

	d = d ? d : x->port - y->port;
	return d ? d : x->protocol - y->protocol;
}

static void merge(void *into, const void *from)
{
	struct open_port *x = into;
	const struct open_port *y = from;

	x->clients += y->clients;
	x->connections += y->connections;
	x->sent += y->sent;
	x->received += y->received;
	x->first = x->first < y->first ? x->first : y->first;
	x->last = x->last > y->last ? x->last : y->last;
	x->known |= y->known;
	if (memcmp(y->client, x->client, sizeof x->client) < 0)
		memcpy(x->client, y->client, sizeof x->client);
}

static bool is_guarded(uint16_t port)
{
	return port_is_admin(port) || port_is_database(port);
}

static int worth(const void *a, const void *b)
{
	const struct open_port *x = a, *y = b;

	if (is_guarded(x->port) != is_guarded(y->port))
		return is_guarded(x->port) ? -1 : 1;
	if (x->clients != y->clients)
		return x->clients > y->clients ? -1 : 1;
	return order(a, b);
}

static uint64_t hash(const void *item)
{
	const struct open_port *x = item;

	return hash_pair(hash_address(x->server), x->port, x->protocol);
}

static const struct bag_kind kind = { sizeof(struct open_port), .order = order, .merge = merge,
				      .hash = hash, .worth = worth };

struct exposure {
	struct bag ports;
	double data; /* the limit */
};

static void *begin(struct judging *j)
{
	struct exposure *x = xcalloc(1, sizeof *x);

	x->ports.kind = &kind;
	x->ports.most = bag_room(&kind, judging_room(j));
	x->data = judging_limit(j, &detect_exposure, "data");
	return x;
}

/* A NAT gateway shows what nobody asked for as let pass, and drops it. */
static bool is_nat(const struct judging *j, uint32_t at)
{
	return at != PLACE_NONE && place_is_nat(places_at(judging_evidence(j)->places, at));
}

static void on_edge(void *state, struct judging *j, const struct evidence_edge *e)
{
	struct exposure *x = state;
	struct open_port p;

	if (e->client_internal || e->key.any_client || e->server_at == PLACE_NONE ||
	    is_nat(j, e->server_at) || (e->key.protocol != 6 && e->key.protocol != 17) ||
	    (double)e->received < x->data)
		return;
	if (judging_has_baseline(j, e))
		return;
	memset(&p, 0, sizeof p);
	p.first = INT64_MAX;
	for (size_t i = 0; i < e->minutes; i++) {
		const struct edge_minute *m = &e->minute[i];
		p.connections += m->answered;
		if (m->answered && p.first == INT64_MAX)
			p.first = edge_minute_start(e, m->minute);
	}
	if (p.connections == 0)
		return;
	memcpy(p.server, e->key.server, sizeof p.server);
	memcpy(p.client, e->key.client, sizeof p.client);
	p.clients = 1;
	p.last = e->last;
	p.sent = e->sent;
	p.received = e->received;
	p.server_at = e->server_at;
	p.port = e->key.port;
	p.protocol = e->key.protocol;
	p.known = judging_knows(j, e);
	bag_add(&x->ports, &p);
}

/* ---- what is found ---- */

/* Whether it is worth a finding, and how much. */
static bool weigh(struct judging *j, const struct open_port *p, enum severity *s)
{
	bool many = (double)p->clients >= judging_limit(j, &detect_exposure, "clients");

	if (is_guarded(p->port)) {
		*s = many || !p->known ? SEVERITY_PAGE : SEVERITY_INFO;
		return true;
	}
	*s = port_is_web(p->port) ? SEVERITY_INFO : SEVERITY_WARN;
	if (p->protocol == 17 && p->port >= EPHEMERAL) /* which side asks is a guess there */
		return false;
	return many;
}

static void find(struct judging *j, const struct open_port *p, enum severity s)
{
	struct finding *f =
		judging_find(j, &detect_exposure, s, CONFIDENCE_PROVEN, p->first, p->last);
	bool alone = p->clients == 1;
	const char *id = tell_interface(j, p->server_at);
	struct buf known = { 0 };

	f->open = judging_is_open(j, p->last);
	f->measure = (double)p->clients;
	finding_about_address(f, SUBJECT_TARGET, p->server);
	finding_about_service(f, p->port, p->protocol);
	tell_service(j, p->server, p->port, p->protocol, &f->what);
	buf_printf(&f->what, " answered %" PRIu64 " %s of the internet", p->clients,
		   alone ? "client" : "clients");
	buf_printf(&f->value, "%" PRIu64 " %s", p->clients, alone ? "client" : "clients");
	buf_printf(&f->limit, "%.0f",
		   is_guarded(p->port) ? 1 : judging_limit(j, &detect_exposure, "clients"));
	buf_printf(&f->text,
		   "%s answered %s of the internet with data: rules, route and address let "
		   "it pass, and something listens.",
		   port_is_admin(p->port)      ? "A port of administration"
		   : port_is_database(p->port) ? "A port of databases, caches or files"
					       : "A port",
		   alone ? "a client" : "clients");
	if (p->known)
		buf_puts(&f->text, " It did so as the log began.");
	tell_times(p->first, p->last, &f->evidence);
	buf_printf(&f->evidence, "  %" PRIu64 " answers, sent to clients ", p->connections);
	tell_bytes(p->received, &f->evidence);
	buf_puts(&f->evidence, ", received ");
	tell_bytes(p->sent, &f->evidence);
	buf_puts(&f->evidence, alone ? "\nthe client: " : "\none of the clients: ");
	judging_add_host(j, p->client, &f->evidence);
	tell_known(j, p->client, &known);
	buf_printf(&f->evidence, "%s%s\n", known.n ? ", " : "", known.n ? known.s : "");
	buf_release(&known);
	buf_puts(&f->records, "scope=internet and server=");
	tell_address(p->server, &f->records);
	buf_printf(&f->records, " and port=%u", p->port);
	tell_next_groups(j, p->server_at, f);
	buf_printf(
		&f->next,
		"aws ec2 describe-network-insights-access-scopes  (what may be reached, and from "
		"where)\nto contain: aws ec2 revoke-security-group-ingress --group-id GROUP "
		"--protocol %s --port %u --cidr 0.0.0.0/0  (a group of %s)\n",
		p->protocol == 17 ? "udp" : "tcp", p->port, id);
}

static void judge(void *state, struct judging *j)
{
	struct bag *b = &((struct exposure *)state)->ports;
	const struct open_port *p;
	enum severity s;

	bag_settle(b);
	p = (const struct open_port *)b->item;
	for (size_t i = 0; i < b->n; i++)
		if (weigh(j, &p[i], &s))
			find(j, &p[i], s);
}

static void end(void *state)
{
	struct exposure *x = state;

	bag_release(&x->ports);
	free(x);
}

static uint64_t dropped(const void *state)
{
	return ((const struct exposure *)state)->ports.dropped;
}

const struct detector detect_exposure = {
	.name = "exposure",
	.title = "a port of a host here answered clients of the internet with data",
	.wrong = "it is meant to be public, or open to an office\n",
	.refutes =
		"it is meant for it (--mute 'exposure target=ADDRESS port=PORT'); the client is ours "
		"(--internal)\n"
		"it is in the baseline (--baseline FILE)\n",
	.threshold = { { "clients", 3, "",
			 "of the internet that were answered: one or two may be a partner or an office; "
			 "at ports of administration and databases one is enough" },
		       { "data", 120, "B", "to a client: more than SYN-ACK and FIN or RST take" } },
	.begin = begin,
	.edge = on_edge,
	.judge = judge,
	.end = end,
	.dropped = dropped,
};
