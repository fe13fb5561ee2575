/* job.c - see job.h. */
#include "base/job.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include <uv.h>

#include "base/descriptor.h"
#include "base/terminal.h"

#define STEP_BACK 5 /* of nice: a third of the weight */
#define LITTLE_MEMORY ((uint64_t)128 << 20)

unsigned job_cores(void)
{
	static long n; /* the library opens a file to answer: ask once */

	if (n == 0)
		n = sysconf(_SC_NPROCESSORS_ONLN);
	return n < 1 ? 1 : n > 16 ? 16 : (unsigned)n;
}

void job_setup(void)
{
	char size[16];

	snprintf(size, sizeof size, "%u", job_cores() + JOBS_READING + 1);
	if (!getenv("UV_THREADPOOL_SIZE"))
		uv_os_setenv("UV_THREADPOOL_SIZE", size);
#ifdef M_MMAP_THRESHOLD
	/* Columns and blocks come and go in the same few sizes: kept on the heap they are
	 * used again, while mapping each one costs more than decoding it. */
	mallopt(M_MMAP_THRESHOLD, 32 << 20);
	mallopt(M_TRIM_THRESHOLD, 64 << 20);
	mallopt(M_ARENA_MAX, 2);
#endif
}

void job_set_memory(uint64_t bytes)
{
#ifdef M_MMAP_THRESHOLD
	/* At 32 MiB holes were a fifth of what was resident at the peak. It costs a fifth of the
	 * time that reading takes. */
	if (bytes < LITTLE_MEMORY) {
		mallopt(M_MMAP_THRESHOLD, 64 << 10);
		mallopt(M_TRIM_THRESHOLD, 1 << 20);
	}
#else
	(void)bytes;
#endif
}

/* ---- the loop and the pool ---- */

#define DESCRIPTORS 16 /* those of a loop, of the terminal, and a few files */

static int try_descriptors(void)
{
	int fd[DESCRIPTORS], n = 0, rc = 0;

	fd[n] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	while (fd[n] >= 0 && ++n < DESCRIPTORS)
		fd[n] = fcntl(fd[0], F_DUPFD_CLOEXEC, 0);
	rc = n < DESCRIPTORS ? -errno : 0;
	while (n > 0)
		close(fd[--n]);
	return rc;
}

static void nothing(uv_work_t *w)
{
	(void)w;
}

/* libuv aborts where it can't have the threads of the pool. */
static void on_abort(int number)
{
	(void)number;
	complain("cannot start: no room for threads (see ulimit -a)");
	descriptors_give_back();
	_exit(2);
}

int job_loop_init(uv_loop_t *loop)
{
	static uv_work_t first;
	struct sigaction was, here = { .sa_handler = on_abort };
	int rc = try_descriptors();

	if (rc == 0)
		rc = uv_loop_init(loop);
	if (rc < 0) {
		complain("cannot start: %s (see ulimit -a)", uv_strerror(rc));
		return rc;
	}
	/* The threads are made now, by this thread: with the first job they would be later. */
	sigemptyset(&here.sa_mask);
	sigaction(SIGABRT, &here, &was);
	uv_queue_work(loop, &first, nothing, NULL);
	sigaction(SIGABRT, &was, NULL);
	return 0;
}

void job_step_back(void)
{
#if defined __linux__ /* where threads have a priority each */
	static _Thread_local bool done;

	if (!done)
		setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + STEP_BACK);
	done = true;
#endif
}

void job_trim(void)
{
#ifdef M_MMAP_THRESHOLD
	malloc_trim(0);
#endif
}
