/* app_mouse.c - see app_mouse.h. Where the panes stand is as of the last frame. */
#include "app/app_mouse.h"

#include <ctype.h>
#include <string.h>

#include "app/app_page.h"
#include "app/command.h"

#define WHEEL_ROWS 3

void command_mouse(struct app *a)
{
	bool can = app_use_mouse(a, !a->mouse);

	a->mouse = can && !a->mouse;
	snprintf(a->message, sizeof a->message, "%s",
		 !can       ? "this terminal tells nothing of a mouse"
		 : a->mouse ? "mouse on: with Shift held the terminal selects text"
			    : "mouse off");
}

/* Whether a line is typed, or something lies over the panes. */
static bool is_typing(const struct app *a)
{
	return a->editing || a->asking || a->grouping.active || a->saving.naming || a->why.typing ||
	       a->findings.muting || a->copying.choosing;
}

static bool are_panes_covered(struct app *a)
{
	return is_typing(a) || a->help || a->panel || a->copying.text || a->list.choosing ||
	       app_page(a) || app_detail(a);
}

static bool is_inside(const struct area *at, int y, int x, int frame)
{
	return at->rows > 0 && y >= at->y - frame && y < at->y + at->rows + frame &&
	       x >= at->x - frame && x < at->x + at->cols + frame;
}

static struct pane *pane_at(struct app *a, int y, int x)
{
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++)
		if (is_inside(&p->place, y, x, p->framed))
			return p;
	return NULL;
}

/* ---- headings ---- */

/* Of a word; an arrow of the order stands beside it. */
static bool is_letter(const struct screen *s, int y, int x)
{
	uint32_t ch = x >= 0 && x < s->cols ? screen_at(s, y, x)->ch : ' ';

	return ch > ' ' && ch < 127;
}

/* The word of a heading under a column of the screen. */
static void word_at(const struct app *a, int y, int x, char *out, size_t size)
{
	const struct screen *s = &a->screen;
	size_t n = 0;

	while (is_letter(s, y, x - 1))
		x--;
	for (; is_letter(s, y, x) && n + 1 < size; x++)
		out[n++] = (char)screen_at(s, y, x)->ch;
	out[n] = '\0';
}

static void sort_by(struct app *a, const char *word)
{
	int field = field_lookup(str_of(word)), metric = metric_find(str_of(word));

	if (a->focus->view->query.rows == ROWS_RECORDS && view_is_query(a->focus->view)) {
		if (field != FIELD_NONE)
			flows_sort_by(a, field,
				      a->list.order.field == field ? !a->list.order.ascending
								   : flows_is_ascending(field));
		return;
	}
	if (a->focus->view->query.bins.kind != BINS_TREND)
		return;
	if (metric < 0) {
		command_metric(a);
		return;
	}
	for (int i = 0; i < METRICS && (int)a->metric != metric; i++)
		command_metric(a);
}

/* ---- the timeline ---- */

static bool has_bars(const struct app *a)
{
	return a->focus->view->query.rows == ROWS_TIMELINE && a->cursor.n > 0;
}

/* The start of the bar at a column of the screen, or of the nearest one. */
static int64_t bar_at(const struct app *a, int x)
{
	const struct bars *c = &a->cursor;
	int i = (x - c->left) * c->n / (c->cols > 0 ? c->cols : 1);

	return c->from + (i < 0 ? 0 : i >= c->n ? c->n - 1 : i) * c->width;
}

/* ---- events ---- */

static void press(struct app *a, int y, int x)
{
	struct pane *p = pane_at(a, y, x);
	int line;

	a->dragging = false;
	if (!p)
		return;
	if (p != a->focus)
		app_key(a, p->view->key);
	if (p != a->focus || !is_inside(&p->place, y, x, 0))
		return;
	line = y - p->place.y;
	if (has_bars(a)) {
		a->dragging = true;
		a->cursor.at = bar_at(a, x);
		a->cursor.mark = INT64_MIN;
	} else if (line == 0 && screen_at(&a->screen, y, x)->ch > ' ') {
		char word[32];
		word_at(a, y, x, word, sizeof word);
		sort_by(a, word);
	} else if (line > 0 && line <= p->shown && p->top + line - 1 < p->view->rows(a, p)) {
		p->selected = p->top + line - 1;
		p->chosen = true;
		a->cell = 0;
		findings_note(a, pane_of_findings(a));
	}
}

static void drag(struct app *a, int x)
{
	struct bars *c = &a->cursor;

	if (!a->dragging || !has_bars(a))
		return;
	if (c->mark == INT64_MIN)
		c->mark = c->at;
	c->at = bar_at(a, x);
}

/* What was drawn over is looked at, as by v and Enter. */
static void release(struct app *a)
{
	bool range = a->dragging && has_bars(a) && a->cursor.mark != INT64_MIN &&
		     a->cursor.mark != a->cursor.at;

	a->dragging = false;
	if (range)
		app_key(a, K_ENTER);
}

static void wheel(struct app *a, int y, int x, int key)
{
	struct pane *p = are_panes_covered(a) ? NULL : pane_at(a, y, x);

	if (is_typing(a))
		return;
	if (p && p != a->focus)
		app_key(a, p->view->key);
	for (int i = 0; i < WHEEL_ROWS; i++)
		app_key(a, key);
}

void app_mouse(struct app *a, const struct mouse_event *e)
{
	if (!a->mouse)
		return;
	if (e->kind == MOUSE_UP || e->kind == MOUSE_DOWN)
		wheel(a, e->y, e->x, e->kind == MOUSE_UP ? K_UP : K_DOWN);
	else if (are_panes_covered(a) || e->y >= a->screen.rows || e->x >= a->screen.cols)
		a->dragging = false;
	else if (e->kind == MOUSE_PRESS)
		press(a, e->y, e->x);
	else if (e->kind == MOUSE_DRAG)
		drag(a, e->x);
	else
		release(a);
}
