/* source_none.c - an input that never was one: a folder that can't be looked at, a pipe
 * that can't be opened. It stands among the others with its error. */
#include "input/source.h"

#include <string.h>

static void none_free(struct source *s)
{
	(void)s;
}

static const struct source_ops none_ops = { .kind = "none", .free = none_free };

struct source *source_none_new(const char *name)
{
	struct source *s = xcalloc(1, sizeof *s);

	s->ops = &none_ops;
	s->name = xstrndup(name, strlen(name));
	return s;
}
