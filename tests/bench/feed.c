/* feed - appends the lines of one file to another at a steady rate, a hundredth of a second
 * worth of them at a time. Where to cut is known before the first is written, so that it
 * costs little beside what it is written for.
 *
 * feed LINES_PER_SECOND FROM TO */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/util.h"

#define TICK_NS 10000000
#define TICKS_PER_S (1000000000 / TICK_NS)

static struct str map_file(const char *name)
{
	int fd = open(name, O_RDONLY);
	struct stat st;
	void *p;

	if (fd < 0 || fstat(fd, &st) < 0)
		err(1, "cannot open '%s'", name);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (p == MAP_FAILED)
		err(1, "cannot map '%s'", name);
	close(fd);
	return (struct str){ p, (size_t)st.st_size };
}

/* Where each tick's text ends; *n of them. */
static size_t *cut(struct str text, size_t lines_per_tick, size_t *n)
{
	size_t *end = NULL, cap = 0, lines = 0;

	*n = 0;
	for (size_t at = 0; at < text.n;) {
		const char *newline = memchr(text.s + at, '\n', text.n - at);
		at = newline ? (size_t)(newline - text.s) + 1 : text.n;
		if (++lines < lines_per_tick && at < text.n)
			continue;
		lines = 0;
		xgrow((void **)&end, &cap, *n + 1, sizeof *end);
		end[(*n)++] = at;
	}
	return end;
}

static void write_all(int fd, const char *s, size_t n)
{
	while (n) {
		ssize_t done = write(fd, s, n);
		if (done < 0)
			err(1, "cannot append");
		s += done;
		n -= (size_t)done;
	}
}

int main(int argc, char **argv)
{
	struct timespec due;
	size_t n, from = 0, *end;

	if (argc != 4 || atol(argv[1]) < TICKS_PER_S)
		errx(1, "feed LINES_PER_SECOND FROM TO, at least %d", TICKS_PER_S);
	struct str text = map_file(argv[2]);
	end = cut(text, (size_t)atol(argv[1]) / TICKS_PER_S, &n);
	int fd = open(argv[3], O_WRONLY | O_APPEND);
	if (fd < 0)
		err(1, "cannot open '%s'", argv[3]);
	clock_gettime(CLOCK_MONOTONIC, &due);
	for (size_t i = 0; i < n; i++) {
		write_all(fd, text.s + from, end[i] - from);
		from = end[i];
		due.tv_nsec += TICK_NS;
		due.tv_sec += due.tv_nsec / 1000000000;
		due.tv_nsec %= 1000000000;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
	}
	free(end);
	munmap((void *)(uintptr_t)text.s, text.n);
	return close(fd) != 0;
}
