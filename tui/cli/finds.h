/* finds.h - the view findings over a batch. Whose addresses are whose is learned as records are read;
 * then they are read again for who talks to whom, and what may be wrong is looked at once more. */
#ifndef ENITOP_FINDS_H
#define ENITOP_FINDS_H

#include "cli/options.h"
#include "monitor/monitor.h"
#include "output/export.h"

struct finds;
struct reports;

/* Whether the options ask for it. */
bool finds_asked(const struct options *o);
/* Whether a report begins with them: a table that is asked nothing, of files. */
bool finds_lead(const struct options *o);
/* Adds the fields of records that findings rest on; false: any may be read. */
bool finds_want(const struct options *o, struct field_set *out);
/* NULL with a message on standard error where a file of rules can't be read. */
struct finds *finds_new(const struct options *o, struct monitor *m);
void finds_free(struct finds *f);
/* The rows of a published segment, which stays the caller's. */
void finds_learn(struct finds *f, const struct segment *s);
/* Whether it keeps the segment until it judges, so that the input need not be read again: there is room
 * for all so far. Others may read it until then. */
bool finds_hold(struct finds *f, struct segment *s);
/* All were learned: judges, for which the input is read again, twice; false: it was not the same
 * each time. */
bool finds_judge(struct finds *f, struct reports *all);
/* In a few lines, those that a report begins with. */
void finds_write_lead(struct finds *f, bool complete, struct buf *out);
/* For asserts_set_findings(): how many there are of a severity or a rule; -1: none, but not all could be
 * judged. `ctx`: the finds, which have judged. */
int64_t finds_count(void *ctx, struct str name);
/* Adds the findings; returns whether they are complete. `complete`: all was read. */
bool finds_write(struct finds *f, enum output o, uint64_t limit, bool complete, struct buf *out);

#endif
