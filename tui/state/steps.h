/* steps.h - the way back: what was in force before each narrowing. */
#ifndef ENITOP_STEPS_H
#define ENITOP_STEPS_H

#include "state/app_state.h"

/* The way back leads to `filter`, and to the clauses, pane, zoom and times of now. */
void steps_remember(struct app *a, const char *filter);
/* Takes the last step back; there is one. */
void steps_back(struct app *a);
/* Forgets the last step, which came to nothing. */
void steps_undo(struct app *a);
void steps_release(struct app *a);

#endif
