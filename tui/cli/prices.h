/* prices.h - prices as they are given: an ini file, its section [prices] or none, or the same on
 * one line with commas between. */
#ifndef ENITOP_PRICES_H
#define ENITOP_PRICES_H

#include "base/util.h"
#include "store/charges.h"

/* Takes what `value` has: the path of a file, or "nat=0.05,source=ours". What it does not name stays as
 * it was, but for the source, which is `value` then. False with what is wrong in `error`. */
bool prices_read(const char *value, struct prices *p, struct buf *error);

#endif
