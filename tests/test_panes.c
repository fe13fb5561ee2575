/* Golden screens of every pane at three sizes, after a few keys each: see panes.h. */
#include <inttypes.h>
#include <unistd.h>

#include "base/job.h"
#include "panes.h"
#include "view/view.h"

static void start_120x40(void **state)
{
	(void)state;
	shot("start-120x40", 120, 40, false, "");
}
static void start_80x24(void **state)
{
	(void)state;
	shot("start-80x24", 80, 24, false, "");
}
static void start_40x10(void **state)
{
	(void)state;
	shot("start-40x10", 40, 10, false, "");
}
static void ascii_80x24(void **state)
{
	(void)state;
	shot("ascii-80x24", 80, 24, true, "");
}
static void smallest(void **state)
{
	(void)state;
	shot("start-20x4", 20, 4, false, "");
}
static void filtered(void **state)
{
	(void)state;
	shot("filter-120x40", 120, 40, false, "wm/reject and dport=5432\n");
}
static void editing(void **state)
{
	(void)state;
	shot("error-80x24", 80, 24, false, "/443 and dprt=3");
}
static void nothing_found(void **state)
{
	(void)state;
	shot("nothing-80x24", 80, 24, false, "/192.0.2.1\n");
}
static void outside_the_window(void **state)
{
	(void)state;
	shot("outside-80x24", 80, 24, false, "WW/10.20.32.50 and dst=203.0.113.77\n");
}
static void menu_of_values(void **state)
{
	(void)state;
	shot("menu-80x24", 80, 24, false, "/tcp and dport=\t\t");
}
static void menu_of_names(void **state)
{
	(void)state;
	shot("menu-40x10", 40, 10, false, "/s\t");
}
static void error_40x10(void **state)
{
	(void)state;
	shot("error-40x10", 40, 10, false, "/443 and reject and dprt=3");
}
static void history_searched(void **state)
{
	(void)state;
	shot("search-80x24", 80, 24, false, "/reject and 443\n/\25dport=22\n/\2rej");
}
static void clauses_counted(void **state)
{
	(void)state;
	shot("clauses-80x24", 80, 24, false, "/reject and dport=5432 and not 10.20.17.22\nF\v ");
}
static void clauses_40x10(void **state)
{
	(void)state;
	shot("clauses-40x10", 40, 10, false, "/reject and dport=5432\nF");
}
static void one_cell(void **state)
{
	(void)state;
	shot("cell-80x24", 80, 24, false, "2\v\1\1");
}
static void cell_of_a_record(void **state)
{
	(void)state;
	shot("cell-record-80x24", 80, 24, false, "1\n\n\1\1\1\1\1");
}
static void killed_by_a_clause(void **state)
{
	(void)state;
	shot("killed-80x24", 80, 24, false, "1z/reject and dport=5432 and bytes>1M\n");
}
static void never_seen_40x10(void **state)
{
	(void)state;
	shot("never-40x10", 40, 10, false, "1/dport=5432 and src=192.0.2.1\n");
}
static void looks_like_text(void **state)
{
	(void)state;
	shot("text-80x24", 80, 24, false, "1z/nosuchword\n");
}
static void zoomed(void **state)
{
	(void)state;
	shot("rejects-80x24", 80, 24, false, "2z");
}
static void pairs_zoomed(void **state)
{
	(void)state;
	shot("groups-120x40", 120, 40, false, "1ggggz\v\v");
}
static void rates(void **state)
{
	(void)state;
	shot("rates-80x24", 80, 24, false, "1gmmmmmm");
}
static void cost(void **state)
{
	(void)state;
	shot("cost-80x24", 80, 24, false, "M");
}
static void grouping(void **state)
{
	(void)state;
	shot("grouping-80x24", 80, 24, false, "\007/33/64");
}
static void heatmap(void **state)
{
	(void)state;
	shot("ports-80x24", 80, 24, false, "3m");
}
/* What the line of the cell says is what Enter narrows to. */
static void drill_cell(struct app *a, const char *keys, const char *names)
{
	struct buf said = { 0 };
	char count[32], flows[64];

	press(a, keys);
	screen_dump(&a->screen, false, &said);
	press(a, "\n");
	assert_int_equal(a->focus - a->pane, FLOWS);
	assert_non_null(strstr(app_filter(a), names));
	assert_true(a->totals.totals.flows > 0);
	snprintf(flows, sizeof flows, ": %s flows",
		 view_count(count, sizeof count, a->totals.totals.flows));
	assert_non_null(strstr(said.s, flows));
	buf_release(&said);
}

/* The axes of heat.c in turn: each with its cells, scales, and a cell chosen. */
static void heatmaps(void **state)
{
	struct app a;

	(void)state;
	shot("heat-host-80x24", 80, 24, false, "3xY");
	shot("heat-cell-120x40", 120, 40, false, "3xx<<\v");
	shot("heat-cell-40x10", 40, 10, false, "3<<\v");
	shot("heat-client-80x24", 80, 24, true, "3xxxm");
	shot("heat-scan-80x24", 80, 24, false, "3xxxxmmm>>>\v");
	W.options.ascii = false;
	app_init(&a, &W.options, W.monitor);
	screen_resize(&a.screen, 24, 80);
	settle(&a);
	drill_cell(&a, "3x>>>>>>>>>>>>\v\v", "service=5432 and server=10.20.32.10");
	press(&a, "\b");
	/* What ends later has bytes in it too: the flows it says are some of them. */
	press(&a, "xx<<<\v\n");
	assert_int_equal(a.focus - a.pane, FLOWS);
	assert_non_null(strstr(app_filter(&a), " and end>=2023-11-14T23:"));
	assert_non_null(strstr(app_filter(&a), " and start<2023-11-14T23:"));
	assert_true(a.totals.totals.flows > 0);
	app_release(&a);
}
static void records(void **state)
{
	(void)state;
	shot("flows-120x40", 120, 40, false, "1\n");
	shot("flows-80x24", 80, 24, false, "5");
	shot("flows-40x10", 40, 10, false, "5");
}
static void records_sorted(void **state)
{
	(void)state;
	/* By the tenth of the usual columns, then the other way round. */
	shot("sorted-120x40", 120, 40, false, "5sssssssss\v\v");
	shot("sorted-80x24", 80, 24, false, "5sssssssssS");
	shot("sorted-40x10", 40, 10, false, "5sss");
}
static void columns(void **state)
{
	(void)state;
	shot("columns-80x24", 80, 24, false, "5cjj jjs");
	shot("columns-40x10", 40, 10, false, "5cjjjjjjjj");
	struct str bad;
	assert_int_equal(
		flow_columns_parse(str_of("start,client,server,service,bytes,reject-reason,"
					  "traffic-path,flags,vpc-id,subnet,instance"),
				   &W.options.columns, &bad),
		0);
	shot("chosen-120x40", 120, 40, false, "5\v\v");
	W.options.columns.n = 0;
}
#ifdef HAVE_LIBMD /* the Community ID stands there */
static void record(void **state)
{
	(void)state;
	shot("record-120x40", 120, 40, false, "1\n\n");
	shot("record-80x24", 80, 24, false, "1\n\n");
	shot("record-end-80x24", 80, 24, false, "1\n\nG");
	shot("record-40x10", 40, 10, false, "1\n\nn");
}
#endif
static void trust_120x40(void **state)
{
	(void)state;
	shot("trust-120x40", 120, 40, false, "7w");
}
static void trust_80x24(void **state)
{
	(void)state;
	shot("trust-80x24", 80, 24, false, "7wj");
}
static void trust_40x10(void **state)
{
	(void)state;
	shot("trust-40x10", 40, 10, false, "7");
}
static void trust_smallest(void **state)
{
	(void)state;
	shot("trust-20x4", 20, 4, false, "7");
}
static void trust_of_one(void **state)
{
	(void)state;
	shot("trust-drill-80x24", 80, 24, false, "7\n");
}
static void source(void **state)
{
	(void)state;
	shot("sources-80x24", 80, 24, false, "6");
}
static void help_80x24(void **state)
{
	(void)state;
	shot("help-80x24", 80, 24, false, "?");
}
static void help_120x40(void **state)
{
	(void)state;
	shot("help-120x40", 120, 40, false, "?");
}
/* No entry is cut, at any width that has room for a word, and all are scrolled to. */
static void help_is_whole(void **state)
{
	struct app a;

	(void)state;
	W.options.ascii = false;
	app_init(&a, &W.options, W.monitor);
	settle(&a);
	for (int cols = 30; cols <= 160; cols += 13) {
		bool last = false;
		screen_resize(&a.screen, 24, cols);
		press(&a, "?");
		for (int down = 0; down < 300 && !last; down++) {
			struct buf all = { 0 };
			app_draw(&a);
			for (int y = 4; y < 22; y++)
				for (int x = 0; x < cols; x++)
					assert_int_not_equal(screen_at(&a.screen, y, x)->ch,
							     0x2026);
			screen_dump(&a.screen, false, &all);
			last = strstr(all.s, "^Z") != NULL;
			buf_release(&all);
			app_key(&a, 'j');
		}
		assert_true(last);
		press(&a, "?");
	}
	app_release(&a);
}
static void marked(const char *name, int cols, int rows, bool ascii, int64_t mark, const char *keys)
{
	W.options.mark_s = mark;
	W.options.mark_label = "deploy \033[2J";
	shot(name, cols, rows, ascii, keys);
	W.options.mark_s = INT64_MIN;
	W.options.mark_label = "";
}
static void compared(void **state)
{
	(void)state;
	marked("compare-120x40", 120, 40, false, START + 3400, "");
	marked("compare-80x24", 80, 24, false, START + 3400, "D");
	marked("compare-zoom-120x40", 120, 40, false, START + 3400, "2zDD");
	marked("compare-40x10", 40, 10, true, START + 3400, "1m");
	/* Told apart by words: outside, at the end, off again. */
	marked("compare-early-80x24", 80, 24, false, START + 1200, "");
	shot("compare-key-80x24", 80, 24, false, "b");
	marked("compare-off-80x24", 80, 24, false, START + 3400, "d");
}
static void paused(void **state)
{
	(void)state;
	shot("paused-80x24", 80, 24, false, " ");
}

/* ---- several formats, and inputs with trouble ---- */

static const struct {
	const char *name, *text;
} files[] = {
	{ "v2.log",
	  "2 1 eni-1 10.0.0.1 10.0.0.2 40000 443 6 5 500 1700003300 1700003350 ACCEPT OK\n"
	  "2 1 eni-1 10.0.0.2 10.0.0.1 443 40000 6 5 900 1700003300 1700003351 ACCEPT OK\n"
	  "2 1 eni-1 10.0.0.9 10.0.0.2 40001 22 6 1 40 1700003300 1700003300 REJECT OK\n" },
	{ "tgw.log",
	  "version tgw-id tgw-attachment-id srcaddr dstaddr srcport dstport protocol packets bytes "
	  "start end log-status packets-lost-no-route packets-lost-blackhole "
	  "packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region flow-direction\n"
	  "6 tgw-1 tgw-attach-0a 10.1.0.1 10.2.0.2 40000 443 6 5 500 1700003300 1700003560 OK 0 0 0 0 "
	  "2 eu-west-1 ingress\n"
	  "6 tgw-1 tgw-attach-0a 10.1.0.1 10.3.0.2 40002 443 6 1204 9000 1700003300 1700003570 OK "
	  "1200 0 4 0 2 eu-west-1 ingress\n" },
	{ "mixed.log", "srcaddr dstaddr bytes end log-status vpc-id\n"
		       "10.5.0.1 10.5.0.2 77 1700003400 OK vpc-1\n"
		       "srcaddr dstaddr bytes end log-status instance-tag next-hop-vpc-id\n"
		       "10.5.0.3 10.5.0.4 78 1700003410 OK web vpc-2\n" },
	{ "bad.log",
	  "2 1 eni-1 10.0.0.1 10.0.0.2 40000 443 6 5 500 1700003300 1700003340 ACCEPT OK\n"
	  "2 1 eni-1 - - - - - - - 1700003300 1700003345 - SKIPDATA\n"
	  "one too few\n"
	  "2 1 \033[2Jeni-1\n" },
	{ "junk", "not a log\nat all\n" },
	{ "missing", NULL },
};

static struct monitor *troubled(uv_loop_t *loop)
{
	struct monitor_events e = panes_events(loop);
	struct monitor_options o = { .memory = 1 << 28, .keep = true, .now_s = START + 4000 };
	char dir[] = "/tmp/enitop-panes-XXXXXX", home[1024];
	struct monitor *m;

	assert_non_null(getcwd(home, sizeof home));
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	uv_loop_init(loop);
	m = monitor_new(loop, &o, &e);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		FILE *f = files[i].text ? fopen(files[i].name, "w") : NULL;
		if (f) {
			fputs(files[i].text, f);
			fclose(f);
		}
		monitor_add_path(m, files[i].name);
	}
	uv_run(loop, UV_RUN_DEFAULT);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		unlink(files[i].name);
	assert_int_equal(chdir(home), 0);
	rmdir(dir);
	return m;
}

/* An hour of interfaces of which one lost records, one is silent behind the 38th minute. */
static struct monitor *gapped(uv_loop_t *loop)
{
	struct monitor_events e = panes_events(loop);
	struct monitor_options o = { .memory = 1 << 28, .keep = true, .now_s = START + 4000 };
	char path[] = "/tmp/enitop-panes-XXXXXX";
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	struct monitor *m;

	assert_non_null(f);
	for (int i = 0; i < 60; i++) {
		int64_t t = START / 60 * 60 + i * 60;
		for (int k = 0; k < 4; k++) {
			if (k == 2 && i >= 38)
				continue;
			if (k == 1 && i >= 30 && i < 33)
				fprintf(f,
					"2 1 eni-web - - - - - - - %" PRId64 " %" PRId64
					" - SKIPDATA\n",
					t, t + 59);
			else
				fprintf(f,
					"2 1 eni-%s 10.20.0.%d 10.20.9.9 %d 443 6 1 40 %" PRId64
					" %" PRId64 " %s OK\n",
					(const char *[]){ "db", "web", "batch", "cron" }[k], k + 1,
					40000 + i, t, t + 59, i % 9 ? "ACCEPT" : "REJECT");
		}
	}
	fclose(f);
	uv_loop_init(loop);
	m = monitor_new(loop, &o, &e);
	monitor_add_path(m, path);
	uv_run(loop, UV_RUN_DEFAULT);
	unlink(path);
	return m;
}

static void with_monitor(struct monitor *(*open)(uv_loop_t *loop), void (*shots)(void))
{
	struct monitor *had = W.monitor;
	uv_loop_t loop;

	W.monitor = open(&loop);
	shots();
	panes_back(&loop, had);
}

static void in_trouble(void (*shots)(void))
{
	with_monitor(troubled, shots);
}

static void shots_of_gaps(void)
{
	shot("gaps-120x40", 120, 40, false, "7w");
	shot("gaps-80x24", 80, 24, false, "7w");
	shot("gaps-40x10", 40, 10, false, "7w");
	shot("gaps-20x4", 20, 4, false, "7w");
}
static void minutes_are_missing(void **state)
{
	(void)state;
	with_monitor(gapped, shots_of_gaps);
}
static void shots_of_sources(void)
{
	struct input_counts n;

	assert_true(monitor_failed(W.monitor));
	monitor_counts(W.monitor, &n);
	assert_int_equal(n.malformed, 4);
	shot("trouble-120x40", 120, 40, false, "6\v\v");
	shot("trouble-80x24", 80, 24, false, "6\v");
	shot("trouble-40x10", 40, 10, false, "6");
	shot("source-80x24", 80, 24, false, "6\v\v\n");
	shot("source-40x10", 40, 10, false, "6\v\v\nG");
}

static void shots_of_losses(void)
{
	shot("lost-120x40", 120, 40, false, "5");
	shot("lost-80x24", 80, 24, false, "1mmmm");
#ifdef HAVE_LIBMD
	shot("lost-record-120x40", 120, 40, false, "5\n");
	shot("lost-record-80x24", 80, 24, false, "5\nG");
	shot("lost-record-40x10", 40, 10, false, "5\nG");
	shot("v2-record-120x40", 120, 40, false, "5\v\v\v\v\n");
	shot("v2-record-80x24", 80, 24, false, "5\v\v\v\v\n");
	shot("v2-record-40x10", 40, 10, false, "5\v\v\v\v\n");
#endif
}

static void sources_in_trouble(void **state)
{
	(void)state;
	in_trouble(shots_of_sources);
}

static void packets_are_lost(void **state)
{
	(void)state;
	in_trouble(shots_of_losses);
}

/* Enter narrows, Backspace widens to just what was there. */
static void drill_and_back(void **state)
{
	struct app a;
	struct buf before = { 0 }, after = { 0 };

	(void)state;
	W.options.ascii = false;
	app_init(&a, &W.options, W.monitor);
	screen_resize(&a.screen, 24, 80);
	settle(&a);
	press(&a, "2\v\v");
	screen_dump(&a.screen, false, &before);
	press(&a, "\n");
	assert_int_equal(a.focus - a.pane, FLOWS);
	assert_true(a.flows > 0);
	assert_non_null(strstr(app_filter(&a), "client="));
	press(&a, "\n");
	assert_non_null(a.detail.segment);
	press(&a, "\b");
	assert_null(a.detail.segment);
	press(&a, "\b");
	assert_string_equal(app_filter(&a), "");
	assert_int_equal(a.focus - a.pane, REJECTS);
	press(&a, "\v\v");
	screen_dump(&a.screen, false, &after);
	assert_string_equal(before.s, after.s);
	buf_release(&before);
	buf_release(&after);
	app_release(&a);
}

/* Every size, every key, nonsense: no crash, nothing outside (under ASan). */
static void any_size(void)
{
	static const char keys[] =
		"0123456zmgwWbBdDxy<>/(x\n\b\v? pq+-443\n\033reject\033GGG66FF@@d\t\t\1\1\2\3x"
		"\033[[]4\a\fv\nt1-\033\005\007\tGMM\0335sSccnN<>5|||";
	uint64_t seed = 77;
	struct app a;

	W.options.ascii = false;
	app_init(&a, &W.options, W.monitor);
	for (int i = 0; i < 400; i++) {
		screen_resize(&a.screen, 1 + (int)random_below(&seed, 50),
			      1 + (int)random_below(&seed, 160));
		char key[2] = { keys[random_below(&seed, sizeof keys - 1)], 0 };
		press(&a, key);
	}
	app_release(&a);
}

/* Where a key can't do what it is for, it says why. */
static void folded_rows_say_why(void **state)
{
	struct app a;

	(void)state;
	app_init(&a, &W.options, W.monitor);
	screen_resize(&a.screen, 24, 80);
	press(&a, "2b");
	press(&a, "oo");
	assert_non_null(strstr(a.message, "once the mark is gone"));
	app_release(&a);
	app_init(&a, &W.options, W.monitor);
	screen_resize(&a.screen, 24, 80);
	press(&a, "2");
	settle(&a);
	a.causes.row[a.focus->selected].kind = CAUSE_LATE;
	app_key(&a, K_ENTER);
	assert_non_null(strstr(a.message, "o has them one by one"));
	assert_int_equal(a.focus->view->key, '2');
	app_release(&a);
}

static uint64_t refused_in_rows(const struct app *a)
{
	uint64_t n = 0;

	for (size_t i = 0; i < a->causes.n; i++)
		n += a->causes.row[i].refused;
	return n;
}

static void fold_again(struct app *a)
{
	free(a->causes.row);
	a->causes.row = NULL;
	a->causes.n = 0;
	app_draw(a);
}

/* What was folded when all was selected, and not all was counted, is folded again. */
static void folded_rows_are_of_all(void **state)
{
	unsigned partial = 0;
	struct app a;

	(void)state;
	app_init(&a, &W.options, W.monitor);
	screen_resize(&a.screen, 24, 80);
	press(&a, "2");
	assert_true(a.causes.whole);
	live_relabel(a.live);
	while (live_step(a.live, 0)) {
		fold_again(&a);
		partial += !a.causes.whole && refused_in_rows(&a) > 0;
	}
	app_draw(&a);
	assert_true(partial > 1);
	assert_true(a.causes.whole);
	assert_int_equal(refused_in_rows(&a), a.focus->result.totals.rejects);
	app_release(&a);
}

static void any_size_any_key(void **state)
{
	(void)state;
	any_size();
	in_trouble(any_size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(start_120x40),
		cmocka_unit_test(start_80x24),
		cmocka_unit_test(start_40x10),
		cmocka_unit_test(smallest),
		cmocka_unit_test(ascii_80x24),
		cmocka_unit_test(filtered),
		cmocka_unit_test(editing),
		cmocka_unit_test(nothing_found),
		cmocka_unit_test(outside_the_window),
		cmocka_unit_test(menu_of_values),
		cmocka_unit_test(menu_of_names),
		cmocka_unit_test(error_40x10),
		cmocka_unit_test(history_searched),
		cmocka_unit_test(clauses_counted),
		cmocka_unit_test(clauses_40x10),
		cmocka_unit_test(one_cell),
		cmocka_unit_test(cell_of_a_record),
		cmocka_unit_test(killed_by_a_clause),
		cmocka_unit_test(never_seen_40x10),
		cmocka_unit_test(looks_like_text),
		cmocka_unit_test(zoomed),
		cmocka_unit_test(pairs_zoomed),
		cmocka_unit_test(rates),
		cmocka_unit_test(cost),
		cmocka_unit_test(grouping),
		cmocka_unit_test(heatmap),
		cmocka_unit_test(heatmaps),
		cmocka_unit_test(records),
		cmocka_unit_test(records_sorted),
		cmocka_unit_test(columns),
#ifdef HAVE_LIBMD
		cmocka_unit_test(record),
#endif
		cmocka_unit_test(source),
		cmocka_unit_test(trust_120x40),
		cmocka_unit_test(trust_80x24),
		cmocka_unit_test(trust_40x10),
		cmocka_unit_test(trust_smallest),
		cmocka_unit_test(trust_of_one),
		cmocka_unit_test(help_80x24),
		cmocka_unit_test(help_120x40),
		cmocka_unit_test(help_is_whole),
		cmocka_unit_test(compared),
		cmocka_unit_test(paused),
		cmocka_unit_test(sources_in_trouble),
		cmocka_unit_test(minutes_are_missing),
		cmocka_unit_test(packets_are_lost),
		cmocka_unit_test(drill_and_back),
		cmocka_unit_test(folded_rows_say_why),
		cmocka_unit_test(folded_rows_are_of_all),
		cmocka_unit_test(any_size_any_key),
	};

	job_setup();
	return cmocka_run_group_tests_name("panes", tests, panes_open, panes_close);
}
