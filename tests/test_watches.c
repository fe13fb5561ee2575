/* What happens to files is noticed without looks: there are none here, an hour apart, and what was
 * written is there all the same. And where nothing tells of it, looks find it. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/job.h"
#include "input/folder.h"
#include "world.h"

#define NEVER 3600000 /* ms until the next look */

int __real_uv_fs_event_start(uv_fs_event_t *h, uv_fs_event_cb cb, const char *path, unsigned flags);
int __wrap_uv_fs_event_start(uv_fs_event_t *h, uv_fs_event_cb cb, const char *path, unsigned flags);

static int limit;       /* what the kernel says; 0: there is none */
static unsigned starts; /* of watches */

int __wrap_uv_fs_event_start(uv_fs_event_t *h, uv_fs_event_cb cb, const char *path, unsigned flags)
{
	starts++;
	return limit ? limit : __real_uv_fs_event_start(h, cb, path, flags);
}

/* Where looks never come; skipped where the kernel does not tell. */
static void open_watched(struct world *w)
{
	limit = 0;
	world_open_looking(w, true, NEVER);
	if (folder_is_local(w->dir))
		return;
	world_close(w);
	skip();
}

static void write_records(struct world *w, const char *path, unsigned n)
{
	struct buf b = { 0 };

	for (unsigned i = 0; i < n; i++)
		world_record(w, &b);
	write_to(path, O_APPEND | O_CREAT, buf_str(&b));
	buf_release(&b);
}

/* A log by its name: appended, truncated, and rotated, over and over. */
static void named_file(void **state)
{
	struct world w;

	(void)state;
	open_watched(&w);
	world_append(&w, 10);
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	for (int i = 0; i < 3; i++) {
		world_append(&w, 1);
		world_expect_all(&w);
		assert_int_equal(rename(w.path, w.old), 0);
		world_append(&w, 5);
		world_expect_all(&w);
	}
	assert_int_equal(truncate(w.path, 0), 0);
	world_append(&w, 2);
	world_expect_all(&w);
	assert_int_equal(unlink(w.path), 0);
	world_append(&w, 2);
	world_expect_all(&w);
	assert_int_equal(monitor_sources(w.monitor), 1);
	world_close(&w);
}

/* The one that took the name is read though the old one's writer goes on there, which is read too;
 * a line that was begun in the old one is finished first. */
static void renamed_under_its_writer(void **state)
{
	struct world w;
	struct buf b = { 0 };

	(void)state;
	open_watched(&w);
	world_append(&w, 10);
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	assert_int_equal(rename(w.path, w.old), 0);
	world_append(&w, 1);
	world_expect_all(&w);
	write_records(&w, w.old, 7);
	world_append(&w, 1); /* looked at is the name */
	world_expect_all(&w);
	assert_int_equal(world_source(&w, "(replaced)").counts.flows, 7);
	world_record(&w, &b);
	write_to(w.path, O_APPEND, (struct str){ b.s, 20 });
	world_run(&w, 300);
	assert_int_equal(rename(w.path, w.old), 0);
	write_records(&w, w.path, 1);
	world_run(&w, 300);
	write_to(w.old, O_APPEND, (struct str){ b.s + 20, b.n - 20 });
	write_records(&w, w.path, 1);
	world_expect_all(&w);
	buf_release(&b);
	world_close(&w);
}

/* What a link leads to is in another folder. */
static void linked_file(void **state)
{
	struct world w;
	char folder[100], path[140];

	(void)state;
	open_watched(&w);
	snprintf(folder, sizeof folder, "%s/elsewhere", w.dir);
	snprintf(path, sizeof path, "%s/b.log", folder);
	assert_int_equal(mkdir(folder, 0755), 0);
	write_records(&w, path, 3);
	assert_int_equal(symlink(path, w.path), 0);
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	write_records(&w, path, 3);
	world_expect_all(&w);
	/* To another one there. */
	snprintf(path, sizeof path, "%s/c.log", folder);
	write_records(&w, path, 3);
	assert_int_equal(unlink(w.path), 0);
	assert_int_equal(symlink(path, w.path), 0);
	world_expect_all(&w);
	write_records(&w, path, 3);
	world_expect_all(&w);
	world_close(&w);
}

/* Files of folders: new, appended, rotated, in a new folder, replaced whole. */
static void files_of_a_folder(void **state)
{
	struct world w;
	char folder[100], path[140], hidden[140];

	(void)state;
	open_watched(&w);
	world_append(&w, 10);
	monitor_add_path(w.monitor, w.dir);
	world_expect_all(&w);
	world_append(&w, 2);
	world_expect_all(&w);
	assert_int_equal(rename(w.path, w.old), 0);
	write_records(&w, w.old, 2);
	world_append(&w, 2);
	world_expect_all(&w);
	world_source(&w, "a.log.1");
	snprintf(folder, sizeof folder, "%s/new", w.dir);
	snprintf(path, sizeof path, "%s/b.log", folder);
	snprintf(hidden, sizeof hidden, "%s/.b.log", folder);
	assert_int_equal(mkdir(folder, 0755), 0);
	write_records(&w, path, 2);
	world_expect_all(&w);
	write_records(&w, path, 2);
	world_expect_all(&w);
	write_records(&w, hidden, 2);
	assert_int_equal(rename(hidden, path), 0);
	world_expect_all(&w);
	world_close(&w);
}

/* A writer that never rests is not asked at every write. */
static void busy_writer(void **state)
{
	struct world w;

	(void)state;
	open_watched(&w);
	world_append(&w, 1);
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	starts = 0;
	for (int i = 0; i < 200; i++) {
		world_append(&w, 1);
		uv_run(&w.loop, UV_RUN_NOWAIT);
	}
	world_expect_all(&w);
	world_run(&w, 300);
	assert_true(starts > 0); /* it was left alone in between */
	world_close(&w);
}

/* Nothing is watched, and nothing is a fault: looks find what comes. */
static void no_room_for_watches(void **state)
{
	static const int limits[] = { UV_ENOSPC, UV_EMFILE };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		struct world w;
		limit = limits[i];
		starts = 0;
		world_open(&w, true);
		world_append(&w, 10);
		monitor_add_path(w.monitor, w.path);
		monitor_add_path(w.monitor, w.dir);
		world_expect_all(&w);
		world_append(&w, 10);
		assert_int_equal(rename(w.path, w.old), 0);
		world_append(&w, 10);
		world_expect_all(&w);
		assert_string_equal(w.error, "");
		assert_false(monitor_failed(w.monitor));
		world_close(&w);
		limit = 0;
	}
}

static void run_until_caught_up(struct world *w)
{
	w->caught_up = false;
	monitor_hurry(w->monitor);
	while (!w->caught_up)
		world_run(w, 10);
}

/* At the end what no look has found yet is looked for: files of folders, what took a name, what
 * was written to a file at rest. */
static void hurries(void **state)
{
	static const struct timespec old[2] = { { 1700000000, 0 }, { 1700000000, 0 } };
	struct world w;
	struct input_counts c;
	char named[100], path[140];

	(void)state;
	limit = UV_ENOSPC;
	world_open_looking(&w, true, NEVER);
	snprintf(named, sizeof named, "%s.named", w.dir);
	write_records(&w, named, 3);
	world_append(&w, 3);
	assert_int_equal(utimensat(AT_FDCWD, w.path, old, 0), 0);
	monitor_add_path(w.monitor, named);
	monitor_add_path(w.monitor, w.dir);
	world_expect_all(&w);
	world_run(&w, 50);
	world_append(&w, 3);
	snprintf(path, sizeof path, "%s/new", w.dir);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof path, "%s/new/b.log", w.dir);
	write_records(&w, path, 3);
	snprintf(path, sizeof path, "%s.old", w.dir);
	assert_int_equal(rename(named, path), 0);
	write_records(&w, path, 3);
	write_records(&w, named, 3);
	run_until_caught_up(&w);
	monitor_counts(w.monitor, &c);
	assert_int_equal(c.flows, w.next);
	world_expect_all(&w);
	unlink(named);
	unlink(path);
	world_close(&w);
	limit = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(named_file),  cmocka_unit_test(renamed_under_its_writer),
		cmocka_unit_test(linked_file), cmocka_unit_test(files_of_a_folder),
		cmocka_unit_test(busy_writer), cmocka_unit_test(no_room_for_watches),
		cmocka_unit_test(hurries),
	};

	job_setup();
	return cmocka_run_group_tests_name("watches", tests, NULL, NULL);
}
