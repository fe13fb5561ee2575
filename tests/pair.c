/* pair.c - pair [-n] COMMAND...: runs it with one socket as its standard input and output, as
 * sshd does without a terminal. Its input is ours; what it says is read late and comes out of
 * ours. -n: the socket does not block from the start. 3 where the command leaves the socket
 * otherwise than it found it, else what the command returns. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.h"

static void copy(int from, int to)
{
	char piece[8192];
	ssize_t n;

	while ((n = read(from, piece, sizeof piece)) > 0)
		if (write_all(to, (struct str){ piece, (size_t)n }) < 0)
			_exit(1);
}

static int wait_for(pid_t child)
{
	int status;

	return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

int main(int argc, char **argv)
{
	bool no_wait = argc > 1 && strcmp(argv[1], "-n") == 0;
	int end[2], small = 4096, flags, status;
	pid_t command, feeder, reader;

	if (argc < 2 + no_wait || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, end) < 0)
		return 99;
	setsockopt(end[1], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
	flags = fcntl(end[1], F_GETFL) | (no_wait ? O_NONBLOCK : 0);
	fcntl(end[1], F_SETFL, flags);
	if ((command = fork()) == 0) {
		dup2(end[1], STDIN_FILENO);
		dup2(end[1], STDOUT_FILENO);
		execvp(argv[1 + no_wait], argv + 1 + no_wait);
		_exit(127);
	}
	if ((feeder = fork()) == 0) {
		close(end[1]);
		copy(STDIN_FILENO, end[0]);
		shutdown(end[0], SHUT_WR);
		_exit(0);
	}
	if ((reader = fork()) == 0) {
		close(end[1]);
		usleep(300000);
		copy(end[0], STDOUT_FILENO);
		_exit(0);
	}
	close(end[0]);
	status = wait_for(command);
	if (fcntl(end[1], F_GETFL) != flags)
		status = 3;
	close(end[1]);
	wait_for(reader);
	kill(feeder, SIGTERM); /* what the command did not read */
	wait_for(feeder);
	return status;
}
