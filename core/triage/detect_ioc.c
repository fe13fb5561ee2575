/* detect_ioc.c - IOC: a host talked to an address that a list of --ioc has, or was talked to by one. */
#include <inttypes.h>
#include <stdlib.h>

#include "triage/bag.h"
#include "triage/tell.h"

/* A host, and an address of the list: all their conversations of one direction. */
struct ioc_contact {
	uint8_t host[16], listed[16];
	uint64_t sent, received; /* by the client and to it */
	uint64_t tries, answered;
	int64_t first, last, first_answered;
	uint32_t ports, host_at, line;
	uint16_t port; /* of one of them: the lowest */
	uint8_t protocol;
	bool out; /* the host is the client */
	bool nat; /* and it is a NAT gateway, of what others sent */
};

static int order(const void *a, const void *b)
{
	const struct ioc_contact *x = a, *y = b;
	int d = memcmp(x->listed, y->listed, sizeof x->listed);

	d = d ? d : memcmp(x->host, y->host, sizeof x->host);
	return d ? d : (int)x->out - (int)y->out;
}

static void merge(void *into, const void *from)
{
	struct ioc_contact *x = into;
	const struct ioc_contact *y = from;

	x->sent += y->sent;
	x->received += y->received;
	x->tries += y->tries;
	x->answered += y->answered;
	x->ports += y->ports;
	x->first = x->first < y->first ? x->first : y->first;
	x->last = x->last > y->last ? x->last : y->last;
	if (y->first_answered < x->first_answered)
		x->first_answered = y->first_answered;
	if (y->port < x->port || (y->port == x->port && y->protocol < x->protocol)) {
		x->port = y->port;
		x->protocol = y->protocol;
	}
}

static int worth(const void *a, const void *b)
{
	const struct ioc_contact *x = a, *y = b;

	if ((x->answered > 0) != (y->answered > 0))
		return x->answered > 0 ? -1 : 1;
	if (x->out != y->out)
		return x->out ? -1 : 1;
	return order(a, b);
}

static const struct bag_kind kind = { sizeof(struct ioc_contact), .order = order, .merge = merge,
				      .worth = worth };

static void *begin(struct judging *j)
{
	struct bag *b = xcalloc(1, sizeof *b);

	b->kind = &kind;
	b->most = bag_room(&kind, judging_room(j));
	return b;
}

static void count(const struct evidence_edge *e, struct ioc_contact *m)
{
	for (size_t i = 0; i < e->minutes; i++) {
		const struct edge_minute *n = &e->minute[i];
		uint64_t back = (uint64_t)n->answered + n->half;
		m->tries += n->tries > back ? n->tries : back;
		m->answered += back;
		if (back && m->first_answered == INT64_MAX)
			m->first_answered = edge_minute_start(e, n->minute);
	}
}

static void on_edge(void *state, struct judging *j, const struct evidence_edge *e)
{
	const struct evidence *ev = judging_evidence(j);
	struct label_ioc hit;
	struct ioc_contact m;
	bool out;

	if (!labels_have_ioc(ev->labels) || e->key.any_client)
		return;
	memset(&m, 0, sizeof m);
	out = labels_find_ioc(ev->labels, e->key.server, &hit);
	if (!out && !labels_find_ioc(ev->labels, e->key.client, &hit))
		return;
	m.out = out;
	m.line = hit.line;
	m.host_at = out ? e->client_at : e->server_at;
	m.nat = out && m.host_at != PLACE_NONE && place_is_nat(places_at(ev->places, m.host_at));
	memcpy(m.host, out ? e->key.client : e->key.server, sizeof m.host);
	memcpy(m.listed, out ? e->key.server : e->key.client, sizeof m.listed);
	m.first = e->first;
	m.last = e->last;
	m.first_answered = INT64_MAX;
	m.sent = e->sent;
	m.received = e->received;
	m.port = e->key.port;
	m.protocol = e->key.protocol;
	m.ports = 1;
	count(e, &m);
	bag_add(state, &m);
}

/* ---- what is found ---- */

static void say_what(struct judging *j, const struct ioc_contact *m, struct finding *f)
{
	judging_add_host(j, m->out ? m->host : m->listed, &f->what);
	buf_puts(&f->what, " > ");
	if (m->ports == 1)
		tell_service(j, m->out ? m->listed : m->host, m->port, m->protocol, &f->what);
	else
		judging_add_host(j, m->out ? m->listed : m->host, &f->what);
	finding_about_address(f, SUBJECT_SOURCE, m->out ? m->host : m->listed);
	finding_about_address(f, SUBJECT_DESTINATION, m->out ? m->listed : m->host);
	finding_about_number(f, SUBJECT_LINE, m->line);
	finding_records(f, m->host, m->listed, m->ports == 1 ? m->port : 0);
}

static void find(struct judging *j, const struct ioc_contact *m)
{
	const struct evidence *ev = judging_evidence(j);
	enum severity s = !m->answered ? SEVERITY_INFO : m->out ? SEVERITY_PAGE : SEVERITY_WARN;
	struct finding *f = judging_find(j, &detect_ioc, s, CONFIDENCE_PROVEN, m->first, m->last);
	struct label_ioc hit = { 0 };
	const char *who = m->out ? "A host here talked to" : "A host here was talked to by";

	labels_find_ioc(ev->labels, m->listed, &hit);
	f->open = judging_is_open(j, m->last);
	f->measure = (double)m->answered + (double)(m->sent + m->received) / 1e6;
	buf_printf(&f->value, "%" PRIu64 " of %" PRIu64 " answered", m->answered, m->tries);
	buf_puts(&f->limit, "1");
	say_what(j, m, f);
	buf_printf(&f->what, " (%.*s%sline %u) %s", (int)hit.text.n, hit.text.s,
		   hit.text.n ? ", " : "", m->line, m->answered ? "answered" : "not answered");
	if (!m->answered)
		who = m->out ? "A host here tried to reach" : "A host here was tried by";
	buf_printf(&f->text, "%s an address of --ioc, line %u%s%.*s.", who, m->line,
		   hit.text.n ? ": " : "", (int)hit.text.n, hit.text.s ? hit.text.s : "");
	tell_times(m->first, m->last, &f->evidence);
	buf_puts(&f->evidence, "\nsent ");
	tell_bytes(m->sent, &f->evidence);
	buf_puts(&f->evidence, ", received ");
	tell_bytes(m->received, &f->evidence);
	buf_printf(&f->evidence, " by the client, at %u %s\n", m->ports,
		   plural(m->ports, "port", "ports"));
	if (m->nat)
		buf_puts(&f->evidence,
			 "the host is a NAT gateway: who is behind it is not logged\n");
	tell_next_groups(j, m->host_at, f);
	if (m->answered)
		tell_next_contain(j, m->host_at, f);
}

/* The gateway's part of what its clients have sent says nothing that theirs do not. */
static bool is_of_a_client(const struct ioc_contact *all, size_t n, const struct ioc_contact *m)
{
	for (size_t i = 0; m->nat && i < n; i++)
		if (all[i].out && !all[i].nat)
			return true;
	return false;
}

static void judge(void *state, struct judging *j)
{
	struct bag *b = state;
	const struct ioc_contact *all;

	bag_settle(b);
	all = (const struct ioc_contact *)b->item;
	for (size_t i = 0, n; i < b->n; i += n) {
		for (n = 1; i + n < b->n && memcmp(all[i + n].listed, all[i].listed, 16) == 0; n++)
			;
		for (size_t k = i; k < i + n; k++)
			if (!is_of_a_client(&all[i], n, &all[k]))
				find(j, &all[k]);
	}
}

static void end(void *state)
{
	bag_release(state);
	free(state);
}

static uint64_t dropped(const void *state)
{
	return ((const struct bag *)state)->dropped;
}

const struct detector detect_ioc = {
	.name = "ioc",
	.title = "a host talked to an address of --ioc FILE, or was talked to by one",
	.wrong = "an old list; an address that many share: hosting, a CDN, a NAT gateway\n",
	.refutes = "a line 'allow ADDRESS' in the list, with the reason behind it\n",
	.begin = begin,
	.edge = on_edge,
	.judge = judge,
	.end = end,
	.dropped = dropped,
};
