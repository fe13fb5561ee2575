/* Findings on the screen: the page of one at two sizes, and on from there; what is acknowledged, muted
 * and exported; the strips against the records. */
#include <math.h>
#include <string.h>

#include <unistd.h>

#include "app/app_filter.h"
#include "app/app_findings.h"
#include "base/job.h"
#include "panes.h"
#include "query/scan.h"

static void pages(void **state)
{
	(void)state;
	shot("finding-120x40", 120, 40, false, "\v\v\v\n");
	shot("finding-80x24", 80, 24, false, "\v\v\v\n");
	shot("finding-end-80x24", 80, 24, false, "\v\v\v\nG");
	shot("finding-40x10", 40, 10, true, "\v\v\v\n");
}

static void open_at(struct app *a, int rows, int cols)
{
	W.options.ascii = false;
	app_init(a, &W.options, W.monitor);
	screen_resize(&a->screen, rows, cols);
	settle(a);
}

static bool sees(struct app *a, const char *text)
{
	struct buf b = { 0 };
	bool is;

	app_draw(a);
	screen_dump(&a->screen, false, &b);
	is = strstr(b.s, text) != NULL;
	buf_release(&b);
	return is;
}

/* What is judged anew between a key and the next frame takes no selection back. */
static void selection_moves(void **state)
{
	struct app a;
	struct pane *p;

	(void)state;
	open_at(&a, 40, 120);
	p = pane_of_findings(&a);
	for (int i = 1; i < 4; i++) {
		app_key(&a, K_DOWN);
		findings_renew(&a);
		assert_int_equal(p->selected, i);
		app_draw(&a);
	}
	app_release(&a);
}

/* What a finding is about is a filter that can be, also of those that are about the internet. */
static void clauses_are_filters(void **state)
{
	struct buf clause = { 0 };
	unsigned internet = 0;
	struct app a;

	(void)state;
	open_at(&a, 40, 120);
	for (size_t i = 0; i < a.findings.n; i++) {
		struct filter_error error;
		struct filter *f;
		buf_clear(&clause);
		finding_clause(a.findings.row[i], &clause);
		if (!clause.n)
			continue;
		f = app_compile(&a, clause.s, &error);
		if (!f)
			fail_msg("'%s': %s", clause.s, error.message);
		filter_free(f);
		internet += strstr(clause.s, "server-scope=internet") != NULL;
	}
	assert_true(internet > 0);
	buf_release(&clause);
	app_release(&a);
}

static void on_from_a_page(void **state)
{
	struct app a;
	int64_t since;

	(void)state;
	open_at(&a, 40, 120);
	assert_true(a.findings.n > 0);
	press(&a, "\n");
	assert_true(a.findings.page.open);
	assert_true(sees(&a, "how it can be wrong") && sees(&a, "next"));
	press(&a, "n");
	assert_true(a.findings.page.open);
	press(&a, "pr");
	assert_true(a.why.page.open && a.why.answered);
	press(&a, "\b");
	assert_false(a.why.page.open);
	assert_true(a.findings.page.open);
	since = a.findings.row[0]->since;
	press(&a, "\n");
	assert_false(a.findings.page.open);
	assert_ptr_equal(a.focus, &a.pane[FLOWS]);
	assert_true(a.flows > 0 && *app_filter(&a));
	press(&a, "\b");
	assert_string_equal(app_filter(&a), "");
	press(&a, "0\nb");
	assert_int_equal(a.mark.time, since);
	assert_false(a.findings.page.open);
	press(&a, "\n6"); /* another pane: the page makes room */
	assert_false(a.findings.page.open);
	assert_ptr_equal(a.focus, &a.pane[SOURCES]);
	app_release(&a);
}

static char *read_all(const char *path)
{
	struct buf b = { 0 };
	char piece[4096];
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(&b, piece, n);
	fclose(f);
	buf_puts(&b, "");
	return b.s;
}

static char *saved(struct app *a, const char *dir, const char *name)
{
	char path[128], *text;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	press(a, "e");
	assert_true(a->saving.naming);
	prompt_set(&a->saving.name, path);
	press(a, "\n");
	while (app_save_step(a))
		;
	text = read_all(path);
	unlink(path);
	return text;
}

static void goes_to_files(void **state)
{
	char dir[] = "/tmp/enitop-findings-XXXXXX", *text;
	struct app a;

	(void)state;
	assert_non_null(mkdtemp(dir));
	open_at(&a, 40, 120);
	text = saved(&a, dir, "all.json");
	assert_non_null(strstr(text, "\"view\":\"findings\",\"complete\":true"));
	free(text);
	text = saved(&a, dir, "all.txt");
	assert_non_null(strstr(text, a.findings.row[0]->rule->name));
	free(text);
	press(&a, "\n");
	text = saved(&a, dir, "one.txt");
	assert_memory_equal(text, "FINDING ", 8);
	assert_non_null(strstr(text, "\nwhat would refute it\n"));
	free(text);
	text = saved(&a, dir, "one.json");
	assert_memory_equal(text, "{\"rule\":", 8);
	free(text);
	app_release(&a);
	rmdir(dir);
}

static void acknowledged(void **state)
{
	struct app a;
	size_t n;

	(void)state;
	open_at(&a, 24, 80);
	n = a.findings.n;
	press(&a, "a");
	assert_int_equal(a.findings.n, n - 1);
	assert_int_equal(a.findings.counts.acknowledged, 1);
	press(&a, "A");
	assert_int_equal(a.findings.n, n);
	press(&a, "g0G\b");
	for (size_t i = 0; i < n; i++) /* wherever it is now */
		if (findings_is_acknowledged(a.findings.book, a.findings.row[i]))
			a.pane[FINDINGS].selected = (int)i;
	assert_true(sees(&a, "acked"));
	press(&a, "a");
	assert_int_equal(a.findings.counts.acknowledged, 0);
	press(&a, "\na"); /* on its page: back in the list with it */
	assert_int_equal(a.findings.counts.acknowledged, 1);
	app_release(&a);
}

static void muted(void **state)
{
	char dir[] = "/tmp/enitop-mute-XXXXXX", path[64], *text;
	struct config *had = W.options.config;
	struct buf key = { 0 };
	struct app a;
	size_t n;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/sub/config", dir);
	W.options.config = config_new();
	W.options.config->path = xstrndup(path, strlen(path));
	open_at(&a, 40, 120);
	n = a.findings.n;
	finding_key(a.findings.row[0], &key);
	press(&a, "u");
	assert_true(sees(&a, key.s) && sees(&a, "for good? y or n"));
	press(&a, "n");
	assert_int_equal(a.findings.n, n);
	assert_int_not_equal(access(path, F_OK), 0);
	press(&a, "uy");
	assert_int_equal(a.findings.n, n - 1);
	assert_int_equal(a.findings.counts.muted, 1);
	text = read_all(path);
	assert_memory_equal(text, "mute = ", 7);
	assert_memory_equal(text + 7, key.s, key.n);
	free(text);
	app_release(&a);
	config_free(W.options.config);
	W.options.config = had;
	buf_release(&key);
	unlink(path);
	path[strlen(path) - 7] = '\0';
	rmdir(path);
	rmdir(dir);
}

/* ---- strips ---- */

static int64_t number_of(struct app *a, const struct segment *s, uint32_t row, int field)
{
	struct buf text = { 0 };
	uint64_t n = 0;
	bool is;

	flow_render(s, monitor_dict(a->monitor), row, field, &text);
	is = str_to_u64(buf_str(&text), &n);
	buf_release(&text);
	return is ? (int64_t)n : -1;
}

static bool is_refused(struct app *a, const struct segment *s, uint32_t row)
{
	struct buf text = { 0 };
	bool is;

	flow_render(s, monitor_dict(a->monitor), row, FIELD_ACTION, &text);
	is = str_equal(buf_str(&text), str_of("REJECT"));
	buf_release(&text);
	return is;
}

/* What is refused is refused once: the records say how much in which minute they began. */
static void strips_are_the_records(void **state)
{
	static const char internet[] = "action=REJECT and client-scope=internet";
	uint64_t refused[STRIPS_MINUTES] = { 0 }, all = 0;
	uint32_t sources;
	struct result r;
	struct scan scan;
	struct app a;
	const struct strips *s;

	(void)state;
	open_at(&a, 40, 120);
	s = &a.findings.hour;
	assert_int_equal(s->n, STRIPS_MINUTES);
	assert_int_equal(s->first, live_now(a.live) / 60 - 59);
	scan_begin(&scan, monitor_ring(a.monitor), false,
		   (struct span){ INT64_MIN, INT64_MAX, false });
	for (; scan_look(&scan); scan_next(&scan))
		for (uint32_t row = 0; row < scan.segment->rows; row++) {
			int64_t at;
			if (!is_refused(&a, scan.segment, row))
				continue;
			at = number_of(&a, scan.segment, row, FIELD_START) / 60 - s->first;
			if (at >= 0 && at < STRIPS_MINUTES)
				refused[at]++;
		}
	for (unsigned i = 0; i < STRIPS_MINUTES; i++) {
		assert_int_equal(s->minute[i].refused, refused[i]);
		assert_true(s->minute[i].background <= refused[i]);
		all += refused[i];
	}
	assert_true(all > 1000);
	/* Who of the internet was refused, within what an estimate may be wrong by. */
	sources = edge_sources_of(s->sources);
	live_set_window(a.live, STRIPS_MINUTES * 60);
	assert_true(app_set_filter(&a, internet));
	press(&a, "1");
	live_ask(a.live, a.focus->query,
		 &(struct query){ QUERY_ALL, .group = { .field = { FIELD_CLIENT }, .n = 1 } });
	settle(&a);
	live_answer(a.live, a.focus->query, (struct result_window){ 0, 1, 0, 0 }, &r);
	assert_true(r.groups > 100);
	assert_in_range(sources, r.groups * 7 / 10, r.groups * 13 / 10);
	result_release(&r);
	app_release(&a);
}

/* Said only where it is true of every minute. */
static void changes_are_true(void **state)
{
	uint64_t value[30];
	unsigned at;
	double times;

	(void)state;
	for (unsigned i = 0; i < 30; i++)
		value[i] = i < 20 ? 100 + i % 3 : 270 + i % 5;
	value[29] = 303;
	assert_true(strip_changed(value, 30, &at, &times));
	assert_int_equal(at, 20);
	assert_true(times > 2.99 && times < 3.01); /* of the median, 101 */
	value[25] = 102;                           /* back for a minute, as before */
	assert_true(!strip_changed(value, 30, &at, &times) || at > 25);
	for (unsigned i = 0; i < 30; i++)
		value[i] = i < 20 ? 100 : 20;
	assert_true(strip_changed(value, 30, &at, &times));
	assert_true(at == 20 && times < 0.21 && times > 0.19);
	assert_false(strip_changed(value, 22, &at, &times));     /* two minutes are not enough */
	assert_false(strip_changed(value + 6, 24, &at, &times)); /* nor 14 before */
	for (unsigned i = 0; i < 30; i++)
		value[i] = i < 20 ? 100 : 140; /* less than half as much again */
	assert_false(strip_changed(value, 30, &at, &times));
}

/* Any key at any size, on the list, on pages, while something is asked (under ASan). */
static void nonsense(void **state)
{
	static const char keys[] = "00aAuynNpre\n\n\b\v\vG\033b B12z?/x\033 [w\005q";
	struct config *had = W.options.config;
	uint64_t seed = 16;
	struct app a;

	(void)state;
	W.options.config = NULL; /* nothing is written */
	open_at(&a, 24, 80);
	for (int i = 0; i < 600; i++) {
		char key[2] = { keys[random_below(&seed, sizeof keys - 1)], 0 };
		if (random_below(&seed, 4) == 0)
			screen_resize(&a.screen, 1 + (int)random_below(&seed, 50),
				      1 + (int)random_below(&seed, 160));
		press(&a, key);
	}
	app_release(&a);
	W.options.config = had;
}

/* Z: the minutes of a row's records, by a plain sum over the ring, and who judged them. */
static void usual(void **state)
{
	struct app a;
	char text[16];
	uint64_t want = 0;
	int64_t newest;

	(void)state;
	shot("usual-80x24", 80, 24, false, "1Z");
	shot("usual-finding-120x40", 120, 40, false,
	     "\v\v\n"
	     "Z");
	shot("usual-40x10", 40, 10, true, "1Z");
	app_init(&a, &W.options, W.monitor);
	screen_resize(&a.screen, 24, 80);
	settle(&a);
	press(&a, "1Z");
	assert_true(a.usual.page.open && a.usual.points > 0);
	newest = a.usual.point[a.usual.points - 1].time;
	for (size_t i = 0; i < ring_count(monitor_ring(W.monitor)); i++) {
		struct segment *s = ring_at(monitor_ring(W.monitor), i);
		uint64_t bits[SEGMENT_ROWS / 64 + 1];
		const struct column *bytes = segment_column(s, FIELD_BYTES),
				    *start = segment_column(s, FIELD_START);
		filter_select(a.usual.filter, s, ring_dict(monitor_ring(W.monitor)), 0, s->rows,
			      bits, NULL);
		for (uint32_t row = 0; row < s->rows; row++) {
			int64_t from, to = segment_time(s, row), in;
			if (!(bits[row / 64] >> row % 64 & 1) || s->mark[row] & MARK_STATUS)
				continue;
			from = (int64_t)column_number(start, row);
			in = (to < newest + 60 ? to : newest + 60) -
			     (from > newest ? from : newest);
			if (in > 0)
				want += column_number(bytes, row) * (uint64_t)in /
					(uint64_t)(to - from);
		}
	}
	assert_true(fabs(a.usual.point[a.usual.points - 1].value - (double)want) <
		    (double)want / 1000);
	human_bytes(text, sizeof text, want);
	assert_non_null(strstr(a.usual.page.text.s, text));
	press(&a, "\b");
	assert_true(!a.usual.page.open && !a.usual.series);
	app_release(&a);
}

/* The page of the rule spike has the chart of its series: marked are the minutes of the spike, as many
 * as there are between its times, and nothing else comes near the highest line. */
static void spike_is_drawn(void **state)
{
	struct app a;
	const struct finding *f;
	const char *at, *marks, *top;
	size_t marked = 0, high = 0, same = 0;

	(void)state;
	open_at(&a, 40, 120);
	press(&a, "\n");
	while ((f = findings_on_page(&a)) && f->rule != &detect_spike)
		press(&a, "n");
	settle(&a);
	f = findings_on_page(&a);
	assert_non_null(f);
	at = strstr(a.findings.page.text.s, "when: what was there, and what was expected\n");
	assert_non_null(at);
	top = strchr(at, '\n') + 1;
	marks = top;
	for (int line = 0; line < 8; line++)
		marks = strchr(marks, '\n') + 1;
	for (size_t i = 9; marks[i] != '\n'; i++) {
		bool is_high = top[i] == '#' || top[i] == '!' || top[i] == '+';
		marked += marks[i] == '^';
		high += is_high;
		same += is_high && marks[i] == '^';
	}
	assert_int_equal(marked, (f->until - f->since) / 60);
	assert_true(high > 0 && same == high);
	assert_non_null(strstr(marks, "1 minute a column"));
	app_release(&a);
	shot("spike-120x40", 120, 40, false, "\v\v\v\nnnnnn");
	shot("spike-80x24", 80, 24, false, "\v\v\v\nnnnnn");
}

/* Records that come while the page of Z is open are on it by and by. It is the last test: they stay. */
static void usual_goes_on(void **state)
{
	char path[] = "/tmp/enitop-usual-XXXXXX";
	int fd = mkstemp(path);
	FILE *file;
	struct app a;
	size_t points;
	int64_t begin;

	(void)state;
	open_at(&a, 24, 80);
	press(&a, "/src=10.20.32.40\n1Z");
	settle(&a);
	assert_true(a.usual.page.open && a.usual.points > 0 && !a.usual.scan);
	points = a.usual.points;
	begin = a.usual.point[points - 1].time + 60;
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	for (int64_t m = 0; m < 5; m++)
		fprintf(file,
			"2 123456789012 eni-1 10.20.32.40 52.219.47.10 50000 443 6 100 7654321 "
			"%lld %lld ACCEPT OK\n",
			(long long)(begin + 60 * (m + 3)), (long long)(begin + 60 * (m + 4)));
	fclose(file);
	monitor_add_path(W.monitor, path);
	uv_run(&W.loop, UV_RUN_DEFAULT);
	for (int i = 0; a.usual.points < points + 5; i++) { /* a second or so later */
		assert_true(i < 6000);
		settle(&a);
		usleep(10000);
	}
	assert_true(fabs(a.usual.point[a.usual.points - 1].value - 7654321) < 1);
	unlink(path);
	app_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages),
		cmocka_unit_test(selection_moves),
		cmocka_unit_test(clauses_are_filters),
		cmocka_unit_test(on_from_a_page),
		cmocka_unit_test(usual),
		cmocka_unit_test(spike_is_drawn),
		cmocka_unit_test(usual_goes_on),
		cmocka_unit_test(goes_to_files),
		cmocka_unit_test(acknowledged),
		cmocka_unit_test(muted),
		cmocka_unit_test(strips_are_the_records),
		cmocka_unit_test(changes_are_true),
		cmocka_unit_test(nonsense),
	};

	job_setup();
	return cmocka_run_group_tests_name("findings page", tests, panes_open, panes_close);
}
