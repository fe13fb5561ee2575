/* source_between.h - files that had a name between two looks and lost it again: a log that was
 * rotated twice, whose middle file stands under a name of a rotation by then. */
#ifndef ENITOP_SOURCE_BETWEEN_H
#define ENITOP_SOURCE_BETWEEN_H

#include "input/source_file.h"

#define BETWEEN_PAST 8 /* files that had the name before, and are closed */
#define BETWEEN_MAX 8  /* that are found at once */

/* What is known of a file that was read under the name. */
struct past_file {
	struct stand stand;
	unsigned head_n; /* see struct file */
	uint32_t head;
};

struct past_files {
	struct past_file file[BETWEEN_PAST];
	unsigned n, turn;
};

/* A file is read no more under the name. */
void past_files_add(struct past_files *p, const struct file *f);

/* In a job: regular files beside `path` whose name is that one's with a number or a date behind
 * it, last written to not before `before` (what had the name) and not after `here` (what has it
 * now), that are none of the `n` of `open` and nothing that was read under the name, nor a copy of
 * it. Opened, the oldest first. Returns how many; the caller closes them. */
unsigned files_between(const char *path, const struct stand *before, const struct stand *here,
		       const struct stand *open, unsigned n, const struct past_files *past,
		       int fd[BETWEEN_MAX], struct stand stand[BETWEEN_MAX]);

#endif
