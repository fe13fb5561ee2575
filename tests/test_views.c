/* test_views.c - a view is a file and a row: one more is added to the table, and goes through
 * every option, command and output with it. */
#include <fcntl.h>
#include <unistd.h>

#include "cli/batch.h"
#include "output/sql.h"
#include "panes.h"
#include "term/key.h"

/* ---- the view: what all flows that match add up to ---- */

static void draw(struct app *a, struct pane *p, struct area area, bool focused)
{
	const struct result_row *row = result_at(&p->result, 0);

	if (!row) {
		view_empty(a, area, "nothing to add up");
		return;
	}
	screen_printf(area, 0, 0, focused ? ROLE_SELECTED : ROLE_TEXT, "%llu flows in all",
		      (unsigned long long)row->tally.flows);
}

static struct view view_sums = {
	.name = "sums",
	.title = "Sums",
	.help = "what all adds up to",
	.query = { QUERY_ALL },
	.draw = draw,
	.rows = view_ranked_rows,
	.clause = view_ranked_clause,
};

/* ---- the table with it ---- */

static struct views table;

static int open_all(void **state)
{
	table = view_table;
	view_sums.key = table.row[table.n - 1]->key + 1;
	table.row[table.n++] = &view_sums;
	panes_open(state);
	W.options.known = &table;
	keys_init(&W.options.keys, &table);
	return 0;
}

static char *read_file(const char *path)
{
	struct buf text = { 0 };
	char piece[4096];
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(&text, piece, n);
	buf_puts(&text, "");
	fclose(f);
	return text.s;
}

/* What a command line prints, and its status. */
static char *run(int *status, const char *const *words)
{
	char path[] = "/tmp/enitop-views-XXXXXX", *argv[16] = { (char[]){ "enitop" } }, *text;
	int fd = mkstemp(path), saved, argc = 1;
	struct options o;
	FILE *out;

	for (; words[argc - 1]; argc++)
		argv[argc] = (char *)(uintptr_t)words[argc - 1];
	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	out = fdopen(fd, "w");
	assert_non_null(out);
	*status = options_parse(&o, &table, argc, argv, out, out);
	fflush(out);
	if (*status < 0) {
		dup2(fd, STDOUT_FILENO);
		*status = batch_run(&o);
		dup2(saved, STDOUT_FILENO);
	}
	close(saved);
	fclose(out);
	options_release(&o);
	text = read_file(path);
	unlink(path);
	return text;
}

#define RUN(status, ...) run(status, (const char *const[]){ __VA_ARGS__, NULL })

static void options_know_it(void **state)
{
	static const struct {
		const char *option, *says;
	} lists[] = { { "--views", "\nsums\n" },
		      { "--keys", "8                what all adds up to\n" },
		      { "--help=all", ", sums\n" } };
	int status;
	char *text;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		text = RUN(&status, lists[i].option);
		assert_int_equal(status, 0);
		assert_non_null(strstr(text, lists[i].says));
		free(text);
	}
	text = RUN(&status, "--view", "nosuch");
	assert_int_equal(status, 2);
	assert_non_null(strstr(text, ", sums)"));
	free(text);
}

/* In a report of each kind it has the figures of the talkers' totals. */
static void reports_print_it(void **state)
{
	static const char *const outputs[] = { "table", "csv", "json", "ndjson" };
	static const char *const more[] = { "--trend",         "--metric=flows/s",
					    "--group=srcaddr", "--mark=2023-11-14T22:30:00Z",
					    "--window=15m",    "--metric=distinct:srcaddr",
					    "--limit=1" };
	const char *log = "--demo=20";
	int status;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(outputs); i++) {
		char *text = RUN(&status, "--batch", log, "-o", outputs[i], "-v", "sums");
		assert_int_equal(status, 0);
		assert_non_null(strstr(text, i == 0 ? "sums by bytes: 1 of 1 row, " : "bytes"));
		assert_null(strstr(text, "srcaddr"));
		free(text);
		for (size_t k = 0; k < ARRAY_SIZE(more); k++) {
			text = RUN(&status, "--batch", log, "-o", outputs[i], "-v", "sums,talkers",
				   more[k]);
			assert_int_equal(status, 0);
			assert_true(*text);
			free(text);
		}
	}
	free(RUN(&status, "--batch", log, "-v", "sums", "-o", "raw"));
	assert_int_equal(status, 2);
	for (int e = 0; e < SQL_ENGINES; e++) {
		char *text = RUN(&status, "--print-sql", sql_engine_name((enum sql_engine)e), "-v",
				 "sums");
		assert_int_equal(status, 0);
		assert_null(strstr(text, " by \n"));
		assert_null(strstr(text, "group by"));
		free(text);
	}
}

/* ---- on screen ---- */

static void open_app(struct app *a, int rows, int cols)
{
	app_init(a, &W.options, W.monitor);
	screen_resize(&a->screen, rows, cols);
	settle(a);
}

static bool sees(struct app *a, const char *text)
{
	struct buf b = { 0 };
	bool is;

	screen_dump(&a->screen, false, &b);
	is = strstr(b.s, text) != NULL;
	buf_release(&b);
	return is;
}

static void its_key_brings_it_up(void **state)
{
	struct app a;
	char text[16];

	(void)state;
	open_app(&a, 40, 120);
	snprintf(text, sizeof text, "0-%c pane", view_sums.key);
	assert_true(sees(&a, text));
	press(&a, "?");
	assert_true(sees(&a, "what all adds up to"));
	press(&a, "?");
	app_key(&a, view_sums.key);
	settle(&a);
	snprintf(text, sizeof text, "%c Sums", view_sums.key);
	assert_true(sees(&a, text));
	assert_true(sees(&a, " flows in all"));
	press(&a, "/reject\n");
	assert_true(sees(&a, " flows in all"));
	press(&a, "\b\3");
	assert_false(a.focus->view == &view_sums);
	app_key(&a, view_sums.key);
	press(&a, "z");
	assert_true(a.focus == a.pane); /* back among the others */
	app_release(&a);
}

/* Every key, at each size, from each pane; after it the pane is drawn, and back again. */
static void every_command_takes_it(void **state)
{
	static const int sizes[][2] = { { 40, 120 }, { 24, 80 }, { 10, 40 }, { 4, 20 } };
	struct keys keys;

	(void)state;
	keys_init(&keys, &table);
	for (size_t size = 0; size < ARRAY_SIZE(sizes); size++) {
		struct app a;
		open_app(&a, sizes[size][0], sizes[size][1]);
		for (unsigned i = 0; i < keys.n; i++) {
			app_key(&a, view_sums.key);
			settle(&a);
			assert_ptr_equal(a.focus->view, &view_sums);
			app_key(&a, keys.bound[i].key);
			settle(&a);
			for (int k = 0; k < 4; k++)
				app_key(&a, K_ESCAPE);
			a.numeric = false;
			settle(&a);
		}
		app_release(&a);
	}
}

static void it_is_exported(void **state)
{
	static const char *const suffixes[] = { "csv", "json", "ndjson", "txt", "raw", "ocsf" };
	char path[64];
	struct app a;

	(void)state;
	open_app(&a, 24, 80);
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		snprintf(path, sizeof path, "/tmp/enitop-views-%d.%s", (int)getpid(), suffixes[i]);
		app_key(&a, view_sums.key);
		press(&a, "e");
		assert_true(sees(&a, "export sums>"));
		app_key(&a, K_CTRL('U'));
		press(&a, path);
		press(&a, "\n");
		while (app_save_step(&a))
			;
		if (i < 4) {
			char *text = read_file(path);
			assert_non_null(strstr(text, i == 3 ? "sums by" : "bytes"));
			free(text);
			unlink(path);
		} else {
			assert_int_equal(access(path, F_OK), -1);
			app_key(&a, K_ESCAPE);
		}
	}
	/* What the pane shows is counted to its end; a file of it says so. */
	snprintf(path, sizeof path, "/tmp/enitop-views-%d.json", (int)getpid());
	press(&a, "1Ge");
	app_key(&a, K_CTRL('U'));
	press(&a, path);
	press(&a, "\n");
	while (app_save_step(&a))
		;
	char *text = read_file(path);
	assert_non_null(strstr(text, "\"complete\":true"));
	free(text);
	unlink(path);
	app_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_know_it),      cmocka_unit_test(reports_print_it),
		cmocka_unit_test(its_key_brings_it_up), cmocka_unit_test(every_command_takes_it),
		cmocka_unit_test(it_is_exported),
	};

	return cmocka_run_group_tests_name("views", tests, open_all, panes_close);
}
