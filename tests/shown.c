/* shown.c - the findings that the screen has of a log: all is read, counted and judged as there, without
 * a terminal, and pane 0 is written as ndjson.
 *
 *     tests/shown [ENITOP'S OPTIONS] FILE... */
#include "panes.h"

#include <inttypes.h>

#include "app/app_findings.h"
#include "cli/inputs.h"
#include "cli/labels_open.h"
#include "triage/edges.h"
#include "triage/summing.h"

static struct app app;
static uint64_t judged; /* while it was read */

/* As frames do: what came is judged, and judged again. */
static void on_changed(void *ctx)
{
	int64_t was = watching_until(app.watching);

	(void)ctx;
	while (live_step(app.live, 1000000))
		;
	for (int i = 0; i < 50 && app_findings_step(&app, 200000); i++)
		;
	judged += watching_until(app.watching) != was;
}

static void on_caught_up(void *ctx)
{
	app_findings_caught_up(&app);
	uv_stop(ctx);
}

static void on_error(void *ctx, const char *message)
{
	(void)ctx;
	fprintf(stderr, "shown: %s\n", message);
}

static void on_tick(uv_timer_t *t)
{
	(void)t;
}

static void write_findings(void)
{
	struct buf out = { 0 };

	pane_of_findings(&app)->view->write(&app, OUTPUT_NDJSON, &out);
	fwrite(out.s, 1, out.n, stdout);
	buf_release(&out);
	fprintf(stderr, "judged %" PRIu64 " times while it was read; %" PRIu64 " had no room\n",
		judged, watching_dropped(app.watching));
}

int main(int argc, char **argv)
{
	struct monitor_events e = { .changed = on_changed,
				    .caught_up = on_caught_up,
				    .error = on_error };
	struct monitor_options mo = { .keep = true, .newest_first = true };
	char message[160] = "";
	uv_timer_t tick;
	uv_loop_t loop;

	if (options_parse(&W.options, &view_table, argc, argv, stdout, stderr) != -1)
		return 2;
	e.ctx = &loop;
	mo.memory = W.options.memory;
	mo.now_s = W.options.now_s;
	mo.since_s = W.options.since_s;
	mo.until_s = W.options.until_s;
	uv_loop_init(&loop);
	W.monitor = monitor_new(&loop, &mo, &e);
	app_init(&app, &W.options, W.monitor);
	if (!app.rules || !labels_open(&W.options, W.monitor, message, sizeof message))
		return 2;
	screen_resize(&app.screen, 24, 80);
	inputs_add(&W.options, W.monitor);
	/* As a terminal does: the loop does not end on its own. */
	uv_timer_init(&loop, &tick);
	uv_timer_start(&tick, on_tick, 10, 10);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&tick, NULL);
	settle(&app);
	write_findings();
	edges_leave(app.edges);
	monitor_close(W.monitor, NULL, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	app_release(&app);
	options_release(&W.options);
	return uv_loop_close(&loop) != 0;
}
