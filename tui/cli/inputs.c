/* inputs.c - see inputs.h. */
#include "cli/inputs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"

#define DEMO_SEED 7

bool inputs_open_state(const struct options *o, struct monitor *m)
{
	int error = o->state ? monitor_open_state(m, o->state) : 0;

	if (error)
		fprintf(stderr, "enitop: cannot read the state '%s': %s\n", o->state,
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

/* A control character: of ASCII, or the C1 ones as UTF-8 has them. */
static size_t control_length(const unsigned char *p)
{
	if (*p < ' ' || *p == 0x7f)
		return 1;
	return *p == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f ? 2 : 0;
}

void inputs_complain(const char *message)
{
	struct buf text = { 0 };

	buf_puts(&text, "enitop: ");
	for (const unsigned char *p = (const unsigned char *)message; *p;) {
		size_t n = control_length(p);
		buf_putc(&text, n ? '.' : (char)*p);
		p += n ? n : 1;
	}
	buf_putc(&text, '\n');
	write_all(STDERR_FILENO, buf_str(&text));
	buf_release(&text);
}
