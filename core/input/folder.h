/* folder.h - what is new below some folders. Runs in a job, one at a time; remembers what it
 * has told, so that looking again costs little: folders whose time of change stands still
 * are not read again where the file system can be trusted to keep it. */
#ifndef ENITOP_FOLDER_H
#define ENITOP_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "input/stand.h"

struct folder_file {
	const char *path;
	size_t bound; /* see folder_bound.h */
	struct stand stand;
	bool again; /* told before under this name */
};

struct folder_events {
	void *ctx;
	/* A regular file that was not told yet, or another file under a name that was. */
	void (*file)(void *ctx, const struct folder_file *f);
	/* A folder was read that stands where its changes can be watched (watches.h); `time_s`: the
	 * last one of it or of a file that was told. May be NULL. */
	void (*folder)(void *ctx, const char *path, int64_t time_s);
	/* A folder or file that can't be looked at; each once. `error` is negative. */
	void (*failed)(void *ctx, const char *path, int error);
};

struct folder_walk;

struct folder_walk *folder_walk_new(void);
void folder_walk_free(struct folder_walk *w);
/* One more folder. Nothing is read yet. `follow_links`: also those that lead out of it. */
void folder_walk_add(struct folder_walk *w, const char *path, bool follow_links);
/* Looks through all folders and everything below them. Hidden names and those of unfinished
 * copies (.part, .tmp, the eight hexadecimal digits of `aws s3`) are left out. */
void folder_walk_run(struct folder_walk *w, const struct folder_events *e);
/* Whether a name is looked at at all. */
bool folder_reads_name(const char *name);
/* Looks at one name in a folder that was looked through, and tells of it also when it did before;
 * NULL: reads the folder if it has changed. */
void folder_walk_look(struct folder_walk *w, const char *folder, const char *name,
		      const struct folder_events *e);
/* What links lead to that were not followed, because it is out of the folder that was named, and
 * no other folder that is read; each link once. *n: how many there are since it was last asked.
 * Until the next look. */
const struct stand *folder_walk_outside(struct folder_walk *w, size_t *n);
/* The inodes of files that nobody knows the names of any more: should such a file stand
 * anywhere, or another one with its inode, it is told, though it was before. Sorts the inodes. */
void folder_walk_forget(struct folder_walk *w, uint64_t *inode, size_t n);
/* Whether changes of a folder can be told by its time of change, and be watched: where the kernel
 * of this machine makes them. */
bool folder_is_local(const char *path);
/* Whether some folder stands where times of change can't be trusted: each look reads it. */
bool folder_walk_is_remote(const struct folder_walk *w);

#endif
