/* detect_beacon.c - BEACON: a host asks the same server of the internet again and again, at an even pace
 * and with much the same to say. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/hash.h"
#include "triage/bag.h"
#include "triage/tell.h"

#define SIZES 4096u /* minutes whose sizes are looked at, the newest */
#define OFTEN 6     /* connections a minute: what is as often needs no beacon */
#define TIME_PORT 123u

/* Who asks a server: hashed, for they are only counted. */
struct asker {
	uint64_t server, source;
};

static int asker_order(const void *a, const void *b)
{
	const struct asker *x = a, *y = b;

	if (x->server != y->server)
		return x->server < y->server ? -1 : 1;
	return (x->source > y->source) - (x->source < y->source);
}

static void asker_merge(void *into, const void *from)
{
	(void)into;
	(void)from;
}

static const struct bag_kind asker_kind = { sizeof(struct asker), .order = asker_order,
					    .merge = asker_merge, .worth = asker_order };

/* An even conversation. */
struct even {
	struct edge_key key;
	uint64_t connections, bins, empty, sent, received;
	uint64_t size;      /* median of the bytes that a connection sends */
	double spread;      /* variance by mean of the connections a bin */
	double size_spread; /* median deviation of the sizes, by the median */
	double gap;         /* mean, seconds */
	int64_t first, last;
	uint32_t client_at;
};

static int even_order(const void *a, const void *b)
{
	const struct even *x = a, *y = b;

	return memcmp(&x->key, &y->key, sizeof x->key);
}

static int even_worth(const void *a, const void *b)
{
	const struct even *x = a, *y = b;

	if (x->connections != y->connections)
		return x->connections > y->connections ? -1 : 1;
	return even_order(a, b);
}

static const struct bag_kind even_kind = { sizeof(struct even), .order = even_order, .merge = NULL,
					   .worth = even_worth };

/* The limits. */
struct pace {
	double connections, span, bins, spread, sizes, sources;
};

struct beacon {
	struct bag askers, evens;
	struct pace least;
	uint64_t *size; /* of SIZES */
};

static void *begin(struct judging *j)
{
	struct beacon *x = xcalloc(1, sizeof *x);

	x->askers.kind = &asker_kind;
	x->askers.most = bag_room(&asker_kind, judging_room(j) / 2);
	x->evens.kind = &even_kind;
	x->evens.most = bag_room(&even_kind, judging_room(j) / 2);
	x->least = (struct pace){ .connections = judging_limit(j, &detect_beacon, "connections"),
				  .span = judging_limit(j, &detect_beacon, "span"),
				  .bins = judging_limit(j, &detect_beacon, "bins"),
				  .spread = judging_limit(j, &detect_beacon, "spread"),
				  .sizes = judging_limit(j, &detect_beacon, "sizes"),
				  .sources = judging_limit(j, &detect_beacon, "sources") };
	x->size = xcalloc(SIZES, sizeof *x->size);
	return x;
}

/* ---- one conversation ---- */

static uint64_t connections_of(const struct edge_minute *m)
{
	return m->tries > m->answered ? m->tries : m->answered;
}

/* Counts, and from when to when. */
static void measure(const struct evidence_edge *e, struct even *v)
{
	size_t first = SIZE_MAX, last = 0;

	for (size_t i = 0; i < e->minutes; i++) {
		if (connections_of(&e->minute[i]) == 0)
			continue;
		v->connections += connections_of(&e->minute[i]);
		first = first == SIZE_MAX ? i : first;
		last = i;
	}
	if (first == SIZE_MAX)
		return;
	v->first = e->minute[first].minute * 60;
	v->last = e->minute[last].minute * 60;
	if (v->connections > 1)
		v->gap = (double)(v->last - v->first) / (double)(v->connections - 1);
}

/* Connections by bins of some intervals, for within one it is not known when they were: how much they
 * vary. Bins begin half an interval before the first. */
static void spread(const struct evidence_edge *e, int64_t interval, struct even *v)
{
	int64_t factor = (int64_t)(2 * v->gap / (double)interval);
	int64_t bin, in_bin = 0, at = 0;
	double square = 0, sum = 0, mean;

	factor += (double)factor * (double)interval < 2 * v->gap;
	bin = interval * (factor < 1 ? 1 : factor);
	v->bins = (uint64_t)((v->last - v->first) / bin);
	if (v->bins < 2)
		return;
	for (size_t i = 0; i <= e->minutes; i++) {
		int64_t k = (int64_t)v->bins;
		if (i < e->minutes) {
			if (e->minute[i].minute * 60 < v->first)
				continue;
			k = (e->minute[i].minute * 60 - v->first + interval / 2) / bin;
			k = k < (int64_t)v->bins ? k : (int64_t)v->bins;
		}
		for (; at < k; at++) { /* those before are complete */
			square += (double)in_bin * (double)in_bin;
			sum += (double)in_bin;
			v->empty += in_bin == 0;
			in_bin = 0;
		}
		in_bin += i < e->minutes ? (int64_t)connections_of(&e->minute[i]) : 0;
	}
	mean = sum / (double)v->bins;
	v->spread = (square - sum * mean) / (double)(v->bins - 1) / (mean > 0 ? mean : 1);
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t median(uint64_t *size, size_t n)
{
	qsort(size, n, sizeof *size, by_size);
	return n ? size[n / 2] : 0;
}

/* What a connection sends: of each minute with some, with what they sent in the minutes behind it. */
static void sizes(const struct evidence_edge *e, uint64_t *size, struct even *v)
{
	uint64_t sent = 0, of = 0;
	size_t n = 0, i = e->minutes;

	while (i-- > 0 && n < SIZES) {
		sent += e->minute[i].sent;
		of = connections_of(&e->minute[i]);
		if (of == 0)
			continue;
		size[n++] = sent / of;
		sent = 0;
	}
	v->size = median(size, n);
	for (i = 0; i < n; i++)
		size[i] = size[i] > v->size ? size[i] - v->size : v->size - size[i];
	v->size_spread = v->size ? (double)median(size, n) / (double)v->size : 1;
}

static bool is_even(struct judging *j, const struct evidence_edge *e, const struct beacon *x,
		    struct even *v)
{
	const struct pace *least = &x->least;

	measure(e, v);
	if ((double)v->connections < least->connections ||
	    (double)(v->last - v->first) < least->span || v->gap * OFTEN < 60)
		return false;
	spread(e, judging_evidence(j)->interval, v);
	if ((double)v->bins < least->bins || v->spread > least->spread || v->empty * 10 > v->bins)
		return false;
	sizes(e, x->size, v);
	return v->size > 0 && v->size_spread * 100 <= least->sizes;
}

static void on_edge(void *state, struct judging *j, const struct evidence_edge *e)
{
	struct beacon *x = state;
	uint32_t answered = 0;
	struct asker a;
	struct even v;

	if (!e->client_internal || e->server_internal || e->key.any_client || e->sent == 0 ||
	    (e->key.protocol != 6 && e->key.protocol != 17) || address_is_group(e->key.server) ||
	    (e->key.protocol == 17 && e->key.port == TIME_PORT) || e->service != DICT_NONE ||
	    labels_allow_ioc(judging_evidence(j)->labels, e->key.server))
		return;
	memset(&a, 0, sizeof a);
	a.server = hash_address(e->key.server);
	a.source = hash_address(e->key.client);
	bag_add(&x->askers, &a);
	for (size_t i = 0; i < e->minutes; i++)
		answered |= e->minute[i].answered;
	if (!answered)
		return;
	memset(&v, 0, sizeof v);
	if (!is_even(j, e, x, &v))
		return;
	memcpy(v.key.client, e->key.client, sizeof v.key.client);
	memcpy(v.key.server, e->key.server, sizeof v.key.server);
	v.key.port = e->key.port;
	v.key.protocol = e->key.protocol;
	v.client_at = e->client_at;
	v.sent = e->sent;
	v.received = e->received;
	v.first = e->first > v.first ? e->first : v.first;
	bag_add(&x->evens, &v);
}

/* ---- what is found ---- */

/* How many sources ask the server. */
static size_t askers_of(const struct bag *b, const uint8_t server[16])
{
	const struct asker *all = (const struct asker *)b->item;
	uint64_t h = hash_address(server);
	size_t lo = 0, hi = b->n, n = 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (all[mid].server < h)
			lo = mid + 1;
		else
			hi = mid;
	}
	while (lo + n < b->n && all[lo + n].server == h)
		n++;
	return n;
}

static void find(struct judging *j, const struct even *v, size_t askers)
{
	struct finding *f = judging_find(j, &detect_beacon, SEVERITY_WARN, CONFIDENCE_OPEN,
					 v->first, v->last + 60);
	struct buf known = { 0 };

	f->open = judging_is_open(j, v->last + (int64_t)v->gap);
	f->measure = (double)v->connections;
	finding_about_address(f, SUBJECT_SOURCE, v->key.client);
	finding_about_address(f, SUBJECT_DESTINATION, v->key.server);
	finding_about_service(f, v->key.port, v->key.protocol);
	judging_add_host(j, v->key.client, &f->what);
	buf_puts(&f->what, " > ");
	tell_service(j, v->key.server, v->key.port, v->key.protocol, &f->what);
	buf_puts(&f->what, " about every ");
	tell_duration((int64_t)(v->gap + 0.5), &f->what);
	buf_printf(&f->value, "%" PRIu64 " connections", v->connections);
	buf_printf(&f->limit, "%.0f, variance/mean <= %.3g",
		   judging_limit(j, &detect_beacon, "connections"),
		   judging_limit(j, &detect_beacon, "spread"));
	buf_printf(&f->text, "%" PRIu64 " connections to one server of the internet, about every ",
		   v->connections);
	tell_duration((int64_t)(v->gap + 0.5), &f->text);
	buf_puts(&f->text,
		 ", evenly and with much the same to say: as a program does that calls home.");
	tell_times(v->first, v->last, &f->evidence);
	buf_printf(&f->evidence,
		   "  in %" PRIu64 " bins of time, %" PRIu64 " of them empty, variance/mean %.2f\n",
		   v->bins, v->empty, v->spread);
	buf_printf(&f->evidence,
		   "each sends about %" PRIu64 " B, half of them within %.0f%% of it\n", v->size,
		   v->size_spread * 100);
	tell_known(j, v->key.server, &known);
	buf_printf(&f->evidence, "server: %s%sno AWS service that is known; asked by %zu %s here\n",
		   known.n ? known.s : "", known.n ? "; " : "", askers,
		   plural(askers, "host", "hosts"));
	buf_release(&known);
	finding_records(f, v->key.client, v->key.server, v->key.port);
	buf_printf(&f->next, "on the host: ss -tunp dst ");
	tell_address(v->key.server, &f->next);
	buf_puts(&f->next, "  (which program it is)\n");
	tell_next_groups(j, v->client_at, f);
	tell_next_contain(j, v->client_at, f);
}

static void judge(void *state, struct judging *j)
{
	struct beacon *x = state;
	const struct even *v;

	bag_settle(&x->askers);
	bag_settle(&x->evens);
	v = (const struct even *)x->evens.item;
	for (size_t i = 0; i < x->evens.n; i++) {
		size_t askers = askers_of(&x->askers, v[i].key.server);
		if ((double)askers <= x->least.sources)
			find(j, &v[i], askers);
	}
}

static void end(void *state)
{
	struct beacon *x = state;

	bag_release(&x->askers);
	bag_release(&x->evens);
	free(x->size);
	free(x);
}

static uint64_t dropped(const void *state)
{
	const struct beacon *x = state;

	return x->askers.dropped + x->evens.dropped;
}

const struct detector detect_beacon = {
	.name = "beacon",
	.title = "a host asks one server of the internet again and again, at an even pace",
	.wrong = "telemetry, updates, licenses: programs call home for good reasons too\n",
	.refutes = "more hosts ask that server; it is a known party's (allow in --ioc)\n"
		   "the program on the host that holds the connections\n",
	.threshold = { { "connections", 20, "", "fewer say nothing of a pace" },
		       { "span", 1800, "s", "in which they are, at least" },
		       { "bins", 12, "",
			 "of time, each two mean gaps long in whole intervals: a record's times are its "
			 "window's, so that gaps between starts prove nothing" },
		       { "spread", 0.35, "",
			 "variance by mean of the connections a bin, at most: by chance it is 1" },
		       { "sizes", 10, "%", "median deviation of the bytes that each sends" },
		       { "sources", 2, "",
			 "that ask the server at most: what many ask is a service" } },
	.begin = begin,
	.edge = on_edge,
	.judge = judge,
	.end = end,
	.dropped = dropped,
};
