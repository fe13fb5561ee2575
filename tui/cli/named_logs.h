/* named_logs.h - which of the inputs that were named a source belongs to: itself, or the folder that
 * it was found in. What a log holds at all is said of a whole input, not of each object in it. */
#ifndef ENITOP_NAMED_LOGS_H
#define ENITOP_NAMED_LOGS_H

#include "cli/options.h"
#include "monitor/monitor.h"

/* Zero-initialise but for the first two. */
struct named_logs {
	const struct options *options;
	const struct monitor *monitor;
	unsigned *log; /* by id of a source: 1 + number of the input; 0: not looked up */
	size_t n;
};

/* The number of the input, by the id of a source. */
unsigned named_logs_of(struct named_logs *l, uint32_t source);
void named_logs_release(struct named_logs *l);

#endif
