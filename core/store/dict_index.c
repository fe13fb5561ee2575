/* dict_index.c - see dict_index.h. */
#include "store/dict_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/util.h"

/* Each bucket is in a line of the cache of its own. */
static struct bucket *buckets_new(uint32_t n)
{
	struct bucket *b = aligned_alloc(sizeof *b, n * sizeof *b);

	_Static_assert(sizeof *b == 64, "a bucket is a line of the cache");
	if (!b)
		die("out of memory (%zu bytes)", n * sizeof *b);
	return memset(b, 0, n * sizeof *b);
}

void index_resize(struct index *x, uint32_t buckets)
{
	struct index old = *x;

	*x = (struct index){ .bucket = buckets_new(buckets), .buckets = buckets };
	for (uint32_t i = 0; i < old.buckets; i++)
		for (unsigned k = 0; k < BUCKET_IDS; k++)
			if (old.bucket[i].id[k])
				index_add(x, old.bucket[i].tag[k], old.bucket[i].id[k]);
	free(old.bucket);
}

void index_release(struct index *x)
{
	free(x->bucket);
	*x = (struct index){ 0 };
}
