/* The same lines in several files: each record once, whatever logs are copied, truncated or
 * packed to, and whatever they begin like. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/job.h"
#include "world.h"

static void copy_to(const char *from, const char *to, bool packed)
{
	char command[300];

	snprintf(command, sizeof command, "%s <'%s' >'%s'", packed ? "gzip" : "cat", from, to);
	assert_int_equal(system(command), 0);
}

/* Whatever was read of the file before: the copy has the rest. */
static void copied_and_truncated(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, true);
	world_append(&w, 100);
	monitor_add_path(w.monitor, w.dir);
	world_expect_all(&w);
	for (int packed = 0; packed < 2; packed++) {
		world_append(&w, 50);
		copy_to(w.path, w.old, packed);
		assert_int_equal(truncate(w.path, 0), 0);
		world_append(&w, 10);
		world_expect_all(&w);
		assert_int_equal(unlink(w.old), 0);
		world_run(&w, 7 * LOOK_MS);
	}
	assert_non_null(strstr(world_source(&w, "a.log").note, "truncated 2 times"));
	world_close(&w);
}

/* As logrotate compresses, the old log a little later than it is renamed. */
static void comes_back_compressed(void **state)
{
	struct world w;
	char packed[140];
	struct buf b = { 0 };

	(void)state;
	world_open(&w, true);
	world_append(&w, 1000);
	monitor_add_path(w.monitor, w.dir);
	world_expect_all(&w);
	assert_int_equal(rename(w.path, w.old), 0);
	world_append(&w, 10);
	world_record(&w, &b);
	write_to(w.old, O_APPEND, buf_str(&b));
	snprintf(packed, sizeof packed, "%s.gz", w.old);
	copy_to(w.old, packed, true);
	assert_int_equal(unlink(w.old), 0);
	world_expect_all(&w);
	world_run(&w, 2.5 * LOOK_MS);
	world_expect_all(&w);
	assert_non_null(strstr(world_source(&w, ".gz").note, "left out"));
	buf_release(&b);
	world_close(&w);
}

static unsigned jobs; /* that were given to threads */

int __real_uv_queue_work(uv_loop_t *loop, uv_work_t *w, uv_work_cb work, uv_after_work_cb ended);
int __wrap_uv_queue_work(uv_loop_t *loop, uv_work_t *w, uv_work_cb work, uv_after_work_cb ended);
int __wrap_uv_queue_work(uv_loop_t *loop, uv_work_t *w, uv_work_cb work, uv_after_work_cb ended)
{
	jobs++;
	return __real_uv_queue_work(loop, w, work, ended);
}

/* A look that is under way when all is closed has nobody to tell what it found. */
static void closed_while_it_moves(void **state)
{
	(void)state;
	for (unsigned after = 1; after < 9; after++) {
		struct world w;
		world_open(&w, true);
		world_append(&w, 10);
		monitor_add_path(w.monitor, w.dir);
		world_expect_all(&w);
		jobs = 0;
		assert_int_equal(rename(w.path, w.old), 0);
		while (jobs < after)
			uv_run(&w.loop, UV_RUN_ONCE);
		world_close(&w);
	}
}

/* Written anew so that it begins as before: what follows is new. */
static void truncated_to_its_beginning(void **state)
{
	struct world w;
	struct input_counts c;
	struct stat st;

	(void)state;
	world_open(&w, true);
	world_append(&w, 50);
	assert_int_equal(stat(w.path, &st), 0);
	world_append(&w, 50);
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	assert_int_equal(truncate(w.path, st.st_size), 0);
	world_run(&w, 3 * LOOK_MS);
	world_append(&w, 70);
	world_run(&w, 2.5 * LOOK_MS);
	monitor_counts(w.monitor, &c);
	assert_in_range(c.flows, 100 + 70, 100 + 50 + 70);
	assert_non_null(strstr(world_source(&w, "a.log").note, "truncated 1 time:"));
	world_close(&w);
}

/* As an editor or a copy in place writes: truncated, then all that it held and more. */
static void written_anew_in_place(void **state)
{
	struct world w;
	char copy[140];

	(void)state;
	world_open(&w, true);
	world_append(&w, 50);
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	snprintf(copy, sizeof copy, "%s/copy", w.dir);
	for (int i = 1; i < 4; i++) {
		copy_to(w.path, copy, false);
		assert_int_equal(truncate(w.path, 0), 0);
		while (!world_source(&w, "a.log").note)
			world_run(&w, LOOK_MS);
		world_run(&w, 5 * LOOK_MS);
		copy_to(copy, w.path, false);
		world_append(&w, 10);
		world_expect_all(&w);
		world_run(&w, 2.5 * LOOK_MS);
		world_expect_all(&w);
	}
	world_close(&w);
}

/* Of lines that are all alike nobody can tell: they count. */
static void written_anew_all_alike(void **state)
{
	struct world w;
	struct input_counts c;
	struct buf b = { 0 };

	(void)state;
	world_open(&w, true);
	for (int i = 0; i < 40; i++) {
		w.next = 0;
		world_record(&w, &b);
	}
	write_to(w.path, O_CREAT, buf_str(&b));
	monitor_add_path(w.monitor, w.path);
	world_run(&w, 300);
	assert_int_equal(truncate(w.path, 0), 0);
	while (!world_source(&w, "a.log").note)
		world_run(&w, LOOK_MS);
	write_to(w.path, O_APPEND, (struct str){ b.s, b.n / 2 });
	world_run(&w, 300);
	monitor_counts(w.monitor, &c);
	assert_int_equal(c.flows, 60);
	buf_release(&b);
	world_close(&w);
}

/* What stands in a truncated log by now may have come out of another file before: of a log
 * that was rotated and packed in the meantime the packed one may be read first. */
static void truncated_to_what_is_known(void **state)
{
	struct world w;
	char other[140];

	(void)state;
	world_open(&w, true);
	world_append(&w, 50);
	monitor_add_path(w.monitor, w.dir);
	world_expect_all(&w);
	assert_int_equal(rename(w.path, w.old), 0);
	world_append(&w, 20);
	snprintf(other, sizeof other, "%s/other.gz", w.dir);
	copy_to(w.path, other, true);
	assert_int_equal(unlink(w.path), 0);
	world_expect_all(&w);
	snprintf(other, sizeof other, "%s/.other", w.dir);
	w.next -= 20;
	assert_int_equal(rename(w.old, other), 0);
	assert_int_equal(rename(other, w.path), 0);
	assert_int_equal(truncate(w.path, 0), 0);
	world_append(&w, 25);
	world_expect_all(&w);
	world_run(&w, 2.5 * LOOK_MS);
	world_expect_all(&w);
	assert_non_null(strstr(world_source(&w, "a.log").note, "20 lines left out"));
	world_close(&w);
}

/* Two logs may begin with the same lines: a format without times has few to tell by. */
static void same_beginning(void **state)
{
	struct world w;
	struct input_counts c;

	(void)state;
	world_open(&w, true);
	world_append(&w, 3);
	copy_to(w.path, w.old, false);
	w.next += 100;
	world_append(&w, 5);
	monitor_add_path(w.monitor, w.path);
	world_run(&w, 300);
	w.next = 50;
	struct buf b = { 0 };
	for (int i = 0; i < 40; i++)
		world_record(&w, &b);
	write_to(w.old, O_APPEND, buf_str(&b));
	monitor_add_path(w.monitor, w.old);
	world_run(&w, 300);
	monitor_counts(w.monitor, &c);
	assert_int_equal(c.flows, 3 + 5 + 3 + 40);
	buf_release(&b);
	world_close(&w);
}

/* More than their beginnings have to be the same: of both every line is there. */
static void same_at_first(void **state)
{
	struct world w;
	struct input_counts c;
	char command[600];

	(void)state;
	world_open(&w, true);
	world_append(&w, 1000);
	snprintf(command, sizeof command,
		 "head -20 '%s' >'%s'; tail -400 '%s' | sed 's/eni-1/eni-2/' >>'%s'", w.path, w.old,
		 w.path, w.old);
	assert_int_equal(system(command), 0);
	monitor_add_path(w.monitor, w.dir);
	world_run(&w, 1.5 * LOOK_MS);
	monitor_counts(w.monitor, &c);
	assert_int_equal(c.flows, 1000 + 20 + 400);
	world_close(&w);
}

/* A writer that stops in the middle of a line for more than a minute: what there was of it is
 * told, what comes is not taken for a line, and a copy of the log is still the same log. */
static void continued_after_all(void **state)
{
	static const struct timespec old[2] = { { 1700000000, 0 }, { 1700000000, 0 } };
	struct world w;
	struct buf b = { 0 };
	struct input_counts c;

	(void)state;
	world_open(&w, true);
	world_append(&w, 30);
	world_record(&w, &b);
	write_to(w.path, O_APPEND, (struct str){ b.s, 40 });
	assert_int_equal(utimensat(AT_FDCWD, w.path, old, 0), 0);
	monitor_add_path(w.monitor, w.dir);
	world_run(&w, 2.5 * LOOK_MS);
	monitor_counts(w.monitor, &c);
	assert_int_equal(c.malformed, 1); /* the first part */
	write_to(w.path, O_APPEND, (struct str){ b.s + 40, b.n - 40 });
	world_append(&w, 5);
	world_run(&w, 2.5 * LOOK_MS);
	world_append(&w, 7);
	copy_to(w.path, w.old, true);
	assert_int_equal(truncate(w.path, 0), 0);
	world_append(&w, 3);
	world_run(&w, 4 * LOOK_MS);
	monitor_counts(w.monitor, &c);
	assert_int_equal(c.flows, 30 + 5 + 7 + 3);
	assert_int_equal(c.malformed, 2);
	buf_release(&b);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copied_and_truncated),
		cmocka_unit_test(comes_back_compressed),
		cmocka_unit_test(closed_while_it_moves),
		cmocka_unit_test(truncated_to_its_beginning),
		cmocka_unit_test(written_anew_in_place),
		cmocka_unit_test(written_anew_all_alike),
		cmocka_unit_test(truncated_to_what_is_known),
		cmocka_unit_test(same_beginning),
		cmocka_unit_test(same_at_first),
		cmocka_unit_test(continued_after_all),
	};

	job_setup();
	return world_run_tests("copies", tests, ARRAY_SIZE(tests));
}
