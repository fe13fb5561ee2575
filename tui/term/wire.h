/* wire.h - what a terminal shows, and the bytes that make it show something else: as few as
 * that takes, in the words of terminfo. Nothing is written here. Loop thread only. */
#ifndef ENITOP_WIRE_H
#define ENITOP_WIRE_H

#include "term/screen.h"

/* A role as this terminal shows it; roles that look the same are one. */
struct look {
	unsigned attributes;
	int32_t fg, bg;  /* numbers of the terminal; -1: its own */
	bool paints;     /* a blank of it is seen */
	char whole[64];  /* from whatever was in force to it */
	char colour[32]; /* from one that differs in its foreground alone; "": there is none */
};

struct wire_cell {
	uint32_t ch, mark[2]; /* as of struct cell */
	uint32_t look;
};

struct wire {
	struct wire_cell *cell, *row; /* what is shown; the row that is to be */
	int rows, cols;
	bool known;                        /* else it is cleared first */
	bool repeats;                      /* it knows REP, of every character */
	int y, x;                          /* the cursor; y -1: it may be anywhere */
	int look;                          /* in force; -1: any */
	struct look looks[ROLE_COUNT + 1]; /* the first is the terminal's own */
	unsigned n;
	uint8_t of_role[ROLE_COUNT];
};

/* Takes the looks of a theme, in the words of the current terminal of curses; `colors`: it may have
 * some. What is shown counts as unknown then. */
void wire_set_theme(struct wire *w, const struct theme *t, bool colors);
/* What is shown is unknown: the next time it is cleared and drawn whole. */
void wire_forget(struct wire *w);
/* Adds to `out` what makes the terminal show a screen; nothing where it shows that. */
void wire_show(struct wire *w, const struct screen *s, struct buf *out);
void wire_release(struct wire *w);

#endif
