/* app.h - the interface: its loop, its frames, and what commands share. */
#ifndef ENITOP_APP_H
#define ENITOP_APP_H

#include "state/app_state.h"

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

/* What the screen takes of memory. */
uint64_t app_bytes(const struct app *a);

/* ---- for commands and views ---- */

/* Something visible changed: draw soon. */
void app_dirty(struct app *a);
void app_quit(struct app *a);
void app_suspend(struct app *a);
void app_redraw(struct app *a);
/* Whether the terminal tells what the mouse does; false: it can't. */
bool app_use_mouse(struct app *a, bool on);
/* Gives a text of at most CLIPBOARD_MAX bytes to the terminal to copy; false: it can't. */
bool app_clip(struct app *a, struct str text);
/* The export of `e`: whether it took the key; whether it drew the line; whether there is more to be
 * written. */
bool app_save_key(struct app *a, int key);
bool app_save_draw(struct app *a, struct area area, int y);
bool app_save_step(struct app *a);
void app_save_evict(struct app *a, struct segment *s);
uint64_t app_save_bytes(const struct app *a);
void app_save_release(struct app *a);
/* Takes the rows of a ranked pane that are on show; its selection goes with its key. */
void app_rank_take(struct app *a, struct pane *p);
/* After a frame: what is selected on it. */
void app_rank_drawn(struct app *a);
/* app_status.c: the first two lines of the screen. The second names the focused pane where that
 * has no frame with its title. */
void app_first_line(struct app *a, struct area area);
void app_second_line(struct app *a, struct area area, bool framed);
/* While a grouping is typed: whether a field begins as its part does; a key of it; its line. */
bool app_group_completes(const struct app *a);
void app_group_key(struct app *a, int key);
void app_group_draw(struct app *a, struct area area, int y);
/* app_footer.c: the last line: the keys that do something now. */
void app_footer_draw(struct app *a, struct area area, int y);
/* app_layout.c: whether the screen has room for several panes, and its layout has several; whether
 * they stand beside each other now; and whether one of them would, with its place then. */
bool app_is_split(const struct app *a);
bool app_is_beside(const struct app *a);
bool app_has_place(const struct app *a, const struct pane *p);
struct area app_place(const struct app *a, const struct pane *p, struct area body);
/* Whether the layout has the pane, on a screen that is large enough. */
bool app_is_in_layout(const struct app *a, const struct pane *p);
/* The first pane of the layout; of one that shows a pane alone the first there is. */
struct pane *app_first_place(struct app *a);
/* Whether the charts by time stand from edge to edge, so that they can share their columns. */
bool app_is_across(const struct app *a);
/* How many strips stand above them. */
int app_strips(const struct app *a);
/* Whether `d` would rank by something else than now. */
bool app_compares(const struct app *a);
/* Takes the mark out of a query for as long as it is too early to compare. */
void app_compare_if_due(const struct app *a, struct query *q);
/* Before a frame: a mark in the middle of what is compared goes on with it. */
void app_compare_step(struct app *a);
/* "compared at 14:30:00Z 'deploy': before 15m, after 3m"; what stands in the way, if
 * something does; empty without a mark. */
char *app_compare_banner(const struct app *a, char *out, size_t size);
/* The banner of the mark where there is little room: "mark 14:30:00Z". */
char *app_compare_short(const struct app *a, char *out, size_t size);
/* Puts the mark of the command line in force. */
void app_compare_init(struct app *a);
/* Marks a moment, so that all panes that rank compare before and after. */
void app_mark_at(struct app *a, int64_t time, const char *label);

#endif
