/* places_own.c - see places_own.h, and places_settle(). An address is an interface's own where it
 * is in nine of ten of its rows and no other in as many. Where two are (it has one peer only), the
 * one that is not the peer's own; else the one that is internal. */
#include "decode/places_own.h"

#include <stdlib.h>

#include "base/hash.h"
#include "decode/places_state.h"

#define PLAIN_ROWS 1024u
#define ROUNDS 3 /* an address found leaves its peer's to be found */

/* ---- counting ---- */

static void vote(struct place_votes *v, const uint8_t address[16])
{
	unsigned least = 0;

	for (unsigned i = 0; i < PLACE_CANDIDATES; i++) {
		if (v->count[i] && memcmp(v->address[i], address, 16) == 0) {
			v->count[i]++;
			return;
		}
		if (v->count[i] < v->count[least])
			least = i;
	}
	v->replaced |= v->count[least] > 0;
	memcpy(v->address[least], address, 16);
	v->count[least] = 1;
	v->since[least] = v->rows;
}

void votes_count(struct place_votes votes[2], const uint8_t *const address[2])
{
	bool counted[2] = { false, false };

	for (int i = 0; i < 2; i++) {
		bool v6 = address[i] && !address_is_v4(address[i]);
		if (!address[i] || (i && address[0] && memcmp(address[0], address[1], 16) == 0))
			continue;
		vote(&votes[v6], address[i]);
		counted[v6] = true;
	}
	for (int family = 0; family < 2; family++)
		votes[family].rows += counted[family];
}

bool votes_are_plain(const struct place_votes votes[2])
{
	for (int i = 0; i < 2; i++) {
		const struct place_votes *v = &votes[i];
		uint32_t most = v->count[0];
		for (unsigned k = 1; k < PLACE_CANDIDATES; k++)
			most = v->count[k] > most ? v->count[k] : most;
		if (v->rows && (v->rows < PLAIN_ROWS || most < v->rows / 100 * 99))
			return false;
	}
	return votes[0].rows || votes[1].rows;
}

/* ---- deciding ---- */

/* It is in nine of ten rows that were counted since it came. */
static bool is_in_most(const struct place_votes *v, unsigned i)
{
	return v->count[i] && (uint64_t)v->count[i] * 10 >= (uint64_t)(v->rows - v->since[i]) * 9 &&
	       (uint64_t)v->count[i] * 2 > v->rows;
}

static uint32_t *own_slot(const struct places *p, const uint8_t address[16])
{
	uint32_t at = (uint32_t)hash_address(address) & (p->owns - 1);

	for (; p->own[at]; at = (at + 1) & (p->owns - 1))
		if (place_owns(&p->place[p->own[at] - 1], address))
			break;
	return &p->own[at];
}

/* One that took over the address of another has it behind it. */
static void note_shared(struct interface *a, struct interface *b, int family)
{
	if (a->first > a->newest || b->first > b->newest || a->newest < b->first ||
	    b->newest < a->first)
		return;
	a->shared[family] = b->shared[family] = true;
}

static void adopt(struct places *p, uint32_t i, int family, const uint8_t address[16])
{
	struct interface *e = &p->place[i];
	uint32_t *slot = own_slot(p, address);

	memcpy(e->address[family], address, 16);
	e->has[family] = true;
	if (!*slot)
		*slot = i + 1;
	else if (*slot != i + 1)
		note_shared(&p->place[*slot - 1], e, family);
}

const uint8_t *votes_winner(const struct place_votes *v)
{
	unsigned best = 0, second = 0;

	for (unsigned k = 1; k < PLACE_CANDIDATES; k++)
		if (v->count[k] > v->count[best])
			best = k;
	for (unsigned k = 0; k < PLACE_CANDIDATES; k++)
		if (k != best && v->count[k] > second)
			second = v->count[k];
	return is_in_most(v, best) && second < v->count[best] ? v->address[best] : NULL;
}

unsigned votes_most(const struct place_votes *v, const uint8_t *top[PLACE_CANDIDATES], bool *only)
{
	unsigned n = 0, all = 0;

	for (unsigned k = 0; k < PLACE_CANDIDATES; k++) {
		all += v->count[k] > 0;
		if (is_in_most(v, k))
			top[n++] = v->address[k];
	}
	*only = all == n && !v->replaced;
	return n;
}

static void elect(struct places *p, uint32_t i, int family)
{
	const uint8_t *winner = votes_winner(&p->place[i].votes[family]);

	if (winner)
		adopt(p, i, family, winner);
}

bool votes_have_most(const struct place_votes votes[2])
{
	for (unsigned i = 0; i < 2 * PLACE_CANDIDATES; i++)
		if (is_in_most(&votes[i / PLACE_CANDIDATES], i % PLACE_CANDIDATES))
			return true;
	return false;
}

/* Of two that are in most rows. */
static void decide_tie(struct places *p, uint32_t i, int family)
{
	const uint8_t *top[PLACE_CANDIDATES], *left = NULL, *inside = NULL;
	unsigned lefts = 0, insides = 0, n;
	bool only;

	n = votes_most(&p->place[i].votes[family], top, &only);
	for (unsigned k = 0; k < n; k++) {
		uint32_t owner = *own_slot(p, top[k]);
		if (!owner)
			left = top[k], lefts++;
		if (place_is_internal(p, top[k]))
			inside = top[k], insides++;
	}
	if (n != 2 || (lefts != 1 && (insides != 1 || !only)))
		return;
	adopt(p, i, family, lefts == 1 ? left : inside);
}

static void set_text(char **text, const char *value)
{
	if (!value || !*value)
		return;
	free(*text);
	*text = xstrndup(value, strlen(value));
}

static void list_places(struct places *p, const struct inventory *v)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct inventory_entry *e = &v->entry[i];
		uint32_t at = places_intern(p, str_of(e->interface));
		struct interface *place;
		if (at == PLACE_NONE)
			continue;
		place = &p->place[at];
		place->listed = true;
		set_text(&place->subnet, e->subnet);
		set_text(&place->vpc, e->vpc);
		set_text(&place->kind, e->kind);
		set_text(&place->instance, e->instance);
		if (place->zone && !place->zone_listed)
			continue;
		set_text(&place->zone, *e->zone_id ? e->zone_id : e->zone);
		place->zone_listed = true;
	}
}

static uint64_t hash_of_ways(const struct places *p, uint64_t h)
{
	for (uint32_t i = 0; i < p->n; i++) {
		const struct interface *e = &p->place[i];
		h = hash_pair(h, e->outwards, 0);
		for (const char *z = e->zone; z && *z; z++)
			h = hash_pair(h, (uint8_t)*z, 0);
	}
	return h;
}

static void note_decided(struct places *p)
{
	uint64_t h = p->ways ? hash_of_ways(p, p->n) : p->n;

	for (uint32_t i = 0; i < p->n; i++) {
		const struct interface *e = &p->place[i];
		h = hash_pair(h, (uint64_t)place_is_nat(e) << 1 | place_is_transit(e), 0);
		for (int family = 0; family < 2; family++)
			h = hash_pair(h, e->has[family] ? hash_address(e->address[family]) : 0,
				      e->shared[family]);
	}
	p->generation += h != p->decided;
	p->decided = h;
	p->unsettled = 0;
}

void places_settle(struct places *p, struct labels *l)
{
	const struct inventory *v = l ? labels_inventory(l) : NULL;

	p->labels = l;
	if (v)
		list_places(p, v);
	free(p->own);
	for (p->owns = 64; p->owns < p->n * 4; p->owns *= 2)
		;
	p->own = xcalloc(p->owns, sizeof *p->own);
	for (uint32_t i = 0; i < p->n; i++)
		p->place[i].has[0] = p->place[i].has[1] = p->place[i].shared[0] =
			p->place[i].shared[1] = false;
	for (size_t i = 0; v && i < v->n; i++) {
		uint32_t at = places_find(p, str_of(v->entry[i].interface));
		for (int family = 0; at != PLACE_NONE && family < 2; family++)
			if (v->entry[i].has[family])
				adopt(p, at, family, v->entry[i].address[family]);
	}
	for (uint32_t i = 0; i < p->n * 2; i++)
		if (!p->place[i / 2].has[i % 2])
			elect(p, i / 2, (int)(i % 2));
	for (int round = 0; round < ROUNDS; round++)
		for (uint32_t i = 0; i < p->n * 2; i++)
			if (!p->place[i / 2].has[i % 2])
				decide_tie(p, i / 2, (int)(i % 2));
	nat_sample_judge(&p->sample, p);
	if (p->ways)
		nat_sample_ways(&p->sample, p);
	note_decided(p);
}

uint32_t places_of_address(const struct places *p, const uint8_t address[16])
{
	return p->own ? *own_slot(p, address) - 1 : PLACE_NONE;
}

uint32_t places_sole_owner(const struct places *p, const uint8_t address[16])
{
	uint32_t i = places_of_address(p, address);

	return i == PLACE_NONE || p->place[i].shared[!address_is_v4(address)] ? PLACE_NONE : i;
}

bool place_owns(const struct interface *p, const uint8_t address[16])
{
	bool v6 = !address_is_v4(address);

	return p->has[v6] && memcmp(p->address[v6], address, 16) == 0;
}
