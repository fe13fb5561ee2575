/* rules_open.h - from the command line to the rules of findings. */
#ifndef ENITOP_RULES_OPEN_H
#define ENITOP_RULES_OPEN_H

#include "cli/options.h"
#include "triage/rules.h"

/* NULL with a message on standard error where a file can't be read. */
struct rules *rules_open(const struct options *o);

#endif
