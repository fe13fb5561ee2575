/* proc.h - what a running process has used, from /proc. */
#ifndef ENITOP_BENCH_PROC_H
#define ENITOP_BENCH_PROC_H

#include <sys/types.h>

#include "base/util.h"

struct proc {
	uint64_t cpu_ns;
	uint64_t wakeups; /* of all its threads: each time that one waited and went on */
	uint64_t resident_kib, peak_kib;
};

/* False when it is gone. */
bool proc_read(pid_t pid, struct proc *out);

#endif
