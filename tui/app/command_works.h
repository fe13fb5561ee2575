/* command_works.h - whether a command would do something now: the third column of COMMANDS in
 * term/keymap.h. Asked of what lies on top alone, once a frame. */
#ifndef ENITOP_COMMAND_WORKS_H
#define ENITOP_COMMAND_WORKS_H

#include <stdbool.h>

struct app;

typedef bool command_when(struct app *a);

/* of the program and what lies on top, */
command_when works_always, works_unhelped, works_at_bottom, works_goes_back,
	/* rows and cells, */
	works_drills, works_rows, works_says, works_only, works_left, works_right, works_folds,
	works_bars,
	/* findings and pages, */
	works_finding, works_records, works_since, works_next, works_previous, works_asks,
	works_usual, works_saves,
	/* panels and the chooser of columns, */
	works_clauses, works_saved, works_filtered, works_column, works_unusual, works_column_left,
	works_column_right,
	/* the question, */
	works_groups, works_ranks, works_longer, works_travels, works_older, works_zooms,
	works_compares, works_marked, works_changes, works_dated,
	/* text that is typed */
	works_keeps, works_period, works_grouping, works_question, works_typed, works_completes,
	works_earlier, works_remembers, works_sought;

#endif
