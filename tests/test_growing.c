/* Parquet files that are written, copied, rewritten and renamed under a monitor: each record once,
 * as soon as its file is whole. */
#include <fcntl.h>
#include <unistd.h>

#include "parquet_write.h"
#include "world.h"

#define NONE ((struct str){ NULL, 0 })

enum { INT32 = 1, INT64 = 2, TEXT = 6 };

static const struct written_column columns[] = {
	{ "version", INT32, 0, -1, 0 },     { "account_id", TEXT, 0, -1, 0 },
	{ "interface_id", TEXT, 0, -1, 0 }, { "srcaddr", TEXT, 0, -1, 0 },
	{ "dstaddr", TEXT, 0, -1, 0 },      { "srcport", INT32, 0, -1, 0 },
	{ "dstport", INT32, 0, -1, 0 },     { "protocol", INT32, 0, -1, 0 },
	{ "packets", INT64, 0, -1, 0 },     { "bytes", INT64, 0, -1, 0 },
	{ "start", INT64, 0, -1, 0 },       { "end", INT64, 0, -1, 0 },
	{ "log_status", TEXT, 0, -1, 0 },
};

/* The values of world_record(), in the order of the columns; NULL: its number. */
static const char *const values[] = { "2", "1", "eni-1", "10.0.0.1",   "10.0.0.2",   "40000", "443",
				      "6", "1", NULL,    "1700000000", "1700000060", "OK" };

/* The next n records as row groups of at most 100. */
static struct str records(struct world *w, unsigned n, struct written *out)
{
	*out = (struct written){ .column = columns, .columns = ARRAY_SIZE(columns) };
	for (unsigned done = 0, rows; done < n; done += rows, w->next += rows) {
		rows = n - done < 100 ? n - done : 100;
		for (unsigned c = 0; c < ARRAY_SIZE(columns); c++) {
			struct buf page = { 0 };
			for (unsigned row = 0; row < rows; row++) {
				int64_t v = values[c] ? atoll(values[c]) : w->next + row;
				if (columns[c].type == TEXT)
					write_text(&page, values[c]);
				else if (columns[c].type == INT32)
					write_i32(&page, (int32_t)v);
				else
					write_i64(&page, v);
			}
			write_page(out, 0, rows, NONE, buf_str(&page));
			write_chunk(out, rows);
			buf_release(&page);
		}
		write_group(out, rows);
	}
	return write_end(out);
}

/* Whole at once, under any name, twice: the copy has nothing new. */
static void copied(void **state)
{
	struct written file;
	struct world w;
	struct str s;

	(void)state;
	world_open(&w, true);
	s = records(&w, 250, &file);
	write_to(w.path, O_CREAT, s);
	monitor_add_path(w.monitor, w.dir);
	world_expect_all(&w);
	write_to(w.old, O_CREAT, s);
	world_run(&w, 5 * LOOK_MS);
	world_expect_all(&w);
	assert_string_equal(world_source(&w, "a.log").shape, "parquet");
	assert_non_null(strstr(world_source(&w, "a.log.1").note,
			       "250 lines left out: they came from another file"));
	assert_int_equal(world_source(&w, "a.log.1").state, SOURCE_FOLLOWING);
	written_release(&file);
	world_close(&w);
}

/* Half of it is there: it is waited for, and said to be. */
static void half_copied(void **state)
{
	struct written file;
	struct world w;
	struct str s;

	(void)state;
	for (int named = 0; named < 2; named++) {
		world_open(&w, true);
		s = records(&w, 250, &file);
		write_to(w.path, O_CREAT, (struct str){ s.s, s.n / 2 });
		monitor_add_path(w.monitor, named ? w.path : w.dir);
		world_run(&w, 5 * LOOK_MS);
		assert_int_equal(world_source(&w, "a.log").state, SOURCE_WAITING);
		assert_non_null(strstr(world_source(&w, "a.log").note, "waited for"));
		assert_null(world_source(&w, "a.log").error);
		write_to(w.path, O_APPEND, (struct str){ s.s + s.n / 2, s.n - s.n / 2 - 1 });
		world_run(&w, 5 * LOOK_MS);
		assert_int_equal(world_source(&w, "a.log").state, SOURCE_WAITING);
		write_to(w.path, O_APPEND, (struct str){ s.s + s.n - 1, 1 });
		world_expect_all(&w);
		world_run(&w, 2 * LOOK_MS);
		assert_int_equal(world_source(&w, "a.log").state, SOURCE_FOLLOWING);
		assert_null(world_source(&w, "a.log").note);
		assert_int_equal(world_source(&w, "a.log").read, s.n);
		written_release(&file);
		world_close(&w);
	}
}

/* Another file takes the name, as when a tool writes beside it and renames; then text does. */
static void renamed_over(void **state)
{
	struct written file;
	struct world w;

	(void)state;
	world_open(&w, true);
	write_to(w.path, O_CREAT, records(&w, 50, &file));
	monitor_add_path(w.monitor, w.path);
	world_expect_all(&w);
	written_release(&file);
	write_to(w.old, O_CREAT, records(&w, 120, &file));
	assert_int_equal(rename(w.old, w.path), 0);
	world_expect_all(&w);
	written_release(&file);
	assert_int_equal(unlink(w.path), 0);
	world_append(&w, 30);
	world_expect_all(&w);
	assert_string_equal(world_source(&w, "a.log").shape, "plain");
	world_close(&w);
}

/* Written anew in place: what is there now is read, from its beginning. */
static void rewritten(void **state)
{
	struct written file;
	struct world w;

	(void)state;
	world_open(&w, true);
	write_to(w.path, O_CREAT, records(&w, 50, &file));
	monitor_add_path(w.monitor, w.dir);
	world_expect_all(&w);
	written_release(&file);
	world_run(&w, 2 * LOOK_MS);
	write_to(w.path, O_TRUNC, records(&w, 70, &file));
	world_expect_all(&w);
	written_release(&file);
	world_close(&w);
}

/* What is no Parquet but begins so, and what holds no flow log. */
static void refused(void **state)
{
	static const struct written_column other[] = { { "name", TEXT, 0, -1, 0 },
						       { "price", INT64, 0, -1, 0 } };
	struct written file = { .column = other, .columns = 2 };
	struct world w;

	(void)state;
	world_open(&w, false);
	write_to(w.path, O_CREAT, str_of("PAR1 and so on"));
	write_to(w.old, O_CREAT, write_end(&file));
	monitor_add_path(w.monitor, w.dir);
	world_run(&w, 5 * LOOK_MS);
	assert_int_equal(world_source(&w, "a.log").state, SOURCE_FAILED);
	assert_non_null(strstr(world_source(&w, "a.log").error, "PAR1 is not at its end"));
	assert_non_null(strstr(world_source(&w, "a.log.1").error,
			       "no flow log: its columns are name, price"));
	written_release(&file);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copied),       cmocka_unit_test(half_copied),
		cmocka_unit_test(renamed_over), cmocka_unit_test(rewritten),
		cmocka_unit_test(refused),
	};

	return world_run_tests("growing", tests, ARRAY_SIZE(tests));
}
