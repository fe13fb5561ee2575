/* command.c - see command.h. */
#include "app/command.h"

#include "app/command_works.h"

typedef void command_fn(struct app *a);

/* Text that is typed has its keys by itself. */
static void nothing(struct app *a)
{
	(void)a;
}

static const struct {
	command_fn *run;
	command_when *when;
} functions[] = {
#define X(id, where, when, keys, footer, help) { command_##id, works_##when },
#define T(id, where, when, keys, footer, help) { nothing, works_##when },
	COMMANDS(X, T)
#undef T
#undef X
};

void command_run(struct app *a, int command)
{
	functions[command].run(a);
}

bool command_works(struct app *a, int command)
{
	return functions[command].when(a);
}
