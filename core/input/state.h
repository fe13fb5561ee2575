/* state.h - --state: what was read, kept in a file from run to run. Saved every few seconds
 * by a job and at the end; always whole: a new file takes the old one's place. Loop thread. */
#ifndef ENITOP_STATE_H
#define ENITOP_STATE_H

#include <uv.h>

#include "input/identity.h"

#define STATE_FILE_MAX ((size_t)1 << 30) /* bytes: some 2 million logs */

struct state_events {
	void *ctx;
	/* What was handed on is about to be noted as done: write it out. False: it could not be
	 * written. */
	bool (*saving)(void *ctx);
	/* A save: the path that could not be written, a negative errno. */
	void (*failed)(void *ctx, const char *path, int error);
};

struct state;

/* Reads the file into `identities`, which outlive the state. `follow`: saves from time to
 * time. A file that is not there is empty. NULL with *error set: -EINVAL where the file is none of
 * ours, -EISDIR or -EOPNOTSUPP where it is no regular one, -EFBIG beyond STATE_FILE_MAX. */
struct state *state_open(uv_loop_t *loop, struct identities *identities, const char *path,
			 bool follow, const struct state_events *events, int *error);
/* Saves now, for the last time. */
void state_save(struct state *s);
/* Stops without saving; `closed` comes from the loop when it is gone. */
void state_close(struct state *s, void (*closed)(void *ctx), void *ctx);

#endif
