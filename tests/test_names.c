/* Names on the screen: in place of addresses, as groups and filters, switched off, and read
 * again when their file changed. */
#include <unistd.h>

#include "app/app_names.h"
#include "panes.h"
#include "term/key.h"

static char path[] = "/tmp/enitop-names-XXXXXX";

static void write_names(const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static int open_names(void **state)
{
	struct label_faults faults = { 0 };
	int fd = mkstemp(path);

	if (fd < 0 || panes_open(state) != 0)
		return -1;
	close(fd);
	write_names("10.20.32.50 nat-gateway\n"
		    "10.20.32.11 orders-db\n"
		    "10.20.17.0/24 web tier\n"
		    "203.0.113.77 backup.example\n");
	W.options.label_files = 1;
	W.options.label_file[0] = (struct label_file){ LABEL_FILE_NAMES, path };
	return labels_add_names(monitor_labels(W.monitor), path, &faults);
}

static int close_names(void **state)
{
	unlink(path);
	return panes_close(state);
}

static void names_80x24(void **state)
{
	(void)state;
	shot("names-80x24", 80, 24, false, "");
}

static void names_120x40(void **state)
{
	(void)state;
	shot("names-120x40", 120, 40, false, "/name=orders-db and scope=internal\n");
}

/* The row says the name, the filter it stands for the address. */
static void drilled(void **state)
{
	(void)state;
	shot("names-drill-80x24", 80, 24, false, "+");
}

static void group_by(struct app *a, const struct group *g)
{
	struct query q = pane_query(a, &a->pane[TALKERS]);

	q.group = *g;
	live_ask(a->live, a->pane[TALKERS].query, &q);
}

static bool shows(struct app *a, const char *text)
{
	struct buf b = { 0 };
	bool is;

	settle(a);
	screen_dump(&a->screen, false, &b);
	is = strstr(b.s, text) != NULL;
	buf_release(&b);
	return is;
}

static void switched_and_read_again(void **state)
{
	struct app a;
	struct str bad;
	struct group g;

	(void)state;
	app_init(&a, &W.options, W.monitor);
	screen_resize(&a.screen, 40, 160);
	assert_true(shows(&a, "nat-gateway > backup.example:443"));
	assert_false(shows(&a, "10.20.32.50 >"));
	press(&a, "n");
	assert_true(shows(&a, "10.20.32.50 > 203.0.113.77:443"));
	assert_false(shows(&a, "nat-gateway"));
	assert_true(shows(&a, "addresses as they are"));
	press(&a, "n");
	assert_true(shows(&a, "nat-gateway > backup.example:443"));

	assert_int_equal(group_parse(str_of("client-name"), &g, &bad), 0);
	group_by(&a, &g);
	assert_true(app_set_filter(&a, "client-name=*"));
	assert_true(shows(&a, "web tier"));
	write_names("10.20.32.50 nat-gateway\n10.20.17.0/24 front\nno key\n");
	app_reload_names(&a);
	assert_true(shows(&a, ":3: 'no': no address"));
	assert_true(shows(&a, "front"));
	assert_false(shows(&a, "web tier"));
	/* What is filtered by a name is selected anew. */
	assert_true(app_set_filter(&a, "client-name=nat-gateway"));
	assert_true(shows(&a, "nat-gateway"));
	assert_int_equal(a.pane[TALKERS].result.rows, 1);
	write_names("10.20.17.0/24 front\n");
	app_reload_names(&a);
	settle(&a);
	assert_int_equal(a.pane[TALKERS].result.rows, 0);
	/* A file that is gone changes nothing. */
	assert_true(app_set_filter(&a, "client-name=front"));
	unlink(path);
	app_reload_names(&a);
	assert_true(shows(&a, "names stay as they were"));
	assert_int_equal(a.pane[TALKERS].result.rows, 1);
	app_release(&a);
}

/* Whatever is in a name, Enter on its row leaves that row. */
static void names_of_any_kind_are_drilled_into(void **state)
{
	static const char *const names[] = { "it's \"x\"", "ends with \\", "a*b", "\\\"'",
					     "/a/b/" };
	const struct result *r;
	struct group g;
	struct app a;
	struct str bad;

	(void)state;
	app_init(&a, &W.options, W.monitor);
	r = &a.pane[TALKERS].result;
	screen_resize(&a.screen, 40, 160);
	assert_int_equal(group_parse(str_of("client-name"), &g, &bad), 0);
	group_by(&a, &g);
	assert_true(app_set_filter(&a, "client-name=*"));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct buf file = { 0 };
		buf_printf(&file, "10.20.17.0/24 web tier\n10.20.32.50 %s\n", names[i]);
		write_names(file.s);
		app_reload_names(&a);
		settle(&a);
		app_key(&a, K_UP);
		settle(&a);
		if (strcmp(result_at(r, 0)->key[0].text, names[i]) != 0)
			press(&a, "\v");
		press(&a, "\n1"); /* and back from its flows */
		assert_int_equal(r->rows, 1);
		assert_string_equal(r->row[0].key[0].text, names[i]);
		press(&a, "\b");
		buf_release(&file);
	}
	app_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_80x24),
		cmocka_unit_test(names_120x40),
		cmocka_unit_test(drilled),
		cmocka_unit_test(switched_and_read_again),
		cmocka_unit_test(names_of_any_kind_are_drilled_into),
	};

	return cmocka_run_group_tests_name("names", tests, open_names, close_names);
}
