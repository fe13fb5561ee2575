/* panes.c - see panes.h. */
#include "panes.h"

#include "app/app_causes.h"
#include "app/app_findings.h"
#include "app/app_usual.h"
#include "app/app_why.h"

#include <locale.h>

#include "app/app_filter.h"
#include "picture.h"
#include "term/key.h"

/* The loop is not there: what it would do is done by hand below. */
void app_dirty(struct app *a)
{
	(void)a;
}
void app_quit(struct app *a)
{
	(void)a;
	W.quits++;
}
void app_suspend(struct app *a)
{
	(void)a;
}
bool app_use_mouse(struct app *a, bool on)
{
	(void)a;
	(void)on;
	return true;
}
bool app_clip(struct app *a, struct str text)
{
	(void)a;
	buf_clear(&W.clip);
	buf_add_str(&W.clip, text);
	return W.clips;
}

void app_redraw(struct app *a)
{
	(void)a;
}

struct panes W;

static void on_changed(void *ctx)
{
	(void)ctx;
}

static void on_caught_up(void *ctx)
{
	uv_stop(ctx);
}

static void on_error(void *ctx, const char *message)
{
	(void)ctx;
	(void)message;
}

struct monitor_events panes_events(uv_loop_t *loop)
{
	return (struct monitor_events){
		.ctx = loop, .changed = on_changed, .caught_up = on_caught_up, .error = on_error
	};
}

int panes_open(void **state)
{
	struct monitor_events e = panes_events(&W.loop);
	struct monitor_options o = { .memory = 1 << 28, .keep = true, .now_s = START + 4000 };
	char *argv[] = { (char[]){ "enitop" }, (char[]){ "--demo" }, (char[]){ "--no-follow" },
			 (char[]){ "--no-config" }, NULL };

	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	assert_int_equal(options_parse(&W.options, &view_table, 4, argv, stdout, stderr), -1);
	W.options.limit = 20;
	uv_loop_init(&W.loop);
	W.monitor = monitor_new(&W.loop, &o, &e);
	monitor_add_demo(W.monitor, 7, 0, START);
	uv_run(&W.loop, UV_RUN_DEFAULT);
	return 0;
}

int panes_close(void **state)
{
	(void)state;
	monitor_close(W.monitor, NULL, NULL);
	uv_run(&W.loop, UV_RUN_DEFAULT);
	options_release(&W.options);
	return uv_loop_close(&W.loop);
}

void panes_back(uv_loop_t *loop, struct monitor *had)
{
	monitor_close(W.monitor, NULL, NULL);
	uv_run(loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(loop), 0);
	W.monitor = had;
}

static bool steps(struct app *a)
{
	return live_step(a->live, 1000000) || app_count(a, 1000000) || app_why_step(a, 1000000) ||
	       app_usual_step(a, 1000000) || app_findings_step(a, 1000000) ||
	       app_causes_step(a, 1000000) || trust_step(a, 1000000);
}

/* What is drawn may ask for more, as of rows that come into sight. */
void settle(struct app *a)
{
	bool more = true;

	while (app_bar_rest(a, 0) == 1)
		;
	for (int i = 0; i < 2 || (more && i < 20); i++) {
		for (more = false; steps(a); more = true)
			;
		monitor_counts(W.monitor, &a->counts);
		a->clock_s = START + 3605;
		app_draw(a);
	}
}

bool screen_shows(const struct app *a, const char *text)
{
	struct buf all = { 0 };
	bool found;

	screen_dump(&a->screen, false, &all);
	found = strstr(all.s, text) != NULL;
	buf_release(&all);
	return found;
}

int key_typed(char c)
{
	static const struct {
		char c;
		int key;
	} keys[] = { { '\n', K_ENTER },     { '\b', K_BACKSPACE }, { '\v', K_DOWN },
		     { '\1', K_RIGHT },     { '\f', K_RIGHT },     { '\a', K_LEFT },
		     { '\2', K_CTRL('R') }, { '\3', K_BACKTAB },   { '\005', K_END } };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (keys[i].c == c)
			return keys[i].key;
	return (unsigned char)c;
}

void press(struct app *a, const char *keys)
{
	for (; *keys; keys++) {
		app_key(a, key_typed(*keys));
		settle(a);
	}
}

/* Holds what is against a file of tests/, or writes it. */
static void golden(const char *name, struct buf *have)
{
	const char *srcdir = getenv("srcdir");
	struct buf want = { 0 };
	char path[1024], piece[4096];
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "%s/tests/%s", srcdir ? srcdir : ".", name);
	if (getenv("ENITOP_UPDATE")) {
		f = fopen(path, "w");
		assert_non_null(f);
		fwrite(have->s, 1, have->n, f);
		fclose(f);
	}
	f = fopen(path, "r");
	if (!f)
		fail_msg("no golden '%s'", path);
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(&want, piece, n);
	fclose(f);
	assert_string_equal(have->s, want.s);
	buf_release(have);
	buf_release(&want);
}

/* The screen after some keys, apart from memory figures, which machines differ in: of those stand
 * nines, and a last character. */
static void stand(struct app *a, int cols, int rows, bool ascii, const char *keys, uint32_t last)
{
	W.options.ascii = ascii;
	app_init(a, &W.options, W.monitor);
	screen_resize(&a->screen, rows, cols);
	settle(a);
	press(a, keys);
	/* "8.9M/256M": what the allocator rounds differs between machines. */
	for (int i = 0; i + 4 < cols * rows; i++) {
		struct cell *c = &a->screen.cell[i];
		if (c[0].ch == '/' && c[1].ch == '2' && c[2].ch == '5' && c[4].ch == 'M')
			for (int k = i - 1; k >= 0 && a->screen.cell[k].ch != ' '; k--)
				a->screen.cell[k].ch = k == i - 1 ? last : '9';
	}
}

void shot(const char *name, int cols, int rows, bool ascii, const char *keys)
{
	struct buf have = { 0 };
	char file[256];
	struct app a;

	stand(&a, cols, rows, ascii, keys, '9');
	screen_dump(&a.screen, true, &have);
	snprintf(file, sizeof file, "golden/%s.txt", name);
	golden(file, &have);
	app_release(&a);
}

void picture_shot(const char *name, int cols, int rows, const struct theme *theme)
{
	struct buf have = { 0 };
	struct app a;

	stand(&a, cols, rows, false, "", 'M');
	picture_write(&a.screen, theme, &have);
	golden(name, &have);
	app_release(&a);
}
