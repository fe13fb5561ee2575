/* spike.h - the rule `spike`: a series of sums that went far beyond what was usual, or fell far below.
 *
 * A scorer says how unusual a bin is; while a series has had too few points for it the z-score does.
 * Whatever judges, a bin is only hot where it is at least 4 times the median of the bins i-125 to
 * i-5 and 1.5 times their largest, and at least so large a minute: 10 MB, 1,000 packets, 100 flows,
 * 30 refused flows, 30 different values. Three hot bins of four, one of which fired, begin a spike;
 * ten minutes or two bins without one end it. A fall is the same with at most a quarter of the median,
 * which is so large then. */
#ifndef ENITOP_SPIKE_H
#define ENITOP_SPIKE_H

#include "query/query.h"
#include "triage/rollup.h"
#include "triage/scorer.h"

#define SPIKE_LEARNS 100u /* points before the scorer judges instead of the z-score */
#define SPIKE_Z 6.0
#define SPIKES_MAX 64u /* of a series; the oldest are forgotten, and counted */

/* How a series is judged. */
struct spike_rule {
	enum scorer_kind scorer;
	double threshold; /* of that scorer; */
	double z;         /* of the z-score */
	enum metric metric;
	int64_t every; /* seconds a bin */
	double size;   /* a minute, that is worth a word; 0: as above */
	uint64_t seed; /* of what is random in the scorer */
};

/* One that was found. Sums are of a bin. */
struct spike {
	int64_t since, until; /* where its first hot bin begins, and its last one ends */
	bool open;            /* it was still there when the series ended */
	bool fell;
	bool seasonal;       /* expected is that of the same hour of the week */
	enum scorer_kind by; /* what fired; */
	double score, z;     /* its score, and the z-score, of the bin of `value` */
	double value;        /* the largest hot bin (fell: the smallest) */
	double expected;     /* of its first hot bin, when nothing of it was known */
	double median, mad, mean, deviation; /* of what it was held against */
	double largest;                      /* that was before it, of */
	int64_t over;                        /* so many seconds */
	double beyond; /* how many times the largest it is above that; fell: 0 */
};

/* What was made of one bin. */
struct spike_point {
	int64_t time;
	double value;
	struct judgement said;
	enum scorer_kind by;
	unsigned learnt; /* points before this one */
	bool fired;      /* it belongs to a spike, as far as was known then */
};

struct spike_series;

struct spike_series *spike_series_new(const struct spike_rule *r);
void spike_series_free(struct spike_series *s);
/* Another one with all that this has seen; the caller's. */
struct spike_series *spike_series_copy(const struct spike_series *s);
size_t spike_series_bytes(const struct spike_rule *r);
/* The next bin, which is complete; bins come in the order of time. */
void spike_series_add(struct spike_series *s, int64_t time, double value, struct spike_point *out);
/* No more bins come now: what is open stays so, unless it ended. */
unsigned spike_series_count(const struct spike_series *s);
const struct spike *spike_series_at(const struct spike_series *s, unsigned i);
uint64_t spike_series_forgotten(const struct spike_series *s);
unsigned spike_series_points(const struct spike_series *s);
/* The last point, and the score that was the largest. */
const struct spike_point *spike_series_last(const struct spike_series *s);
const struct spike_point *spike_series_oddest(const struct spike_series *s);
const struct rollup *spike_series_rollup(const struct spike_series *s);
/* What is expected so many bins behind the last point; returns what says so. */
enum scorer_kind spike_series_forecast(const struct spike_series *s, unsigned ahead,
				       struct judgement *out);

/* Adds an amount of the metric: "38G", "1.2k". */
void spike_amount(enum metric m, double v, struct buf *out);
/* Adds "bytes of WHO: 38G a minute, expected 1.2G, largest in 4 weeks 2.1G, now 17 times beyond". */
void spike_text(const struct spike *s, const struct spike_rule *r, struct str who, struct buf *out);
/* How wide bins are: "1m", "10m", "1h", "1d"; 0: none is called so; "a minute", "in 10 minutes". */
const char *spike_every(int64_t seconds);
int64_t spike_every_find(struct str name);
/* Those names one after the other, from 0 on; NULL: no more. */
const char *spike_every_at(size_t i);
const char *spike_per(int64_t seconds);

#endif
