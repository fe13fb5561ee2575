/* descriptor.h - file descriptors that are shared with others: written to whether they block
 * or not, and given back as they were. */
#ifndef ENITOP_DESCRIPTOR_H
#define ENITOP_DESCRIPTOR_H

#include "base/util.h"

/* Writes all of it; waits for room where the descriptor does not block. 0 or negative errno. */
int write_all(int fd, struct str text);

/* Standard input, output and error are what the shell has too, often one and the same: a loop
 * that makes its input non-blocking makes the output so, and leaves it so to who comes after.
 * Remembers how they are, after one that is closed was opened on /dev/null; they are made so again at exit, or earlier by the second, which a
 * handler of signals may call. */
void descriptors_keep(void);
void descriptors_give_back(void);

#endif
