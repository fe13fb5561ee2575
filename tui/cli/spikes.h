/* spikes.h - the report `--view spike`: series that are watched over a batch, judged when all was read,
 * or what had no room before. */
#ifndef ENITOP_SPIKES_H
#define ENITOP_SPIKES_H

#include "cli/options.h"
#include "monitor/monitor.h"
#include "triage/watched.h"

struct spikes;

/* How series of bytes are judged, with that z-score. */
struct spike_rule spikes_rule(const struct options *o, double z);
/* Adds the filters of --watch, and puts them into `filter`, which has room for WATCHED_MAX: they are the
 * caller's to free, once the series are. */
void spikes_add_watches(const struct options *o, struct watched *w, struct filter **filter);
/* Adds the fields of records that series are of; false: any may be read. */
bool spikes_want(const struct options *o, struct field_set *out);

/* Writes to `out`, which is borrowed. */
struct spikes *spikes_new(const struct options *o, struct monitor *m, struct buf *out);
void spikes_free(struct spikes *v);
/* The rows of a published segment, which stays the caller's; those inside `span` count. */
void spikes_add(struct spikes *v, const struct segment *s, struct span span);
/* `complete`: all was read. Returns whether the answer is. */
bool spikes_answer(struct spikes *v, bool complete);

#endif
