/* remote.h - reports of a server that holds the records, in place of inputs: clickhouse://. */
#ifndef ENITOP_REMOTE_H
#define ENITOP_REMOTE_H

#include "cli/options.h"

/* Whether an input is a server, so that it is the one that is asked. */
bool remote_is_asked(const struct options *o);
/* What goes with none, of what was asked for; NULL: nothing. Adds what a question can't say to
 * `error`, as far as that does not depend on the server. */
bool remote_can(const struct options *o, struct buf *error);
/* Prints the options' reports; the exit status. */
int remote_run(const struct options *o);

#endif
