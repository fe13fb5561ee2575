/* result.h - the answer to a query: ranked rows with copied keys, bins and
 * totals. Panes draw it, batch prints it. Nothing in it points into the ring. */
#ifndef ENITOP_RESULT_H
#define ENITOP_RESULT_H

#include "query/bin_lists.h"
#include "query/compare.h"

struct result_row {
	struct value key[GROUP_MAX]; /* as many as the result's group has */
	struct tally tally;
	uint64_t distinct; /* of METRIC_DISTINCT */
	/* It was not held all the time (see `capped`): it has what is here or more; of what it is
	 * ranked by so much more at most. */
	bool partial;
	uint64_t missing;
	struct tally *bin; /* result's `bins` of them (timeline: one), or NULL */
	/* First and last seen, epoch s, to the bin where `exact` is not set in the result; of a
	 * timeline the bin itself. INT64_MIN: not known. */
	int64_t since, until;
	struct tally before; /* what of the tally is before the mark of result's `compare` */
	enum change change;
};

/* Which ranks of a ranking: rows first..first+rows-1 (rows 0: all), and of them only those
 * from bin_first on, bin_rows many, with their bins. */
struct result_window {
	uint32_t first, rows, bin_first, bin_rows;
};

struct result {
	struct query query;   /* what it is the answer to */
	struct labels *names; /* people read these in place of addresses; NULL: none. Not owned */
	struct result_row *row;
	uint32_t first, rows; /* rank of row[0] (0: the best); how many rows are here */
	uint32_t ranked;      /* how many have a rank */
	uint64_t groups;      /* how many there are in all; capped: about */
	/* There was room for the heaviest groups only (accumulator_limit()), or for a sample of
	 * distinct values: of those that would have a rank, `about` so many, a row is missing
	 * unless it has more than `floor`. */
	bool capped;
	uint64_t about, floor;
	uint64_t not_kept;       /* groups, about */
	struct tally totals;     /* of every matching flow in the window */
	uint64_t distinct_total; /* distinct values in all groups together */
	bool exact;              /* since and until of rows are to the second */
	int64_t seconds;         /* what rates are over; 0: not known, nothing is dated */
	uint64_t scanned;        /* flows looked at: the "of N" of "M of N flows match" */
	uint64_t undecided; /* records in the window of which the filter can't tell: not counted */
	bool undecided_cut; /* some for what stands behind FILTER_REGEX_TEXT bytes of a text */
	/* How many records in the window are second sightings: left out if the query says once, else
	 * counted twice; and how many may yet turn out to be. `judged`: it was looked for. */
	bool judged;
	uint64_t second, second_undecided;
	uint64_t unpriced;          /* bytes with a price that can't be told; priced alone */
	struct span window;         /* what was asked, resolved; unlimited ends are INT64_MIN/MAX */
	int64_t time_min, time_max; /* of the data in it; min > max: undated */
	/* Of a matrix whose columns are not times: the value of each bin, best column first,
	 * and how many columns there are in all. NULL: bins are times. */
	struct value *column;
	uint64_t columns;
	int64_t bin_start; /* epoch seconds of bin 0 */
	int64_t bin_width; /* seconds */
	unsigned bins;
	uint64_t astray;    /* flows too far from the others in time: in no bin */
	uint64_t apart;     /* the same, where `seconds` and the sides of a mark are without them */
	int64_t interval_s; /* how long its records aggregate: 60, 600; 0: not known */
	int64_t incomplete_s;   /* from then on some are still to come; INT64_MAX: all are there */
	struct compare compare; /* mark INT64_MIN: none */
	bool by_change;         /* rows are ranked by their change around the mark */
	struct tally before;    /* what of the totals is before the mark */
	bool complete;          /* false: still computing, or data was left out */
};

void result_release(struct result *r);

/* Flows in the window that match, second sightings too. */
static inline uint64_t result_matching(const struct result *r)
{
	return r->totals.flows + (r->query.once ? r->second : 0);
}
/* How many percent of those are second sightings; 0: none is. */
unsigned result_second_percent(const struct result *r);
/* Adds what is to be said of second sightings, nothing where they were not looked for: "once: 19%
 * of records are second sightings, left out", "19% of records are second sightings, counted twice";
 * and how many are undecided. */
void result_say_once(const struct result *r, struct buf *out);
void result_say_undecided_seconds(const struct result *r, struct buf *out);

/* Whether there may be groups with a rank that are no rows. */
bool result_hides(const struct result *r);

/* An answer without rows yet: its totals and bins, which `trend` has (NULL: none). */
void result_begin(struct result *r, const struct query *q, const struct accumulator *a,
		  const struct accumulator *trend, struct span window);
/* Puts rows for the `n` groups `index` in place of those it has, the first of them of rank
 * w.first. `lists`: of the bins in `trend`; NULL: they are looked for. */
void result_put(struct result *r, const struct accumulator *a, const uint32_t *index, uint32_t n,
		struct result_window w, const struct accumulator *trend,
		const struct bin_lists *lists);
/* The columns of a matrix, the best first; which groups they are, to be freed by the caller. */
uint32_t *result_columns_of(struct result *r, const struct accumulator *columns,
			    const struct accumulator *cells);
/* Gives the rows, which are the groups `index`, their cells. */
void result_put_cells(struct result *r, const struct accumulator *rows, const uint32_t *index,
		      const struct accumulator *columns, const uint32_t *column,
		      const struct accumulator *cells);
/* Ranked rows of `a`, those of `w`; with `trend` (group of a + FIELD_BIN) also their bins.
 * Only the bins of the window (`window`, kept in the result) show. */
void result_ranked(struct result *r, const struct query *q, const struct accumulator *a,
		   struct result_window w, const struct accumulator *trend, struct span window);
/* A matrix: ranked rows of `rows`, as bins the best columns of `columns` (at most
 * TIMELINE_BINS), each bin the tally of the cell in `cells`, grouped by the fields of both. */
void result_matrix(struct result *r, const struct query *q, const struct accumulator *rows,
		   const struct accumulator *columns, const struct accumulator *cells,
		   struct result_window w, struct span window);
/* Ranked by the change around a mark that `a` has: compare_rank(). */
void result_changes(struct result *r, const struct query *q, const struct accumulator *a,
		    struct result_window w, const struct accumulator *trend, struct span window,
		    const struct compare *c);
/* Says of rows with `before` what changed. */
void result_compared(struct result *r, const struct compare *c);
/* Row of a rank, or NULL when it is not here. */
const struct result_row *result_at(const struct result *r, uint32_t rank);
/* What the row is ranked by, and the sum of that over all rows (distinct values: those of
 * all rows together, which is less than the sum). */
uint64_t result_row_metric(const struct result *r, const struct result_row *row);
uint64_t result_total_metric(const struct result *r);
/* Flows of the row of which it is a guess which side serves; and whether it is of all of
 * them, so that the row itself is a guess. 0 and false where the group has no sides. */
uint64_t result_guessed(const struct result *r, const struct tally *t);
bool result_is_guess(const struct result *r, const struct result_row *row);
/* Percent of the total; false when there is no total. */
bool result_share(const struct result *r, const struct result_row *row, double *percent);
/* A total as a rate a second; false when the time is not known. */
bool result_rate(const struct result *r, uint64_t total, double *rate);
/* The seconds of a window: from its first to its last, both included; where an end is
 * open, from the first or to the last time of the data. At least 1; 0: there is no time. */
int64_t result_seconds(struct span window, int64_t data_first, int64_t data_last);
/* Rows in time order of `a`, whose only field is FIELD_BIN: one row a bin, empty
 * bins between the first and the last included; key[0] is the time. With `refused`, the
 * same of refused records alone, each row's `bin` is that one's tally. */
void result_timeline(struct result *r, const struct query *q, const struct accumulator *a,
		     const struct accumulator *refused, struct span window);

#endif
