/* keymap.c - see keymap.h. */
#include "term/keymap.h"

static const struct command table[] = {
#define X(id, key, other, footer, help) { #id, key, other, footer, help, false },
#define P(id, key, other, footer, help) { #id, key, other, footer, help, true },
	COMMANDS(X, P)
#undef P
#undef X
};

const struct command *commands(size_t *n, size_t *panes)
{
#define X(id, key, other, footer, help) +1
	*n = 0 COMMANDS(X, X);
	*panes = 0 COMMANDS_BEFORE_PANES(X, X);
#undef X
	return table;
}
