/* query_distinct.h - how many distinct values of a part each group of an accumulator has:
 * a count of rows for every (group, value), so that rows can be taken out again. Where there
 * are more of those than there is room for, values are a sample: those whose hash begins with
 * `bits` zeroes, each for 2^bits; of all groups together, whose values are fewer, `all_bits`.
 * Private to query*.c. */
#ifndef ENITOP_QUERY_DISTINCT_H
#define ENITOP_QUERY_DISTINCT_H

#include "query/query_part.h"

struct distinct {
	struct key_layout layout; /* of the one part */
	struct key_table table;   /* id of the group, words of the value */
	uint32_t *rows;           /* of each key */
	size_t rows_cap;
	uint32_t adopted; /* keys with references of their own */
	uint32_t most;    /* keys there is room for; 0: any number */
	bool deferred;    /* see accumulator_defer(): by so many keys there may be more */
	uint32_t over;
	struct place_range part; /* of the values; not where they are a sample */
	bool all_counted;        /* all groups together are counted, of all values */
	unsigned bits, all_bits;
	uint32_t *id; /* by number of the group; ids stay when numbers change */
	size_t id_cap;
	uint32_t *values; /* by id; VALUES_DEAD: of a group that was dropped */
	size_t values_cap;
	uint32_t *spare; /* ids to be used again */
	size_t spares, spare_cap;
	uint32_t ids, dead;
	uint64_t total; /* values in all groups together */
	/* Of the parts before this one: by id, and in all groups together. */
	uint32_t *before;
	size_t before_cap;
	uint64_t total_before;
	/* the rows that are being folded */
	struct key_batch *batch;
	struct key_reader reader;
};

struct distinct *distinct_new(const struct group *part);
void distinct_free(struct distinct *d, struct dict *dict);
/* Forgets every group. */
void distinct_clear(struct distinct *d, struct dict *dict);
/* The owner's groups: number `group` was added (one more than before), or removed, whatever
 * values it still has: the last one, `last`, takes its number. */
void distinct_add_group(struct distinct *d, uint32_t group);
void distinct_remove_group(struct distinct *d, uint32_t group, uint32_t last);
/* Before rows of a segment; then before each batch of them. */
void distinct_begin(struct distinct *d, const struct segment *s, const struct dict *dict);
void distinct_read(struct distinct *d, struct row_batch *rows);
/* Starts fetching what distinct_count(d, row, group) will look at. */
void distinct_prefetch(const struct distinct *d, unsigned row, uint32_t group);
/* Before a batch of rows is counted: leaves fewer values where there is no room. */
void distinct_make_room(struct distinct *d, struct dict *dict);
/* Counts row `row` of the batch in or out (sign +1, -1), of a group or, UINT32_MAX, of one that
 * is not held. What a group that came late never counted can't be counted out. */
void distinct_count(struct distinct *d, unsigned row, uint32_t group, uint32_t sign);
/* Group i has become group[i], of `n` new ones; several may have become one. */
void distinct_merge(struct distinct *d, struct dict *dict, const uint32_t *group, uint32_t groups,
		    uint32_t n);
void distinct_adopt(struct distinct *d, struct dict *dict);
/* See accumulator_cut() and accumulator_has_counted(). */
bool distinct_cut(struct distinct *d, struct dict *dict);
bool distinct_go_on(struct distinct *d, struct dict *dict, uint64_t num, uint64_t den);
/* Gives up what groups had that were removed. */
void distinct_tidy(struct distinct *d, struct dict *dict);
/* The number of a group's values, or what the sample makes of it. */
uint64_t distinct_values(const struct distinct *d, uint32_t group);
uint64_t distinct_total(const struct distinct *d);
/* What it holds whatever there is to count. */
size_t distinct_least(const struct distinct *d);
size_t distinct_bytes(const struct distinct *d);
/* Of that, what it has of each group: of DISTINCT_GROUP bytes as many as there were, and more. */
#define DISTINCT_GROUP (3 * sizeof(uint32_t))
size_t distinct_groups_bytes(const struct distinct *d);
size_t distinct_used(const struct distinct *d); /* see accumulator_used() */

#endif
