/* keymap.h - COMMANDS: what a key does. One row = id, keys, its words in the footer and in the
 * help. The function of a row is command_ID() of tui/app; a key in a row of P is one of the
 * focused pane's own: see struct view. Such are in the footer of the findings alone. */
#ifndef ENITOP_KEYMAP_H
#define ENITOP_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "term/key.h"

/* X(id, key, second key or 0, footer word or "", help), P the same. The keys of the panes stand
 * between the two parts. */
/* clang-format off */
#define COMMANDS_BEFORE_PANES(X, P) \
	X(help,        '?',         'h',            "help",   "this list") \
	X(quit,        'q',         0,              "quit",   "close, else leave") \
	X(leave,       K_CTRL('C'), 0,              "",       "leave") \
	X(filter,      '/',         'f',            "filter", "edit the filter, live") \
	X(drill,       K_ENTER,     '\n',           "drill",  "narrow, then in full") \
	X(widen,       K_BACKSPACE, K_ESCAPE,       "",       "back to what was before") \
	X(only,        '+',         '=',            "",       "only what row or cell says") \
	X(hide,        '-',         0,              "",       "all but that") \
	X(clear,       K_CTRL('U'), 0,              "",       "clear the filter") \
	X(clauses,     'F',         0,              "",       "clauses: off, on, counts") \
	X(saved,       '@',         0,              "",       "saved filters") \
	X(cell_left,   '<',         K_LEFT,         "",       "cell, bar before") \
	X(cell_right,  '>',         K_RIGHT,        "",       "cell, bar behind") \
	X(why,         'r',         0,              "why",    "why it fails, or not") \
	P(acknowledge, 'a',         0,              "acknowledge", "findings: acknowledge") \
	P(all_of_them, 'A',         0,              "",       "findings: those too") \
	P(mute,        'u',         0,              "mute",   "findings: mute for good") \
	X(ask_why,     'R',         0,              "",       "why, of any two") \
	X(usual,       'Z',         0,              "",       "what is usual for it") \
	X(group,       'g',         0,              "group",  "next grouping") \
	X(group_type,  K_CTRL('G'), 0,              "",       "type a grouping") \
	X(metric,      'm',         0,              "metric", "sort by next metric") \
	X(metric_back, 'M',         0,              "",       "sort by the one before") \
	X(once,        'C',         0,              "",       "count once, or all") \
	X(window,      'w',         0,              "window", "a longer window") \
	X(window_back, 'W',         0,              "",       "a shorter window") \
	X(mark,        'b',         0,              "",       "compare before, after") \
	X(unmark,      'B',         0,              "",       "no mark") \
	X(compare,     'd',         0,              "",       "rank by change or size") \
	X(changes,     'D',         0,              "",       "only new, gone, grown..") \
	X(axes,        'x',         0,              "",       "heatmap: other axes") \
	X(scale,       'Y',         0,              "",       "heatmap: log or linear") \
	X(copy,        'y',         0,              "",       "row: filter, command, records") \
	X(save,        'e',         0,              "export", "pane to a file") \
	X(period,      't',         0,              "",       "type a window, from-to") \
	X(back,        '[',         0,              "time",   "back by half a window") \
	X(forward,     ']',         0,              "",       "forward in time") \
	X(live,        K_END,       'L',            "",       "to now; then last row") \
	P(fold,        'o',         0,              "",       "rejects: fold, unfold") \
	P(mark_range,  'v',         0,              "",       "timeline: mark a range") \
	P(sort,        's',         0,              "",       "flows: sort by next column") \
	P(sort_back,   'S',         0,              "",       "flows: the other way round") \
	P(columns,     'c',         0,              "",       "flows: columns; trust: by hour") \
	X(pause,       ' ',         'p',            "pause",  "freeze; reading goes on") \
	X(names,       'n',         0,              "",       "names or addresses") \
	X(zoom,        'z',         0,              "zoom",   "one pane, whole screen") \
	X(layout,      '|',         0,              "layout", "next layout of the panes")
#define COMMANDS_BEHIND_PANES(X, P) \
	X(next_pane,   K_TAB,       0,              "",       "next pane") \
	X(last_pane,   K_BACKTAB,   0,              "",       "previous pane") \
	X(up,          K_UP,        'k',            "",       "row above") \
	X(down,        K_DOWN,      'j',            "",       "row below") \
	X(page_up,     K_PAGE_UP,   K_CTRL('B'),    "",       "a page up") \
	X(page_down,   K_PAGE_DOWN, K_CTRL('F'),    "",       "a page down") \
	X(top,         K_HOME,      0,              "",       "first row") \
	X(bottom,      'G',         0,              "",       "last row") \
	X(redraw,      K_CTRL('L'), 0,              "",       "draw it all again") \
	X(suspend,     K_CTRL('Z'), 0,              "",       "stop; fg brings it back")
#define COMMANDS(X, P) COMMANDS_BEFORE_PANES(X, P) COMMANDS_BEHIND_PANES(X, P)
/* clang-format on */

struct command {
	const char *name;
	int key, other;
	const char *footer, *help;
	bool own; /* a row of P */
};

/* The rows in their order, *n of them; the keys of panes stand before row *panes. */
const struct command *commands(size_t *n, size_t *panes);
#endif
