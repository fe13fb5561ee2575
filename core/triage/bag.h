/* bag.h - what a detector keeps of the edges it is shown: items of one size, in bounded
 * memory. Of equal keys one is kept, with the sums of all; where there is no room the least worth of
 * all go, and are counted. Neither depends on the order in which the edges come, until some are
 * dropped whose key comes again. */
#ifndef ENITOP_BAG_H
#define ENITOP_BAG_H

#include "base/util.h"

struct bag_kind {
	size_t size; /* of an item */
	/* By key; 0: the same one. */
	int (*order)(const void *a, const void *b);
	/* Adds what `from` has to the item of the same key; NULL: there are no equal ones. */
	void (*merge)(void *into, const void *from);
	/* Of the key: with it most of the same key are found at once. NULL: there is no need. */
	uint64_t (*hash)(const void *item);
	/* Below 0: `a` is worth more. Only those with the same key are equal. */
	int (*worth)(const void *a, const void *b);
};

/* Zero-initialise but for the first two. */
struct bag {
	const struct bag_kind *kind;
	size_t most; /* items */
	char *item;
	size_t n, cap;
	uint32_t *near;   /* by hash: 1 + a place that an item of such a key had; 0: none */
	uint64_t dropped; /* items that there was no room for */
};

/* How many items of a kind fit into `room` bytes: for `most`. */
size_t bag_room(const struct bag_kind *k, size_t room);
/* Adds a copy. */
void bag_add(struct bag *b, const void *item);
/* Puts the items in the order of their keys, each key once. */
void bag_settle(struct bag *b);
void bag_release(struct bag *b);

#endif
