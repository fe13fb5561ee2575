/* Ranked panes under keys, over the demo's hour: every row is reached, the selection goes
 * with its key, what Enter narrows to is what the row said, groupings are typed. */
#include "base/job.h"
#include "panes.h"
#include "term/key.h"

static void open_app(struct app *a, int rows, int cols)
{
	app_init(a, &W.options, W.monitor);
	screen_resize(&a->screen, rows, cols);
	settle(a);
}

static void press_key(struct app *a, int key)
{
	app_key(a, key);
	settle(a);
}

static void key_of(const struct result *r, const struct result_row *row, struct buf *out)
{
	for (unsigned p = 0; p < r->query.group.n; p++) {
		buf_puts(out, p ? "|" : "");
		value_render(&row->key[p], out);
	}
}

static void selected_key(struct app *a, struct buf *out)
{
	const struct result *r = &a->focus->result;
	const struct result_row *row = result_at(r, (uint32_t)a->focus->selected);

	assert_non_null(row);
	buf_clear(out);
	key_of(r, row, out);
}

/* Page after page, and from the end back: the rows on show are those of the whole
 * ranking. */
static void every_row_is_reached(void **state)
{
	static const char views[] = "123";
	struct app a;

	(void)state;
	for (const char *v = views; *v; v++) {
		struct result_window whole = { 0, 0, 0, UINT32_MAX };
		struct result all = { 0 };
		struct buf want = { 0 }, have = { 0 };
		open_app(&a, 24, 80);
		press_key(&a, *v);
		press(&a, *v == '2' ? "oz" : *v == '1' ? "z" : ""); /* a row a conversation */
		live_answer(a.live, a.focus->query, whole, &all);
		assert_true(all.rows > 300);
		for (int steps = 0; a.focus->selected + 1 < (int)all.rows; steps++) {
			int top = a.focus->top;
			for (int i = top; i < top + a.focus->shown && i < (int)all.rows; i++) {
				const struct result *r = &a.focus->result;
				const struct result_row *row = result_at(r, (uint32_t)i);
				assert_non_null(row);
				buf_clear(&want);
				buf_clear(&have);
				key_of(&all, &all.row[i], &want);
				key_of(r, row, &have);
				assert_string_equal(have.s, want.s);
				/* Its trend is there too, though it was far from the top. */
				assert_true(row->since != INT64_MIN && row->until >= row->since);
			}
			press_key(&a, steps == 20 ? K_END : K_PAGE_DOWN);
			if (steps == 20)
				break;
		}
		assert_int_equal(a.focus->selected, all.rows - 1);
		selected_key(&a, &have);
		buf_clear(&want);
		key_of(&all, &all.row[all.rows - 1], &want);
		assert_string_equal(have.s, want.s);
		press_key(&a, K_UP);
		assert_int_equal(a.focus->selected, all.rows - 2);
		press_key(&a, K_HOME);
		assert_int_equal(a.focus->selected, 0);
		result_release(&all);
		buf_release(&want);
		buf_release(&have);
		app_release(&a);
	}
}

/* Another window ranks otherwise: the row that was chosen stays selected. */
static void selection_follows_its_key(void **state)
{
	struct buf before = { 0 }, after = { 0 };
	struct app a;
	bool moved = false;

	(void)state;
	for (int v = '1'; v <= '2'; v++)
		for (int down = 1; down < 40; down += 6) {
			open_app(&a, 24, 80);
			press_key(&a, v);
			press(&a, v == '2' ? "o" : "");
			for (int i = 0; i < down; i++)
				press_key(&a, K_DOWN);
			selected_key(&a, &before);
			assert_int_equal(a.focus->selected, down);
			press(&a, "w");
			selected_key(&a, &after);
			assert_string_equal(after.s, before.s);
			moved |= a.focus->selected != down;
			/* One row down from where it is now. */
			int at = a.focus->selected;
			press(&a, "j");
			assert_int_equal(a.focus->selected, at + 1);
			press(&a, "kW");
			selected_key(&a, &after);
			assert_string_equal(after.s, before.s);
			app_release(&a);
		}
	assert_true(moved);
	/* Nobody chose the top row: whoever is on top is selected. */
	open_app(&a, 24, 80);
	press(&a, "2w");
	assert_int_equal(a.pane[REJECTS].selected, 0);
	app_release(&a);
	buf_release(&before);
	buf_release(&after);
}

static void set_group(struct app *a, const char *text)
{
	struct group g;
	struct str bad;

	assert_int_equal(group_parse(str_of(text), &g, &bad), 0);
	struct query q = pane_query(a, &a->pane[TALKERS]);
	q.group = g;
	live_ask(a->live, a->pane[TALKERS].query, &q);
	pane_top(&a->pane[TALKERS]);
	settle(a);
}

/* What a row narrows to has the figures of the row. */
static void clauses_select_their_rows(void **state)
{
	static const char *const groups[] = {
		"client,server,service,protocol",
		"srcaddr/24",
		"dstaddr/64",
		"pair",
		"client/20/60,server/9",
		"interface-id,action",
		"pair,service,srcaddr/16",
		"service,time",
		"az-id,flow-direction",
		"tcp-flags",
		"traffic-path",
		"pkt-srcaddr,instance-id",
	};
	struct app a;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		open_app(&a, 24, 80);
		press_key(&a, '1');
		set_group(&a, groups[i]);
		uint32_t ranked = a.pane[TALKERS].result.ranked;
		for (int k = 0; k < 6 && k < (int)ranked; k++) {
			a.pane[TALKERS].selected = k < 4 ? k : (int)(ranked / 2) + k - 4;
			a.pane[TALKERS].chosen = true;
			settle(&a);
			const struct result_row *row = result_at(
				&a.pane[TALKERS].result, (uint32_t)a.pane[TALKERS].selected);
			assert_non_null(row);
			struct tally want = row->tally;
			press(&a, "+");
			assert_true(a.steps > 0);
			const struct tally *have = &a.totals.totals;
			/* Bytes are spread over times, flows are counted where they end. */
			assert_int_equal(have->flows, want.flows);
			assert_int_equal(have->rejects, want.rejects);
			if (!strstr(groups[i], "time"))
				assert_memory_equal(have, &want, sizeof want);
			press_key(&a, K_BACKSPACE);
			assert_string_equal(app_filter(&a), "");
		}
		app_release(&a);
	}
}

/* Both addresses alike, one absent, both absent: the three odd pairs. */
static void clauses_of_odd_pairs(void **state)
{
	static const char text[] =
		"2 1 eni-1 10.0.0.1 10.0.0.1 1 2 6 1 10 1700000000 1700000010 ACCEPT OK\n"
		"2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 20 1700000000 1700000010 ACCEPT OK\n"
		"2 1 eni-1 10.0.0.2 10.0.0.1 1 2 6 1 30 1700000000 1700000010 ACCEPT OK\n"
		"2 1 eni-1 - 10.0.0.1 1 2 6 1 40 1700000000 1700000010 ACCEPT OK\n"
		"2 1 eni-1 10.0.0.1 - 1 2 6 1 50 1700000000 1700000010 ACCEPT OK\n"
		"2 1 eni-1 - - 1 2 6 1 60 1700000000 1700000010 ACCEPT OK\n";
	static const struct group pair = { .field = { FIELD_PAIR }, .n = 1 };
	struct ring *ring = ring_new(dict_new(), 1 << 20);
	struct live *live;
	struct result_window all = { 0, 0, 0, UINT32_MAX };
	struct query q = query_all();
	struct result r = { 0 }, one = { 0 };

	(void)state;
	ring_set_ceiling(ring, INT64_MAX);
	ring_add_text(ring, format_default(), str_of(text), NULL, NULL);
	live = live_new(ring);
	q.group = pair;
	live_add(live, &q);
	while (live_step(live, 1000000))
		;
	live_answer(live, 0, all, &r);
	assert_int_equal(r.rows, 4);
	for (uint32_t i = 0; i < r.rows; i++) {
		struct buf clause = { 0 };
		struct filter_error e;
		view_key_clause(&r, &r.row[i], &clause);
		live_set_filter(live, filter_new(buf_str(&clause), 0, &e));
		while (live_step(live, 1000000))
			;
		live_totals(live, &one);
		assert_memory_equal(&one.totals, &r.row[i].tally, sizeof one.totals);
		result_release(&one);
		buf_release(&clause);
	}
	result_release(&r);
	live_free(live);
	ring_free_all(ring);
}

static void expect_group(const struct app *a, int pane, const char *want)
{
	struct query q = pane_query(a, &a->pane[pane]);
	struct buf name = { 0 };

	group_name(&q.group, &name);
	assert_string_equal(name.s, want);
	buf_release(&name);
}

static void a_grouping_is_typed(void **state)
{
	struct app a;

	(void)state;
	open_app(&a, 24, 80);
	press_key(&a, K_CTRL('G'));
	assert_string_equal(a.grouping.prompt.text, "client,server,service");
	press_key(&a, K_CTRL('U'));
	press(&a, "srcaddr/33/1");
	assert_non_null(strstr(a.grouping.error, "no prefix length"));
	press(&a, "\n"); /* it stays open */
	assert_true(a.grouping.active);
	expect_group(&a, TALKERS, "client,server,service");
	press_key(&a, K_CTRL('U'));
	press(&a, "SRC/24,pa\t");
	assert_string_equal(a.grouping.prompt.text, "SRC/24,packets");
	press_key(&a, K_TAB);
	press_key(&a, K_TAB);
	assert_string_equal(a.grouping.prompt.text, "SRC/24,packets-lost-blackhole");
	press_key(&a, K_CTRL('W'));
	press(&a, "az\t,servi\t\n");
	assert_false(a.grouping.active);
	expect_group(&a, TALKERS, "az-id,service");
	assert_true(a.pane[TALKERS].result.rows > 0);
	/* Rejects have their own; what was accepted is offered again. */
	press(&a, "2");
	press_key(&a, K_CTRL('G'));
	press_key(&a, K_CTRL('U'));
	press_key(&a, K_UP);
	assert_string_equal(a.grouping.prompt.text, "az-id,service");
	press_key(&a, K_ESCAPE);
	expect_group(&a, REJECTS, "client,server,service,protocol");
	press(&a, "g");
	expect_group(&a, REJECTS, "client");
	expect_group(&a, TALKERS, "az-id,service");
	app_release(&a);
}

/* `m` and back again comes by each metric that says something. */
static void metrics_cycle(void **state)
{
	static const char want[] =
		"packets flows rejects bytes/s bits/s packets/s flows/s rejects/s "
		"distinct:srcaddr distinct:dstaddr distinct:dstport cost bytes ";
	struct buf seen = { 0 };
	struct app a;

	(void)state;
	open_app(&a, 24, 80);
	set_group(&a, "interface-id");
	do {
		press(&a, "m");
		metric_title(a.metric, &a.distinct, &seen);
		buf_putc(&seen, ' ');
		if (a.metric == METRIC_DISTINCT) {
			const struct result *r = &a.pane[TALKERS].result;
			assert_true(r->rows > 1 && r->row[0].distinct >= r->row[1].distinct);
			assert_true(r->row[1].distinct > 0);
		}
	} while (a.metric != METRIC_BYTES);
	assert_string_equal(seen.s, want);
	press(&a, "M");
	assert_int_equal(a.metric, METRIC_COST);
	press(&a, "M");
	assert_int_equal(a.metric, METRIC_DISTINCT);
	press(&a, "MMM");
	assert_int_equal(a.metric, METRIC_REJECTS_RATE);
	buf_release(&seen);
	app_release(&a);
}

/* Where groups were dropped the title says "of ~N", though as many were counted as are rows. */
static void what_is_hidden(void **state)
{
	struct result r = { .query = query_all(), .capped = true, .about = 9, .ranked = 9 };

	(void)state;
	assert_false(result_hides(&r));
	r.floor = 1;
	assert_true(result_hides(&r));
	r.floor = 0;
	r.about = 10;
	assert_true(result_hides(&r));
	r.query.metric = METRIC_REJECTS; /* what is not there has none */
	assert_false(result_hides(&r));
	r.capped = false;
	r.floor = 1;
	assert_false(result_hides(&r));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_hidden),
		cmocka_unit_test(every_row_is_reached),
		cmocka_unit_test(selection_follows_its_key),
		cmocka_unit_test(clauses_select_their_rows),
		cmocka_unit_test(clauses_of_odd_pairs),
		cmocka_unit_test(a_grouping_is_typed),
		cmocka_unit_test(metrics_cycle),
	};

	job_setup();
	return cmocka_run_group_tests_name("rankings", tests, panes_open, panes_close);
}
