/* The page of why on the screen: from a row, from what is typed, at three sizes, and on from there
 * to the records that it rests on. */
#include "base/job.h"
#include "panes.h"

/* The demo's database, which its clients can't reach any more. */
static void of_a_row(void **state)
{
	(void)state;
	shot("why-120x40", 120, 40, false, "2\vr");
	shot("why-80x24", 80, 24, false, "2\vr");
	shot("why-40x10", 40, 10, false, "2\vr");
	shot("why-end-80x24", 80, 24, false, "2\vrG");
}

static void typed(void **state)
{
	(void)state;
	shot("why-typed-120x40", 120, 40, false, "R10.20.17.22 10.20.32.11:5432\n");
	shot("why-typed-wrong-80x24", 80, 24, false, "R10.20.17.22\n");
	shot("why-typed-80x24", 80, 24, false, "R");
}

static void open_at(struct app *a, int rows, int cols)
{
	app_init(a, &W.options, W.monitor);
	screen_resize(&a->screen, rows, cols);
	settle(a);
}

static void on_to_the_records(void **state)
{
	struct app a;

	(void)state;
	open_at(&a, 40, 120);
	press(&a, "2r"); /* a scanner: of no one server */
	assert_false(a.why.page.open);
	press(&a, "\vr");
	assert_true(a.why.page.open && a.why.answered);
	assert_non_null(strstr(a.why.page.text.s, "10.20.32.1"));
	press(&a, "\n");
	assert_false(a.why.page.open);
	assert_ptr_equal(a.focus, &a.pane[FLOWS]);
	assert_true(a.flows > 0);
	press(&a, "r"); /* of a record as well */
	assert_true(a.why.page.open && a.why.answered);
	press(&a, "\b");
	assert_false(a.why.page.open);
	app_release(&a);
}

static void save_page(struct app *a, const char *suffix, const char *begins)
{
	char dir[] = "/tmp/enitop-page-XXXXXX", path[64], head[64] = "";
	FILE *f;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/p%s", dir, suffix);
	press(a, "e");
	assert_true(a->saving.naming);
	prompt_set(&a->saving.name, path);
	press(a, "\n");
	while (app_save_step(a))
		;
	assert_non_null(strstr(a->message, "the page is written"));
	f = fopen(path, "r");
	assert_non_null(f);
	assert_true(fread(head, 1, sizeof head - 1, f) > 10);
	fclose(f);
	assert_memory_equal(head, begins, strlen(begins));
	unlink(path);
	rmdir(dir);
}

/* The page to a file, as text and as JSON; its moment as the mark of all panes. */
static void goes_on(void **state)
{
	struct app a;
	int64_t since;

	(void)state;
	open_at(&a, 40, 120);
	press(&a, "2\vr");
	assert_true(a.why.page.open && a.why.answered);
	save_page(&a, ".txt", "WHY");
	assert_true(a.why.page.open);
	save_page(&a, ".json", "{\"schema\":1,\"view\":\"why\"");
	press(&a, "e");
	prompt_set(&a.saving.name, "/tmp/x.csv");
	press(&a, "\n");
	assert_true(a.saving.naming);
	assert_non_null(strstr(a.saving.why, "a page is"));
	press(&a, "\033");
	since = a.why.page.since;
	assert_true(since != INT64_MIN);
	press(&a, "b");
	assert_false(a.why.page.open);
	assert_int_equal(a.mark.time, since);
	app_release(&a);
}

/* Whatever row is selected in whatever pane; pages that are left while they are looked for. */
static void of_anything(void **state)
{
	static const char panes[] = "123456";
	struct app a;

	(void)state;
	open_at(&a, 24, 80);
	for (const char *p = panes; *p; p++) {
		press(&a, (const char[]){ *p, 'r', '\0' });
		assert_true(a.why.page.open || a.message[0]);
		press(&a, "\v\b");
		assert_false(a.why.page.open);
	}
	app_key(&a, '2');
	app_key(&a, 'r');
	app_draw(&a); /* nothing was looked through yet */
	app_key(&a, '1');
	assert_false(a.why.page.open);
	app_key(&a, 'r');
	app_key(&a, 'R');
	press(&a, "any 10.20.32.10:5432\n");
	assert_true(a.why.answered);
	app_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_row),          cmocka_unit_test(typed),
		cmocka_unit_test(on_to_the_records), cmocka_unit_test(goes_on),
		cmocka_unit_test(of_anything),
	};

	job_setup();
	return cmocka_run_group_tests_name("why page", tests, panes_open, panes_close);
}
