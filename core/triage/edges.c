/* edges.c - see edges.h: their life, and what is asked of them. */
#include "triage/edges.h"

#include <stdlib.h>

#include "triage/edges_state.h"

/* ---- life ---- */

static struct edges *begin(struct dict *d, const struct places *p, size_t most)
{
	struct edges *e = xcalloc(1, sizeof *e);

	e->dict = d;
	e->places = p;
	e->most = most;
	e->free = EDGE_NONE;
	edges_reserve(e);
	return e;
}

struct edges *edges_new(struct ring *r, const struct places *p, size_t most)
{
	struct edges *e = begin(ring_dict(r), p, most);

	e->ring = r;
	return e;
}

struct edges *edges_new_lasting(struct dict *d, const struct places *p, size_t most, int64_t now)
{
	struct edges *e = begin(d, p, most);

	e->lasting = true;
	edges_set_now(e, now);
	return e;
}

void edges_leave(struct edges *e)
{
	for (size_t i = 0; i < e->services; i++)
		dict_text_unref(e->dict, e->service[i]);
	e->services = 0;
}

void edges_free(struct edges *e)
{
	if (!e)
		return;
	edge_books_free(e);
	for (uint32_t i = 0; i < e->used; i++)
		if (edge_at(e, i)->rows)
			edge_let_go(e, edge_at(e, i));
	edges_leave(e);
	free(e->service);
	free(e->view);
	edges_unreserve(e);
	free(e->seen_by.of);
	free(e->wide);
	edges_forget_scopes(e);
	free(e);
}

size_t edges_bytes(const struct edges *e)
{
	return sizeof *e + e->seen_by.cap * sizeof *e->seen_by.of +
	       (e->scopes ? sizeof *e->scopes : 0) +
	       (size_t)e->pages * EDGES_A_PAGE * sizeof(struct edge) + e->slots * sizeof *e->slot +
	       e->wide_cap * sizeof *e->wide + e->cell_bytes + e->view_cap * sizeof *e->view +
	       e->service_cap * sizeof *e->service + e->book_cap * sizeof *e->book + e->book_bytes;
}

struct edges_counts edges_counts(const struct edges *e)
{
	return (struct edges_counts){
		e->count,           e->dropped,
		e->dropped_rows,    e->left_out,
		e->dropped_minutes, e->cut_minute ? e->cut_minute * INT64_C(60) : INT64_MIN
	};
}

uint64_t edges_moves(const struct edges *e)
{
	return e->moves;
}

/* ---- sources ----
 *
 * HyperLogLog: each address falls into one register by its hash, which keeps the longest run of
 * zeroes that the rest of a hash began with. Of four bits: enough for four million. */

#define RANK_MOST 15u

void edge_sources_add(struct edge *x, const uint8_t address[16])
{
	uint64_t h = hash_address(address);
	unsigned at = (unsigned)(h % EDGE_SOURCES), shift = at % 2 * 4, had;
	unsigned rank = (unsigned)__builtin_clzll(h | EDGE_SOURCES) + 1;
	uint8_t *two = &x->sources[at / 2];

	rank = rank < RANK_MOST ? rank : RANK_MOST;
	had = *two >> shift & 15;
	if (rank > had)
		*two = (uint8_t)((*two & ~(15u << shift)) | rank << shift);
}

void edge_sources_join(uint8_t *to, const uint8_t *of)
{
	for (unsigned i = 0; i < EDGE_SOURCES / 2; i++) {
		unsigned low = of[i] & 15, high = of[i] & 0xf0;
		low = low > (to[i] & 15u) ? low : to[i] & 15u;
		high = high > (to[i] & 0xf0u) ? high : to[i] & 0xf0u;
		to[i] = (uint8_t)(high | low);
	}
}

uint32_t edge_sources_of(const uint8_t *registers)
{
	const double m = EDGE_SOURCES;
	double sum = 0, n;
	unsigned none = 0;

	for (unsigned i = 0; i < EDGE_SOURCES; i++) {
		unsigned rank = registers[i / 2] >> i % 2 * 4 & 15;
		sum += 1.0 / (double)(1u << rank);
		none += rank == 0;
	}
	n = 0.7213 / (1 + 1.079 / m) * m * m / sum;
	if (n <= 2.5 * m && none) { /* few: how many it takes for so many registers to have one */
		n = 0;
		for (unsigned i = none + 1; i <= EDGE_SOURCES; i++)
			n += m / i;
	}
	return (uint32_t)(n + 0.5);
}

/* ---- views ---- */

static void copy_address(const struct dict *d, uint32_t id, uint8_t out[16])
{
	const uint8_t *address = dict_address(d, id);

	if (address)
		memcpy(out, address, 16);
}

static void view(struct edges *e, const struct edge *x, struct edge_sums *out)
{
	const struct dict *d = e->dict;

	*out = (struct edge_sums){ .key = { .any_client = x->is & EDGE_ANY_CLIENT,
					    .port = x->port,
					    .protocol = x->protocol },
				   .rows = x->rows,
				   .internet = x->is & EDGE_INTERNET,
				   .first = x->first,
				   .last = x->last,
				   .service = x->service ? e->service[x->service - 1] : DICT_NONE };
	copy_address(d, x->client, out->key.client);
	copy_address(d, x->server, out->key.server);
	if (x->is & EDGE_ANY_CLIENT) {
		out->folded = x->folded;
		out->sources = edge_sources_of(x->sources);
		out->registers = x->sources;
	} else {
		out->sent = x->sent;
		out->received = x->received;
		memcpy(out->at, x->at, sizeof x->at);
		memcpy(out->cell, x->cell, sizeof x->cell);
	}
	out->minutes = edge_minutes_view(e, x);
	out->minute = e->view;
}

bool edges_find(struct edges *e, const struct edge_key *key, struct edge_sums *out)
{
	const struct dict *d = e->dict;
	uint32_t word[3] = { key->any_client ? DICT_NONE : dict_address_find(d, key->client),
			     dict_address_find(d, key->server),
			     (uint32_t)key->port << 16 | key->protocol },
		 i;

	if (word[1] == DICT_NONE || (!key->any_client && word[0] == DICT_NONE))
		return false;
	i = edge_find(e, word, edge_hash(word));
	if (i == EDGE_NONE)
		return false;
	view(e, edge_at(e, i), out);
	return true;
}

bool edges_next(struct edges *e, uint32_t *at, struct edge_sums *out)
{
	while (*at < e->used && !edge_at(e, *at)->rows)
		++*at;
	if (*at == e->used)
		return false;
	view(e, edge_at(e, (*at)++), out);
	return true;
}
