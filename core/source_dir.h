/* source_dir.h - the files below a directory. */
#ifndef ENITOP_SOURCE_DIR_H
#define ENITOP_SOURCE_DIR_H

/* Calls `file` with the path of every regular file below `path`, in the order of
 * their names, which for delivered logs is that of time. Leaves out hidden names and
 * those of unfinished copies (.part, .tmp). Returns 0 or the negative errno of
 * `path` itself; what can't be read below it goes to `failed`. */
int source_dir_walk(const char *path, void (*file)(void *ctx, const char *path),
		    void (*failed)(void *ctx, const char *path, int error), void *ctx);

#endif
