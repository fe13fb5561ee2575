/* terminal.h - what goes to standard output and standard error. Files and pipes get it as it is;
 * a terminal gets nothing that it would obey, or that would hide or turn what stands beside it:
 * signs of control (but for the ends of lines), marks of direction, characters without width, what
 * is no UTF-8, and all but ASCII where the locale is not of UTF-8. Those are \xNN, a byte each.
 * What the program draws on its own screen does not come by here. */
#ifndef ENITOP_TERMINAL_H
#define ENITOP_TERMINAL_H

#include "base/util.h"

/* Writes all of it to 1 or 2, guarded where that is a terminal. 0 or negative errno. */
int write_out(int fd, struct str text);
/* "enitop: ..." on standard error, a line for people: guarded wherever that goes, since names of
 * files come from others, and one line whatever they have. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define GUARD_ROOM 16 /* bytes that a character may become, at most */

/* Takes what fits off the front of *text and puts it, guarded, to `out`; returns the bytes put
 * there. `size` is at least GUARD_ROOM. Allocates nothing. */
size_t terminal_guard(struct str *text, char *out, size_t size);

#endif
