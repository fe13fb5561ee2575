/* edges_rows.c - rows on their way into edges, out of them, and looked at again. */
#include <stdlib.h>

#include "triage/edges_read.h"

#define SERVICES 256u /* names of AWS services that are told apart */

/* ---- of the internet ---- */

void edges_forget_scopes(struct edges *e)
{
	free(e->scopes);
	e->scopes = NULL;
}

/* Another number whenever places or labels may say otherwise: both only go up. */
static uint64_t generation_of(const struct edges *e)
{
	const struct labels *l = dict_labels(e->dict);

	return 1 + places_generation(e->places) + (l ? labels_generation(l) : 0);
}

static bool classify(const struct edges *e, uint32_t id)
{
	const uint8_t *address = dict_address(e->dict, id);

	return !place_is_internal(e->places, address) &&
	       places_of_address(e->places, address) == PLACE_NONE;
}

bool edges_is_internet(struct edges *e, uint32_t id)
{
	uint64_t generation = e->generation;
	struct scope_cache *c = e->scopes;
	unsigned at = id % SCOPES;

	if (!c)
		c = e->scopes = xcalloc(1, sizeof *c);
	if (c->generation != generation)
		*c = (struct scope_cache){ .generation = generation };
	if (c->id[at] != id) {
		c->id[at] = id;
		c->internet[at] = classify(e, id);
	}
	return c->internet[at];
}

/* An edge remembers it of its client, until something else may be known. */
static bool has_internet(struct edges *e, const struct edge *x)
{
	if (x->judged == (uint32_t)e->generation)
		return x->is & EDGE_INTERNET;
	return edges_is_internet(e, x->client);
}

/* ---- sums ---- */

static void count_minute(struct edges *e, struct edge *to, const struct edge_row *x, uint8_t how,
			 bool bytes, uint32_t by)
{
	struct minute_change c = {
		.minute = x->start / 60, .post = how & HOW_POST, .counts = x->counts, .mix = x->mix
	};

	if (bytes && x->leg == LEG_REQUEST)
		c.sent = x->bytes;
	else if (bytes)
		c.received = x->bytes;
	edge_minute_change(e, to, &c, by == 1 ? 1 : -1);
}

static void widen_times(struct edge *to, const struct edge_row *x)
{
	to->first = x->start < to->first ? x->start : to->first;
	if (x->end > to->last)
		to->last = x->end;
}

/* The number of a text, from 1 on: there are few. */
static uint32_t service_of(struct edges *e, uint32_t text, uint32_t had)
{
	size_t i = had ? had - 1 : 0;

	if (had && e->service[i] == text)
		return had;
	for (i = 0; i < e->services; i++)
		if (e->service[i] == text)
			return (uint32_t)i + 1;
	if (i == SERVICES)
		return had;
	xgrow((void **)&e->service, &e->service_cap, i + 1, sizeof *e->service);
	dict_text_keep(e->dict, text);
	e->service[e->services++] = text;
	return (uint32_t)e->services;
}

/* Adds (by 1) or takes away (by -1, as unsigned). */
static void change_edge(struct edges *e, struct edge *to, const struct edge_row *x, uint8_t how,
			uint32_t by)
{
	bool once = x->action == TRY_REJECT || !(how & HOW_APART);
	uint64_t more = by == 1 ? x->bytes : -x->bytes;

	to->rows += by;
	to->cell[(x->leg * POSTS + (how & HOW_POST)) * TRY_ACTIONS + x->action] += by;
	if (once)
		*(x->leg == LEG_REQUEST ? &to->sent : &to->received) += more;
	if (x->action == TRY_ACCEPT && (how & HOW_POST) != POST_MIDDLE)
		to->at[x->leg * 2 + (how & HOW_POST)] += more;
	count_minute(e, to, x, how, once, by);
	widen_times(to, x);
	if (x->service != DICT_NONE)
		to->service = service_of(e, x->service, to->service);
}

static bool is_folded(const struct edge_row *x, uint8_t how)
{
	return x->action == TRY_REJECT && how & HOW_APART;
}

/* The same of what all clients of the internet have. */
static void change_any(struct edges *e, struct edge *to, const struct edge_row *x, uint8_t how,
		       uint32_t by)
{
	to->rows += by;
	to->folded += is_folded(x, how) ? by : 0;
	if (is_folded(x, how) && by == 1)
		edge_sources_add(to, dict_address(e->dict, x->key[0]));
	count_minute(e, to, x, how, false, by);
	widen_times(to, x);
}

/* ---- rows that come, leave, and change ---- */

/* The edge of a row of an epoch; NULL where that was dropped since. */
static struct edge *edge_for(struct edges *e, const uint32_t key[3], uint32_t hash, uint32_t epoch)
{
	uint32_t i = edge_find(e, key, hash);

	if (i != EDGE_NONE)
		return edge_at(e, i)->born <= epoch ? edge_at(e, i) : NULL;
	if (epoch != e->epoch)
		return NULL;
	return edge_at(e, edge_add(e, key, hash));
}

/* Rows of what was dropped in between are in nothing, here as in put_out(); false for such. */
static bool put_in(struct edges *e, const struct edge_row *x, uint8_t how, uint32_t epoch)
{
	struct edge *to = is_folded(x, how) ? NULL : edge_for(e, x->key, x->hash, epoch);
	bool in = to || is_folded(x, how);

	if (to) {
		change_edge(e, to, x, how, 1);
		to->is = how & HOW_INTERNET ? EDGE_INTERNET : 0;
		to->judged = (uint32_t)e->generation;
	}
	if (how & HOW_INTERNET && (to = edge_for(e, x->any, edge_hash(x->any), epoch)))
		change_any(e, to, x, how, 1);
	return in;
}

static void put_out(struct edges *e, const struct edge_row *x, uint8_t how, uint32_t epoch)
{
	uint32_t i;

	if (!is_folded(x, how)) {
		i = edge_find(e, x->key, x->hash);
		if (i != EDGE_NONE && edge_at(e, i)->born <= epoch) {
			change_edge(e, edge_at(e, i), x, how, -1u);
			if (!edge_at(e, i)->rows)
				edge_remove(e, i);
		}
	}
	if (!(how & HOW_INTERNET))
		return;
	i = edge_find(e, x->any, edge_hash(x->any));
	if (i == EDGE_NONE || edge_at(e, i)->born > epoch)
		return;
	change_any(e, edge_at(e, i), x, how, -1u);
	if (!edge_at(e, i)->rows)
		edge_remove(e, i);
}

/* How it is to be counted now. */
static uint8_t judge(struct edges_reader *r, uint32_t row, const struct edge_row *x, bool second)
{
	struct edges *e = r->e;
	uint8_t how = edges_read_post(r, row, x);
	bool internet;
	uint32_t i = EDGE_NONE;

	if (x->action == TRY_ACCEPT)
		i = edge_find(e, x->key, x->hash);
	internet =
		i != EDGE_NONE ? has_internet(e, edge_at(e, i)) : edges_is_internet(e, x->key[0]);
	if (internet)
		how |= HOW_INTERNET;
	if (x->action == TRY_ACCEPT ? second : internet)
		how |= HOW_APART;
	return how;
}

static bool bit_at(const uint64_t *bits, uint32_t row)
{
	return bits && bits[row / 64] >> row % 64 & 1;
}

static uint32_t newest_cut(const struct edges *e)
{
	return e->cut[0] > e->cut[1] ? e->cut[0] : e->cut[1];
}

/* Whether it would begin an edge that is one of those that would go for it. */
static bool comes_too_late(struct edges *e, const struct edge_row *x)
{
	bool internet;

	if (!edges_are_full(e) || x->end > newest_cut(e) ||
	    edge_find(e, x->key, x->hash) != EDGE_NONE)
		return false;
	internet = edges_is_internet(e, x->key[0]);
	return x->end <= e->cut[internet] && !(internet && x->action == TRY_REJECT);
}

static void come(struct edges_reader *r, struct edge_book *b, uint32_t first, uint32_t n,
		 const uint64_t *second)
{
	struct edges *e = r->e;

	for (uint32_t k = 0; k < n; k++) {
		const struct edge_row *x = &r->row[k];
		uint8_t how = HOW_LEFT_OUT;
		if (x->held && comes_too_late(e, x)) {
			e->dropped_rows++;
		} else if (x->held) {
			edges_make_room(e);
			how = judge(r, first + k, x, bit_at(second, first + k));
			put_in(e, x, how, e->epoch);
		}
		e->left_out += !x->held && !(r->s->mark[first + k] & MARK_STATUS);
		if (b)
			edge_book_add(e, b, how);
	}
}

static void leave(struct edges_reader *r, struct edge_book *b, uint32_t first, uint32_t n)
{
	uint32_t run = edge_book_run(b, first);

	for (uint32_t k = 0; k < n; k++) {
		uint8_t how = edge_book_how(b, first + k);
		while (run + 1 < b->runs && b->run[run + 1].row <= first + k)
			run++;
		if ((how & HOW_POST) != HOW_LEFT_OUT)
			put_out(r->e, &r->row[k], how, b->run[run].epoch);
	}
}

/* In before out: an edge that has this row only is not to go in between. */
static void look(struct edges_reader *r, struct edge_book *b, uint32_t first, uint32_t n,
		 const uint64_t *second)
{
	uint32_t run = edge_book_run(b, first);

	for (uint32_t k = 0; k < n; k++) {
		const struct edge_row *x = &r->row[k];
		uint8_t was = edge_book_how(b, first + k), how;
		while (run + 1 < b->runs && b->run[run + 1].row <= first + k)
			run++;
		if ((was & HOW_POST) == HOW_LEFT_OUT)
			continue;
		how = judge(r, first + k, x, bit_at(second, first + k));
		if (how == was)
			continue;
		if (b->run[run].epoch == r->e->epoch) /* else nothing is added */
			edges_make_room(r->e);
		if (!put_in(r->e, x, how, b->run[run].epoch) && is_folded(x, was))
			r->e->dropped_rows++;
		put_out(r->e, x, was, b->run[run].epoch);
		edge_book_set(b, first + k, how);
	}
}

/* Minutes go on with log time, and never back. */
void edges_set_now(struct edges *e, int64_t now)
{
	now = now > UINT32_MAX ? UINT32_MAX : now;
	if (now > (int64_t)e->now)
		e->now = (uint32_t)now;
	e->minute = e->now / 60;
}

static uint64_t flows_of(const struct segment *s, uint32_t first, uint32_t n)
{
	uint64_t flows = 0;

	for (uint32_t k = 0; k < n; k++)
		flows += !(s->mark[first + k] & MARK_STATUS);
	return flows;
}

void edges_rows(void *edges, const struct segment *s, uint32_t first, uint32_t n, int sign,
		const uint64_t *second)
{
	struct edges *e = edges;
	struct edge_book *b = e->lasting ? NULL : edges_book(e, s->serial, sign > 0);
	struct edges_reader *r = xmalloc(sizeof *r);

	if (!e->lasting)
		edges_set_now(e, ring_now(e->ring));
	e->generation = generation_of(e);
	if (!edges_read_open(r, e, s)) {
		e->left_out += sign > 0 ? flows_of(s, first, n) : 0;
	} else if (b || e->lasting) {
		for (uint32_t done = 0; done < n; done += EDGES_BATCH) {
			uint32_t some = n - done < EDGES_BATCH ? n - done : EDGES_BATCH,
				 at = first + done;
			edges_fit(e);
			edges_read(r, at, some);
			if (sign > 0)
				come(r, b, at, some, second);
			else if (sign < 0)
				leave(r, b, at, some);
			else
				look(r, b, at, some, second);
		}
	}
	edges_fit(e);
	if (sign < 0)
		edges_book_remove(e, s->serial);
	if (sign < 0 || e->lasting)
		edges_forget_scopes(e);
	free(r);
}
