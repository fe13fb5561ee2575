/* count.h - how many flows each clause of a filter lets through: alone, and with the
 * clauses above it; and what all of them select outside the window. Counted over the
 * ring as it is when asked, newest first, in slices; dropping it cancels. Segments that
 * come later are not looked at, those that are evicted meanwhile are left out. Loop
 * thread only. */
#ifndef ENITOP_COUNT_H
#define ENITOP_COUNT_H

#include "query/accumulator.h"
#include "store/ring.h"

#define COUNT_CLAUSES 32 /* more are not counted */

struct count_clause {
	bool bad;          /* it does not parse */
	uint64_t alone;    /* flows in the window that it selects */
	uint64_t anywhere; /* the same in all of the ring */
	uint64_t above;    /* in the window, with the clauses before it that are on */
	/* Flows of which the filter can't tell, as many in no figure above: of the same. */
	uint64_t alone_undecided, anywhere_undecided, above_undecided;
};

struct count_answer {
	struct count_clause clause[COUNT_CLAUSES];
	size_t n;
	uint64_t within;        /* flows in the window */
	uint64_t held;          /* flows looked at */
	uint64_t before, after; /* flows outside of it that all clauses that are on select */
	uint64_t undated;       /* the same without a time */
	int64_t last_before;    /* time of the newest of `before`; INT64_MIN: none */
	int64_t first_after;    /* of the oldest of `after`; INT64_MAX: none */
};

struct count;

/* Clauses as texts that parse alone and joined by " and "; `off`: those that are
 * switched off take no part in what is counted for others. `now_s` is what relative
 * times mean. */
struct count *count_new(struct ring *r, const char *const *text, const bool *off, size_t n,
			struct span window, int64_t now_s);
void count_free(struct count *c);
/* Works for about `budget_ns`; true while there is more to do. */
bool count_step(struct count *c, uint64_t budget_ns);
/* Segments done, in percent. */
unsigned count_percent(const struct count *c);
/* Every byte it holds but its filters. */
size_t count_bytes(const struct count *c);
/* As far as it is counted. */
const struct count_answer *count_answer(const struct count *c);

#endif
