/* command.c - see command.h. */
#include "app/command.h"

/* A key of a pane that is not in focus. */
static void nothing(struct app *a)
{
	(void)a;
}

static command_fn *const function[] = {
#define X(id, key, other, footer, help) command_##id,
#define P(id, key, other, footer, help) nothing,
	COMMANDS(X, P)
#undef P
#undef X
};

command_fn *command_of(int key)
{
	size_t n, panes;
	const struct command *c = commands(&n, &panes);

	for (size_t i = 0; i < n; i++)
		if (c[i].key == key || (c[i].other && c[i].other == key))
			return function[i];
	return NULL;
}
