/* test_asked.c - random walks over the screen, and then each pane exported: the file says its
 * question, and batch, asked that, prints the same file. The log is there from the beginning, or
 * grows while the walk goes on.
 *
 * ENITOP_WALKS walks of each kind from seed ENITOP_WALK_SEED on; a walk that fails says its seed,
 * its keys and the command line. */
#include <inttypes.h>
#include <stdlib.h>

#include "asked.h"

#define STEPS 30
#define AT_ONCE 24 /* walks beside logs that grow: they wait for the reader together */
#define GROWS 3    /* times */
#define GROW_S 200 /* of log time each */
#define HISTORY_S 3000

static uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *value = getenv(name);

	return value ? strtoull(value, NULL, 10) : otherwise;
}

static void step(struct asked_world *w)
{
	walk_step(&w->walk, &w->app);
	asked_rest(w);
	if (w->app.paused && !w->was_paused)
		asked_keep_moment(w);
	w->was_paused = w->app.paused;
}

static struct buf export_to(struct asked_world *w, const char *suffix)
{
	asked_begin_export(w, suffix);
	return asked_end_export(w, suffix);
}

static void hold_question(struct asked_world *w, json_t *query, const char *suffix)
{
	json_t *beside = asked_question(suffix);

	if (!json_equal(query, beside))
		asked_complain(w, "another question beside it", suffix);
	json_decref(beside);
}

/* In JSON, and now and then in one of the other formats. */
static void hold_pane(struct asked_world *w)
{
	static const struct {
		const char *suffix, *output;
	} formats[] = {
		{ ".csv", "csv" },
		{ ".ndjson", "ndjson" },
		{ ".txt", "table" },
		{ ".raw", "raw" },
	};
	bool asks = pane_asks(w->app.focus);
	bool records = asks && w->app.focus->view->query.rows == ROWS_RECORDS;
	size_t other = random_below(&w->walk.seed, records ? 4 : 3);
	/* While the screen is frozen sources are not. */
	const char *log = w->app.paused && w->app.focus->view->key != '6' ? w->moment : w->log;
	struct buf text = export_to(w, ".json"), more = { 0 };
	json_t *report = json_loadb(text.s ? text.s : "", text.n, 0, NULL);
	json_t *query = json_object_get(report, "query");

	if (!query) {
		asked_complain(w, "the export says no question", text.s ? text.s : "");
	} else {
		asked_compare(w, query, "json", log, &text);
		if (asks && random_below(&w->walk.seed, 3) == 0) {
			more = export_to(w, formats[other].suffix);
			asked_compare(w, query, formats[other].output, log, &more);
			if (strcmp(formats[other].output, "table") != 0)
				hold_question(w, query, formats[other].suffix);
		}
	}
	json_decref(report);
	buf_release(&text);
	buf_release(&more);
}

static void hold_panes(struct asked_world *w)
{
	walk_home(&w->walk, &w->app);
	for (unsigned i = 0; i < w->app.panes && w->why.n == 0; i++) {
		app_key(&w->app, w->app.pane[i].view->key);
		asked_rest(w);
		if (!w->app.focus->view->judged) /* whose records are all, whatever is asked */
			hold_pane(w);
	}
}

/* ---- the walks ---- */

static uint64_t judge(struct asked_world *w)
{
	hold_panes(w);
	if (w->why.n)
		printf("# %s\n", w->why.s); /* longer than print_message() takes */
	uint64_t failed = w->why.n > 0;
	buf_release(&w->why);
	return failed;
}

static void verdict(uint64_t failed, uint64_t walks)
{
	printf("# %" PRIu64 " of %" PRIu64 " walks as batch has it\n", walks - failed, walks);
	assert_int_equal(failed, 0);
}

static void a_log_that_is_there(void **state)
{
	uint64_t walks = setting("ENITOP_WALKS", fewer(24)), seed = setting("ENITOP_WALK_SEED", 1),
		 failed = 0;
	uv_loop_t loop;

	(void)state;
	for (uint64_t i = 0; i < walks; i++) {
		struct asked_world w = { .seed = seed + i, .loop = &loop };
		uv_loop_init(&loop);
		asked_begin_log(&w, HISTORY_S + GROWS * GROW_S);
		asked_open(&w, false);
		uv_run(&loop, UV_RUN_DEFAULT);
		asked_rest(&w);
		for (int k = 0; k < STEPS; k++)
			step(&w);
		failed += judge(&w);
		asked_close(&w);
		uv_run(&loop, UV_RUN_DEFAULT);
		uv_loop_close(&loop);
	}
	verdict(failed, walks);
}

/* So many side by side. */
static uint64_t grow_and_walk(uint64_t seed, size_t n)
{
	struct asked_world *w = xcalloc(n, sizeof *w);
	uint64_t failed = 0;
	uv_loop_t loop;

	uv_loop_init(&loop);
	for (size_t i = 0; i < n; i++) {
		w[i] = (struct asked_world){ .seed = seed + i, .loop = &loop };
		asked_begin_log(&w[i], HISTORY_S);
		asked_open(&w[i], true);
	}
	asked_read_all(&loop, w, n);
	for (int g = 0; g <= GROWS; g++) {
		for (size_t i = 0; i < n; i++) {
			asked_rest(&w[i]);
			for (int k = 0; k < STEPS / (GROWS + 1); k++)
				step(&w[i]);
			if (g < GROWS)
				asked_write_log(&w[i], START + HISTORY_S + (g + 1) * GROW_S);
		}
		asked_read_all(&loop, w, n);
	}
	for (size_t i = 0; i < n; i++) {
		asked_rest(&w[i]);
		failed += judge(&w[i]);
	}
	for (size_t i = 0; i < n; i++)
		asked_close(&w[i]);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	free(w);
	return failed;
}

static void a_log_that_grows(void **state)
{
	uint64_t walks = setting("ENITOP_WALKS", fewer(24)), seed = setting("ENITOP_WALK_SEED", 1),
		 failed = 0;

	(void)state;
	for (uint64_t i = 0; i < walks; i += AT_ONCE)
		failed += grow_and_walk(seed + i, walks - i < AT_ONCE ? walks - i : AT_ONCE);
	verdict(failed, walks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_log_that_is_there),
		cmocka_unit_test(a_log_that_grows),
	};

	return cmocka_run_group_tests(tests, asked_make_dir, asked_remove_dir);
}
