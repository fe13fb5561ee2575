/* live.h - the queries of the screen: every pane's accumulators under one filter
 * and one window, kept equal to the ring by deltas.
 *
 * live_step() does the work in slices: selections and folds of what is new or left
 * the window, newest segments first after a change of the question. Threads help with it. Results can be
 * taken at any time; progress says how much of the ring they stand for. Loop
 * thread only; the ring's evictions must be passed on to live_evict(). */
#ifndef ENITOP_LIVE_H
#define ENITOP_LIVE_H

#include "query/flow_pick.h"
#include "query/result.h"
#include "store/ring.h"

struct live;

struct live *live_new(struct ring *r);
void live_free(struct live *l);
/* How many threads live_step() may keep busy while it lasts, itself included; 1 at first. */
void live_set_workers(struct live *l, unsigned workers);
/* While on, live_step() works alone all the same: the cores have other work, and to wait for
 * a thread that waits for a core would keep keys waiting. */
void live_work_alone(struct live *l, bool on);

/* Takes the filter; NULL: every flow. */
void live_set_filter(struct live *l, struct filter *f);
/* The labels have changed: what was selected and counted by them is done anew. */
void live_relabel(struct live *l);
const struct filter *live_filter(const struct live *l);
/* The last `seconds` of log time; 0: all there is. */
void live_set_window(struct live *l, int64_t seconds);
int64_t live_window(const struct live *l);
/* Time travel: from <= time < to is looked at, and the window no longer follows log time
 * nor counts. INT64_MIN, INT64_MAX: back to the window. What two spans have in common is
 * kept, as far as the bins stay as wide. */
void live_look_at(struct live *l, int64_t from, int64_t to);
/* That span; false: the window is in force. */
bool live_looks_at(const struct live *l, struct span *out);
/* What is looked at now, limits included. Series are of this time too: of records that
 * end after it they have what falls in it. */
struct span live_span(const struct live *l);
/* How long the records in it aggregate, in seconds: 60 or 600 as AWS does, more where
 * most of a segment's are longer; 0: not known. */
int64_t live_interval(const struct live *l);
/* Nothing before `from` or from `to` on is looked at, whatever the window; INT64_MIN,
 * INT64_MAX: no limit. */
void live_set_limits(struct live *l, int64_t from, int64_t to);
/* Groups of VIEW_TALKERS and VIEW_REJECTS. */
void live_set_group(struct live *l, enum view_kind v, const struct group *g);
const struct group *live_group(const struct live *l, enum view_kind v);
/* Ranked answers count apart what is before `time` (epoch seconds; INT64_MIN: no mark). */
void live_set_mark(struct live *l, int64_t time);
int64_t live_mark(const struct live *l);
/* The sides of the mark in the window now in force. */
struct compare live_compare(const struct live *l);
/* While on, and where the mark has two sides, rows are ranked by what changed, those with
 * the change `only` (CHANGES: any). */
void live_rank_changes(struct live *l, bool on, enum change only);
/* What VIEW_PORTS ranks as rows, and what its bins are: a field each (FIELD_SERVICE by
 * FIELD_BIN at first). Any but FIELD_BIN may be a row. */
void live_set_heat(struct live *l, int row, int column);
void live_heat(const struct live *l, int *row, int *column);
/* What METRIC_DISTINCT counts in talkers and ports: one part, or n 0: nothing. */
void live_set_distinct(struct live *l, const struct group *distinct);
/* While on, rows that arrive are not looked at and log time stands still. */
void live_pause(struct live *l, bool on);

void live_evict(struct live *l, struct segment *s);

/* Works for about `budget_ns`; true while there is more to do. */
bool live_step(struct live *l, uint64_t budget_ns);
/* Rows done of rows to do, for the question in force. */
void live_progress(const struct live *l, uint64_t *done, uint64_t *total);

/* The answer of a pane; call result_release() on it. Ranked rows of talkers and
 * rejects carry bins as far as their trend is known; the timeline's what was refused. */
void live_result(struct live *l, enum view_kind v, enum metric m, uint32_t limit, struct result *r);

/* The same of some ranks of talkers, rejects or ports; the trend follows those with bins. */
void live_result_window(struct live *l, enum view_kind v, enum metric m, struct result_window w,
			struct result *r);
/* The rank of the group with this key now (0: the best); UINT32_MAX: there is none. */
uint32_t live_rank_of(struct live *l, enum view_kind v, enum metric m, const struct value *key);

/* The newest `limit` matching flows in the window, newest first, as far as they are
 * selected. Returns their number. Valid until the ring changes. */
size_t live_flows(struct live *l, size_t limit, struct flow_ref *out);
/* The first `limit` of them in another order; *out is the caller's to free. *matching is
 * how many there are in the window. */
size_t live_pick(struct live *l, const struct flow_order *o, size_t limit, struct flow_ref **out,
		 uint64_t *matching);
/* Another number whenever live_pick() may have another answer. */
uint64_t live_stamp(const struct live *l);

/* Flows that match the filter at any time, window and limits aside, as far as they are
 * selected. */
uint64_t live_matches(const struct live *l);

/* Log time in force (stands still while paused); INT64_MIN: none. */
int64_t live_now(const struct live *l);
size_t live_bytes(const struct live *l);

#endif
