/* The footer: on every pane and on all that lies over one, each key that it names does something, and
 * is not refused; the help has every command, and finds it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app_filter.h"
#include "app/app_usual.h"
#include "app/app_why.h"
#include "cli/config_file.h"
#include "panes.h"
#include "state/layer.h"

#define LABELS 40

struct footer_keys {
	char label[LABELS][16];
	int n;
};

/* What stands in the last line as keys. */
static void read_footer(const struct app *a, struct footer_keys *k)
{
	int y = a->screen.rows - 1;
	bool inside = false;

	memset(k, 0, sizeof *k);
	for (int x = 0; x < a->screen.cols; x++) {
		const struct cell *c = screen_at(&a->screen, y, x);
		bool key = c->role == ROLE_KEY && c->ch != ' ';
		size_t n = strlen(k->label[k->n]);
		if (key && n + 1 < sizeof k->label[0])
			k->label[k->n][n] = (char)c->ch;
		if (inside && !key)
			k->n++;
		inside = key;
		assert_true(k->n < LABELS - 1);
	}
}

/* The key that is called so; "0-7": one of a pane that is not in focus. */
static int key_of(const struct app *a, const char *label)
{
	char name[16];

	if (strcmp(label, "0-7") == 0)
		return a->focus == a->pane + 1 ? '2' : '1';
	for (int key = 1; key < K_LAST; key = key == 126 ? K_FIRST + 1 : key + 1)
		if (key != '\n' && strcmp(key_label(key, name, sizeof name), label) == 0)
			return key;
	fail_msg("there is no key '%s'", label);
	return 0;
}

static void look(struct app *a, struct buf *out)
{
	buf_clear(out);
	screen_dump(&a->screen, true, out);
	buf_printf(out, "\n%d %u", (int)layer_on_top(a), W.quits);
}

static bool is_refusal(const char *message)
{
	static const char *const words[] = {
		"no ",       "nothing",    "there is no", "can't",
		"too early", "so already", "names no",    "not known"
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(message, words[i]))
			return true;
	return false;
}

/* As settle() of panes.h; but what is wrong is judged only where a place is about that: it takes most
 * of the time. */
static void rest(struct app *a, bool judged)
{
	if (judged) {
		settle(a);
		return;
	}
	while (app_bar_rest(a, 0) == 1)
		;
	for (int i = 0; i < 2; i++) {
		while (live_step(a->live, 1000000) || app_count(a, 1000000) ||
		       app_why_step(a, 1000000) || app_usual_step(a, 1000000))
			;
		a->clock_s = START + 3605;
		app_draw(a);
	}
}

/* The places that there are, by the keys that lead there. */
static const struct {
	const char *keys;
	enum layer layer;
	int least; /* keys in its footer at 120x40 */
} places[] = {
	{ "0", LAYER_FINDINGS, 10 },
	{ "1", LAYER_TALKERS, 10 },
	{ "2", LAYER_REJECTS, 10 },
	{ "2o", LAYER_REJECTS, 10 },
	{ "3", LAYER_PORTS, 10 },
	{ "4", LAYER_TIMELINE, 8 },
	{ "4\a\av\a", LAYER_TIMELINE, 8 },
	{ "5", LAYER_FLOWS, 10 },
	{ "6", LAYER_SOURCES, 8 },
	{ "7", LAYER_TRUST, 8 },
	{ "1\1\1", LAYER_TALKERS, 6 },
	{ "1\n", LAYER_FLOWS, 10 },
	{ "/dport=1 and dport=2\n1", LAYER_TALKERS, 6 },
	{ "[", LAYER_FINDINGS, 8 },
	{ "b", LAYER_FINDINGS, 8 },
	{ "d", LAYER_FINDINGS, 8 },
	{ "5\n", LAYER_RECORD, 8 },
	{ "5jj\n\1", LAYER_RECORD, 8 },
	{ "6\n", LAYER_SOURCE, 6 },
	{ "5c", LAYER_COLUMNS, 5 },
	{ "5cj", LAYER_COLUMNS, 6 },
	{ "/tcp and accept\nF", LAYER_CLAUSES, 6 },
	{ "F", LAYER_CLAUSES, 3 },
	{ "@", LAYER_SAVED, 5 },
	{ "/tcp\n@", LAYER_SAVED, 5 },
	{ "0\n", LAYER_FINDING, 8 },
	{ "1r", LAYER_WHY, 5 },
	{ "1Z", LAYER_USUAL, 4 },
	{ "?", LAYER_HELP, 2 },
	{ "0\n?", LAYER_HELP, 2 },
	{ "?/", LAYER_FIND, 2 },
	{ "/", LAYER_BAR, 3 },
	{ "/tcp\n/tcp", LAYER_BAR, 5 },
	{ "/dport=\t", LAYER_MENU, 4 },
	{ "/tcp\n/\2", LAYER_SEARCH, 3 },
	{ "t", LAYER_PERIOD, 2 },
	{ "t10:", LAYER_PERIOD, 2 },
	{ "R", LAYER_QUESTION, 2 },
	{ "Rx", LAYER_QUESTION, 2 },
	{ "\3"
	  "1e",
	  LAYER_EXPORT, 4 },
	{ "0u", LAYER_SURE, 2 },
	{ "/tcp\n@a", LAYER_NAME, 2 },
};

/* Where findings have to be there. */
static bool is_judged(size_t i)
{
	return places[i].keys[0] == '0' || places[i].keys[0] == '[';
}

static void begin(struct app *a, int rows, int cols, size_t i)
{
	bool judged = is_judged(i);

	app_init(a, &W.options, W.monitor);
	screen_resize(&a->screen, rows, cols);
	monitor_counts(W.monitor, &a->counts);
	rest(a, judged);
	for (const char *k = places[i].keys; *k; k++) {
		app_key(a, key_typed(*k));
		rest(a, judged);
	}
}

static unsigned failed;

static bool buf_equal(const struct buf *a, const struct buf *b)
{
	return a->n == b->n && memcmp(a->s, b->s, a->n) == 0;
}

/* One key of a footer, on a screen of its own. */
static void try_key(size_t i, int rows, int cols, const char *label)
{
	struct buf before = { 0 }, after = { 0 };
	struct app a;

	begin(&a, rows, cols, i);
	a.message[0] = '\0';
	rest(&a, is_judged(i));
	W.quits = 0;
	look(&a, &before);
	app_key(&a, key_of(&a, label));
	rest(&a, is_judged(i));
	look(&a, &after);
	if (is_refusal(a.message) || buf_equal(&before, &after)) {
		print_error("after '%s' at %dx%d the footer has %s: %s\n", places[i].keys, cols,
			    rows, label, a.message[0] ? a.message : "it does nothing");
		failed++;
	}
	buf_release(&before);
	buf_release(&after);
	app_release(&a);
}

/* Whether a key was tried on that layer already, in another place. */
static bool is_tried(struct buf *tried, enum layer on, const char *label)
{
	char entry[32];
	bool is;

	snprintf(entry, sizeof entry, "\n%d %s\n", (int)on, label);
	is = tried->n && strstr(tried->s, entry);
	if (!is)
		buf_puts(tried, entry);
	return is;
}

/* Under a sanitizer of each so many places, from another one on. */
static void each_key_of_each_footer(int rows, int cols, size_t first)
{
	struct buf tried = { 0 };
	struct footer_keys k;
	struct app a;

	failed = 0;
	for (size_t i = first % slowness(); i < ARRAY_SIZE(places); i += slowness()) {
		begin(&a, rows, cols, i);
		read_footer(&a, &k);
		if (layer_on_top(&a) != places[i].layer)
			fail_msg("'%s' leads to '%s'", places[i].keys,
				 layer_title(layer_on_top(&a)));
		if (cols >= 120 && k.n < places[i].least)
			fail_msg("after '%s' the footer has %d keys", places[i].keys, k.n);
		app_release(&a);
		for (int n = 0; n < k.n; n++)
			if (!is_tried(&tried, places[i].layer, k.label[n]))
				try_key(i, rows, cols, k.label[n]);
	}
	buf_release(&tried);
	assert_int_equal(failed, 0);
}

static void each_key_does_something(void **state)
{
	(void)state;
	each_key_of_each_footer(40, 120, 0);
}

static void on_a_small_screen_too(void **state)
{
	(void)state;
	each_key_of_each_footer(10, 40, 2);
}

/* Every layer that has a footer is among the places. */
static void no_place_is_left_out(void **state)
{
	bool seen[LAYERS_N] = { [LAYER_PANE] = true, [LAYER_GROUPING] = true };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		seen[places[i].layer] = true;
	for (int l = 0; l < LAYERS_N; l++)
		if (!seen[l])
			fail_msg("no place of '%s' (%d)", layer_title(l), l);
}

/* ---- the help ---- */

static void plain(struct app *a, int rows, int cols, const char *keys)
{
	app_init(a, &W.options, W.monitor);
	screen_resize(&a->screen, rows, cols);
	app_draw(a);
	for (const char *k = keys; *k; k++) {
		app_key(a, key_typed(*k));
		app_draw(a);
	}
}

/* Words of a text, each somewhere on the screen: of one that is folded the lines are apart. */
static void shows_words(const struct app *a, const char *text)
{
	struct str rest = str_of(text), word;
	char one[64];

	while ((word = str_token(&rest)).n) {
		snprintf(one, sizeof one, "%.*s", (int)word.n, word.s);
		if (!screen_shows(a, one))
			fail_msg("at %d columns the help has no '%s' of '%s'", a->screen.cols, one,
				 text);
	}
}

/* Each command with all its keys, at any width that has room for a word; nothing is cut. */
static void help_has_every_command(void **state)
{
	const struct keys *k = &W.options.keys;
	struct app a;

	(void)state;
	for (int cols = 20; cols <= 200; cols += 9) {
		plain(&a, 1500, cols, "?");
		for (int i = 0; i < keys_commands(k); i++) {
			struct buf keys = { 0 };
			keys_text(k, i, &keys);
			shows_words(&a, keys_row(k, i).help);
			shows_words(&a, keys.s);
			buf_release(&keys);
		}
		for (int y = 4; y < 1498; y++)
			for (int x = 0; x < cols; x++)
				assert_int_not_equal(screen_at(&a.screen, y, x)->ch, 0x2026);
		assert_false(screen_shows(&a, "Down: more"));
		app_release(&a);
	}
}

/* The heading of what the help was opened over stands in its first line. */
static void help_begins_with_what_is_focused(void **state)
{
	static const struct {
		const char *keys, *heading;
	} ways[] = { { "0", "Findings" },     { "2", "Rejects" },           { "4", "Timeline" },
		     { "5", "Flows" },        { "5c", "Columns of flows" }, { "F", "Clauses" },
		     { "@", "Saved filters" } };
	struct app a;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct buf all = { 0 };
		const char *line, *title;
		plain(&a, 40, 100, ways[i].keys);
		app_key(&a, '?');
		app_draw(&a);
		screen_dump(&a.screen, false, &all);
		title = strstr(all.s, " Help ");
		line = title ? strchr(title, '\n') : NULL;
		assert_non_null(line);
		assert_ptr_equal(strstr(line, ways[i].heading) - strcspn(line, "FRTCS"), line);
		app_key(&a, K_ESCAPE);
		assert_false(a.help);
		buf_release(&all);
		app_release(&a);
	}
}

static void help_is_searched(void **state)
{
	struct app a;

	(void)state;
	plain(&a, 40, 100, "?/FREEZE");
	assert_true(screen_shows(&a, "freeze; reading goes on"));
	assert_true(screen_shows(&a, "Everywhere"));
	assert_false(screen_shows(&a, "Findings  "));
	assert_false(screen_shows(&a, "next metric"));
	app_key(&a, '\n'); /* kept */
	app_draw(&a);
	assert_false(screen_shows(&a, "next metric"));
	assert_int_equal(layer_on_top(&a), LAYER_HELP);
	app_key(&a, K_ESCAPE); /* all again, */
	app_draw(&a);
	assert_true(a.help && screen_shows(&a, "next metric"));
	app_key(&a, K_ESCAPE); /* and away */
	assert_false(a.help);
	app_release(&a);
	/* By key, by heading and word; nothing; Esc while it is typed. */
	plain(&a, 40, 100, "?/f9");
	assert_true(screen_shows(&a, "freeze; reading goes on"));
	assert_false(screen_shows(&a, "next metric"));
	app_release(&a);
	plain(&a, 40, 100, "?/clauses remove");
	assert_true(screen_shows(&a, "remove it") && !screen_shows(&a, "switch it off, on"));
	app_release(&a);
	plain(&a, 40, 100, "?/nosuchword");
	assert_true(screen_shows(&a, "nothing has that in it"));
	app_key(&a, K_ESCAPE);
	app_draw(&a);
	assert_true(a.help && screen_shows(&a, "next metric"));
	app_release(&a);
}

static char folder[] = "/tmp/enitop-footer-XXXXXX";

/* A configuration of its own, which `u` and `y` write to. */
static int open_with_filters(void **state)
{
	int rc = panes_open(state);
	struct buf path = { 0 };

	assert_non_null(mkdtemp(folder));
	buf_printf(&path, "%s/config", folder);
	config_free(W.options.config);
	W.options.config = config_new();
	config_read(W.options.config, path.s, false, NULL, NULL, stderr);
	config_put(W.options.config, str_of("web"), str_of("dport=443"), 0);
	config_put(W.options.config, str_of("ssh"), str_of("dport=22"), 0);
	return rc;
}

static int close_with_filters(void **state)
{
	unlink(W.options.config->path);
	rmdir(folder);
	return panes_close(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_place_is_left_out),
		cmocka_unit_test(each_key_does_something),
		cmocka_unit_test(on_a_small_screen_too),
		cmocka_unit_test(help_has_every_command),
		cmocka_unit_test(help_begins_with_what_is_focused),
		cmocka_unit_test(help_is_searched),
	};

	return cmocka_run_group_tests_name("footer", tests, open_with_filters, close_with_filters);
}
