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

static bool shows(const struct app *a, const char *text)
{
	struct buf all = { 0 };
	bool found;

	screen_dump(&a->screen, false, &all);
	found = strstr(all.s, text) != NULL;
	buf_release(&all);
	return found;
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
		assert_true(shows(&a, ": 1 of "));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_at_the_first_row),
		cmocka_unit_test(stays_with_a_record),
		cmocka_unit_test(refused_rows_lead_to_refusals),
	};

	job_setup();
	return cmocka_run_group_tests_name("drill", tests, panes_open, panes_close);
}
