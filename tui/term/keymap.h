/* keymap.h - COMMANDS: what a key does. One row = id, where it does that, when, keys, its word in
 * the footer, its words in the help. Footer, help, `--keys`, the manual and the configuration's
 * `key` lines are made of it; cli/keys.h has the keys as they are in force. */
#ifndef ENITOP_KEYMAP_H
#define ENITOP_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "term/key.h"

/* What can lie on top and takes the keys: the panes, what lies over them, lines where text is
 * typed. X(id, heading in the help); those that follow each other under one heading are one. */
/* clang-format off */
#define LAYERS(X) \
	X(PANE,      "Other panes") \
	X(FINDINGS,  "Findings") \
	X(TALKERS,   "Talkers") \
	X(REJECTS,   "Rejects") \
	X(PORTS,     "Ports") \
	X(TIMELINE,  "Timeline") \
	X(FLOWS,     "Flows") \
	X(SOURCES,   "Sources") \
	X(TRUST,     "Trust") \
	X(RECORD,    "A record in full") \
	X(SOURCE,    "A source in full") \
	X(COLUMNS,   "Columns of flows") \
	X(CLAUSES,   "Clauses") \
	X(SAVED,     "Saved filters") \
	X(FINDING,   "A finding") \
	X(WHY,       "Why") \
	X(USUAL,     "What is usual") \
	X(HELP,      "This help") \
	X(BAR,       "Text, typed") \
	X(MENU,      "Text, typed") \
	X(SEARCH,    "Text, typed") \
	X(NAME,      "Text, typed") \
	X(PERIOD,    "Text, typed") \
	X(GROUPING,  "Text, typed") \
	X(QUESTION,  "Text, typed") \
	X(EXPORT,    "Text, typed") \
	X(FIND,      "Text, typed") \
	X(SURE,      "Yes or no")

enum layer {
#define X(id, title) LAYER_##id,
	LAYERS(X)
#undef X
	LAYERS_N
};

/* A bit each: IN_RECORD. */
enum {
#define X(id, title) IN_##id = 1 << LAYER_##id,
	LAYERS(X)
#undef X
	IN_PANES = IN_RECORD - 1,
	IN_FULL = IN_RECORD | IN_SOURCE,
	IN_PANELS = IN_CLAUSES | IN_SAVED,
	IN_ROWS = IN_PANES | IN_FULL,
	IN_PAGES = IN_FINDING | IN_WHY | IN_USUAL,
	/* what commands of panes work through, */
	IN_WORK = IN_PANES | IN_FULL | IN_PANELS,
	/* and all but text */
	IN_ANY = IN_WORK | IN_COLUMNS | IN_PAGES | IN_HELP,
	IN_LINE = IN_BAR | IN_PERIOD | IN_GROUPING | IN_QUESTION | IN_NAME,
	IN_TEXT = IN_LINE | IN_MENU | IN_SEARCH | IN_EXPORT | IN_FIND
};

/* X(id, where, when, keys, footer word or "", help). Its function is command_ID() of tui/app, that
 * of when is works_WHEN(): whether it would do something now. In the order of the footer. T: the same, of a line where text is typed: its keys are
 * fixed, and that line acts on them. */
#define COMMANDS(X, T) \
	X(help,        IN_ANY,   unhelped, "? f1",           "help",   "this list") \
	X(quit,        IN_ANY,   at_bottom, "q f10",         "quit",   "close, else leave") \
	X(find,        IN_HELP,  always,   "slash f",        "find",   "find in it") \
	X(drill,       IN_ROWS,  drills,   "enter",          "drill",  "narrow, then in full") \
	X(records,     IN_PAGES, records,  "enter",          "records", "the records it rests on") \
	X(acknowledge, IN_FINDINGS | IN_FINDING, finding, "a", "acknowledge", "acknowledge it, or no longer") \
	X(mute,        IN_FINDINGS | IN_FINDING, finding, "u", "mute",  "mute it for good") \
	X(all_of_them, IN_FINDINGS, always, "A",             "all",    "acknowledged ones too") \
	X(fold,        IN_REJECTS, folds,  "o",              "fold",   "fold by cause, unfold") \
	X(axes,        IN_PORTS, always,   "x",              "axes",   "other axes") \
	X(scale,       IN_PORTS, always,   "Y",              "scale",  "log or linear scale") \
	X(mark_range,  IN_TIMELINE, bars,  "v",              "range",  "mark a range") \
	X(sort,        IN_FLOWS, always,   "s",              "sort",   "sort by next column") \
	X(sort_back,   IN_FLOWS, always,   "S",              "turn",   "the other way round") \
	X(columns,     IN_FLOWS, always,   "c",              "columns", "choose columns") \
	X(by_hour,     IN_TRUST, rows,     "c",              "by hour", "a mark an hour, a minute") \
	X(next,        IN_RECORD | IN_FINDING, next,     "n",   "next", "the next one") \
	X(previous,    IN_RECORD | IN_FINDING, previous, "p N", "previous", "the one before") \
	X(toggle_clause, IN_CLAUSES, clauses, "space x",     "off, on", "switch it off, on") \
	X(remove_clause, IN_CLAUSES, clauses, "d del",       "remove", "remove it") \
	X(edit_clause, IN_CLAUSES, always, "enter",          "edit",   "edit it") \
	X(use_saved,   IN_SAVED, saved,    "enter +",        "only it", "only what it matches") \
	X(use_not,     IN_SAVED, saved,    "-",              "all but it", "all but that") \
	X(save_filter, IN_SAVED, filtered, "a s",            "save",   "save the filter in force") \
	X(toggle_column, IN_COLUMNS, column, "space",        "on, off", "show it, or not") \
	X(column_left, IN_COLUMNS, column_left, "< left h",  "left",   "move it to the left") \
	X(column_right, IN_COLUMNS, column_right, "> right l", "right", "move it to the right") \
	X(sort_column, IN_COLUMNS, column, "s",              "sort",   "sort by it, or turn") \
	X(usual_columns, IN_COLUMNS, unusual, "r",            "usual",  "those most looked at") \
	X(close_columns, IN_COLUMNS, always, "enter c",      "done",   "done") \
	X(widen,       IN_ANY,   goes_back, "esc backspace", "back",   "back to what was before") \
	X(why,         IN_WORK | IN_FINDING, asks, "r f3",   "why",    "why it fails, or not") \
	X(filter,      IN_WORK,  always,   "slash f f4",     "filter", "edit the filter, live") \
	X(only,        IN_ROWS,  only,     "+ =",            "only",   "only what row or cell says") \
	X(hide,        IN_ROWS,  says,     "-",              "hide",   "all but that") \
	X(group,       IN_WORK,  groups,   "g f5",           "group",  "next grouping") \
	X(metric,      IN_WORK,  ranks,    "m f6",           "metric", "sort by next metric") \
	X(window,      IN_WORK,  longer,   "w f8",           "window", "a longer window") \
	X(pause,       IN_WORK | IN_PAGES, always, "space p f9", "pause", "freeze; reading goes on") \
	X(live,        IN_ANY,   travels,  "end L",          "live",   "to now; then last row") \
	X(forward,     IN_WORK,  travels,  "]",              "forward", "forward in time") \
	X(back,        IN_WORK,  older,    "[",              "time",   "back by half a window") \
	X(copy,        IN_ROWS,  always,   "y",              "copy",   "row: filter, command, records") \
	X(layout,      IN_WORK,  always,   "|",              "layout", "next layout of the panes") \
	X(zoom,        IN_WORK,  zooms,    "z f2",           "zoom",   "one pane, whole screen") \
	X(cell_left,   IN_ROWS,  left,     "< left h",       "left",   "cell, bar before") \
	X(cell_right,  IN_ROWS,  right,    "> right l",      "right",  "cell, bar behind") \
	X(usual,       IN_WORK | IN_FINDING, usual, "Z",     "usual",  "what is usual for it") \
	X(compare,     IN_WORK,  compares, "d",              "compare", "rank by change or size") \
	X(changes,     IN_WORK,  changes,  "D",              "changes", "only new, gone, grown..") \
	X(unmark,      IN_WORK,  marked,   "B",              "unmark", "no mark") \
	X(mark,        IN_WORK,  dated,    "b",              "mark",   "compare before, after") \
	X(mark_since,  IN_FINDING | IN_WHY, since, "b",      "mark since", "compare since it is so") \
	X(save,        IN_WORK | IN_FINDING | IN_WHY, saves, "e", "export", "pane or page to a file") \
	X(ask_why,     IN_WORK | IN_WHY, always, "R",        "ask",    "why, of any two") \
	X(clauses,     IN_WORK,  always,   "F",              "clauses", "clauses: off, on, counts") \
	X(saved,       IN_WORK,  always,   "@",              "saved",  "saved filters") \
	X(clear,       IN_WORK,  filtered, "ctrl-u",         "clear",  "clear the filter") \
	X(group_type,  IN_WORK,  always,   "ctrl-g",         "",       "type a grouping") \
	X(metric_back, IN_WORK,  always,   "M",              "",       "sort by the one before") \
	X(window_back, IN_WORK,  always,   "W f7",           "",       "a shorter window") \
	X(period,      IN_WORK,  always,   "t",              "",       "type a window, from-to") \
	X(once,        IN_WORK,  always,   "C",              "",       "count once, or all") \
	X(names,       IN_WORK,  always,   "n",              "",       "names or addresses") \
	X(mouse,       IN_WORK,  always,   "i",              "",       "mouse: on, off") \
	X(next_pane,   IN_ROWS,  always, "tab",    "",       "next pane") \
	X(last_pane,   IN_ROWS,  always, "shift-tab", "",    "previous pane") \
	X(up,          IN_ANY,   always,   "up k",           "",       "row above") \
	X(down,        IN_ANY,   always,   "down j",         "",       "row below") \
	X(page_up,     IN_ANY,   always,   "pgup ctrl-b",    "",       "a page up") \
	X(page_down,   IN_ANY,   always,   "pgdn ctrl-f",    "",       "a page down") \
	X(top,         IN_ANY,   always,   "home",           "",       "first row") \
	X(bottom,      IN_ANY,   always,   "G",              "",       "last row") \
	X(redraw,      IN_ANY,   always,   "ctrl-l",         "",       "draw it all again") \
	X(suspend,     IN_ANY,   always,   "ctrl-z",         "",       "stop; fg brings it back") \
	X(leave,       IN_ANY,   always,   "ctrl-c",         "",       "leave") \
	T(keep,        IN_BAR | IN_SEARCH | IN_FIND, keeps, "enter", "keep", "keep what is typed") \
	T(take,        IN_MENU,  always,   "enter",          "take",   "take what is chosen") \
	T(look,        IN_PERIOD, period,  "enter",          "look",   "look at the window") \
	T(group_by,    IN_GROUPING, grouping, "enter",       "group by these", "group by the fields") \
	T(ask,         IN_QUESTION, question, "enter",       "ask",    "ask why") \
	T(write,       IN_EXPORT | IN_NAME, typed, "enter",  "write",  "write the file; save") \
	T(as_it_was,   IN_LINE | IN_FIND, always, "esc",     "as it was", "leave all as it was") \
	T(as_typed,    IN_MENU,  always,   "esc",            "as typed", "back to what was typed") \
	T(end_search,  IN_SEARCH, always,  "esc",            "end the search", "end the search") \
	T(no_export,   IN_EXPORT, always,  "esc",            "no",     "write nothing") \
	T(complete,    IN_BAR | IN_GROUPING, completes, "tab", "complete", "complete the word") \
	T(next_choice, IN_MENU,  always,   "tab",            "next",   "the next choice") \
	T(last_choice, IN_MENU,  always,   "shift-tab",      "before", "the choice before") \
	T(suffix,      IN_EXPORT, always,  "tab",            "other format", "another format") \
	T(empty,       IN_TEXT,  typed,    "ctrl-u",         "empty",  "delete what is before") \
	T(earlier,     IN_LINE,  earlier,  "up ctrl-p",      "before", "what was typed before") \
	T(search,      IN_BAR,   remembers, "ctrl-r",        "search", "search what was typed") \
	T(further,     IN_SEARCH, sought, "ctrl-r",         "further back", "search further back") \
	T(yes,         IN_SURE,  always,   "y",              "yes",    "yes") \
	T(no,          IN_SURE,  always,   "n esc",          "no",     "no, as any other key")
/* clang-format on */

enum {
#define X(id, where, when, keys, footer, help) COMMAND_##id,
	COMMANDS(X, X)
#undef X
		COMMANDS_N
};

struct command {
	const char *name;
	int layers;       /* IN_... */
	const char *keys; /* by their names */
	const char *footer, *help;
	bool fixed; /* a row of T */
};

/* The COMMANDS_N rows in their order. */
const struct command *commands(void);
/* The heading of a layer. */
const char *layer_title(enum layer l);

#endif
