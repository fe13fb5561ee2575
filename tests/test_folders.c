/* Folders end to end: what is found below them, how many files stay open, and each record
 * once, whatever the files are renamed to. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/folder.h"
#include "input/name_time.h"
#include "base/job.h"
#include "world.h"

/* Folders below folders, a link back up, names that are not finished: each file once. */
static void directory(void **state)
{
	struct world w;
	char path[160];

	(void)state;
	world_open(&w, false);
	for (int i = 0; i < 3; i++) {
		world_append(&w, 10);
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
	world_expect_all(&w);
	assert_string_equal(w.error, "");
	world_close(&w);
}

/* What appears in a followed folder, in a new folder of it too, and a finished file that
 * grows after all; with more files than may stay open. */
static void directory_fills(void **state)
{
	struct world w;
	char path[160];

	(void)state;
	world_open(&w, true);
	for (int i = 0; i < 200; i++) {
		world_append(&w, 3);
		snprintf(path, sizeof path, "%s/%d.log", w.dir, i);
		assert_int_equal(rename(w.path, path), 0);
	}
	monitor_add_path(w.monitor, w.dir);
	world_expect_all(&w);
	world_append(&w, 5);
	snprintf(path, sizeof path, "%s/new", w.dir);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof path, "%s/new/x.log", w.dir);
	assert_int_equal(rename(w.path, path), 0);
	world_expect_all(&w);
	struct buf b = { 0 };
	world_record(&w, &b);
	snprintf(path, sizeof path, "%s/7.log", w.dir);
	write_to(path, O_APPEND, buf_str(&b));
	buf_release(&b);
	world_expect_all(&w);
	world_close(&w);
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
	world_open(&w, true);
	for (int i = 0; i < 300; i++) {
		world_append(&w, 2);
		snprintf(path, sizeof path, "%s/%d.log", w.dir, i);
		assert_int_equal(rename(w.path, path), 0);
	}
	monitor_add_path(w.monitor, w.dir);
	world_expect_all(&w);
	world_run(&w, 50);
	assert_in_range(files_open(w.dir), 100, 128);
	for (int i = 0; i < 300; i += 7) {
		buf_clear(&b);
		world_record(&w, &b);
		snprintf(path, sizeof path, "%s/%d.log", w.dir, i);
		write_to(path, O_APPEND, buf_str(&b));
	}
	world_expect_all(&w);
	assert_in_range(files_open(w.dir), 100, 128);
	buf_release(&b);
	world_close(&w);
}

/* It has to make room when nobody has looked yet at what was written to it last: that would
 * be lost, for it was removed. */
static void makes_no_room_unread(void **state)
{
	struct world w;
	char path[160];

	(void)state;
	world_open(&w, true);
	world_append(&w, 10);
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	snprintf(path, sizeof path, "%s/more", w.dir);
	assert_int_equal(mkdir(path, 0755), 0);
	for (int i = 0; i < 200; i++) {
		struct buf b = { 0 };
		snprintf(path, sizeof path, "%s/more/%d.log", w.dir, i);
		world_record(&w, &b);
		write_to(path, O_CREAT, buf_str(&b));
		buf_release(&b);
	}
	monitor_hold(w.monitor, true);
	snprintf(path, sizeof path, "%s/more", w.dir);
	monitor_add_path(w.monitor, path);
	world_run(&w, 300);
	world_append(&w, 10);
	assert_int_equal(unlink(w.path), 0);
	monitor_hold(w.monitor, false);
	world_expect_all(&w);
	world_close(&w);
}

/* Found under a name that leads to another file when it is opened: both are read. */
static void replaced_before_it_was_opened(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, true);
	world_append(&w, 10);
	monitor_hold(w.monitor, true);
	monitor_add_path(w.monitor, w.dir);
	world_run(&w, 100);
	assert_int_equal(monitor_sources(w.monitor), 1);
	assert_int_equal(rename(w.path, w.old), 0);
	world_append(&w, 10);
	monitor_hold(w.monitor, false);
	world_expect_all(&w);
	world_close(&w);
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
	static const struct timespec old[2] = { { 1700000000, 0 }, { 1700000000, 0 } };
	struct world w;
	struct stat st;

	(void)state;
	world_open(&w, true);
	world_append(&w, 10);
	monitor_add_path(w.monitor, w.dir);
	world_expect_all(&w);
	assert_int_equal(unlink(w.path), 0);
	while (world_source(&w, "a.log").state != SOURCE_DONE)
		world_run(&w, 0.5 * LOOK_MS);
	world_append(&w, 10);
	world_expect_all(&w);
	/* No file system can be made to do so. */
	struct folder_walk *walk = folder_walk_new();
	folder_walk_add(walk, w.dir, false);
	assert_int_equal(utimensat(AT_FDCWD, w.dir, old, 0), 0); /* it stands still */
	assert_int_equal(files_told(walk), 1);
	assert_int_equal(files_told(walk), 0);
	assert_int_equal(stat(w.path, &st), 0);
	uint64_t inode = st.st_ino;
	folder_walk_forget(walk, &inode, 1);
	assert_int_equal(files_told(walk), 1);
	folder_walk_free(walk);
	world_close(&w);
}

/* Renamed while it waits for its turn to be read. */
static void renamed_while_it_waits(void **state)
{
	struct world w;
	char from[140], to[140];

	(void)state;
	world_open(&w, true);
	for (int i = 0; i < 40; i++) {
		world_append(&w, 2);
		snprintf(from, sizeof from, "%s/%d.log", w.dir, i);
		assert_int_equal(rename(w.path, from), 0);
	}
	monitor_hold(w.monitor, true);
	monitor_add_path(w.monitor, w.dir);
	world_run(&w, 300);
	assert_in_range(monitor_sources(w.monitor), 1, 39);
	for (int i = 0; i < 40; i++) {
		snprintf(from, sizeof from, "%s/%d.log", w.dir, i);
		snprintf(to, sizeof to, "%s/%d.log.1", w.dir, i);
		assert_int_equal(rename(from, to), 0);
	}
	world_run(&w, 2 * LOOK_MS);
	monitor_hold(w.monitor, false);
	world_expect_all(&w);
	world_close(&w);
}

/* Away and back, perhaps as another file with the same inode: it is waited for under the name
 * that it had in between. */
static void name_comes_back(void **state)
{
	struct folder_walk *walk = folder_walk_new();
	struct world w;

	(void)state;
	world_open(&w, true);
	world_append(&w, 10);
	folder_walk_add(walk, w.dir, false);
	assert_int_equal(files_told(walk), 1);
	assert_int_equal(rename(w.path, w.old), 0);
	assert_int_equal(files_told(walk), 1);
	assert_int_equal(rename(w.old, w.path), 0);
	assert_int_equal(files_told(walk), 1);
	assert_int_equal(files_told(walk), 0);
	folder_walk_free(walk);
	world_close(&w);
}

/* Taken for removed, but found again before that was acted on: it is followed as before. */
static void found_again_in_time(void **state)
{
	static const struct timespec old[2] = { { 1700000000, 0 }, { 1700000000, 0 } };
	struct world w;
	char hidden[140];

	(void)state;
	world_open(&w, true);
	world_append(&w, 10);
	assert_int_equal(utimensat(AT_FDCWD, w.path, old, 0), 0);
	monitor_add_path(w.monitor, w.dir);
	world_expect_all(&w);
	world_run(&w, 100);
	assert_int_equal(files_open(w.dir), 0);
	snprintf(hidden, sizeof hidden, "%s/.hidden", w.dir);
	assert_int_equal(rename(w.path, hidden), 0);
	monitor_hold(w.monitor, true);
	world_run(&w, 9 * LOOK_MS); /* FILE_PATIENCE looks */
	assert_int_equal(rename(hidden, w.old), 0);
	world_run(&w, 1.5 * LOOK_MS);
	monitor_hold(w.monitor, false);
	world_run(&w, 100);
	assert_int_equal(world_source(&w, "a.log.1").state, SOURCE_FOLLOWING);
	world_close(&w);
}

/* A folder under another name, and another one under its name. */
static void folder_renamed(void **state)
{
	struct world w;
	char today[100], yesterday[100], path[140];

	(void)state;
	world_open(&w, true);
	snprintf(today, sizeof today, "%s/today", w.dir);
	snprintf(yesterday, sizeof yesterday, "%s/yesterday", w.dir);
	world_append(&w, 5);
	assert_int_equal(mkdir(today, 0755), 0);
	snprintf(path, sizeof path, "%s/a.log", today);
	assert_int_equal(rename(w.path, path), 0);
	monitor_add_path(w.monitor, w.dir);
	world_expect_all(&w);
	assert_int_equal(rename(today, yesterday), 0);
	assert_int_equal(mkdir(today, 0755), 0);
	for (int i = 0; i < 2; i++) {
		world_append(&w, 5);
		snprintf(path, sizeof path, "%s/b.log", i ? today : yesterday);
		assert_int_equal(rename(w.path, path), 0);
	}
	world_expect_all(&w);
	world_run(&w, 2.5 * LOOK_MS);
	world_append(&w, 5);
	snprintf(path, sizeof path, "%s/c.log", yesterday);
	assert_int_equal(rename(w.path, path), 0);
	world_expect_all(&w);
	world_close(&w);
}

/* Delivered objects may lack the last newline; a line that is being written does too. */
static void last_line_of_a_quiet_file(void **state)
{
	static const struct timespec old[2] = { { 1700000000, 0 }, { 1700000000, 0 } };
	struct world w;
	struct buf b = { 0 };

	(void)state;
	world_open(&w, true);
	world_append(&w, 3);
	world_record(&w, &b);
	write_to(w.path, O_APPEND, (struct str){ b.s, b.n - 1 });
	monitor_add_path(w.monitor, w.dir);
	w.next--;
	world_expect_all(&w);
	world_run(&w, 1.5 * LOOK_MS);
	world_expect_all(&w);
	assert_int_equal(utimensat(AT_FDCWD, w.path, old, 0), 0);
	w.next++;
	world_expect_all(&w);
	write_to(w.path, O_APPEND, (struct str){ "\n", 1 });
	world_append(&w, 3);
	world_expect_all(&w);
	buf_release(&b);
	world_close(&w);
}

/* The same file by two names. */
static void named_twice(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, false);
	world_append(&w, 10);
	assert_int_equal(symlink(w.path, w.old), 0);
	monitor_add_path(w.monitor, w.path);
	monitor_add_path(w.monitor, w.old);
	monitor_add_path(w.monitor, w.dir);
	world_expect_all(&w);
	world_run(&w, 100);
	world_expect_all(&w);
	world_close(&w);
}

/* A file that was closed for a rest, in the middle of a line, and is another one now. */
static void replaced_while_resting(void **state)
{
	static const struct timespec old[2] = { { 1700000000, 0 }, { 1700000000, 0 } };
	struct world w;

	(void)state;
	world_open(&w, true);
	world_append(&w, 3);
	write_to(w.path, O_APPEND, (struct str){ "2 1 eni-1 10.0", 14 });
	assert_int_equal(utimensat(AT_FDCWD, w.path, old, 0), 0);
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	world_run(&w, 100);
	assert_int_equal(rename(w.path, w.old), 0);
	world_append(&w, 5);
	world_expect_all(&w);
	world_close(&w);
}

/* It was looked at as a file of the folder, and is a link out of it when it is opened. */
static void a_link_takes_its_place(void **state)
{
	struct world w, elsewhere;

	(void)state;
	world_open(&w, false);
	world_open(&elsewhere, false);
	world_append(&elsewhere, 10);
	world_append(&w, 10);
	monitor_hold(w.monitor, true);
	monitor_add_path(w.monitor, w.dir);
	world_run(&w, 300);
	assert_int_equal(monitor_sources(w.monitor), 1);
	assert_int_equal(unlink(w.path), 0);
	assert_int_equal(symlink(elsewhere.path, w.path), 0);
	monitor_hold(w.monitor, false);
	world_run(&w, 300);
	w.next = 0;
	world_expect_all(&w);
	assert_non_null(strstr(w.error, "a link that leads out of its folder"));
	world_close(&elsewhere);
	world_close(&w);
}

/* It comes while the folder is followed: counted once, and a file that takes its place is read. */
static void a_link_leads_out(void **state)
{
	struct world w, elsewhere;
	struct input_counts counts;

	(void)state;
	world_open(&w, true);
	world_open(&elsewhere, true);
	world_append(&elsewhere, 10);
	monitor_add_path(w.monitor, w.dir);
	world_append(&w, 10);
	world_expect_all(&w);
	assert_false(monitor_failed(w.monitor));
	assert_int_equal(symlink(elsewhere.path, w.old), 0);
	world_run(&w, 5 * LOOK_MS);
	world_append(&w, 10);
	world_expect_all(&w);
	monitor_counts(w.monitor, &counts);
	assert_int_equal(counts.links_out, 1);
	assert_true(monitor_failed(w.monitor));
	assert_int_equal(unlink(w.old), 0);
	assert_int_equal(rename(w.path, w.old), 0);
	world_append(&w, 5);
	world_expect_all(&w);
	monitor_counts(w.monitor, &counts);
	assert_int_equal(counts.links_out, 1);
	world_close(&elsewhere);
	world_close(&w);
}

/* Folders and names say when their records are from: --since leaves them out by that. */
static void times_of_names(void **state)
{
	static const struct {
		const char *path;
		int64_t from_s, span_s; /* as `date -u` counts; 0: no time */
	} names[] = {
		{ "x/year=2025/month=11/day=24/hour=16/data.parquet", 1764000000, 3600 },
		{ "x/year=2025/month=11/day=24/data.parquet", 1763942400, 86400 },
		{ "x/year=2025/month=11/data.parquet", 1761955200, 31 * 86400 },
		{ "x/year=2025/data.parquet", 1735689600, 366 * 86400 },
		{ "x/year=2025/month=13/day=24/hour=16/data.parquet", 1735689600, 366 * 86400 },
		{ "a/2025/11/24/16/x", 1764000000, 3600 },
		{ "a/2025/11/24/x", 1763942400, 86400 },
		{ "a/date=2025-11-24/x", 1763942400, 86400 },
		{ "1_vpcflowlogs_eu-central-1_fl-1_20251124T1605Z_0a.log.gz", 1764000300, 60 },
		{ "1_vpcflowlogs_eu-central-1_fl-1_20251124T160501Z_0a.log.gz", 1764000301, 1 },
		{ "stream-1-2025-11-24-16-05-01-0a", 1764000301, 1 },
		{ "day=24/hour=16/x", 0, 0 },
		{ "a.log", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct name_time t;
		bool has = name_time(names[i].path, &t);
		assert_int_equal(has, names[i].from_s != 0);
		if (has) {
			assert_int_equal(t.from_s, names[i].from_s);
			assert_int_equal(t.to_s - t.from_s, names[i].span_s);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(directory),
		cmocka_unit_test(directory_fills),
		cmocka_unit_test(few_stay_open),
		cmocka_unit_test(makes_no_room_unread),
		cmocka_unit_test(replaced_before_it_was_opened),
		cmocka_unit_test(renamed_while_it_waits),
		cmocka_unit_test(inode_comes_back),
		cmocka_unit_test(name_comes_back),
		cmocka_unit_test(found_again_in_time),
		cmocka_unit_test(folder_renamed),
		cmocka_unit_test(last_line_of_a_quiet_file),
		cmocka_unit_test(named_twice),
		cmocka_unit_test(replaced_while_resting),
		cmocka_unit_test(a_link_takes_its_place),
		cmocka_unit_test(a_link_leads_out),
		cmocka_unit_test(times_of_names),
	};

	job_setup();
	return world_run_tests("folders", tests, ARRAY_SIZE(tests));
}
