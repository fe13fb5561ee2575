/* cursor.h - the cursors of charts: bars of the timeline, a cell of the heatmap. */
#ifndef ENITOP_CURSOR_H
#define ENITOP_CURSOR_H

#include "state/axis.h"

/* Moves the cursor of the timeline by bars; marks its bar as the other end of a range, or
 * takes the mark away. */
void bars_cursor_move(struct app *a, int by);
void bars_cursor_mark(struct app *a);
/* Whether it can be moved by one. */
bool bars_cursor_moves(const struct app *a, int by);
/* The columns of an axis that are marked, first <= last. */
void bars_marked(const struct app *a, const struct view_axis *x, int *first, int *last);
/* The times of what is marked; false: the timeline has no bars. */
bool bars_marked_span(const struct app *a, struct span *out);

/* Moves the cell of the heatmap by columns. */
void heat_cursor_move(struct app *a, int by);
/* The column of the heatmap's cell, -1: no cell is chosen; */
int heat_cursor_column(const struct app *a);
/* and its times. False: it has none, or the heatmap is not in focus. */
bool heat_cursor_span(struct app *a, int64_t *from, int64_t *to);

#endif
