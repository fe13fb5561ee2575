/* batch.h - one report, or a stream of flows, on standard output. */
#ifndef ENITOP_BATCH_H
#define ENITOP_BATCH_H

#include "cli/options.h"

/* Runs to the end; the exit status. */
int batch_run(const struct options *o);

#endif
