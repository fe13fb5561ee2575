/* reread.h - the input of reports once more, for groups that had no room when it was read. */
#ifndef ENITOP_REREAD_H
#define ENITOP_REREAD_H

#include "cli/reports.h"

/* Whether what the options name can be had again: files that are neither followed nor gone on with
 * from an earlier run, or a window that the ring holds until the end. */
bool can_reread(const struct options *o);
/* Folds it once more into the reports' tables; false: it is not what it was. */
bool reread(struct reports *r);

#endif
