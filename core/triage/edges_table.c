/* edges_table.c - the edges of edges.h: in one array that never moves, found by a table with
 * linear probing, and dropped where there are too many. */
#include <stdlib.h>
#include <sys/mman.h>

#include "triage/edges_state.h"

#define SLOTS_LEAST 1024u /* a page of memory */
#define HUGE_PAGE ((size_t)2 << 20)
#define DROPPED_SHARE 4u /* of all edges, at once: to find them is to look at all */
#define AGES 1024u       /* minutes told apart when the oldest are looked for */

/* ---- memory ---- */

/* A wish: rows meet edges anywhere, and each would look for its small page first. */
static void want_huge(void *memory, size_t bytes)
{
#ifdef MADV_HUGEPAGE
	if (bytes >= HUGE_PAGE)
		madvise(memory, bytes, MADV_HUGEPAGE);
#else
	(void)memory;
	(void)bytes;
#endif
}

static void edge_slots_free(struct edges *e)
{
	if (e->slots)
		xreserve_free(e->slot, e->slots * sizeof *e->slot);
}

void edges_reserve(struct edges *e)
{
	size_t page = EDGES_A_PAGE * sizeof(struct edge);

	e->reserved = (e->most / page + 2) * page;
	e->edge = xreserve(e->reserved);
	want_huge(e->edge, e->reserved);
}

void edges_unreserve(struct edges *e)
{
	xreserve_free(e->edge, e->reserved);
	edge_slots_free(e);
}

/* Gives back what is behind the pages in use. */
static void give_pages_back(struct edges *e, uint32_t were)
{
	size_t page = EDGES_A_PAGE * sizeof(struct edge);

	madvise((char *)e->edge + e->pages * page, (were - e->pages) * page, MADV_DONTNEED);
}

/* ---- slots ---- */

static uint32_t hash_of(const struct edges *e, uint32_t i)
{
	uint32_t key[3];

	edge_key_of(edge_at(e, i), key);
	return edge_hash(key);
}

static bool is_key(const struct edge *x, const uint32_t key[3])
{
	uint32_t has[3];

	edge_key_of(x, has);
	return has[0] == key[0] && has[1] == key[1] && has[2] == key[2];
}

/* The one that was found last is asked for again, by the same row and by the next ones. */
uint32_t edge_find(struct edges *e, const uint32_t key[3], uint32_t hash)
{
	uint32_t mask = e->slots - 1, v;

	if (!e->slots)
		return EDGE_NONE;
	if (e->found < e->used && edge_at(e, e->found)->rows && is_key(edge_at(e, e->found), key))
		return e->found;
	for (uint32_t at = hash & mask; (v = e->slot[at]); at = (at + 1) & mask)
		if (edge_tag(v) == edge_tag(hash) && is_key(edge_at(e, (v & INDEX_MASK) - 1), key))
			return e->found = (v & INDEX_MASK) - 1;
	return EDGE_NONE;
}

static void place(struct edges *e, uint32_t hash, uint32_t i)
{
	uint32_t at = hash & (e->slots - 1);

	while (e->slot[at])
		at = (at + 1) & (e->slots - 1);
	e->slot[at] = edge_tag(hash) | (i + 1);
}

static void set_slots(struct edges *e, uint32_t slots)
{
	edge_slots_free(e);
	e->slots = slots;
	e->slot = xreserve(slots * sizeof *e->slot);
	want_huge(e->slot, slots * sizeof *e->slot);
	for (uint32_t i = 0; i < e->used; i++)
		if (edge_at(e, i)->rows)
			place(e, hash_of(e, i), i);
}

static void unslot(struct edges *e, uint32_t i)
{
	uint32_t mask = e->slots - 1, hole = hash_of(e, i) & mask, at;

	while ((e->slot[hole] & INDEX_MASK) != i + 1)
		hole = (hole + 1) & mask;
	for (at = (hole + 1) & mask; e->slot[at]; at = (at + 1) & mask) {
		uint32_t home = hash_of(e, (e->slot[at] & INDEX_MASK) - 1);
		if (((at - home) & mask) >= ((at - hole) & mask)) {
			e->slot[hole] = e->slot[at];
			hole = at;
		}
	}
	e->slot[hole] = 0;
}

/* ---- edges ---- */

void edge_let_go(struct edges *e, struct edge *x)
{
	edge_minutes_free(e, x);
	if (e->lasting) {
		dict_address_unref(e->dict, x->client);
		dict_address_unref(e->dict, x->server);
	}
}

static void give_back(struct edges *e, uint32_t i)
{
	struct edge *x = edge_at(e, i);

	edge_let_go(e, x);
	*x = (struct edge){ .client = e->free };
	e->free = i;
	e->count--;
}

uint32_t edge_add(struct edges *e, const uint32_t key[3], uint32_t hash)
{
	uint32_t i = e->free;
	struct edge *x;

	if (i != EDGE_NONE)
		e->free = edge_at(e, i)->client;
	else
		i = e->used++;
	x = edge_at(e, i);
	*x = (struct edge){ .client = key[0],
			    .server = key[1],
			    .port = (uint16_t)(key[2] >> 16),
			    .protocol = (uint8_t)key[2],
			    .is = key[0] == DICT_NONE ? EDGE_ANY_CLIENT | EDGE_INTERNET : 0,
			    .born = e->epoch,
			    .first = UINT32_MAX };
	if (e->lasting) {
		dict_address_keep(e->dict, x->client);
		dict_address_keep(e->dict, x->server);
	}
	e->count++;
	place(e, hash, i);
	return i;
}

void edge_remove(struct edges *e, uint32_t i)
{
	unslot(e, i);
	give_back(e, i);
}

/* ---- room ---- */

static unsigned age_of(const struct edges *e, const struct edge *x)
{
	uint32_t minute = x->last / 60;
	unsigned age = minute < e->minute ? e->minute - minute : 0;

	age = age < AGES ? age : AGES - 1;
	/* Those of one client of the internet go before others. */
	return (x->is == EDGE_INTERNET ? 0 : AGES) + AGES - 1 - age;
}

/* Moves the last ones to where others were: free ones are behind all then. */
static void close_up(struct edges *e)
{
	uint32_t to = 0, from = e->used;

	for (;;) {
		while (to < from && edge_at(e, to)->rows)
			to++;
		while (from > to && !edge_at(e, from - 1)->rows)
			from--;
		if (from <= to)
			break;
		*edge_at(e, to) = *edge_at(e, --from);
		edge_at(e, from)->rows = 0;
	}
	e->used = e->count;
	e->moves++;
	e->free = EDGE_NONE;
	set_slots(e, e->slots);
}

static uint32_t newer(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static void drop_some(struct edges *e)
{
	uint32_t of[2 * AGES] = { 0 }, left = e->count / DROPPED_SHARE + 1;

	for (uint32_t i = 0; i < e->used; i++)
		if (edge_at(e, i)->rows)
			of[age_of(e, edge_at(e, i))]++;
	for (unsigned a = 0; a < 2 * AGES; a++) { /* how many of each age go */
		of[a] = of[a] < left ? of[a] : left;
		left -= of[a];
	}
	memset(e->slot, 0, e->slots * sizeof *e->slot);
	for (uint32_t i = 0; i < e->used; i++) {
		const struct edge *x = edge_at(e, i);
		unsigned a = x->rows ? age_of(e, x) : 0;
		if (x->rows && of[a]) {
			of[a]--;
			e->dropped++;
			e->cut[x->is == EDGE_INTERNET] =
				newer(e->cut[x->is == EDGE_INTERNET], x->last);
			give_back(e, i);
		} else if (x->rows) {
			place(e, hash_of(e, i), i);
		}
	}
	e->epoch++;
}

/* Old minutes go before edges do where most of the room is theirs. */
static void drop(struct edges *e)
{
	if (e->cell_bytes < e->most / 2 || !edges_drop_minutes(e))
		drop_some(e);
}

void edges_fit(struct edges *e)
{
	while (edges_bytes(e) > e->most && e->cell_bytes >= e->most / 2 && edges_drop_minutes(e))
		;
	while (e->pages > 1 && edges_bytes(e) > e->most) {
		uint32_t pages = e->pages;
		drop_some(e);
		close_up(e);
		while (e->pages > 1 && e->count + 2 <= (e->pages - 1) * EDGES_A_PAGE)
			e->pages--;
		if (e->pages == pages)
			return;
		give_pages_back(e, pages);
	}
}

static bool has_room(const struct edges *e)
{
	/* Two are free, or a page has two left. */
	return (e->used - e->count >= 2 || e->used + 2 <= e->pages * EDGES_A_PAGE) &&
	       e->count + 2 <= e->slots / 4 * 3;
}

bool edges_are_full(const struct edges *e)
{
	size_t page = EDGES_A_PAGE * sizeof(struct edge), more = page;

	if (has_room(e) || !e->pages)
		return false;
	if (e->count + 2 > e->slots / 4 * 3)
		more += e->slots * sizeof *e->slot;
	/* Some is for books, which grow with every row: edges are not to go for each of them. */
	return edges_bytes(e) + more > e->most - e->most / 16 ||
	       (e->pages + 1) * page > e->reserved || e->used + EDGES_A_PAGE >= INDEX_MASK;
}

void edges_make_room(struct edges *e)
{
	if (has_room(e))
		return;
	if (edges_are_full(e)) {
		drop(e);
		if (has_room(e))
			return;
		if (edges_are_full(e))
			drop_some(e);
	}
	if (has_room(e))
		return;
	if (e->count + 2 > e->slots / 4 * 3)
		set_slots(e, e->slots ? e->slots * 2 : SLOTS_LEAST);
	if (!has_room(e))
		e->pages++;
}
