/* What pane 7 and an empty list of findings say of a log: in the words and with the figures of the
 * report; minutes by minute or by hour; who else saw an interface that is missing. */
#include <inttypes.h>
#include <unistd.h>

#include "output/export_trust.h"
#include "panes.h"

static struct buf screen; /* its lines, without roles */

static const char *drawn(struct app *a, int cols, int rows)
{
	buf_clear(&screen);
	screen_resize(&a->screen, rows, cols);
	settle(a);
	for (int y = 0; y < rows; y++) {
		for (int x = 0; x < cols; x++) {
			uint32_t c = a->screen.cell[y * cols + x].ch;
			buf_putc(&screen, c >= ' ' && c < 127 ? (char)c : ' ');
		}
		buf_putc(&screen, '\n');
	}
	return screen.s;
}

static void expect(struct app *a, int cols, int rows, const char *text)
{
	const char *all = drawn(a, cols, rows);

	if (!strstr(all, text))
		fail_msg("at %dx%d no '%s':\n%s", cols, rows, text, all);
}

static void add(FILE *f, const char *eni, const char *from, const char *to, int64_t t,
		const char *action)
{
	fprintf(f, "2 1 %s %s %s 40000 443 6 1 40 %" PRId64 " %" PRId64 " %s OK\n", eni, from, to,
		t, t + 50, action);
}

/* Of `minutes`; c falls silent behind `gone`, while a and b go on with it. */
static void write_log(FILE *f, int minutes, int gone)
{
	for (int m = 0; m < minutes; m++) {
		int64_t t = START / 60 * 60 + m * 60;
		add(f, "eni-a", "10.0.0.1", "10.0.0.3", t, "ACCEPT");
		add(f, "eni-a", "10.0.0.1", "10.0.0.9", t, "ACCEPT");
		add(f, "eni-b", "10.0.0.3", "10.0.0.2", t, "ACCEPT");
		add(f, "eni-b", "10.0.0.2", "10.0.0.9", t, m % 5 ? "ACCEPT" : "REJECT");
		if (m < gone) {
			add(f, "eni-c", "10.0.0.1", "10.0.0.3", t, "ACCEPT");
			add(f, "eni-c", "10.0.0.3", "10.0.0.2", t, "ACCEPT");
		}
		if (m % 10 == 0) /* as of two flow logs */
			add(f, "eni-a", "10.0.0.1", "10.0.0.3", t, "ACCEPT");
	}
}

static void with_log(int minutes, int gone, void (*judge)(struct app *a))
{
	char path[] = "/tmp/enitop-trust-XXXXXX";
	struct monitor_events e;
	struct monitor_options o = { .memory = 256 << 20, .keep = true, .now_s = START + 100000 };
	struct monitor *had = W.monitor;
	struct app a;
	uv_loop_t loop;
	FILE *f = fdopen(mkstemp(path), "w");

	write_log(f, minutes, gone);
	fclose(f);
	uv_loop_init(&loop);
	e = panes_events(&loop);
	W.monitor = monitor_new(&loop, &o, &e);
	monitor_add_path(W.monitor, path);
	uv_run(&loop, UV_RUN_DEFAULT);
	app_init(&a, &W.options, W.monitor);
	live_set_window(a.live, 0);
	screen_resize(&a.screen, 40, 120);
	settle(&a);
	judge(&a);
	app_release(&a);
	panes_back(&loop, had);
	unlink(path);
}

static void judge_missing(struct app *a)
{
	const struct trust_facts *f = &a->trust.facts;
	struct buf say = { 0 };

	press(a, "7");
	assert_true(a->trust.counted && !trust_is_stale(a));
	/* Counted by hand: 60 minutes of 4, 38 of 2, 6 twice. */
	assert_int_equal(f->records, 60 * 4 + 38 * 2 + 6);
	assert_int_equal(f->doubles, 6);
	/* c has what a sent, and b what c sent, while c had a log: the last minute is not told yet. */
	assert_int_equal(f->seconds, 38 * 2);
	expect(a, 120, 40, "exact duplicates (as of two flow logs): 6 of 322 records");
	expect(a, 120, 40, "second sightings by another interface: 76 of 322 records");
	expect(a, 120, 40, "delivery: median 0s, slowest 0s behind the newest end of its source");
	expect(a, 120, 40, "missing, not even NODATA; 2 others name its address then: eni-a, eni-b");
	expect(a, 80, 24, "exact duplicates (as of two flow logs): 6 of 322 records");
	expect(a, 80, 24, "delivery: median 0s");
	expect(a, 80, 24, "missing, not even NODATA");
	/* The lines of a report. */
	trust_say_seconds(f, &say);
	expect(a, 80, 24, say.s);
	expect(a, 40, 10, "eni-c");
	expect(a, 20, 4, "eni-c");
	buf_release(&say);
}

static void missing_is_seen_by_others(void **state)
{
	(void)state;
	with_log(60, 38, judge_missing);
}

/* Five hours and twenty minutes: from 22:13 on. */
static void judge_grain(struct app *a)
{
	struct trust_cells c;
	char marks[128];

	press(a, "7");
	c = trust_cells(&a->trust.made.trust, TRUST_HOUR, 64);
	assert_int_equal(c.n, 6);
	assert_int_equal(c.each, 60);
	trust_marks(&a->trust.made.trust, &a->trust.made.trust.row[0], c, marks);
	assert_string_equal(marks, "======");
	expect(a, 120, 40, "(5 minutes a mark)");
	press(a, "c");
	expect(a, 120, 40, "the newest");
	press(a, "c");
	expect(a, 120, 40, "(60 minutes a mark)");
	press(a, "c");
	expect(a, 120, 40, "(5 minutes a mark)");
	assert_true(a->trust.made.trust.row[0].judged > 300);
	press(a, "WW");
	/* Though it took long a moment ago: what a key asks for is no news that can wait. */
	a->trust.made.took_ns = 1000000000;
	press(a, "W");
	assert_true(a->trust.made.trust.row[0].judged <= 60);
}

static void grain_is_a_minute_or_an_hour(void **state)
{
	(void)state;
	with_log(320, 320, judge_grain);
}

static void judge_nothing_found(struct app *a)
{
	assert_int_equal(a->findings.n, 0);
	expect(a, 120, 40, "nothing fired in 59m");
	expect(a, 120, 40, "100.0% of interface-minutes are proven complete");
	expect(a, 80, 24, "100.0% of interface-minutes are proven complete");
	expect(a, 40, 10, "100.0% proven");
	expect(a, 20, 4, "100.0% proven");
	press(a, "\n");
	assert_string_equal(a->focus->view->name, "trust");
}

/* Of one that is missing for too short to be found, but for too long to be late. */
static void judge_unproven(struct app *a)
{
	assert_int_equal(a->findings.n, 0);
	expect(a, 120, 40, "12 minutes of eni-c missing");
	expect(a, 120, 40, "what was there then nobody knows: Enter or 7");
	expect(a, 80, 24, "12 minutes of eni-c missing");
}

static void silence_is_not_health(void **state)
{
	(void)state;
	with_log(60, 60, judge_nothing_found);
	with_log(20, 8, judge_unproven);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing_is_seen_by_others),
		cmocka_unit_test(grain_is_a_minute_or_an_hour),
		cmocka_unit_test(silence_is_not_health),
	};
	int rc = cmocka_run_group_tests_name("trust_pane", tests, panes_open, panes_close);

	buf_release(&screen);
	return rc;
}
