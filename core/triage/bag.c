/* bag.c - see bag.h. */
#include "triage/bag.h"

#include <stdlib.h>

#define LEAST_ITEMS 64u /* however little room there is */
#define NEAR 4096u

size_t bag_room(const struct bag_kind *k, size_t room)
{
	size_t fit = room / k->size;

	return fit < LEAST_ITEMS ? LEAST_ITEMS : fit;
}

/* Of equal keys one, in the order of keys. */
static void merge_equal(struct bag *b)
{
	const struct bag_kind *k = b->kind;
	size_t kept = 0;

	if (b->n < 2)
		return;
	qsort(b->item, b->n, k->size, k->order);
	for (size_t i = 0; i < b->n; i++) {
		char *item = b->item + i * k->size, *last = b->item + (kept - (kept > 0)) * k->size;
		if (kept && k->merge && k->order(last, item) == 0) {
			k->merge(last, item);
			continue;
		}
		memmove(b->item + kept++ * k->size, item, k->size);
	}
	b->n = kept;
}

/* The half that is worth most stays: what is among that of all never went before. */
static void drop_least(struct bag *b)
{
	qsort(b->item, b->n, b->kind->size, b->kind->worth);
	b->dropped += b->n - b->most / 2;
	b->n = b->most / 2;
}

void bag_settle(struct bag *b)
{
	merge_equal(b);
	if (b->dropped == 0 || b->n <= b->most / 2)
		return;
	drop_least(b);
	qsort(b->item, b->n, b->kind->size, b->kind->order);
}

static void make_room(struct bag *b)
{
	merge_equal(b);
	if (b->n > b->most / 2)
		drop_least(b);
	if (b->near)
		memset(b->near, 0, NEAR * sizeof *b->near);
}

/* One of the same key, if it is where such a one was last. */
static void *find_near(struct bag *b, const void *item)
{
	uint32_t *at;
	void *found;

	if (!b->kind->hash)
		return NULL;
	if (!b->near)
		b->near = xcalloc(NEAR, sizeof *b->near);
	at = &b->near[b->kind->hash(item) % NEAR];
	found = *at ? b->item + (*at - 1) * b->kind->size : NULL;
	if (found && b->kind->order(found, item) == 0)
		return found;
	*at = (uint32_t)b->n + 1;
	return NULL;
}

void bag_add(struct bag *b, const void *item)
{
	void *same;

	if (b->n >= b->most)
		make_room(b);
	same = find_near(b, item);
	if (same) {
		b->kind->merge(same, item);
		return;
	}
	if (b->n >= b->cap)
		xgrow_within((void **)&b->item, &b->cap, b->n + 1, b->most, b->kind->size);
	memcpy(b->item + b->n++ * b->kind->size, item, b->kind->size);
}

void bag_release(struct bag *b)
{
	free(b->item);
	free(b->near);
	b->near = NULL;
	b->item = NULL;
	b->n = b->cap = 0;
}
