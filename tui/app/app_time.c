/* app_time.c - see app_time.h. */
#include "app/app_time.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/app_filter.h"
#include "app/command.h"
#include "state/period.h"
#include "view/view.h"

#define PARTS_OF_ALL 8 /* that a step of travel has while all there is is looked at */

/* ---- times ---- */

static void broken_down(const struct app *a, int64_t s, struct tm *tm)
{
	time_t t = (time_t)s;

	if (a->options->local_time)
		localtime_r(&t, tm);
	else
		gmtime_r(&t, tm);
}

char *app_zone(const struct app *a, int64_t s, char *out, size_t size)
{
	struct tm tm;

	snprintf(out, size, "Z");
	if (!a->options->local_time || size < 2)
		return out;
	broken_down(a, s == INT64_MIN || s == INT64_MAX ? a->clock_s : s, &tm);
	out[0] = ' ';
	out[1] = '\0';
	strftime(out + 1, size - 1, "%Z", &tm);
	return out;
}

static bool same_day(const struct app *a, int64_t s, int64_t t)
{
	struct tm x, y;

	broken_down(a, s, &x);
	broken_down(a, t, &y);
	return x.tm_yday == y.tm_yday && x.tm_year == y.tm_year;
}

bool app_other_day(const struct app *a, int64_t s)
{
	int64_t now = live_now(a->live);

	if (s == INT64_MIN || s == INT64_MAX)
		return false;
	return !same_day(a, s, now == INT64_MIN ? a->clock_s : now);
}

char *app_stamp(const struct app *a, int64_t s, char *out, size_t size)
{
	char time[32], zone[16];

	app_time(a, s, app_other_day(a, s), time, sizeof time);
	if (s == INT64_MIN || s == INT64_MAX)
		zone[0] = '\0';
	else
		app_zone(a, s, zone, sizeof zone);
	snprintf(out, size, "%s%s", time, zone);
	return out;
}

char *app_dated(const struct app *a, int64_t s, char *out, size_t size)
{
	char time[32], zone[16];

	snprintf(out, size, "%s%s", app_time(a, s, true, time, sizeof time),
		 app_zone(a, s, zone, sizeof zone));
	return out;
}

char *app_now(const struct app *a, int64_t now, char *out, size_t size)
{
	char time[32], zone[16];

	snprintf(out, size, "%s%s",
		 app_time(a, now, !same_day(a, now, a->clock_s), time, sizeof time),
		 app_zone(a, now, zone, sizeof zone));
	return out;
}

char *app_range(const struct app *a, int64_t from, int64_t to, char *out, size_t size)
{
	char x[32], y[32], first[16], last[16];
	bool dates = app_other_day(a, from) || app_other_day(a, to - 1);
	bool two = !same_day(a, from, to) && !same_day(a, from, to - 1);

	app_zone(a, from, first, sizeof first);
	app_zone(a, to, last, sizeof last);
	snprintf(out, size, "%s%s-%s%s", app_time(a, from, dates, x, sizeof x),
		 strcmp(first, last) == 0 ? "" : first, app_time(a, to, dates && two, y, sizeof y),
		 last);
	return out;
}

/* ---- travel ---- */

bool app_travels(const struct app *a)
{
	struct span span;

	return live_looks_at(a->live, &span);
}

char *app_banner(const struct app *a, char *out, size_t size)
{
	struct span s = live_span(a->live);
	int64_t now = live_now(a->live), ago = now == INT64_MIN ? 0 : now + 1 - s.to;
	/* A mark has to have room beside it. */
	bool keys = a->screen.cols >= 100 || live_mark(a->live) == INT64_MIN;
	char range[80], ends[40], before[24];

	if (s.from == INT64_MIN)
		snprintf(range, sizeof range, "up to %s", app_stamp(a, s.to, ends, sizeof ends));
	else
		app_range(a, s.from, s.to, range, sizeof range);
	if (a->screen.cols < 60)
		snprintf(out, size, " HISTORY %s ", range);
	else
		snprintf(out, size, " HISTORY %s, %s before now%s ", range,
			 human_duration(before, sizeof before, ago > 0 ? ago : 0),
			 keys ? "; ] forward, End live" : "");
	return out;
}

void app_restore_time(struct app *a, const struct step *s)
{
	struct span had;

	live_looks_at(a->live, &had);
	if (live_window(a->live) != s->window_s)
		live_set_window(a->live, s->window_s);
	if (had.from != s->look.from || had.to != s->look.to)
		live_look_at(a->live, s->look.from, s->look.to);
	a->cursor.at = a->cursor.mark = INT64_MIN;
}

static void go_live(struct app *a)
{
	live_look_at(a->live, INT64_MIN, INT64_MAX);
	a->cursor.at = a->cursor.mark = INT64_MIN;
}

/* One step of half of what is looked at, back (-1) or forward. */
static void travel(struct app *a, int way)
{
	struct span s = live_span(a->live);
	int64_t now = live_now(a->live), oldest = ring_oldest(monitor_ring(a->monitor));
	bool open = s.from == INT64_MIN;

	/* Without a log time there is nowhere to go. */
	if (now == INT64_MIN || oldest > now || (way > 0 && !app_travels(a)))
		return;
	int64_t length = open ? (now - oldest) / PARTS_OF_ALL * 2 : s.to - s.from;
	int64_t step = length > 1 ? length / 2 : 1, to = s.to + way * step;
	if (way < 0 && to <= oldest) {
		char text[40];
		snprintf(a->message, sizeof a->message, "nothing older is held: it begins at %s",
			 app_stamp(a, oldest, text, sizeof text));
		return;
	}
	if (to + step / 4 > now) { /* it moved on meanwhile */
		go_live(a);
		return;
	}
	if (!app_travels(a))
		app_remember(a, app_filter(a));
	live_look_at(a->live, open ? INT64_MIN : to - length, to);
	a->cursor.at = a->cursor.mark = INT64_MIN;
}

void command_back(struct app *a)
{
	travel(a, -1);
}

void command_forward(struct app *a)
{
	travel(a, 1);
}

void command_live(struct app *a)
{
	if (app_travels(a))
		go_live(a);
	else
		command_bottom(a);
}

/* ---- a window, typed ---- */

void command_period(struct app *a)
{
	a->asking = true;
	a->ask_error = NULL;
	prompt_set(&a->ask, "");
}

static void take_period(struct app *a)
{
	struct period p;

	a->ask_error =
		period_parse(str_of(a->ask.text), live_now(a->live), a->options->local_time, &p);
	if (a->ask_error)
		return;
	a->asking = false;
	prompt_remember(&a->ask, a->ask.text);
	app_remember(a, app_filter(a));
	if (p.follows) {
		live_set_window(a->live, p.last_s);
		go_live(a);
	} else {
		live_look_at(a->live, p.from, p.to);
		a->cursor.at = a->cursor.mark = INT64_MIN;
	}
}

void app_ask_key(struct app *a, int key)
{
	switch (prompt_key(&a->ask, key)) {
	case PROMPT_CHANGED:
		a->ask_error = NULL;
		break;
	case PROMPT_ACCEPT:
		if (a->ask.n == 0)
			a->asking = false;
		else
			take_period(a);
		break;
	case PROMPT_CANCEL:
		a->asking = false;
		break;
	default:
		break;
	}
}

void app_ask_draw(struct app *a, struct area area, int y)
{
	int x = screen_puts(area, y, 1, ROLE_FOCUS, "window> ") + 1;
	int width = a->ask.n + 1 < area.cols - x ? a->ask.n + 1 : area.cols - x;
	char zone[16];

	prompt_draw(&a->ask, area, y, x, width, true);
	x += width + 1;
	if (a->ask_error)
		screen_text(area, y, x, area.cols - x, ROLE_REJECT, str_of(a->ask_error));
	else if (a->ask.n == 0)
		screen_printf(area, y, x, ROLE_DIM,
			      "15m, all, 10:00-10:30, 2026-11-24T10:00Z-10:30; times are%s%s",
			      a->options->local_time ? "" : " UTC, ",
			      app_zone(a, live_now(a->live), zone, sizeof zone));
}

/* ---- the cursor of the timeline ---- */

void app_cursor_move(struct app *a, int by)
{
	struct bars *c = &a->cursor;
	int64_t last = c->from + (c->n - 1) * c->width;

	if (a->focus != VIEW_TIMELINE || c->n < 1)
		return;
	int64_t at = (c->at == INT64_MIN ? last : c->at) + by * c->width;
	at = at < c->from ? c->from : at;
	c->at = at >= last ? INT64_MIN : at; /* the last one goes on with time */
}

void command_mark_range(struct app *a)
{
	struct bars *c = &a->cursor;

	if (a->focus != VIEW_TIMELINE || c->n < 1)
		return;
	if (c->mark != INT64_MIN)
		c->mark = INT64_MIN;
	else
		c->mark = c->at == INT64_MIN ? c->from + (c->n - 1) * c->width : c->at;
}

void app_zoom_in(struct app *a)
{
	struct span s = live_span(a->live), bars;

	if (!view_timeline_marked(a, &bars))
		return;
	bars.from = bars.from > s.from ? bars.from : s.from;
	bars.to = bars.to < s.to ? bars.to : s.to;
	if (bars.from >= bars.to || (bars.from == s.from && bars.to == s.to))
		return;
	app_remember(a, app_filter(a));
	live_look_at(a->live, bars.from, bars.to);
	a->cursor.at = a->cursor.mark = INT64_MIN;
}
