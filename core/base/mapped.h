/* mapped.h - arrays that may become large: from a megabyte on they have pages of their own, which
 * are moved and not copied as the array grows, leave no hole in the heap, and take no memory until
 * something is written to them. */
#ifndef ENITOP_MAPPED_H
#define ENITOP_MAPPED_H

#include <stddef.h>

/* `bytes` of memory in place of the `had` bytes at `p`, which were had from here (NULL: none, 0):
 * what was there and fits is kept. Dies where there is no memory. */
void *mapped_resize(void *p, size_t had, size_t bytes);
/* The same of nothing: all are 0. */
void *mapped_zeroed(size_t bytes);
void mapped_free(void *p, size_t bytes);

#endif
