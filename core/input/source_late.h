/* source_late.h - what still comes in a file that lost its name. The source of the name goes on
 * in the file that took it; a writer that was told late may go on in the old one for a while. */
#ifndef ENITOP_SOURCE_LATE_H
#define ENITOP_SOURCE_LATE_H

#include "input/source_file.h"

#define LATE_MAX 4 /* files that a source has left and looks at */

/* They belong to the source of the name. Zero-initialise. */
struct late_files {
	struct late_file {
		struct file file; /* fd -1: not any more */
		struct source_left left;
		unsigned looks; /* that found nothing */
	} file[LATE_MAX];
	unsigned n;
};

/* On the loop: the source leaves this file, whose descriptor is taken. */
void late_files_add(struct late_files *l, struct source *s, const struct file *f);
/* In a job: whether one of them has got more. A look that was not `hinted` counts: when it was the
 * FILE_PATIENCEth that found nothing, the file is let go. */
bool late_files_grew(struct late_files *l, bool hinted);
void late_files_release(struct late_files *l);
/* On the loop: a source of one that has got more, to be added and then to take up `left`; NULL:
 * there is none. `name` is that of the source that left it. */
struct source *late_files_take(struct late_files *l, const char *name, struct source_left *left);

#endif
