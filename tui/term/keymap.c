/* keymap.c - see keymap.h. */
#include "term/keymap.h"

static const struct command table[] = {
#define X(id, where, when, keys, footer, help) { #id, where, keys, footer, help, false },
#define T(id, where, when, keys, footer, help) { #id, where, keys, footer, help, true },
	COMMANDS(X, T)
#undef T
#undef X
};

const struct command *commands(void)
{
	return table;
}

const char *layer_title(enum layer l)
{
	static const char *const titles[] = {
#define X(id, title) title,
		LAYERS(X)
#undef X
	};

	return titles[l];
}
