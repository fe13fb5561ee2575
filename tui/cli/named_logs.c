/* named_logs.c - see named_logs.h. */
#include "cli/named_logs.h"

#include <stdlib.h>
#include <string.h>

static unsigned input_of(const struct options *o, const char *name)
{
	for (int i = 0; i < o->paths; i++) {
		size_t n = strlen(o->path[i]);
		while (n > 1 && o->path[i][n - 1] == '/')
			n--;
		if (strncmp(name, o->path[i], n) == 0 && (name[n] == '\0' || name[n] == '/'))
			return (unsigned)i;
	}
	return 0;
}

static void look_up(struct named_logs *l, uint32_t source)
{
	size_t sources = monitor_sources(l->monitor), n = source + sources + 1;

	if (n > l->n) {
		l->log = xrealloc(l->log, n * sizeof *l->log);
		memset(l->log + l->n, 0, (n - l->n) * sizeof *l->log);
		l->n = n;
	}
	for (size_t i = 0; i < sources; i++) {
		struct source_info info;
		monitor_source(l->monitor, i, &info);
		if (info.id < l->n)
			l->log[info.id] = 1 + input_of(l->options, info.name);
	}
}

unsigned named_logs_of(struct named_logs *l, uint32_t source)
{
	if (source >= l->n || !l->log[source])
		look_up(l, source);
	return l->log[source] ? l->log[source] - 1 : 0;
}

void named_logs_release(struct named_logs *l)
{
	free(l->log);
	l->log = NULL;
	l->n = 0;
}
