/* stand.h - which file it is and how it stands, as a look at it told. */
#ifndef ENITOP_STAND_H
#define ENITOP_STAND_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct stand {
	uint64_t device, inode; /* inode 0: none */
	uint64_t size;          /* bytes */
	int64_t mtime_ns;       /* of its last write; epoch ns */
};

static inline struct stand stand_of(const struct stat *st)
{
	return (struct stand){ .device = st->st_dev,
			       .inode = st->st_ino,
			       .size = (uint64_t)st->st_size,
			       .mtime_ns = st->st_mtim.tv_sec * INT64_C(1000000000) +
					   st->st_mtim.tv_nsec };
}

static inline bool stand_is_same_file(const struct stand *a, const struct stand *b)
{
	return a->device == b->device && a->inode == b->inode;
}

/* The same file, and not written to in between. */
static inline bool stand_is_unchanged(const struct stand *a, const struct stand *b)
{
	return stand_is_same_file(a, b) && a->size == b->size && a->mtime_ns == b->mtime_ns;
}

#endif
