/* The parts of the screen without a terminal: the grid, looks, the prompt, commands,
 * options. */
#include <unistd.h>

#include "filter/filter.h"
#include "cli/filter_table.h"
#include "query/heat.h"
#include "cli/options.h"
#include <locale.h>

#include "term/prompt.h"
#include "term/screen.h"
#include "support.h"
#include "view/view.h"

static void dumped(const struct screen *s, const char *want)
{
	struct buf out = { 0 };

	screen_dump(s, false, &out);
	assert_string_equal(out.s, want);
	buf_release(&out);
}

static void text_is_sanitised(void **state)
{
	struct screen s = { 0 };

	(void)state;
	screen_resize(&s, 2, 12);
	screen_text(screen_area(&s), 0, 0, 12, ROLE_TEXT, str_of("a\033[2J\tb\x9b\xff"));
	screen_text(screen_area(&s), 1, 0, 6, ROLE_TEXT, str_of("too long for it"));
	dumped(&s, "a.[2J.b..\ntoo l…\n");
	screen_release(&s);
}

static void put_label(struct screen *s, int width, const char *text, const char *want)
{
	screen_clear(s);
	screen_label(screen_area(s), 0, 0, width, ROLE_TEXT, str_of(text));
	dumped(s, want);
}

/* By columns: no character is cut, and none leaves its half behind. */
static void labels_are_utf8(void **state)
{
	struct screen s = { 0 };
	struct area a;

	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	screen_resize(&s, 1, 12);
	a = screen_area(&s);
	put_label(&s, 12, "Bu\xcc\x88ro 日本", "Bu\xcc\x88ro 日本\n");
	assert_int_equal(screen_at(&s, 0, 1)->mark[0], 0x308);
	assert_int_equal(screen_at(&s, 0, 5)->ch, 0x65e5);
	assert_int_equal(screen_at(&s, 0, 6)->ch, 0);
	put_label(&s, 4, "日本", "日本\n");
	put_label(&s, 4, "日本語", "日…\n");
	put_label(&s, 5, "日本語", "日本…\n");
	put_label(&s, 1, "日本語", "…\n");
	/* No UTF-8, control (C1 too), marks of direction, what has no shape. */
	put_label(&s, 12, "\xc3(\xc0\xaf\xed\xa0\x80", ".(.....\n");
	put_label(&s, 12, "a\xc2\x9b\x7f\xe2\x80\xae\xe2\x81\xa6\xe2\x80\x8b\xef\xbb\xbf\xc3",
		  "a.......\n");
	put_label(&s, 12, "\xcc\x88x", "x\n");
	/* Both ends, and no half in between. */
	screen_clear(&s);
	screen_text_middle(a, 0, 0, 12, ROLE_TEXT, str_of("日本語日本語日本語"));
	dumped(&s, "日本語… 本語\n");
	/* Drawn over. */
	put_label(&s, 12, "日本語", "日本語\n");
	screen_puts(a, 0, 1, ROLE_TEXT, "xx");
	dumped(&s, " xx 語\n");
	put_label(&s, 12, "日本語", "日本語\n");
	screen_label(a, 0, 1, 4, ROLE_TEXT, str_of("本本"));
	dumped(&s, " 本本\n");
	s.ascii = true;
	put_label(&s, 12, "Büro 日", "B.ro .\n");
	screen_release(&s);
	setlocale(LC_CTYPE, "C");
	screen_resize(&s, 1, 12);
	s.ascii = false;
	put_label(&s, 12, "Büro 日", "B.ro .\n");
	screen_release(&s);
}

/* Nothing is drawn outside an area, wherever it is asked for. */
static void areas_cut(void **state)
{
	struct screen s = { 0 };
	struct area a;
	uint64_t v[3] = { 1, 2, 3 };

	(void)state;
	screen_resize(&s, 3, 6);
	a = area_part(screen_area(&s), 1, 2, 1, 2);
	for (int y = -3; y < 5; y++)
		for (int x = -3; x < 9; x++) {
			screen_text(a, y, x, 20, ROLE_TEXT, str_of("zzzzzzzz"));
			screen_glyph(a, y, x, ROLE_TEXT, GLYPH_H);
			screen_paint(a, y, x, 20, ROLE_SELECTED);
			screen_spark(a, y, x, ROLE_TEXT, v, 3);
			screen_text(a, y, x, 20, ROLE_TEXT, str_of("zz"));
		}
	dumped(&s, "\n  z…\n\n");
	a = area_part(screen_area(&s), 5, 9, 3, 3);
	assert_int_equal(a.rows, 0);
	screen_box(a, true, "nothing");
	screen_release(&s);
}

static void charts(void **state)
{
	struct screen s = { 0 };
	uint64_t v[] = { 0, 1, 4, 8 };

	(void)state;
	screen_resize(&s, 4, 8);
	screen_spark(screen_area(&s), 0, 0, ROLE_TREND, v, 4);
	screen_column(screen_area(&s), 3, 0, 3, ROLE_TREND, 12, 24);
	for (int i = -1; i <= 4; i++)
		screen_heat(screen_area(&s), 0, 4 + i, i);
	dumped(&s, " ▁▄█░▒▓█\n\n▄\n█\n");
	s.ascii = true;
	screen_clear(&s);
	screen_spark(screen_area(&s), 0, 0, ROLE_TREND, v, 4);
	screen_box(area_part(screen_area(&s), 1, 0, 3, 8), false, "");
	struct buf out = { 0 };
	screen_dump(&s, false, &out);
	for (size_t i = 0; i < out.n; i++)
		assert_true((unsigned char)out.s[i] < 127);
	buf_release(&out);
	screen_release(&s);
}

static void heat_scales(void **state)
{
	/* Equal factors of 100 from 40 to 4,000,000,000; equal parts; hardly anything. */
	struct heat_scale s = heat_scale_of(40, UINT64_C(4000000000), false);
	static const struct {
		uint64_t amount;
		int step;
	} want[] = { { 0, -1 },       { 39, 0 },        { 40, 0 },     { 3999, 0 },
		     { 4000, 1 },     { 399999, 1 },    { 400000, 2 }, { 39999999, 2 },
		     { 40000000, 3 }, { UINT64_MAX, 3 } };
	int row, column;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		assert_int_equal(heat_step(&s, want[i].amount), want[i].step);
	s = heat_scale_of(3, 1000, true);
	assert_int_equal(heat_step(&s, 249), 0);
	assert_int_equal(heat_step(&s, 250), 1);
	assert_int_equal(heat_step(&s, 500), 2);
	assert_int_equal(heat_step(&s, 750), 3);
	s = heat_scale_of(7, 7, false);
	assert_int_equal(heat_step(&s, 7), 3);
	s = heat_scale_of(0, 0, false);
	assert_int_equal(heat_step(&s, 0), -1);
	s = heat_scale_of(1, UINT64_MAX, false);
	assert_true(s.from[1] == 65535 && s.from[2] == UINT32_MAX && s.from[3] > s.from[2]);
	assert_true(heat_parse(str_of("port, host"), &row, &column));
	assert_true(row == FIELD_SERVICE && column == FIELD_SERVER);
	assert_true(heat_parse(str_of("server,time"), &row, &column));
	assert_false(heat_parse(str_of("time,port"), &row, &column));
	assert_false(heat_parse(str_of("port,port"), &row, &column));
	assert_false(heat_parse(str_of("port"), &row, &column));
	assert_false(heat_parse(str_of("port,bytes"), &row, &column));
}

static void middle_is_cut(void **state)
{
	struct screen s = { 0 };

	(void)state;
	screen_resize(&s, 1, 30);
	screen_text_middle(screen_area(&s), 0, 0, 20, ROLE_TEXT,
			   str_of("10.20.17.23 > 10.20.0.21:443"));
	dumped(&s, "10.20.17.23…0.21:443\n");
	screen_release(&s);
}

/* ---- themes ---- */

static int load(const char *text, struct theme *t, char *error, size_t size)
{
	char path[] = "/tmp/enitop-theme-XXXXXX";
	int fd = mkstemp(path), rc;

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	rc = theme_load(t, path, NULL, error, size);
	unlink(path);
	return rc;
}

static void themes(void **state)
{
	struct theme t;
	char error[256] = "";

	(void)state;
	assert_int_equal(load("[roles]\nreject = white on #102030 bold underline\ntext = default\n",
			      &t, error, sizeof error),
			 0);
	assert_int_equal(t.style[ROLE_REJECT].fg, 7);
	assert_int_equal(t.style[ROLE_REJECT].bg, COLOR_RGB | 0x102030);
	assert_int_equal(t.style[ROLE_REJECT].attributes, ATTR_BOLD | ATTR_UNDERLINE);
	assert_int_equal(t.style[ROLE_TEXT].fg, COLOR_DEFAULT_);
	/* What is not named keeps its look. */
	assert_int_equal(t.style[ROLE_ACCEPT].fg, 2);
	assert_true(load("[roles]\n\nrejects = red\n", &t, error, sizeof error) < 0);
	assert_non_null(strstr(error, "line 3: unknown role 'rejects'"));
	assert_true(load("[roles]\nreject = rad\n", &t, error, sizeof error) < 0);
	assert_non_null(strstr(error, "line 2: unknown colour or attribute 'rad'"));
	assert_int_equal(theme_load(&t, "mono", NULL, error, sizeof error), 0);
	assert_false(t.colors);
	assert_true(theme_load(&t, "nosuch", "/nowhere", error, sizeof error) < 0);
	assert_non_null(strstr(error, "no theme 'nosuch': there are "));
	assert_non_null(strstr(error, "dark, "));
	assert_true(theme_load(&t, "/nowhere/x.theme", NULL, error, sizeof error) < 0);
	assert_non_null(strstr(error, "'/nowhere/x.theme': No such file"));
}

/* Each that is built in says of every role how it looks; one of the user's own goes before it. */
static void shipped_themes(void **state)
{
	struct theme t, plain;
	struct buf names = { 0 };
	char error[256] = "", *rest = NULL, folder[] = "/tmp/enitop-themes-XXXXXX", path[128];
	FILE *own;

	(void)state;
	theme_names(&names);
	for (char *n = strtok_r(names.s, ", ", &rest); n; n = strtok_r(NULL, ", ", &rest))
		if (theme_load(&t, n, NULL, error, sizeof error) != 0)
			fail_msg("%s: %s", n, error);
	buf_release(&names);
	theme_default(&plain);
	assert_int_equal(theme_load(&t, "dark", NULL, error, sizeof error), 0);
	for (int r = 0; r < ROLE_COUNT; r++) {
		assert_int_equal(t.style[r].fg, plain.style[r].fg);
		assert_int_equal(t.style[r].bg, plain.style[r].bg);
		assert_int_equal(t.style[r].attributes, plain.style[r].attributes);
		assert_int_equal(t.few[r].fg, plain.few[r].fg);
		assert_int_equal(t.few[r].attributes, plain.few[r].attributes);
	}
	assert_int_equal(theme_load(&t, "nord", NULL, error, sizeof error), 0);
	assert_int_equal(t.style[ROLE_REJECT].fg, COLOR_RGB | 0xbf616a);
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/nord.theme", folder);
	own = fopen(path, "w");
	assert_non_null(own);
	fputs("[roles]\nreject = magenta\n", own);
	fclose(own);
	assert_int_equal(theme_load(&t, "nord", folder, error, sizeof error), 0);
	assert_int_equal(t.style[ROLE_REJECT].fg, 5);
	unlink(path);
	rmdir(folder);
}

/* ---- the prompt ---- */

static void type(struct prompt *p, const char *text)
{
	while (*text)
		prompt_key(p, *text++);
}

static void prompt_edits(void **state)
{
	struct prompt p = { .n = 0 };

	(void)state;
	type(&p, "dport=443 and reject");
	prompt_key(&p, K_CTRL('W'));
	assert_string_equal(p.text, "dport=443 and ");
	prompt_key(&p, K_HOME);
	type(&p, "x");
	prompt_key(&p, K_DELETE);
	assert_string_equal(p.text, "xport=443 and ");
	prompt_key(&p, K_BACKSPACE);
	assert_string_equal(p.text, "port=443 and ");
	assert_int_equal(prompt_key(&p, K_BACKSPACE), PROMPT_NOTHING);
	prompt_key(&p, K_END);
	prompt_key(&p, K_LEFT);
	prompt_key(&p, K_CTRL('K'));
	assert_string_equal(p.text, "port=443 and");
	prompt_key(&p, K_CTRL('U'));
	assert_string_equal(p.text, "");
	/* No byte that is not text, however it is typed. */
	prompt_key(&p, 200);
	prompt_key(&p, K_UP);
	prompt_key(&p, 1);
	assert_string_equal(p.text, "");
	for (int i = 0; i < 2 * PROMPT_MAX; i++)
		prompt_key(&p, 'a');
	assert_int_equal(strlen(p.text), PROMPT_MAX - 1);
	assert_int_equal(prompt_key(&p, K_ENTER), PROMPT_ACCEPT);
	assert_int_equal(prompt_key(&p, K_ESCAPE), PROMPT_CANCEL);
	prompt_release(&p);
}

static void prompt_history(void **state)
{
	struct prompt p = { .n = 0 };

	(void)state;
	for (int i = 0; i < 40; i++) {
		char line[24];
		snprintf(line, sizeof line, "port=%d", i);
		prompt_remember(&p, line);
		prompt_remember(&p, line);
	}
	type(&p, "half");
	prompt_key(&p, K_UP);
	assert_string_equal(p.text, "port=39");
	prompt_key(&p, K_UP);
	assert_string_equal(p.text, "port=38");
	prompt_key(&p, K_DOWN);
	prompt_key(&p, K_DOWN);
	assert_string_equal(p.text, "half");
	for (int i = 0; i < 50; i++)
		prompt_key(&p, K_UP);
	assert_string_equal(p.text, "port=8");
	prompt_release(&p);
}

/* ---- commands ---- */

/* Those of the panes among them: where a key does something, it does one thing. What lies over the
 * panes may have a key of theirs. */
static void one_command_a_key(void **state)
{
	struct keys k;

	(void)state;
	keys_init(&k, &view_table);
	for (unsigned i = 0; i < k.n; i++) {
		struct command c = keys_row(&k, k.bound[i].command);
		bool over = !(c.layers & IN_PANES);
		assert_int_not_equal(k.bound[i].key, 0);
		for (unsigned j = 0; j < i; j++) {
			struct command d = keys_row(&k, k.bound[j].command);
			if (k.bound[i].key == k.bound[j].key && (c.layers & d.layers) &&
			    over == !(d.layers & IN_PANES))
				fail_msg("%s and %s share a key", c.name, d.name);
		}
	}
	for (int i = 0; i < keys_commands(&k); i++) {
		const char *help = keys_row(&k, i).help;
		assert_true(strlen(help) > 0 && strlen(help) < 64);
		assert_int_not_equal(keys_key(&k, i, 0), 0);
	}
}

/* Keys are called so that they are read back as the same. */
static void keys_have_names(void **state)
{
	char name[16], label[16];

	(void)state;
	for (int key = 1; key < K_LAST; key = key == 126 ? K_FIRST + 1 : key + 1) {
		if (key == '\n' || (key > 27 && key < ' '))
			continue;
		key_called(key, name, sizeof name);
		if (key_of_name(str_of(name)) != key)
			fail_msg("'%s' is read as %d, not %d", name, key_of_name(str_of(name)),
				 key);
		assert_true(*key_label(key, label, sizeof label));
	}
	assert_int_equal(key_of_name(str_of("Slash")), '/');
	assert_int_equal(key_of_name(str_of("CTRL-X")), K_CTRL('X'));
	assert_int_equal(key_of_name(str_of("ctrl-m")), K_ENTER);
	assert_int_equal(key_of_name(str_of("ctrl-j")), K_ENTER);
	assert_int_equal(key_of_name(str_of("F12")), K_F12);
	assert_int_equal(key_of_name(str_of("f13")), 0);
	assert_int_equal(key_of_name(str_of("")), 0);
	assert_int_equal(key_of_name(str_of("\303")), 0);
}

/* ---- options ---- */

static int parse(struct options *o, char *error, size_t size, const char *const *words)
{
	char *argv[32] = { (char[]){ "enitop" } };
	int argc = 1, rc;
	FILE *out = tmpfile(), *err = tmpfile();

	for (; words[argc - 1]; argc++)
		argv[argc] = (char *)(uintptr_t)words[argc - 1];
	rc = options_parse(o, &view_table, argc, argv, out, err);
	options_release(o);
	rewind(err);
	error[fread(error, 1, size - 1, err)] = '\0';
	fclose(out);
	fclose(err);
	return rc;
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void options_are_read(void **state)
{
	struct options o;
	char error[1024];

	(void)state;
	assert_int_equal(parse(&o, error, sizeof error,
			       WORDS("-b", "-v", "talkers,ports", "-g", "srcaddr", "-m", "flows",
				     "-n", "0", "-w", "reject", "-t", "6h", "-o", "json",
				     "--memory", "256M", "--demo=7", "x.log")),
			 -1);
	assert_true(o.batch && o.demo && o.views == 2 && o.view[1] == view_table.row[3]);
	assert_int_equal(o.group.field[0], FIELD_SRCADDR);
	assert_int_equal(o.metric, METRIC_FLOWS);
	assert_int_equal(o.limit, 0);
	assert_int_equal(o.window_s, 6 * 3600);
	assert_int_equal(o.output, OUTPUT_JSON);
	assert_int_equal(o.memory, 256 << 20);
	assert_int_equal(o.demo_rate, 7);
	assert_string_equal(o.path[0], "x.log");
}

/* The same table, a line an option; the command line has the last word. */
static void a_file_of_options(void **state)
{
	static const char text[] = "where = @ssh\nwindow = 6h\nascii = yes\nlocal = no\n"
				   "metric = flows\nfilter ssh = dport=22\n"
				   "metric = x\nhelp = yes\nascii = perhaps\ntheme =\n";
	char path[] = "/tmp/enitop-config-XXXXXX", error[1024], want[1024];
	int fd = mkstemp(path);
	struct options o;

	(void)state;
	assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
	close(fd);
	setenv("HOME", "/home/x", 1);
	assert_int_equal(
		parse(&o, error, sizeof error, WORDS("--window", "5m", "--config", path, "x.log")),
		-1);
	assert_int_equal(o.window_s, 300);
	assert_true(o.ascii && !o.local_time);
	assert_int_equal(o.metric, METRIC_FLOWS);
	snprintf(
		want, sizeof want,
		"enitop: %s:7: metric: 'x' is no metric (bytes, packets, flows, rejects, lost, cost, bytes/s, bits/s, packets/s, flows/s, rejects/s, distinct:FIELD)\n"
		"enitop: %s:8: 'help' belongs on the command line\n"
		"enitop: %s:9: 'ascii' is yes or no, not 'perhaps'\n"
		"enitop: %s:10: 'theme' wants a value\n",
		path, path, path, path);
	assert_string_equal(error, want);
	assert_int_equal(parse(&o, error, sizeof error,
			       WORDS("--config", path, "--no-config", "-w", "@ssh", "x.log")),
			 2);
	assert_non_null(strstr(error, "@ssh is no saved filter"));
	unlink(path);
}

static void mistakes_are_usage_errors(void **state)
{
	static const char *const wrong[][2] = {
		{ "--view", "nosuch" },    { "--group", "srcadr" },   { "--metric", "x" },
		{ "--limit", "-1" },       { "--where", "dprt=3" },   { "--window", "soon" },
		{ "--since", "some day" }, { "--format", "one two" }, { "--output", "xml" },
		{ "--memory", "lots" },    { "--color", "maybe" },    { "--nosuch", "x" },
	};
	struct options o;
	char error[1024];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_int_equal(parse(&o, error, sizeof error,
				       WORDS("-b", wrong[i][0], wrong[i][1], "x.log")),
				 2);
		assert_true(strlen(error) > 10);
	}
}

/* Relative to --now wherever it stands; --now itself to the clock. */
static void times_of_options(void **state)
{
	struct options o;
	char error[1024];

	(void)state;
	assert_int_equal(parse(&o, error, sizeof error,
			       WORDS("-b", "--since", "-2h", "--until", "02:00", "--now",
				     "2026-11-24T03:05:10Z", "x.log")),
			 -1);
	assert_int_equal(o.now_s, 1795489510);
	assert_int_equal(o.since_s, 1795489510 - 7200);
	assert_int_equal(o.until_s, 1795478400 + 7200);
	assert_int_equal(parse(&o, error, sizeof error,
			       WORDS("-b", "--now", "2026-11-24", "--since", "yesterday", "x.log")),
			 -1);
	assert_int_equal(o.now_s, 1795478400);
	assert_int_equal(o.since_s, 1795478400 - 86400);
	assert_int_equal(o.until_s, INT64_MAX);
}

/* Each example of the language parses; tests/manual.sh has the rows in the manual. */
static void examples_of_the_language(void **state)
{
	size_t n, examples = 0;
	const struct filter_row *row = filter_rows(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct str rest = str_of(row[i].examples), one;
		while ((one = filter_example(&rest)).n) {
			struct filter_error e;
			struct filter *filter = filter_new(one, 1700000000, &e);
			if (!filter)
				fail_msg("'%.*s': %s", (int)one.n, one.s, e.message);
			filter_free(filter);
			examples++;
		}
	}
	assert_true(examples > 3 * n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_sanitised),
		cmocka_unit_test(labels_are_utf8),
		cmocka_unit_test(areas_cut),
		cmocka_unit_test(charts),
		cmocka_unit_test(heat_scales),
		cmocka_unit_test(middle_is_cut),
		cmocka_unit_test(themes),
		cmocka_unit_test(shipped_themes),
		cmocka_unit_test(prompt_edits),
		cmocka_unit_test(prompt_history),
		cmocka_unit_test(one_command_a_key),
		cmocka_unit_test(keys_have_names),
		cmocka_unit_test(options_are_read),
		cmocka_unit_test(a_file_of_options),
		cmocka_unit_test(mistakes_are_usage_errors),
		cmocka_unit_test(times_of_options),
		cmocka_unit_test(examples_of_the_language),
	};

	return cmocka_run_group_tests_name("ui", tests, NULL, NULL);
}
