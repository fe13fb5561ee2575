/* fold.h - segments into accumulators, side by side: in lanes, which take them in order in a
 * job of their own, and a segment is freed behind the last. For reports, whose segments pass
 * once; what labels are part of is folded on the loop, where labels are looked up. */
#ifndef ENITOP_FOLD_H
#define ENITOP_FOLD_H

#include <uv.h>

#include "query/query.h"

#define FOLD_MAX 32 /* accumulators */

struct folds;

struct fold_events {
	void *ctx;
	/* Before a series goes on: its bins may be made wider (accumulator_set_bin_shift). */
	void (*series)(void *ctx, struct accumulator *a);
	/* Too much waits (true), or no longer. */
	void (*full)(void *ctx, bool full);
};

/* A series goes on when `hold` bytes of segments wait, or nothing more comes: bins that were
 * begun too narrow cost much, and how wide they must be shows as time goes on. Beyond `most`
 * it is full. */
struct folds *folds_new(uv_loop_t *loop, struct dict *d, size_t hold, size_t most,
			const struct fold_events *events);
/* Waits for the jobs, forgets what is left. */
void folds_free(struct folds *f);
/* The accumulator stays the caller's, who leaves it alone until folds_drain. */
void folds_add(struct folds *f, struct accumulator *a);
/* Takes the segment. Those of its rows count that have their bit in `bits`, which is copied,
 * and are in the span. */
void folds_put(struct folds *f, struct segment *s, const uint64_t *bits, struct span span);
/* Nothing more comes: runs the loop until all is folded. */
void folds_drain(struct folds *f);

#endif
