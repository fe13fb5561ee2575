/* folder_bound.h - links that lead out of a folder that was named. What others may write to a
 * folder is read with it, and no more than that: what a name led to is judged when it is open,
 * for it may lead elsewhere a moment later. */
#ifndef ENITOP_FOLDER_BOUND_H
#define ENITOP_FOLDER_BOUND_H

#include <stddef.h>
#include <sys/stat.h>

/* In all of these the first `bound` bytes of `path` are the folder that was named; 0: links may
 * lead anywhere. They return 0, or a negative errno: -EXDEV where it leads out of that folder,
 * -ENOSYS where the system does not tell (no /proc). */

/* Whether `fd`, opened by `path`, stands in the folder, or is it. */
int folder_bound_check(int fd, const char *path, size_t bound);
/* stat() of what the path leads to; *st is set for -EXDEV too. */
int folder_bound_stat(const char *path, size_t bound, struct stat *st);

#endif
