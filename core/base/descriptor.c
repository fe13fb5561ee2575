/* descriptor.c - see descriptor.h. */
#include "base/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

static int kept[3] = { -1, -1, -1 }; /* the flags of 0, 1 and 2; -1: not open */

int write_all(int fd, struct str text)
{
	while (text.n) {
		ssize_t n = write(fd, text.s, text.n);
		if (n > 0) {
			text.s += n;
			text.n -= (size_t)n;
		} else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, -1);
		} else if (n < 0 && errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

void descriptors_give_back(void)
{
	int error = errno;

	for (int fd = 0; fd < 3; fd++)
		if (kept[fd] >= 0 && fcntl(fd, F_GETFL) != kept[fd])
			fcntl(fd, F_SETFL, kept[fd]);
	errno = error;
}

void descriptors_keep(void)
{
	/* One that is closed would be given to the next file or socket, and written to as output. */
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			die("cannot open '/dev/null'");
	for (int fd = 0; fd < 3; fd++)
		kept[fd] = fcntl(fd, F_GETFL);
	atexit(descriptors_give_back);
}
