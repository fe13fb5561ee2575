/* query_distinct.h - how many distinct values of a part each group of an accumulator has:
 * a count of rows for every (group, value), so that rows can be taken out again. Private
 * to query*.c. */
#ifndef ENITOP_QUERY_DISTINCT_H
#define ENITOP_QUERY_DISTINCT_H

#include "query/query_table.h"

struct distinct {
	struct key_layout layout; /* of the one part */
	struct key_table table;   /* id of the group, words of the value */
	uint32_t *rows;           /* of each key */
	size_t rows_cap;
	uint32_t adopted; /* keys with references of their own */
	/* by number of the group; ids stay when numbers change */
	uint32_t *id, *values;
	size_t id_cap, values_cap;
	uint32_t *spare; /* ids to be used again */
	size_t spares, spare_cap;
	uint32_t ids;
	uint64_t total; /* values in all groups together */
	/* the rows that are being folded */
	struct key_batch *batch;
	struct key_reader reader;
};

struct distinct *distinct_new(const struct group *part);
void distinct_free(struct distinct *d, struct dict *dict);
/* Forgets every group. */
void distinct_clear(struct distinct *d, struct dict *dict);
/* The owner's groups: number `group` was added (one more than before), or removed: the
 * last one, `last`, takes its number. */
void distinct_add_group(struct distinct *d, uint32_t group);
void distinct_remove_group(struct distinct *d, uint32_t group, uint32_t last);
/* Before rows of a segment; then before each batch of them. */
void distinct_begin(struct distinct *d, const struct segment *s, const struct dict *dict);
void distinct_read(struct distinct *d, struct row_batch *rows);
/* Starts fetching what distinct_count(d, row, group) will look at. */
void distinct_prefetch(const struct distinct *d, unsigned row, uint32_t group);
/* Counts row `row` of the batch in or out (sign +1, -1). */
void distinct_count(struct distinct *d, unsigned row, uint32_t group, uint32_t sign);
/* Group i has become group[i], of `n` new ones; several may have become one. */
void distinct_merge(struct distinct *d, struct dict *dict, const uint32_t *group, uint32_t groups,
		    uint32_t n);
void distinct_adopt(struct distinct *d, struct dict *dict);
size_t distinct_bytes(const struct distinct *d);

#endif
