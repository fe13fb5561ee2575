/* keys.c - see keys.h. */
#include "keys.h"

#include <err.h>
#include <inttypes.h>
#include <string.h>

#define LOST_MS 5000 /* a key that causes nothing for so long never will */
#define DOWN "\033[B"
#define UP "\033[A"
#define QUIET_MS 2 /* between two pieces of one frame less time goes by */

enum effect {
	FOCUS,  /* this pane has the focus */
	SELECT, /* another row of this pane is selected */
	METRIC, /* another metric ranks */
};

/* One after the other, again and again. Where a row is selected for the first time it may
 * have come to where the selection was by itself: that key is not timed. */
static const struct step {
	const char *keys, *name;
	enum effect effect;
	int pane;
	bool first;
} steps[] = {
	{ DOWN, "Down", SELECT, 1, true },  { DOWN, "Down", SELECT, 1, false },
	{ DOWN, "Down", SELECT, 1, false }, { UP, "Up", SELECT, 1, false },
	{ "m", "m", METRIC, 1, false },     { "M", "M", METRIC, 1, false },
	{ "\t", "Tab", FOCUS, 2, false },   { DOWN, "Down", SELECT, 2, true },
	{ DOWN, "Down", SELECT, 2, false }, { UP, "Up", SELECT, 2, false },
	{ "3", "3", FOCUS, 3, false },      { "4", "4", FOCUS, 4, false },
	{ "5", "5", FOCUS, 5, false },      { "6", "6", FOCUS, 6, false },
	{ "1", "1", FOCUS, 1, false },
};

/* Where the panes stand at 120x40: the line of their title, their first column. */
static const struct {
	int line, column;
	const char *title;
} panes[] = { { 0 },
	      { 20, 1, "1 Talkers" },
	      { 20, 61, "2 Rejects" },
	      { 30, 1, "3 Ports" },
	      { 30, 61, "4 Timeline" },
	      { 4, 1, "5 Flows" },
	      { 4, 1, "6 Sources" } };

#define PANE_LINES 7 /* of rows */

static void title_of(const struct eye *e, int pane, struct buf *out)
{
	int column = panes[pane].column;

	eye_line(e, panes[pane].line, (struct place){ 1, 1, column, column + 59 }, out);
}

static bool has_focus(const struct eye *e, int pane)
{
	struct buf title = { 0 };

	title_of(e, pane, &title);
	bool there = strstr(title.s, panes[pane].title) &&
		     eye_is_bold(e, panes[pane].line, panes[pane].column);
	buf_release(&title);
	return there;
}

/* What tells a row "CLIENT > SERVER:SERVICE ..." from its neighbours, however much of its
 * middle is left out as figures need room: the client, the end of the server, the service. */
static void row_name(struct str row, struct buf *out)
{
	struct str client = str_token(&row), arrow = str_token(&row), server = str_token(&row);
	const char *dot = server.n ? memrchr(server.s, '.', server.n) : NULL;

	(void)arrow;
	if (dot)
		server = (struct str){ dot, (size_t)(server.s + server.n - dot) };
	const char *slash = server.n ? memchr(server.s, '/', server.n) : NULL;
	if (slash)
		server.n = (size_t)(slash - server.s);
	buf_add_str(out, client);
	buf_putc(out, ' ');
	buf_add_str(out, server);
}

/* The name of the row that is selected; empty where none is. Its place among those on show. */
static int selected(const struct eye *e, int pane, struct buf *out)
{
	int column = panes[pane].column + 1, first = panes[pane].line + 2, at = 0;
	struct buf row = { 0 };

	buf_clear(out);
	while (at < PANE_LINES && !eye_is_reverse(e, first + at, column))
		at++;
	if (at < PANE_LINES) {
		eye_line(e, first + at, (struct place){ 1, 1, column, column + 57 }, &row);
		row_name(buf_str(&row), out);
	}
	buf_release(&row);
	return at;
}

/* The metric stands at the end of the title of the ports. */
static void metric(const struct eye *e, struct buf *out)
{
	struct buf title = { 0 };

	title_of(e, 3, &title);
	const char *comma = strrchr(title.s, ',');
	buf_clear(out);
	if (comma)
		buf_puts(out, comma);
	buf_release(&title);
}

/* What the effect of a key changes, as it is seen now. */
static void see(const struct eye *e, const struct step *s, struct buf *out)
{
	if (s->effect == SELECT)
		selected(e, s->pane, out);
	else if (s->effect == METRIC)
		metric(e, out);
}

/* A selected row goes where its rank goes: from the first one there is no way up. */
static const char *keys_of(const struct eye *e, const struct step *s)
{
	struct buf row = { 0 };
	bool top = s->effect == SELECT && selected(e, s->pane, &row) == 0;

	buf_release(&row);
	return top ? DOWN : s->keys;
}

static bool happened(const struct eye *e, const struct step *s, const struct buf *before)
{
	struct buf now = { 0 };
	bool other;

	if (s->effect == FOCUS)
		return has_focus(e, s->pane);
	see(e, s, &now);
	other = now.n > 0 && strcmp(now.s, before->s ? before->s : "") != 0;
	buf_release(&now);
	return other;
}

static void print_key(double ms, unsigned interval_ms, const char *name)
{
	for (; ms > 0; ms -= interval_ms)
		printf("key %.3f %s\n", ms, name);
}

/* To the end of the frame that is being drawn: of half a frame nothing can be said. */
static void settle(struct eye *e)
{
	while (eye_look(e, QUIET_MS))
		;
}

/* Presses it and waits. False when it caused nothing. */
static bool press(struct eye *e, const struct step *s, unsigned interval_ms)
{
	struct buf before = { 0 };
	bool done = false;

	settle(e);
	see(e, s, &before);
	const char *keys = keys_of(e, s);
	uint64_t pressed_ns = monotonic_ns(), deadline = pressed_ns + LOST_MS * 1000000ull;
	eye_type(e, str_of(keys));
	while (!done && !e->ended && monotonic_ns() < deadline) {
		if (!eye_look(e, 10))
			continue;
		settle(e);
		done = happened(e, s, &before);
	}
	if (!done)
		warnx("key %s caused nothing in pane %d", s->name, s->pane);
	else if (!s->first)
		print_key((double)(e->looked_ns - pressed_ns) / 1e6, interval_ms, s->name);
	buf_release(&before);
	return done;
}

bool keys_press(struct eye *e, unsigned interval_ms, unsigned most, struct place place,
		const regex_t *during)
{
	uint64_t interval_ns = interval_ms * 1000000ull, due = monotonic_ns();

	for (unsigned i = 0; i < most && eye_sees(e, place, during, NULL); i++) {
		if (!press(e, &steps[i % ARRAY_SIZE(steps)], interval_ms))
			return false;
		uint64_t now = monotonic_ns();
		for (due += interval_ns; due < now;)
			due += interval_ns;
		for (; now < due && !e->ended; now = monotonic_ns())
			eye_look(e, (int)((due - now) / 1000000) + 1);
	}
	return true;
}
