/* watches.h - hints that something happened in a folder, where the kernel tells (inotify):
 * a look can be had at once then, instead of when its time comes. Never more than hints: what
 * they miss (NFS, FUSE, beyond a limit) is found by the looks that come anyway. Loop thread. */
#ifndef ENITOP_WATCHES_H
#define ENITOP_WATCHES_H

#include <uv.h>

#include "base/util.h"

#define WATCHES_MAX 64          /* folders: the newest */
#define WATCHES_NAMED INT64_MAX /* as a time: newer than any */
#define WATCHES_EVERY_MS 100    /* ten looks a second at most */
#define WATCHES_AGAIN_MS 10000  /* a folder that could not be watched is tried again */
#define WATCHES_EVENTS 4 /* of a folder in WATCHES_EVERY_MS: it is paused until the next look, */
#define WATCHES_VAIN_MS 1000 /* or so long, where others write all the time */

struct watches_events {
	void *ctx;
	/* Something happened to `name` in the folder; NULL: maybe to anything in it. True: there
	 * is something to look at. */
	bool (*stirred)(void *ctx, const char *folder, const char *name);
	/* Time to look at what has stirred. */
	void (*look)(void *ctx);
};

struct watches;

struct watches *watches_new(uv_loop_t *loop, const struct watches_events *e);
/* A folder that had news at that time; it must stand on a file system of this machine: the
 * loop goes to it. Watched from the next turn of the loop on, unless there are WATCHES_MAX
 * newer ones. */
void watches_add(struct watches *w, const char *folder, int64_t time_s);
/* Stops; `closed` comes from the loop when it is gone. */
void watches_close(struct watches *w, void (*closed)(void *ctx), void *ctx);

#endif
