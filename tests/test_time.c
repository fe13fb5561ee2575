/* Golden screens of time travel, windows, the timeline and zones; and that ways lead back. */
#include <time.h>

#include "base/job.h"
#include "panes.h"
#include "state/cursor.h"
#include "view/view.h"

static void travelled(void **state)
{
	(void)state;
	shot("travel-120x40", 120, 40, false, "[[");
	shot("travel-80x24", 80, 24, false, "[[]");
	shot("travel-40x10", 40, 10, false, "4[");
}
static void timeline(void **state)
{
	(void)state;
	shot("timeline-80x24", 80, 24, false, "m4\a\a\av\a\a");
	shot("timeline-40x10", 40, 10, false, "4\a\a");
	shot("timeline-ascii-80x24", 80, 24, true, "4");
}
static void zoomed_in(void **state)
{
	(void)state;
	shot("zoom-120x40", 120, 40, false, "4\a\a\a\a\a\av\a\a\n");
}
static void averages(void **state)
{
	(void)state;
	shot("short-80x24", 80, 24, false, "t30s\n");
	shot("window-80x24", 80, 24, false, "t10:00-9pm\n");
}
static void local_zone(void **state)
{
	(void)state;
	/* Berlin's rules: 23:13Z is past midnight there, the window is not. */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	W.options.local_time = true;
	shot("local-120x40", 120, 40, false, "WWwww");
	shot("local-flows-80x24", 80, 24, false, "5");
	shot("local-record-80x24", 80, 24, false, "5\n");
	W.options.local_time = false;
	setenv("TZ", "UTC", 1);
	tzset();
}

static uint64_t bytes_in(const struct result *r, struct span span)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < r->rows; i++)
		if (r->row[i].since >= span.from && r->row[i].until <= span.to)
			n += r->row[i].tally.bytes;
	return n;
}

/* The bars of a zoomed range add up to the bar that it was: what its records sent in it,
 * though some end after it. */
static void zoom_keeps_figures(void **state)
{
	struct span marked;
	uint64_t bytes;
	struct app a;

	(void)state;
	W.options.ascii = false;
	app_init(&a, &W.options, W.monitor);
	screen_resize(&a.screen, 40, 120);
	settle(&a);
	press(&a, "4\a\a\a\a\a\a\a\av\a\a");
	assert_true(bars_marked_span(&a, &marked));
	bytes = bytes_in(&a.pane[TIMELINE].result, marked);
	assert_true(bytes > 0);
	press(&a, "\n");
	assert_true(a.pane[TIMELINE].result.bin_width * 4 <= marked.to - marked.from);
	assert_int_equal(bytes_in(&a.pane[TIMELINE].result, marked), bytes);
	app_release(&a);
}

/* Whatever was looked at, Backspace leads back to it, and End to now. */
static void travel_and_back(void **state)
{
	struct span live, span;
	struct app a;

	(void)state;
	W.options.ascii = false;
	app_init(&a, &W.options, W.monitor);
	screen_resize(&a.screen, 40, 120);
	settle(&a);
	live = live_span(a.live);
	press(&a, "[");
	span = live_span(a.live);
	assert_int_equal(span.to, live.to - 450); /* half of 15 minutes */
	assert_int_equal(span.to - span.from, 900);
	press(&a, "[]]");
	assert_false(live_looks_at(a.live, &span));
	press(&a, "[[[\005");
	assert_false(live_looks_at(a.live, &span));
	press(&a, "[4\a\a\a\n");
	span = live_span(a.live);
	assert_int_equal(span.to - span.from, a.totals.window.to - a.totals.window.from);
	assert_true(span.to - span.from < 60);
	press(&a, "\b");
	span = live_span(a.live);
	assert_int_equal(span.to, live.to - 450);
	press(&a, "\b\b\b\b");
	span = live_span(a.live);
	assert_memory_equal(&span, &live, sizeof span);
	/* Wider and narrower, as long as it says, and the end stays. */
	press(&a, "[wW");
	span = live_span(a.live);
	assert_int_equal(span.to, live.to - 450);
	assert_int_equal(span.to - span.from, 900);
	press(&a, "\b");
	/* Far enough back nothing is held, and it stays where it is. */
	for (int i = 0; i < 30; i++)
		press(&a, "[");
	assert_non_null(strstr(a.message, "nothing older is held"));
	assert_true(a.totals.totals.flows > 0);
	press(&a, "t22:20-22:30\n");
	span = live_span(a.live);
	assert_int_equal(span.from, START - START % 86400 + 22 * 3600 + 20 * 60);
	assert_int_equal(span.to - span.from, 600);
	assert_true(a.totals.totals.flows > 0);
	app_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(travelled),          cmocka_unit_test(timeline),
		cmocka_unit_test(zoomed_in),          cmocka_unit_test(averages),
		cmocka_unit_test(local_zone),         cmocka_unit_test(travel_and_back),
		cmocka_unit_test(zoom_keeps_figures),
	};

	job_setup();
	return cmocka_run_group_tests_name("time", tests, panes_open, panes_close);
}
