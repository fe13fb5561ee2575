/* A terminal that cannot be opened whole is left whole: libuv refuses to watch what the kernel
 * cannot poll, and here it always does. */
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "support.h"
#include "term/term.h"

int __wrap_uv_poll_init(uv_loop_t *loop, uv_poll_t *h, int fd);

int __wrap_uv_poll_init(uv_loop_t *loop, uv_poll_t *h, int fd)
{
	(void)loop;
	(void)h;
	(void)fd;
	return -EPERM;
}

/* In the child, whose terminal it is: its exit status. */
static int open_and_close(void)
{
	struct term_events ev = { 0 };
	char error[256] = "";
	uv_loop_t loop;

	setenv("TERM", "xterm", 1);
	uv_loop_init(&loop);
	if (term_open(&loop, &ev, error, sizeof error) != -EPERM || !strstr(error, "cannot watch"))
		return 1;
	term_close();
	uv_run(&loop, UV_RUN_DEFAULT);
	return uv_loop_close(&loop) ? 2 : 0;
}

static void one_that_cannot_be_watched(void **state)
{
	char said[4096];
	int fd, status;
	pid_t child;

	(void)state;
	child = forkpty(&fd, NULL, NULL, NULL);
	assert_true(child >= 0);
	if (child == 0)
		_exit(open_and_close());
	while (read(fd, said, sizeof said) > 0)
		;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(one_that_cannot_be_watched) };

	return cmocka_run_group_tests_name("term", tests, NULL, NULL);
}
