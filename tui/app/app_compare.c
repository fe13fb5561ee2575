/* app_compare.c - marking a moment, and panes by what changed around it. */
#include <string.h>

#include "app/app.h"
#include "app/command.h"
#include "state/clock.h"
#include "state/cursor.h"

#define MOVES 8 /* while a window passes, a mark in the middle moves so many times */

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

/* ---- the last window and the one before ---- */

/* The middle of what is compared, as far as there are data; INT64_MIN: too little of it. */
static int64_t middle(const struct app *a)
{
	int64_t interval = live_now(a->live) - live_complete(a->live), to = live_complete(a->live);
	int64_t from = ring_oldest(monitor_ring(a->monitor));
	struct span past;

	if (live_now(a->live) == INT64_MIN || from > to)
		return INT64_MIN;
	if (live_looks_at(a->live, &past)) {
		to = past.to < to ? past.to : to;
		from = past.from > from ? past.from : from;
	} else if (live_window(a->live) && to - live_window(a->live) > from) {
		from = to - live_window(a->live);
	}
	return to - from < 2 * interval ? INT64_MIN : to - (to - from) / 2;
}

/* How much of what there is, oldest..to, would be compared, were twice as much looked at. */
static int64_t span_compared(const struct app *a, int64_t oldest, int64_t to)
{
	int64_t from = INT64_MIN;
	struct span past;

	if (live_looks_at(a->live, &past)) {
		to = past.to < to ? past.to : to;
		from = past.from == INT64_MIN ? INT64_MIN : past.from - (past.to - past.from);
	} else if (live_window(a->live)) {
		from = to - 2 * live_window(a->live);
	}
	return to - (from > oldest ? from : oldest);
}

/* Twice as much is looked at, or half of it again. What there is of all can't be doubled; a window
 * that was chosen meanwhile stays. */
static void look_at(struct app *a, bool twice)
{
	int64_t window = live_window(a->live);
	struct span past;

	if (twice)
		a->unmoved_s = window;
	if (!live_looks_at(a->live, &past) && (twice || window == 2 * a->unmoved_s))
		live_set_window(a->live, twice ? 2 * window : a->unmoved_s);
	else if (past.from != INT64_MIN && past.to != INT64_MAX)
		live_look_at(a->live,
			     twice ? past.from - (past.to - past.from)
				   : past.from + (past.to - past.from) / 2,
			     past.to);
}

static void let_go(struct app *a)
{
	if (a->mark_moves)
		look_at(a, false);
	a->mark_moves = false;
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
	let_go(a);
	set(a, to == INT64_MAX ? live_now(a->live) + 1 : to, "");
	rank(a, true);
	snprintf(a->message, sizeof a->message,
		 "marked %s: b moves the mark, B removes it, d compares or not",
		 moment(a, a->mark.time, at, sizeof at));
}

void app_mark_at(struct app *a, int64_t time, const char *label)
{
	char at[40];

	let_go(a);
	set(a, time, label);
	rank(a, true);
	snprintf(a->message, sizeof a->message,
		 "marked %s, since when it is so: every pane compares before and after",
		 moment(a, a->mark.time, at, sizeof at));
}

void command_unmark(struct app *a)
{
	let_go(a);
	set(a, INT64_MIN, "");
	a->mark.only = CHANGES;
	rank(a, false);
}

/* Without a mark: the last complete window, and the one before it. */
static void compare_last(struct app *a)
{
	char x[40];
	int64_t at;

	look_at(a, true);
	at = middle(a);
	if (at == INT64_MIN) {
		look_at(a, false);
		snprintf(a->message, sizeof a->message,
			 "too early to compare: there are no two intervals of records yet");
		return;
	}
	a->mark_moves = true;
	set(a, at, "");
	rank(a, true);
	snprintf(a->message, sizeof a->message,
		 "the last complete window and the one before it, from %s on: d goes back, b marks",
		 moment(a, at, x, sizeof x));
}

void app_compare_step(struct app *a)
{
	int64_t at = a->mark_moves && !a->paused ? middle(a) : INT64_MIN, length;

	if (at == INT64_MIN || at == a->mark.time)
		return;
	/* Each move is to be counted anew: not often. */
	length = live_complete(a->live) - at;
	if (at > a->mark.time && at - a->mark.time < length / MOVES)
		return;
	set(a, at, "");
	app_ask(a);
}

void app_compare_if_due(const struct app *a, struct query *q)
{
	if (live_is_early(a->live, q->mark.time))
		q->mark = (struct mark){ .time = INT64_MIN, .only = CHANGES };
}

static bool marked(struct app *a)
{
	if (a->mark.time == INT64_MIN)
		snprintf(a->message, sizeof a->message,
			 "no mark to compare around: b marks, d compares the last window");
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
	if (a->mark_moves) {
		command_unmark(a);
	} else if (a->mark.time == INT64_MIN) {
		compare_last(a);
	} else {
		rank(a, !a->mark.ranks);
		say_one_sided(a);
	}
}

bool app_compares(const struct app *a)
{
	int64_t now = live_now(a->live), to = live_complete(a->live);
	int64_t oldest = ring_oldest(monitor_ring(a->monitor));
	struct compare c = live_compare(a->live, a->mark.time);

	if (a->mark.time != INT64_MIN)
		return a->mark_moves || compare_is_possible(&c);
	return now != INT64_MIN && oldest <= to && span_compared(a, oldest, to) >= 2 * (now - to);
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

/* A mark behind a window of the past is one that is looked away from. */
static bool is_early(const struct app *a, int64_t mark)
{
	if (app_travels(a) && mark >= live_span(a->live).to && mark <= live_now(a->live))
		return false;
	return live_is_early(a->live, mark);
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
	else if (is_early(a, c.mark))
		snprintf(out, size, "mark %s%s: too early, less than %s after it is complete", at,
			 name, length(x, sizeof x, live_now(a->live) - live_complete(a->live)));
	else if (compare_is_possible(&c))
		snprintf(out, size, "%s %s%s: before %s, after %s",
			 a->mark.ranks ? "compared at" : "mark", at, name,
			 length(x, sizeof x, c.before_s), length(y, sizeof y, c.after_s));
	else if (app_travels(a) && c.mark >= live_span(a->live).to && c.mark <= live_now(a->live))
		snprintf(out, size, "mark %s%s is behind this window", at, name);
	else if (live_window(a->live))
		snprintf(out, size, "mark %s%s is before this window: w widens it", at, name);
	else
		snprintf(out, size, "mark %s%s is before all that is held", at, name);
	return out;
}

char *app_compare_short(const struct app *a, char *out, size_t size)
{
	char at[40];

	snprintf(out, size, "mark %s%s", moment(a, a->mark.time, at, sizeof at),
		 is_early(a, a->mark.time) ? " too early" : "");
	return out;
}
