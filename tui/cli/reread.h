/* reread.h - the input of reports once more, for what could not be told, or had no room, when it was
 * read. */
#ifndef ENITOP_REREAD_H
#define ENITOP_REREAD_H

#include "cli/reports.h"

/* Whether what the options name can be had again: files that are neither followed nor gone on with
 * from an earlier run, or a window that the ring holds until the end. */
bool can_reread(const struct options *o);
/* Bytes that the table of one ranking may have besides monitor_share(), which reckons with several.
 * Each part of its groups is a reading of all files, so that a small budget gains most. */
uint64_t reread_room(const struct options *o);
/* Whether all that is read are files, which are there again. */
bool reread_is_of_files(const struct options *o);
/* Whether the ring holds what counts until the end: a window's end, an order, or whose packets are
 * whose, is known then, and the input can't be had again. */
bool reread_holds(const struct options *o);
/* Gives all segments once more to `add`; false: the input is not what it was. */
bool reread(struct reports *r, void (*add)(struct reports *r, struct segment *s, bool kept));

#endif
