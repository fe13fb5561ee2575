/* text_pool.h - memory for the texts of blocks while much is read: used again, the last one
 * first, and in huge pages where there are some, for to touch fresh pages takes as long as to
 * read what comes to stand in them. One thread. */
#ifndef ENITOP_TEXT_POOL_H
#define ENITOP_TEXT_POOL_H

#include "base/util.h"

#define TEXT_POOL_MAX 8

/* Zero-initialise but for `size`. */
struct text_pool {
	size_t size;               /* of each, bytes */
	char *text[TEXT_POOL_MAX]; /* those that wait */
	unsigned n;
};

/* An empty text with room for `need` bytes: one of the pool if that is no more than they
 * have. It may grow, and be released, like any other. */
struct buf text_pool_take(struct text_pool *p, size_t need);
/* Releases a text, or keeps it for the next where it is one of the pool. */
void text_pool_give(struct text_pool *p, struct buf *text);
/* Releases those that wait. */
void text_pool_clear(struct text_pool *p);

#endif
