/* rank_index.c - see rank_index.h. */
#include "query/rank_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/util.h"

/* In halves, which need no more than 20 bytes. */
struct rank_entry {
	uint32_t size[2], prefix[2]; /* the high one first */
	uint32_t place;
};

_Static_assert(sizeof(struct rank_entry) == RANK_INDEX_BYTES, "an entry has that many bytes");

struct rank_index {
	uint32_t most, n, base;
	bool cut;
	struct rank_entry bound; /* the best that had no room */
	struct rank_entry entry[];
};

struct rank_index *rank_index_new(uint32_t most, uint32_t base)
{
	/* What no entry comes to is not touched. */
	struct rank_index *x = xmalloc(sizeof *x + (size_t)most * sizeof x->entry[0]);

	*x = (struct rank_index){ .most = most, .base = base };
	return x;
}

void rank_index_free(struct rank_index *x)
{
	free(x);
}

size_t rank_index_bytes(const struct rank_index *x)
{
	return x ? sizeof *x + (size_t)x->n * sizeof x->entry[0] : 0;
}

static struct rank_entry entry_of(uint64_t size, uint64_t prefix, uint32_t place)
{
	return (struct rank_entry){ { (uint32_t)(size >> 32), (uint32_t)size },
				    { (uint32_t)(prefix >> 32), (uint32_t)prefix },
				    place };
}

/* Best first; 0: of one class. */
static int compare(const void *p, const void *q)
{
	const struct rank_entry *x = p, *y = q;

	for (unsigned i = 0; i < 2; i++)
		if (x->size[i] != y->size[i])
			return x->size[i] > y->size[i] ? -1 : 1;
	for (unsigned i = 0; i < 2; i++)
		if (x->prefix[i] != y->prefix[i])
			return x->prefix[i] < y->prefix[i] ? -1 : 1;
	return 0;
}

static void bound_by(struct rank_index *x, const struct rank_entry *e)
{
	if (!x->cut || compare(e, &x->bound) < 0)
		x->bound = *e;
	x->cut = true;
}

void rank_index_add(struct rank_index *x, uint64_t size, uint64_t prefix, uint32_t place)
{
	struct rank_entry e = entry_of(size, prefix, place);

	if (x->cut && compare(&e, &x->bound) >= 0)
		return;
	if (x->n == x->most) { /* some go, so that this is seldom */
		qsort(x->entry, x->n, sizeof x->entry[0], compare);
		x->n -= x->n / 16 + 1;
		bound_by(x, &x->entry[x->n]);
		if (compare(&e, &x->bound) >= 0)
			return;
	}
	x->entry[x->n++] = e;
}

uint32_t rank_index_end(struct rank_index *x)
{
	qsort(x->entry, x->n, sizeof x->entry[0], compare);
	while (x->cut && x->n && compare(&x->entry[x->n - 1], &x->bound) >= 0)
		x->n--;
	return x->n;
}

bool rank_index_is_cut(const struct rank_index *x)
{
	return x->cut;
}

uint32_t rank_index_base(const struct rank_index *x)
{
	return x->base;
}

bool rank_index_piece(const struct rank_index *x, uint32_t rank, uint32_t rows, uint32_t step,
		      struct rank_piece *out)
{
	uint32_t known = x->n, at = rank - x->base, end;

	if (x->cut) /* what it knows ends between two steps */
		known -= (uint32_t)(((uint64_t)x->base + x->n) % step);
	if (rank < x->base || at >= known || x->n < known)
		return false;
	end = known - at > rows ? at + rows : known;
	*out = (struct rank_piece){ at, end, rank, x->base + end };
	while (out->first > 0 && compare(&x->entry[out->first - 1], &x->entry[at]) == 0)
		out->first--;
	while (out->end < x->n && compare(&x->entry[out->end], &x->entry[end - 1]) == 0)
		out->end++;
	return (uint64_t)out->end - out->first <= 2 * (uint64_t)rows;
}

uint32_t rank_index_before(const struct rank_index *x, const struct rank_piece *p)
{
	return p->from - x->base - p->first;
}

bool rank_index_holds(const struct rank_index *x, const struct rank_piece *p, uint64_t size,
		      uint64_t prefix)
{
	struct rank_entry e = entry_of(size, prefix, 0);

	return compare(&e, &x->entry[p->first]) >= 0 && compare(&e, &x->entry[p->end - 1]) <= 0;
}

uint32_t rank_index_place(const struct rank_index *x, uint32_t entry)
{
	return x->entry[entry].place;
}
