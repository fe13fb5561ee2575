/* app_filter.h - what the bar, the panel of clauses and the empty panes share of the
 * filter's state in struct app. Private to tui/. */
#ifndef ENITOP_APP_FILTER_H
#define ENITOP_APP_FILTER_H

#include "app/app.h"

void app_filter_release(struct app *a);
/* What the selected cell says as a filter; without one, what the row says. */
void app_selected_clause(struct app *a, struct buf *out);
/* Switches a clause of a->stack off or on; false: the rest does not parse or is too
 * long. */
bool app_toggle_clause(struct app *a, size_t i);
void app_remove_clause(struct app *a, size_t i);
/* Whether the filter in force says a clause already. */
bool app_says(const struct app *a, const char *clause);
/* Adds a clause to those that are on, as one step; false with a message. */
bool app_narrow(struct app *a, const char *clause);
/* The records of a clause, from the first row of their list on; false with a message. */
bool app_drill(struct app *a, const char *clause);

/* Whether something lies on top that can be closed, or there is a way back; q would leave. */
bool app_goes_back(const struct app *a);
bool app_is_at_bottom(const struct app *a);

/* app_cell.c: whether the cell, or the cursor of a chart, can be moved by one. */
bool app_cell_moves(struct app *a, int by);
/* Shows which cell of the selected row in the focused pane, or of the record in
 * full, is chosen. */
void app_cell_paint(struct app *a, struct area area);

/* app_bar.c: the line of the filter, and what is below it while it is edited. */
void app_bar_key(struct app *a, int key);
/* Whether something can stand at its cursor that Tab may know. */
bool app_bar_completes(const struct app *a);
/* Asks for the name to save the filter in force as. */
void app_bar_name(struct app *a);
void app_bar_begin(struct app *a, const char *text);
/* Lines that the bar takes of a screen. */
int app_bar_lines(const struct app *a);
void app_bar_draw(struct app *a, struct area area, int y);

/* app_typed.c: the text of the prompt has changed; what of it is in force now. */
void app_typed(struct app *a);
/* Puts a text in force that is meant as it stands; false with a->error set, and the last such
 * one is. */
bool app_put(struct app *a, const char *text);
/* What is typed comes into force when it has rested, or when it is known that something matches
 * it; milliseconds until this is to be called again, 0: nothing waits for that. */
uint64_t app_bar_rest(struct app *a, uint64_t now_ns);
void app_typed_release(struct app *a);

/* app_panel.c: the clauses, or the saved filters. Moves by rows; whether one is selected. */
void app_panel_move(struct app *a, int by);
bool app_panel_has_row(const struct app *a);
void app_panel_draw(struct app *a, struct area area);

#endif
