/* detect_flood.c - FLOOD: of a sudden very many sources of the internet try one port here, and most of
 * them get nowhere. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/hash.h"
#include "triage/bag.h"
#include "triage/tell.h"

#define BEFORE 60         /* minutes of what is usual */
#define BEFORE_LEAST 15   /* with fewer before, the first BEFORE of all are taken */
#define BARE_BYTES 16384u /* a minute of more is no handshake */
#define MINUTES 2u        /* one alone may be chance */

/* What the internet tried at a port in a minute. */
struct tried {
	uint8_t server[16];
	int64_t minute;
	uint64_t sources, tries, stood, half, refused;
	uint32_t server_at;
	uint16_t port;
	uint8_t protocol;
};

static int order_of_port(const struct tried *x, const struct tried *y)
{
	int d = memcmp(x->server, y->server, sizeof x->server);

	d = d ? d : x->port - y->port;
	return d ? d : x->protocol - y->protocol;
}

static int order(const void *a, const void *b)
{
	const struct tried *x = a, *y = b;
	int d = order_of_port(x, y);

	return d ? d : (x->minute > y->minute) - (x->minute < y->minute);
}

static void merge(void *into, const void *from)
{
	struct tried *x = into;
	const struct tried *y = from;

	x->sources += y->sources;
	x->tries += y->tries;
	x->stood += y->stood;
	x->half += y->half;
	x->refused += y->refused;
	if (x->server_at == PLACE_NONE)
		x->server_at = y->server_at;
}

static int worth(const void *a, const void *b)
{
	const struct tried *x = a, *y = b;

	return x->sources != y->sources ? (x->sources > y->sources ? -1 : 1) : order(a, b);
}

static uint64_t hash(const void *item)
{
	const struct tried *x = item;

	return hash_pair(hash_address(x->server), (uint64_t)x->minute,
			 (uint64_t)x->port << 8 | x->protocol);
}

static const struct bag_kind kind = { sizeof(struct tried), .order = order, .merge = merge,
				      .hash = hash, .worth = worth };

static void *begin(struct judging *j)
{
	struct bag *b = xcalloc(1, sizeof *b);

	b->kind = &kind;
	b->most = bag_room(&kind, judging_room(j));
	return b;
}

/* How many of the refused records of any client have a source of their own: about so many of each
 * minute's, of which it is not known. One source that insists makes many records and one source. */
static double own_share(const struct evidence_edge *e)
{
	uint64_t refused = 0;

	for (size_t i = 0; i < e->minutes; i++)
		refused += e->minute[i].refused;
	return refused > e->sources ? (double)e->sources / (double)refused : 1;
}

/* Without flags SYNs and SYN-ACKs beyond a few are told from others by this alone: no more came back
 * than was sent. */
static bool is_bare(const struct edge_minute *m)
{
	return m->received <= m->sent && m->sent < BARE_BYTES;
}

static void on_edge(void *state, struct judging *j, const struct evidence_edge *e)
{
	const struct places *p = judging_evidence(j)->places;
	double share = e->key.any_client ? own_share(e) : 0;
	struct tried t;

	if (e->client_internal || (!e->server_internal && e->server_at == PLACE_NONE) ||
	    (e->server_at != PLACE_NONE && place_is_nat(places_at(p, e->server_at))))
		return;
	memset(&t, 0, sizeof t);
	memcpy(t.server, e->key.server, sizeof t.server);
	t.port = e->key.port;
	t.protocol = e->key.protocol;
	t.server_at = e->server_at;
	for (size_t i = 0; i < e->minutes; i++) {
		const struct edge_minute *m = &e->minute[i];
		uint64_t known = (uint64_t)m->answered + m->half + m->reset + m->refused;
		t.minute = m->minute;
		if (e->key.any_client) { /* its other counts are of those with edges too */
			t.sources = (uint64_t)(share * m->refused + 0.5);
			t.tries = t.refused = m->refused;
		} else {
			t.tries = m->tries > known ? m->tries : known;
			t.sources = t.tries > 0;
			t.stood = is_bare(m) ? 0 : m->answered;
			t.half = m->half + (is_bare(m) ? m->answered : 0);
			t.refused = m->refused;
		}
		if (t.sources)
			bag_add(state, &t);
	}
}

/* ---- a port ---- */

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Sources a minute that are usual before that of item `at` of the port's `n`. */
static uint64_t usual(const struct evidence *ev, const struct tried *t, size_t n, size_t at)
{
	uint64_t sources[BEFORE] = { 0 };
	int64_t begin = ev->begin / 60, m = t[at].minute, to = m, from = m - BEFORE;
	size_t minutes, i = at;

	if (m - begin < BEFORE_LEAST) {
		to = begin + BEFORE;
		to = to < ev->now / 60 ? to : ev->now / 60;
		from = begin;
	}
	from = from > begin ? from : begin;
	minutes = to > from ? (size_t)(to - from) : 0;
	while (i > 0 && t[i - 1].minute >= from)
		i--;
	for (; i < n && t[i].minute < to; i++)
		if (t[i].minute >= from)
			sources[t[i].minute - from] = t[i].sources;
	qsort(sources, minutes, sizeof *sources, by_number);
	return minutes ? sources[minutes / 2] : 0;
}

/* The minutes in which it was so. */
struct hot {
	size_t n, most;      /* how many; the item with most sources */
	int64_t first, last; /* minutes */
	uint64_t tries, stood, half, refused, before;
};

static struct hot measure(struct judging *j, const struct tried *t, size_t n)
{
	double least = judging_limit(j, &detect_flood, "sources");
	double times = judging_limit(j, &detect_flood, "times");
	double failing = judging_limit(j, &detect_flood, "failing");
	struct hot h = { 0 };

	for (size_t i = 0; i < n; i++) {
		uint64_t stood = t[i].stood < t[i].tries ? t[i].stood : t[i].tries, before;
		if ((double)t[i].sources < least ||
		    (double)(t[i].tries - stood) * 100 < failing * (double)t[i].tries)
			continue;
		before = usual(judging_evidence(j), t, n, i);
		if ((double)t[i].sources < times * ((double)before + 1))
			continue;
		if (h.n++ == 0) {
			h.first = t[i].minute;
			h.most = i;
			h.before = before;
		}
		h.most = t[i].sources > t[h.most].sources ? i : h.most;
		h.last = t[i].minute;
		h.tries += t[i].tries;
		h.stood += stood;
		h.half += t[i].half;
		h.refused += t[i].refused;
	}
	return h;
}

static void find(struct judging *j, const struct tried *t, const struct hot *h)
{
	struct finding *f = judging_find(j, &detect_flood, SEVERITY_PAGE, CONFIDENCE_LIKELY,
					 h->first * 60, (h->last + 1) * 60);
	uint64_t most = t[h->most].sources;
	double failed = h->tries ? 100.0 * (double)(h->tries - h->stood) / (double)h->tries : 0;

	f->open = judging_is_open(j, (h->last + 1) * 60);
	f->measure = (double)most;
	finding_about_address(f, SUBJECT_TARGET, t->server);
	finding_about_service(f, t->port, t->protocol);
	tell_service(j, t->server, t->port, t->protocol, &f->what);
	buf_printf(&f->what, " tried by %" PRIu64 " sources a minute, %.0f%% got nowhere", most,
		   failed);
	buf_printf(&f->value, "%" PRIu64 " sources a minute", most);
	buf_printf(&f->limit, "%.0f, %.0f x usual", judging_limit(j, &detect_flood, "sources"),
		   judging_limit(j, &detect_flood, "times"));
	buf_printf(
		&f->text,
		"Many sources of the internet tried this port at once, where %" PRIu64
		" a minute are usual, and %.0f%% of their tries were half open, refused, reset or "
		"not answered.",
		h->before, failed);
	tell_times(h->first * 60, (h->last + 1) * 60, &f->evidence);
	buf_printf(&f->evidence,
		   "  %zu minutes\n%" PRIu64 " records of tries: %" PRIu64 " stood, %" PRIu64
		   " half open, %" PRIu64 " refused\n",
		   h->n, h->tries, h->stood, h->half, h->refused);
	buf_puts(&f->records, "scope=internet and server=");
	tell_address(t->server, &f->records);
	buf_printf(&f->records, " and port=%u", t->port);
	buf_puts(&f->next,
		 "aws shield describe-subscription; aws wafv2 list-web-acls --scope REGIONAL\n"
		 "on the host: netstat -s | grep -i 'syn'; ethtool -S INTERFACE | grep "
		 "conntrack_allowance_exceeded\n");
	tell_next_groups(j, t->server_at, f);
}

static void judge(void *state, struct judging *j)
{
	struct bag *b = state;
	const struct tried *all;

	bag_settle(b);
	all = (const struct tried *)b->item;
	for (size_t i = 0, n; i < b->n; i += n) {
		struct hot h;
		for (n = 1; i + n < b->n && order_of_port(&all[i], &all[i + n]) == 0; n++)
			;
		h = measure(j, &all[i], n);
		if (h.n >= MINUTES)
			find(j, &all[i], &h);
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

const struct detector detect_flood = {
	.name = "flood",
	.title = "very many sources of the internet try one port at once, and most get nowhere",
	.wrong = "a flash crowd that the service cannot bear: its tries are answered at first\n"
		 "a port that was just closed to a large public\n",
	.refutes = "most tries stand; sources grew over hours, as a crowd's do\n",
	.threshold = { { "sources", 100, "", "a minute at one port, at least" },
		       { "times", 8, "",
			 "times (median + 1) of the 60 minutes before: what is busy always is so "
			 "always" },
		       { "failing", 50, "%",
			 "of the tries are half open, refused, reset or silent: a crowd's stand" } },
	.begin = begin,
	.edge = on_edge,
	.judge = judge,
	.end = end,
	.dropped = dropped,
};
