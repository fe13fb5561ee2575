/* world.h - a monitor on a real loop over a folder of its own, and records to be written
 * there: each carries its number in `bytes`, and is to be found exactly once. */
#ifndef ENITOP_TESTS_WORLD_H
#define ENITOP_TESTS_WORLD_H

#include "monitor/monitor.h"
#include "support.h"

#define LOOK_MS 50 /* between two looks of the monitor: a second of the program's */

struct world {
	uv_loop_t loop;
	uv_timer_t tick;
	struct monitor *monitor;
	uint64_t want, waited_ms; /* flows to wait for */
	bool closed, caught_up;
	char dir[64], path[128], old[128];
	unsigned next; /* number of the next record */
	char error[256];
};

/* Runs the tests twice, where looks alone find what happens and where watches tell of it; returns
 * how many failed. */
int world_run_tests(const char *name, const struct CMUnitTest *tests, size_t n);
/* `follow`: looks every LOOK_MS. */
void world_open(struct world *w, bool follow);
/* The same, looks so far apart as told. */
void world_open_looking(struct world *w, bool follow, unsigned look_ms);
/* Removes the folder too. */
void world_close(struct world *w);
/* Adds the next record as a line. */
void world_record(struct world *w, struct buf *out);
/* Appends n records to w->path. */
void world_append(struct world *w, unsigned n);
void write_to(const char *path, int flags, struct str text);
/* Runs the loop for a while, whatever comes. */
void world_run(struct world *w, uint64_t ms);
/* Waits until all records written are there; each exactly once. */
void world_expect_all(struct world *w);
/* The source whose name ends so. */
struct source_info world_source(struct world *w, const char *end);

#endif
