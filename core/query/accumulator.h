/* accumulator.h - accumulators: group -> tally, changed by signed sets of rows.
 *
 * An accumulator holds, for every distinct value of its group fields, what the
 * rows folded into it add up to. Rows are folded in (+1) when they arrive and
 * out (-1) when they leave the window or the ring; a group that nothing is left
 * of is gone. Whatever the order of events, the content equals the recomputation.
 * Trend, heatmap and timeline are accumulators too (series): FIELD_BIN is one of
 * their fields. */
#ifndef ENITOP_ACCUMULATOR_H
#define ENITOP_ACCUMULATOR_H

#include "query/query.h"

struct tally {
	uint64_t bytes, packets, flows;
	uint64_t accepts, rejects; /* Transit Gateway records are neither */
	uint64_t sent;             /* bytes from client to server; the rest came back */
	union {                    /* eight words are a cache line */
		uint64_t lost;     /* packets that a transit gateway dropped, for any reason */
		/* Of rows of segments that have charges: what their bytes cost. */
		uint64_t cost;
	};
	union {
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

uint64_t tally_metric(const struct tally *t, enum metric m); /* of metric_base(m) */

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
/* Keeps the time of the first and last record of every group: exact while rows are only
 * folded in. For an empty accumulator that is no series. */
void accumulator_keep_seen(struct accumulator *a);
/* What this metric ranks is asked again and again while rows come and go: where not all groups need
 * be looked at for it, they are not. */
void accumulator_watch(struct accumulator *a, enum metric m);
/* Forgets every row. */
void accumulator_clear(struct accumulator *a);

/* A record longer than this counts whole at its end. AWS aggregates over 60 s or
 * 600 s; without a limit one made-up record would fill a day of bins of a second. */
#define SPREAD_MAX_S 3600

/* FIELD_BIN is time >> shift: bins of 2^shift seconds; default 0. Raising it
 * merges what is there, lowering it needs an empty accumulator.
 *
 * Bytes and packets (sent and lost ones too) of a record are spread over the bins
 * that its interval, start <= t < end, meets: up to a border it has had
 * bytes * elapsed / duration of them, rounded down, so that its bins add up to the
 * whole. Flows, accepts and rejects count in the bin of its end, as all of it does
 * where start is missing, not before the end or more than SPREAD_MAX_S before. */
void accumulator_set_bin_shift(struct accumulator *a, unsigned shift);
/* When the first of so many records of a segment, from `row` on, that is spread starts, or the
 * segment's first time if that is before; INT64_MAX: undated. */
int64_t series_first(const struct segment *s, uint32_t row, uint32_t rows);
unsigned accumulator_bin_shift(const struct accumulator *a);
/* Whether FIELD_BIN is in its group. */
bool accumulator_is_series(const struct accumulator *a);

/* Folds in (sign +1) or out (-1) those rows first..first+n-1 of the published
 * segment that have their bit in `bits` (bit 0: row `first`; NULL: every flow)
 * and their time in `span`. Returns how many rows that were. What they had before the span
 * begins is in no bin of a series, but in its sum over all groups. */
uint32_t accumulator_fold(struct accumulator *a, const struct segment *s, uint32_t first,
			  uint32_t n, const uint64_t *bits, struct span span, int sign);
/* Folds into several accumulators, which takes less than one after the other: what they all
 * read of the rows is read once. */
uint32_t accumulators_fold(struct accumulator *const *all, unsigned n, const struct segment *s,
			   uint32_t first, uint32_t rows, const uint64_t *bits, struct span span,
			   int sign);

/* The same of a part of a span, which begins at `since`: no row of the part ends before that. */
uint32_t accumulators_fold_since(struct accumulator *const *all, unsigned n,
				 const struct segment *s, uint32_t first, uint32_t rows,
				 const uint64_t *bits, struct span span, int64_t since, int sign);
/* Folds in or out what the rows with a time in `span` (as far as SPREAD_MAX_S reaches) have had from
 * had.from to had.to, which is not behind any of their times: a share of bytes and packets in each
 * bin, no flow, and nothing of the sum over all groups. Accumulators that are no series, or
 * count distinct values, have none. Whether there are such rows. */
bool accumulators_fold_shares(struct accumulator *const *all, unsigned n, const struct segment *s,
			      uint32_t first, uint32_t rows, const uint64_t *bits, struct span span,
			      struct span had, int sign);

/* A series of a window shows what ran in it, also of records that end behind it: from now on
 * accumulators_fold_overlaps() means this one too. For an empty accumulator. */
void accumulator_take_overlaps(struct accumulator *a);
/* Folds in or out the shares that rows which end behind the span have had in it. Whether any of the
 * rows ends so late. */
bool accumulators_fold_overlaps(struct accumulator *const *all, unsigned n, const struct segment *s,
				uint32_t first, uint32_t rows, const uint64_t *bits,
				struct span span, int sign);

/* From now on `sent` of its tallies is what was refused of their bytes, in each bin of a refused
 * record its share. For an empty accumulator. */
void accumulator_sum_refused(struct accumulator *a);

/* Only rows with all of these MARK_ bits count from now on; empties `a`. */
void accumulator_only(struct accumulator *a, uint8_t mark);

/* Only rows whose leading `parts` key parts equal one of the `n` given groups of
 * `from` count from now on (for trends of ranked rows); empties `a`. */
void accumulator_restrict(struct accumulator *a, const struct accumulator *from,
			  const uint32_t *index, uint32_t n);

/* The same of the last parts, beside that: `a` stays as it is. */
void accumulator_restrict_last(struct accumulator *a, const struct accumulator *from,
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
/* What of the group, and of all groups, is before the mark; NULL without a mark. */
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
/* The groups of ranks first..first+n-1 only: about as fast wherever the ranks are. */
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

/* ---- more groups than there is room for ---- */

/* Whether costs are added up where segments have charges (true at first), or packets lost all the
 * same. What is folded together is priced together. */
void accumulator_price(struct accumulator *a, bool on);
/* From now on it holds so many bytes at most; 0 (at first): any number. When there are more groups
 * than that gives room for, the heaviest by `m` are kept; who asks for another metric, or for
 * wider bins, of one that is not exact clears it first. More distinct values than there is room
 * for are told by a sample. The sum over all groups stays what it is. */
void accumulator_limit(struct accumulator *a, size_t bytes, enum metric m);
/* Whether `more` groups would change nothing about what is kept. */
bool accumulator_has_room(const struct accumulator *a, uint32_t more);
/* Drops groups until there is room for those that are left, looking at `looks` of them at most;
 * true while there are still too many. */
bool accumulator_shrink(struct accumulator *a, uint32_t looks);
/* Whether every group was held all the time, with all its distinct values. */
bool accumulator_is_exact(const struct accumulator *a);
/* How many groups there are, those that are not held too: where it is not exact, to some
 * percent. */
uint64_t accumulator_groups(const struct accumulator *a);
/* How many of them have a rank. */
uint64_t accumulator_ranked_about(const struct accumulator *a, enum metric m);
/* The most that a group has which is not held, in the metric of the limit. */
uint64_t accumulator_floor(const struct accumulator *a);
/* Whether the group was not held all the time: it has what its tally says or more, */
bool accumulator_is_partial(const struct accumulator *a, uint32_t index);
/* and so much more, in the metric of the limit, at most. Of distinct values that are a sample,
 * three standard deviations. */
uint64_t accumulator_missing(const struct accumulator *a, uint32_t index);
/* Every row that there is was folded in. */
void accumulator_settled(struct accumulator *a);
/* Counted anew it would be exact, or far nearer to it. */
bool accumulator_wants_recount(const struct accumulator *a);
/* Forgets every row to be counted anew for that. */
void accumulator_recount(struct accumulator *a);

/* ---- reports: rows are only folded in, by threads, and the dictionary is the loop's ---- */

/* accumulator_limit() holds when accumulator_shrink() is called, on the loop; until then up to
 * `rows` rows are folded in. */
void accumulator_defer(struct accumulator *a, uint32_t rows);

/* What has no room can be had when all rows are folded in again: a part of the groups is held at a
 * time, by a hash of their keys, with all that they have (query_part.h). Gives up half of what is
 * held, of groups or of their distinct values; false: there is nothing to give up. Loop thread. */
bool accumulator_cut(struct accumulator *a);
/* What its groups take, arrays that may grow to twice as much aside. */
size_t accumulator_used(const struct accumulator *a);
/* Whether some groups were given up. */
bool accumulator_is_part(const struct accumulator *a);
/* All rows were folded in. False: not all distinct values of its groups were counted, for which
 * they are to be folded in again. There is room for num / den times what was held. */
bool accumulator_has_counted(struct accumulator *a, uint64_t num, uint64_t den);
/* Forgets those groups for the next part; false: that was the last. Sums over all groups stay, and
 * are complete with the first pass. */
bool accumulator_go_on(struct accumulator *a, uint64_t num, uint64_t den);
/* Forgets every group; nothing is folded in while it is off. */
void accumulator_put_off(struct accumulator *a, bool off);
bool accumulator_is_off(const struct accumulator *a);
/* An empty one for the same groups, which takes some of those that others hold. */
struct accumulator *accumulator_like(const struct accumulator *a);
/* Copies groups that it has not. */
void accumulator_take(struct accumulator *a, const struct accumulator *from, const uint32_t *index,
		      uint32_t n);
/* Keeps those `n` groups alone. */
void accumulator_keep(struct accumulator *a, const uint32_t *index, uint32_t n);
/* Counted anew from the first part on, which is as wide as the last one was; sums stay. */
void accumulator_start_over(struct accumulator *a);
/* The same, for the groups alone whose place is one of the set, which is borrowed until the next start
 * (query_part.h). */
struct place_set;
void accumulator_look_for(struct accumulator *a, const struct place_set *s);
/* Where a group stands among all of a run: a hash of what its key says. */
uint32_t accumulator_place(const struct accumulator *a, uint32_t group);
/* It has the sums of `from` and says how many groups there were, `ranked` of them with a rank. */
void accumulator_speak_for(struct accumulator *a, const struct accumulator *from, uint64_t ranked);

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
