/* app_copy.c - see app_copy.h. What is copied is text that a shell and a terminal take for nothing
 * else: a command is quoted, and what has signs of control is refused or shows '.' for them. */
#include "app/app_copy.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app_filter.h"
#include "app/command.h"
#include "base/utf8.h"
#include "output/export.h"
#include "query/scan.h"
#include "state/amount.h"
#include "term/clipboard.h"

#define RECORDS_MAX 200
#define SEARCH_NS 500000000u /* for them */

/* ---- the texts: false where there is none, with a message ---- */

static bool says(struct app *a, const char *why)
{
	snprintf(a->message, sizeof a->message, "not copied: %.*s", (int)sizeof a->message - 20,
		 why);
	return false;
}

static bool make_filter(struct app *a, struct buf *out)
{
	app_selected_clause(a, out);
	return out->n || says(a, "no filter says what this is");
}

/* As one word of a POSIX shell. */
static void add_word(struct buf *out, const char *text)
{
	buf_puts(out, " '");
	for (; *text; text++)
		if (*text == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *text);
	buf_putc(out, '\'');
}

/* Whole, as it may be typed in another folder. */
static void add_path(struct app *a, const char *path, struct buf *out)
{
	char folder[4096];
	struct buf whole = { 0 };

	if (strcmp(path, "-") == 0)
		snprintf(a->message, sizeof a->message,
			 "it reads standard input: pipe the log into it; ");
	else if (*path != '/' && getcwd(folder, sizeof folder))
		buf_printf(&whole, "%s/", folder);
	buf_puts(&whole, path);
	add_word(out, whole.s);
	buf_release(&whole);
}

static void add_times(const struct app *a, struct buf *out)
{
	struct span look;
	char t[32];

	if (!live_looks_at(a->live, &look)) {
		if (live_window(a->live))
			buf_printf(out, " -t %" PRId64 "s", live_window(a->live));
		else
			buf_puts(out, " -t all");
		return;
	}
	buf_puts(out, " -t all");
	if (look.from != INT64_MIN)
		buf_printf(out, " --since %s", rfc3339(t, sizeof t, look.from));
	if (look.to != INT64_MAX)
		buf_printf(out, " --until %s", rfc3339(t, sizeof t, look.to));
}

static bool make_command(struct app *a, struct buf *out)
{
	const struct options *o = a->options;
	struct buf clause = { 0 }, filter = { 0 };
	bool made = make_filter(a, &clause);

	if (*app_filter(a))
		buf_printf(&filter, "(%s)%s", app_filter(a), clause.n ? " and " : "");
	buf_add_str(&filter, buf_str(&clause));
	buf_puts(out, "enitop");
	add_times(a, out);
	buf_puts(out, " --where");
	add_word(out, filter.s ? filter.s : "");
	if (o->demo)
		buf_puts(out, " --demo");
	if (o->paths)
		buf_puts(out, " --");
	for (int i = 0; i < o->paths; i++)
		add_path(a, o->path[i], out);
	buf_release(&filter);
	buf_release(&clause);
	return made;
}

/* The newest that the clause selects, of what is looked at; whether that is all of them. */
static bool find_records(struct app *a, struct filter *f, struct flow_ref **ref, size_t *n)
{
	struct ring *ring = monitor_ring(a->monitor);
	struct flow_order newest = { FIELD_BIN, false };
	struct flow_pick *p = flow_pick_new(&newest, ring_dict(ring), RECORDS_MAX);
	uint64_t deadline = monotonic_ns() + SEARCH_NS, matching;
	struct scan *s = xcalloc(1, sizeof *s);
	bool more;

	scan_begin(s, ring, true, live_span(a->live));
	while ((more = scan_look(s)) && flow_pick_offered(p) <= RECORDS_MAX &&
	       monotonic_ns() < deadline) {
		if (scan_select(s, f))
			flow_pick_add(p, s->segment, s->rows, s->bits, s->span);
		scan_next(s);
	}
	free(s);
	*n = flow_pick_end(p, ref, &matching);
	return !more && matching <= *n;
}

static void add_records(struct app *a, const struct flow_ref *ref, size_t n, struct buf *out)
{
	const struct dict *d = ring_dict(monitor_ring(a->monitor));
	struct flow_writer w;

	flow_writer_begin(&w, OUTPUT_RAW, NULL, 0, out);
	for (size_t i = 0; i < n; i++)
		flow_writer_row(&w, ref[i].segment, d, ref[i].row, out);
}

/* A record alone, where that is what is selected. */
static const struct flow_ref *one_record(const struct app *a)
{
	if (a->detail.segment)
		return &a->detail;
	if (a->focus->view->query.rows == ROWS_RECORDS && view_is_query(a->focus->view) &&
	    !a->cell && a->focus->selected >= 0 && (size_t)a->focus->selected < a->flows)
		return &a->flow[a->focus->selected];
	return NULL;
}

static bool make_records(struct app *a, struct buf *out)
{
	const struct flow_ref *one = one_record(a);
	struct buf clause = { 0 }, filter = { 0 };
	struct flow_ref *ref = NULL;
	struct filter_error e;
	struct filter *f = NULL;
	size_t n = 0;

	if (one) {
		add_records(a, one, 1, out);
		return true;
	}
	if (make_filter(a, &clause)) {
		if (*app_filter(a))
			buf_printf(&filter, "(%s) and ", app_filter(a));
		buf_add_str(&filter, buf_str(&clause));
		f = app_compile(a, filter.s, &e);
		if (!f)
			says(a, e.message);
	}
	if (f) {
		if (!find_records(a, f, &ref, &n))
			snprintf(a->message, sizeof a->message,
				 "the newest %zu of more, e writes all of them: ", n);
		add_records(a, ref, n, out);
	}
	filter_free(f);
	free(ref);
	buf_release(&filter);
	buf_release(&clause);
	return n || (f && says(a, "no record that is held is of this"));
}

static const struct {
	char key, by_hand;
	const char *name;
	bool lines; /* signs of control become '.': else nothing that has such is copied */
	bool (*make)(struct app *a, struct buf *out);
} kinds[] = {
	{ 'f', 'F', "filter", false, make_filter },
	{ 'c', 'C', "command line", false, make_command },
	{ 'r', 'R', "records", true, make_records },
};

/* ---- what is done with them ---- */

/* The text with nothing in it that a terminal or a shell takes for more than a character; NULL: it
 * has such, and would mean something else without. */
static char *cleaned(const struct buf *text, bool lines, size_t *n)
{
	struct buf clean = { 0 };
	struct str rest = buf_str(text);

	while (rest.n) {
		const char *end = lines ? memchr(rest.s, '\n', rest.n) : NULL;
		struct str line = { rest.s, end ? (size_t)(end - rest.s) : rest.n };
		utf8_add(&clean, line);
		if (end)
			buf_putc(&clean, '\n');
		rest = (struct str){ rest.s + line.n + !!end, rest.n - line.n - !!end };
	}
	if (!lines && !str_equal(buf_str(&clean), buf_str(text))) {
		buf_release(&clean);
		return NULL;
	}
	*n = clean.n;
	return clean.s;
}

static void show_by_hand(struct app *a, char *text, size_t n)
{
	a->copying.text = text;
	a->copying.n = n;
}

static void copy(struct app *a, size_t kind, bool by_hand)
{
	struct buf text = { 0 };
	size_t n = 0, before;
	char *clean = NULL;

	if (kinds[kind].make(a, &text)) {
		clean = cleaned(&text, kinds[kind].lines, &n);
		if (!clean)
			says(a, "there are signs of control in it");
	}
	buf_release(&text);
	if (clean && !by_hand && n > CLIPBOARD_MAX) {
		snprintf(a->message, sizeof a->message,
			 "not copied: it has %zu bytes, of at most %d: %c shows it", n,
			 CLIPBOARD_MAX, kinds[kind].by_hand);
	} else if (clean && !by_hand && app_clip(a, (struct str){ clean, n })) {
		before = strlen(a->message);
		snprintf(a->message + before, sizeof a->message - before,
			 "%s of %zu bytes given to the terminal to copy; if it takes none: y %c",
			 kinds[kind].name, n, kinds[kind].by_hand);
	} else if (clean) {
		show_by_hand(a, clean, n);
		return;
	}
	free(clean);
}

void command_copy(struct app *a)
{
	a->copying.choosing = true;
}

bool app_copy_key(struct app *a, int key)
{
	if (a->copying.text) {
		app_copy_release(a);
		app_redraw(a);
		return true;
	}
	if (!a->copying.choosing)
		return false;
	a->copying.choosing = false;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (key == kinds[i].key || key == kinds[i].by_hand)
			copy(a, i, key == kinds[i].by_hand);
	return true;
}

void app_copy_release(struct app *a)
{
	free(a->copying.text);
	a->copying.text = NULL;
}

/* ---- drawing ---- */

bool app_copy_footer(const struct app *a, struct area area, int y)
{
	int x = 1;

	if (!a->copying.choosing)
		return false;
	x += screen_puts(area, y, x, ROLE_FOCUS, "copy as") + 2;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		x += screen_printf(area, y, x, ROLE_KEY, "%c", kinds[i].key) + 1;
		x += screen_puts(area, y, x, ROLE_DIM, kinds[i].name) + 2;
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		x += screen_printf(area, y, x, ROLE_KEY, "%c", kinds[i].by_hand) + 1;
	screen_puts(area, y, x, ROLE_DIM, "plain, to select by hand  Esc no");
	return true;
}

/* The bytes of a line of text that have room in so many columns. */
static size_t line_of(struct str text, int cols)
{
	const char *end = memchr(text.s, '\n', text.n);
	size_t n = end ? (size_t)(end - text.s) : text.n,
	       fits = utf8_fitting((struct str){ text.s, n }, (size_t)(cols > 1 ? cols : 2));

	return fits ? fits : n;
}

bool app_copy_draw(struct app *a, struct area all)
{
	struct str rest = { a->copying.text, a->copying.n };

	if (!rest.s)
		return false;
	for (int y = 0; y < all.rows && rest.n; y++) {
		size_t n = line_of(rest, all.cols);
		screen_label(all, y, 0, all.cols, ROLE_TEXT, (struct str){ rest.s, n });
		n += n < rest.n && rest.s[n] == '\n';
		rest = (struct str){ rest.s + n, rest.n - n };
	}
	return true;
}
