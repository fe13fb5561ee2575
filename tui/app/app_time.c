/* app_time.c - see app_time.h. */
#include "app/app_time.h"

#include <inttypes.h>

#include "app/command.h"
#include "state/clock.h"
#include "state/layer.h"
#include "state/period.h"
#include "state/steps.h"

#define PARTS_OF_ALL 8 /* that a step of travel has while all there is is looked at */

/* ---- travel ---- */

char *app_banner(const struct app *a, char *out, size_t size)
{
	struct span s = live_span(a->live);
	int64_t now = live_now(a->live), ago = now == INT64_MIN ? 0 : now + 1 - s.to;
	/* A mark has to have room beside it. */
	bool keys = a->screen.cols >= 100 || a->mark.time == INT64_MIN;
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

static void go_live(struct app *a)
{
	live_look_at(a->live, INT64_MIN, INT64_MAX);
	a->cursor.at = a->cursor.mark = INT64_MIN;
}

/* Where a step of half of what is looked at leads, back (-1) or forward: the new end, and how long
 * the step is. INT64_MIN: nowhere. */
static int64_t next_end(const struct app *a, int way, int64_t *step)
{
	struct span s = live_span(a->live);
	int64_t now = live_now(a->live), oldest = ring_oldest(monitor_ring(a->monitor));

	/* Without a log time there is nowhere to go. */
	if (now == INT64_MIN || oldest > now || (way > 0 && !app_travels(a)))
		return INT64_MIN;
	int64_t length = s.from == INT64_MIN ? (now - oldest) / PARTS_OF_ALL * 2 : s.to - s.from;
	*step = length > 1 ? length / 2 : 1;
	return s.to + way * *step;
}

bool app_goes_older(const struct app *a)
{
	int64_t step, to = next_end(a, -1, &step);

	return to != INT64_MIN && to > ring_oldest(monitor_ring(a->monitor));
}

static void travel(struct app *a, int way)
{
	struct span s = live_span(a->live);
	int64_t oldest = ring_oldest(monitor_ring(a->monitor)), step, to = next_end(a, way, &step);

	if (to == INT64_MIN)
		return;
	if (way < 0 && to <= oldest) {
		char text[40];
		snprintf(a->message, sizeof a->message, "nothing older is held: it begins at %s",
			 app_stamp(a, oldest, text, sizeof text));
		return;
	}
	if (to + step / 4 > live_now(a->live)) { /* it moved on meanwhile */
		go_live(a);
		return;
	}
	if (!app_travels(a))
		steps_remember(a, app_filter(a));
	live_look_at(a->live, s.from == INT64_MIN ? INT64_MIN : to - (s.to - s.from), to);
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
	if (app_travels(a) && (IN_WORK & (1 << layer_on_top(a))))
		go_live(a);
	else
		command_bottom(a);
}

/* ---- a window, typed ---- */

/* What is typed is read as it stands, or may go on, or can't be. */
static void note_period(struct app *a)
{
	struct buf note = { 0 };
	struct period p;
	char range[80];

	a->ask_wrong = false;
	a->ask_note[0] = '\0';
	if (a->ask.n == 0)
		return;
	if (period_parse(str_of(a->ask.text), live_now(a->live), &p))
		a->ask_wrong = !period_hint(str_of(a->ask.text), live_now(a->live), &note);
	else if (!p.follows)
		buf_puts(&note, app_range(a, p.from, p.to, range, sizeof range));
	else if (p.last_s)
		buf_printf(&note, "the last %s", human_duration(range, sizeof range, p.last_s));
	else
		buf_puts(&note, "all there is");
	snprintf(a->ask_note, sizeof a->ask_note, "%s", note.n ? note.s : "");
	buf_release(&note);
}

void command_period(struct app *a)
{
	a->asking = true;
	prompt_set(&a->ask, "");
	note_period(a);
}

static void take_period(struct app *a)
{
	struct period p;

	const char *why = period_parse(str_of(a->ask.text), live_now(a->live), &p);
	if (why) {
		/* What only has to go on is said in more words now. */
		if (!a->ask_wrong)
			snprintf(a->ask_note, sizeof a->ask_note, "%s", why);
		a->ask_wrong = true;
		return;
	}
	a->asking = false;
	a->window_chosen = true;
	prompt_remember(&a->ask, a->ask.text);
	steps_remember(a, app_filter(a));
	if (p.follows) {
		live_set_window(a->live, p.last_s);
		go_live(a);
	} else {
		live_look_at(a->live, p.from, p.to);
		a->cursor.at = a->cursor.mark = INT64_MIN;
	}
}

bool app_ask_is_typed(const struct app *a)
{
	struct period p;

	return !a->ask.n || !period_parse(str_of(a->ask.text), live_now(a->live), &p);
}

void app_ask_key(struct app *a, int key)
{
	switch (prompt_key(&a->ask, key)) {
	case PROMPT_CHANGED:
		note_period(a);
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
	if (a->ask.n)
		screen_text(area, y, x, area.cols - x, a->ask_wrong ? ROLE_REJECT : ROLE_DIM,
			    str_of(a->ask_note));
	else
		screen_printf(area, y, x, ROLE_DIM,
			      "15m, all, 10:00-10:30, 2026-11-24T10:00Z-10:30; times are%s%s",
			      a->options->local_time ? "" : " UTC, ",
			      app_zone(a, live_now(a->live), zone, sizeof zone));
}
