/* source_named.c - a file that was asked for by name, and what stands under that name in
 * the course of time: appended, truncated, rotated by rename (what is left of the old one
 * first), gone and back. The file that took the name is followed as soon as all of the old one is
 * read, which is then looked at for a while beside it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input/source_between.h"
#include "input/source_late.h"

#define NEXT_MAX 16 /* files that took the name, one after the other */

struct named {
	struct file file; /* first: see source_file.h */
	struct {
		int fd; /* opened at once, so that it can't get away */
		struct stand stand;
	} next[NEXT_MAX];      /* of the files that took its name */
	unsigned nexts, looks; /* looks since the first did, or since more came */
	bool settled;          /* see source_is_settled: now, in a read job */
	struct file left;      /* by the last read job, for the next one; inode 0: none */
	struct late_files late;
	struct past_files past; /* what was read under the name before */
};

/* 0: go on; else what named_read returns. */
static ssize_t open_it(struct source *s, struct file *f)
{
	bool another = f->stand.inode != 0;
	int error = file_open_regular(f->path, &f->fd);

	if (error)
		return f->follow && error == ENOENT ? 0 : -error;
	if (file_is_same(f))
		return 0;
	file_start_over(s, f);
	/* What the one before left unfinished is not this one's beginning. */
	return another ? SOURCE_BREAK : 0;
}

/* The file that took its name is next once nothing came for a while, where something was begun: a
 * line is given time to be finished. */
static bool is_over(const struct named *f, bool hurried)
{
	return f->nexts && (f->file.at == 0 || f->looks >= FILE_PATIENCE || hurried);
}

/* `open`: more may come in the file that is left. */
static ssize_t next_file(struct source *s, struct named *f, bool open)
{
	past_files_add(&f->past, &f->file);
	if (open)
		f->left = f->file;
	else
		close(f->file.fd);
	f->file.fd = f->next[0].fd;
	f->nexts--;
	memmove(f->next, f->next + 1, f->nexts * sizeof *f->next);
	f->looks = 0;
	file_is_same(&f->file);
	file_start_over(s, &f->file);
	return SOURCE_BREAK;
}

static void add_next(struct named *f, int fd, struct stand stand)
{
	if (f->nexts == NEXT_MAX) {
		close(fd);
		return;
	}
	f->next[f->nexts].fd = fd;
	f->next[f->nexts].stand = stand;
	f->nexts++;
}

/* Files that took its name and lost it before they were seen; `here` has it now. */
static void look_between(struct named *f, const struct stand *last, const struct stand *here)
{
	struct stand open[NEXT_MAX + 1] = { f->file.stand }, stand[BETWEEN_MAX];
	struct past_files past = f->past;
	unsigned n = 1, found;
	int fd[BETWEEN_MAX];

	for (unsigned i = 0; i < f->nexts; i++)
		open[n++] = f->next[i].stand;
	past_files_add(&past, &f->file);
	found = files_between(f->file.path, last, here, open, n, &past, fd, stand);
	for (unsigned i = 0; i < found; i++)
		add_next(f, fd[i], stand[i]);
}

static void look_for_successor(struct named *f)
{
	const struct stand *last = f->nexts ? &f->next[f->nexts - 1].stand : &f->file.stand;
	struct stand here;
	struct stat st;
	int fd;

	if (!f->file.path || stat(f->file.path, &st) != 0)
		return;
	here = stand_of(&st);
	if (stand_is_same_file(&here, last) || f->nexts == NEXT_MAX ||
	    file_open_regular(f->file.path, &fd) != 0)
		return;
	if (fstat(fd, &st) == 0)
		here = stand_of(&st);
	look_between(f, last, &here);
	add_next(f, fd, here);
}

static ssize_t named_read(struct source *s, char *out, size_t n)
{
	struct named *f = s->impl;
	bool hurried = __atomic_load_n(&s->hurried, __ATOMIC_RELAXED);
	ssize_t got;

	if (f->file.fd < 0 && f->file.path) {
		got = open_it(s, &f->file);
		if (got || f->file.fd < 0)
			return got;
	}
	got = file_read_on(s, &f->file, out, n);
	if (got == 0 && hurried)
		look_for_successor(f);
	if (got == 0 && is_over(f, hurried))
		return next_file(s, f, false);
	if (got == 0 && f->nexts && f->settled)
		return next_file(s, f, true);
	s->leaves = got == 0 && f->nexts;
	if (got > 0)
		f->looks = 0;
	f->settled &= got <= 0;
	return got;
}

static bool named_check(struct source *s)
{
	struct named *f = s->impl;
	struct stand now;
	struct stat st;

	s->has_late = late_files_grew(&f->late, s->hinted);
	if (f->file.fd < 0) {
		if (!f->file.path || stat(f->file.path, &st) != 0)
			return false;
		now = stand_of(&st);
		return !s->resting || file_has_changed(s, &f->file, &now);
	}
	f->looks += f->nexts && !s->hinted;
	look_for_successor(f);
	return file_has_more(s, &f->file) || f->nexts;
}

static enum source_state named_dry(struct source *s)
{
	struct named *f = s->impl;

	if (!f->file.follow)
		return SOURCE_DONE;
	if (f->file.fd >= 0 || s->resting)
		return SOURCE_FOLLOWING;
	if (s->state == SOURCE_READING)
		source_fault(s, "cannot open '%s': %s", s->name, uv_strerror(UV_ENOENT));
	return SOURCE_WAITING;
}

static bool named_rest(struct source *s, bool crowded)
{
	struct named *f = s->impl;

	/* What is written to it before it is renamed could not be found again. */
	if (f->file.follow && !crowded)
		return false;
	return !f->nexts && file_rest(s, crowded);
}

static void named_prepare(struct source *s)
{
	((struct named *)s->impl)->settled = source_is_settled(s);
}

static void named_leave(struct source *s)
{
	struct named *f = s->impl;

	if (f->left.stand.inode)
		late_files_add(&f->late, s, &f->left);
	f->left = (struct file){ 0 };
}

static void named_free(struct source *s)
{
	struct named *f = s->impl;

	while (f->nexts)
		close(f->next[--f->nexts].fd);
	if (f->left.stand.inode)
		close(f->left.fd);
	late_files_release(&f->late);
	file_release(&f->file);
	free(f);
}

static const struct source_ops named_ops = {
	.kind = "file",
	.prepare = named_prepare,
	.read = named_read,
	.check = named_check,
	.leave = named_leave,
	.dry = named_dry,
	.rest = named_rest,
	.rewind = file_rewind,
	.stands = file_stands,
	.skip_to = file_skip_to,
	.whole = file_whole,
	.free = named_free,
};

static struct source *named_new(const char *name, struct file file)
{
	struct named *f = xcalloc(1, sizeof *f);

	f->file = file;
	return file_source(&named_ops, f, &f->file, name);
}

struct source *source_file_late(struct source *s, struct source_left *left)
{
	struct named *f = s->impl;

	return s->ops == &named_ops ? late_files_take(&f->late, s->name, left) : NULL;
}

struct source *source_file_new(const char *path, const struct stand *stand, bool follow)
{
	struct source *s = named_new(path, (struct file){ .path = xstrndup(path, strlen(path)),
							  .fd = -1,
							  .follow = follow,
							  .stand = { .size = stand->size } });

	s->mount = stand->device;
	return s;
}

struct source *source_fd_new(const char *name, int fd, bool follow)
{
	off_t here = lseek(fd, 0, SEEK_CUR), at = here < 0 ? 0 : here;
	struct stat st;
	struct stand stand = { 0 };

	if (fstat(fd, &st) == 0)
		stand = stand_of(&st);
	return named_new(
		name,
		(struct file){ .fd = fd, .follow = follow, .from = at, .at = at, .stand = stand });
}

static bool is_file(const struct source *s)
{
	return s->ops->rewind == file_rewind;
}

struct source *source_again(const struct source *s)
{
	const struct file *f = s->impl;
	struct file again = { .fd = -1, .bounded = true };
	struct source *out;

	if (!is_file(s) || f->follow || s->read == 0)
		return NULL;
	if (f->path)
		again.path = xstrndup(f->path, strlen(f->path));
	else
		again.fd = dup(f->fd);
	again.at = again.from = f->from;
	again.until = f->at;
	again.stand.size = (uint64_t)f->at;
	out = named_new(s->name, again);
	out->mount = s->mount;
	return out;
}

bool source_stands(const struct source *s)
{
	const struct file *f = s->impl;
	struct stand now;
	struct stat st;

	if (!is_file(s) || s->read == 0)
		return true;
	if ((f->path ? stat(f->path, &st) : fstat(f->fd, &st)) != 0)
		return false;
	now = stand_of(&st);
	/* What was written behind it is not read. */
	return stand_is_unchanged(&now, &f->stand) ||
	       (stand_is_same_file(&now, &f->stand) && now.size > f->stand.size);
}
