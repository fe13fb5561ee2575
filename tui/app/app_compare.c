/* app_compare.c - marking a moment, and panes by what changed around it. */
#include <string.h>

#include "app/app.h"
#include "app/command.h"
#include "state/clock.h"
#include "state/cursor.h"

static char *moment(const struct app *a, int64_t s, char *out, size_t size)
{
	app_time(a, s, false, out, size);
	if (!a->options->local_time)
		snprintf(out + strlen(out), size - strlen(out), "Z");
	return out;
}

static void set(struct app *a, int64_t mark, const char *label)
{
	a->mark.time = mark;
	snprintf(a->mark_label, sizeof a->mark_label, "%s", label);
}

static void rank(struct app *a, bool on)
{
	a->mark.ranks = on;
	app_ask(a);
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++)
		if (pane_asks(p) && p->view->query.rows == ROWS_RANKED)
			pane_top(p);
}

void app_compare_init(struct app *a)
{
	set(a, a->options->mark_s, a->options->mark_label);
	a->mark.only = a->options->changes;
	rank(a, a->mark.time != INT64_MIN && !a->options->by_size);
}

/* The start of the heatmap's cell; else what is on screen becomes what was before: the mark
 * is the end of the window. */
void command_mark(struct app *a)
{
	int64_t to = live_span(a->live).to;
	char at[40];
	int64_t cell, end;

	if (live_now(a->live) == INT64_MIN) {
		snprintf(a->message, sizeof a->message, "nothing with a time to mark yet");
		return;
	}
	if (heat_cursor_span(a, &cell, &end))
		to = cell;
	set(a, to == INT64_MAX ? live_now(a->live) + 1 : to, "");
	rank(a, true);
	snprintf(a->message, sizeof a->message,
		 "marked %s: b moves the mark, B removes it, d compares or not",
		 moment(a, a->mark.time, at, sizeof at));
}

void app_mark_at(struct app *a, int64_t time, const char *label)
{
	char at[40];

	set(a, time, label);
	rank(a, true);
	snprintf(a->message, sizeof a->message,
		 "marked %s, since when it is so: every pane compares before and after",
		 moment(a, a->mark.time, at, sizeof at));
}

void command_unmark(struct app *a)
{
	set(a, INT64_MIN, "");
	a->mark.only = CHANGES;
	rank(a, false);
}

static bool marked(struct app *a)
{
	if (a->mark.time == INT64_MIN)
		snprintf(a->message, sizeof a->message, "no mark to compare around: b marks");
	return a->mark.time != INT64_MIN;
}

/* Says why nothing changes on screen. */
static void say_one_sided(struct app *a)
{
	struct compare c = live_compare(a->live, a->mark.time);

	if (a->mark.ranks && !compare_is_possible(&c))
		app_compare_banner(a, a->message, sizeof a->message);
}

void command_compare(struct app *a)
{
	if (!marked(a))
		return;
	rank(a, !a->mark.ranks);
	say_one_sided(a);
}

/* All, new, gone, grown, shrunk, and all again: same is not worth a look. */
void command_changes(struct app *a)
{
	if (!marked(a))
		return;
	a->mark.only = a->mark.only == CHANGES       ? CHANGE_NEW
		       : a->mark.only + 1 == CHANGES ? CHANGES
						     : a->mark.only + 1;
	rank(a, true);
	say_one_sided(a);
}

/* Amounts are divided by it: it is said to the second where that matters. */
static char *length(char *out, size_t size, int64_t s)
{
	if (s < 60 || s >= 3600)
		return human_duration(out, size, s);
	snprintf(out, size, s % 60 ? "%dm%02ds" : "%dm", (int)(s / 60), (int)(s % 60));
	return out;
}

char *app_compare_banner(const struct app *a, char *out, size_t size)
{
	struct compare c = live_compare(a->live, a->mark.time);
	char at[40], name[56] = "", x[32], y[32];

	*out = '\0';
	if (c.mark == INT64_MIN)
		return out;
	moment(a, c.mark, at, sizeof at);
	if (a->mark_label[0])
		snprintf(name, sizeof name, " '%s'", a->mark_label);
	if (!a->totals.complete && !compare_is_possible(&c))
		snprintf(out, size, "mark %s%s", at, name);
	else if (compare_is_possible(&c))
		snprintf(out, size, "%s %s%s: before %s, after %s",
			 a->mark.ranks ? "compared at" : "mark", at, name,
			 length(x, sizeof x, c.before_s), length(y, sizeof y, c.after_s));
	else if (app_travels(a) && c.mark >= live_span(a->live).to && c.mark <= live_now(a->live))
		snprintf(out, size, "mark %s%s is behind this window: ] or End", at, name);
	else if (c.mark >= live_span(a->live).to)
		snprintf(out, size, "mark %s%s: nothing after it yet", at, name);
	else if (live_window(a->live))
		snprintf(out, size, "mark %s%s is before this window: w widens it", at, name);
	else
		snprintf(out, size, "mark %s%s is before all that is held", at, name);
	return out;
}

char *app_compare_short(const struct app *a, char *out, size_t size)
{
	char at[40];

	snprintf(out, size, "mark %s", moment(a, a->mark.time, at, sizeof at));
	return out;
}
