/* inputs.h - from the command line to the sources of a monitor, and what is said of
 * sources that fail. */
#ifndef ENITOP_INPUTS_H
#define ENITOP_INPUTS_H

#include "monitor/monitor.h"
#include "cli/options.h"

/* Opens the file of --state, before inputs are added. False with a message on
 * standard error. */
bool inputs_open_state(const struct options *o, struct monitor *m);
/* Runs a loop whose handles are closing to its end; an operation that hangs in a mount that does
 * not answer is not waited for: the program ends with `status` then. */
void inputs_leave(uv_loop_t *loop, int status);
/* Adds what the options name: the demo, paths, standard input. */
void inputs_add(const struct options *o, struct monitor *m);

#endif
