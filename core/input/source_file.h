/* source_file.h - one regular file, read from where it was left: what source_named.c and
 * source_found.c share. What is not an operation runs in a job that has the source. */
#ifndef ENITOP_SOURCE_FILE_H
#define ENITOP_SOURCE_FILE_H

#include "input/source.h"

#define FILE_HEAD 1024    /* raw bytes that tell a rewritten file from an appended one */
#define FILE_PATIENCE 5   /* looks, before a file that was replaced or removed is let go */
#define FILE_YOUNG_S 3600 /* a file that was written to within this time may well grow */

struct file {
	char *path; /* NULL: a descriptor only */
	int fd;     /* -1: closed */
	bool follow;
	struct stand stand; /* which file it is, and as it was seen last; inode 0: none yet */
	off_t from, at;     /* where it was begun; what is read next */
	bool bounded;       /* it is read so far: */
	off_t until;
	unsigned head_n; /* bytes of its beginning, */
	uint32_t head;   /* and their checksum */
};

/* Opens a path that must be a regular file. 0 or an errno; *fd is -1 then. */
int file_open_regular(const char *path, int *fd);
/* Whether the open file is the one that is known, with what was read of it unchanged. Notes
 * which one it is. */
bool file_is_same(struct file *f);
/* The next bytes: their number, 0: none now, SOURCE_CUT: it was truncated or written anew
 * and is read from its beginning next, or a negative errno. */
ssize_t file_read_on(struct source *s, struct file *f, char *out, size_t n);
/* From the beginning. */
void file_start_over(struct source *s, struct file *f);
/* Whether an open file has something to read, or lost what was read. */
bool file_has_more(struct source *s, struct file *f);
/* The same of a closed file, as it stands by a look at its path. */
bool file_has_changed(struct source *s, struct file *f, const struct stand *now);
void file_release(struct file *f);
/* Operations of sources whose `impl` has its struct file as the first member: see
 * source_ops. A young file rests only when it is `crowded`,
 * one that was written to since it was looked at not at all. */
bool file_rest(struct source *s, bool crowded);
void file_rewind(struct source *s);
bool file_stands(const struct source *s, struct stand *out);
bool file_skip_to(struct source *s, const struct stand *then);
int file_whole(struct source *s, uint64_t *from, uint64_t *size);
/* A source with these operations over `impl`. */
struct source *file_source(const struct source_ops *ops, void *impl, const struct file *f,
			   const char *name);

#endif
