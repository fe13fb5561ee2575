/* tables.h - the accumulators that a query is answered from, and its answer from them. */
#ifndef ENITOP_TABLES_H
#define ENITOP_TABLES_H

#include "query/result.h"

struct tables {
	struct accumulator *rows;    /* NULL: the query is of records */
	struct accumulator *bins;    /* by the rows' group and bin; NULL: it has none */
	struct accumulator *columns; /* of a heatmap whose bins are no times; NULL */
	struct accumulator *refused; /* of a timeline: what was rejected; NULL: not apart */
	/* Which bins of time there are, where `bins` has those of some rows alone; NULL: it has
	 * all. Not one of the list. */
	struct accumulator *spread;
	/* Rows that are there, by rank: those of `rows`, the first of which has the rank `base`, and
	 * of those the ones that have bins. `some`: not all that the query asks for. */
	bool some;
	uint32_t base, first, end;
};

#define TABLES_MAX 4

/* The group of the bins: that of the rows and the field they are spread over. False: there is
 * no room for the field, or it is in the group already. */
bool tables_bins_group(const struct query *q, struct group *out);
/* Makes what the query asks for, to be folded into until the end: first and last seen are
 * exact. The timeline's refusals are not kept apart. */
void tables_init(struct tables *t, const struct query *q, struct dict *d);
void tables_release(struct tables *t);
/* Lists the accumulators that are there in `out`; returns their number. */
unsigned tables_list(const struct tables *t, struct accumulator *out[TABLES_MAX]);
/* The answer, of the ranks in `w`; its bins are of the window only, which is kept in the result. `c` are
 * the sides of the query's mark. result_release() it. */
void tables_answer(const struct tables *t, const struct query *q, struct result_window w,
		   struct span window, const struct compare *c, struct result *r);

#endif
