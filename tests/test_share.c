/* A question never costs data: whatever is asked of more conversations than there is room for, the
 * ring keeps its flows, memory its budget; and while addresses change all the time the ring keeps
 * most of what it has room for. */
#include <inttypes.h>
#include <pthread.h>
#include <unistd.h>

#include "base/job.h"
#include "panes.h"
#include "term/key.h"
#include "term/keymap.h"

/* ---- a pipe that somebody writes to ---- */

struct churn {
	int fd, was;    /* to write to; standard input as it was */
	uint64_t lines; /* of them `new_percent` from addresses that never came before, */
	unsigned new_percent, per_second;
	pthread_t thread;
};

static void *write_lines(void *ctx)
{
	struct churn *c = ctx;
	uint64_t seed = 5, fresh = 0;
	struct buf b = { 0 };

	for (uint64_t i = 0; i < c->lines; i++) {
		bool new = random_below(&seed, 100) < c->new_percent;
		uint64_t host = new ? 100000 + fresh++ : random_below(&seed, 20000);
		int64_t end = START + (int64_t)(i / c->per_second);
		buf_printf(&b,
			   "2 1 eni-1 %u.%u.%u.%u 10.0.0.%u %u 443 6 3 %u %" PRId64 " %" PRId64
			   " %s OK\n",
			   20 + (unsigned)(host >> 24), (unsigned)(host >> 16 & 255),
			   (unsigned)(host >> 8 & 255), (unsigned)host & 255,
			   (unsigned)random_below(&seed, 50),
			   1024 + (unsigned)random_below(&seed, 60000),
			   100 + (unsigned)random_below(&seed, 100000), end - 60, end,
			   random_below(&seed, 10) ? "ACCEPT" : "REJECT");
		if (b.n < 60000 && i + 1 < c->lines)
			continue;
		for (size_t at = 0; at < b.n;) {
			ssize_t n = write(c->fd, b.s + at, b.n - at);
			if (n <= 0)
				abort();
			at += (size_t)n;
		}
		buf_clear(&b);
	}
	buf_release(&b);
	close(c->fd);
	return NULL;
}

/* From now on standard input is what the thread writes. */
static void churn_start(struct churn *c)
{
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	c->was = dup(0);
	dup2(fds[0], 0);
	close(fds[0]);
	c->fd = fds[1];
	assert_int_equal(pthread_create(&c->thread, NULL, write_lines, c), 0);
}

static void churn_end(struct churn *c)
{
	pthread_join(c->thread, NULL);
	dup2(c->was, 0);
	close(c->was);
}

/* ---- a screen over it ---- */

struct shared {
	struct app app;
	struct options options;
	uint64_t memory;
	uint64_t held, asked; /* the most that there was */
	/* Flows of the ring since it was full first: then, at most, at least, over all looks. */
	uint64_t first, most, least, sum, looks;
};

/* The work of a turn of the loop, and what it comes to. */
static bool turn(struct shared *s)
{
	struct app *a = &s->app;
	bool more = live_step(a->live, 5000000);

	monitor_charge(a->monitor, live_bytes(a->live));
	s->held = monitor_bytes(a->monitor) > s->held ? monitor_bytes(a->monitor) : s->held;
	s->asked = live_bytes(a->live) > s->asked ? live_bytes(a->live) : s->asked;
	return more;
}

static void draw(struct shared *s)
{
	monitor_counts(s->app.monitor, &s->app.counts);
	s->app.clock_s = START + 3600;
	app_draw(&s->app);
}

static void settled(struct shared *s)
{
	for (int i = 0; i < 2; i++) {
		while (turn(s))
			;
		draw(s);
	}
}

static void shared_open(struct shared *s, const char *memory)
{
	struct monitor_events e = panes_events(&W.loop);
	struct monitor_options o = { .keep = true, .now_s = START + 86400 };
	char *argv[] = { (char[]){ "enitop" }, (char[]){ "-t" }, (char[]){ "15m" }, NULL };

	assert_true(parse_bytes(str_of(memory), &s->memory));
	o.memory = s->memory;
	assert_int_equal(options_parse(&s->options, &view_table, 3, argv, stdout, stderr), -1);
	s->options.limit = 20;
	uv_loop_init(&W.loop);
	s->held = s->asked = s->first = s->most = s->least = s->sum = s->looks = 0;
	app_init(&s->app, &s->options, monitor_new(&W.loop, &o, &e));
	screen_resize(&s->app.screen, 40, 120);
}

static void shared_close(struct shared *s)
{
	monitor_close(s->app.monitor, NULL, NULL);
	uv_run(&W.loop, UV_RUN_DEFAULT);
	app_release(&s->app);
	options_release(&s->options);
	assert_int_equal(uv_loop_close(&W.loop), 0);
}

static bool is_loading(const struct monitor *m)
{
	uint64_t left, total;

	monitor_progress(m, &left, &total);
	return total > 0;
}

static void look_at_ring(struct shared *s)
{
	struct ring *r = monitor_ring(s->app.monitor);
	uint64_t flows = ring_flows(r);

	if (!s->first && ring_evicted(r))
		s->first = s->least = flows;
	if (!s->first)
		return;
	s->most = flows > s->most ? flows : s->most;
	s->least = flows < s->least ? flows : s->least;
	s->sum += flows;
	s->looks++;
}

static uint64_t flows_read(struct shared *s)
{
	struct input_counts counts;

	monitor_counts(s->app.monitor, &counts);
	return counts.flows;
}

/* Reads to the end, working on the queries and drawing as the program does. */
static void read_all(struct shared *s, struct churn *c)
{
	unsigned turns = 0;

	churn_start(c);
	monitor_add_stdin(s->app.monitor);
	/* The pipe ends before the last of its blocks is decoded. */
	while (monitor_is_live(s->app.monitor) || is_loading(s->app.monitor) ||
	       flows_read(s) < c->lines) {
		uv_run(&W.loop, turn(s) ? UV_RUN_NOWAIT : UV_RUN_ONCE);
		if (++turns % 20 == 0)
			draw(s);
		look_at_ring(s);
	}
	churn_end(c);
	settled(s);
	look_at_ring(s);
}

/* ---- against a live with room for all ---- */

/* Rows of a live with little room against those of its twin: each within its bound, none that is
 * heavier than the floor left out, the sums the same. */
static uint64_t judge_rows(struct live *few, struct live *all, unsigned query)
{
	struct result_window w = { 0, 0, 0, 0 };
	struct result r, t;
	uint64_t partial = 0, beyond = 0, have = 0;

	live_answer(few, query, w, &r);
	live_answer(all, query, w, &t);
	assert_false(t.capped);
	assert_memory_equal(&r.totals, &t.totals, sizeof r.totals);
	for (uint32_t i = 0; i < r.rows; i++) {
		uint32_t rank = live_rank_of(all, query, r.row[i].key);
		const struct result_row *twin = result_at(&t, rank);
		uint64_t has = result_row_metric(&r, &r.row[i]), should;
		if (!twin) { /* what is known of it has no rank */
			assert_int_equal(has, 0);
			continue;
		}
		should = result_row_metric(&t, twin);
		assert_true(has <= should && should - has <= r.row[i].missing);
		if (!r.row[i].partial)
			assert_memory_equal(&r.row[i].tally, &twin->tally, sizeof twin->tally);
		partial += r.row[i].partial;
		have += should > r.floor;
	}
	for (uint32_t i = 0; i < t.rows; i++)
		beyond += result_row_metric(&t, &t.row[i]) > r.floor;
	if (r.capped)
		assert_int_equal(have, beyond);
	else
		assert_int_equal(r.rows, t.rows);
	result_release(&r);
	result_release(&t);
	return partial;
}

static void evict_both(void *ctx, struct segment *s)
{
	struct live **both = ctx;

	live_evict(both[0], s);
	live_evict(both[1], s);
}

static void add_lines(struct ring *r, uint64_t *seed, unsigned round)
{
	struct buf b = { 0 };
	int64_t base = START + (int64_t)round * 40 - (random_below(seed, 8) ? 0 : 600);

	for (unsigned i = 0; i < 1500; i++) {
		bool busy = random_below(seed, 3) == 0;
		int64_t end = base + (int64_t)random_below(seed, 60);
		buf_printf(&b,
			   "2 1 eni-1 10.%u.%u.%u 10.0.0.%u %u %u 6 1 %u %" PRId64 " %" PRId64
			   " %s OK\n",
			   busy ? 0 : (unsigned)random_below(seed, 50),
			   busy ? 0 : (unsigned)random_below(seed, 200),
			   (unsigned)random_below(seed, busy ? 16 : 256),
			   (unsigned)random_below(seed, 3), 1024 + (unsigned)random_below(seed, 9),
			   (unsigned)random_below(seed, 9), 40 + (unsigned)random_below(seed, 9999),
			   end - 50, end, random_below(seed, 5) ? "ACCEPT" : "REJECT");
	}
	ring_add_text(r, format_default(), buf_str(&b), NULL, NULL);
	buf_release(&b);
}

/* Segments come, late ones too, and go; windows, filters, groupings and metrics change. */
static void ask_both(struct live **both, uint64_t *seed)
{
	static const char *const groupings[] = { "srcaddr", "srcaddr,dstaddr,dstport", "pair",
						 "client,server,service,srcport", "dstport" };
	static const char *const filters[] = { "", "reject", "dport=3", "src=10.0.0.0/24" };
	static const enum metric metrics[] = { METRIC_BYTES, METRIC_FLOWS, METRIC_REJECTS };
	size_t what = random_below(seed, 4), n = random_below(seed, 16);
	int64_t now = live_now(both[0]);
	struct filter_error e;
	struct str bad;

	for (unsigned i = 0; i < 2; i++) {
		struct query q = live_query(both[i], 0);
		if (what == 0)
			live_set_window(both[i], n % 3 * 120);
		else if (what == 1)
			live_set_filter(both[i], filter_new(str_of(filters[n % 4]), 0, &e));
		else if (what == 2)
			group_parse(str_of(groupings[n % 5]), &q.group, &bad);
		else if (n % 2)
			live_look_at(both[i], now - 400, now - (int64_t)n * 10);
		else
			live_look_at(both[i], INT64_MIN, INT64_MAX);
		q.metric = metrics[n % 3];
		live_ask(both[i], 0, &q);
	}
}

static void little_room_is_within_bounds(void **state)
{
	static const struct query asked[] = {
		{ QUERY_ALL, .group = { .field = { FIELD_SRCADDR }, .n = 1 },
		  .bins = { BINS_TREND, FIELD_BIN, TREND_BINS, false } },
		{ QUERY_ALL,
		  .group = { .field = { FIELD_CLIENT, FIELD_SERVER, FIELD_SERVICE }, .n = 3 },
		  .metric = METRIC_REJECTS },
	};
	struct ring *r = ring_new(dict_new(), 1 << 20);
	struct live *both[] = { live_new(r), live_new(r) };
	uint64_t seed = 31, partial = 0;

	(void)state;
	ring_set_ceiling(r, INT64_MAX);
	ring_on_evict(r, evict_both, both);
	for (unsigned i = 0; i < 2; i++)
		for (size_t k = 0; k < ARRAY_SIZE(asked); k++)
			live_add(both[i], &asked[k]);
	live_set_workers(both[0], 2);
	live_set_room(both[0], 1200 << 10);
	for (unsigned round = 0; round < 120; round++) {
		add_lines(r, &seed, round);
		live_step(both[0], random_below(&seed, 2) * 20000);
		if (random_below(&seed, 2))
			ring_trim(r, 0);
		if (random_below(&seed, 3) == 0)
			ask_both(both, &seed);
		for (unsigned i = 0; i < 2; i++)
			while (live_step(both[i], 1000000))
				;
		for (unsigned k = 0; k < ARRAY_SIZE(asked); k++)
			partial += judge_rows(both[0], both[1], k);
	}
	print_message("# %" PRIu64 " partial rows, %" PRIu64 " flows evicted\n", partial,
		      ring_evicted(r));
	assert_true(partial > 1000);
	assert_true(ring_evicted(r) > 1000);
	live_free(both[0]);
	live_free(both[1]);
	ring_free_all(r);
}

/* ---- what is asked ---- */

static struct query query_of(struct shared *s, int pane)
{
	return live_query(s->app.live, s->app.pane[pane].query);
}

static void unchanged(struct shared *s, uint64_t flows, const char *what)
{
	struct ring *r = monitor_ring(s->app.monitor);

	settled(s);
	if (ring_flows(r) != flows)
		fail_msg("%s: %" PRIu64 " flows of %" PRIu64, what, ring_flows(r), flows);
	if (s->asked > monitor_share(s->app.monitor))
		fail_msg("%s: %" PRIu64 " bytes are held for what is asked, of %" PRIu64, what,
			 s->asked, monitor_share(s->app.monitor));
}

static void every_key(struct shared *s, uint64_t flows)
{
	const struct keys *keys = &s->app.options->keys;

	for (int i = 0; i < COMMANDS_N; i++) {
		struct command c = keys_row(keys, i);
		if (i == COMMAND_quit || i == COMMAND_suspend || !(c.layers & IN_PANES))
			continue;
		for (int p = TALKERS; p <= PORTS; p += PORTS) {
			app_key(&s->app, s->app.pane[p].view->key);
			app_key(&s->app, keys_key(keys, i, 0));
			turn(s);
			draw(s);
			unchanged(s, flows, c.name);
			for (int k = 0; k < 3; k++) /* out of whatever was opened */
				app_key(&s->app, K_ESCAPE);
			if (*app_filter(&s->app))
				app_set_filter(&s->app, "");
		}
	}
	unchanged(s, flows, "every key");
}

static void every_grouping(struct shared *s, uint64_t flows)
{
	static const char *const typed[] = { "srcaddr,dstaddr,srcport,dstport",
					     "srcaddr,dstaddr,srcport,dstport,protocol,bytes,time",
					     "pair", "srcport", "" };

	app_key(&s->app, K_END);
	for (int pane = TALKERS; pane <= REJECTS; pane++) {
		const char *const *list = s->app.pane[pane].view->groups;
		for (const char *const *g = list; *g; g++) {
			struct query q = query_of(s, pane);
			struct str bad;
			assert_int_equal(group_parse(str_of(*g), &q.group, &bad), 0);
			live_ask(s->app.live, s->app.pane[pane].query, &q);
			unchanged(s, flows, *g);
		}
		for (size_t i = 0; typed[i][0]; i++) {
			struct query q = query_of(s, pane);
			struct str bad;
			assert_int_equal(group_parse(str_of(typed[i]), &q.group, &bad), 0);
			live_ask(s->app.live, s->app.pane[pane].query, &q);
			unchanged(s, flows, typed[i]);
		}
	}
}

static bool is_capped(struct shared *s, int pane)
{
	struct result_window w = { 0, 10, 0, 10 };
	struct result r;
	bool capped;

	settled(s);
	live_answer(s->app.live, s->app.pane[pane].query, w, &r);
	capped = r.capped;
	assert_true(!capped || r.about > r.ranked);
	result_release(&r);
	return capped;
}

static void no_question_costs_a_flow(void **state)
{
	struct churn c = { .lines = 450000, .new_percent = 90, .per_second = 4000 };
	static struct shared s;
	uint64_t flows;

	(void)state;
	shared_open(&s, "32M");
	read_all(&s, &c);
	flows = ring_flows(monitor_ring(s.app.monitor));
	assert_in_range(flows, 1, c.lines - 1); /* it is full */
	every_grouping(&s, flows);
	assert_true(is_capped(&s, TALKERS)); /* or nothing was tried */
	app_set_filter(&s.app, "src=20.0.0.0/24");
	assert_false(is_capped(&s, TALKERS));
	app_set_filter(&s.app, "");
	assert_true(is_capped(&s, TALKERS));
	every_key(&s, flows);
	print_message("# %" PRIu64 " flows, %" PRIu64 "M held at most, %" PRIu64
		      "M of them asked for\n",
		      flows, s.held >> 20, s.asked >> 20);
	assert_true(s.held <= s.memory / 5 * 6);
	shared_close(&s);
}

/* 4 000 records a second, 30 % of them from addresses that are new. */
static void churn(const char *memory, unsigned seconds)
{
	struct churn c = { .lines = (uint64_t)seconds * 4000,
			   .new_percent = 30,
			   .per_second = 4000 };
	static struct shared s;
	uint64_t flows;

	shared_open(&s, memory);
	read_all(&s, &c);
	flows = ring_flows(monitor_ring(s.app.monitor));
	print_message("# %s, %us of churn: %" PRIu64
		      " flows in the ring; since it was full at %" PRIu64 ": %" PRIu64
		      " to %" PRIu64 ", %" PRIu64 " as a rule; %" PRIu64 "M held\n",
		      memory, seconds, flows, s.first, s.least, s.most,
		      s.looks ? s.sum / s.looks : 0, s.held >> 20);
	if (s.first) { /* half of what the budget holds, but while segments go */
		assert_true(s.sum / s.looks >= s.most / 2);
		assert_true(s.least >= s.most / 4);
	} else {
		assert_int_equal(flows, c.lines);
	}
	assert_true(s.held <= s.memory / 5 * 6);
	shared_close(&s);
}

static void churn_leaves_the_ring_full(void **state)
{
	bool soak = getenv("ENITOP_SOAK") != NULL;

	(void)state;
	churn("32M", soak ? 600 : 300);
	churn("256M", soak ? 1200 : fewer(600));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(little_room_is_within_bounds),
		cmocka_unit_test(no_question_costs_a_flow),
		cmocka_unit_test(churn_leaves_the_ring_full),
	};

	job_setup();
	return cmocka_run_group_tests_name("share", tests, NULL, NULL);
}
