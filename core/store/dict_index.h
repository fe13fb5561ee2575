/* dict_index.h - ids by the hash of their value: a table of buckets, each a line of the
 * cache. Private to dict.c.
 *
 * A value that finds its bucket full goes to the next, and is counted in each that it passed:
 * where none passed, a look ends (or when it has been everywhere: in a few buckets some may
 * have passed each). So what is removed leaves no trace and moves nothing, and
 * both a look and a removal mostly touch one line, the one that was prefetched, and have
 * nothing to guess. (As F14 of folly has it.) */
#ifndef ENITOP_DICT_INDEX_H
#define ENITOP_DICT_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUCKET_IDS 7

struct bucket {
	uint32_t tag[BUCKET_IDS]; /* of each id: 32 bits of the hash, the lowest say where */
	uint32_t id[BUCKET_IDS];  /* 0: free */
	uint32_t passed;          /* ids that would be here or before, and are behind */
	uint32_t unused;
};

/* Zero-initialise, then index_resize. */
struct index {
	struct bucket *bucket;
	uint32_t buckets; /* a power of two; 0: there are none */
	uint32_t used;    /* ids */
};

#define INDEX_MIN 2u

/* Moves all ids to so many buckets, a power of two. */
void index_resize(struct index *x, uint32_t buckets);
void index_release(struct index *x);

static inline size_t index_bytes(const struct index *x)
{
	return (size_t)x->buckets * sizeof *x->bucket;
}

/* Whether one more id asks for more buckets, or what is left for fewer. */
static inline bool index_is_full(const struct index *x)
{
	return x->used >= x->buckets * 5;
}
static inline bool index_is_sparse(const struct index *x)
{
	return x->buckets > INDEX_MIN && x->used < x->buckets;
}

static inline struct bucket *index_bucket(const struct index *x, uint32_t tag)
{
	return &x->bucket[tag & (x->buckets - 1)];
}

static inline struct bucket *index_next(const struct index *x, const struct bucket *b)
{
	return &x->bucket[(uint32_t)(b - x->bucket + 1) & (x->buckets - 1)];
}

/* Which of seven words are this one, a bit each. */
static inline unsigned bucket_match(const uint32_t word[BUCKET_IDS], uint32_t is)
{
	unsigned found = 0;

	for (unsigned i = 0; i < BUCKET_IDS; i++)
		found |= (unsigned)(word[i] == is) << i;
	return found;
}

/* Adds an id that is not there, where there is room: see index_is_full. */
static inline void index_add(struct index *x, uint32_t tag, uint32_t id)
{
	struct bucket *b = index_bucket(x, tag);
	unsigned at, room;

	while (!(room = bucket_match(b->id, 0))) {
		b->passed++;
		b = index_next(x, b);
	}
	at = (unsigned)__builtin_ctz(room);
	b->tag[at] = tag;
	b->id[at] = id;
	x->used++;
}

/* Removes an id that is there. */
static inline void index_remove(struct index *x, uint32_t tag, uint32_t id)
{
	struct bucket *b = index_bucket(x, tag);
	unsigned found;

	while (!(found = bucket_match(b->id, id))) {
		b->passed--;
		b = index_next(x, b);
	}
	b->id[__builtin_ctz(found)] = 0;
	x->used--;
}

#endif
