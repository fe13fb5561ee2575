/* inputs.c - see inputs.h. */
#include "inputs.h"

#include <errno.h>
#include <string.h>

#define DEMO_SEED 7

bool inputs_open_state(const struct options *o, struct monitor *m)
{
	int error = o->state ? monitor_open_state(m, o->state) : 0;

	if (error)
		fprintf(stderr, "enitop: cannot read the state '%s': %s\n", o->state,
			error == -EINVAL ? "not written by enitop" : strerror(-error));
	return !error;
}

void inputs_add(const struct options *o, struct monitor *m)
{
	if (o->demo)
		monitor_add_demo(m, DEMO_SEED, o->demo_rate, options_now(o) - 3600);
	for (int i = 0; i < o->paths; i++)
		if (strcmp(o->path[i], "-") == 0)
			monitor_add_stdin(m);
		else
			monitor_add_path(m, o->path[i]);
}
