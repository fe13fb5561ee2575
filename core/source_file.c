/* source_file.c - a file, read to its end and followed: appended, truncated. One that was
 * asked for by name is what stands under the name: rotated by rename (what is left of the
 * old one first), gone and back. One that was found in a folder is the file itself: under
 * its next name it goes on, until it is removed; what takes its name is another source. No
 * watch is trusted: a look at the file, each second, is the truth. read() and check() run
 * in jobs, one at a time. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "source.h"

#define YOUNG_S 3600 /* a file written to within this time may well grow */
#define HEAD 1024    /* bytes that tell a rewritten file from an appended one */
#define PATIENCE 5   /* looks, before a file that was replaced or removed is let go */

struct file {
	char *path;      /* NULL: a descriptor only */
	char *met;       /* its next name: from the loop to the jobs */
	int fd, next_fd; /* -1: none; next: the file that took its place */
	bool follow, found, opened, rewritten;
	bool gone;      /* removed, and read to its end */
	char last;      /* byte read */
	unsigned looks; /* since it was replaced or removed */
	dev_t device; /* of the file that was last open */
	ino_t inode;
	int error; /* of the last open, as errno; 0: none */
	off_t at;
	char head[HEAD];
	size_t head_n;
};

/* ---- in jobs ---- */

static int open_regular(const char *path, int *fd)
{
	struct stat st;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd < 0)
		return errno;
	if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode))
		return 0;
	close(*fd);
	*fd = -1;
	/* A device has no end and no beginning. */
	return S_ISDIR(st.st_mode) ? EISDIR : EOPNOTSUPP;
}

static void start_over(struct source *s, struct file *f)
{
	f->at = 0;
	f->head_n = 0;
	f->rewritten = false;
	source_progress(s, s->size, 0);
}

static bool head_changed(const struct file *f)
{
	char now[HEAD];
	ssize_t got = pread(f->fd, now, f->head_n, 0);

	return got != (ssize_t)f->head_n || memcmp(now, f->head, f->head_n) != 0;
}

/* Whether the file just opened is the one that was closed for a rest; notes which it is. */
static bool same_as_before(struct file *f)
{
	struct stat st;
	bool same;

	if (fstat(f->fd, &st) != 0)
		return false;
	same = f->opened && st.st_dev == f->device && st.st_ino == f->inode &&
	       st.st_size >= f->at && !head_changed(f);
	f->opened = true;
	f->device = st.st_dev;
	f->inode = st.st_ino;
	return same;
}

static void take_name(struct source *s, struct file *f)
{
	char *met = __atomic_exchange_n(&f->met, NULL, __ATOMIC_ACQ_REL);

	if (!met)
		return;
	free(f->path);
	f->path = met;
	f->looks = 0;
	s->moved = false;
}

/* Opens it. 0: go on; else what file_read returns. */
static ssize_t file_open(struct source *s, struct file *f)
{
	bool another = f->opened;

	f->error = open_regular(f->path, &f->fd);
	if (f->error)
		return f->follow && f->error == ENOENT ? 0 : -f->error;
	if (same_as_before(f))
		return 0;
	start_over(s, f);
	/* What the one before left unfinished is not this one's beginning. */
	return another ? SOURCE_BREAK : 0;
}

/* The file that took its name is next once this one is read: a line that its writer has
 * begun is given time to be finished. */
static bool is_over(const struct file *f, ssize_t got)
{
	return got == 0 && f->next_fd >= 0 &&
	       (f->at == 0 || f->last == '\n' || f->looks >= PATIENCE);
}

static ssize_t next_file(struct source *s, struct file *f)
{
	close(f->fd);
	f->fd = f->next_fd;
	f->next_fd = -1;
	f->looks = 0;
	same_as_before(f);
	start_over(s, f);
	return SOURCE_BREAK;
}

static ssize_t file_read(struct source *s, char *out, size_t n)
{
	struct file *f = s->impl;
	struct stat st;
	ssize_t got;

	take_name(s, f);
	if (f->fd < 0 && f->path) {
		got = file_open(s, f);
		if (got || f->fd < 0)
			return got;
	}
	if (f->rewritten) {
		start_over(s, f);
		return SOURCE_BREAK;
	}
	got = pread(f->fd, out, n, f->at);
	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -errno;
	if (is_over(f, got))
		return next_file(s, f);
	if (got > 0)
		f->last = out[got - 1];
	if (f->head_n < HEAD && (size_t)f->at == f->head_n) {
		size_t keep = (size_t)got < HEAD - f->head_n ? (size_t)got : HEAD - f->head_n;
		memcpy(f->head + f->head_n, out, keep);
		f->head_n += keep;
	}
	f->at += got;
	source_progress(s, fstat(f->fd, &st) == 0 ? (uint64_t)st.st_size : 0, (uint64_t)f->at);
	return got;
}

/* Another file under our name: opened now, so that it can't get away again. */
static void look_for_successor(struct file *f)
{
	struct stat here, ours;

	if (f->next_fd >= 0) {
		f->looks++;
		return;
	}
	if (!f->path || stat(f->path, &here) != 0 || fstat(f->fd, &ours) != 0)
		return;
	if (here.st_ino != ours.st_ino || here.st_dev != ours.st_dev)
		open_regular(f->path, &f->next_fd);
}

static bool leads_to(const char *path, dev_t device, ino_t inode, struct stat *st)
{
	return stat(path, st) == 0 && st->st_dev == device && st->st_ino == inode;
}

/* A found file: notices that its name leads elsewhere, and that it was removed. Returns
 * whether it is over. */
static bool has_gone(struct source *s, struct file *f, bool all_read)
{
	struct stat here, ours;
	bool removed;

	if (leads_to(f->path, f->device, f->inode, &here)) {
		f->looks = 0;
		return false;
	}
	s->moved = true;
	removed = f->fd < 0 || (fstat(f->fd, &ours) == 0 && ours.st_nlink == 0);
	f->gone = removed && all_read && ++f->looks >= PATIENCE;
	return f->gone;
}

static bool resting_check(struct source *s, struct file *f)
{
	struct stat st;

	if (f->found && has_gone(s, f, true))
		return true;
	return stat(f->path, &st) == 0 &&
	       (f->found ? st.st_ino == f->inode && st.st_size != f->at
			 : st.st_dev != f->device || st.st_ino != f->inode || st.st_size != f->at);
}

static bool file_check(struct source *s)
{
	struct file *f = s->impl;
	struct stat st;

	take_name(s, f);
	if (f->fd < 0 && f->opened && s->resting)
		return resting_check(s, f);
	if (f->fd < 0)
		return f->path && access(f->path, F_OK) == 0;
	if (!f->found)
		look_for_successor(f);
	if (fstat(f->fd, &st) != 0)
		return false;
	source_progress(s, (uint64_t)st.st_size, (uint64_t)f->at);
	if (S_ISREG(st.st_mode) && (st.st_size < f->at || head_changed(f)))
		f->rewritten = true;
	if (f->found && has_gone(s, f, st.st_size == f->at))
		return true;
	return f->rewritten || f->next_fd >= 0 || st.st_size > f->at;
}

/* ---- on the loop ---- */

static enum source_state file_dry(struct source *s)
{
	struct file *f = s->impl;

	if (!f->follow || f->gone) {
		if (f->gone && f->fd >= 0) {
			close(f->fd);
			f->fd = -1;
		}
		f->gone = false;
		return SOURCE_DONE;
	}
	return f->fd < 0 && !s->resting ? SOURCE_WAITING : SOURCE_FOLLOWING;
}

/* A descriptor is kept where the file may be renamed and written to: its rest is then
 * found. There are not enough of them for every object of a bucket. */
static bool file_rest(struct source *s, bool crowded)
{
	struct file *f = s->impl;
	struct stat st;

	if (f->fd < 0 || !f->path || f->next_fd >= 0 || f->rewritten)
		return false;
	if (f->follow && !crowded && fstat(f->fd, &st) == 0 && st.st_mtime > time(NULL) - YOUNG_S)
		return false;
	close(f->fd);
	f->fd = -1;
	return true;
}

static void file_rewind(struct source *s)
{
	start_over(s, s->impl);
}

static void file_free(struct source *s)
{
	struct file *f = s->impl;

	if (f->fd >= 0)
		close(f->fd);
	if (f->next_fd >= 0)
		close(f->next_fd);
	free(f->path);
	free(f->met);
	free(f);
}

static const struct source_ops file_ops = {
	.kind = "file",
	.read = file_read,
	.check = file_check,
	.dry = file_dry,
	.rest = file_rest,
	.rewind = file_rewind,
	.free = file_free,
};

static struct source *file_new(const char *name, const char *path, int fd, bool follow)
{
	struct source *s = xcalloc(1, sizeof *s);
	struct file *f = xcalloc(1, sizeof *f);
	struct stat st;

	s->input_ended = !follow;
	*f = (struct file){ .path = path ? xstrndup(path, strlen(path)) : NULL,
			    .fd = fd,
			    .next_fd = -1,
			    .follow = follow };
	if (fd >= 0) {
		off_t at = lseek(fd, 0, SEEK_CUR);
		f->at = at < 0 ? 0 : at;
	}
	s->ops = &file_ops;
	s->impl = f;
	s->name = xstrndup(name, strlen(name));
	s->ready = true;
	if (path ? stat(path, &st) == 0 : fstat(fd, &st) == 0)
		s->size = (uint64_t)st.st_size; /* for the progress; read again with the data */
	return s;
}

struct source *source_file_new(const char *path, bool follow)
{
	return file_new(path, path, -1, follow);
}

struct source *source_file_found(const char *path, bool follow)
{
	struct source *s = file_new(path, path, -1, follow);
	struct file *f = s->impl;

	f->found = true;
	s->identify = true;
	return s;
}

void source_file_met(struct source *s, const char *path)
{
	struct file *f = s->impl;
	struct stat here, there;

	/* Another link to it is no news. */
	if (s->ops != &file_ops || !f->found || strcmp(s->name, path) == 0 ||
	    stat(path, &there) != 0 || leads_to(s->name, there.st_dev, there.st_ino, &here))
		return;
	free(s->name);
	s->name = xstrndup(path, strlen(path));
	free(__atomic_exchange_n(&f->met, xstrndup(path, strlen(path)), __ATOMIC_ACQ_REL));
	if (s->state == SOURCE_DONE)
		source_is_ready(s); /* it was taken for removed */
}

struct source *source_fd_new(const char *name, int fd, bool follow)
{
	return file_new(name, NULL, fd, follow);
}
