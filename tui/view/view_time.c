/* view_time.c - times in panes: axes, columns of times, the tail that is not complete. */
#include <string.h>

#include "view/view.h"

/* ---- the tail ---- */

int view_tail(const struct view_axis *x, const struct result *r)
{
	int64_t at;

	if (r->incomplete_s == INT64_MAX || x->n < 1)
		return x->n;
	/* Half a column is what a cell can tell. */
	at = (r->incomplete_s - x->from + x->width / 2) / x->width;
	return at < 0 ? 0 : at < x->n ? (int)at : x->n;
}

void view_tail_paint(struct area area, int y, int left, const struct view_axis *x,
		     const struct result *r)
{
	int first = view_axis_left(x, view_tail(x, r)), end = view_axis_left(x, x->n);

	for (int i = first; i < end; i++) {
		const struct cell *c;
		if (y < 0 || y >= area.rows || left + i < 0 || left + i >= area.cols)
			continue;
		c = screen_at(area.screen, area.y + y, area.x + left + i);
		if (c->ch != ' ' && c->role != ROLE_REJECT)
			screen_paint(area, y, left + i, 1, ROLE_TAIL);
	}
}

/* ---- axes ---- */

char *view_short_stamp(const struct app *a, int64_t s, char *out, size_t size)
{
	char text[32], zone[16];
	bool date = app_other_day(a, s), year = app_other_year(a, s);

	app_time(a, s, date, text, sizeof text);
	text[year ? 10 : date ? 16 : 5] = '\0';
	snprintf(out, size, "%s%s", date && !year ? text + 5 : text,
		 app_zone(a, s, zone, sizeof zone));
	return out;
}

void view_axis_times(const struct app *a, struct area area, int y, int left, int before,
		     const struct view_axis *x, enum role role)
{
	int64_t end = x->from + x->n * x->width;
	char first[48], last[48];
	int cols = view_axis_left(x, x->n), room = cols + before;

	app_stamp(a, x->from, first, sizeof first);
	app_stamp(a, end, last, sizeof last);
	if ((int)(strlen(first) + strlen(last)) + 2 > room) {
		view_short_stamp(a, x->from, first, sizeof first);
		view_short_stamp(a, end, last, sizeof last);
	}
	if ((int)(strlen(first) + strlen(last)) + 2 <= room) {
		int over = (int)(strlen(first) + strlen(last)) + 2 - cols;
		screen_puts(area, y, left - (over > 0 ? over : 0), role, first);
	} else {
		app_stamp(a, end, last, sizeof last);
	}
	if ((int)strlen(last) > room)
		view_short_stamp(a, end, last, sizeof last);
	screen_right(area, y, left + cols, role, last);
}

/* ---- columns ---- */

struct view_times view_times_of(const struct app *a, int64_t from, int64_t to, bool seconds)
{
	struct view_times t = { .seconds = seconds, .width = seconds ? 8 : 5 };
	char first[16], last[16];

	app_zone(a, from, first, sizeof first);
	app_zone(a, to, last, sizeof last);
	t.zone = strcmp(first, last) != 0;
	t.date = app_other_day(a, from) || app_other_day(a, to);
	if (t.date)
		t.width += 6;
	if (t.zone)
		t.width += (int)(strlen(first) > strlen(last) ? strlen(first) : strlen(last));
	else
		snprintf(t.head, sizeof t.head, "%s%.12s", *last == ' ' ? "" : " ", last);
	return t;
}

char *view_times_text(const struct app *a, const struct view_times *t, int64_t s, char *out,
		      size_t size)
{
	char text[24], zone[16] = "";

	if (s == INT64_MIN || s == INT64_MAX) {
		snprintf(out, size, "-");
		return out;
	}
	app_time(a, s, t->date, text, sizeof text);
	if (t->date && app_other_year(a, s)) { /* which one says more than when in the day */
		snprintf(out, size, "%.10s", text);
		return out;
	}
	if (t->zone)
		app_zone(a, s, zone, sizeof zone);
	if (!t->seconds)
		text[strlen(text) - 3] = '\0';
	snprintf(out, size, "%s%s", t->date ? text + 5 : text, zone);
	return out;
}
