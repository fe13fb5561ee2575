/* Sources end to end, through a monitor on a real loop: every record carries its number,
 * and after each thing that happens to a file each number is there exactly once. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "folder.h"
#include "job.h"
#include "monitor.h"
#include "support.h"

#define WAIT_MS 20000

struct world {
	uv_loop_t loop;
	uv_timer_t tick;
	struct monitor *monitor;
	uint64_t want, waited_ms; /* flows to wait for */
	bool closed, caught_up;
	char dir[64], path[128], old[128];
	unsigned next; /* number of the next record */
	char error[256];
};

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

static void setup(struct world *w, bool follow)
{
	struct monitor_events e = { .ctx = w, .changed = on_changed, .caught_up = on_caught_up, .error = on_error };
	struct monitor_options o = { .memory = 1 << 28,
				     .follow = follow,
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

static void teardown(struct world *w)
{
	char command[128];

	monitor_close(w->monitor, NULL, NULL);
	uv_close((uv_handle_t *)&w->tick, NULL);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&w->loop), 0);
	snprintf(command, sizeof command, "rm -rf '%s'", w->dir);
	assert_int_equal(system(command), 0);
}

static void record(struct world *w, struct buf *out)
{
	buf_printf(out,
		   "2 1 eni-1 10.0.0.1 10.0.0.2 40000 443 6 1 %u 1700000000 1700000060 ACCEPT OK\n",
		   w->next++);
}

static void write_to(const char *path, int flags, struct str text)
{
	int fd = open(path, O_WRONLY | flags, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.s, text.n), text.n);
	close(fd);
}

static void append(struct world *w, unsigned n)
{
	struct buf b = { 0 };

	for (unsigned i = 0; i < n; i++)
		record(w, &b);
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

/* Runs the loop for a while, whatever comes. */
static void run_ms(struct world *w, uint64_t ms)
{
	w->want = UINT64_MAX;
	w->waited_ms = WAIT_MS > ms ? WAIT_MS - ms : 0;
	uv_timer_start(&w->tick, on_tick, 10, 10);
	uv_run(&w->loop, UV_RUN_DEFAULT);
	uv_timer_stop(&w->tick);
}

/* Waits until all records written are there; each exactly once. */
static void expect_all(struct world *w)
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

static void appended(void **state)
{
	struct world w;

	(void)state;
	setup(&w, true);
	append(&w, 1000);
	monitor_add_path(w.monitor, w.path);
	expect_all(&w);
	for (int i = 0; i < 3; i++) {
		append(&w, 50);
		expect_all(&w);
	}
	teardown(&w);
}

static void unfinished_line_waits(void **state)
{
	struct world w;
	struct buf b = { 0 };

	(void)state;
	setup(&w, true);
	append(&w, 3);
	record(&w, &b);
	write_to(w.path, O_APPEND, (struct str){ b.s, 20 });
	monitor_add_path(w.monitor, w.path);
	w.next--;
	expect_all(&w);
	w.next++;
	write_to(w.path, O_APPEND, (struct str){ b.s + 20, b.n - 20 });
	expect_all(&w);
	buf_release(&b);
	teardown(&w);
}

static void no_final_newline(void **state)
{
	struct world w;
	struct buf b = { 0 };

	(void)state;
	setup(&w, false);
	record(&w, &b);
	record(&w, &b);
	write_to(w.path, O_CREAT, (struct str){ b.s, b.n - 1 });
	monitor_add_path(w.monitor, w.path);
	expect_all(&w);
	buf_release(&b);
	teardown(&w);
}

/* What was still written to the old file is read first. */
static void rotated_by_rename(void **state)
{
	struct world w;
	struct buf b = { 0 };

	(void)state;
	setup(&w, true);
	append(&w, 100);
	monitor_add_path(w.monitor, w.path);
	expect_all(&w);
	for (int i = 0; i < 2; i++) {
		append(&w, 10);
		assert_int_equal(rename(w.path, w.old), 0);
		buf_clear(&b);
		for (int k = 0; k < 10; k++)
			record(&w, &b);
		write_to(w.old, O_APPEND, buf_str(&b));
		append(&w, 10);
		expect_all(&w);
	}
	buf_release(&b);
	teardown(&w);
}

static void truncated(void **state)
{
	struct world w;

	(void)state;
	setup(&w, true);
	append(&w, 500);
	monitor_add_path(w.monitor, w.path);
	expect_all(&w);
	assert_int_equal(truncate(w.path, 0), 0);
	append(&w, 20);
	expect_all(&w);
	/* Written anew to more than it was: another beginning tells it. */
	assert_int_equal(truncate(w.path, 0), 0);
	append(&w, 900);
	expect_all(&w);
	teardown(&w);
}

static void missing_and_back(void **state)
{
	struct world w;

	(void)state;
	setup(&w, true);
	monitor_add_path(w.monitor, w.path);
	run_ms(&w, 200);
	assert_string_not_equal(w.error, "");
	append(&w, 10);
	expect_all(&w);
	assert_int_equal(unlink(w.path), 0);
	run_ms(&w, 1500);
	append(&w, 10);
	expect_all(&w);
	teardown(&w);
}

static void gzip_file(void **state)
{
	struct world w;
	struct buf b = { 0 };

	(void)state;
	setup(&w, false);
	/* Under a name that says nothing, in three members. */
	for (int m = 0; m < 3; m++) {
		gzFile z = gzopen(w.path, "ab");
		buf_clear(&b);
		for (int i = 0; i < 20000; i++)
			record(&w, &b);
		assert_int_equal(gzwrite(z, b.s, (unsigned)b.n), b.n);
		gzclose(z);
	}
	monitor_add_path(w.monitor, w.path);
	expect_all(&w);
	assert_true(w.caught_up);
	assert_false(monitor_failed(w.monitor));
	buf_release(&b);
	teardown(&w);
}

/* Several blocks, decoded by several jobs, linked in their order. */
static void large_file_in_order(void **state)
{
	struct world w;
	struct buf text = { 0 };
	unsigned at = 0;

	(void)state;
	setup(&w, false);
	append(&w, 300000);
	monitor_add_path(w.monitor, w.path);
	expect_all(&w);
	ring_render(monitor_ring(w.monitor), &text);
	for (char *p = text.s; p < text.s + text.n; p = strchr(p, '\n') + 1) {
		unsigned n;
		char *bytes = p;
		for (int skip = 0; skip < 9; skip++)
			bytes = strchr(bytes, ' ') + 1;
		n = (unsigned)strtoul(bytes, NULL, 10);
		assert_int_equal(n, at++);
	}
	buf_release(&text);
	teardown(&w);
}

static void pipe_waits_for_the_rest(void **state)
{
	struct world w;
	struct buf b = { 0 };
	int fd[2], keep = dup(0);

	(void)state;
	setup(&w, true);
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(dup2(fd[0], 0), 0);
	close(fd[0]);
	monitor_add_stdin(w.monitor);
	record(&w, &b);
	assert_int_equal(write(fd[1], b.s, b.n), b.n);
	expect_all(&w);
	buf_clear(&b);
	record(&w, &b);
	assert_int_equal(write(fd[1], b.s, 10), 10);
	run_ms(&w, 50);
	assert_int_equal(write(fd[1], b.s + 10, b.n - 10), b.n - 10);
	close(fd[1]);
	expect_all(&w);
	buf_release(&b);
	teardown(&w);
	dup2(keep, 0);
	close(keep);
}

static void trouble_is_said(void **state)
{
	struct world w;
	struct buf b = { 0 };

	(void)state;
	setup(&w, false);
	monitor_add_path(w.monitor, "/nowhere/x.log");
	append(&w, 5);
	monitor_add_path(w.monitor, w.path);
	expect_all(&w);
	run_ms(&w, 100);
	assert_string_equal(w.error, "cannot open '/nowhere/x.log': no such file or directory");
	assert_true(monitor_failed(w.monitor));
	assert_true(w.caught_up);
	buf_release(&b);
	teardown(&w);
}

/* Folders below folders, a link back up, names that are not finished: each file once. */
static void directory(void **state)
{
	struct world w;
	char path[160];

	(void)state;
	setup(&w, false);
	for (int i = 0; i < 3; i++) {
		append(&w, 10);
		snprintf(path, sizeof path, "%s/sub%d", w.dir, i);
		assert_int_equal(mkdir(path, 0755), 0);
		snprintf(path, sizeof path, "%s/sub%d/x.log", w.dir, i);
		assert_int_equal(rename(w.path, path), 0);
	}
	write_to(w.old, O_CREAT, (struct str){ "junk\n", 5 });
	snprintf(path, sizeof path, "%s/.hidden", w.dir);
	assert_int_equal(rename(w.old, path), 0);
	snprintf(path, sizeof path, "%s/sub1/loop", w.dir);
	assert_int_equal(symlink("..", path), 0);
	monitor_add_path(w.monitor, w.dir);
	expect_all(&w);
	assert_non_null(strstr(w.error, "too many symbolic links"));
	teardown(&w);
}

/* What appears in a followed folder, in a new folder of it too, and a finished file that
 * grows after all; with more files than may stay open. */
static void directory_fills(void **state)
{
	struct world w;
	char path[160];

	(void)state;
	setup(&w, true);
	for (int i = 0; i < 200; i++) {
		append(&w, 3);
		snprintf(path, sizeof path, "%s/%d.log", w.dir, i);
		assert_int_equal(rename(w.path, path), 0);
	}
	monitor_add_path(w.monitor, w.dir);
	expect_all(&w);
	append(&w, 5);
	snprintf(path, sizeof path, "%s/new", w.dir);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof path, "%s/new/x.log", w.dir);
	assert_int_equal(rename(w.path, path), 0);
	expect_all(&w);
	struct buf b = { 0 };
	record(&w, &b);
	snprintf(path, sizeof path, "%s/7.log", w.dir);
	write_to(path, O_APPEND, buf_str(&b));
	buf_release(&b);
	expect_all(&w);
	teardown(&w);
}

static unsigned files_open(const char *dir)
{
	DIR *fds = opendir("/proc/self/fd");
	struct dirent *d;
	char link[64], path[256];
	unsigned n = 0;

	while (fds && (d = readdir(fds))) {
		snprintf(link, sizeof link, "/proc/self/fd/%.20s", d->d_name);
		ssize_t length = readlink(link, path, sizeof path - 1);
		path[length > 0 ? length : 0] = '\0';
		n += strncmp(path, dir, strlen(dir)) == 0;
	}
	if (fds)
		closedir(fds);
	return n;
}

/* More young files than may be open: those read last are, each goes on being followed. */
static void few_stay_open(void **state)
{
	struct world w;
	char path[160];
	struct buf b = { 0 };

	(void)state;
	setup(&w, true);
	for (int i = 0; i < 300; i++) {
		append(&w, 2);
		snprintf(path, sizeof path, "%s/%d.log", w.dir, i);
		assert_int_equal(rename(w.path, path), 0);
	}
	monitor_add_path(w.monitor, w.dir);
	expect_all(&w);
	run_ms(&w, 50);
	assert_in_range(files_open(w.dir), 100, 128);
	for (int i = 0; i < 300; i += 7) {
		buf_clear(&b);
		record(&w, &b);
		snprintf(path, sizeof path, "%s/%d.log", w.dir, i);
		write_to(path, O_APPEND, buf_str(&b));
	}
	expect_all(&w);
	assert_in_range(files_open(w.dir), 100, 128);
	buf_release(&b);
	teardown(&w);
}

static void copy_to(const char *from, const char *to, bool packed)
{
	char command[300];

	snprintf(command, sizeof command, "%s <'%s' >'%s'", packed ? "gzip" : "cat", from, to);
	assert_int_equal(system(command), 0);
}

static struct source_info source_of(struct world *w, const char *end)
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

/* Whatever was read of the file before: the copy has the rest. */
static void copied_and_truncated(void **state)
{
	struct world w;

	(void)state;
	setup(&w, true);
	append(&w, 100);
	monitor_add_path(w.monitor, w.dir);
	expect_all(&w);
	for (int packed = 0; packed < 2; packed++) {
		append(&w, 50);
		copy_to(w.path, w.old, packed);
		assert_int_equal(truncate(w.path, 0), 0);
		append(&w, 10);
		expect_all(&w);
		assert_int_equal(unlink(w.old), 0);
		run_ms(&w, 7000);
	}
	assert_non_null(strstr(source_of(&w, "a.log").note, "truncated 2 times"));
	teardown(&w);
}

/* As logrotate compresses, the old log a little later than it is renamed. */
static void comes_back_compressed(void **state)
{
	struct world w;
	char packed[140];
	struct buf b = { 0 };

	(void)state;
	setup(&w, true);
	append(&w, 1000);
	monitor_add_path(w.monitor, w.dir);
	expect_all(&w);
	assert_int_equal(rename(w.path, w.old), 0);
	append(&w, 10);
	record(&w, &b);
	write_to(w.old, O_APPEND, buf_str(&b));
	snprintf(packed, sizeof packed, "%s.gz", w.old);
	copy_to(w.old, packed, true);
	assert_int_equal(unlink(w.old), 0);
	expect_all(&w);
	run_ms(&w, 2500);
	expect_all(&w);
	assert_non_null(strstr(source_of(&w, ".gz").note, "left out"));
	buf_release(&b);
	teardown(&w);
}

/* Found under a name that leads to another file when it is opened: both are read. */
static void replaced_before_it_was_opened(void **state)
{
	struct world w;

	(void)state;
	setup(&w, true);
	append(&w, 10);
	monitor_hold(w.monitor, true);
	monitor_add_path(w.monitor, w.dir);
	run_ms(&w, 100);
	assert_int_equal(monitor_sources(w.monitor), 1);
	assert_int_equal(rename(w.path, w.old), 0);
	append(&w, 10);
	monitor_hold(w.monitor, false);
	expect_all(&w);
	teardown(&w);
}

static void count_file(void *ctx, const struct folder_file *f)
{
	(void)f;
	++*(unsigned *)ctx;
}

static unsigned files_told(struct folder_walk *walk)
{
	unsigned n = 0;

	folder_walk_run(walk, &(struct folder_events){ .ctx = &n, .file = count_file });
	return n;
}

/* Removed, and another file under its name: it may well have the same inode. */
static void inode_comes_back(void **state)
{
	struct world w;

	(void)state;
	setup(&w, true);
	append(&w, 10);
	monitor_add_path(w.monitor, w.dir);
	expect_all(&w);
	assert_int_equal(unlink(w.path), 0);
	while (source_of(&w, "a.log").state != SOURCE_DONE)
		run_ms(&w, 500);
	append(&w, 10);
	expect_all(&w);
	/* No file system can be made to do so. */
	struct folder_walk *walk = folder_walk_new();
	folder_walk_add(walk, w.dir);
	assert_int_equal(files_told(walk), 1);
	assert_int_equal(files_told(walk), 0);
	folder_walk_forget(walk, w.path);
	assert_int_equal(files_told(walk), 1);
	folder_walk_free(walk);
	teardown(&w);
}

/* Two logs may begin with the same lines: a format without times has few to tell by. */
static void same_beginning(void **state)
{
	struct world w;
	struct input_counts c;

	(void)state;
	setup(&w, true);
	append(&w, 3);
	copy_to(w.path, w.old, false);
	w.next += 100;
	append(&w, 5);
	monitor_add_path(w.monitor, w.path);
	run_ms(&w, 300);
	w.next = 50;
	struct buf b = { 0 };
	for (int i = 0; i < 40; i++)
		record(&w, &b);
	write_to(w.old, O_APPEND, buf_str(&b));
	monitor_add_path(w.monitor, w.old);
	run_ms(&w, 300);
	monitor_counts(w.monitor, &c);
	assert_int_equal(c.flows, 3 + 5 + 3 + 40);
	buf_release(&b);
	teardown(&w);
}

/* Delivered objects may lack the last newline; a line that is being written does too. */
static void last_line_of_a_quiet_file(void **state)
{
	static const struct timespec old[2] = { { 1700000000, 0 }, { 1700000000, 0 } };
	struct world w;
	struct buf b = { 0 };

	(void)state;
	setup(&w, true);
	append(&w, 3);
	record(&w, &b);
	write_to(w.path, O_APPEND, (struct str){ b.s, b.n - 1 });
	monitor_add_path(w.monitor, w.dir);
	w.next--;
	expect_all(&w);
	run_ms(&w, 1500);
	expect_all(&w);
	assert_int_equal(utimensat(AT_FDCWD, w.path, old, 0), 0);
	w.next++;
	expect_all(&w);
	write_to(w.path, O_APPEND, (struct str){ "\n", 1 });
	append(&w, 3);
	expect_all(&w);
	buf_release(&b);
	teardown(&w);
}

/* The same file by two names. */
static void named_twice(void **state)
{
	struct world w;

	(void)state;
	setup(&w, false);
	append(&w, 10);
	assert_int_equal(symlink(w.path, w.old), 0);
	monitor_add_path(w.monitor, w.path);
	monitor_add_path(w.monitor, w.old);
	monitor_add_path(w.monitor, w.dir);
	expect_all(&w);
	run_ms(&w, 100);
	expect_all(&w);
	teardown(&w);
}

/* A file that was closed for a rest, in the middle of a line, and is another one now. */
static void replaced_while_resting(void **state)
{
	static const struct timespec old[2] = { { 1700000000, 0 }, { 1700000000, 0 } };
	struct world w;

	(void)state;
	setup(&w, true);
	append(&w, 3);
	write_to(w.path, O_APPEND, (struct str){ "2 1 eni-1 10.0", 14 });
	assert_int_equal(utimensat(AT_FDCWD, w.path, old, 0), 0);
	monitor_add_path(w.monitor, w.path);
	expect_all(&w);
	run_ms(&w, 100);
	assert_int_equal(rename(w.path, w.old), 0);
	append(&w, 5);
	expect_all(&w);
	teardown(&w);
}

/* One line longer than any record may be: counted, what follows is read. */
static void endless_line(void **state)
{
	struct world w;
	struct buf b = { 0 };
	struct input_counts c;

	(void)state;
	setup(&w, false);
	record(&w, &b);
	for (int i = 0; i < 3000000; i++)
		buf_putc(&b, 'x');
	buf_putc(&b, '\n');
	record(&w, &b);
	write_to(w.path, O_CREAT, buf_str(&b));
	monitor_add_path(w.monitor, w.path);
	expect_all(&w);
	monitor_counts(w.monitor, &c);
	assert_int_equal(c.malformed, 1);
	buf_release(&b);
	teardown(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appended),
		cmocka_unit_test(unfinished_line_waits),
		cmocka_unit_test(no_final_newline),
		cmocka_unit_test(rotated_by_rename),
		cmocka_unit_test(truncated),
		cmocka_unit_test(missing_and_back),
		cmocka_unit_test(gzip_file),
		cmocka_unit_test(large_file_in_order),
		cmocka_unit_test(pipe_waits_for_the_rest),
		cmocka_unit_test(trouble_is_said),
		cmocka_unit_test(directory),
		cmocka_unit_test(directory_fills),
		cmocka_unit_test(few_stay_open),
		cmocka_unit_test(copied_and_truncated),
		cmocka_unit_test(comes_back_compressed),
		cmocka_unit_test(replaced_before_it_was_opened),
		cmocka_unit_test(inode_comes_back),
		cmocka_unit_test(same_beginning),
		cmocka_unit_test(last_line_of_a_quiet_file),
		cmocka_unit_test(named_twice),
		cmocka_unit_test(replaced_while_resting),
		cmocka_unit_test(endless_line),
	};

	job_setup();
	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
