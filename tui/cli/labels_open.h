/* labels_open.h - from the command line to the labels of a monitor, and what is said of
 * files that are not good. */
#ifndef ENITOP_LABELS_OPEN_H
#define ENITOP_LABELS_OPEN_H

#include "monitor/monitor.h"
#include "cli/options.h"

/* Reads the files of labels that were asked for, before inputs are added. False with a
 * message on standard error when a file can't be read. Lines that are wrong are said there too;
 * `message` (NULL: not wanted) is then the first of them, else as it was. */
bool labels_open(const struct options *o, struct monitor *m, char *message, size_t size);
/* A line each on standard error, and how many more there are. */
void labels_complain(const struct label_faults *f);
/* The first fault and how many more, for one line of the screen; without one `message` is as
 * it was. Releases the faults. */
void labels_faults_message(struct label_faults *f, char *message, size_t size);

#endif
