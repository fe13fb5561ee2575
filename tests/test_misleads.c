/* What the screen may not say: that what is still to come is gone, that a refusal is all of a cell,
 * that a log of another year is live. */
#include <inttypes.h>
#include <unistd.h>

#include "app/pane_rows.h"
#include "base/job.h"
#include "live/live.h"
#include "panes.h"
#include "term/key.h"

#define MINUTE 60

static void begin(struct app *a, int64_t mark, const char *keys)
{
	W.options.ascii = false;
	W.options.mark_s = mark;
	app_init(a, &W.options, W.monitor);
	W.options.mark_s = INT64_MIN;
	screen_resize(&a->screen, 40, 120);
	settle(a);
	press(a, keys);
}

/* Whether an export of the pane has a word for what became of each row. */
static bool exports_changes(struct app *a)
{
	struct pane_rows *x = pane_rows_new(a, a->focus, OUTPUT_CSV);
	struct buf out = { 0 };
	bool has;

	while (pane_rows_step(x, &out))
		;
	has = strstr(out.s, "change") != NULL;
	assert_non_null(strstr(out.s, "bytes"));
	buf_release(&out);
	pane_rows_free(x);
	return has;
}

/* The demo's records are of a minute: what ended in its last one is still to come. */
static void too_early_below_an_interval(void **state)
{
	int64_t now;
	struct app a;

	(void)state;
	begin(&a, INT64_MIN, "1");
	now = live_now(a.live);
	assert_int_equal(live_complete(a.live), now - MINUTE);
	app_release(&a);
	for (int64_t after = -MINUTE; after <= 2 * MINUTE; after += after < 0 ? MINUTE : 20) {
		begin(&a, now - MINUTE - after, "1");
		if (after < MINUTE) {
			assert_false(a.focus->result.by_change);
			assert_true(screen_shows(
				&a, "Z: too early, less than 1m after it is complete"));
			assert_true(live_span(a.live).to == now + 1);
			assert_false(exports_changes(&a));
		} else {
			assert_true(a.focus->result.by_change);
			assert_int_equal(a.focus->result.compare.after_s, after);
			assert_int_equal(live_span(a.live).to, now - MINUTE);
			assert_int_equal(live_span(a.live).from, now - MINUTE - 900);
			assert_true(exports_changes(&a));
		}
		app_release(&a);
	}
}

static bool same_value(const struct value *x, const struct value *y)
{
	struct buf a = { 0 }, b = { 0 };
	bool same;

	value_render(x, &a);
	value_render(y, &b);
	same = str_equal(buf_str(&a), buf_str(&b));
	buf_release(&a);
	buf_release(&b);
	return same;
}

/* The bytes of a row between two moments, as they are without a mark. */
static uint64_t bytes_between(const struct result *of, const struct result_row *row, int64_t from,
			      int64_t to)
{
	struct result_window whole = { 0, 0, 0, UINT32_MAX };
	struct result all = { 0 };
	uint64_t bytes = 0;
	struct app a;

	begin(&a, INT64_MIN, "1");
	live_look_at(a.live, from, to);
	settle(&a);
	live_answer(a.live, a.focus->query, whole, &all);
	for (uint32_t i = 0; i < all.rows; i++) {
		bool same = true;
		for (unsigned k = 0; same && k < of->query.group.n; k++)
			same = same_value(&all.row[i].key[k], &row->key[k]);
		bytes += same ? all.row[i].tally.bytes : 0;
	}
	result_release(&all);
	app_release(&a);
	return bytes;
}

static void the_last_window_and_the_one_before(void **state)
{
	struct app a;
	int64_t end;

	(void)state;
	begin(&a, INT64_MIN, "1d");
	end = live_complete(a.live);
	assert_true(a.focus->result.by_change);
	assert_int_equal(a.mark.time, end - 900);
	assert_int_equal(live_span(a.live).from, end - 1800);
	assert_int_equal(live_span(a.live).to, end);
	assert_int_equal(a.focus->result.compare.before_s, 900);
	assert_int_equal(a.focus->result.compare.after_s, 900);
	assert_true(screen_shows(&a, "before 15m, after 15m"));
	for (uint32_t i = 0; i < 3; i++) {
		const struct result *r = &a.focus->result;
		const struct result_row *row = result_at(r, i);
		assert_int_equal(row->before.bytes, bytes_between(r, row, end - 1800, end - 900));
		assert_int_equal(row->tally.bytes - row->before.bytes,
				 bytes_between(r, row, end - 900, end));
	}
	/* Another window is compared likewise, and stays. */
	press(&a, "w");
	assert_int_equal(live_window(a.live), 3600);
	assert_in_range(a.focus->result.compare.before_s - a.focus->result.compare.after_s + 1, 0,
			2);
	press(&a, "d");
	assert_true(a.mark.time == INT64_MIN && !a.focus->result.by_change);
	assert_int_equal(live_window(a.live), 3600);
	press(&a, "Wdd");
	assert_int_equal(live_window(a.live), 900);
	assert_true(a.mark.time == INT64_MIN);
	/* b marks as ever, with the window that there was. */
	press(&a, "db");
	assert_int_equal(live_window(a.live), 900);
	assert_false(a.mark_moves);
	press(&a, "B");
	/* All there is has two halves; a window of the past another one before it. */
	press(&a, "wwwwd");
	assert_true(a.focus->result.compare.before_s - a.focus->result.compare.after_s <= 1);
	press(&a, "d");
	live_set_window(a.live, 600);
	press(&a, "[d");
	assert_int_equal(a.focus->result.compare.before_s, 600);
	assert_int_equal(a.focus->result.compare.after_s, 600);
	press(&a, "d");
	assert_int_equal(live_span(a.live).to - live_span(a.live).from, 600);
	app_release(&a);
}

/* The role of the last cells of a row that says so. */
static int role_of(const struct app *a, const char *word)
{
	struct screen s = a->screen;

	for (int y = 0; y < s.rows; y++)
		for (int x = 0; x + (int)strlen(word) < s.cols; x++) {
			size_t n = 0;
			while (word[n] && screen_at(&s, y, x + (int)n)->ch == (uint32_t)word[n])
				n++;
			if (!word[n] && screen_at(&s, y, x + (int)n)->ch > 127 &&
			    screen_at(&s, y, x)->role != ROLE_TITLE &&
			    screen_at(&s, y, x)->role != ROLE_SELECTED)
				return screen_at(&s, y, x)->role;
		}
	return -1;
}

/* Refusals: new is bad, gone is good. */
static void colours_say_so(void **state)
{
	struct app a;

	(void)state;
	begin(&a, START + 2700, "2zwDj");
	assert_true(a.focus->result.by_change);
	assert_int_equal(role_of(&a, "new"), ROLE_REJECT);
	press(&a, "D");
	assert_int_equal(role_of(&a, "gone"), ROLE_ACCEPT);
	press(&a, "1D\033D");
	app_release(&a);
	begin(&a, START + 2700, "1zwDDj");
	assert_int_equal(role_of(&a, "gone"), ROLE_REJECT);
	app_release(&a);
}

/* ---- logs of their own ---- */

/* Looks at a log whose lines `write` has written. */
static void with_log(void (*write)(FILE *f), void (*look)(void))
{
	struct monitor_events e;
	struct monitor_options o = { .memory = 1 << 28, .keep = true, .now_s = START + 9000 };
	struct monitor *had = W.monitor;
	char path[] = "/tmp/enitop-changes-XXXXXX";
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	uv_loop_t loop;

	assert_non_null(f);
	write(f);
	fclose(f);
	uv_loop_init(&loop);
	e = panes_events(&loop);
	W.monitor = monitor_new(&loop, &o, &e);
	monitor_add_path(W.monitor, path);
	uv_run(&loop, UV_RUN_DEFAULT);
	unlink(path);
	look();
	panes_back(&loop, had);
}

static void put(FILE *f, const char *host, int port, int bytes, int64_t from, int64_t to,
		const char *action)
{
	fprintf(f, "2 1 eni-1 %s 10.9.0.1 40000 %d 6 9 %d %" PRId64 " %" PRId64 " %s OK\n", host,
		port, bytes, START + from, START + to, action);
}

/* Records of ten minutes: one host goes on, one ended; another is delivered sooner. */
static void long_records(FILE *f)
{
	for (int i = 0; i < 12; i++)
		for (int host = 1; host <= (i < 6 ? 2 : 1); host++)
			put(f, host == 1 ? "10.0.0.1" : "10.0.0.2", 443, 1000, i * 600,
			    i * 600 + 590, "ACCEPT");
	for (int i = 0; i < 125; i++)
		put(f, "10.0.1.1", 443, 10, i * 60, i * 60 + 59, "ACCEPT");
}

static void look_at_gone(void)
{
	struct app a;

	begin(&a, START + 7200, "1wwww");
	assert_true(screen_shows(&a, "too early"));
	assert_false(screen_shows(&a, "gone"));
	app_release(&a);
	begin(&a, START + 5000, "1wwww");
	assert_true(a.focus->result.by_change);
	for (uint32_t i = 0; i < a.focus->result.ranked; i++) {
		const struct result_row *row = result_at(&a.focus->result, i);
		assert_int_equal(row->change == CHANGE_GONE, row->key[0].address[15] == 2);
	}
	app_release(&a);
}

static void what_is_still_to_come_is_not_gone(void **state)
{
	(void)state;
	with_log(long_records, look_at_gone);
}

/* A refused record of ten minutes, a scan that meets a busy port once, and a port of which half is
 * refused. */
static void refusals(FILE *f)
{
	for (int i = 0; i < 15; i++)
		for (int k = 0; k < 10; k++) {
			put(f, "10.0.0.1", 443, 100000000, i * 60, i * 60 + 59, "ACCEPT");
			for (int n = 0; n < 3; n++)
				put(f, "10.0.0.2", 22, n ? 40 : 5000, i * 60, i * 60 + 59,
				    n ? "REJECT" : "ACCEPT");
		}
	put(f, "10.0.0.3", 443, 40, 300, 300, "REJECT");
	put(f, "10.0.0.3", 9999, 400, 120, 719, "REJECT");
}

static void look_at_cells(void)
{
	struct buf all = { 0 };
	const char *busy, *scan, *half;
	struct app a;
	int64_t columns, cols;
	size_t wide;

	begin(&a, INT64_MIN, "3z");
	screen_dump(&a.screen, false, &all);
	busy = strstr(all.s, "443 https");
	half = strstr(all.s, " 22 ssh");
	scan = strstr(all.s, " 9999");
	assert_true(busy && half && scan);
	for (size_t i = 0; busy[i] != '\n'; i++)
		assert_true(busy[i] != '!' && busy[i] != ':');
	/* All that the record ran in, whole columns of it at least. */
	columns = 600 / a.heat.width;
	wide = strspn(strchr(scan, '!'), "!") * (size_t)a.heat.columns;
	cols = a.screen.cols - 2 - 15; /* of the screen, that the columns fill */
	assert_in_range(wide, (columns - 1) * cols, (columns + 1) * cols + a.heat.columns);
	assert_true(strcspn(half, "!:") < strcspn(half, "\n"));
	buf_release(&all);
	/* Refusals of the timeline are flows. */
	press(&a, "4");
	assert_true(screen_shows(&a, "reject 20") || screen_shows(&a, "reject 21"));
	app_release(&a);
}

static void cells_by_what_was_refused(void **state)
{
	(void)state;
	with_log(refusals, look_at_cells);
}

/* An hour of flows, and nothing but NODATA for two hours since. */
static void silence(FILE *f)
{
	for (int i = 0; i < 81; i++)
		put(f, "10.0.0.1", 443, 1000, i * 40, i * 40 + 39, "ACCEPT");
	fprintf(f, "2 1 eni-1 - - - - - - - %" PRId64 " %" PRId64 " - NODATA\n", START + 8000,
		START + 8059);
}

static void look_at_silence(void)
{
	struct app a;

	begin(&a, INT64_MIN, "");
	settle(&a);
	assert_int_equal(live_window(a.live), 0);
	assert_true(screen_shows(&a, "window all: nothing in the last 15m"));
	assert_int_equal(a.totals.totals.flows, 81);
	/* Nothing matches: that is no reason. */
	press(&a, "W/reject\n");
	assert_true(live_window(a.live) > 0);
	app_release(&a);
	/* Somebody has chosen it. */
	W.options.window_given = true;
	W.options.window_s = 60;
	begin(&a, INT64_MIN, "");
	assert_int_equal(live_window(a.live), 60);
	assert_false(screen_shows(&a, "nothing in the last"));
	app_release(&a);
	W.options.window_given = false;
	begin(&a, INT64_MIN, "wwwww");
	assert_int_equal(live_window(a.live), 0);
	assert_int_equal(a.totals.totals.flows, 81);
	app_release(&a);
}

static void a_window_without_flows_widens(void **state)
{
	(void)state;
	with_log(silence, look_at_silence);
}

/* 72 of 81 flows ended more than a window before the last one. */
static void old_flows(FILE *f)
{
	for (int i = 0; i < 81; i++)
		put(f, "10.0.0.1", 443, 1000, i * 100, i * 100 + 59, "ACCEPT");
}

static void look_at_old(void)
{
	struct app a;

	begin(&a, INT64_MIN, "");
	assert_false(screen_shows(&a, "days old"));
	a.clock_s = START + 8059 + 1108 * INT64_C(86400) + 5;
	app_draw(&a);
	assert_true(
		screen_shows(&a, "the newest record is 1108 days old: 72 flows are older, t all"));
	assert_false(screen_shows(&a, "LIVE"));
	press(&a, "/reject\n");
	a.clock_s = START + 8059 + 1108 * INT64_C(86400) + 5;
	app_draw(&a);
	assert_true(screen_shows(&a, "72 flows are older"));
	press(&a, "tall\n");
	a.clock_s = START + 8059 + INT64_C(86400) + 5;
	app_draw(&a);
	assert_true(screen_shows(&a, "the newest record is 1 day old"));
	assert_false(screen_shows(&a, "older"));
	app_release(&a);
}

static void a_log_of_another_year_says_so(void **state)
{
	(void)state;
	with_log(old_flows, look_at_old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_early_below_an_interval),
		cmocka_unit_test(the_last_window_and_the_one_before),
		cmocka_unit_test(colours_say_so),
		cmocka_unit_test(what_is_still_to_come_is_not_gone),
		cmocka_unit_test(cells_by_what_was_refused),
		cmocka_unit_test(a_window_without_flows_widens),
		cmocka_unit_test(a_log_of_another_year_says_so),
	};

	job_setup();
	return cmocka_run_group_tests_name("misleads", tests, panes_open, panes_close);
}
