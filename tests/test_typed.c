/* Which filter is in force while one is typed, key by key. */
#include "app/app_filter.h"
#include "base/job.h"
#include "panes.h"
#include "term/key.h"

/* On the way to a field's name the flows do not go: it is not looked for as text. */
static void a_name_on_its_way(void **state)
{
	static const char text[] = " and not dport=443";
	struct app a;
	uint64_t refused;

	(void)state;
	W.options.ascii = false;
	app_init(&a, &W.options, W.monitor);
	screen_resize(&a.screen, 24, 80);
	settle(&a);
	press(&a, "/reject");
	refused = a.totals.totals.flows;
	assert_true(refused > 0);
	for (const char *p = text; *p && *p != '='; p++) {
		press(&a, (const char[]){ *p, 0 });
		assert_int_equal(a.totals.totals.flows, refused);
	}
	press(&a, "=4");
	assert_string_equal(app_filter(&a), "reject and not dport=4");
	press(&a, "43");
	assert_true(a.totals.totals.flows > 0 && a.totals.totals.flows < refused);
	assert_int_equal(app_bar_rest(&a, UINT64_MAX), 0);
	/* Back to a beginning: what stood there before it is in force. */
	press(&a, "\b\b\b\b\b\b");
	assert_int_equal(a.totals.totals.flows, refused);
	assert_in_range(app_bar_rest(&a, monotonic_ns()), 1, 1001);
	assert_int_equal(a.totals.totals.flows, refused);
	/* A second later it is meant as it stands. */
	assert_int_equal(app_bar_rest(&a, monotonic_ns() + UINT64_C(1100000000)), 0);
	assert_string_equal(app_filter(&a), "reject and not dpo");
	press(&a, "\b\b\b\b\b\b\b\b\b\b\b\b sr\n");
	assert_string_equal(app_filter(&a), "reject sr");
	assert_false(a.editing);
	app_release(&a);
}

/* What is in force when each of some texts is typed key by key, of which nothing in the demo
 * matches 10.20.17.2 nor the words, and the mistake that is said. */
static void whole_words_are_in_force(void **state)
{
	static const struct {
		const char *typed, *in_force, *wrong;
		bool rests;
	} want[] = {
		{ "src=10.20.17.2", "", "", true },
		{ "src=10.20.17.22", "src=10.20.17.22", "", false },
		{ "src=10.20.17.222", "", "", true },
		{ "src=10.20.17.222 ", "src=10.20.17.222 ", "", false },
		{ "10.20.17.2", "", "", true },
		{ "10.20.17.22", "10.20.17.22", "", false },
		{ "reject", "reject", "", false },
		{ "reject ", "reject ", "", false },
		{ "reject 10.20.17.2", "reject ", "", true },
		{ "reject and dport=", "reject ", "a value is missing here", false },
		{ "reject and 443,", "reject and 443", "a value is missing here", false },
		{ "nothing", "", "", true },
		{ "state", "", "", true },
		{ "state:", "", "unknown field 'state'", false },
		{ "state:reject", "", "unknown field 'state'", false },
		{ "reject state:x", "reject ", "unknown field 'state'", false },
		{ "tcp", "tcp", "", false },
		{ "tcp:", "", "'tcp' is no field but a word", false },
		{ "tcp:443", "", "'tcp' is no field but a word", false },
		{ "(tcp)", "(tcp)", "", false },
		{ "(tcp) and src=10.20.17.2", "(tcp) ", "", true },
		{ "/eni-.*nothing", "", "", true },
		{ "not nothing", "not nothing", "", false },
	};
	struct app a;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		app_init(&a, &W.options, W.monitor);
		screen_resize(&a.screen, 24, 80);
		settle(&a);
		press(&a, "/");
		for (const char *p = want[i].typed; *p; p++) {
			press(&a, (const char[]){ *p, 0 });
			if (!a.totals.totals.flows && !strchr(p, ' '))
				fail_msg("'%s': nothing is left at '%s'", want[i].typed, p);
		}
		if (strcmp(app_filter(&a), want[i].in_force) != 0 ||
		    (a.rests_ns != 0 && !a.probe) != want[i].rests ||
		    strncmp(a.error.message, want[i].wrong, strlen(want[i].wrong)) != 0 ||
		    !*want[i].wrong != !*a.error.message)
			fail_msg("'%s': '%s', %s, %s", want[i].typed, app_filter(&a),
				 a.error.message, a.rests_ns ? "rests" : "");
		press(&a, "\033");
		assert_string_equal(app_filter(&a), "");
		app_release(&a);
	}
}

static void shows(const struct app *a, const char *text)
{
	struct buf all = { 0 };

	screen_dump(&a->screen, false, &all);
	if (!strstr(all.s, text))
		fail_msg("no '%s' in\n%s", text, all.s);
	buf_release(&all);
}

/* Windows and groupings: what is wrong is said as it is typed, with what could stand there; what only
 * has to go on is no mistake. */
static void why_at_once(void **state)
{
	struct app a;

	(void)state;
	app_init(&a, &W.options, W.monitor);
	screen_resize(&a.screen, 24, 80);
	settle(&a);
	press(&a, "t");
	shows(&a, "15m, all, 10:00-10:30");
	press(&a, "22:");
	assert_false(a.ask_wrong);
	shows(&a, "22:00-now");
	press(&a, "x");
	assert_true(a.ask_wrong);
	shows(&a, "no 'x' behind '22:': 22:00-now?");
	press(&a, "\b20-22:30");
	assert_false(a.ask_wrong);
	shows(&a, "22:20:00-22:30:00Z");
	press(&a, "\b\b\b\b\b\b");
	press(&a, "\n"); /* a time alone is none yet */
	assert_true(a.asking && a.ask_wrong);
	press(&a, "\033");
	press(&a, "1");
	app_key(&a, K_CTRL('G'));
	press(&a, "\025serv");
	assert_true(a.grouping.unfinished);
	shows(&a, "Tab: server service");
	press(&a, "ce");
	shows(&a, "unknown field 'servce': did you mean service?");
	press(&a, "\b\bice\n");
	assert_false(a.grouping.active);
	app_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_on_its_way),
		cmocka_unit_test(whole_words_are_in_force),
		cmocka_unit_test(why_at_once),
	};

	job_setup();
	return cmocka_run_group_tests_name("typed", tests, panes_open, panes_close);
}
