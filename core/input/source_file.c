/* source_file.c - see source_file.h. A watch is a hint: a look at the file is the truth.
 * A file may be truncated and filled again between two looks; so each piece that was read
 * is held back until the file's beginning is seen to be the same as before. */
#include "input/source_file.h"

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

/* A read that fails says nothing of it. */
static bool head_changed(const struct file *f)
{
	unsigned char now[FILE_HEAD];
	ssize_t got = f->head_n ? pread(f->fd, now, f->head_n, 0) : 0;

	return got >= 0 && (got != (ssize_t)f->head_n || crc32(0, now, f->head_n) != f->head);
}

bool file_is_same(struct file *f)
{
	struct stat st;
	struct stand now, before = f->stand;

	if (fstat(f->fd, &st) != 0)
		return false;
	f->stand = now = stand_of(&st);
	return before.inode && stand_is_same_file(&before, &now) && st.st_size >= f->at &&
	       !head_changed(f);
}

/* Takes note of how the open file stands. */
static bool look_at_file(struct source *s, struct file *f)
{
	struct stat st;

	if (fstat(f->fd, &st) != 0)
		return false;
	f->stand = stand_of(&st);
	source_progress(s, f->stand.size, (uint64_t)f->at);
	return true;
}

/* `got` bytes more were read up to f->at. */
static void keep_head(struct file *f, const char *out, size_t got)
{
	size_t room = FILE_HEAD - f->head_n;
	unsigned n = (unsigned)(got < room ? got : room);

	if ((size_t)f->at - got != f->head_n || n == 0)
		return;
	f->head = (uint32_t)crc32(f->head, (const Bytef *)out, n);
	f->head_n += n;
}

/* The file is opened again for the next try. NFS says ESTALE of a file that was removed
 * elsewhere: its name, or its next one, is looked for. */
static ssize_t read_error(struct source *s, struct file *f, int error)
{
	if (f->path) {
		close(f->fd);
		f->fd = -1;
	}
	if (error != ESTALE || !f->follow)
		return -error;
	s->moved = true;
	return 0;
}

ssize_t file_read_on(struct source *s, struct file *f, char *out, size_t n)
{
	size_t left = f->bounded && f->until > f->at ? (size_t)(f->until - f->at) : 0;
	ssize_t got = pread(f->fd, out, !f->bounded || n < left ? n : left, f->at);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : read_error(s, f, errno);
	f->at += got;
	if (look_at_file(s, f) && f->follow &&
	    (f->stand.size < (uint64_t)f->at || head_changed(f))) {
		file_start_over(s, f);
		s->truncated = true;
		return SOURCE_CUT;
	}
	keep_head(f, out, (size_t)got);
	return got;
}

/* A line that its writer left unfinished is one when nothing came behind it for long. */
static bool has_ripe_line(struct source *s, const struct stand *now)
{
	s->ripe = source_is_unfinished(s) &&
		  now->mtime_ns / 1000000000 + SOURCE_RIPE_S <= (int64_t)time(NULL);
	return s->ripe;
}

bool file_has_more(struct source *s, struct file *f)
{
	return look_at_file(s, f) &&
	       (f->stand.size != (uint64_t)f->at || has_ripe_line(s, &f->stand) || head_changed(f));
}

bool file_has_changed(struct source *s, struct file *f, const struct stand *now)
{
	return !stand_is_unchanged(&f->stand, now) || now->size != (uint64_t)f->at ||
	       has_ripe_line(s, now);
}

/* Whether it is as it was seen last: what was written since is lost when it is closed now and
 * removed. This runs on the loop: a server that may not answer is not asked. */
static bool stands_still(const struct file *f)
{
	struct statx now;

	if (statx(f->fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_SIZE | STATX_MTIME, &now))
		return true;
	return now.stx_size == f->stand.size &&
	       now.stx_mtime.tv_sec * INT64_C(1000000000) + now.stx_mtime.tv_nsec ==
		       f->stand.mtime_ns;
}

bool file_rest(struct source *s, bool crowded)
{
	struct file *f = s->impl;

	if (f->fd < 0 || !f->path)
		return false;
	if (f->follow && !crowded &&
	    f->stand.mtime_ns / 1000000000 + FILE_YOUNG_S > (int64_t)time(NULL))
		return false;
	if (f->follow && s->state != SOURCE_FAILED && !stands_still(f))
		return false;
	close(f->fd);
	f->fd = -1;
	return true;
}

void file_rewind(struct source *s)
{
	file_start_over(s, s->impl);
}

bool file_stands(const struct source *s, struct stand *out)
{
	const struct file *f = s->impl;

	*out = f->stand;
	return f->fd >= 0 && f->stand.size == (uint64_t)f->at;
}

bool file_skip_to(struct source *s, const struct stand *then)
{
	struct file *f = s->impl;

	if (!stand_is_same_file(&f->stand, then) || f->at > (off_t)then->size ||
	    f->stand.size < then->size)
		return false;
	f->at = (off_t)then->size;
	source_progress(s, s->size, then->size);
	return true;
}

int file_whole(struct source *s, uint64_t *from, uint64_t *size)
{
	struct file *f = s->impl;
	int fd = f->fd < 0 ? -1 : fcntl(f->fd, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		return f->fd < 0 ? -ENOENT : -errno;
	if (!look_at_file(s, f)) {
		close(fd);
		return -EIO;
	}
	f->at = f->bounded ? f->until : (off_t)f->stand.size;
	*from = (uint64_t)f->from;
	*size = f->at > f->from ? (uint64_t)(f->at - f->from) : 0;
	return fd;
}

void source_file_was_read(struct source *s, const struct stand *stand)
{
	struct file *f = s->impl;

	f->stand = *stand;
	f->at = (off_t)stand->size;
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

	s->ops = ops;
	s->impl = impl;
	s->name = xstrndup(name, strlen(name));
	s->input_ended = !f->follow;
	s->ready = true;
	s->size = f->stand.size; /* for the progress; looked at again with the data */
	return s;
}
