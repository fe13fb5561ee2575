/* asserts.h - the assertions of --assert over what is read: judged at its end, and while it is
 * followed whenever another minute of it is complete. */
#ifndef ENITOP_ASSERTS_H
#define ENITOP_ASSERTS_H

#include "cli/options.h"
#include "cli/trusts.h"
#include "monitor/monitor.h"

struct asserts;

/* NULL with a message on standard error where one reads wrong. `trusts` has every segment before this
 * one has; it stays the caller's. */
struct asserts *asserts_new(const struct options *o, struct monitor *m, struct trusts *trusts);
void asserts_free(struct asserts *v);
/* How many findings there are of a severity or a rule, -1: they are not judged. Without it none
 * are. */
void asserts_set_findings(struct asserts *v, int64_t (*count)(void *ctx, struct str name),
			  void *ctx);
/* The rows of a published segment, which stays the caller's; those inside `span` count. */
void asserts_add(struct asserts *v, const struct segment *s, struct span span);
/* Judges all and adds what became of them; `complete`: all that was given was read. */
void asserts_judge(struct asserts *v, struct span span, bool complete, struct buf *out);
/* The same, if another minute is complete since the last time. */
bool asserts_judge_minute(struct asserts *v, struct span span, bool complete, struct buf *out);
/* By what was judged last: 3 one failed, 4 one is not proven, else 0. */
int asserts_status(const struct asserts *v);

#endif
