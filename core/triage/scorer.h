/* scorer.h - what judges a series of sums over time: what a value was expected to be, and how
 * unusual it is. A scorer is a file and a row of the table in scorer.c; each sees a point once, in
 * the order of time, and nothing of what is behind it. */
#ifndef ENITOP_SCORER_H
#define ENITOP_SCORER_H

#include "base/util.h"

/* What is said of a point, from what was before it. */
struct judgement {
	double expected, low, high; /* the band that most points fall into */
	double score;               /* how unusual; compared with a threshold of the scorer's own */
};

enum scorer_kind { SCORER_RECORD, SCORER_ZSCORE, SCORER_FOREST, SCORERS };

struct scorer {
	const char *name;
	const char *help;
	size_t bytes;     /* a series: fixed, and no pointers in it */
	double threshold; /* that a score fires at, where nobody says another */
	unsigned learns;  /* points before it judges */
	/* `seed`: of what is random in it; the same seed and points give the same scores. */
	void (*init)(void *state, uint64_t seed);
	/* Of the value `x` (finite) of the bin that begins at `t`, epoch seconds, later than the
	 * ones before; then learns it. Before the first point is learnt, expected is `x` itself. */
	void (*point)(void *state, int64_t t, double x, struct judgement *out);
	/* What it expects at `t`, `ahead` bins behind the last point (1: the next); `score` is 0. */
	void (*forecast)(const void *state, int64_t t, unsigned ahead, struct judgement *out);
};

const struct scorer *scorer_of(enum scorer_kind kind);
const char *scorer_name(enum scorer_kind kind);
/* -1: none is called so. */
int scorer_find(struct str name);

/* ---- rows: a file each ---- */

/* The largest that was, in three views of the series: a point that breaks it by far is unusual,
 * and less so the more alarms there were just now. As in scorer_record.c. */
extern const struct scorer scorer_record;
/* How many deviations from the median of bins i-125 to i-5. */
extern const struct scorer scorer_zscore;
/* How much shorter trees that cut the last points at random would be without this one. */
extern const struct scorer scorer_forest;

/* What a z-score's state holds the next point against. */
struct zscore_baseline {
	unsigned bins; /* 0: none, and the rest is 0 */
	double median, mad, mean, deviation, smallest, largest;
};
#define ZSCORE_BINS_LEAST 15u /* of a baseline that judges */
void zscore_baseline(const void *state, struct zscore_baseline *out);
/* Holds a value against it; the score is 0 where it is of too few bins. */
void zscore_judge(const struct zscore_baseline *b, double x, struct judgement *out);
void zscore_learn(void *state, double x);
/* The middle of the last `n` points (1 to 60) that it has seen. */
double zscore_recent(const void *state, unsigned n);

#endif
