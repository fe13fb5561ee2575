/* test_saving.c - an export is of the moment when it began, whatever comes and goes while it is
 * written; and rows in the order of a query, a piece at a time. */
#include <stdlib.h>
#include <unistd.h>

#include "asked.h"
#include "app/save.h"
#include "query/query_order.h"
#include "term/key.h"

#define SECONDS 3000

/* What follows is done between the first piece of an export and the rest. */
typedef void meanwhile(struct asked_world *w);

/* Records of seconds that are over, and one of the next. */
static void some_come(struct asked_world *w)
{
	struct buf text = { 0 };
	uint64_t seed = 7;

	for (int i = 0; i < 500; i++) {
		random_line(&seed, START + SECONDS - 900, &text);
		buf_putc(&text, '\n');
	}
	random_line(&seed, START + SECONDS + 700, &text);
	buf_putc(&text, '\n');
	asked_append(w, buf_str(&text));
	asked_read_all(w->loop, w, 1);
	while (live_step(w->app.live, 1000000))
		;
	buf_release(&text);
}

/* All but the newest segment. */
static void all_go(struct asked_world *w)
{
	struct ring *r = monitor_ring(w->monitor);

	assert_true(ring_count(r) > 1);
	ring_trim(r, UINT64_MAX / 2);
	assert_int_equal(ring_count(r), 1);
}

/* A pane, by its key, as JSON, in slices as small as they can be. */
static struct buf saved(struct asked_world *w, int pane, unsigned pieces, meanwhile *then)
{
	app_key(&w->app, K_ESCAPE);
	app_key(&w->app, pane);
	asked_rest(w);
	asked_keep_moment(w);
	asked_begin_export(w, ".json");
	for (unsigned i = 0; i < pieces; i++)
		assert_true(save_step(w->app.saving.job, 0));
	then(w);
	return asked_end_export(w, ".json");
}

static void open_world(struct asked_world *w, uv_loop_t *loop)
{
	*w = (struct asked_world){ .seed = 3, .loop = loop };
	uv_loop_init(loop);
	asked_begin_log(w, SECONDS);
	asked_open(w, true);
	asked_read_all(loop, w, 1);
	app_key(&w->app, 'W'); /* a window that has an end and a beginning */
	app_key(&w->app, 'w');
	app_key(&w->app, 'w');
	asked_rest(w);
}

static void close_world(struct asked_world *w)
{
	if (w->why.n)
		printf("# %s\n", w->why.s);
	assert_int_equal(w->why.n, 0);
	buf_release(&w->why);
	asked_close(w);
	uv_run(w->loop, UV_RUN_DEFAULT);
	uv_loop_close(w->loop);
}

static void hold_to_moment(struct asked_world *w, struct buf *text)
{
	json_t *report = json_loadb(text->s, text->n, 0, NULL);

	assert_non_null(report);
	asked_compare(w, json_object_get(report, "query"), "json", w->moment, text);
	json_decref(report);
	buf_release(text);
}

static void what_comes_meanwhile_is_not_in_it(void **state)
{
	static const unsigned pieces[] = { 0, 1, 2, 3 };
	struct asked_world w;
	uv_loop_t loop;

	(void)state;
	open_world(&w, &loop);
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++)
		for (int pane = '1'; pane <= '5'; pane += 4) {
			struct buf text = saved(&w, pane, pieces[i], some_come);
			hold_to_moment(&w, &text);
		}
	close_world(&w);
}

static void a_ranking_counts_what_leaves(void **state)
{
	struct asked_world w;
	struct buf text;
	uv_loop_t loop;

	(void)state;
	open_world(&w, &loop);
	some_come(&w); /* another segment */
	text = saved(&w, '1', 0, all_go);
	hold_to_moment(&w, &text);
	close_world(&w);
}

static void records_that_leave_are_said(void **state)
{
	struct asked_world w;
	struct buf text;
	json_t *report;
	uv_loop_t loop;

	(void)state;
	for (unsigned pieces = 0; pieces < 4; pieces++) {
		open_world(&w, &loop);
		some_come(&w);
		text = saved(&w, '5', pieces, all_go);
		report = json_loadb(text.s, text.n, 0, NULL);
		assert_non_null(report);
		assert_true(json_is_false(json_object_get(report, "complete")));
		assert_non_null(strstr(w.app.message, " evicted meanwhile"));
		json_decref(report);
		buf_release(&text);
		close_world(&w);
	}
}

/* More than the screen puts in order: as read, and said. */
static void too_many_go_as_read(void **state)
{
	struct buf text = { 0 };
	struct asked_world w;
	uv_loop_t loop;
	json_t *query;
	uint64_t seed = 5;

	(void)state;
	open_world(&w, &loop);
	for (unsigned i = 0; i < FLOWS_MAX + 5000; i++) {
		random_line(&seed, START + 2000, &text);
		buf_putc(&text, '\n');
	}
	asked_append(&w, buf_str(&text));
	buf_release(&text);
	asked_read_all(&loop, &w, 1);
	for (int i = 0; i < 6; i++)
		app_key(&w.app, 'w');
	app_key(&w.app, '5');
	asked_rest(&w);
	asked_begin_export(&w, ".raw");
	text = asked_end_export(&w, ".raw");
	assert_non_null(strstr(w.app.message, ", as read"));
	query = asked_question(".raw");
	assert_true(json_is_null(json_object_get(query, "sort")));
	asked_compare(&w, query, "raw", w.log, &text);
	json_decref(query);
	buf_release(&text);
	close_world(&w);
}

/* ---- the order ---- */

static void hold_order(const struct accumulator *a, struct query *q, const struct compare *c)
{
	bool by_change = q->mark.ranks && compare_is_possible(c);
	uint32_t *want, of, n, known = 0, pieces = 0;
	struct order *o = order_new(a, q, c);

	if (by_change)
		n = compare_rank(c, a, q->metric, q->mark.only, 0, q->limit, &want, &of);
	else
		n = accumulator_rank(a, q->metric, q->limit, &want);
	for (; known < n; pieces++)
		if (order_step(o, known + 1))
			for (known++; known < n && order_step(o, known + 1); known++)
				;
	while (!order_step(o, UINT32_MAX))
		;
	assert_int_equal(order_count(o), n);
	assert_int_equal(order_ranked(o), by_change ? of : accumulator_ranked(a, q->metric));
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(order_group(o, i), want[i]);
	order_free(o);
	free(want);
}

/* Of some ten thousand groups, many of them equal, as the rankings of screens have it. */
static void order_in_pieces(void **state)
{
	static const uint32_t limits[] = { 0, 1, 20, 1500 };
	struct query q = { QUERY_ALL, .group = { .field = { FIELD_SRCADDR, FIELD_SRCPORT,
							    FIELD_DSTADDR, FIELD_DSTPORT },
						 .n = 4 } };
	struct span all = { INT64_MIN, INT64_MAX, false };
	struct ring *r = ring_new(dict_new(), 1 << 30);
	struct accumulator *a = accumulator_new(&q.group, ring_dict(r));
	struct compare c = compare_of(START, all, START - 600, START + 600);
	uint64_t seed = 11;
	struct buf text = { 0 };

	(void)state;
	for (int i = 0; i < 20000; i++) {
		random_line(&seed, START, &text);
		buf_putc(&text, '\n');
	}
	ring_set_ceiling(r, INT64_MAX);
	ring_add_text(r, format_default(), buf_str(&text), NULL, NULL);
	accumulator_set_mark(a, START);
	for (size_t i = 0; i < ring_count(r); i++)
		accumulator_fold(a, ring_at(r, i), 0, ring_at(r, i)->rows, NULL, all, 1);
	assert_true(accumulator_count(a) > 10000);
	for (size_t k = 0; k < ARRAY_SIZE(limits); k++)
		for (int m = 0; m < METRIC_BYTES_RATE; m++) {
			q.limit = limits[k];
			q.metric = (enum metric)m;
			q.mark = (struct mark){ START, false, CHANGES };
			hold_order(a, &q, &c);
			q.mark.ranks = true;
			q.mark.only = (enum change)(m % (CHANGES + 1));
			hold_order(a, &q, &c);
		}
	accumulator_free(a);
	ring_free_all(r);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_in_pieces),
		cmocka_unit_test(what_comes_meanwhile_is_not_in_it),
		cmocka_unit_test(a_ranking_counts_what_leaves),
		cmocka_unit_test(records_that_leave_are_said),
		cmocka_unit_test(too_many_go_as_read),
	};

	return cmocka_run_group_tests(tests, asked_make_dir, asked_remove_dir);
}
