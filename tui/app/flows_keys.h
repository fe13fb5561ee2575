/* flows_keys.h - the chooser of columns, and a record in full, as commands move them. */
#ifndef ENITOP_FLOWS_KEYS_H
#define ENITOP_FLOWS_KEYS_H

#include "state/app_state.h"

/* Moves in the chooser by so many columns. */
void flows_choose(struct app *a, int by);
/* Whether a column is chosen there, and has a neighbour on that side to change places with. */
bool flows_has_choice(const struct app *a);
bool flows_can_shift(const struct app *a, int step);
/* Whether there is a record behind the one on show (1), or before it (-1). */
bool flows_turns(struct app *a, int step);

#endif
