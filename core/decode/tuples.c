/* tuples.c - see tuples.h. */
#include "decode/tuples.h"

#include <stdlib.h>

#define SLOTS_LEAST 1024u

void tuples_release(struct tuples *t)
{
	free(t->slot);
	*t = (struct tuples){ .run = t->run, .most = t->most };
}

size_t tuples_bytes(const struct tuples *t)
{
	return t->slots * sizeof *t->slot;
}

static struct tuple *slot_of(const struct tuples *t, uint64_t key)
{
	uint32_t at = tuples_home(t, key);

	while (t->slot[at].key && t->slot[at].key != key)
		at = (at + 1) & (t->slots - 1);
	return &t->slot[at];
}

struct tuple *tuples_find(const struct tuples *t, uint64_t key)
{
	struct tuple *at = t->slots ? slot_of(t, key) : NULL;

	return at && at->key ? at : NULL;
}

static bool is_kept(const struct tuples *t, const struct tuple *at, uint32_t oldest)
{
	return at->key && (at->run == t->run || at->time >= oldest);
}

static uint32_t kept(const struct tuples *t, uint32_t oldest)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->slots; i++)
		n += is_kept(t, &t->slot[i], oldest);
	return n;
}

/* More slots, or fewer tuples: of so many as there may be, a half is left, but for those of the run
 * at hand. */
static void make_room(struct tuples *t)
{
	struct tuples had = *t;
	uint32_t back = t->newest < 2 * TUPLES_S ? t->newest : 2 * TUPLES_S;
	uint32_t oldest = t->newest - back;

	while (back && kept(t, oldest) > t->most / 2) {
		back /= 2;
		oldest = back ? t->newest - back : UINT32_MAX;
	}
	t->n = kept(t, oldest);
	t->slots = had.slots ? had.slots : SLOTS_LEAST;
	while (t->n * 2 >= t->slots && t->slots < t->most)
		t->slots *= 2;
	t->slot = xcalloc(t->slots, sizeof *t->slot);
	for (uint32_t i = 0; i < had.slots; i++)
		if (is_kept(t, &had.slot[i], oldest))
			*slot_of(t, had.slot[i].key) = had.slot[i];
	free(had.slot);
}

struct tuple *tuples_add(struct tuples *t, uint64_t key, uint32_t time)
{
	struct tuple *at;

	if ((t->n + 1) * 4 > t->slots * 3)
		make_room(t);
	key += key == 0;
	at = slot_of(t, key);
	t->n += at->key == 0;
	if (!at->key || !tuples_holds(t, at, time))
		*at = (struct tuple){ .key = key, .run = t->run };
	return at;
}

void tuples_see(struct tuples *t, struct tuple *at, uint32_t time)
{
	at->run = t->run;
	at->time = time > at->time ? time : at->time;
	t->newest = time > t->newest ? time : t->newest;
}

bool tuples_holds(const struct tuples *t, const struct tuple *at, uint32_t time)
{
	return at->run == t->run || (uint64_t)at->time + TUPLES_S >= time;
}
