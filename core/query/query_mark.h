/* query_mark.h - what each group of an accumulator had before a mark: tallies beside those
 * of the group, kept only while there is a mark. Private to query.c and query_mark.c. */
#ifndef ENITOP_QUERY_MARK_H
#define ENITOP_QUERY_MARK_H

#include "query/query_table.h"
#include "query/query_tally.h"

struct marked {
	bool on;
	int64_t time;         /* rows before it count */
	struct tallies before; /* a group */
	struct tally total;
};

/* Room for the last group of the table, empty. */
void marked_add(struct marked *m, const struct key_table *t);
/* Group `from` takes the place of `to`. */
void marked_move(struct marked *m, uint32_t to, uint32_t from);
/* Changes what a group that may miss something has before the mark: never more than it has in
 * `all`. */
void marked_change(struct marked *m, uint32_t group, const struct tally *by,
		   const struct tally *all, uint64_t sign);
/* Forgets every row, not the mark. */
void marked_clear(struct marked *m);
/* Which rows of a batch have a time before the mark: facts[].before. */
void marked_read(const struct marked *m, struct row_batch *b);

#endif
