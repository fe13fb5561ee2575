/* What `y` copies: the row as filter, command line and records; and how it is told a terminal. */
#include <unistd.h>

#include "panes.h"
#include "term/clipboard.h"

static struct app A;

static int begin(void **state)
{
	(void)state;
	app_init(&A, &W.options, W.monitor);
	screen_resize(&A.screen, 40, 120);
	W.clips = true;
	settle(&A);
	press(&A, "1");
	return 0;
}

static int end(void **state)
{
	(void)state;
	app_release(&A);
	buf_release(&W.clip);
	return 0;
}

static const char *clip(void)
{
	return W.clip.s ? W.clip.s : "";
}

/* What a shell makes of the clip's words behind the first, a line each. */
static void words_of_clip(struct buf *out)
{
	struct buf command = { 0 };
	char line[4096];
	FILE *p;

	assert_memory_equal(clip(), "enitop ", 7);
	buf_printf(&command, "printf '%%s\\n' %s", clip() + 7);
	p = popen(command.s, "r");
	assert_non_null(p);
	while (fgets(line, sizeof line, p))
		buf_puts(out, line);
	pclose(p);
	buf_release(&command);
}

static void the_row_as_filter(void **state)
{
	struct filter_error e;
	struct filter *f;

	(void)state;
	press(&A, "yf");
	assert_non_null(strstr(clip(), "client="));
	assert_non_null(strstr(clip(), "server="));
	f = filter_new(buf_str(&W.clip), 0, &e);
	assert_non_null(f);
	filter_free(f);
	assert_true(screen_shows(&A, "given to the terminal to copy"));
}

static void as_a_command_that_a_shell_reads(void **state)
{
	struct buf words = { 0 };

	(void)state;
	assert_true(app_set_filter(&A, "src=10.0.0.0/8 or /it's \\$HOME `x`/"));
	settle(&A);
	press(&A, "y");
	assert_true(screen_shows(&A, "copy as"));
	press(&A, "c");
	words_of_clip(&words);
	assert_memory_equal(words.s, "-t\n900s\n--where\n(", 17);
	assert_non_null(strstr(words.s, "(src=10.0.0.0/8 or /it's \\$HOME `x`/) and client="));
	buf_release(&words);
}

/* It may be typed in another folder, where standard input is another. */
static void files_by_their_whole_names(void **state)
{
	char *paths[] = { (char[]){ "it's.log" }, (char[]){ "/b.log" }, (char[]){ "-" } };
	char want[4200], folder[4096];
	struct buf words = { 0 };

	(void)state;
	assert_non_null(getcwd(folder, sizeof folder));
	snprintf(want, sizeof want, "--\n%s/it's.log\n/b.log\n-\n", folder);
	W.options.path = paths;
	W.options.paths = 3;
	press(&A, "yc");
	W.options.paths = 0;
	words_of_clip(&words);
	assert_non_null(strstr(words.s, want));
	assert_true(screen_shows(&A, "it reads standard input: pipe the log into it"));
	buf_release(&words);
}

static void what_would_move_the_terminal_is_refused(void **state)
{
	(void)state;
	assert_true(app_set_filter(&A, "not /\033]52/"));
	settle(&A);
	press(&A, "yc");
	assert_true(screen_shows(&A, "not copied: there are signs of control in it"));
	assert_int_equal(W.clip.n, 0);
}

static void as_records(void **state)
{
	struct buf filter = { 0 };
	struct str rest;
	size_t lines = 0;

	(void)state;
	press(&A, "yf");
	buf_add_str(&filter, buf_str(&W.clip));
	press(&A, "yr");
	for (rest = buf_str(&W.clip); rest.n; lines++) {
		const char *line = rest.s, *next = memchr(line, '\n', rest.n);
		assert_non_null(next);
		rest = (struct str){ next + 1, rest.n - (size_t)(next + 1 - line) };
	}
	assert_in_range(lines, 2, 201); /* the demo's format has a header */
	/* Both ends of the row stand in the last line. */
	for (const char *field = filter.s; (field = strstr(field, "client=")); field++) {
		char address[64];
		assert_int_equal(sscanf(field, "client=%63[0-9a-f.:]", address), 1);
		assert_non_null(strstr(clip(), address));
	}
	buf_release(&filter);
}

static void one_record_is_its_line(void **state)
{
	(void)state;
	press(&A, "5");
	settle(&A);
	press(&A, "yr");
	assert_true(W.clip.n > 40);
	assert_ptr_equal(strchr(strchr(clip(), '\n') + 1, '\n'), clip() + W.clip.n - 1);
}

static void by_hand_it_stands_alone(void **state)
{
	(void)state;
	press(&A, "yf");
	char first = clip()[0];
	press(&A, "yF");
	assert_int_equal(screen_at(&A.screen, 0, 0)->ch, first);
	for (int i = 0; i < A.screen.rows * A.screen.cols; i++)
		assert_int_equal(A.screen.cell[i].role, ROLE_TEXT);
	assert_false(screen_shows(&A, "Talkers"));
	press(&A, "x");
	assert_true(screen_shows(&A, "Talkers"));
	/* So is what a terminal can't copy. */
	W.clips = false;
	press(&A, "yf");
	assert_false(screen_shows(&A, "Talkers"));
	press(&A, "x");
	assert_true(screen_shows(&A, "Talkers"));
}

/* ---- the words ---- */

static void check_words(const char *text, enum passage p, const char *wanted)
{
	struct buf out = { 0 };

	clipboard_put(str_of(text), p, &out);
	assert_string_equal(out.s, wanted);
	buf_release(&out);
}

static void base64_as_rfc_4648_has_it(void **state)
{
	(void)state;
	check_words("", PASSAGE_NONE, "\033]52;c;\a");
	check_words("f", PASSAGE_NONE, "\033]52;c;Zg==\a");
	check_words("fo", PASSAGE_NONE, "\033]52;c;Zm8=\a");
	check_words("foobar", PASSAGE_NONE, "\033]52;c;Zm9vYmFy\a");
	check_words("\377\376>?", PASSAGE_NONE, "\033]52;c;//4+Pw==\a");
}

static void through_tmux_and_screen(void **state)
{
	(void)state;
	check_words("foo", PASSAGE_TMUX, "\033]52;c;Zm9v\a\033Ptmux;\033\033]52;c;Zm9v\a\033\\");
	check_words("foo", PASSAGE_SCREEN, "\033P\033]52;c;Zm9v\a\033\\");
	/* 60 bytes are 80 in base64: two pieces. */
	check_words(
		"foofoofoofoofoofoofoofoofoofoofoofoofoofoofoofoofoofoofoofoo", PASSAGE_SCREEN,
		"\033P\033]52;c;Zm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZ"
		"\033\\\033Pm9vZm9vZm9v\a\033\\");
	assert_int_equal(clipboard_passage("/tmp/tmux-0/default,1,0", NULL, "screen-256color"),
			 PASSAGE_TMUX);
	assert_int_equal(clipboard_passage(NULL, "1.pts", "xterm"), PASSAGE_SCREEN);
	assert_int_equal(clipboard_passage(NULL, NULL, "tmux-256color"), PASSAGE_TMUX);
	assert_int_equal(clipboard_passage(NULL, NULL, "xterm-256color"), PASSAGE_NONE);
}

int main(void)
{
#define SCREEN_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		SCREEN_TEST(the_row_as_filter),
		SCREEN_TEST(as_a_command_that_a_shell_reads),
		SCREEN_TEST(files_by_their_whole_names),
		SCREEN_TEST(what_would_move_the_terminal_is_refused),
		SCREEN_TEST(as_records),
		SCREEN_TEST(one_record_is_its_line),
		SCREEN_TEST(by_hand_it_stands_alone),
		cmocka_unit_test(base64_as_rfc_4648_has_it),
		cmocka_unit_test(through_tmux_and_screen),
	};

	return cmocka_run_group_tests_name("copy", tests, panes_open, panes_close);
}
