/* identity_state.h - what identity.c and identity_file.c share. Private to them. */
#ifndef ENITOP_IDENTITY_STATE_H
#define ENITOP_IDENTITY_STATE_H

#include "input/identity.h"

struct identities {
	struct dict *keys;      /* hashes of first lines: ids index `list` */
	struct identity **list; /* the streams that begin so; NULL: none */
	size_t cap;             /* of list */
	size_t n;               /* streams */
	size_t headers;         /* bytes of their headers */
	struct dict *file_keys; /* device and inode, of what was loaded: ids index `of_file` */
	struct identity **of_file;
	size_t file_cap;
};

/* Takes a stream that has a mark at least. */
void identity_enter(struct identities *all, struct identity *i);

#endif
