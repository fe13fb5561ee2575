/* source_file.c - a file by name or descriptor, read to its end and followed: appended,
 * rotated by rename (what is left of the old one first), truncated, gone and back. No
 * watch is trusted: a look at the file, each second, is the truth. Everything but
 * dry() and the constructors runs in jobs, one at a time. */
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

struct file {
	char *path;      /* NULL: a descriptor only */
	int fd, next_fd; /* -1: none; next: the file that took its place */
	bool follow, opened, rewritten;
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

static ssize_t file_read(struct source *s, char *out, size_t n)
{
	struct file *f = s->impl;
	struct stat st;
	ssize_t got;

	if (f->fd < 0 && f->path) {
		f->error = open_regular(f->path, &f->fd);
		if (f->error)
			return f->follow && f->error == ENOENT ? 0 : -f->error;
		bool another = f->opened;
		if (!same_as_before(f)) {
			start_over(s, f);
			/* What the one before left unfinished is not this one's beginning. */
			if (another)
				return SOURCE_BREAK;
		}
	}
	if (f->rewritten) {
		start_over(s, f);
		return SOURCE_BREAK;
	}
	got = pread(f->fd, out, n, f->at);
	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -errno;
	if (got == 0 && f->next_fd >= 0) {
		close(f->fd);
		f->fd = f->next_fd;
		f->next_fd = -1;
		same_as_before(f);
		start_over(s, f);
		return SOURCE_BREAK;
	}
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

	if (!f->path || f->next_fd >= 0 || stat(f->path, &here) != 0 || fstat(f->fd, &ours) != 0)
		return;
	if (here.st_ino != ours.st_ino || here.st_dev != ours.st_dev)
		open_regular(f->path, &f->next_fd);
}

static bool file_check(struct source *s)
{
	struct file *f = s->impl;
	struct stat st;

	if (f->fd < 0 && f->opened && s->resting)
		return stat(f->path, &st) == 0 &&
		       (st.st_dev != f->device || st.st_ino != f->inode || st.st_size != f->at);
	if (f->fd < 0)
		return f->path && access(f->path, F_OK) == 0;
	look_for_successor(f);
	if (fstat(f->fd, &st) != 0)
		return false;
	source_progress(s, (uint64_t)st.st_size, (uint64_t)f->at);
	if (S_ISREG(st.st_mode) && (st.st_size < f->at || head_changed(f)))
		f->rewritten = true;
	return f->rewritten || f->next_fd >= 0 || st.st_size > f->at;
}

/* ---- on the loop ---- */

static enum source_state file_dry(struct source *s)
{
	struct file *f = s->impl;

	if (!f->follow)
		return SOURCE_DONE;
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

static void file_free(struct source *s)
{
	struct file *f = s->impl;

	if (f->fd >= 0)
		close(f->fd);
	if (f->next_fd >= 0)
		close(f->next_fd);
	free(f->path);
	free(f);
}

static const struct source_ops file_ops = {
	.kind = "file",
	.read = file_read,
	.check = file_check,
	.dry = file_dry,
	.rest = file_rest,
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

struct source *source_fd_new(const char *name, int fd, bool follow)
{
	return file_new(name, NULL, fd, follow);
}
