/* whys.h - the questions of --why over a batch: what they can rest on is kept of the records that
 * are read, and answered when all were. */
#ifndef ENITOP_WHYS_H
#define ENITOP_WHYS_H

#include "cli/options.h"
#include "monitor/monitor.h"

struct whys;

/* Adds the fields of records that answers rest on. */
void whys_want(struct field_set *out);

/* NULL with a message on standard error where a question reads wrong; names stand for addresses
 * once the labels are there. */
struct whys *whys_new(const struct options *o, struct monitor *m);
void whys_free(struct whys *w);
/* The rows of a published segment, which stays the caller's; answers rest on those inside `span`. */
void whys_add(struct whys *w, const struct segment *s, struct span span);
/* Adds an answer a question, of one without a port one for each; `complete`: all was read.
 * Returns whether all that was needed is in them. */
bool whys_answer(struct whys *w, bool complete, struct buf *out);

#endif
