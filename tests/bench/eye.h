/* eye.h - a program in a terminal of our own, and what is to be seen there. The terminal is
 * libvterm behind a pseudo terminal; whoever looks has to call eye_look() again and again, or
 * the program waits for somebody to take its output. */
#ifndef ENITOP_BENCH_EYE_H
#define ENITOP_BENCH_EYE_H

#include <regex.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/util.h"

struct eye {
	pid_t pid;
	int fd;
	bool ended;         /* the program has closed its terminal */
	uint64_t begun_ns;  /* before it was started */
	uint64_t looked_ns; /* when the last of what is on the screen came */
	uint64_t bytes;     /* that came */
	struct VTerm *vt;
	struct VTermScreen *screen;
};

/* Lines and columns from 1 on, both ends included. */
struct place {
	int first_line, last_line, first_column, last_column;
};

#define EYE_LINES 40
#define EYE_COLUMNS 120
#define EVERYWHERE ((struct place){ 1, EYE_LINES, 1, EYE_COLUMNS })

/* Starts argv[0] at 120x40. */
void eye_open(struct eye *e, char **argv);
/* Ends the program, with patience, and forgets the screen. The status of waitpid(). */
int eye_close(struct eye *e);

/* Takes what the program wrote; waits for it for so long. False when nothing came. */
bool eye_look(struct eye *e, int timeout_ms);
/* Writes keys, all in one. */
void eye_type(struct eye *e, struct str keys);

/* What stands in the part of a line that the place has, without the blanks at its end. */
void eye_line(const struct eye *e, int line, struct place p, struct buf *out);
bool eye_is_bold(const struct eye *e, int line, int column);
bool eye_is_reverse(const struct eye *e, int line, int column);

/* A line of the place that matches. `group`: what its first group had, or all of it; NULL
 * where that is not asked for. */
bool eye_sees(const struct eye *e, struct place p, const regex_t *wanted, struct buf *group);
/* Something stands there, and each line of it matches. */
bool eye_sees_only(const struct eye *e, struct place p, const regex_t *wanted);

/* The whole screen, each line behind a '#'. */
void eye_print(const struct eye *e, FILE *out);

#endif
