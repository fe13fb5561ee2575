/* serials.h - what is kept of segments, in a list in the order of their serials. */
#ifndef ENITOP_SERIALS_H
#define ENITOP_SERIALS_H

#include <string.h>

#include "base/util.h"

/* The place of the first item with this serial or a later one: of `n`, each `size` bytes long, the first
 * of which are its serial (uint64_t). */
static inline size_t serial_place(const void *list, size_t n, size_t size, uint64_t serial)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint64_t at;
		memcpy(&at, (const char *)list + middle * size, sizeof at);
		if (at < serial)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

#endif
