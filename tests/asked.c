/* asked.c - see asked.h. */
#include "asked.h"

#include <fcntl.h>
#include <inttypes.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/batch.h"
#include "term/key.h"

static char dir[] = "/tmp/enitop-asked-XXXXXX";

/* ---- files ---- */

static struct buf contents(const char *path)
{
	struct buf text = { 0 };
	char piece[65536];
	FILE *f = fopen(path, "r");
	size_t n;

	while (f && (n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(&text, piece, n);
	buf_puts(&text, "");
	if (f)
		fclose(f);
	return text;
}

static void append(const char *path, struct str text)
{
	FILE *f = fopen(path, "a");

	assert_non_null(f);
	assert_int_equal(text.n ? fwrite(text.s, 1, text.n, f) : 0, text.n);
	assert_int_equal(fclose(f), 0);
}

void asked_append(struct asked_world *w, struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		w->lines += text.s[i] == '\n';
	append(w->log, text);
}

/* More of the log: the demo's lines, in every third log odd ones among them. */
void asked_write_log(struct asked_world *w, int64_t until_s)
{
	uint64_t seed = w->seed * 7919 + (uint64_t)until_s;
	struct buf text = { 0 }, odd = { 0 };

	demo_until(w->demo, until_s, &text);
	for (int i = 0; w->seed % 3 == 2 && i < 200; i++) {
		random_line(&seed, until_s - 700, &odd);
		buf_putc(&odd, '\n');
	}
	asked_append(w, buf_str(&text));
	asked_append(w, buf_str(&odd));
	buf_release(&text);
	buf_release(&odd);
}

void asked_begin_log(struct asked_world *w, int64_t seconds)
{
	struct demo_options o = {
		.seed = w->seed, .start_s = START, .flows_per_s = 1, .v2 = w->seed % 3 != 1
	};

	snprintf(w->log, sizeof w->log, "%s/%" PRIu64 ".log", dir, w->seed);
	snprintf(w->moment, sizeof w->moment, "%s/%" PRIu64 ".then", dir, w->seed);
	w->demo = demo_new(&o);
	if (!o.v2) {
		asked_append(w, str_of(demo_header(w->demo)));
		asked_append(w, str_of("\n"));
	}
	asked_write_log(w, START + seconds);
}

void asked_keep_moment(struct asked_world *w)
{
	struct buf text = contents(w->log);

	unlink(w->moment);
	append(w->moment, buf_str(&text));
	buf_release(&text);
}

/* ---- a screen ---- */

void asked_rest(struct asked_world *w)
{
	monitor_rest(w->monitor);
	for (int i = 0; i < 2; i++) {
		while (live_step(w->app.live, 1000000) || app_count(&w->app, 1000000))
			;
		monitor_counts(w->monitor, &w->app.counts);
		w->app.clock_s = START + 3605;
		app_draw(&w->app);
	}
}

void asked_open(struct asked_world *w, bool follow)
{
	struct monitor_events e = panes_events(w->loop);
	struct monitor_options o = { .memory = 1 << 28,
				     .keep = true,
				     .follow = follow,
				     .since_s = INT64_MIN,
				     .until_s = INT64_MAX,
				     .now_s = INT64_MIN };
	static char name[] = "enitop", option[] = "--no-config";

	w->argv[0] = name;
	w->argv[1] = option;
	w->argv[2] = w->log;
	assert_int_equal(options_parse(&w->options, &view_table, 3, w->argv, stdout, stderr), -1);
	w->monitor = monitor_new(w->loop, &o, &e);
	monitor_add_path(w->monitor, w->log);
	app_init(&w->app, &w->options, w->monitor);
	screen_resize(&w->app.screen, 40, 120);
	w->walk.seed = w->seed * 2654435761u + 1;
}

void asked_close(struct asked_world *w)
{
	app_release(&w->app);
	monitor_close(w->monitor, NULL, NULL);
	demo_free(w->demo);
	options_release(&w->options);
	buf_release(&w->walk.trail);
	unlink(w->log);
	unlink(w->moment);
}

/* ---- exports, and batch ---- */

void asked_complain(struct asked_world *w, const char *what, const char *more)
{
	if (w->why.n == 0)
		buf_printf(&w->why, "seed %" PRIu64 " (%s): %s: %.1500s", w->seed, w->walk.trail.s,
			   what, more);
}

void asked_begin_export(struct asked_world *w, const char *suffix)
{
	char path[96], keys[128];

	snprintf(path, sizeof path, "%s/out%s", dir, suffix);
	snprintf(keys, sizeof keys, "e%c%s\r", K_CTRL('U'), path);
	unlink(path);
	for (const char *k = keys; *k; k++)
		app_key(&w->app, *k);
}

struct buf asked_end_export(struct asked_world *w, const char *suffix)
{
	char path[96];
	struct buf text;

	while (app_save_step(&w->app))
		;
	if (!strstr(w->app.message, " written"))
		asked_complain(w, "no export",
			       w->app.saving.why[0] ? w->app.saving.why : w->app.message);
	snprintf(path, sizeof path, "%s/out%s", dir, suffix);
	text = contents(path);
	unlink(path);
	return text;
}

json_t *asked_question(const char *suffix)
{
	char path[96];
	struct buf text;
	json_t *around, *query;

	snprintf(path, sizeof path, "%s/out%s.query.json", dir, suffix);
	text = contents(path);
	unlink(path);
	around = json_loadb(text.s, text.n, 0, NULL);
	query = json_object_get(around, "rows") ? NULL : json_object_get(around, "query");
	json_incref(query);
	json_decref(around);
	buf_release(&text);
	return query;
}

/* The command line that a question is: options are named as its members. */
static int words_of(json_t *query, const char *output, const char *log, char *words[64])
{
	const char *key;
	json_t *value;
	struct buf b;
	int n = 0;

	for (const char *const *fixed = (const char *const[]){ "enitop", "--no-config", "--batch",
							       "--output", output, NULL };
	     *fixed; fixed++)
		words[n++] = xstrndup(*fixed, strlen(*fixed));
	json_object_foreach(query, key, value) {
		b = (struct buf){ 0 };
		if (json_is_null(value))
			continue;
		buf_printf(&b, "--%s", key);
		if (json_is_string(value))
			buf_printf(&b, "=%s", json_string_value(value));
		if (json_is_integer(value))
			buf_printf(&b, "=%" JSON_INTEGER_FORMAT, json_integer_value(value));
		words[n++] = b.s;
	}
	words[n++] = xstrndup(log, strlen(log));
	words[n] = NULL;
	return n;
}

static struct buf batch(char *words[64], int n)
{
	char path[96];
	struct buf text;
	struct options o;
	int fd, saved, error, quiet;

	snprintf(path, sizeof path, "%s/batch", dir);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	quiet = open("/dev/null", O_WRONLY);
	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	error = dup(STDERR_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(quiet, STDERR_FILENO); /* doubts of the formats that have no place for them */
	if (options_parse(&o, &view_table, n, words, stdout, stdout) < 0)
		batch_run(&o);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	dup2(error, STDERR_FILENO);
	options_release(&o);
	close(saved);
	close(error);
	close(quiet);
	close(fd);
	text = contents(path);
	unlink(path);
	return text;
}

/* Of a source and of an interface what does not depend on when it is asked; how late records came, and
 * whether they came twice, batch alone tells. */
static void trim_sources(json_t *report)
{
	static const char *const keep[] = { "lines",    "flows",     "nodata",
					    "skipdata", "malformed", "interface",
					    "minutes",  "missing",   "lost" };
	size_t i;
	json_t *row;

	json_object_del(report, "trust");
	json_array_foreach(json_object_get(report, "rows"), i, row) {
		json_t *few = json_object();
		for (size_t k = 0; k < ARRAY_SIZE(keep); k++)
			json_object_set(few, keep[k], json_object_get(row, keep[k]));
		json_array_set_new(json_object_get(report, "rows"), i, few);
	}
}

/* Says where two texts part. */
static void say_difference(struct buf *out, const char *have, const char *want)
{
	size_t i = 0, from;

	while (have[i] && have[i] == want[i])
		i++;
	from = i > 200 ? i - 200 : 0;
	buf_printf(out, "\n#   at %zu the screen has  ...%.420s\n#   and batch has  ...%.420s", i,
		   have + from, want + from);
}

/* What was read besides; the filter as it was typed: batch was asked with what it reads as. */
static void drop_context(json_t *report)
{
	json_object_del(report, "input");
	json_object_del(report, "where");
}

/* Takes out of a table what begins so, up to the end of its line; false: it has no such. */
static bool cut(struct buf *text, const char *begin)
{
	char *from = text->s ? strstr(text->s, begin) : NULL;
	char *end = from ? strchr(from + 1, '\n') : NULL;

	if (!end)
		return false;
	memmove(from, end, strlen(end) + 1);
	text->n -= (size_t)(end - from);
	return true;
}

static void cut_context(struct buf *text)
{
	cut(text, ", where ");
	while (cut(text, "\n! "))
		;
}

/* Both are JSON: the same but for that. */
static bool same_report(struct asked_world *w, const struct buf *have, const struct buf *want,
			struct buf *why)
{
	json_t *x = json_loadb(have->s, have->n, 0, NULL),
	       *y = json_loadb(want->s, want->n, 0, NULL);
	bool same = false;

	if (x && y) {
		drop_context(x);
		drop_context(y);
		if (!pane_asks(w->app.focus)) {
			trim_sources(x);
			trim_sources(y);
		}
		same = json_equal(x, y);
	}
	if (!same) {
		char *a = json_dumps(x, JSON_COMPACT | JSON_SORT_KEYS),
		     *b = json_dumps(y, JSON_COMPACT | JSON_SORT_KEYS);
		say_difference(why, a ? a : have->s, b ? b : want->s);
		free(a);
		free(b);
	}
	json_decref(x);
	json_decref(y);
	return same;
}

void asked_compare(struct asked_world *w, json_t *query, const char *output, const char *log,
		   struct buf *have)
{
	struct buf why = { 0 }, want;
	char *words[64];
	int n = words_of(query, output, log, words);
	bool same;

	want = batch(words, n);
	if (strcmp(output, "table") == 0) {
		cut_context(have);
		cut_context(&want);
	}
	if (strcmp(output, "json") == 0)
		same = same_report(w, have, &want, &why);
	else
		same = have->n == want.n && memcmp(have->s, want.s, have->n) == 0;
	if (!same) {
		struct buf what = { 0 };
		for (int i = 1; i < n; i++)
			buf_printf(&what, "%s ", words[i]);
		if (why.n == 0)
			say_difference(&why, have->s, want.s);
		asked_complain(w, what.s, why.s);
		buf_release(&what);
	}
	for (int i = 0; i < n; i++)
		free(words[i]);
	buf_release(&want);
	buf_release(&why);
}

/* ---- reading ---- */

static void on_timeout(uv_timer_t *t)
{
	(void)t;
}

/* Runs the loop until all lines were read: 30 seconds at most. */
void asked_read_all(uv_loop_t *loop, struct asked_world *w, size_t n)
{
	struct input_counts c;
	uv_timer_t tick;
	bool all = false;

	uv_timer_init(loop, &tick);
	uv_timer_start(&tick, on_timeout, 50, 50);
	for (int i = 0; i < 3000 && !all; i++) {
		uv_run(loop, UV_RUN_ONCE);
		all = true;
		for (size_t k = 0; k < n; k++) {
			monitor_counts(w[k].monitor, &c);
			all &= c.lines >= w[k].lines;
		}
	}
	uv_close((uv_handle_t *)&tick, NULL);
	uv_run(loop, UV_RUN_NOWAIT);
	assert_true(all);
}

/* ---- the directory ---- */

int asked_make_dir(void **state)
{
	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	return mkdtemp(dir) ? 0 : -1;
}

int asked_remove_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}
