/* folder_hints.h - between a look through folders and those who watch them: which folders are
 * worth it, and what happened in them. Both are bounded. */
#ifndef ENITOP_FOLDER_HINTS_H
#define ENITOP_FOLDER_HINTS_H

#include "input/watches.h"

/* The folders that had news last. Zero-initialise. */
struct newest_folders {
	struct {
		char *path;
		int64_t time_s;
	} folder[WATCHES_MAX];
	size_t n;
};

void newest_folders_add(struct newest_folders *l, const char *path, int64_t time_s);
void newest_folders_clear(struct newest_folders *l);

/* Names that something happened to. Zero-initialise. */
struct folder_hints {
	struct folder_hint {
		char *folder, *name; /* name NULL: anything in it */
	} * hint;
	size_t n, cap;
};

/* False: there is no room for one more. */
bool folder_hints_add(struct folder_hints *l, const char *folder, const char *name);
void folder_hints_clear(struct folder_hints *l);
void folder_hints_release(struct folder_hints *l);

#endif
