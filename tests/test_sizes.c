/* Every view at six sizes as golden screens; what holds at all others; and sizes that change while
 * flows come in. */
#include <string.h>

#include "base/job.h"
#include "base/utf8.h"
#include "panes.h"
#include "support.h"
#include "view/view.h"

static const struct {
	int cols, rows;
} sizes[] = { { 200, 60 }, { 120, 40 }, { 80, 24 }, { 60, 15 }, { 40, 10 }, { 20, 4 } };

static void goldens(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
		for (int key = '0'; key <= '7'; key++) {
			char name[64], keys[] = { (char)key, 'z', 0 };
			bool alone = key > '4'; /* it has the screen without z */
			snprintf(name, sizeof name, "view-%c-%dx%d", key, sizes[i].cols,
				 sizes[i].rows);
			if (alone)
				keys[1] = '\0';
			shot(name, sizes[i].cols, sizes[i].rows, false, keys);
		}
	shot("ascii-120x40", 120, 40, true, "");
	shot("ascii-40x10", 40, 10, true, "");
}

static uint32_t at(const struct app *a, int y, int x)
{
	return screen_at(&a->screen, y, x)->ch;
}

enum { TL = 0x250c, TR = 0x2510, BL = 0x2514, BR = 0x2518, V = 0x2502, H = 0x2500 };

/* Where a frame begins it is closed: straight down both sides, in the same columns. */
static void frames_are_straight(const struct app *a)
{
	for (int y = 0; y < a->screen.rows; y++)
		for (int x = 0; x < a->screen.cols; x++) {
			int right = x + 1, below = y + 1;
			if (at(a, y, x) != TL)
				continue;
			while (right < a->screen.cols && at(a, y, right) != TR)
				right++;
			assert_true(right < a->screen.cols);
			while (below < a->screen.rows && at(a, below, x) == V) {
				assert_int_equal(at(a, below, right), V);
				below++;
			}
			assert_true(below < a->screen.rows);
			assert_int_equal(at(a, below, x), BL);
			assert_int_equal(at(a, below, right), BR);
			for (int i = x + 1; i < right; i++)
				assert_int_equal(at(a, below, i), H);
		}
}

/* The characters of a row from x on, before the edge or a frame. */
static void text_of(const struct app *a, int y, int x, struct buf *out)
{
	buf_clear(out);
	for (; x < a->screen.cols && at(a, y, x) != V; x++)
		if (at(a, y, x))
			utf8_put(out, at(a, y, x));
	buf_puts(out, "");
}

/* Each row of talkers has its server whole, its port too; the figure under a heading ends where that
 * ends. */
static void servers_are_whole(const struct app *a, int y0, int x0)
{
	const struct result *r = &a->focus->result;
	const struct result_row *row;
	struct buf line = { 0 };
	int end = 0;

	text_of(a, y0, x0, &line);
	for (const char *word = line.s; (word = strstr(word, "bytes")); word++)
		end = (int)(word - line.s) + 5;
	for (int i = a->focus->top;
	     i < a->focus->top + a->focus->shown && (row = result_at(r, (uint32_t)i)); i++) {
		int y = y0 + 1 + i - a->focus->top;
		struct view_ends key;
		if (y >= a->screen.rows - 1 || at(a, y, x0) == H)
			break;
		view_key(a, r, row, &key);
		text_of(a, y, x0, &line);
		if (!strstr(line.s, key.text.s + key.server))
			fail_msg("%dx%d: no '%s' in '%s'", a->screen.cols, a->screen.rows,
				 key.text.s + key.server, line.s);
		buf_release(&key.text);
		if (end && x0 + end < a->screen.cols) {
			assert_int_not_equal(at(a, y, x0 + end - 1), ' ');
			assert_true(at(a, y, x0 + end) == ' ' || at(a, y, x0 + end) == V);
		}
	}
	buf_release(&line);
}

/* At sizes between the golden ones. */
static void what_always_holds(void **state)
{
	struct app a;

	(void)state;
	W.options.ascii = false;
	app_init(&a, &W.options, W.monitor);
	screen_resize(&a.screen, 60, 200);
	settle(&a);
	for (int cols = 1; cols <= 205; cols += 6)
		for (int rows = 1; rows <= 62; rows += 5 * (int)slowness()) {
			bool framed;
			screen_resize(&a.screen, rows, cols);
			for (const char *key = "01234567"; *key; key++) {
				app_key(&a, *key);
				app_draw(&a);
				frames_are_straight(&a);
			}
			if (rows < 6 || cols < 40)
				continue;
			press(&a, a.layout == LAYOUT_SINGLE ? "1" : "1z");
			framed = rows >= 12;
			frames_are_straight(&a);
			servers_are_whole(&a, 3 + framed, framed);
			press(&a, "z");
		}
	app_release(&a);
}

/* Off by default; with it the same address has the same hue in every row, as client and as server, and
 * the words of the screen are the same. */
static void hues_of_addresses(void **state)
{
	struct buf plain = { 0 }, hued = { 0 };
	enum role of_db = ROLE_TEXT;
	unsigned seen = 0;
	struct app a;

	(void)state;
	W.options.ascii = false;
	for (int on = 0; on < 2; on++) {
		W.options.hues = on;
		app_init(&a, &W.options, W.monitor);
		screen_resize(&a.screen, 40, 120);
		settle(&a);
		press(&a, "1z/client=10.20.32.10 or server=10.20.32.10\n");
		screen_dump(&a.screen, false, on ? &hued : &plain);
		for (int y = 0; y < 40; y++)
			for (int x = 0; x < 120; x++) {
				int role = screen_at(&a.screen, y, x)->role;
				seen += role >= ROLE_HUE_1 && role < ROLE_HUE_1 + HUES;
			}
		assert_true(on ? seen > 100 : seen == 0);
		for (int y = 6; on && y < 38; y++) {
			struct buf line = { 0 };
			const char *db;
			text_of(&a, y, 1, &line);
			db = strstr(line.s, "orders-db");
			if (db) {
				int role = screen_at(&a.screen, y, 1 + (int)(db - line.s))->role;
				assert_true(role >= ROLE_HUE_1 && role < ROLE_HUE_1 + HUES);
				assert_true(of_db == ROLE_TEXT || of_db == (enum role)role);
				of_db = (enum role)role;
			}
			buf_release(&line);
		}
		app_release(&a);
	}
	assert_int_not_equal(of_db, ROLE_TEXT);
	assert_string_equal(plain.s, hued.s);
	W.options.hues = false;
	buf_release(&plain);
	buf_release(&hued);
}

/* ---- while flows come ---- */

static void steps(struct app *a)
{
	live_step(a->live, 300000);
	app_draw(a);
}

static void sizes_while_flows_come(void **state)
{
	struct monitor *had = W.monitor;
	struct monitor_options o = { .memory = 1 << 26,
				     .follow = true,
				     .keep = true,
				     .since_s = INT64_MIN,
				     .until_s = INT64_MAX,
				     .now_s = INT64_MIN };
	struct monitor_events e;
	uint64_t seed = 20, first;
	uv_loop_t loop;
	struct app a;

	(void)state;
	uv_loop_init(&loop);
	e = panes_events(&loop);
	W.monitor = monitor_new(&loop, &o, &e);
	monitor_add_demo(W.monitor, 3, 2000, options_now(&W.options) - 3600);
	uv_run(&loop, UV_RUN_DEFAULT); /* the hour before; now it goes on */
	app_init(&a, &W.options, W.monitor);
	monitor_counts(W.monitor, &a.counts);
	first = a.counts.flows;
	for (int i = 0; i < 500; i++) {
		static const char keys[] = "01234567|z\t\v\n\b?wb";
		static const int edges[][2] = { { 1, 1 },    { 1, 200 }, { 60, 1 }, { 4, 20 },
						{ 60, 200 }, { 4, 20 },  { 0, 0 } };
		int rows = 1 + (int)random_below(&seed, 60),
		    cols = 1 + (int)random_below(&seed, 200);
		if (i % 10 < 7 && edges[i % 10][0]) {
			rows = edges[i % 10][0];
			cols = edges[i % 10][1];
		}
		screen_resize(&a.screen, rows, cols);
		uv_run(&loop, UV_RUN_NOWAIT);
		app_key(&a, keys[random_below(&seed, sizeof keys - 1)]);
		steps(&a);
		frames_are_straight(&a);
	}
	/* However fast the machine: some came. */
	for (monitor_counts(W.monitor, &a.counts); a.counts.flows == first;
	     monitor_counts(W.monitor, &a.counts))
		uv_run(&loop, UV_RUN_ONCE);
	steps(&a);
	app_release(&a);
	panes_back(&loop, had);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goldens),
		cmocka_unit_test(what_always_holds),
		cmocka_unit_test(hues_of_addresses),
		cmocka_unit_test(sizes_while_flows_come),
	};

	job_setup();
	return cmocka_run_group_tests_name("sizes", tests, panes_open, panes_close);
}
