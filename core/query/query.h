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

#include "filter/filter.h"

#define GROUP_MAX 8

/* What groups are ranked by. A rate is the total over the seconds of the result's window:
 * ranking is by the total, so that it is exact. METRIC_DISTINCT is the number of distinct
 * values of another part ("distinct:dstport"), which is given beside it. */
enum metric {
	METRIC_BYTES,
	METRIC_PACKETS,
	METRIC_FLOWS,
	METRIC_REJECTS,
	METRIC_LOST,
	METRIC_BYTES_RATE,
	METRIC_PACKETS_RATE,
	METRIC_FLOWS_RATE,
	METRIC_REJECTS_RATE,
	METRIC_DISTINCT,
	METRICS
};

/* The parts of a key. Initialise it with designators: what is not named is zero. */
struct group {
	int field[GROUP_MAX]; /* field ids, derived ones included */
	unsigned n;
	/* Prefix lengths of address fields, IPv4 and IPv6; 0: the whole address. Both are
	 * 0 in a part that is no network. */
	uint8_t bits[GROUP_MAX][2];
};

struct tally {
	uint64_t bytes, packets, flows;
	uint64_t accepts, rejects; /* Transit Gateway records are neither */
	uint64_t sent;             /* bytes from client to server; the rest came back */
	uint64_t lost;             /* packets that a transit gateway dropped, for any reason */
	union {                    /* eight words are a cache line */
		/* Of a series: how long its records lasted within the bin; a bin that no record
		 * ends in lives by it. */
		uint64_t seconds;
		/* Of others: flows of which it is a guess which side serves. */
		uint64_t guessed;
	};
};

/* When the dated records of a group ended, epoch seconds: the first and the last of them.
 * first > last: not known. */
struct seen {
	uint32_t first, last;
};

/* One value of a group key, copied out: it outlives the data. */
struct value {
	enum field_type type; /* TYPE_NETWORK, TYPE_PAIR too */
	bool absent;          /* of a pair: both are */
	uint64_t number;      /* number types; FIELD_BIN: epoch seconds of the bin's start */
	uint8_t address[16];
	uint8_t bits;      /* network: prefix length of the address as IPv6, 96 + 24 for a /24 */
	uint8_t other[16]; /* pair: the second, never before the first in byte order */
	bool alone;        /* pair: the first is absent */
	char *text;        /* owned by the result; NUL-terminated as well */
	size_t length;
};

/* A half-open range of record times, in seconds. Undated rows are in every span
 * but a dated_only one (the difference between two windows). */
struct span {
	int64_t from, to; /* INT64_MIN, INT64_MAX: no limit */
	bool dated_only;
};

/* "bytes", "bytes/s"; METRIC_DISTINCT is "distinct". */
const char *metric_name(enum metric m);
int metric_find(struct str name); /* -1: none; not METRIC_DISTINCT */
/* "bytes", "flows/s", "distinct:dstport", "distinct:srcaddr/24" -> metric and, for
 * METRIC_DISTINCT, the one part to count (else distinct->n is 0). 0, or a negative error
 * as of group_parse with the offending text in *bad; -ENOENT: no metric. */
int metric_parse(struct str text, enum metric *m, struct group *distinct, struct str *bad);
/* Adds what metric_parse reads: "distinct:dstport". */
void metric_title(enum metric m, const struct group *distinct, struct buf *out);
bool metric_is_rate(enum metric m);
/* What is added up for `m`: bytes for bytes/s; flows for METRIC_DISTINCT, which no sum
 * has. Series and heatmaps show this. */
enum metric metric_base(enum metric m);
uint64_t tally_metric(const struct tally *t, enum metric m); /* of metric_base(m) */
/* "client,server,service", "srcaddr/24", "pair" -> group. `field/N` with N up to 32 is
 * IPv4 networks of that length and IPv6 ones of /64; with N above 32 IPv6 networks and
 * whole IPv4 addresses; `field/24/56` gives both. 0, or with the offending part in *bad:
 * -EINVAL no such field, -E2BIG more than GROUP_MAX, -ERANGE no such prefix length,
 * -ENOTSUP a prefix length of what is no address. */
int group_parse(struct str names, struct group *g, struct str *bad);
/* Adds what an error of group_parse or metric_parse means: "unknown field 'dstprt'". */
void group_complain(int error, struct str bad, struct buf *out);
bool group_equal(const struct group *a, const struct group *b);
/* Whether `part` of `of` is among the parts of g. */
bool group_has(const struct group *g, const struct group *of, unsigned part);
enum field_type group_part_type(const struct group *g, unsigned part);
/* Adds a part as group_parse reads it, "srcaddr/24"; all of them, commas apart. */
void group_part_name(const struct group *g, unsigned part, struct buf *out);
void group_name(const struct group *g, struct buf *out);
/* Whether rows have two sides, so that sent and received mean something: a client, server,
 * service or pair is among the parts. */
bool group_is_oriented(const struct group *g);
/* Adds the fields of records that adding up by the group reads; false: any may be read. */
bool group_wants(const struct group *g, struct field_set *out);

struct accumulator;

struct accumulator *accumulator_new(const struct group *g, struct dict *d);
void accumulator_free(struct accumulator *a);
const struct group *accumulator_group(const struct accumulator *a);
/* Whether its keys, or what it counts, are labels: those are looked up by the loop thread
 * alone. */
bool accumulator_wants_labels(const struct accumulator *a);
/* Counts the distinct values of the one part of `distinct` in every group; n 0: of none.
 * Values that are absent do not count. For an empty accumulator; FIELD_BIN is no such
 * part. */
void accumulator_set_distinct(struct accumulator *a, const struct group *distinct);
/* That part. */
const struct group *accumulator_counts(const struct accumulator *a);
/* Keeps the time of the first and last record of every group: exact while rows are only
 * folded in. For an empty accumulator that is no series. */
void accumulator_keep_seen(struct accumulator *a);
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
/* The same for several, which takes less than one after the other: what they all read of the
 * rows is read once. */
uint32_t accumulators_fold(struct accumulator *const *all, unsigned n, const struct segment *s,
			   uint32_t first, uint32_t rows, const uint64_t *bits, struct span span,
			   int sign);

/* Only rows with all of these MARK_ bits count from now on; empties `a`. */
void accumulator_only(struct accumulator *a, uint8_t mark);

/* Only rows whose leading `parts` key parts equal one of the `n` given groups of
 * `from` count from now on (for trends of ranked rows); empties `a`. */
void accumulator_restrict(struct accumulator *a, const struct accumulator *from,
			  const uint32_t *index, uint32_t n);

/* Whether all of these groups are within the restriction of `a`. */
bool accumulator_covers(const struct accumulator *a, const struct accumulator *from,
			const uint32_t *index, uint32_t n);

/* From now on a second tally a group counts the rows with a time before `time` (epoch
 * seconds; INT64_MIN: none is kept); empties `a`. Rows without a time are not before:
 * nothing says so. Without effect where FIELD_BIN is among the fields. */
void accumulator_set_mark(struct accumulator *a, int64_t time);

/* Takes its own references to the values of its keys, so that segments may be
 * freed without being folded out (batch). Call after each fold. Loop thread. */
void accumulator_adopt(struct accumulator *a);

/* Groups are numbered 0..count-1; numbers hold until the next fold. */
uint32_t accumulator_count(const struct accumulator *a);
const struct tally *accumulator_tally(const struct accumulator *a, uint32_t index);
/* Sum over all groups. */
const struct tally *accumulator_total(const struct accumulator *a);
/* Distinct values in a group, and in all of them together; 0 when none are counted. */
uint64_t accumulator_distinct(const struct accumulator *a, uint32_t index);
uint64_t accumulator_distinct_total(const struct accumulator *a);
/* first > last when they are not kept. */
struct seen accumulator_seen(const struct accumulator *a, uint32_t index);
/* What the group is ranked by. */
uint64_t accumulator_metric(const struct accumulator *a, uint32_t index, enum metric m);
/* The group with this key (group->n values); UINT32_MAX: there is none. Loop thread. */
uint32_t accumulator_find(const struct accumulator *a, const struct value *key);
/* What of them is before the mark; NULL without one. */
const struct tally *accumulator_before(const struct accumulator *a, uint32_t index);
const struct tally *accumulator_before_total(const struct accumulator *a);
/* Orders two groups by the bytes of their keys: how ties of rankings are broken. */
int accumulator_order(const struct accumulator *a, uint32_t x, uint32_t y);
/* Copies part `part` of a group's key. */
void accumulator_key(const struct accumulator *a, uint32_t index, unsigned part, struct value *out);
/* The best groups by `m`, best first, ties by key bytes; limit 0: all. Groups that have
 * none of it are left out when m is rejects, lost, rejects/s or distinct. Fills *index
 * (free() it) and returns their number. */
uint32_t accumulator_rank(const struct accumulator *a, enum metric m, uint32_t limit,
			  uint32_t **index);
/* The same, of ranks first..first+n-1 only: about as fast wherever they are. */
uint32_t accumulator_rank_part(const struct accumulator *a, enum metric m, uint32_t first,
			       uint32_t n, uint32_t **index);
/* How many groups have a rank, and that of one of them (0: the best; UINT32_MAX: none). */
uint32_t accumulator_ranked(const struct accumulator *a, enum metric m);
uint32_t accumulator_rank_of(const struct accumulator *a, enum metric m, uint32_t index);
/* The group whose leading parts are those of group `like` in `from` (same leading
 * fields) and whose last part, FIELD_BIN, is bin number `bin`; NULL: none. */
const struct tally *accumulator_at(const struct accumulator *a, const struct accumulator *from,
				   uint32_t like, int64_t bin);
/* Every byte it holds. */
size_t accumulator_bytes(const struct accumulator *a);

/* The group whose leading parts are those of group `row` in `rows` and whose last are those
 * of group `column` in `columns`; NULL: none. */
const struct tally *accumulator_cell(const struct accumulator *a, const struct accumulator *rows,
				     uint32_t row, const struct accumulator *columns,
				     uint32_t column);

void value_release(struct value *v);
/* A copy of its own. */
void value_copy(struct value *to, const struct value *from);
/* Adds a value as text: "10.0.0.1", "443", "10.0.1.0/24", "10.0.0.1 <> 10.0.0.2", "-" when
 * absent. */
void value_render(const struct value *v, struct buf *out);

#endif
