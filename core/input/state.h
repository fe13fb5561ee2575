/* state.h - --state: what was read, kept in a file from run to run. Saved every few seconds
 * by a job and at the end; always whole: a new file takes the old one's place. Loop thread. */
#ifndef ENITOP_STATE_H
#define ENITOP_STATE_H

#include <uv.h>

#include "input/identity.h"

struct state_events {
	void *ctx;
	/* What was handed on is about to be noted as done: write it out. False: it could not be
	 * written. */
	bool (*saving)(void *ctx);
	void (*failed)(void *ctx, const char *path, int error); /* negative errno */
};

struct state;

/* Reads the file into `identities`, which outlive the state. `follow`: saves from time to
 * time. NULL with *error set: -EINVAL where the file is none of ours. */
struct state *state_open(uv_loop_t *loop, struct identities *identities, const char *path,
			 bool follow, const struct state_events *events, int *error);
/* Saves now, for the last time. 0 or a negative errno. */
int state_save(struct state *s);
/* Stops without saving; `closed` comes from the loop when it is gone. */
void state_close(struct state *s, void (*closed)(void *ctx), void *ctx);

#endif
