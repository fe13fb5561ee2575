/* view_strips.c - the last hour of log time in a line each. */
#include <string.h>

#include "state/shown_findings.h"
#include "triage/rules.h"
#include "view/view.h"

#define WIDE 110 /* columns of the screen from which on a minute is a column, and names are long */
#define EACH 2   /* minutes a column below that */

struct strip {
	const char *name, *brief;
	uint64_t (*of)(const struct strip_minute *m);
	enum role role;
	bool bytes;
};

static uint64_t bytes_of(const struct strip_minute *m)
{
	return saturating_add(m->sent, m->received);
}

static uint64_t refused_of(const struct strip_minute *m)
{
	return m->refused;
}

static uint64_t silent_of(const struct strip_minute *m)
{
	return m->silent;
}

static const struct strip strips[] = {
	{ "bytes", "bytes", bytes_of, ROLE_TREND, true },
	{ "refused", "refused", refused_of, ROLE_REJECT, false },
	{ "no answer", "silent", silent_of, ROLE_WARNING, false },
};

/* How many of the minutes all records are there of. */
static unsigned complete_minutes(const struct app *a, const struct strips *s)
{
	int64_t until = live_complete(a->live), n;

	if (until == INT64_MIN)
		return s->n;
	n = until / 60 - s->first;
	return n < 0 ? 0 : n < (int64_t)s->n ? (unsigned)n : s->n;
}

/* "x2.7 of what it was before 22:52Z", "x2.7 since 22:52Z"; empty: it is as it was. */
static void say_change(const struct app *a, const uint64_t *value, unsigned complete, bool whole,
		       char *out, size_t size)
{
	const struct strips *s = &a->findings.hour;
	char stamp[32];
	unsigned at, first = 0;
	double times;

	out[0] = '\0';
	/* Nothing is said of minutes before the log. */
	while (first < complete && value[first] == 0)
		first++;
	if (!strip_changed(value + first, complete - first, &at, &times))
		return;
	view_short_stamp(a, (s->first + first + at) * 60, stamp, sizeof stamp);
	snprintf(out, size, times >= 10 ? "  x%.0f %s %s" : "  x%.1f %s %s", times,
		 whole ? "of what it was before" : "since", stamp);
}

/* ": ~412 sources": of whom the background of all of the strip is; `said`: it has been named. */
static void say_sources(const struct app *a, bool said, size_t room, struct buf *out)
{
	uint32_t n = edge_sources_of(a->findings.hour.sources);
	char x[24], text[80];

	if (!n)
		return;
	snprintf(text, sizeof text, "%s: ~%s %s", said ? "" : "  background",
		 human_count(x, sizeof x, n), plural(n, "source", "sources"));
	if (out->n + strlen(text) <= room)
		buf_puts(out, text);
}

/* What is said behind a strip, as much of it as has room. */
static void say(const struct app *a, const struct strip *k, const uint64_t *value,
		unsigned complete, size_t room, struct buf *out)
{
	const struct strip_minute *last = complete ? &a->findings.hour.minute[complete - 1] : NULL;
	char rate[24], change[80], x[24], background[48] = "";
	bool said;

	if (!last)
		return;
	buf_printf(out, "%s/min",
		   (k->bytes ? human_bytes : human_count)(rate, sizeof rate, value[complete - 1]));
	if (k->of == refused_of && last->background)
		snprintf(background, sizeof background, "  %s of it background",
			 human_count(x, sizeof x, last->background));
	say_change(a, value, complete, true, change, sizeof change);
	if (out->n + strlen(change) + strlen(background) > room)
		say_change(a, value, complete, false, change, sizeof change);
	if (out->n + strlen(change) <= room)
		buf_puts(out, change);
	said = *background && out->n + strlen(background) <= room;
	buf_puts(out, said ? background : "");
	if (k->of == refused_of)
		say_sources(a, said, room, out);
}

static void draw_strip(const struct app *a, struct area area, int y, const struct strip *k)
{
	const struct strips *s = &a->findings.hour;
	bool wide = area.cols >= WIDE;
	unsigned each = wide ? 1 : EACH, columns = s->n / each, complete = complete_minutes(a, s);
	uint64_t value[STRIP_MINUTES], column[STRIP_MINUTES] = { 0 };
	int left = wide ? 11 : 9, end = left + (int)columns + 1;
	struct buf text = { 0 };

	screen_puts(area, y, 1, ROLE_DIM, wide ? k->name : k->brief);
	for (unsigned i = 0; i < s->n; i++) {
		value[i] = k->of(&s->minute[i]);
		column[i / each] = saturating_add(column[i / each], i < complete ? value[i] : 0);
	}
	screen_spark(area, y, left, k->role, column, (int)columns);
	for (unsigned i = complete / each; i < columns; i++)
		screen_glyph(area, y, left + (int)i, ROLE_DIM, GLYPH_SHADE_2);
	say(a, k, value, complete, (size_t)(area.cols - end), &text);
	screen_text(area, y, end, area.cols - end, ROLE_TEXT, buf_str(&text));
	buf_release(&text);
}

/* A column through the strips for what people did. */
static void draw_events(const struct app *a, struct area area, int left, const struct view_axis *x)
{
	size_t n = 0;
	const struct timed_event *e = a->rules ? events_within(rules_events(a->rules), x->from,
							       x->from + x->n * x->width, &n)
					       : NULL;

	for (size_t i = 0; i < n; i++)
		for (int y = 0; y < area.rows; y++)
			screen_glyph(area, y, left + (int)((e[i].time - x->from) / x->width),
				     ROLE_FOCUS, GLYPH_V);
}

void view_strips_draw(const struct app *a, struct area area)
{
	const struct strips *s = &a->findings.hour;
	bool wide = area.cols >= WIDE;
	struct view_axis x = { .from = s->first * 60,
			       .width = wide ? 60 : 60 * EACH,
			       .n = (int)s->n / (wide ? 1 : EACH) };

	for (int y = 0; y < area.rows && y < (int)ARRAY_SIZE(strips); y++) {
		if (s->n)
			draw_strip(a, area, y, &strips[y]);
		else
			screen_puts(area, y, 1, ROLE_DIM, wide ? strips[y].name : strips[y].brief);
	}
	if (s->n) {
		draw_events(a, area, wide ? 11 : 9, &x);
		view_mark_draw(a, area, 0, area.rows, wide ? 11 : 9, &x);
	}
}
