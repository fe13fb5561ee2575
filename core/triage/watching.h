/* watching.h - WATCHING: judgement after judgement of what the ring holds, in slices, as log time
 * goes on. One begins when another minute is complete: all interfaces have been heard of beyond it,
 * or are a quarter of an hour late. Loop thread. */
#ifndef ENITOP_WATCHING_H
#define ENITOP_WATCHING_H

#include "triage/edges.h"
#include "triage/findings.h"
#include "triage/summing.h"

#define WATCHING_LATE_S 900 /* who is so far behind the others is not waited for */

struct watching;

/* All of these stay the caller's. `most`: bytes that a judgement may take. */
struct watching *watching_new(const struct rules *rules, struct ring *r, struct edges *e,
			      const struct places *p, struct labels *l, size_t most);
void watching_free(struct watching *w);
/* Before the first step: what rests on sums beside the edges is judged by these, which stay the
 * caller's and are kept up by the steps. */
void watching_set_sums(struct watching *w, struct summing *s);
/* What they are now; of nothing where there are none. */
struct evidence_sums watching_sums(const struct watching *w);
/* Works for about so long; true while a judgement goes on, or is due. */
bool watching_step(struct watching *w, uint64_t budget_ns);
/* More than what came by and by may have come, of minutes that were judged too: judges anew as soon as
 * it can. */
void watching_anew(struct watching *w);
/* Limits or labels have changed: what was judged is judged anew. */
void watching_again(struct watching *w);
/* What has been found so far; the same book as long as it watches. */
struct findings *watching_findings(const struct watching *w);
/* The end of what was judged last, seconds; INT64_MIN: nothing was yet. */
int64_t watching_until(const struct watching *w);
/* Of the ring's segments: as summing_evict(), summing_remark() have it. */
void watching_evict(struct watching *w, const struct segment *g);
void watching_remark(struct watching *w, const struct segment *g);
/* What had no room in the last judgement. */
uint64_t watching_dropped(const struct watching *w);
size_t watching_bytes(const struct watching *w);

#endif
