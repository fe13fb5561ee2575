/* app_state.h - the state of the interface. Commands change it, views draw it; app.c owns the
 * loop, the frames and the data behind it. */
#ifndef ENITOP_APP_STATE_H
#define ENITOP_APP_STATE_H

#include "cli/options.h"
#include "cli/views.h"
#include "live/live.h"
#include "monitor/monitor.h"
#include "query/count.h"
#include "state/asked_why.h"
#include "state/shown_causes.h"
#include "state/shown_findings.h"
#include "state/shown_trust.h"
#include "state/shown_usual.h"
#include "state/complete.h"
#include "state/flows.h"
#include "state/stack.h"
#include "term/prompt.h"

#define WIDEN_MAX 16

/* The heatmap's scale and its cell; the axes are those of its pane's query. */
struct app_heat {
	bool linear;
	bool on;      /* a cell is chosen: the selected row's, and: */
	int column;   /* its place where columns are no times, */
	int64_t time; /* its start where they are */
	/* as of the last frame: columns on show, times of them (width 0: none) */
	int columns;
	int64_t from, width;
};

/* What is looked for in the help. */
struct help_find {
	bool typing;
	struct prompt prompt;
};

/* What was in force before a narrowing. */
struct step {
	char *filter;
	struct stack stack;
	struct pane *focus;
	bool zoomed;
	int64_t window_s;
	struct span look; /* what stood still; unlimited: nothing */
	bool drilled;     /* to the records of a row */
};

/* The bars of the timeline as they were drawn, and what is marked of them. */
struct bars {
	int64_t from, width; /* of the first; seconds a bar */
	int n;
	int left, cols;   /* of the screen: the first's column, and how many there are */
	int64_t at, mark; /* the bar under the cursor; the other end of a range;
			   * INT64_MIN: the newest; none */
};

/* `e`: the name that is typed, the file that is written. */
struct saving {
	bool naming, asked; /* asked: whether to replace the file */
	struct prompt name;
	char why[160];    /* what is wrong with the name */
	struct save *job; /* NULL: none */
};

/* `y`: as what is asked; the text that is shown alone. */
struct copying {
	bool choosing;
	char *text; /* NULL: none */
	size_t n;
};

/* What lies over the panes. */
enum panel { PANEL_NONE, PANEL_CLAUSES, PANEL_SAVED };

/* The key of a selected row, so that the selection can go with it. */
struct held {
	struct group group; /* n 0: none */
	struct value key[GROUP_MAX];
	int at; /* its row on the last frame */
};

/* How many flows ended before a time, as of what was held then. */
struct older {
	int64_t from;
	uint64_t held, gone; /* flows, and those that had left */
	uint64_t n;
};

/* A view on the screen: its query, the answer, which of its rows is selected. */
struct pane {
	const struct view *view;
	unsigned query;       /* its number in live; none where the view asks nothing */
	struct result result; /* as of the last frame that had the pane on show */
	int selected, top;    /* rows: the selected one, the first on show */
	int shown;            /* lines there were for rows */
	struct area place;    /* inside its frame, on the last frame; no rows: nowhere */
	bool framed;
	int taken;   /* as many lines as its rows were taken for; see app_rank.c */
	bool chosen; /* the selection is a row's, not the top's */
	struct held held;
};

/* The line where a grouping is typed. */
struct grouping {
	bool active;
	struct prompt prompt;
	char error[160]; /* empty: none */
	bool unfinished; /* it may be the beginning of a name */
	/* Tab: how much of the part was typed (-1: nothing is being completed), what, and
	 * which completion comes next. */
	int stem, turn;
	char typed[PROMPT_MAX];
};

struct app {
	const struct options *options;
	struct monitor *monitor;
	struct live *live;
	struct edges *edges;       /* who talks to whom, of all that the ring holds */
	struct rules *rules;       /* of findings; NULL: a file of them can't be read */
	struct watching *watching; /* what is wrong with it, minute by minute; NULL: no rules */
	struct summing *sums;      /* what that rests on besides */
	struct filter *watch[WATCHED_MAX]; /* of --watch, which the sums are of */
	struct screen screen;
	/* what is looked at */
	struct pane pane[VIEWS_MAX]; /* in the order of the views */
	unsigned panes;
	struct pane *focus;
	enum layout layout;
	bool across; /* charts by time stand from edge to edge and share their columns */
	bool zoomed, help, paused;
	bool numeric; /* addresses although there are names */
	enum metric metric;
	struct mark mark;  /* of every pane that ranks */
	bool mark_moves;   /* it stays in the middle of what is looked at: app_compare_step() */
	int64_t unmoved_s; /* the window before that, of which there is twice as much now */
	char mark_label[48];
	struct app_heat heat;
	struct group distinct; /* of METRIC_DISTINCT */
	struct grouping grouping;
	struct flow_ref detail; /* the record on show; segment NULL: none */
	size_t source;          /* the one selected among the sources, in row `source_row` */
	int source_row;
	bool source_open; /* and on show in full */
	int scroll;       /* of the help, a record or source on show */
	struct help_find find;
	/* the filter bar */
	struct prompt prompt;
	bool editing;
	struct complete menu;
	struct filter_error error; /* message empty: none */
	char *before;              /* filter before editing began */
	char *whole;               /* the last filter in force whose words were ended */
	/* What is typed rests until then, in monotonic_ns(), as its last word may become a name,
	 * or (`vain`) as nothing matches it. 0: all of it is in force. */
	uint64_t rests_ns;
	bool vain;
	struct probe *probe; /* looks whether anything matches what is typed; NULL: none */
	struct stack stack;  /* its clauses, as of the last filter that was accepted */
	int cell;            /* selected in the row, from 1; 0: the whole row */
	struct step step[WIDEN_MAX];
	int steps;
	struct saving saving;
	struct copying copying;
	enum panel panel;
	int panel_at;
	bool naming; /* the bar holds the name that the filter is to be saved as */
	/* what each clause lets through: counted while somebody looks */
	struct count *count; /* at work; NULL: not */
	struct count_answer counted;
	bool counted_valid;
	char *counted_text; /* what it is the answer to */
	int64_t counted_s;
	uint64_t counted_flows;
	char message[160]; /* shown once, until the next key */
	/* a window that is typed: see app_time.h */
	struct prompt ask;
	bool asking;
	char ask_note[160]; /* what it is read as, or why not */
	bool ask_wrong;
	struct asked_why why;
	struct shown_causes causes;
	struct shown_trust trust;
	struct shown_findings findings;
	struct shown_usual usual;
	struct bars cursor;
	bool quit_asked;    /* whether to leave what can't be read again */
	bool window_chosen; /* by a key */
	int64_t widened_s;  /* the window that nothing was in, before all was looked at; 0: none */
	struct older older;
	/* answers, as of the last frame */
	struct result totals;  /* of the window, without rows: live_totals() */
	struct flow_ref *flow; /* those at hand, in the order of `list` */
	size_t flows;
	struct flow_list list;
	struct input_counts counts, at_pause;
	double flows_per_s, bytes_per_s;
	bool mouse;      /* it is used */
	bool dragging;   /* over the bars of the timeline */
	bool moving;     /* what is on show changes with the clock */
	int64_t clock_s; /* wall clock of the frame */
	void *loop;      /* struct app_loop of app.c */
};

/* Whether the view of a pane asks something of flows, so that the pane has a query. */
bool pane_asks(const struct pane *p);
/* The query of a pane as it is in force. */
struct query pane_query(const struct app *a, const struct pane *p);
/* The first pane whose query is of these rows; NULL: there is none. */
struct pane *pane_of_rows(struct app *a, int rows);
/* The pane that is a heatmap; NULL. */
struct pane *pane_of_heat(struct app *a);
/* The pane of findings; NULL. */
struct pane *pane_of_findings(struct app *a);
/* The pane that a grouping is for: the focused one, else the first that has groups; NULL. */
struct pane *pane_of_groups(struct app *a);
/* The pane of such a view; NULL. */
struct pane *pane_of_layer(struct app *a, enum layer l);
/* Selects the top row; lets go of the key that is held. */
void pane_top(struct pane *p);
void pane_forget(struct pane *p);
/* Keeps the selection inside `rows` rows and in sight of `lines` lines; returns the first row
 * on show. */
int pane_scroll(struct pane *p, int rows, int lines);

/* Puts metric, mark and what is counted of the app into the queries of the panes. */
void app_ask(struct app *a);
/* The filter of a text, of log time now; NULL with *error set. */
struct filter *app_compile(const struct app *a, const char *text, struct filter_error *error);
/* Puts a filter in force; false with a->error set, and the last one stays. */
bool app_set_filter(struct app *a, const char *text);
/* The filter in force as text. */
const char *app_filter(const struct app *a);
/* Whether one record or source is on show in full. */
bool app_detail(const struct app *a);
/* Everything is counted, and no flow in the window matches. */
bool app_found_nothing(const struct app *a);

#endif
