/* mapped.c - see mapped.h. */
#include "base/mapped.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/util.h"

#define MAPPED_LEAST ((size_t)1 << 20)

static void *resize_mapped(void *p, size_t had, size_t bytes)
{
#ifdef MREMAP_MAYMOVE
	p = mremap(p, had, bytes, MREMAP_MAYMOVE);
	if (p == MAP_FAILED)
		die("out of memory (%zu bytes)", bytes);
	return p;
#else
	void *to = xreserve(bytes);

	memcpy(to, p, had < bytes ? had : bytes);
	xreserve_free(p, had);
	return to;
#endif
}

void *mapped_resize(void *p, size_t had, size_t bytes)
{
	void *to;

	if (had < MAPPED_LEAST && bytes < MAPPED_LEAST)
		return xrealloc(p, bytes);
	if (had >= MAPPED_LEAST && bytes >= MAPPED_LEAST)
		return resize_mapped(p, had, bytes);
	to = bytes >= MAPPED_LEAST ? xreserve(bytes) : xmalloc(bytes);
	if (p)
		memcpy(to, p, had < bytes ? had : bytes);
	mapped_free(p, had);
	return to;
}

void *mapped_zeroed(size_t bytes)
{
	return bytes >= MAPPED_LEAST ? xreserve(bytes) : memset(xmalloc(bytes), 0, bytes);
}

void mapped_free(void *p, size_t bytes)
{
	if (bytes >= MAPPED_LEAST)
		xreserve_free(p, bytes);
	else
		free(p);
}
