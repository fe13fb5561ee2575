/* source_between.c - see source_between.h. */
#include "input/source_between.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

void past_files_add(struct past_files *p, const struct file *f)
{
	struct past_file *at = &p->file[p->turn++ % BETWEEN_PAST];

	*at = (struct past_file){ f->stand, f->head_n, f->head };
	p->n += p->n < BETWEEN_PAST;
}

/* "app.log.1" is of "app.log", "app.log-20261124" too. */
static bool is_rotated(const char *name, const char *of)
{
	size_t n = strlen(of);
	const char *rest = name + n;

	return strncmp(name, of, n) == 0 && *rest && strchr(".-_", *rest) &&
	       strpbrk(rest, "0123456789") && strspn(rest, ".-_:T0123456789") == strlen(rest);
}

/* Whether the file was read before, or is a copy of one that was: it begins in the same way. */
static bool is_past(const struct past_file *p, const struct stand *now, int fd)
{
	unsigned char head[FILE_HEAD];

	if (!p->head_n || pread(fd, head, p->head_n, 0) != (ssize_t)p->head_n ||
	    crc32(0, head, p->head_n) != p->head)
		return false;
	return stand_is_same_file(&p->stand, now) || p->head_n == FILE_HEAD ||
	       p->stand.size == now->size;
}

static bool is_open(const struct stand *now, const struct stand *open, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (stand_is_same_file(now, &open[i]))
			return true;
	return false;
}

static bool is_known(const struct past_files *past, const struct stand *now, int fd)
{
	for (unsigned i = 0; i < past->n; i++)
		if (is_past(&past->file[i], now, fd))
			return true;
	return false;
}

/* In their order; of too many the newest are left out, which are nearest to what is read next. */
static unsigned insert(int fd[BETWEEN_MAX], struct stand stand[BETWEEN_MAX], unsigned n, int file,
		       const struct stand *now)
{
	unsigned at = n;

	while (at > 0 && stand[at - 1].mtime_ns > now->mtime_ns)
		at--;
	if (n == BETWEEN_MAX) {
		close(at == n ? file : fd[n - 1]);
		if (at == n)
			return n;
		n--;
	}
	memmove(fd + at + 1, fd + at, (n - at) * sizeof *fd);
	memmove(stand + at + 1, stand + at, (n - at) * sizeof *stand);
	fd[at] = file;
	stand[at] = *now;
	return n + 1;
}

unsigned files_between(const char *path, const struct stand *before, const struct stand *here,
		       const struct stand *open, unsigned n, const struct past_files *past,
		       int fd[BETWEEN_MAX], struct stand stand[BETWEEN_MAX])
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	char *folder = slash ? xstrndup(path, (size_t)(slash - path) + 1) : xstrndup(".", 1);
	DIR *d = opendir(folder);
	struct dirent *e;
	unsigned found = 0;

	while (d && (e = readdir(d))) {
		struct stat st;
		struct stand now;
		int file;
		if (!is_rotated(e->d_name, name) ||
		    fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISREG(st.st_mode))
			continue;
		now = stand_of(&st);
		if (now.mtime_ns < before->mtime_ns || now.mtime_ns > here->mtime_ns ||
		    stand_is_same_file(&now, here) || is_open(&now, open, n))
			continue;
		file = openat(dirfd(d), e->d_name,
			      O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
		if (file < 0)
			continue;
		if (fstat(file, &st) != 0 || !S_ISREG(st.st_mode) || is_known(past, &now, file))
			close(file);
		else
			found = insert(fd, stand, found, file, &now);
	}
	if (d)
		closedir(d);
	free(folder);
	return found;
}
