/* Enter, and back: which records are shown, and which of them is selected. */
#include "app/app_filter.h"
#include "base/job.h"
#include "panes.h"
#include "term/key.h"

static void begin(struct app *a, const char *keys)
{
	W.options.ascii = false;
	app_init(a, &W.options, W.monitor);
	screen_resize(&a->screen, 24, 80);
	settle(a);
	press(a, keys);
}

/* A value of one of the records at hand. */
static bool record_says(const struct app *a, size_t i, int field, const char *value)
{
	struct buf text = { 0 };
	bool same;

	flow_render(a->flow[i].segment, monitor_dict(a->monitor), a->flow[i].row, field, &text);
	same = str_equal(buf_str(&text), str_of(value));
	buf_release(&text);
	return same;
}

/* What was selected among other records says nothing of these. */
static void begins_at_the_first_row(void **state)
{
	static const char *const ways[] = {
		"5\n\b1\n",           /* that record was read in full */
		"5jjjjjjjjjjjj1\n",   /* it was selected in the list */
		"5G1\n",              /* far down */
		"5\n\b1\n\b\bj\n",    /* one drill and another */
		"5ssssjjjjjjjjjj1\n", /* in another order */
		"5\n\b2\n",
	};
	struct app a;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		begin(&a, ways[i]);
		assert_int_equal(a.focus - a.pane, FLOWS);
		assert_true(a.flows > 1);
		assert_null(a.detail.segment);
		assert_int_equal(a.focus->selected, 0);
		assert_int_equal(a.focus->top, 0);
		assert_true(screen_shows(&a, ": 1 of "));
		app_release(&a);
	}
}

/* The one that is in full stays the selected one while it is looked at. */
static void stays_with_a_record(void **state)
{
	struct app a;

	(void)state;
	begin(&a, "5jjjj\n");
	assert_non_null(a.detail.segment);
	press(&a, "\b");
	assert_int_equal(a.focus->selected, 4);
	app_release(&a);
}

/* A row of what is refused, folded or a conversation each or grouped, leads to refusals alone, the
 * newest first; what was accepted of it is not among them. */
static void refused_rows_lead_to_refusals(void **state)
{
	static const char *const ways[] = {
		"2j\n", "2oj\n", "2o\n", "2og\n", "2oggg\n", "2o\1\1\n"
	};
	struct app a;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		begin(&a, ways[i]);
		assert_int_equal(a.focus - a.pane, FLOWS);
		assert_true(a.flows > 0);
		assert_int_equal(a.focus->selected, 0);
		if (i == 5) { /* a cell is what it says, whoever was refused */
			assert_null(strstr(app_filter(&a), "action"));
			app_release(&a);
			continue;
		}
		assert_int_equal(a.totals.totals.flows, a.totals.totals.rejects);
		for (size_t k = 0; k < a.flows; k++) {
			assert_true(record_says(&a, k, FIELD_ACTION, "REJECT"));
			assert_true(a.flow[k].time <= a.flow[0].time);
		}
		app_release(&a);
	}
}

/* q closes what lies on top, one thing each time, and leaves from the bottom alone. */
static void q_closes_what_lies_on_top(void **state)
{
	static const struct {
		const char *keys; /* what is opened */
		unsigned closes;  /* how many q it takes to be back; the next one leaves */
	} ways[] = {
		{ "", 0 },
		{ "?", 1 },
		{ "1\n", 1 },
		{ "1\n\n", 2 },
		{ "1\n\n?", 3 },
		{ "1\n/tcp\n\n", 2 }, /* what is narrowed on the way goes with it */
		{ "1\1", 1 },
		{ "F", 1 },
		{ "@", 1 },
		{ "2\nF", 2 },
		{ "0\n", 1 },
		{ "0\n\n\n", 2 }, /* the records of a finding */
		{ "6\n", 1 },
		{ "5c", 1 },
		{ "5\n", 1 },
		{ "2j\n1", 0 }, /* another pane is none that was drilled to */
	};
	struct app a;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		W.quits = 0;
		begin(&a, ways[i].keys);
		for (unsigned n = 0; n < ways[i].closes; n++) {
			if (W.quits)
				fail_msg("'%s': left with %u q", ways[i].keys, n);
			press(&a, "q");
		}
		assert_int_equal(W.quits, 0);
		assert_true(!a.help && !a.panel && !app_detail(&a) && !a.list.choosing && !a.cell);
		press(&a, "q");
		if (W.quits != 1)
			fail_msg("'%s': still here", ways[i].keys);
		app_release(&a);
	}
	W.quits = 0;
	begin(&a, "1\n\n?");
	app_key(&a, K_CTRL('C'));
	assert_int_equal(W.quits, 1);
	app_release(&a);
}

/* What came through a pipe is asked for once; another key takes that back. */
static void a_pipe_is_not_lost_by_mistake(void **state)
{
	char **had = W.options.path;
	char *path[] = { (char[]){ "a.log" }, (char[]){ "-" } };
	struct app a;

	(void)state;
	W.options.path = path;
	W.options.paths = 2;
	W.quits = 0;
	begin(&a, "1\nq");
	assert_int_equal(a.focus - a.pane, TALKERS);
	press(&a, "q");
	assert_int_equal(W.quits, 0);
	assert_true(screen_shows(&a, "standard input can't be read again"));
	press(&a, "jq");
	assert_int_equal(W.quits, 0);
	press(&a, "q");
	assert_int_equal(W.quits, 1);
	press(&a, "j");
	app_key(&a, K_CTRL('C'));
	assert_int_equal(W.quits, 2);
	app_release(&a);
	W.options.path = had;
	W.options.paths = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_at_the_first_row),
		cmocka_unit_test(stays_with_a_record),
		cmocka_unit_test(refused_rows_lead_to_refusals),
		cmocka_unit_test(q_closes_what_lies_on_top),
		cmocka_unit_test(a_pipe_is_not_lost_by_mistake),
	};

	job_setup();
	return cmocka_run_group_tests_name("drill", tests, panes_open, panes_close);
}
