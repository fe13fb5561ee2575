/* source_dir.c - see source_dir.h. */
#include "source_dir.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util.h"

#define DEPTH_MAX 32

static bool ends_with(const char *s, const char *tail)
{
	size_t n = strlen(s), m = strlen(tail);

	return n >= m && strcmp(s + n - m, tail) == 0;
}

static int finished_name(const struct dirent *e)
{
	return e->d_name[0] != '.' && !ends_with(e->d_name, ".part") &&
	       !ends_with(e->d_name, ".tmp");
}

struct walk {
	void (*file)(void *ctx, const char *path);
	void (*failed)(void *ctx, const char *path, int error);
	void *ctx;
	struct place {
		dev_t device;
		ino_t inode;
	} above[DEPTH_MAX];
};

/* A directory that is being walked already is met again through a symbolic link. */
static bool is_loop(struct walk *w, const char *path, unsigned depth)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	w->above[depth] = (struct place){ st.st_dev, st.st_ino };
	for (unsigned i = 0; i < depth; i++)
		if (w->above[i].device == st.st_dev && w->above[i].inode == st.st_ino)
			return true;
	return false;
}

static int walk(struct walk *w, const char *path, unsigned depth)
{
	struct dirent **entry;
	int n;

	if (depth == DEPTH_MAX || is_loop(w, path, depth))
		return -ELOOP;
	n = scandir(path, &entry, finished_name, alphasort);
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		struct buf child = { 0 };
		struct stat st;
		int error = 0;
		buf_printf(&child, "%s%s%s", path, ends_with(path, "/") ? "" : "/",
			   entry[i]->d_name);
		if (stat(child.s, &st) != 0)
			error = -errno;
		else if (S_ISDIR(st.st_mode))
			error = walk(w, child.s, depth + 1);
		else if (S_ISREG(st.st_mode))
			w->file(w->ctx, child.s);
		if (error)
			w->failed(w->ctx, child.s, error);
		buf_release(&child);
		free(entry[i]);
	}
	free(entry);
	return 0;
}

int source_dir_walk(const char *path, void (*file)(void *ctx, const char *path),
		    void (*failed)(void *ctx, const char *path, int error), void *ctx)
{
	struct walk w = { .file = file, .failed = failed, .ctx = ctx };

	return walk(&w, path, 0);
}
