/* detect_exfil.c - EXFIL: much was sent to an address of the internet that the source did not know. */
#include <stdlib.h>

#include "triage/bag.h"
#include "triage/tell.h"

#define WINDOW 60     /* minutes */
#define FLOOR 10000.0 /* a minute with less than one in so many of the limit adds nothing */
#define PORTS_LISTED 4u

/* What went to a port of a destination in a minute. */
struct moved {
	uint8_t source[16], destination[16];
	int64_t minute, first; /* seconds: of the minute, or of the first record in it */
	uint64_t sent, received;
	uint32_t connections, at;
	uint16_t port;
	uint8_t protocol;
	bool known; /* the pair is, or it is a service of AWS */
};

static int order(const void *a, const void *b)
{
	const struct moved *x = a, *y = b;
	int d = memcmp(x->source, y->source, sizeof x->source);

	d = d ? d : memcmp(x->destination, y->destination, sizeof x->destination);
	d = d ? d : (x->minute > y->minute) - (x->minute < y->minute);
	d = d ? d : x->port - y->port;
	return d ? d : x->protocol - y->protocol;
}

static int worth(const void *a, const void *b)
{
	const struct moved *x = a, *y = b;

	if (x->known != y->known)
		return x->known ? -1 : 1;
	return x->sent != y->sent ? (x->sent > y->sent ? -1 : 1) : order(a, b);
}

static const struct bag_kind kind = { sizeof(struct moved), .order = order, .merge = NULL,
				      .worth = worth };

struct exfil {
	struct bag moved;
	uint64_t least; /* bytes in a minute */
};

static void *begin(struct judging *j)
{
	struct exfil *x = xcalloc(1, sizeof *x);

	x->moved.kind = &kind;
	x->moved.most = bag_room(&kind, judging_room(j));
	x->least = (uint64_t)(judging_limit(j, &detect_exfil, "bytes") / FLOOR);
	return x;
}

static void on_edge(void *state, struct judging *j, const struct evidence_edge *e)
{
	struct exfil *x = state;
	struct evidence_edge pair = *e;
	struct moved m = { .port = e->key.port, .protocol = e->key.protocol, .at = e->client_at };

	if (!e->client_internal || e->server_internal || e->key.any_client ||
	    address_is_group(e->key.server) ||
	    labels_allow_ioc(judging_evidence(j)->labels, e->key.server))
		return;
	pair.key.port = 0;
	m.known = e->service != DICT_NONE || judging_knows(j, &pair);
	if (!m.known && e->sent < x->least)
		return;
	memcpy(m.source, e->key.client, sizeof m.source);
	memcpy(m.destination, e->key.server, sizeof m.destination);
	if (m.known) { /* which says it of the pair's other ports too */
		m.minute = e->first / 60;
		bag_add(&x->moved, &m);
		return;
	}
	for (size_t i = 0; i < e->minutes; i++) {
		const struct edge_minute *n = &e->minute[i];
		if (n->sent < x->least && n->received < x->least)
			continue;
		m.minute = n->minute;
		m.first = edge_minute_start(e, n->minute);
		m.sent = n->sent;
		m.received = n->received;
		m.connections = n->tries > n->answered ? n->tries : n->answered;
		bag_add(&x->moved, &m);
	}
}

/* ---- a source and a destination ---- */

struct transfer {
	const struct moved *m;
	size_t n, from;          /* items; the first one of the window in which it was so */
	uint64_t sent, received; /* at most, in a window */
	uint64_t all_sent, all_received;
};

static bool is_listed(struct judging *j, const uint8_t address[16])
{
	struct label_ioc hit;

	return labels_find_ioc(judging_evidence(j)->labels, address, &hit);
}

/* Whether the limits were reached, first by the window that begins with item `from`. */
static bool measure(struct judging *j, struct transfer *t)
{
	double least = judging_limit(j, &detect_exfil, "bytes");
	double ratio = judging_limit(j, &detect_exfil, "ratio");
	uint64_t sent = 0, received = 0;
	bool found = false;

	for (size_t i = 0, lo = 0; i < t->n; i++) {
		sent += t->m[i].sent;
		received += t->m[i].received;
		t->all_sent += t->m[i].sent;
		t->all_received += t->m[i].received;
		for (; t->m[i].minute - t->m[lo].minute >= WINDOW; lo++) {
			sent -= t->m[lo].sent;
			received -= t->m[lo].received;
		}
		if ((double)sent < least || (double)sent < ratio * (double)received)
			continue;
		t->from = found ? t->from : lo;
		found = true;
		if (sent > t->sent) {
			t->sent = sent;
			t->received = received;
		}
	}
	return found;
}

static void say_what(struct judging *j, const struct transfer *t, struct finding *f)
{
	const struct moved *m = t->m;
	bool one = true;

	for (size_t i = 1; i < t->n; i++)
		one &= m[i].port == m[0].port && m[i].protocol == m[0].protocol;
	judging_add_host(j, m->source, &f->what);
	buf_puts(&f->what, " > ");
	if (one)
		tell_service(j, m->destination, m->port, m->protocol, &f->what);
	else
		judging_add_host(j, m->destination, &f->what);
	buf_puts(&f->what, " (new) sent ");
	tell_bytes(t->all_sent, &f->what);
	buf_puts(&f->what, " recv ");
	tell_bytes(t->all_received, &f->what);
	finding_about_address(f, SUBJECT_SOURCE, m->source);
	finding_about_address(f, SUBJECT_DESTINATION, m->destination);
	finding_records(f, m->source, m->destination, one ? m->port : 0);
}

/* Which ports it went to, and how often each. */
static void say_ports(const struct transfer *t, struct buf *out)
{
	struct {
		uint16_t port;
		uint8_t protocol;
		uint64_t n;
	} of[PORTS_LISTED] = { 0 };
	size_t known = 0, others = 0;

	for (size_t i = 0; i < t->n; i++) {
		size_t k = 0;
		while (k < known &&
		       (of[k].port != t->m[i].port || of[k].protocol != t->m[i].protocol))
			k++;
		if (k == PORTS_LISTED) {
			others++;
			continue;
		}
		of[k].port = t->m[i].port;
		of[k].protocol = t->m[i].protocol;
		of[k].n += t->m[i].connections;
		known = k == known ? known + 1 : known;
	}
	buf_puts(out, "  ports ");
	for (size_t k = 0; k < known; k++) {
		buf_printf(out, "%s%u/", k ? ", " : "", of[k].port);
		tell_protocol(of[k].protocol, out);
		buf_printf(out, " (%llu)", (unsigned long long)of[k].n);
	}
	buf_puts(out, others ? " and more" : "");
}

static void say_evidence(struct judging *j, const struct transfer *t, struct finding *f)
{
	const struct evidence *ev = judging_evidence(j);
	const struct moved *m = t->m;
	struct buf known = { 0 };
	struct label_ioc hit;

	tell_times(f->since, f->until, &f->evidence);
	say_ports(t, &f->evidence);
	buf_puts(&f->evidence, "\nmost in an hour: sent ");
	tell_bytes(t->sent, &f->evidence);
	buf_puts(&f->evidence, ", received ");
	tell_bytes(t->received, &f->evidence);
	buf_puts(&f->evidence, ", counted once\ndestination: ");
	tell_known(j, m->destination, &known);
	buf_printf(&f->evidence, "%s%sno AWS service that is known; ", known.n ? known.s : "",
		   known.n ? "; " : "");
	if (labels_find_ioc(ev->labels, m->destination, &hit))
		buf_printf(&f->evidence, "in line %u of --ioc: %.*s\n", hit.line, (int)hit.text.n,
			   hit.text.s);
	else
		buf_puts(&f->evidence, labels_have_ioc(ev->labels)
					       ? "in no list of --ioc\n"
					       : "no list of --ioc was given\n");
	buf_release(&known);
}

static void find(struct judging *j, struct transfer *t)
{
	const struct moved *m = t->m, *last = &m[t->n - 1];
	const struct evidence *ev = judging_evidence(j);
	bool listed = is_listed(j, m->destination);
	int64_t until = (last->minute + 1) * 60 < ev->now ? (last->minute + 1) * 60 : ev->now;
	struct finding *f = judging_find(j, &detect_exfil, listed ? SEVERITY_PAGE : SEVERITY_WARN,
					 CONFIDENCE_OPEN, m[t->from].first, until);
	double least = judging_limit(j, &detect_exfil, "bytes");

	f->open = judging_is_open(j, until);
	f->measure = (double)t->sent;
	buf_printf(&f->value, "%.1f x ", (double)t->sent / (least > 1 ? least : 1));
	tell_bytes((uint64_t)least, &f->value);
	tell_bytes((uint64_t)least, &f->limit);
	buf_printf(&f->limit, ", %.3g x received", judging_limit(j, &detect_exfil, "ratio"));
	say_what(j, t, f);
	tell_bytes(t->all_sent, &f->text);
	buf_puts(&f->text, " were sent to an address of the internet that this host had not talked "
			   "to for the ");
	tell_duration(m[t->from].first - ev->begin, &f->text);
	buf_puts(&f->text, " that are known before; ");
	tell_bytes(t->all_received, &f->text);
	buf_puts(&f->text, " came back.");
	say_evidence(j, t, f);
	tell_next_groups(j, m->at, f);
	tell_next_contain(j, m->at, f);
}

static void judge(void *state, struct judging *j)
{
	struct exfil *x = state;
	const struct moved *all;

	bag_settle(&x->moved);
	all = (const struct moved *)x->moved.item;
	for (size_t i = 0, n; i < x->moved.n; i += n) {
		struct transfer t = { .m = &all[i] };
		bool known = false;
		for (n = 0; i + n < x->moved.n && memcmp(&all[i + n], &all[i], 32) == 0; n++)
			known |= all[i + n].known;
		t.n = n;
		if (!known && measure(j, &t))
			find(j, &t);
	}
}

static void end(void *state)
{
	struct exfil *x = state;

	bag_release(&x->moved);
	free(x);
}

static uint64_t dropped(const void *state)
{
	return ((const struct exfil *)state)->moved.dropped;
}

const struct detector detect_exfil = {
	.name = "exfil",
	.title = "much was sent to an address of the internet that is new for the source",
	.wrong =
		"a new backup or log target, an upload for a customer: bytes say nothing of content\n",
	.refutes =
		"the address is a known party's (allow in --ioc); the same transfer "
		"yesterday at this hour (--baseline FILE)\n"
		"a change or a job at that time (--events FILE); the host's own log of what it sent\n",
	.threshold = { { "bytes", 500e6, "B",
			 "sent to one destination within 60 minutes, 500,000,000 B: what Tailpipe's detections call a "
			 "large transfer" },
		       { "ratio", 5, "",
			 "times as much sent as received: who browses or fetches receives more than it "
			 "sends" } },
	.begin = begin,
	.edge = on_edge,
	.judge = judge,
	.end = end,
	.dropped = dropped,
};
