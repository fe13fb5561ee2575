/* source_found.c - a file of a folder, followed as itself: under its next name it goes on,
 * until it is removed; what takes its name is another source. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input/folder_bound.h"
#include "input/source_file.h"

struct found_source {
	struct file file; /* first: see source_file.h */
	size_t bound;     /* of its path: see folder_bound.h */
	struct met *met;  /* its next name: from the loop to the jobs */
	bool gone;        /* removed, and read to its end */
	unsigned looks;   /* since it was removed */
};

struct met {
	size_t bound;
	char path[];
};

/* ---- in jobs ---- */

static bool leads_to(const char *path, const struct file *f, struct stand *out)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	*out = stand_of(&st);
	return stand_is_same_file(out, &f->stand);
}

/* Another link to it is no news. */
static void take_name(struct source *s, struct found_source *f)
{
	struct met *met = __atomic_exchange_n(&f->met, NULL, __ATOMIC_ACQ_REL);
	struct stand here;

	if (!met)
		return;
	if (leads_to(f->file.path, &f->file, &here)) {
		free(met);
		return;
	}
	free(f->file.path);
	f->file.path = xstrndup(met->path, strlen(met->path));
	f->bound = met->bound;
	free(met);
	free(s->new_name);
	s->new_name = xstrndup(f->file.path, strlen(f->file.path));
	f->looks = 0;
	f->gone = false;
	s->moved = false;
}

/* Another file may stand there since it was met: this one is waited for. */
static bool leads_elsewhere(struct file *f)
{
	struct stat st;
	struct stand here;

	if (!f->follow || fstat(f->fd, &st) != 0)
		return false;
	here = stand_of(&st);
	return !stand_is_same_file(&here, &f->stand);
}

static void shut(struct file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/* 0: go on; else what found_read returns. */
static ssize_t open_it(struct source *s, struct file *f, size_t bound)
{
	int error = file_open_regular(f->path, &f->fd);

	if (!error)
		error = -folder_bound_check(f->fd, f->path, bound);
	if (error)
		shut(f);
	if (error && !(f->follow && error == ENOENT))
		return -error;
	if (error || leads_elsewhere(f)) {
		shut(f);
		s->moved = true;
		return 0;
	}
	if (f->at == 0 || file_is_same(f))
		return 0;
	file_start_over(s, f);
	return SOURCE_CUT;
}

static ssize_t found_read(struct source *s, char *out, size_t n)
{
	struct found_source *f = s->impl;
	ssize_t rc;

	take_name(s, f);
	if (f->file.fd < 0) {
		rc = open_it(s, &f->file, f->bound);
		if (rc || f->file.fd < 0)
			return rc;
	}
	return file_read_on(s, &f->file, out, n);
}

/* The name of the file leads elsewhere: it was moved, or removed. Returns whether it is over. */
static bool has_gone(struct source *s, struct found_source *f, bool all_read)
{
	struct stat st;
	bool removed = f->file.fd < 0 || (fstat(f->file.fd, &st) == 0 && st.st_nlink == 0);

	s->moved = true;
	f->looks += removed && all_read && !s->hinted;
	f->gone = removed && all_read && f->looks >= FILE_PATIENCE;
	return f->gone;
}

static bool found_check(struct source *s)
{
	struct found_source *f = s->impl;
	struct stand here;
	bool there, more;

	take_name(s, f);
	there = leads_to(f->file.path, &f->file, &here);
	if (f->file.fd >= 0)
		more = file_has_more(s, &f->file);
	else
		more = there && (!s->resting || file_has_changed(s, &f->file, &here));
	if (there)
		f->looks = 0;
	return there ? more : has_gone(s, f, !more) || more;
}

/* ---- on the loop ---- */

static enum source_state found_dry(struct source *s)
{
	struct found_source *f = s->impl;

	if (f->file.follow && !f->gone)
		return f->file.fd < 0 && !s->resting ? SOURCE_WAITING : SOURCE_FOLLOWING;
	if (f->gone)
		shut(&f->file);
	if (f->gone && f->file.at == 0 && s->size > 0)
		source_fault(s, "'%s' was removed before it was read", s->name);
	if (f->gone)
		source_gone(s, f->file.stand.inode);
	f->gone = false;
	f->looks = 0;
	return SOURCE_DONE;
}

static void found_free(struct source *s)
{
	struct found_source *f = s->impl;

	file_release(&f->file);
	free(f->met);
	free(f);
}

static const struct source_ops found_ops = {
	.kind = "file",
	.read = found_read,
	.check = found_check,
	.dry = found_dry,
	.rest = file_rest,
	.rewind = file_rewind,
	.stands = file_stands,
	.skip_to = file_skip_to,
	.whole = file_whole,
	.free = found_free,
};

struct source *source_file_found(const char *path, size_t bound, const struct stand *stand,
				 bool follow)
{
	struct found_source *f = xcalloc(1, sizeof *f);

	f->bound = bound;
	f->file = (struct file){
		.path = xstrndup(path, strlen(path)), .fd = -1, .follow = follow, .stand = *stand
	};
	struct source *s = file_source(&found_ops, f, &f->file, path);
	s->mount = stand->device;
	return s;
}

void source_file_met(struct source *s, const char *path, size_t bound)
{
	struct found_source *f = s->impl;
	size_t n = strlen(path);
	struct met *met;

	if (s->ops != &found_ops)
		return;
	if (s->state == SOURCE_DONE)
		source_is_ready(s); /* it was taken for removed */
	/* A job looks whether the old name still leads to the file: that may take its time. */
	if (strcmp(s->name, path) == 0)
		return;
	met = xmalloc(sizeof *met + n + 1);
	met->bound = bound;
	memcpy(met->path, path, n + 1);
	free(__atomic_exchange_n(&f->met, met, __ATOMIC_ACQ_REL));
}
