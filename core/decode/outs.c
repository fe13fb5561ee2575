/* outs.c - see outs.h. */
#include "decode/outs.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_LEAST 1024u
#define FILTER_BITS 19 /* 64 KiB: they stay in a core's own cache */
#define FILTER_WORDS ((1u << FILTER_BITS) / 64)

/* ---- what went out ---- */

void outs_release(struct outs *o)
{
	free(o->key);
	free(o->time);
	*o = (struct outs){ .most = o->most };
}

size_t outs_bytes(const struct outs *o)
{
	return o->room * (sizeof *o->key + sizeof *o->time);
}

/* Until there is room for `most` none is overwritten: each stays where it is. */
static void make_room(struct outs *o, uint64_t n)
{
	uint32_t room = o->room ? o->room : ROOM_LEAST < o->most ? ROOM_LEAST : o->most;

	while (room < n && room < o->most)
		room *= 2;
	if (room == o->room)
		return;
	o->key = xrealloc(o->key, room * sizeof *o->key);
	o->time = xrealloc(o->time, room * sizeof *o->time);
	o->room = room;
}

void outs_add(struct outs *o, const uint64_t *key, const uint32_t *time, uint32_t n)
{
	if (o->n + n > o->room)
		make_room(o, o->n + n);
	while (n) {
		uint32_t at = (uint32_t)o->n & (o->room - 1);
		uint32_t some = n < o->room - at ? n : o->room - at;
		memcpy(o->key + at, key, some * sizeof *key);
		memcpy(o->time + at, time, some * sizeof *time);
		o->n += some;
		key += some;
		time += some;
		n -= some;
	}
}

/* ---- who asks ---- */

void out_asks_release(struct out_asks *a)
{
	free(a->ask);
	free(a->slot);
	free(a->filter);
	*a = (struct out_asks){ 0 };
}

size_t out_asks_bytes(const struct out_asks *a)
{
	return a->cap * sizeof *a->ask + a->slot_cap * sizeof *a->slot +
	       (a->filter ? FILTER_WORDS * sizeof *a->filter : 0);
}

static uint64_t *filter_word(const struct out_asks *a, uint64_t key)
{
	return &a->filter[(key >> 6 & (FILTER_WORDS - 1))];
}

/* Bits of the key that say nothing of its word, nor of its slot. */
static uint64_t filter_bit(uint64_t key)
{
	return UINT64_C(1) << (key & 63);
}

void out_asks_clear(struct out_asks *a)
{
	for (uint32_t i = 0; i < a->n; i++)
		*filter_word(a, a->ask[i].key) = 0;
	a->n = 0;
}

void out_asks_add(struct out_asks *a, uint64_t key)
{
	if (!a->filter)
		a->filter = xcalloc(FILTER_WORDS, sizeof *a->filter);
	xgrow((void **)&a->ask, &a->cap, a->n + 1, sizeof *a->ask);
	a->ask[a->n++] = (struct out_ask){ .key = key };
	*filter_word(a, key) |= filter_bit(key);
}

static uint32_t *slot_of(const struct out_asks *a, uint64_t key)
{
	uint32_t at = (uint32_t)(key >> 32) & (a->slots - 1);

	while (a->slot[at] && a->ask[a->slot[at] - 1].key != key)
		at = (at + 1) & (a->slots - 1);
	return &a->slot[at];
}

/* One that is asked for twice is found as the first. */
static void fill_slots(struct out_asks *a)
{
	for (a->slots = 64; a->slots < 2 * a->n; a->slots *= 2)
		;
	xgrow((void **)&a->slot, &a->slot_cap, a->slots, sizeof *a->slot);
	memset(a->slot, 0, a->slots * sizeof *a->slot);
	for (uint32_t i = 0; i < a->n; i++) {
		uint32_t *slot = slot_of(a, a->ask[i].key);
		*slot = *slot ? *slot : i + 1;
	}
}

/* ---- answers ---- */

static void answer(struct out_asks *a, uint64_t key, uint32_t time, bool now)
{
	uint32_t slot = *slot_of(a, key);
	struct out_ask *ask = slot ? &a->ask[slot - 1] : NULL;

	if (!ask)
		return;
	ask->met = true;
	ask->now |= now;
	ask->time = time > ask->time ? time : ask->time;
}

void outs_answer(const struct outs *o, struct out_asks *a)
{
	uint64_t from = o->n > o->room ? o->n - o->room : 0;

	if (!a->n)
		return;
	fill_slots(a);
	while (from < o->n) {
		uint32_t at = (uint32_t)from & (o->room - 1);
		uint64_t some = o->n - from < o->room - at ? o->n - from : o->room - at;
		for (uint64_t i = 0; i < some; i++) {
			uint64_t key = o->key[at + i];
			if (*filter_word(a, key) & filter_bit(key))
				answer(a, key, o->time[at + i], from + i >= o->run);
		}
		from += some;
	}
}

bool out_asks_hold(const struct out_asks *a, uint64_t key, uint32_t time)
{
	uint32_t slot = *slot_of(a, key);
	const struct out_ask *ask = slot ? &a->ask[slot - 1] : NULL;

	return ask && ask->met && (ask->now || (uint64_t)ask->time + OUTS_S >= time);
}
