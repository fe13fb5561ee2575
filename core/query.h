/* query.h - accumulators: group -> tally, changed by signed sets of rows.
 *
 * An accumulator holds, for every distinct value of its group fields, what the
 * rows folded into it add up to. Rows are folded in (+1) when they arrive and
 * out (-1) when they leave the window or the ring; a group that nothing is left
 * of is gone. Whatever the order of events, the content equals the recomputation.
 * Trend, heatmap and timeline are accumulators too (series): FIELD_BIN is one of
 * their fields. */
#ifndef ENITOP_QUERY_H
#define ENITOP_QUERY_H

#include "filter.h"

#define GROUP_MAX 8

enum metric { METRIC_BYTES, METRIC_PACKETS, METRIC_FLOWS, METRIC_REJECTS, METRIC_LOST, METRICS };

struct group {
	int field[GROUP_MAX]; /* field ids, derived ones included */
	unsigned n;
};

struct tally {
	uint64_t bytes, packets, flows;
	uint64_t accepts, rejects; /* Transit Gateway records are neither */
	uint64_t sent;             /* bytes from client to server; the rest came back */
	uint64_t lost;             /* packets that a transit gateway dropped, for any reason */
	uint64_t seconds; /* of a series: how long its records lasted within the bin; a bin that
			   * no record ends in lives by it */
};

/* One value of a group key, copied out: it outlives the data. */
struct value {
	enum field_type type;
	bool absent;
	uint64_t number; /* number types; FIELD_BIN: epoch seconds of the bin's start */
	uint8_t address[16];
	char *text; /* owned by the result; NUL-terminated as well */
	size_t length;
};

/* A half-open range of record times, in seconds. Undated rows are in every span
 * but a dated_only one (the difference between two windows). */
struct span {
	int64_t from, to; /* INT64_MIN, INT64_MAX: no limit */
	bool dated_only;
};

const char *metric_name(enum metric m); /* "bytes" */
int metric_find(struct str name);       /* -1: none */
uint64_t tally_metric(const struct tally *t, enum metric m);
/* "client,server,service" -> group. 0, or -EINVAL with the offending name in
 * *bad: unknown name, none, or more than GROUP_MAX. */
int group_parse(struct str names, struct group *g, struct str *bad);
bool group_equal(const struct group *a, const struct group *b);

struct accumulator;

struct accumulator *accumulator_new(const struct group *g, struct dict *d);
void accumulator_free(struct accumulator *a);
const struct group *accumulator_group(const struct accumulator *a);
/* Forgets every row. */
void accumulator_clear(struct accumulator *a);

/* A record longer than this counts whole at its end. AWS aggregates over 60 s or
 * 600 s; without a limit one made-up record would fill a day of bins of a second. */
#define SPREAD_MAX_S 3600

/* As many bins as heatmaps and trends have at most: a record of a minute meets every bin
 * of its minute, and a table of keys pays for each. */
#define HEAT_BINS 128
#define TREND_BINS 64

/* FIELD_BIN is time >> shift: bins of 2^shift seconds; default 0. Raising it
 * merges what is there, lowering it needs an empty accumulator.
 *
 * Bytes and packets (sent and lost ones too) of a record are spread over the bins
 * that its interval, start <= t < end, meets: up to a border it has had
 * bytes * elapsed / duration of them, rounded down, so that its bins add up to the
 * whole. Flows, accepts and rejects count in the bin of its end, as all of it does
 * where start is missing, not before the end or more than SPREAD_MAX_S before. */
void accumulator_set_bin_shift(struct accumulator *a, unsigned shift);
/* When the first record of a segment that is spread starts, its first time if that
 * is before; INT64_MAX: undated. */
int64_t series_first(const struct segment *s);
unsigned accumulator_bin_shift(const struct accumulator *a);
/* Whether FIELD_BIN is in its group. */
bool accumulator_is_series(const struct accumulator *a);

/* Folds in (sign +1) or out (-1) those rows first..first+n-1 of the published
 * segment that have their bit in `bits` (bit 0: row `first`; NULL: every flow)
 * and their time in `span`. Returns how many rows that were. */
uint32_t accumulator_fold(struct accumulator *a, const struct segment *s, uint32_t first,
			  uint32_t n, const uint64_t *bits, struct span span, int sign);

/* Only rows with all of these MARK_ bits count from now on; empties `a`. */
void accumulator_only(struct accumulator *a, uint8_t mark);

/* Only rows whose leading `parts` key parts equal one of the `n` given groups of
 * `from` count from now on (for trends of ranked rows); empties `a`. */
void accumulator_restrict(struct accumulator *a, const struct accumulator *from,
			  const uint32_t *index, uint32_t n);

/* Whether all of these groups are within the restriction of `a`. */
bool accumulator_covers(const struct accumulator *a, const struct accumulator *from,
			const uint32_t *index, uint32_t n);

/* Takes its own references to the values of its keys, so that segments may be
 * freed without being folded out (batch). Call after each fold. Loop thread. */
void accumulator_adopt(struct accumulator *a);

/* Groups are numbered 0..count-1; numbers hold until the next fold. */
uint32_t accumulator_count(const struct accumulator *a);
const struct tally *accumulator_tally(const struct accumulator *a, uint32_t index);
/* Sum over all groups. */
const struct tally *accumulator_total(const struct accumulator *a);
/* Copies part `part` of a group's key. */
void accumulator_key(const struct accumulator *a, uint32_t index, unsigned part, struct value *out);
/* The best groups by `m`, best first, ties by key bytes; limit 0: all. Groups
 * without rejects are left out when m is METRIC_REJECTS, those that lost nothing
 * when it is METRIC_LOST. Fills *index (free() it) and returns their number. */
uint32_t accumulator_rank(const struct accumulator *a, enum metric m, uint32_t limit,
			  uint32_t **index);
/* The group whose leading parts are those of group `like` in `from` (same leading
 * fields) and whose last part, FIELD_BIN, is bin number `bin`; NULL: none. */
const struct tally *accumulator_at(const struct accumulator *a, const struct accumulator *from,
				   uint32_t like, int64_t bin);
/* Every byte it holds. */
size_t accumulator_bytes(const struct accumulator *a);

void value_release(struct value *v);
/* Adds a value as text: "10.0.0.1", "443", "-" when absent. */
void value_render(const struct value *v, struct buf *out);

#endif
