/* command.h - the functions of the commands of term/keymap.h. */
#ifndef ENITOP_COMMAND_H
#define ENITOP_COMMAND_H

#include "term/keymap.h"

struct app;

#define X(id, key, other, footer, help) void command_##id(struct app *a);
#define P(id, key, other, footer, help)
COMMANDS(X, P)
#undef P
#undef X

/* What a key does; NULL: nothing. Those that choose a pane are not among them. */
typedef void command_fn(struct app *a);
command_fn *command_of(int key);

#endif
