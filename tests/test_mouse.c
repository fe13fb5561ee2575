/* The mouse, as a terminal tells what it does: on the demo's hour at 120x40. */
#include "app/app_mouse.h"
#include "panes.h"
#include "state/cursor.h"

static struct app A;

static int begin(void **state)
{
	(void)state;
	app_init(&A, &W.options, W.monitor);
	screen_resize(&A.screen, 40, 120);
	settle(&A);
	A.mouse = true;
	return 0;
}

static int end(void **state)
{
	(void)state;
	app_release(&A);
	return 0;
}

/* Told as xterm tells it, column and row from 1; what it says behind MOUSE_BEGINS. */
static bool tell(const char *text, struct mouse_event *e)
{
	struct mouse_reader m = { 0 };
	bool is = false;

	mouse_begin(&m);
	for (; *text && m.reading; text++)
		is = mouse_take(&m, *text, e);
	return is && !*text;
}

static void mouse(unsigned button, int x, int y, char how)
{
	char text[32];
	struct mouse_event e;

	snprintf(text, sizeof text, "%u;%d;%d%c", button, x + 1, y + 1, how);
	assert_true(tell(text, &e));
	app_mouse(&A, &e);
	settle(&A);
}

static void click(int x, int y)
{
	mouse(0, x, y, 'M');
	mouse(0, x, y, 'm');
}

/* Where a text stands on the screen; fails where it does not. */
static void find(const char *text, int *x, int *y)
{
	struct screen *s = &A.screen;

	for (*y = 0; *y < s->rows; ++*y)
		for (*x = 0; *x + (int)strlen(text) <= s->cols; ++*x) {
			size_t n = 0;
			while (text[n] &&
			       screen_at(s, *y, *x + (int)n)->ch == (unsigned char)text[n])
				n++;
			if (!text[n])
				return;
		}
	fail_msg("'%s' is not on the screen", text);
}

static void a_click_focuses_and_selects(void **state)
{
	int x, y;

	(void)state;
	assert_int_equal(A.focus->view->key, '0');
	find("kafka-2 > kafka-3", &x, &y);
	click(x + 3, y);
	assert_int_equal(A.focus->view->key, '1');
	assert_int_equal(screen_at(&A.screen, y, x)->role, ROLE_SELECTED);
	/* A frame belongs to its pane. */
	find("2 Rejects", &x, &y);
	click(x, y);
	assert_int_equal(A.focus->view->key, '2');
	/* What is of no pane does nothing. */
	click(3, 0);
	assert_int_equal(A.focus->view->key, '2');
}

static void the_wheel_scrolls(void **state)
{
	int x, y;

	(void)state;
	find("1 Talkers", &x, &y);
	mouse(65, x, y + 3, 'M');
	assert_int_equal(A.focus->view->key, '1');
	assert_int_equal(A.focus->selected, 3);
	mouse(64, x, y + 3, 'M');
	assert_int_equal(A.focus->selected, 0);
	press(&A, "?");
	mouse(65, x, y + 3, 'M');
	assert_true(A.help);
	assert_int_equal(A.focus->selected, 0);
}

static void a_heading_sorts(void **state)
{
	int x, y;

	(void)state;
	press(&A, "5");
	settle(&A);
	find("action", &x, &y);
	click(x, y);
	assert_int_equal(A.list.order.field, FIELD_ACTION);
	bool ascending = A.list.order.ascending;
	click(x, y);
	assert_int_equal(A.list.order.ascending, !ascending);
	press(&A, "1z");
	settle(&A);
	enum metric was = A.metric;
	find("recv", &x, &y);
	click(x, y);
	assert_int_not_equal(A.metric, was);
}

static void drawn_over_bars_are_the_window(void **state)
{
	struct span look, bars;
	int left;

	(void)state;
	press(&A, "4");
	settle(&A);
	left = A.cursor.left;
	mouse(0, left + 10, A.focus->place.y + 1, 'M');
	assert_false(live_looks_at(A.live, &look));
	mouse(32, left + 14, A.focus->place.y + 1, 'M');
	mouse(32, left + 20, A.focus->place.y + 1, 'M');
	assert_true(bars_marked_span(&A, &bars));
	assert_int_equal(bars.from, A.cursor.from + 10 * A.cursor.width);
	assert_int_equal(bars.to, A.cursor.from + 21 * A.cursor.width);
	mouse(0, left + 20, A.focus->place.y + 1, 'm');
	assert_true(live_looks_at(A.live, &look));
	assert_int_equal(look.from, bars.from);
	assert_int_equal(look.to, bars.to);
	/* One bar alone is chosen, not looked at. */
	press(&A, "\b");
	settle(&A);
	assert_false(live_looks_at(A.live, &look));
	click(left + 5, A.focus->place.y + 1);
	assert_false(live_looks_at(A.live, &look));
	assert_int_equal(A.cursor.at, A.cursor.from + 5 * A.cursor.width);
}

static void off_it_does_nothing(void **state)
{
	int x, y;

	(void)state;
	press(&A, "i");
	assert_false(A.mouse);
	find("2 Rejects", &x, &y);
	click(x, y);
	assert_int_equal(A.focus->view->key, '0');
	press(&A, "i");
	click(x, y);
	assert_int_equal(A.focus->view->key, '2');
	/* Nor where a line is typed. */
	press(&A, "/tcp");
	find("1 Talkers", &x, &y);
	click(x, y);
	mouse(65, x, y, 'M');
	assert_int_equal(A.focus->view->key, '2');
	assert_true(A.editing);
}

static void what_is_no_event_is_passed_over(void **state)
{
	static const char *const none[] = { "0;1M",       ";;M",      "0;0;1M",  "0;1;0M",
					    "2;5;5M",     "35;5;5M",  "66;5;5M", "128;1;1M",
					    "0;1;1x",     "0;1;1;1M", "1;1;1M",  "M",
					    "0;1;123456M" };
	struct mouse_event e;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		assert_false(tell(none[i], &e));
	assert_false(tell("0;00000000000000000000000000000000001;1M", &e));
	assert_true(tell("0;120;40M", &e));
	assert_int_equal(e.kind, MOUSE_PRESS);
	assert_int_equal(e.x, 119);
	assert_int_equal(e.y, 39);
	assert_true(tell("4;1;1M", &e)); /* with Shift */
	assert_int_equal(e.kind, MOUSE_PRESS);
}

int main(void)
{
#define SCREEN_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		SCREEN_TEST(a_click_focuses_and_selects),
		SCREEN_TEST(the_wheel_scrolls),
		SCREEN_TEST(a_heading_sorts),
		SCREEN_TEST(drawn_over_bars_are_the_window),
		SCREEN_TEST(off_it_does_nothing),
		cmocka_unit_test(what_is_no_event_is_passed_over),
	};

	return cmocka_run_group_tests_name("mouse", tests, panes_open, panes_close);
}
