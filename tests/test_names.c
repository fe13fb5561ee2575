/* Names on the screen: in place of addresses, as groups and filters, switched off, and read
 * again when their file changed. */
#include <unistd.h>

#include "app/app_names.h"
#include "panes.h"
#include "term/key.h"

#define NAMES \
	"10.20.32.50 nat-gateway\n" \
	"10.20.32.11 orders-copy\n" \
	"64.0.0.0/4 web tier\n" \
	"203.0.113.77 backup.example\n"

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
	write_names(NAMES);
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
	shot("names-80x24", 80, 24, false, "1");
}

static void names_120x40(void **state)
{
	(void)state;
	shot("names-120x40", 120, 40, false, "/name=orders-copy and scope=internal\n");
}

/* The row says the name, the filter it stands for the address. */
static void drilled(void **state)
{
	(void)state;
	shot("names-drill-80x24", 80, 24, false, "1+");
}

static void rename_all(const char *text)
{
	struct label_faults faults = { 0 };
	const char *failed;

	write_names(text);
	assert_int_equal(labels_reload_names(monitor_labels(W.monitor), &faults, &failed), 0);
}

/* Names in UTF-8, wide ones and such as would move the terminal, with a title that is cut. */
#define UTF8_NAMES \
	"10.20.32.50 B\u00fcro\n" \
	"203.0.113.77 \u6771\u4eac\u306e\u30d0\u30c3\u30af\u30a2\u30c3\u30d7\n" \
	"10.20.32.11 Cafe\u0301-DB\n" \
	"10.20.17.23 \u202eevil\xff\n"

static void utf8_80x24(void **state)
{
	(void)state;
	rename_all(UTF8_NAMES);
	shot("names-utf8-80x24", 80, 24, false, "1");
	shot("names-utf8-ascii-80x24", 80, 24, true, "1");
	rename_all(NAMES);
}

static void group_by(struct app *a, const struct group *g)
{
	struct query q = pane_query(a, &a->pane[TALKERS]);

	q.group = *g;
	live_ask(a->live, a->pane[TALKERS].query, &q);
}

static bool shows_settled(struct app *a, const char *text)
{
	settle(a);
	return screen_shows(a, text);
}

static void switched_and_read_again(void **state)
{
	struct app a;
	struct str bad;
	struct group g;

	(void)state;
	app_init(&a, &W.options, W.monitor);
	screen_resize(&a.screen, 40, 160);
	app_key(&a, '1');
	app_key(&a, 'z');
	assert_true(shows_settled(&a, "nat-gateway > backup.example:443"));
	assert_false(shows_settled(&a, "10.20.32.50 >"));
	press(&a, "n");
	assert_true(shows_settled(&a, "10.20.32.50 > 203.0.113.77:443"));
	assert_false(shows_settled(&a, "nat-gateway"));
	assert_true(shows_settled(&a, "addresses as they are"));
	press(&a, "n");
	assert_true(shows_settled(&a, "nat-gateway > backup.example:443"));

	assert_int_equal(group_parse(str_of("client-name"), &g, &bad), 0);
	group_by(&a, &g);
	assert_true(app_set_filter(&a, "client-name=*"));
	assert_true(shows_settled(&a, "web tier"));
	write_names("10.20.32.50 nat-gateway\n64.0.0.0/4 front\nno key\n");
	app_reload_names(&a);
	assert_true(shows_settled(&a, ":3: 'no': no address"));
	assert_true(shows_settled(&a, "front"));
	assert_false(shows_settled(&a, "web tier"));
	/* What is filtered by a name is selected anew. */
	assert_true(app_set_filter(&a, "client-name=nat-gateway"));
	assert_true(shows_settled(&a, "nat-gateway"));
	assert_int_equal(a.pane[TALKERS].result.rows, 1);
	write_names("64.0.0.0/4 front\n");
	app_reload_names(&a);
	settle(&a);
	assert_int_equal(a.pane[TALKERS].result.rows, 0);
	/* A file that is gone changes nothing. */
	assert_true(app_set_filter(&a, "client-name=front"));
	unlink(path);
	app_reload_names(&a);
	assert_true(shows_settled(&a, "names stay as they were"));
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
	app_key(&a, '1');
	assert_int_equal(group_parse(str_of("client-name"), &g, &bad), 0);
	group_by(&a, &g);
	assert_true(app_set_filter(&a, "client=10.20.32.50,64.0.0.0/4"));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct buf file = { 0 };
		buf_printf(&file, "64.0.0.0/4 web tier\n10.20.32.50 %s\n", names[i]);
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

/* The row of such a name makes a filter that selects it. */
static void drilled_by_utf8(void **state)
{
	struct app a;
	struct str bad;
	struct group g;

	(void)state;
	rename_all(UTF8_NAMES);
	W.options.ascii = false;
	app_init(&a, &W.options, W.monitor);
	screen_resize(&a.screen, 40, 160);
	app_key(&a, '1');
	assert_int_equal(group_parse(str_of("client-name"), &g, &bad), 0);
	group_by(&a, &g);
	assert_true(app_set_filter(&a, "client-name=B\u00fc*"));
	assert_true(shows_settled(&a, "B\u00fcro"));
	assert_int_equal(a.pane[TALKERS].result.rows, 1);
	assert_true(app_set_filter(&a, "client-name=*"));
	settle(&a);
	assert_true(a.pane[TALKERS].result.rows > 1);
	press(&a, "+");
	assert_int_equal(a.pane[TALKERS].result.rows, 1);
	assert_true(a.pane[TALKERS].result.totals.flows > 0);
	app_release(&a);
	rename_all(NAMES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_80x24),
		cmocka_unit_test(names_120x40),
		cmocka_unit_test(drilled),
		cmocka_unit_test(utf8_80x24),
		cmocka_unit_test(drilled_by_utf8),
		cmocka_unit_test(switched_and_read_again),
		cmocka_unit_test(names_of_any_kind_are_drilled_into),
	};

	return cmocka_run_group_tests_name("names", tests, open_names, close_names);
}
