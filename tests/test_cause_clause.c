/* What a row by cause says as a filter: its refused records are what it lets through, and all that
 * is gone without it; of the demo, and of made-up hours, whatever rows they fold to. */
#include <glob.h>
#include <inttypes.h>
#include <unistd.h>

#include "panes.h"

static unsigned seen[CAUSES]; /* rows judged, by kind */
static unsigned unsaid;       /* that no filter says */

static void ask(struct app *a, const char *filter, uint64_t *flows, uint64_t *rejects)
{
	assert_true(app_set_filter(a, filter));
	settle(a);
	assert_true(a->totals.complete);
	*flows = result_matching(&a->totals);
	*rejects = a->totals.totals.rejects;
}

static void judge_row(struct app *a, const struct cause *c, const char *clause, uint64_t all)
{
	struct buf without = { 0 };
	uint64_t flows, rejects;

	ask(a, clause, &flows, &rejects);
	if (flows != c->refused || rejects != c->refused)
		fail_msg("a row of %d, %u clients: %d refused, %d match: %s", (int)c->kind,
			 c->clients, (int)c->refused, (int)flows, clause);
	buf_printf(&without, "not (%s)", clause);
	ask(a, without.s, &flows, &rejects);
	assert_int_equal(flows, all - c->refused);
	buf_release(&without);
	seen[c->kind]++;
}

/* Each row of the pane as it stands once the causes of those in sight are known. */
static void judge_rows(int64_t window)
{
	struct buf clause[64] = { { 0 } };
	struct cause row[64];
	struct pane *p;
	struct app a;
	size_t n = 0;

	app_init(&a, &W.options, W.monitor);
	live_set_window(a.live, window);
	screen_resize(&a.screen, 60, 120);
	settle(&a);
	press(&a, "2z");
	p = a.focus;
	for (size_t i = 0; i < a.causes.n && n < ARRAY_SIZE(row); i++) {
		p->selected = (int)i;
		row[n] = a.causes.row[i];
		p->view->clause(&a, p, &clause[n]);
		unsaid += clause[n].n == 0;
		n += clause[n].n > 0;
	}
	uint64_t all = result_matching(&a.totals);
	for (size_t i = 0; i < n; i++) {
		judge_row(&a, &row[i], clause[i].s, all);
		buf_release(&clause[i]);
	}
	app_release(&a);
}

static void of_the_demo(void **state)
{
	(void)state;
	judge_rows(900);
	judge_rows(0);
	assert_true(seen[CAUSE_SERVER] > 5 && seen[CAUSE_SCANNER] && seen[CAUSE_NOISE]);
	assert_int_equal(unsaid, 0);
}

static void with_file(const char *path)
{
	struct monitor_events e = { 0 };
	struct monitor_options o = { .memory = 256 << 20, .keep = true };
	struct monitor *had = W.monitor;
	uv_loop_t loop;

	uv_loop_init(&loop);
	e = panes_events(&loop);
	W.monitor = monitor_new(&loop, &o, &e);
	monitor_add_path(W.monitor, path);
	uv_run(&loop, UV_RUN_DEFAULT);
	judge_rows(0);
	panes_back(&loop, had);
}

static void add(FILE *f, const char *client, int server, int from, int to, int protocol, int64_t t,
		int64_t end, const char *action)
{
	fprintf(f, "2 1 eni-1 %s 10.0.0.%d %d %d %d 1 40 %" PRId64 " %" PRId64 " %s OK\n", client,
		server, from, to, protocol, t, end, action);
}

/* Customers of the internet of which some packets are refused are in other rows than those that
 * never got in; who asks for many ports has a row of its own, and of it what got in has not. */
static void of_lines(void **state)
{
	char path[] = "/tmp/enitop-causes-XXXXXX";
	int64_t t = START;
	int fd = mkstemp(path);
	FILE *f = fdopen(fd, "w");
	char client[32];

	(void)state;
	for (int i = 0; i < 600; i++, t++) {
		snprintf(client, sizeof client, "198.51.100.%d", i % 200);
		add(f, client, 1, 40000 + i, 22 + i % 3, 6, t, t + 1, "REJECT");
		if (i % 50 == 0)
			add(f, client, 1, 40000 + i, 443, 6, t, t + 1, "ACCEPT");
		if (i % 50 == 0)
			add(f, client, 1, 50000 + i, 443, 6, t, t + 1, "REJECT");
		add(f, "203.0.113.9", i % 2, 41000, 1000 + i / 4, 6, t, t + 1, "REJECT");
		add(f, "10.0.9.9", 3, 41000, 100 + i % 40, 17, t, t + 1, "REJECT");
		snprintf(client, sizeof client, "10.0.7.%d", i % 20);
		add(f, client, 1, 40000 + i, 22, 6, t, t + 1, "REJECT");
		add(f, client, 4, 0, 0, 1, t, t + 1, "REJECT");
	}
	for (int i = 0; i < 30; i++)
		add(f, "203.0.113.9", 1, 42000, 443, 6, t, t + 1, i ? "ACCEPT" : "REJECT");
	fclose(f);
	memset(seen, 0, sizeof seen);
	with_file(path);
	unlink(path);
	assert_int_equal(unsaid, 0);
	assert_int_equal(seen[CAUSE_SCANNER], 2);
	assert_int_equal(seen[CAUSE_NOISE], 1);
}

static void of_scenarios(void **state)
{
	const char *srcdir = getenv("srcdir");
	char pattern[1024];
	glob_t found;

	(void)state;
	snprintf(pattern, sizeof pattern, "%s/../shared/scenarios/s?[15]/flow.v2.log.gz",
		 srcdir ? srcdir : ".");
	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			with_file(found.gl_pathv[i]);
	globfree(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_the_demo),
		cmocka_unit_test(of_lines),
		cmocka_unit_test(of_scenarios),
	};

	return cmocka_run_group_tests_name("cause_clause", tests, panes_open, panes_close);
}
