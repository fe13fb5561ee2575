/* watched.c - see watched.h. */
#include "triage/watched.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/address.h"
#include "base/hash.h"
#include "triage/watched_state.h"

/* ---- life ---- */

struct watched *watched_new(const struct places *p, struct labels *l, const struct spike_rule *rule,
			    uint64_t bytes, int64_t latest)
{
	struct watched *w = xcalloc(1, sizeof *w);

	bytes = bytes > WATCHED_LEAST ? bytes : WATCHED_LEAST;
	w->places = p;
	w->labels = l;
	w->rule = *rule;
	w->latest = latest;
	w->first = INT64_MAX;
	w->newest = INT64_MIN;
	w->bytes = bytes / 2;
	w->most =
		(uint32_t)(bytes / 2 / (spike_series_bytes(rule) + sizeof(struct watched_target)));
	w->most += WATCHED_MAX;
	return w;
}

void watched_free(struct watched *w)
{
	if (!w)
		return;
	for (uint32_t i = 0; i < w->targets; i++) {
		bins_release(&w->target[i].open);
		spike_series_free(w->target[i].series);
	}
	free(w->target);
	free(w->of_place);
	free(w->of_server);
	free(w->look.order);
	free(w->look.next.list);
	free(w->seen.list);
	free(w);
}

size_t watched_bytes(const struct watched *w)
{
	size_t bytes = sizeof *w + w->open_bytes + w->cap * sizeof *w->target +
		       (w->of_places + w->of_servers + w->look.n) * sizeof(uint32_t) +
		       (w->look.next.cap + w->seen.cap) * sizeof *w->seen.list;

	for (uint32_t i = 0; i < w->targets; i++)
		if (w->target[i].series)
			bytes += spike_series_bytes(watched_rule(w, i));
	return bytes;
}

/* ---- targets ---- */

static uint32_t add_target(struct watched *w, const struct target *t)
{
	if (w->targets == w->most)
		return UINT32_MAX;
	xgrow_within((void **)&w->target, &w->cap, w->targets + 1, w->most, sizeof *w->target);
	w->target[w->targets] = (struct watched_target){ .of = *t, .from = INT64_MIN };
	return w->targets++;
}

void watched_add(struct watched *w, const struct watched_filter *watch)
{
	unsigned n = w->watches;

	if (n == WATCHED_MAX)
		return;
	w->watch[n] = *watch;
	w->watch_rule[n] = w->rule;
	w->watch_rule[n].metric = watch->metric;
	if (watch->metric != METRIC_BYTES) /* whose size is told */
		w->watch_rule[n].size = 0;
	w->watch_rule[n].every = watch->every;
	w->watch_rule[n].z = watch->z;
	if (w->rule.scorer == SCORER_ZSCORE)
		w->watch_rule[n].threshold = watch->z;
	w->watch_target[n] =
		add_target(w, &(struct target){ TARGET_FILTER, PLACE_NONE, { 0 }, n, 0 });
	w->watches++;
}

uint32_t watched_of_place(struct watched *w, uint32_t place)
{
	size_t cap = w->of_places;

	if (place >= cap) {
		xgrow((void **)&w->of_place, &w->of_places, place + 1, sizeof *w->of_place);
		memset(w->of_place + cap, 0, (w->of_places - cap) * sizeof *w->of_place);
	}
	if (!w->of_place[place])
		w->of_place[place] =
			1 + add_target(w, &(struct target){ TARGET_INTERFACE, place, { 0 }, 0, 0 });
	return w->of_place[place] - 1;
}

static uint32_t slot_of(const struct watched *w, const uint8_t server[16], uint32_t place)
{
	uint32_t mask = w->of_servers - 1;
	uint32_t at = (uint32_t)(hash_address(server) ^ hash_pair(place, 0, 1)) & mask;

	for (; w->of_server[at]; at = (at + 1) & mask) {
		const struct target *t = &w->target[w->of_server[at] - 1].of;
		if (t->place == place && memcmp(t->server, server, 16) == 0)
			break;
	}
	return at;
}

static void grow_servers(struct watched *w)
{
	free(w->of_server);
	w->of_servers = w->of_servers ? 2 * w->of_servers : 64;
	w->of_server = xcalloc(w->of_servers, sizeof *w->of_server);
	for (uint32_t i = 0; i < w->targets; i++)
		if (w->target[i].of.kind == TARGET_SERVER)
			w->of_server[slot_of(w, w->target[i].of.server, w->target[i].of.place)] =
				i + 1;
}

uint32_t watched_of_server(struct watched *w, const uint8_t server[16], uint32_t place)
{
	struct target t = { TARGET_SERVER, place, { 0 }, 0, 0 };
	uint32_t at;

	if (2 * w->targets >= w->of_servers)
		grow_servers(w);
	at = slot_of(w, server, place);
	memcpy(t.server, server, 16);
	if (!w->of_server[at])
		w->of_server[at] = 1 + add_target(w, &t);
	return w->of_server[at] - 1;
}

uint32_t watched_count(const struct watched *w)
{
	return w->targets;
}

const struct target *watched_target(const struct watched *w, uint32_t i)
{
	return &w->target[i].of;
}

const struct spike_series *watched_series(const struct watched *w, uint32_t i)
{
	return w->target[i].series;
}

const struct spike_rule *watched_rule(const struct watched *w, uint32_t i)
{
	const struct target *t = &w->target[i].of;

	return t->kind == TARGET_FILTER ? &w->watch_rule[t->watch] : &w->rule;
}

uint32_t watched_rank(const struct watched *w, uint32_t i)
{
	return w->target[i].rank;
}

bool watched_counts(const struct watched *w, uint32_t i)
{
	return w->target[i].counts;
}

const struct watched_doubts *watched_doubts(const struct watched *w)
{
	return &w->doubts;
}

void watched_alone(struct watched *w)
{
	w->alone = true;
}

void watched_set_latest(struct watched *w, int64_t latest)
{
	w->latest = latest;
}

void watched_on_point(struct watched *w, watched_point_fn *fn, void *ctx)
{
	w->point = fn;
	w->ctx = ctx;
}

/* ---- which of the series of a server counts ---- */

struct server_total {
	uint32_t target;
	const struct target *of;
};

static int by_server(const void *a, const void *b)
{
	const struct target *x = ((const struct server_total *)a)->of,
			    *y = ((const struct server_total *)b)->of;
	int order = memcmp(x->server, y->server, 16);

	if (order || x->total != y->total)
		return order ? order : x->total < y->total ? 1 : -1;
	return (x->place > y->place) - (x->place < y->place);
}

/* At its own interface it is seen whole; else where most of it was. */
void watched_choose_servers(struct watched *w)
{
	struct server_total *s = xcalloc(w->targets + 1, sizeof *s);
	size_t n = 0;

	for (uint32_t i = 0; i < w->targets; i++) {
		w->target[i].counts = w->target[i].of.kind != TARGET_SERVER;
		if (w->target[i].of.kind == TARGET_SERVER)
			s[n++] = (struct server_total){ i, &w->target[i].of };
	}
	qsort(s, n, sizeof *s, by_server);
	for (size_t i = 0; i < n; i++) {
		uint32_t own = places_of_address(w->places, s[i].of->server);
		bool first = i == 0 || memcmp(s[i].of->server, s[i - 1].of->server, 16) != 0;
		w->target[s[i].target].counts = own == PLACE_NONE ? first : own == s[i].of->place;
	}
	free(s);
}

/* ---- their order ---- */

struct ordered_target {
	uint32_t target;
	const struct target *of;
	const char *interface;
};

static int by_what(const void *a, const void *b)
{
	const struct ordered_target *x = a, *y = b;
	int order;

	if (x->of->kind != y->of->kind)
		return x->of->kind < y->of->kind ? -1 : 1;
	if ((order = strcmp(x->interface, y->interface)) ||
	    (order = memcmp(x->of->server, y->of->server, 16)))
		return order;
	return (x->of->watch > y->of->watch) - (x->of->watch < y->of->watch);
}

uint32_t *watched_put_in_order(struct watched *w)
{
	struct ordered_target *o = xcalloc(w->targets + 1, sizeof *o);
	uint32_t *number = xcalloc(w->targets + 1, sizeof *number);

	for (uint32_t i = 0; i < w->targets; i++) {
		const struct target *t = &w->target[i].of;
		o[i] = (struct ordered_target){ i, t, "" };
		if (t->place != PLACE_NONE)
			o[i].interface = places_at(w->places, t->place)->interface;
	}
	qsort(o, w->targets, sizeof *o, by_what);
	for (uint32_t i = 0; i < w->targets; i++) {
		number[i] = o[i].target;
		w->target[o[i].target].rank = i;
	}
	free(o);
	return number;
}

/* ---- findings ---- */

void watched_name(const struct watched *w, uint32_t i, struct buf *out)
{
	const struct target *t = &w->target[i].of;
	const struct interface *p = t->place == PLACE_NONE ? NULL : places_at(w->places, t->place);

	if (t->kind == TARGET_FILTER) {
		buf_puts(out, *w->watch[t->watch].text ? w->watch[t->watch].text : "all");
	} else if (t->kind == TARGET_SERVER) {
		labels_add_host(w->labels, t->server, out);
	} else {
		buf_puts(out, p->interface);
		for (unsigned f = 0; f < 2; f++) {
			if (!p->has[f])
				continue;
			buf_puts(out, " (");
			labels_add_host(w->labels, p->address[f], out);
			buf_putc(out, ')');
		}
	}
}

const char *watched_filter(const struct watched *w, uint32_t i)
{
	const struct target *t = &w->target[i].of;

	return t->kind == TARGET_FILTER ? w->watch[t->watch].text : "";
}

struct str watched_interface(const struct watched *w, uint32_t i)
{
	uint32_t place = w->target[i].of.place;

	if (place == PLACE_NONE)
		return (struct str){ 0 };
	return str_of(places_at(w->places, place)->interface);
}

void watched_address(const struct watched *w, uint32_t i, struct buf *out)
{
	const struct target *t = &w->target[i].of;
	const struct interface *p = t->place == PLACE_NONE ? NULL : places_at(w->places, t->place);
	char text[46];

	if (t->kind == TARGET_SERVER)
		buf_add(out, text, address_format(t->server, text));
	else if (t->kind == TARGET_INTERFACE && (p->has[0] || p->has[1]))
		buf_add(out, text, address_format(p->address[!p->has[0]], text));
}

static int by_since(const void *a, const void *b)
{
	const struct spike_finding *x = a, *y = b;

	if (x->spike->since != y->spike->since)
		return x->spike->since < y->spike->since ? -1 : 1;
	return (x->rank > y->rank) - (x->rank < y->rank);
}

/* Whether the server's own interface has one of the same time. */
static bool is_folded(const struct watched *w, const struct spike_finding *f,
		      const struct spike_finding *all, size_t n)
{
	const struct target *t = &w->target[f->target].of;

	if (t->kind != TARGET_SERVER)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct target *o = &w->target[all[i].target].of;
		if (o->kind == TARGET_INTERFACE && o->place == t->place &&
		    all[i].spike->fell == f->spike->fell &&
		    all[i].spike->since <= f->spike->until &&
		    f->spike->since <= all[i].spike->until)
			return true;
	}
	return false;
}

/* Of those that are worth showing, in no order; returns how many. */
static size_t all_spikes(const struct watched *w, struct spike_finding **out)
{
	struct spike_finding *all = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; w->looks && i < w->seen.n; i++) {
		const struct seen_spike *s = &w->seen.list[i];
		xgrow((void **)&all, &cap, n + 1, sizeof *all);
		all[n++] =
			(struct spike_finding){ s->target, w->target[s->target].rank, &s->spike };
	}
	for (uint32_t i = 0; !w->looks && i < w->targets; i++) {
		const struct watched_target *t = &w->target[i];
		for (unsigned k = 0; t->counts && t->series && k < spike_series_count(t->series);
		     k++) {
			xgrow((void **)&all, &cap, n + 1, sizeof *all);
			all[n++] =
				(struct spike_finding){ i, t->rank, spike_series_at(t->series, k) };
		}
	}
	*out = all;
	return n;
}

size_t watched_findings(const struct watched *w, struct spike_finding **out)
{
	struct spike_finding *all, *f;
	size_t n = all_spikes(w, &all), kept = 0;

	f = xcalloc(n + 1, sizeof *f);
	for (size_t i = 0; i < n; i++)
		if (!is_folded(w, &all[i], all, n))
			f[kept++] = all[i];
	free(all);
	if (kept)
		qsort(f, kept, sizeof *f, by_since);
	*out = f;
	return kept;
}

void watched_finding_text(const struct watched *w, const struct spike_finding *f, struct buf *out)
{
	struct buf who = { 0 };

	watched_name(w, f->target, &who);
	spike_text(f->spike, watched_rule(w, f->target), buf_str(&who), out);
	buf_release(&who);
}
