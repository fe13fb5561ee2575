/* app.h - the state of the interface. Commands change it, views draw it; app.c owns the
 * loop, the frames and the data behind it. */
#ifndef ENITOP_APP_H
#define ENITOP_APP_H

#include "state/complete.h"
#include "query/count.h"
#include "state/flows.h"
#include "live/live.h"
#include "monitor/monitor.h"
#include "cli/options.h"
#include "term/prompt.h"
#include "state/stack.h"

#define WIDEN_MAX 16

/* Before and after a mark; the mark itself is live_mark(). */
struct app_compare {
	bool on;          /* rank by the change */
	enum change only; /* CHANGES: any */
	char label[48];
};

/* The heatmap's scale and its cell; the axes are live_heat(). */
struct app_heat {
	bool linear;
	bool on;      /* a cell is chosen: the selected row's, and: */
	int column;   /* its place where columns are no times, */
	int64_t time; /* its start where they are */
	/* as of the last frame: columns on show, times of them (width 0: none) */
	int columns;
	int64_t from, width;
};

/* What was in force before a narrowing. */
struct step {
	char *filter;
	struct stack stack;
	enum view_kind focus;
	bool zoomed;
	int64_t window_s;
	struct span look; /* what stood still; unlimited: nothing */
};

/* The bars of the timeline as they were drawn, and what is marked of them. */
struct bars {
	int64_t from, width; /* of the first; seconds a bar */
	int n;
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

/* What lies over the panes. */
enum panel { PANEL_NONE, PANEL_CLAUSES, PANEL_SAVED };

/* The key of a selected row, so that the selection can go with it. */
struct held {
	struct group group; /* n 0: none */
	struct value key[GROUP_MAX];
	int at; /* its row on the last frame */
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
	struct screen screen;
	/* what is looked at */
	enum view_kind focus;
	bool zoomed, help, paused;
	bool numeric; /* addresses although there are names */
	enum metric metric;
	struct app_compare compare;
	struct app_heat heat;
	struct group distinct; /* of METRIC_DISTINCT */
	int selected[VIEW_KINDS], top[VIEW_KINDS], shown[VIEW_KINDS];
	int taken[VIEW_KINDS]; /* as many lines as its rows were taken for; see app_rank.c */
	bool chosen[VIEW_KINDS]; /* the selection is a row's, not the top's */
	struct held held[VIEW_KINDS];
	struct grouping grouping;
	struct flow_ref detail; /* the record on show; segment NULL: none */
	size_t source;          /* the one selected in VIEW_SOURCES, in row `source_row` */
	int source_row;
	bool source_open; /* and on show in full */
	int scroll;       /* of a record or source on show */
	/* the filter bar */
	struct prompt prompt;
	bool editing;
	struct complete menu;
	struct filter_error error; /* message empty: none */
	char *before;              /* filter before editing began */
	struct stack stack;        /* its clauses, as of the last filter that was accepted */
	int cell;                  /* selected in the row, from 1; 0: the whole row */
	struct step step[WIDEN_MAX];
	int steps;
	struct saving saving;
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
	/* time: see app_time.h */
	struct prompt ask; /* for a window */
	bool asking;
	const char *ask_error; /* NULL: none */
	struct bars cursor;
	/* answers, as of the last frame */
	struct result result[VIEW_KINDS];
	struct flow_ref *flow; /* those at hand, in the order of `list` */
	size_t flows;
	struct flow_list list;
	struct input_counts counts, at_pause;
	double flows_per_s, bytes_per_s;
	bool moving;     /* what is on show changes with the clock */
	int64_t clock_s; /* wall clock of the frame */
	void *loop;      /* struct app_loop of app.c */
};

/* Runs the screen until the user leaves. Returns the exit status. */
int app_run(const struct options *o);

/* For tests: an app over a monitor, without a terminal. */
void app_init(struct app *a, const struct options *o, struct monitor *m);
void app_release(struct app *a);
/* Takes the answers of the panes on show and draws everything on a->screen. */
void app_draw(struct app *a);
/* One key, as typed. */
void app_key(struct app *a, int key);

/* Counts what clauses let through, if that is on show, for about `budget_ns`; true while
 * there is more to do. */
bool app_count(struct app *a, uint64_t budget_ns);

/* ---- for commands and views ---- */

/* Something visible changed: draw soon. */
void app_dirty(struct app *a);
void app_quit(struct app *a);
void app_suspend(struct app *a);
void app_redraw(struct app *a);
/* Puts a filter in force; false with a->error set, and the last one stays. */
bool app_set_filter(struct app *a, const char *text);
/* The filter in force as text. */
const char *app_filter(const struct app *a);
/* Of `e`: whether it took the key; whether it drew the line; whether there is more to be
 * written. */
bool app_save_key(struct app *a, int key);
bool app_save_draw(struct app *a, struct area area, int y);
bool app_save_step(struct app *a);
void app_save_release(struct app *a);
/* Takes the rows of a ranked pane that are on show; its selection goes with its key. */
void app_rank_take(struct app *a, enum view_kind v);
/* After a frame: what is selected on it. */
void app_rank_drawn(struct app *a);
/* Selects the top row; lets go of the key that is held. */
void app_rank_top(struct app *a, enum view_kind v);
void app_rank_forget(struct app *a, enum view_kind v);
/* While a grouping is typed: a key of it, and its line. */
void app_group_key(struct app *a, int key);
void app_group_draw(struct app *a, struct area area, int y);
/* Whether one record or source is on show in full. */
bool app_detail(const struct app *a);
/* Panes side by side, or one at a time? */
bool app_is_split(const struct app *a);
/* "compared at 14:30:00Z 'deploy': before 15m, after 3m"; what stands in the way, if
 * something does; empty without a mark. */
char *app_compare_banner(const struct app *a, char *out, size_t size);
/* The same where there is little room: "mark 14:30:00Z". */
char *app_compare_short(const struct app *a, char *out, size_t size);
/* Puts the mark of the command line in force. */
void app_compare_init(struct app *a);
/* Moves the cell of the heatmap by columns. */
void app_heat_move(struct app *a, int by);
/* The column of the heatmap's cell, -1: no cell is chosen; */
int app_heat_column(const struct app *a);
/* and its times. False: it has none, or the heatmap is not in focus. */
bool app_heat_span(const struct app *a, int64_t *from, int64_t *to);
/* Log time as "14:32:10", or with the date; UTC unless --local. */
char *app_time(const struct app *a, int64_t s, bool date, char *out, size_t size);

#endif
