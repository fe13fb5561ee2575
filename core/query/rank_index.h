/* rank_index.h - which groups have which ranks, a few bytes each: what they are ranked by, and a
 * hash of their key by which they are found again. Of more groups than there is room for it has
 * the best. Groups that it can't tell apart are one class, whose ranks are known together. */
#ifndef ENITOP_RANK_INDEX_H
#define ENITOP_RANK_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rank_index;

#define RANK_INDEX_BYTES 20 /* an entry */

/* Of `most` entries; the first of them will have the rank `base`. */
struct rank_index *rank_index_new(uint32_t most, uint32_t base);
void rank_index_free(struct rank_index *x);
size_t rank_index_bytes(const struct rank_index *x); /* 0 for NULL */

/* A group with its size, the larger the better; of equal ones the smaller prefix is better (those
 * of keys, see key_prefix()). */
void rank_index_add(struct rank_index *x, uint64_t size, uint64_t prefix, uint32_t place);
/* All were added: puts them in order. Of those that had no room none is better than one that it has,
 * nor in the same class. Returns how many it has. */
uint32_t rank_index_end(struct rank_index *x);

/* Entries of whole classes, of which those of the ranks from..to-1 are some. */
struct rank_piece {
	uint32_t first, end; /* entries */
	uint32_t from, to;   /* ranks */
};
/* The piece for `rows` rows from a rank on, as far as it knows them; where it knows not all that
 * follow it ends with a multiple of `step` ranks. False: it knows none of them, or they can't be
 * told from more than twice as many others. */
bool rank_index_piece(const struct rank_index *x, uint32_t rank, uint32_t rows, uint32_t step,
		      struct rank_piece *out);
/* Whether it had no room for some. */
bool rank_index_is_cut(const struct rank_index *x);
/* The rank of its first entry. */
uint32_t rank_index_base(const struct rank_index *x);
/* Of a piece, ranks before `from`. */
uint32_t rank_index_before(const struct rank_index *x, const struct rank_piece *p);
/* Whether a group of such a size and prefix is one of the piece. */
bool rank_index_holds(const struct rank_index *x, const struct rank_piece *p, uint64_t size,
		      uint64_t prefix);
uint32_t rank_index_place(const struct rank_index *x, uint32_t entry);

#endif
