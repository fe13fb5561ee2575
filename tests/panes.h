/* panes.h - the screen without a terminal: the demo's hour, told to stand still, keys
 * pressed on it, and what is drawn held against a golden file, text and roles.
 * ENITOP_UPDATE=1 writes them anew: read the difference. */
#ifndef ENITOP_TESTS_PANES_H
#define ENITOP_TESTS_PANES_H

#include <uv.h>

#include "app/app.h"
#include "monitor/monitor.h"
#include "support.h"
#include "view/view.h"

#define START INT64_C(1700000000)

/* The panes, in the order of the table of views. */
enum { FINDINGS, TALKERS, REJECTS, PORTS, TIMELINE, FLOWS, SOURCES };

extern struct panes {
	uv_loop_t loop;
	struct monitor *monitor;
	struct options options;
	unsigned quits;  /* how often it was left */
	bool clips;      /* the terminal can copy: */
	struct buf clip; /* what it was given last */
} W;

/* Group set-up and tear-down. */
int panes_open(void **state);
int panes_close(void **state);
/* Closes the monitor that stands in for `had`, with the loop that it ran on, and puts `had` back. */
void panes_back(uv_loop_t *loop, struct monitor *had);
/* Events of a monitor that stop its loop when all is read. */
struct monitor_events panes_events(uv_loop_t *loop);

/* Counts until all is counted, and draws. */
void settle(struct app *a);
/* Keys as characters: \n Enter, \b Backspace, \v Down, \a Left, \f or \1 Right, \2 ^R, \3
 * Shift-Tab, \005 End. */
void press(struct app *a, const char *keys);
/* The key that such a character stands for. */
int key_typed(char c);
/* Whether the text is on the screen, as it was drawn last. */
bool screen_shows(const struct app *a, const char *text);
/* A screen after some keys, as tests/golden/NAME.txt has it. */
void shot(const char *name, int cols, int rows, bool ascii, const char *keys);
/* The first screen in colour, as tests/NAME has it, in SVG. */
void picture_shot(const char *name, int cols, int rows, const struct theme *theme);

#endif
