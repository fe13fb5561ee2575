/* axis.h - how the window of an answer is laid over the columns of a chart. */
#ifndef ENITOP_AXIS_H
#define ENITOP_AXIS_H

#include "state/app_state.h"

/* How a window is laid over columns of a chart: every column is the same whole number of
 * bins, or equal traffic would look uneven. */
struct view_axis {
	int64_t from, width; /* start of column 0, seconds a column */
	int n;               /* columns in use, at most what there are */
	int cols; /* of the screen that these are drawn over, some two or more wide; 0: one each */
};

#define AXIS_MOST 256       /* columns in use of a chart that fills its pane */
#define AXIS_LEFT_ACROSS 16 /* of the screen before charts that share theirs */

struct view_axis view_axis_of(const struct result *r, int cols);
/* The same over all of so many columns of the screen. While app->across is set the timeline and a
 * heatmap by time have the same one. */
struct view_axis view_axis_filling(struct app *a, const struct result *r, int cols);
/* Where column i begins on the screen, from the left of the chart on; that of x->n: where it ends. */
int view_axis_left(const struct view_axis *x, int i);
/* The column of the bin that starts at `start`; -1: outside. */
int view_axis_at(const struct view_axis *x, int64_t start);
/* The row's metric in each column of the axis; x->n values. */
void view_series(const struct view_axis *x, const struct result *r, const struct result_row *row,
		 enum metric m, uint64_t *out);

#endif
