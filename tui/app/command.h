/* command.h - the functions of the commands of term/keymap.h. */
#ifndef ENITOP_COMMAND_H
#define ENITOP_COMMAND_H

#include "term/keymap.h"

struct app;

#define X(id, where, when, keys, footer, help) void command_##id(struct app *a);
#define T(id, where, when, keys, footer, help)
COMMANDS(X, T)
#undef T
#undef X

/* Runs a command that has a function. */
void command_run(struct app *a, int command);
/* Whether a command would do something now, were its key pressed; for the footer. */
bool command_works(struct app *a, int command);

#endif
