/* identity_state.h - what identity.c and identity_file.c share. Private to them. */
#ifndef ENITOP_IDENTITY_STATE_H
#define ENITOP_IDENTITY_STATE_H

#include "identity.h"

struct identities {
	struct dict *keys;                     /* head_n and hash: ids index `list` */
	struct identity **list;                /* NULL: free */
	size_t cap;                            /* of list */
	uint32_t of_length[IDENTITY_HEAD + 1]; /* how many are known by so many bytes */
	uint64_t nameless;
};

bool identity_enter(struct identities *all, struct identity *i);

#endif
