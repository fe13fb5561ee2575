/* proc.c - see proc.h. */
#include "proc.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The number behind `name` in a file of "Name: number" lines; 0 without one. */
static uint64_t number_of(const char *path, const char *name)
{
	char line[256];
	uint64_t value = 0;
	size_t n = strlen(name);
	FILE *in = fopen(path, "r");

	while (in && fgets(line, sizeof line, in))
		if (strncmp(line, name, n) == 0 && line[n] == ':')
			value = strtoull(line + n + 1, NULL, 10);
	if (in)
		fclose(in);
	return value;
}

static uint64_t wakeups(pid_t pid)
{
	char path[64 + sizeof(((struct dirent *)NULL)->d_name)];
	struct dirent *d;
	uint64_t sum = 0;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	DIR *tasks = opendir(path);
	while (tasks && (d = readdir(tasks))) {
		if (d->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "/proc/%d/task/%s/status", (int)pid, d->d_name);
		sum += number_of(path, "voluntary_ctxt_switches");
	}
	if (tasks)
		closedir(tasks);
	return sum;
}

bool proc_read(pid_t pid, struct proc *out)
{
	struct timespec cpu;
	clockid_t clock;
	char path[64];

	/* Its own clock counts nanoseconds, /proc/PID/stat hundredths of a second. */
	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &cpu) != 0)
		return false;
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	*out = (struct proc){ .cpu_ns = (uint64_t)cpu.tv_sec * 1000000000u + (uint64_t)cpu.tv_nsec,
			      .wakeups = wakeups(pid),
			      .resident_kib = number_of(path, "VmRSS"),
			      .peak_kib = number_of(path, "VmHWM") };
	return true;
}
