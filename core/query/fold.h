/* fold.h - the queries of reports, answered side by side from segments that pass once:
 * accumulators are dealt out to lanes, which take the segments in order in a job of their own,
 * and a segment is freed behind the last lane. What labels are part of is folded on the loop,
 * where labels are looked up. */
#ifndef ENITOP_FOLD_H
#define ENITOP_FOLD_H

#include <uv.h>

#include "query/answer.h"

#define FOLD_MAX 32 /* accumulators */

struct folds;

/* Too much waits to be folded (true), or no longer. */
typedef void folds_full_fn(void *ctx, bool full);

/* A series goes on when `hold` bytes of segments wait, or nothing more comes: bins that were
 * begun too narrow cost much, and how wide they must be shows as time goes on. Beyond `most`
 * it is full. */
struct folds *folds_new(uv_loop_t *loop, struct dict *d, size_t hold, size_t most,
			folds_full_fn *full, void *ctx);
/* Waits for the jobs, forgets what is left, frees the tables. */
void folds_free(struct folds *f);
/* Behind the last query, before the first segment. From now on so many bytes are held at most, of tables and of the values of
 * their keys, where those are not the ring's (`shares_values`); `more` than that where there is one table
 * alone and rows come again. `again`: all segments can be put
 * again, and answers are exact; else tables keep the heaviest groups (accumulator_limit()). */
void folds_limit(struct folds *f, size_t room, size_t more, bool again, bool shares_values);
/* Times behind this are none of the bars' (INT64_MAX, at first: all may be). */
void folds_set_latest(struct folds *f, int64_t latest);
/* Adds a query, before the first segment; returns its number, from 0 on. Queries that rank the
 * same groups share what is added up for them. */
unsigned folds_ask(struct folds *f, const struct query *q);
/* Takes the segment, which is freed when it is folded, unless the ring keeps it. Those of its
 * rows count that have their bit in `bits`, which is copied, and are in the span. */
void folds_put(struct folds *f, struct segment *s, const uint64_t *bits, struct span span,
	       bool kept);
/* Nothing more comes: runs the loop until all is folded. */
void folds_drain(struct folds *f);
/* Behind folds_drain(): whether all segments are to be put again, in any order, for groups that
 * had no room; then again behind the next folds_drain(). Of bits and spans those of the first
 * time. */
bool folds_go_on(struct folds *f, struct span window);
/* An answer needs the rows from a rank on (answer_needs()), where there is no room for all: all
 * segments are to be put again, and as long as folds_go_on() says. Then answer_renew(). */
void folds_show(struct folds *f, unsigned n, uint32_t rank, struct span window);
/* The answer to a query, behind folds_drain(), to be given back by answer_release() before the
 * folds go. Of records it has no rows, but the window and its times. */
void folds_answer(struct folds *f, unsigned n, struct span window, struct answer *a);

#endif
