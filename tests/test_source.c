/* Sources end to end, through a monitor on a real loop: what happens to one file, to a pipe,
 * and what is said of those that can't be read. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/job.h"
#include "input/ingest_state.h"
#include "world.h"

static void appended(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, true);
	world_append(&w, 1000);
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	for (int i = 0; i < 3; i++) {
		world_append(&w, 50);
		world_expect_all(&w);
	}
	world_close(&w);
}

static void add_block(struct source *s, const char *text)
{
	struct buf copy = { 0 };

	buf_puts(&copy, text);
	ingest_block_add(s, &copy);
}

/* Nothing is decoded on a wrong assumption where the first line says so. */
static void first_header_goes_ahead(void **state)
{
	static const struct format other;
	struct ingest g = { .waiting_end = &g.waiting };
	struct intake in = { 0 };
	struct source s = { .ingest = &g, .intake = &in };
	struct block *first, *second;

	(void)state;
	add_block(&s, "\xef\xbb\xbfsrcaddr dstaddr bytes\n10.0.0.1 10.0.0.2 7\n");
	add_block(&s, "10.0.0.1 10.0.0.2 8\n");
	add_block(&s, "10.0.0.1 10.0.0.2 9\n");
	first = (struct block *)ingest_block_next(&g);
	assert_int_equal(first->number, 0);
	g.decoding = 0;
	assert_null(ingest_block_next(&g));
	in.decode.format = &other;
	in.next_link = 1;
	second = (struct block *)ingest_block_next(&g);
	assert_int_equal(second->number, 1);
	assert_ptr_equal(second->before.format, &other);
	second->next = g.waiting;
	first->next = second;
	ingest_blocks_free(first);
}

static void unfinished_line_waits(void **state)
{
	struct world w;
	struct buf b = { 0 };

	(void)state;
	world_open(&w, true);
	world_append(&w, 3);
	world_record(&w, &b);
	write_to(w.path, O_APPEND, (struct str){ b.s, 20 });
	monitor_add_path(w.monitor, w.path);
	w.next--;
	world_expect_all(&w);
	w.next++;
	write_to(w.path, O_APPEND, (struct str){ b.s + 20, b.n - 20 });
	world_expect_all(&w);
	buf_release(&b);
	world_close(&w);
}

static void no_final_newline(void **state)
{
	struct world w;
	struct buf b = { 0 };

	(void)state;
	world_open(&w, false);
	world_record(&w, &b);
	world_record(&w, &b);
	write_to(w.path, O_CREAT, (struct str){ b.s, b.n - 1 });
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	buf_release(&b);
	world_close(&w);
}

/* What was still written to the old file is read first. */
static void rotated_by_rename(void **state)
{
	struct world w;
	struct buf b = { 0 };

	(void)state;
	world_open(&w, true);
	world_append(&w, 100);
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	for (int i = 0; i < 2; i++) {
		world_append(&w, 10);
		assert_int_equal(rename(w.path, w.old), 0);
		buf_clear(&b);
		for (int k = 0; k < 10; k++)
			world_record(&w, &b);
		write_to(w.old, O_APPEND, buf_str(&b));
		world_append(&w, 10);
		world_expect_all(&w);
	}
	buf_release(&b);
	world_close(&w);
}

/* A writer that is told late: it goes on in the old file for a while. */
static void rotated_and_told_late(void **state)
{
	struct world w;
	struct buf b = { 0 };

	(void)state;
	world_open(&w, true);
	world_append(&w, 10);
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	assert_int_equal(rename(w.path, w.old), 0);
	world_append(&w, 1);
	world_run(&w, 3 * LOOK_MS);
	for (int k = 0; k < 10; k++)
		world_record(&w, &b);
	write_to(w.old, O_APPEND, buf_str(&b));
	world_expect_all(&w);
	buf_release(&b);
	world_close(&w);
}

static void truncated(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, true);
	world_append(&w, 500);
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	assert_int_equal(truncate(w.path, 0), 0);
	world_append(&w, 20);
	world_expect_all(&w);
	/* Written anew to more than it was: another beginning tells it. */
	assert_int_equal(truncate(w.path, 0), 0);
	world_append(&w, 900);
	world_expect_all(&w);
	world_close(&w);
}

static void missing_and_back(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, true);
	monitor_add_path(w.monitor, w.path);
	world_run(&w, 200);
	assert_string_not_equal(w.error, "");
	world_append(&w, 10);
	world_expect_all(&w);
	assert_int_equal(unlink(w.path), 0);
	world_run(&w, 1.5 * LOOK_MS);
	world_append(&w, 10);
	world_expect_all(&w);
	world_close(&w);
}

static void gzip_file(void **state)
{
	struct world w;
	struct buf b = { 0 };

	(void)state;
	world_open(&w, false);
	/* Under a name that says nothing, in three members. */
	for (int m = 0; m < 3; m++) {
		gzFile z = gzopen(w.path, "ab");
		buf_clear(&b);
		for (int i = 0; i < 20000; i++)
			world_record(&w, &b);
		assert_int_equal(gzwrite(z, b.s, (unsigned)b.n), b.n);
		gzclose(z);
	}
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	assert_true(w.caught_up);
	assert_false(monitor_failed(w.monitor));
	buf_release(&b);
	world_close(&w);
}

/* Several blocks, decoded by several jobs, linked in their order. */
static void large_file_in_order(void **state)
{
	struct world w;
	struct buf text = { 0 };
	unsigned at = 0;

	(void)state;
	world_open(&w, false);
	world_append(&w, 300000);
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
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
	world_close(&w);
}

/* As long as records of it may come a file is loading, though all of it was read. */
static void loads_until_all_is_there(void **state)
{
	struct world w;
	uint64_t done, total;
	struct input_counts c;

	(void)state;
	world_open(&w, true);
	world_append(&w, 300000);
	monitor_add_path(w.monitor, w.path);
	do {
		monitor_progress(w.monitor, &done, &total);
		monitor_counts(w.monitor, &c);
		assert_true(!total || done < total);
		assert_true(total || c.flows == 0 || c.flows == w.next);
		uv_run(&w.loop, UV_RUN_ONCE);
	} while (!w.caught_up);
	monitor_progress(w.monitor, &done, &total);
	assert_int_equal(total, 0);
	world_expect_all(&w);
	world_close(&w);
}

static void pipe_waits_for_the_rest(void **state)
{
	struct world w;
	struct buf b = { 0 };
	int fd[2], keep = dup(0);

	(void)state;
	world_open(&w, true);
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(dup2(fd[0], 0), 0);
	close(fd[0]);
	monitor_add_stdin(w.monitor);
	world_record(&w, &b);
	assert_int_equal(write(fd[1], b.s, b.n), b.n);
	world_expect_all(&w);
	buf_clear(&b);
	world_record(&w, &b);
	assert_int_equal(write(fd[1], b.s, 10), 10);
	world_run(&w, 50);
	assert_int_equal(write(fd[1], b.s + 10, b.n - 10), b.n - 10);
	close(fd[1]);
	world_expect_all(&w);
	buf_release(&b);
	world_close(&w);
	dup2(keep, 0);
	close(keep);
}

static void trouble_is_said(void **state)
{
	struct world w;
	struct buf b = { 0 };

	(void)state;
	world_open(&w, false);
	monitor_add_path(w.monitor, "/nowhere/x.log");
	world_append(&w, 5);
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	world_run(&w, 100);
	assert_string_equal(w.error, "cannot open '/nowhere/x.log': no such file or directory");
	assert_true(monitor_failed(w.monitor));
	assert_true(w.caught_up);
	buf_release(&b);
	world_close(&w);
}

/* An error that passes is tried again, and no error any more. */
static void trouble_passes(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, true);
	/* Too many links: for root too, whom no permission stops. */
	assert_int_equal(symlink(w.path, w.path), 0);
	monitor_add_path(w.monitor, w.path);
	world_run(&w, 300);
	assert_non_null(strstr(w.error, "too many symbolic links"));
	assert_int_equal(unlink(w.path), 0);
	world_append(&w, 10);
	world_expect_all(&w);
	assert_null(world_source(&w, "a.log").error);
	world_close(&w);
}

/* One line longer than any record may be: counted, what follows is read. */
static void endless_line(void **state)
{
	struct world w;
	struct buf b = { 0 };
	struct input_counts c;

	(void)state;
	world_open(&w, false);
	world_record(&w, &b);
	for (int i = 0; i < 3000000; i++)
		buf_putc(&b, 'x');
	buf_putc(&b, '\n');
	world_record(&w, &b);
	write_to(w.path, O_CREAT, buf_str(&b));
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	monitor_counts(w.monitor, &c);
	assert_int_equal(c.malformed, 1);
	buf_release(&b);
	world_close(&w);
}

/* The same at the end of a file, over several blocks: one line. */
static void endless_last_line(void **state)
{
	struct world w;
	struct buf b = { 0 };
	struct input_counts c;

	(void)state;
	world_open(&w, false);
	world_record(&w, &b);
	for (int i = 0; i < 9000001; i++)
		buf_putc(&b, 'x');
	write_to(w.path, O_CREAT, buf_str(&b));
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	while (!w.caught_up)
		world_run(&w, 50);
	monitor_counts(w.monitor, &c);
	assert_int_equal(c.malformed, 1);
	buf_release(&b);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appended),
		cmocka_unit_test(first_header_goes_ahead),
		cmocka_unit_test(unfinished_line_waits),
		cmocka_unit_test(no_final_newline),
		cmocka_unit_test(rotated_by_rename),
		cmocka_unit_test(rotated_and_told_late),
		cmocka_unit_test(truncated),
		cmocka_unit_test(missing_and_back),
		cmocka_unit_test(gzip_file),
		cmocka_unit_test(large_file_in_order),
		cmocka_unit_test(loads_until_all_is_there),
		cmocka_unit_test(pipe_waits_for_the_rest),
		cmocka_unit_test(trouble_is_said),
		cmocka_unit_test(trouble_passes),
		cmocka_unit_test(endless_line),
		cmocka_unit_test(endless_last_line),
	};

	job_setup();
	return world_run_tests("source", tests, ARRAY_SIZE(tests));
}
