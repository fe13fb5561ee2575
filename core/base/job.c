/* job.c - see job.h. */
#include "base/job.h"

#include <malloc.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include <uv.h>

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
