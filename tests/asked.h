/* asked.h - a log, a screen over it, exports of its panes, and batch, which is asked what the file
 * says it is the answer to: it must print the same file. */
#ifndef ENITOP_TESTS_ASKED_H
#define ENITOP_TESTS_ASKED_H

#include <jansson.h>

#include "input/demo.h"
#include "panes.h"
#include "walk.h"

/* A log, its screen, and a walk over it. */
struct asked_world {
	uint64_t seed;
	uv_loop_t *loop;
	struct options options;
	char *argv[4]; /* which the options point into */
	struct monitor *monitor;
	struct app app;
	struct walk walk;
	struct demo *demo;
	char log[64], moment[64]; /* moment: the log as it was when the screen was frozen */
	uint64_t lines;
	bool was_paused;
	struct buf why; /* what failed; empty: nothing */
};

/* Group set-up and tear-down: the directory of logs. */
int asked_make_dir(void **state);
int asked_remove_dir(void **state);

/* Writes a log of so many seconds by the seed, more of it; opens the screen; lets go of both. */
void asked_begin_log(struct asked_world *w, int64_t seconds);
void asked_write_log(struct asked_world *w, int64_t until_s);
void asked_append(struct asked_world *w, struct str text);
void asked_open(struct asked_world *w, bool follow);
void asked_close(struct asked_world *w);
/* Keeps the log as it is now in w->moment. */
void asked_keep_moment(struct asked_world *w);
/* Counts until all is counted, and draws. */
void asked_rest(struct asked_world *w);
/* Runs the loop until all lines of `n` logs were read: 30 seconds at most. */
void asked_read_all(uv_loop_t *loop, struct asked_world *w, size_t n);
/* Notes the first thing that failed. */
void asked_complain(struct asked_world *w, const char *what, const char *more);

/* Begins to export the focused pane, by its keys; the file when it is written. */
void asked_begin_export(struct asked_world *w, const char *suffix);
struct buf asked_end_export(struct asked_world *w, const char *suffix);
/* Holds an export against what batch prints of `log`, byte by byte; JSON as it means. */
void asked_compare(struct asked_world *w, json_t *query, const char *output, const char *log,
		   struct buf *have);
/* The question that stands beside a file of rows alone; NULL: none does. */
json_t *asked_question(const char *suffix);

#endif
