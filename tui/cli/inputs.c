/* inputs.c - see inputs.h. */
#include "cli/inputs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/terminal.h"

#define DEMO_SEED 7

bool inputs_open_state(const struct options *o, struct monitor *m)
{
	int error = o->state ? monitor_open_state(m, o->state) : 0;

	if (error == -EISDIR || error == -EOPNOTSUPP || error == -ENXIO)
		complain("--state: '%s' is no regular file", o->state);
	else if (error)
		complain("cannot read the state '%s': %s", o->state,
			 error == -EINVAL ? "not written by enitop" : strerror(-error));
	return !error;
}

#define LEAVE_MS 2000

static void on_overdue(uv_timer_t *t)
{
	descriptors_give_back();
	fflush(NULL);
	_exit(*(int *)t->data);
}

void inputs_leave(uv_loop_t *loop, int status)
{
	uv_timer_t overdue;

	uv_timer_init(loop, &overdue);
	overdue.data = &status;
	uv_update_time(loop); /* its clock may stand where it last slept, long ago */
	uv_timer_start(&overdue, on_overdue, LEAVE_MS, 0);
	uv_unref((uv_handle_t *)&overdue);
	uv_run(loop, UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&overdue, NULL);
	uv_run(loop, UV_RUN_DEFAULT);
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
