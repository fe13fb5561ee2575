/* world.c - see world.h. */
#include "world.h"

#include <fcntl.h>
#include <unistd.h>

#define WAIT_MS 20000

static void on_changed(void *ctx)
{
	(void)ctx;
}

static void on_caught_up(void *ctx)
{
	((struct world *)ctx)->caught_up = true;
}

static void on_error(void *ctx, const char *message)
{
	struct world *w = ctx;

	snprintf(w->error, sizeof w->error, "%s", message);
}

static bool no_watches;

static int look_alone(void **state)
{
	(void)state;
	no_watches = true;
	return 0;
}

static int watch(void **state)
{
	(void)state;
	no_watches = false;
	return 0;
}

int world_run_tests(const char *name, const struct CMUnitTest *tests, size_t n)
{
	struct CMUnitTest *both = xcalloc(2 * n, sizeof *both);
	struct buf *names = xcalloc(2 * n, sizeof *names);
	int failed;

	for (size_t i = 0; i < 2 * n; i++) {
		both[i] = tests[i % n];
		both[i].setup_func = i < n ? look_alone : watch;
		buf_printf(&names[i], "%s%s", tests[i % n].name, i < n ? "" : " (watched)");
		both[i].name = names[i].s;
	}
	failed = _cmocka_run_group_tests(name, both, 2 * n, NULL, NULL);
	for (size_t i = 0; i < 2 * n; i++)
		buf_release(&names[i]);
	free(names);
	free(both);
	return failed;
}

void world_open(struct world *w, bool follow)
{
	world_open_looking(w, follow, LOOK_MS);
}

void world_open_looking(struct world *w, bool follow, unsigned look_ms)
{
	struct monitor_events e = {
		.ctx = w, .changed = on_changed, .caught_up = on_caught_up, .error = on_error
	};
	struct monitor_options o = { .memory = 1 << 28,
				     .follow = follow,
				     .look_ms = look_ms,
				     .no_watches = no_watches,
				     .keep = true,
				     .newest_first = true,
				     .since_s = INT64_MIN,
				     .until_s = INT64_MAX,
				     .now_s = INT64_MIN };

	*w = (struct world){ 0 };
	strcpy(w->dir, "/tmp/enitop-test-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	snprintf(w->path, sizeof w->path, "%s/a.log", w->dir);
	snprintf(w->old, sizeof w->old, "%s/a.log.1", w->dir);
	uv_loop_init(&w->loop);
	uv_timer_init(&w->loop, &w->tick);
	w->tick.data = w;
	w->monitor = monitor_new(&w->loop, &o, &e);
}

void world_close(struct world *w)
{
	char command[128];

	monitor_close(w->monitor, NULL, NULL);
	uv_close((uv_handle_t *)&w->tick, NULL);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&w->loop), 0);
	snprintf(command, sizeof command, "rm -rf '%s'", w->dir);
	assert_int_equal(system(command), 0);
}

void world_record(struct world *w, struct buf *out)
{
	buf_printf(out,
		   "2 1 eni-1 10.0.0.1 10.0.0.2 40000 443 6 1 %u 1700000000 1700000060 ACCEPT OK\n",
		   w->next++);
}

void write_to(const char *path, int flags, struct str text)
{
	int fd = open(path, O_WRONLY | flags, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.s, text.n), text.n);
	close(fd);
}

void world_append(struct world *w, unsigned n)
{
	struct buf b = { 0 };

	for (unsigned i = 0; i < n; i++)
		world_record(w, &b);
	write_to(w->path, O_APPEND | O_CREAT, buf_str(&b));
	buf_release(&b);
}

static void on_tick(uv_timer_t *t)
{
	struct world *w = t->data;
	struct input_counts c;

	monitor_counts(w->monitor, &c);
	w->waited_ms += 10;
	if (c.flows >= w->want || w->waited_ms > WAIT_MS)
		uv_stop(t->loop);
}

void world_run(struct world *w, uint64_t ms)
{
	w->want = UINT64_MAX;
	w->waited_ms = WAIT_MS > ms ? WAIT_MS - ms : 0;
	uv_timer_start(&w->tick, on_tick, 10, 10);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	uv_timer_stop(&w->tick);
}

void world_expect_all(struct world *w)
{
	struct buf text = { 0 };
	unsigned char *seen = xcalloc(w->next + 1, 1);
	char *line, *rest = NULL;

	w->want = w->next;
	w->waited_ms = 0;
	uv_timer_start(&w->tick, on_tick, 10, 10);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	uv_timer_stop(&w->tick);
	ring_render(monitor_ring(w->monitor), &text);
	for (line = strtok_r(text.s ? text.s : (char[]){ "" }, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		unsigned n;
		assert_int_equal(sscanf(line, "%*s %*s %*s %*s %*s %*s %*s %*s %*s %u", &n), 1);
		assert_true(n < w->next);
		assert_int_equal(seen[n]++, 0);
	}
	for (unsigned i = 0; i < w->next; i++)
		if (!seen[i])
			fail_msg("record %u of %u is missing", i, w->next);
	free(seen);
	buf_release(&text);
}

struct source_info world_source(struct world *w, const char *end)
{
	struct source_info info = { 0 };

	for (size_t i = 0; i < monitor_sources(w->monitor); i++) {
		monitor_source(w->monitor, i, &info);
		size_t n = strlen(info.name), m = strlen(end);
		if (n >= m && strcmp(info.name + n - m, end) == 0)
			return info;
	}
	fail_msg("no source ends in %s", end);
	return info;
}
