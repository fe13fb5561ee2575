/* backlog.h - the files of folders that wait to be read. A job looks through the folders
 * again and again; what it finds waits here in order of time, until it is taken or left out.
 * Loop thread. */
#ifndef ENITOP_BACKLOG_H
#define ENITOP_BACKLOG_H

#include <uv.h>

#include "input/folder.h"

#define BACKLOG_NO_SOURCE UINT32_MAX

struct backlog_options {
	bool follow;              /* look again for more, every few seconds */
	unsigned look_ms;         /* between two looks at most; 0: a second */
	bool newest_first;        /* else oldest first */
	bool follow_links;        /* also those that lead out of their folder */
	int64_t since_s, until_s; /* files that can't hold records of this time are left out */
};

struct backlog_events {
	void *ctx;
	/* Something was found, or all was looked through: see backlog_is_looking. */
	void (*found)(void *ctx);
	/* A file that is known already, as source `id`, was met under this name: it was moved, or
	 * there was a hint of it. `bound`: see folder_bound.h. */
	void (*met_again)(void *ctx, uint32_t id, const char *path, size_t bound);
	void (*failed)(void *ctx, const char *path, int error);
	/* A folder whose changes can be watched, and the time of the last one. */
	void (*folder)(void *ctx, const char *path, int64_t time_s);
};

struct backlog_file {
	char *path;
	size_t bound; /* see folder_bound.h */
	struct stand stand;
	int64_t time_s; /* by its name or folder, else of its last change */
	uint32_t known; /* for backlog_is_source */
};

struct backlog_counts {
	size_t folders;   /* asked for */
	size_t waiting;   /* files */
	uint64_t bytes;   /* of the files that wait */
	size_t left_out;  /* by --since, --until */
	size_t older;     /* than what the ring holds */
	size_t links_out; /* that were not followed; see folder_walk_outside() */
	unsigned every_s; /* folders are looked through so often; 0: once */
};

struct backlog;

struct backlog *backlog_new(uv_loop_t *loop, const struct backlog_options *o,
			    const struct backlog_events *e);
void backlog_add_folder(struct backlog *b, const char *path);
/* Whether this file is a source already, or waits to be one. */
bool backlog_knows(struct backlog *b, const struct stand *stand);
/* This file is a source already. */
void backlog_add_source(struct backlog *b, const struct stand *stand, uint32_t id);
/* A file was removed, as far as can be told: should it stand anywhere it is met again. */
void backlog_forget(struct backlog *b, uint64_t inode);
/* Something may have happened to a name in a folder, or to anything in it (NULL). False: nothing
 * that would be read. It is looked at with the next backlog_look_at_hints(). */
bool backlog_hint(struct backlog *b, const char *folder, const char *name);
void backlog_look_at_hints(struct backlog *b);
/* Looks through all folders once more, now: backlog_is_looking() until it is done. */
void backlog_hurry(struct backlog *b);
/* Looks through the folders as soon as may be: a file was moved. */
void backlog_look_soon(struct backlog *b);
/* Takes the next file; false when none waits. The caller frees its path, and says with
 * backlog_is_source what became of it. */
bool backlog_take(struct backlog *b, struct backlog_file *out);
void backlog_is_source(struct backlog *b, uint32_t known, uint32_t id);
/* The time of the file that is next; false when none waits. */
bool backlog_next_time(const struct backlog *b, int64_t *time_s);
/* Newest first: what waits is older than what there is room for. */
void backlog_leave_older(struct backlog *b);
/* Whether some folder was not looked through once yet. */
bool backlog_is_looking(const struct backlog *b);
void backlog_counts(const struct backlog *b, struct backlog_counts *out);
size_t backlog_bytes(const struct backlog *b); /* of memory */
/* Stops; `closed` comes from the loop when it is gone. */
void backlog_close(struct backlog *b, void (*closed)(void *ctx), void *ctx);

#endif
