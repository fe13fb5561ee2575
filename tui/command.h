/* command.h - COMMANDS: what a key does. One row = id, keys, where it works, its words in
 * the footer and in the help. The functions are in app_command.c. */
#ifndef ENITOP_COMMAND_H
#define ENITOP_COMMAND_H

#include <stdio.h>

#include "key.h"

struct app;

/* X(id, key, second key or 0, footer word or "", help) */
#define COMMANDS(X) \
	X(help,        '?',         'h',            "help",   "this list") \
	X(quit,        'q',         K_CTRL('C'),    "quit",   "leave") \
	X(filter,      '/',         'f',            "filter", "edit the filter; it works while you type") \
	X(drill,       K_ENTER,     '\n',           "drill",  "only this row: narrows the filter, then its records, then one record") \
	X(widen,       K_BACKSPACE, K_ESCAPE,       "",       "back: the filter as it was before the last narrowing") \
	X(only,        '+',         '=',            "",       "only what the selected row names") \
	X(hide,        '-',         0,              "",       "everything but the selected row") \
	X(clear,       K_CTRL('U'), 0,              "",       "clear the filter") \
	X(group,       'g',         0,              "group",  "next grouping of talkers and rejects") \
	X(metric,      'm',         0,              "metric", "sort by bytes, packets, flows, rejects") \
	X(window,      'w',         0,              "window", "next longer window of log time") \
	X(window_back, 'W',         0,              "",       "next shorter window") \
	X(pause,       ' ',         'p',            "pause",  "freeze the screen; reading goes on") \
	X(zoom,        'z',         0,              "zoom",   "one pane on the whole screen, and back") \
	X(pane_1,      '1',         0,              "",       "talkers") \
	X(pane_2,      '2',         0,              "",       "rejects") \
	X(pane_3,      '3',         0,              "",       "ports") \
	X(pane_4,      '4',         0,              "",       "timeline") \
	X(pane_5,      '5',         0,              "",       "flows: the newest records that match") \
	X(pane_6,      '6',         0,              "",       "sources, and their malformed lines") \
	X(next_pane,   K_TAB,       0,              "",       "next pane") \
	X(last_pane,   K_BACKTAB,   0,              "",       "previous pane") \
	X(up,          K_UP,        'k',            "",       "select the row above") \
	X(down,        K_DOWN,      'j',            "",       "select the row below") \
	X(page_up,     K_PAGE_UP,   K_CTRL('B'),    "",       "a page up") \
	X(page_down,   K_PAGE_DOWN, K_CTRL('F'),    "",       "a page down") \
	X(top,         K_HOME,      0,              "",       "first row") \
	X(bottom,      K_END,       'G',            "",       "last row") \
	X(redraw,      K_CTRL('L'), 0,              "",       "draw everything again") \
	X(suspend,     K_CTRL('Z'), 0,              "",       "stop, as job control does; fg brings it back")

struct command {
	const char *name;
	int key, other;
	const char *footer, *help;
	void (*run)(struct app *a);
};

/* Every command, in the order of the table; *n of them. */
const struct command *commands(size_t *n);
/* The command of a key, or NULL. */
const struct command *command_find(int key);
/* "Key  help" lines, for --keys. */
void commands_print(FILE *out);

#endif
