/* owners.c - see owners.h. */
#include "decode/owners.h"

#include <stdlib.h>

#include "base/hash.h"

void owners_release(struct owners *o)
{
	for (uint32_t i = 0; i < o->n; i++)
		free(o->owner[i].votes);
	free(o->owner);
	free(o->slot);
	*o = (struct owners){ .most = o->most };
}

size_t owners_bytes(const struct owners *o)
{
	return o->cap * sizeof *o->owner + o->slots * sizeof *o->slot +
	       o->unsettled * 2 * sizeof *o->owner->votes;
}

static uint32_t *slot_of(const struct owners *o, uint64_t interface)
{
	uint32_t at = (uint32_t)interface & (o->slots - 1);

	while (o->slot[at] && o->owner[o->slot[at] - 1].interface != interface)
		at = (at + 1) & (o->slots - 1);
	return &o->slot[at];
}

static void slots_grow(struct owners *o)
{
	free(o->slot);
	o->slots = o->slots ? o->slots * 2 : 64;
	o->slot = xcalloc(o->slots, sizeof *o->slot);
	for (uint32_t i = 0; i < o->n; i++)
		*slot_of(o, o->owner[i].interface) = i + 1;
}

struct owner *owners_intern(struct owners *o, uint64_t interface)
{
	uint32_t *slot;

	if ((o->n + 1) * 2 > o->slots)
		slots_grow(o);
	slot = slot_of(o, interface);
	if (!*slot && o->n < o->most) {
		xgrow((void **)&o->owner, &o->cap, o->n + 1, sizeof *o->owner);
		o->owner[o->n] = (struct owner){ .interface = interface,
						 .votes = xcalloc(2, sizeof *o->owner->votes) };
		o->unsettled++;
		*slot = ++o->n;
	}
	return *slot ? &o->owner[*slot - 1] : NULL;
}

void owner_vote(struct owner *w, const uint8_t *const address[2])
{
	votes_count(w->votes, address);
}

void owner_look(struct owner *w, bool (*inside)(const void *ctx, const uint8_t address[16]),
		const void *ctx)
{
	for (int family = 0; w->votes && family < 2; family++) {
		const uint8_t *top[PLACE_CANDIDATES], *own = votes_winner(&w->votes[family]);
		bool only;
		if (!own && votes_most(&w->votes[family], top, &only) == 2 && only &&
		    inside(ctx, top[0]) != inside(ctx, top[1]))
			own = inside(ctx, top[0]) ? top[0] : top[1];
		w->address[family] = own ? hash_address(own) | 1 : 0;
	}
}

/* ---- all of them ---- */

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* All addresses that are known to be somebody's, in order. */
static size_t list_known(const struct owners *o, uint64_t **list)
{
	size_t n = 0;

	*list = xmalloc((o->n * 2 + 1) * sizeof **list);
	for (uint32_t i = 0; i < o->n * 2; i++)
		if (o->owner[i / 2].address[i % 2])
			(*list)[n++] = o->owner[i / 2].address[i % 2];
	qsort(*list, n, sizeof **list, by_value);
	return n;
}

static void part_two(struct owner *w, int family, const uint64_t *known, size_t n)
{
	const uint8_t *top[PLACE_CANDIDATES];
	uint64_t left = 0, hash;
	unsigned lefts = 0;
	bool only;

	if (w->address[family] || votes_most(&w->votes[family], top, &only) != 2)
		return;
	for (unsigned k = 0; k < 2; k++) {
		hash = hash_address(top[k]) | 1;
		if (!bsearch(&hash, known, n, sizeof hash, by_value))
			left = hash, lefts++;
	}
	if (lefts == 1)
		w->address[family] = left;
}

void owners_look(struct owners *o, bool (*inside)(const void *ctx, const uint8_t address[16]),
		 const void *ctx)
{
	uint64_t *known;
	size_t n;

	if (!o->unsettled)
		return;
	for (uint32_t i = 0; i < o->n; i++)
		owner_look(&o->owner[i], inside, ctx);
	n = list_known(o, &known);
	for (uint32_t i = 0; i < o->n * 2; i++)
		if (o->owner[i / 2].votes)
			part_two(&o->owner[i / 2], (int)(i % 2), known, n);
	free(known);
}

void owners_settle(struct owners *o)
{
	for (uint32_t i = 0; o->unsettled && i < o->n; i++) {
		struct owner *w = &o->owner[i];
		if (!w->votes || !owner_is_known(w) ||
		    w->votes[0].rows + w->votes[1].rows < OWNERS_ROWS)
			continue;
		free(w->votes);
		w->votes = NULL;
		o->unsettled--;
	}
}
