/* folder_bound.c - see folder_bound.h. */
#include "input/folder_bound.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/util.h"

/* Where an open file stands: no link is in that path. Its length, or a negative errno. */
static ssize_t path_of(int fd, char *out, size_t size)
{
	char link[32];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, out, size);
	if (n < 0)
		return errno == ENOENT ? -ENOSYS : -errno;
	return (size_t)n < size ? n : -ENAMETOOLONG;
}

static int is_within(int fd, int folder)
{
	char path[PATH_MAX + 1], above[PATH_MAX + 1];
	ssize_t n = path_of(fd, path, sizeof path), m = path_of(folder, above, sizeof above);

	if (n < 0 || m < 0)
		return (int)(n < 0 ? n : m);
	if (m == 1) /* "/" */
		return 0;
	if (n < m || memcmp(path, above, (size_t)m) != 0 || (n > m && path[m] != '/'))
		return -EXDEV;
	return 0;
}

int folder_bound_check(int fd, const char *path, size_t bound)
{
	char *name;
	int folder, rc;

	if (bound == 0)
		return 0;
	name = xstrndup(path, bound);
	folder = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	rc = folder < 0 ? -errno : is_within(fd, folder);
	free(name);
	if (folder >= 0)
		close(folder);
	return rc;
}

int folder_bound_stat(const char *path, size_t bound, struct stat *st)
{
	int fd, rc;

	if (bound == 0)
		return stat(path, st) == 0 ? 0 : -errno;
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	rc = fstat(fd, st) == 0 ? folder_bound_check(fd, path, bound) : -errno;
	close(fd);
	return rc;
}
