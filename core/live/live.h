/* live.h - the queries of the screen, side by side under one filter and one window: what each
 * is answered from is kept equal to the ring by deltas.
 *
 * live_step() does the work in slices: selections and folds of what is new or left
 * the window, newest segments first after a change of the question. Threads help with it. Results can be
 * taken at any time; progress says how much of the ring they stand for. Loop
 * thread only; the ring's evictions must be passed on to live_evict(). */
#ifndef ENITOP_LIVE_H
#define ENITOP_LIVE_H

#include "decode/places.h"
#include "query/flow_pick.h"
#include "query/result.h"
#include "query/snapshot.h"
#include "store/ring.h"

#define LIVE_QUERIES 10

struct live;

struct live *live_new(struct ring *r);
void live_free(struct live *l);
/* How many threads live_step() may keep busy while it lasts, itself included; 1 at first. */
void live_set_workers(struct live *l, unsigned workers);
/* While on, live_step() works alone all the same: the cores have other work, and to wait for
 * a thread that waits for a core would keep keys waiting. */
void live_work_alone(struct live *l, bool on);

/* From now on so many bytes are held at most, however much is asked: rankings keep their
 * heaviest groups (accumulator_limit()). 0, at first: any number. */
void live_set_room(struct live *l, size_t bytes);

/* Adds a query; its number, from 0 on, of at most LIVE_QUERIES. Of a query of records nothing is
 * kept; its rows are live_pick()'s. */
unsigned live_add(struct live *l, const struct query *q);
/* Changes a query: only what it asks otherwise than before is counted anew. Its filter and its
 * times are not looked at: those are the screen's, set by the functions below. */
void live_ask(struct live *l, unsigned query, const struct query *q);
/* The query with the filter and the span that are in force: without a window and limits one
 * without an end, which has what is dated in the future. */
struct query live_query(const struct live *l, unsigned query);

/* Takes the filter; NULL: every flow. */
void live_set_filter(struct live *l, struct filter *f);
/* The labels have changed: what was selected and counted by them is done anew. */
void live_relabel(struct live *l);
const struct filter *live_filter(const struct live *l);
/* While on, second sightings (second.h) are in no answer but those of records. */
void live_set_once(struct live *l, bool on);
bool live_once(const struct live *l);
/* From now on what bytes cost is added up, by borrowed prices, in place of packets lost, for
 * queries that ask for METRIC_COST: to those, and in their answers, a record with a price is no second
 * sighting. NULL, at first: no more. */
void live_set_prices(struct live *l, const struct prices *p);
/* Which log a source is of (places.h); all of one at first. */
void live_set_logs(struct live *l, unsigned (*log_of)(void *ctx, uint32_t source), void *ctx);
/* What the records that the ring has had teach of interfaces. */
const struct places *live_places(const struct live *l);
/* From now on they are told how interfaces get to the internet (places_want_ways()). */
void live_want_ways(struct live *l);
/* Whether that is of all records that the ring has now. */
bool live_has_places(const struct live *l);
/* Somebody who keeps sums of all rows of the ring, whatever is looked at now. Called from
 * live_step(), a bounded number of rows at a time, once the rows are published, known to the places
 * and judged: with sign 1 for rows that are new, with -1 when they leave, and with 0 when the
 * places or `second` have changed since: to be taken out as they were, which the consumer alone
 * knows by then, and in again as they are. Each row comes and leaves once. */
struct live_consumer {
	/* `second`: the bits of second sightings, from row 0 of the segment on. */
	void (*rows)(void *ctx, const struct segment *s, uint32_t first, uint32_t n, int sign,
		     const uint64_t *second);
	void *ctx;
};
/* One at most; before the ring has rows, or what has left is not told. */
void live_set_consumer(struct live *l, struct live_consumer c);
/* The last `seconds` of log time; 0: all there is. */
void live_set_window(struct live *l, int64_t seconds);
int64_t live_window(const struct live *l);
/* Time travel: from <= time < to is looked at, and the window no longer follows log time
 * nor counts. INT64_MIN, INT64_MAX: back to the window. What two spans have in common is
 * kept, as far as the bins stay as wide. */
void live_look_at(struct live *l, int64_t from, int64_t to);
/* The span that stands still; false: the window is in force. */
bool live_looks_at(const struct live *l, struct span *out);
/* The span that is looked at now, limits included. Series are of this span too: of records that
 * end after it they have what falls in it. */
struct span live_span(const struct live *l);
/* How long the records in it aggregate, in seconds: 60 or 600 as AWS does, more where
 * most of a segment's are longer; 0: not known. */
int64_t live_interval(const struct live *l);
/* Nothing before `from` or from `to` on is looked at, whatever the window; INT64_MIN,
 * INT64_MAX: no limit. */
void live_set_limits(struct live *l, int64_t from, int64_t to);
/* The sides of a mark (epoch seconds; INT64_MIN: none) in the window now in force. */
struct compare live_compare(const struct live *l, int64_t mark);
/* While on, what is ranked by its change ends at live_complete(), all of the window with it, and
 * a mark has sides only where that leaves an interval after it: a conversation whose next record
 * is still to come is not gone. Off at first. */
void live_compare_whole(struct live *l, bool on);
/* Log time less one interval (60 s where none is known): what ended before has been delivered.
 * INT64_MIN: there is no log time. */
int64_t live_complete(const struct live *l);
/* Whether that leaves less than an interval after a mark inside the window. */
bool live_is_early(const struct live *l, int64_t mark);
/* While on, rows that arrive are not looked at and log time stands still. */
void live_pause(struct live *l, bool on);

void live_evict(struct live *l, struct segment *s);
/* Marks of the segment's rows are about to change: takes out what was folded of them, until the next
 * step. */
void live_remark(struct live *l, const struct segment *s);

/* Works for about `budget_ns`; true while there is more to do. */
bool live_step(struct live *l, uint64_t budget_ns);
/* Rows done of rows to do, for the question in force. */
void live_progress(const struct live *l, uint64_t *done, uint64_t *total);

/* The answer to a query: of the ranks in `w`, with bins as far as the trend is known, which
 * follows the rows that are to have bins; the timeline's with what was refused, a heatmap's with what
 * was refused of their bytes as `sent`. Of a query of
 * records only what live_totals() gives. Call result_release() on it. */
void live_answer(struct live *l, unsigned query, struct result_window w, struct result *r);
/* Whether an answer is counted anew only because it can be exact now: who has it may keep it. */
bool live_is_recounting(const struct live *l, unsigned query);
/* Of any answer what does not depend on its rows: window, totals, what is complete of it. */
void live_totals(const struct live *l, struct result *r);
/* The rank of the group with this key now (0: the best); UINT32_MAX: there is none. */
uint32_t live_rank_of(struct live *l, unsigned query, const struct value *key);

/* The first `limit` matching flows in the window in an order, as far as they are selected; *out
 * is the caller's to free, and valid until the ring changes. *matching is how many there are in
 * the window. */
size_t live_pick(struct live *l, const struct flow_order *o, size_t limit, struct flow_ref **out,
		 uint64_t *matching);
/* Another number whenever live_pick() may have another answer. */
uint64_t live_stamp(const struct live *l);

/* Notes what is looked at now, and no more than that: the segments, with as many rows as count. */
void live_snapshot(const struct live *l, struct snapshot *out);
/* Flows that match the filter at any time, window and limits aside, as far as they are
 * selected. */
uint64_t live_matches(const struct live *l);

/* Log time in force (stands still while paused); INT64_MIN: none. */
int64_t live_now(const struct live *l);
size_t live_bytes(const struct live *l);

#endif
