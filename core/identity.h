/* identity.h - which stream of lines a file holds, whatever its name, its inode and its
 * compression: known by its first KiB of lines. Two files with the same beginning are the
 * same stream (a copy, a gzip of a rotated log, the file itself after a restart): what came
 * out of one is not taken again out of the other. Loop thread. */
#ifndef ENITOP_IDENTITY_H
#define ENITOP_IDENTITY_H

#include "util.h"

#define IDENTITY_HEAD 1024
#define IDENTITY_TAIL 64

/* A stream. All places are bytes of its lines, envelopes taken off. */
struct identity {
	uint64_t at;     /* so much was taken */
	uint64_t linked; /* and so much of it has been handed on as records */
	char tail[IDENTITY_TAIL];
	unsigned tail_n; /* the bytes before `at` */
	unsigned head_n; /* of its beginning, that it is known by */
	uint64_t hash;
	unsigned files; /* that hold it, as far as met */
	int64_t seen_s; /* when it was last met */
};

/* Where one file stands in its stream. Zero-initialise; release when its stream ends. */
struct identity_place {
	struct identity *identity; /* NULL: not known yet */
	uint64_t at;
	struct buf head;   /* its beginning, until there is enough of it */
	bool head_whole;   /* there was */
	struct buf header; /* the last header line among what was left out */
	bool alone;        /* it is not the stream that it looked like */
};

struct identities;

struct identities *identities_new(void);
void identities_free(struct identities *all);
size_t identities_bytes(const struct identities *all);

void identity_release(struct identity_place *p);

/* What is to be done with `n` bytes, whole lines, that come next in a file. */
struct identity_take {
	size_t skip;  /* leave out so many of them: they were taken from another file */
	bool restart; /* read the file again from its beginning: another stream */
};
struct identity_take identity_take(struct identities *all, struct identity_place *p,
				   struct str lines);

/* The memory of a run for the next: reads and writes the whole file, the latter at once
 * (a new file takes its place). 0 or a negative errno; a file that is none of ours is
 * -EINVAL, one that is missing is no error. */
int identities_load(struct identities *all, const char *path);
int identities_save(const struct identities *all, const char *path);

#endif
