/* Layouts: which panes a large screen has, chosen by a key, an option or the configuration. */
#include <string.h>
#include <unistd.h>

#include "base/job.h"
#include "panes.h"
#include "support.h"
#include "view/view.h"

static void begin(struct app *a, int cols, int rows)
{
	W.options.ascii = false;
	app_init(a, &W.options, W.monitor);
	screen_resize(&a->screen, rows, cols);
	settle(a);
}

static void shots(void **state)
{
	(void)state;
	shot("layout-two-160x45", 160, 45, false, "|");
	shot("layout-two-80x24", 80, 24, false, "|");
	shot("layout-two-40x10", 40, 10, false, "|");
	shot("layout-single-80x24", 80, 24, false, "1||");
	W.options.layout = LAYOUT_TALKERS_REJECTS;
	shot("layout-zoom-80x24", 80, 24, false, "3z\3");
	W.options.layout = LAYOUT_OVERVIEW;
}

/* The panes whose titles are on the screen, by their keys. */
static const char *shown(const struct app *a)
{
	static char keys[VIEWS_MAX + 1];
	size_t n = 0;

	for (unsigned i = 0; i < a->panes; i++) {
		struct buf title = { 0 };
		buf_printf(&title, "┌ %c %s", a->pane[i].view->key, a->pane[i].view->title);
		if (screen_shows(a, title.s))
			keys[n++] = (char)a->pane[i].view->key;
		buf_release(&title);
	}
	keys[n] = '\0';
	return keys;
}

/* The key goes through all of them and comes back; what has the keys is on the screen. */
static void the_key_goes_round(void **state)
{
	struct app a;

	(void)state;
	begin(&a, 120, 40);
	assert_string_equal(shown(&a), "01234");
	press(&a, "|");
	assert_string_equal(shown(&a), "12");
	assert_true(screen_shows(&a, "layout talkers-rejects"));
	assert_int_equal(a.focus->view->key, '1');
	press(&a, "|");
	assert_string_equal(shown(&a), "1");
	press(&a, "|");
	assert_string_equal(shown(&a), "01234");
	assert_int_equal(a.focus->view->key, '1');
	app_release(&a);
}

/* Tab stays among the two, a key of another shows it alone, z comes back to them. */
static void panes_of_the_layout(void **state)
{
	struct app a;

	(void)state;
	W.options.layout = LAYOUT_TALKERS_REJECTS;
	begin(&a, 120, 40);
	assert_string_equal(shown(&a), "12");
	press(&a, "\t");
	assert_int_equal(a.focus->view->key, '2');
	press(&a, "\t");
	assert_int_equal(a.focus->view->key, '1');
	press(&a, "4");
	assert_string_equal(shown(&a), "4");
	press(&a, "z");
	assert_string_equal(shown(&a), "12");
	press(&a, "\n"); /* to the records, and back */
	assert_string_equal(shown(&a), "5");
	press(&a, "\b");
	assert_string_equal(shown(&a), "12");
	app_release(&a);
	W.options.layout = LAYOUT_SINGLE;
	begin(&a, 120, 40);
	assert_string_equal(shown(&a), "0");
	press(&a, "2\t");
	assert_string_equal(shown(&a), "3");
	press(&a, "z");
	assert_string_equal(shown(&a), "3");
	assert_true(screen_shows(&a, "| for another"));
	app_release(&a);
	W.options.layout = LAYOUT_OVERVIEW;
}

/* What a step back brings was narrowed in another layout: keys still go somewhere. */
static void back_from_another(void **state)
{
	struct app a;

	(void)state;
	begin(&a, 120, 40);
	press(&a, "3\v\n||\b\t\t");
	assert_int_equal(strlen(shown(&a)), 1);
	press(&a, "|\t");
	assert_string_equal(shown(&a), "01234");
	app_release(&a);
}

/* ---- what is kept ---- */

static char path[] = "/tmp/enitop-layouts-XXXXXX";

static void read_file(char *out, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(out, 1, size - 1, f);
	out[n] = '\0';
	fclose(f);
}

static void keep(bool keep_layout, const char *keys)
{
	struct config *c = config_new(), *had = W.options.config;
	struct app a;

	c->path = xstrndup(path, strlen(path));
	W.options.config = c;
	W.options.keep_layout = keep_layout;
	begin(&a, 120, 40);
	press(&a, keys);
	app_release(&a);
	W.options.keep_layout = false;
	W.options.config = had;
	config_free(c);
}

/* Nothing is written unless the configuration says so; then one line, the others as they are. */
static void kept_where_it_is_said(void **state)
{
	static const char before[] =
		"# mine\n layout = overview\nfilter layout = tcp\nkeep-layout = yes\n"
		"layout=single\n#layout = NAME\n";
	char now[512];
	FILE *f;

	(void)state;
	assert_true(close(mkstemp(path)) == 0);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(before, f);
	fclose(f);
	keep(false, "||");
	read_file(now, sizeof now);
	assert_string_equal(now, before);
	keep(true, "|");
	read_file(now, sizeof now);
	assert_string_equal(now, "# mine\nlayout = talkers-rejects\nfilter layout = tcp\n"
				 "keep-layout = yes\n#layout = NAME\n");
	keep(true, "||");
	read_file(now, sizeof now);
	assert_non_null(strstr(now, "\nlayout = single\n"));
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shots),
		cmocka_unit_test(the_key_goes_round),
		cmocka_unit_test(panes_of_the_layout),
		cmocka_unit_test(back_from_another),
		cmocka_unit_test(kept_where_it_is_said),
	};

	job_setup();
	return cmocka_run_group_tests_name("layouts", tests, panes_open, panes_close);
}
