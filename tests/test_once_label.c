/* How packets count is said on any screen, whatever else there is to be said: paused, in the past,
 * compared, filtered, on any pane. */
#include "panes.h"

static const struct {
	int cols, rows;
	const char *once, *all; /* of these one stands in the second line */
} sizes[] = { { 120, 40, "once", "twice" },
	      { 80, 24, "once", "% twice" },
	      { 40, 10, "once", "% twice" },
	      { 20, 4, "once", "twice" } };

static void line(const struct app *a, int y, char *out)
{
	for (int x = 0; x < a->screen.cols; x++) {
		uint32_t c = a->screen.cell[y * a->screen.cols + x].ch;
		*out++ = c < 127 ? (char)c : '?';
	}
	*out = '\0';
}

static void expect(struct app *a, const char *keys, bool once)
{
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		const char *want = once ? sizes[i].once : sizes[i].all;
		char text[256];
		screen_resize(&a->screen, sizes[i].rows, sizes[i].cols);
		settle(a);
		line(a, 1, text);
		if (!strstr(text, want) &&
		    (once || (!strstr(text, "all") && !strstr(text, "no record is a second"))))
			fail_msg("%d columns, '%s', %s: %s", sizes[i].cols, keys,
				 once ? "once" : "all", text);
	}
}

static void is_said(void **state)
{
	static const char *const keys[] = { "",    "5",   "7",  " ",  "[",         "1b",
					    "1[b", "w[ ", "2o", "1F", "/reject\n", "mmmmmm" };

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
		struct app a;
		app_init(&a, &W.options, W.monitor);
		screen_resize(&a.screen, 40, 120);
		settle(&a);
		press(&a, keys[k]);
		expect(&a, keys[k], true);
		press(&a, "C");
		expect(&a, keys[k], false);
		app_release(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(is_said) };

	return cmocka_run_group_tests_name("once_label", tests, panes_open, panes_close);
}
