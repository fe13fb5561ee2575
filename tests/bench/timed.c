/* timed - runs a command and appends one line to a file: seconds by the clock, seconds of
 * CPU (user and system), and the most KiB that were resident. Its exit status is the
 * command's.
 *
 * timed FILE COMMAND [ARGUMENT]... */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/util.h"

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct rusage used;
	int status = 0;

	if (argc < 3)
		errx(1, "timed FILE COMMAND [ARGUMENT]...");
	uint64_t start = monotonic_ns();
	pid_t pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		warn("cannot run '%s'", argv[2]);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid)
		err(1, "cannot wait for '%s'", argv[2]);
	uint64_t end = monotonic_ns();
	FILE *out = fopen(argv[1], "a");
	if (!out)
		err(1, "cannot open '%s'", argv[1]);
	fprintf(out, "%.4f %.4f %ld\n", (double)(end - start) / 1e9,
		seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss);
	if (fclose(out) != 0)
		err(1, "cannot write '%s'", argv[1]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
