/* The clock across a wide screen: the timeline above, a heatmap that shares its columns, and what
 * happened when as signs below the bars. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/job.h"
#include "panes.h"
#include "support.h"
#include "view/view.h"

static void begin(struct app *a, int cols, int rows, const char *keys)
{
	W.options.ascii = false;
	app_init(a, &W.options, W.monitor);
	screen_resize(&a->screen, rows, cols);
	settle(a);
	press(a, keys);
}

static void shots(void **state)
{
	(void)state;
	shot("start-200x60", 200, 60, false, "");
	shot("start-160x45", 160, 45, false, "");
	shot("clock-cursor-160x36", 160, 36, false, "4\a\av\a\a");
	shot("clock-hosts-160x45", 160, 45, false, "3x"); /* of no times: its columns are its own */
}

/* The character at a place of the screen; ' ' outside. */
static uint32_t at(const struct app *a, int y, int x)
{
	return y >= 0 && y < a->screen.rows && x >= 0 && x < a->screen.cols
		       ? screen_at(&a->screen, y, x)->ch
		       : ' ';
}

/* The row and column where an ASCII text stands, from row `y` on. */
static bool find(const struct app *a, int *y, int *x, const char *text)
{
	int n = (int)strlen(text);

	for (; *y < a->screen.rows; ++*y)
		for (*x = 0; *x + n <= a->screen.cols; ++*x) {
			int i = 0;
			while (i < n && at(a, *y, *x + i) == (uint32_t)text[i])
				i++;
			if (i == n)
				return true;
		}
	return false;
}

/* Both charts have the same times in the same columns of the screen, at any width and window. */
static void columns_are_shared(void **state)
{
	static const struct {
		int cols, rows;
		const char *keys;
	} of[] = { { 160, 35, "" },     { 160, 45, "W" }, { 161, 50, "WW" }, { 200, 60, "w" },
		   { 234, 48, "wwww" }, { 300, 70, "" },  { 200, 60, "[" },  { 173, 40, "WW[[" },
		   { 200, 60, "3xxx" }, { 512, 90, "w" }, { 199, 60, "b" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(of); i++) {
		struct app a;
		char first[48], last[48];
		int y = 0, x, from, y2, x2;
		begin(&a, of[i].cols, of[i].rows, of[i].keys);
		assert_true(a.across);
		assert_true(a.cursor.n > 0);
		if (pane_of_heat(&a)->result.by_change) /* rows in its place */
			goto next;
		assert_int_equal(a.heat.from, a.cursor.from);
		assert_int_equal(a.heat.width, a.cursor.width);
		assert_int_equal(a.heat.columns, a.cursor.n);
		app_stamp(&a, a.cursor.from, first, sizeof first);
		app_stamp(&a, a.cursor.from + a.cursor.n * a.cursor.width, last, sizeof last);
		y = 3 + 3 + 1; /* inside of the uppermost pane */
		assert_true(find(&a, &y, &from, first));
		assert_true(find(&a, &y, &x, last));
		y2 = of[i].rows / 2;
		assert_true(find(&a, &y2, &x2, first));
		assert_int_equal(x2, from);
		assert_true(find(&a, &y2, &x2, last));
		assert_int_equal(x2, x);
		/* and they fill it, from the left edge to the right one */
		assert_int_equal(from, 1 + AXIS_LEFT_ACROSS);
		assert_int_equal(x + (int)strlen(last), of[i].cols - 1);
	next:
		app_release(&a);
	}
}

/* Alone on the screen they fill it as well, at every width: nothing is left between the last time
 * and the edge. */
static void charts_fill_their_pane(void **state)
{
	struct app a;

	(void)state;
	begin(&a, 100, 20, "");
	for (int cols = 60; cols <= 330; cols += 7)
		for (int heat = 0; heat < 2; heat++) {
			char last[48];
			int y = 3, x;
			screen_resize(&a.screen, 20, cols);
			press(&a, heat ? "3" : "4");
			if (!a.zoomed)
				press(&a, "z");
			app_stamp(&a,
				  heat ? a.heat.from + a.heat.columns * a.heat.width
				       : a.cursor.from + a.cursor.n * a.cursor.width,
				  last, sizeof last);
			assert_true(find(&a, &y, &x, last));
			assert_int_equal(x + (int)strlen(last), cols - 1);
		}
	app_release(&a);
}

/* ---- signs ---- */

/* Half an hour of an interface that loses three minutes, and one that is silent for six. */
static struct monitor *log_with_lacks(uv_loop_t *loop)
{
	struct monitor_events e = panes_events(loop);
	struct monitor_options o = { .memory = 1 << 28, .keep = true, .now_s = START + 4000 };
	char path[] = "/tmp/enitop-clock-XXXXXX";
	int64_t start = START / 60 * 60;
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	struct monitor *m;

	assert_non_null(f);
	for (int64_t i = 0; i < 30; i++)
		for (int k = 0; k < 3; k++) {
			int64_t t = start + i * 60;
			if (k == 2 && i >= 20 && i < 26)
				continue;
			if (k == 1 && i >= 17 && i < 20)
				fprintf(f,
					"2 1 eni-%d - - - - - - - %" PRId64 " %" PRId64
					" - SKIPDATA\n",
					k, t, t + 59);
			else
				fprintf(f,
					"2 1 eni-%d 10.20.0.%d 10.20.9.9 40000 443 6 1 40 %" PRId64
					" %" PRId64 " ACCEPT OK\n",
					k, k + 1, t, t + 59);
		}
	fclose(f);
	uv_loop_init(loop);
	m = monitor_new(loop, &o, &e);
	monitor_add_path(m, path);
	uv_run(loop, UV_RUN_DEFAULT);
	unlink(path);
	return m;
}

/* The sign that has to stand in each column of the screen, by its times. */
static void expect_signs(const struct app *a, int y, int left, int cols)
{
	const struct bars *c = &a->cursor;
	int64_t start = START / 60 * 60, mark = start + 28 * 60 + 30;
	unsigned lost = 0, silent = 0, lines = 0;

	for (int x = 0; x < cols; x++) {
		/* The column of the chart that is drawn there: each has its share of the screen. */
		int64_t i = 0, from, to;
		while (i + 1 < c->n && (i + 1) * cols / c->n <= x)
			i++;
		from = c->from + i * c->width;
		to = from + c->width;
		uint32_t ch = at(a, y, left + x);
		if (ch == '!' || ch == 'i') /* where a finding begins */
			continue;
		if (mark >= from && mark < to && x == i * cols / c->n) {
			assert_int_equal(ch, 0x2502);
			lines++;
		} else if (to > start + 17 * 60 && from < start + 20 * 60) {
			assert_int_equal(ch, 'x');
			lost++;
		} else if (to > start + 20 * 60 && from < start + 26 * 60) {
			assert_int_equal(ch, '_');
			silent++;
		} else {
			assert_int_equal(ch, ' ');
		}
	}
	assert_int_equal(lines, 1);
	assert_true(lost >= 3 && silent >= 6);
}

static void signs_of_what_lacks(void **state)
{
	struct monitor *had = W.monitor;
	uv_loop_t loop;

	(void)state;
	W.monitor = log_with_lacks(&loop);
	for (int cols = 90; cols <= 250; cols += 40) {
		struct app a;
		int y = 1, x;
		char first[48];
		begin(&a, cols, 50, "w4z");
		app_mark_at(&a, START / 60 * 60 + 28 * 60 + 30, "");
		settle(&a);
		app_stamp(&a, a.cursor.from, first, sizeof first);
		assert_true(find(&a, &y, &x, first));
		expect_signs(&a, y - 1, 1 + 7, cols - 2 - 7);
		app_release(&a);
	}
	W.options.mark_s = START / 60 * 60 + 28 * 60 + 30;
	shot("marks-160x45", 160, 45, false, "d");
	W.options.mark_s = INT64_MIN;
	panes_back(&loop, had);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shots),
		cmocka_unit_test(columns_are_shared),
		cmocka_unit_test(charts_fill_their_pane),
		cmocka_unit_test(signs_of_what_lacks),
	};

	job_setup();
	return cmocka_run_group_tests_name("clock", tests, panes_open, panes_close);
}
