/* source_file.c - see source_file.h. No watch is trusted: a look at the file is the truth.
 * A file may be truncated and filled again between two looks; so each piece that was read
 * is held back until the file's beginning is seen to be the same as before. */
#include "source_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

int file_open_regular(const char *path, int *fd)
{
	struct stat st;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0)
		return errno;
	if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode))
		return 0;
	close(*fd);
	*fd = -1;
	/* A device has no end and no beginning. */
	return S_ISDIR(st.st_mode) ? EISDIR : EOPNOTSUPP;
}

void file_start_over(struct source *s, struct file *f)
{
	f->at = 0;
	f->head = f->head_n = 0;
	source_progress(s, s->size, 0);
}

static bool head_changed(const struct file *f)
{
	unsigned char now[FILE_HEAD];
	ssize_t got = f->head_n ? pread(f->fd, now, f->head_n, 0) : 0;

	return got != (ssize_t)f->head_n || crc32(0, now, f->head_n) != f->head;
}

bool file_is_same(struct file *f)
{
	struct stat st;
	bool same;

	if (fstat(f->fd, &st) != 0)
		return false;
	same = f->known && st.st_dev == f->device && st.st_ino == f->inode;
	if (!same) {
		f->known = true;
		f->device = st.st_dev;
		f->inode = st.st_ino;
	}
	return same && st.st_size >= f->at && !head_changed(f);
}

static void keep_head(struct file *f, const char *out, size_t got)
{
	size_t room = FILE_HEAD - f->head_n;
	unsigned n = (unsigned)(got < room ? got : room);

	if ((size_t)f->at != f->head_n || n == 0)
		return;
	f->head = (uint32_t)crc32(f->head, (const Bytef *)out, n);
	f->head_n += n;
}

ssize_t file_read_on(struct source *s, struct file *f, char *out, size_t n)
{
	struct stat st = { 0 };
	ssize_t got = pread(f->fd, out, n, f->at);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -errno;
	if (f->follow && fstat(f->fd, &st) == 0 && (st.st_size < f->at + got || head_changed(f))) {
		file_start_over(s, f);
		return SOURCE_CUT;
	}
	keep_head(f, out, (size_t)got);
	f->at += got;
	if (!f->follow && fstat(f->fd, &st) != 0)
		st.st_size = f->at;
	source_progress(s, (uint64_t)st.st_size, (uint64_t)f->at);
	return got;
}

/* A line that its writer left unfinished is one when nothing came behind it for long. */
static bool has_ripe_line(struct source *s, const struct stat *st)
{
	s->ripe = source_is_unfinished(s) && st->st_mtime + FILE_RIPE_S <= time(NULL);
	return s->ripe;
}

bool file_has_more(struct source *s, struct file *f)
{
	struct stat st;

	if (fstat(f->fd, &st) != 0)
		return false;
	source_progress(s, (uint64_t)st.st_size, (uint64_t)f->at);
	return st.st_size != f->at || has_ripe_line(s, &st) || head_changed(f);
}

bool file_has_changed(struct source *s, struct file *f, const struct stat *st)
{
	return st->st_dev != f->device || st->st_ino != f->inode || st->st_size != f->at ||
	       st->st_ctim.tv_sec != f->changed.tv_sec ||
	       st->st_ctim.tv_nsec != f->changed.tv_nsec || has_ripe_line(s, st);
}

bool file_rest(struct source *s, bool crowded)
{
	struct file *f = s->impl;
	struct stat st;

	if (f->fd < 0 || !f->path || fstat(f->fd, &st) != 0)
		return false;
	if (f->follow && !crowded && st.st_mtime > time(NULL) - FILE_YOUNG_S)
		return false;
	f->changed = st.st_ctim;
	close(f->fd);
	f->fd = -1;
	return true;
}

static struct identity_file stand_of(const struct stat *st)
{
	return (struct identity_file){ .device = st->st_dev,
				       .inode = st->st_ino,
				       .size = (uint64_t)st->st_size,
				       .mtime_ns = st->st_mtim.tv_sec * INT64_C(1000000000) +
						   st->st_mtim.tv_nsec };
}

void file_rewind(struct source *s)
{
	file_start_over(s, s->impl);
}

bool file_stands(const struct source *s, struct identity_file *out)
{
	const struct file *f = s->impl;
	struct stat st;

	if (f->fd < 0 || fstat(f->fd, &st) != 0 || st.st_size != f->at)
		return false;
	*out = stand_of(&st);
	return true;
}

bool file_skip_to(struct source *s, const struct identity_file *then)
{
	struct file *f = s->impl;

	if (!f->known || f->device != then->device || f->inode != then->inode ||
	    f->at > (off_t)then->size)
		return false;
	f->at = (off_t)then->size;
	source_progress(s, s->size, then->size);
	return true;
}

bool source_file_was_read(struct source *s, struct identities *all)
{
	struct file *f = s->impl;
	struct identity_file now;
	struct identity *i;
	struct stat st;

	if (stat(f->path, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	now = stand_of(&st);
	i = identity_of_file(all, &now);
	if (!i)
		return false;
	i->seen_s = (int64_t)time(NULL);
	f->known = true;
	f->device = st.st_dev;
	f->inode = st.st_ino;
	f->changed = st.st_ctim;
	f->at = st.st_size;
	return true;
}

void file_release(struct file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	free(f->path);
}

struct source *file_source(const struct source_ops *ops, void *impl, const struct file *f,
			   const char *name)
{
	struct source *s = xcalloc(1, sizeof *s);
	struct stat st;

	s->ops = ops;
	s->impl = impl;
	s->name = xstrndup(name, strlen(name));
	s->input_ended = !f->follow;
	s->ready = true;
	/* For the progress; looked at again with the data. */
	if (f->path ? stat(f->path, &st) == 0 : fstat(f->fd, &st) == 0)
		s->size = (uint64_t)st.st_size;
	return s;
}
