/* app_panel.c - the clauses of the filter, each to be switched off and on, with the number
 * of flows that it lets through; and the list of saved filters. */
#include <stdlib.h>
#include <string.h>

#include "app/app_filter.h"
#include "app/command.h"
#include "view/view.h"

/* ---- commands ---- */

static int saved_filters(const struct app *a)
{
	return a->options->config ? (int)a->options->config->n : 0;
}

static int panel_rows(const struct app *a)
{
	return a->panel == PANEL_SAVED ? saved_filters(a) : (int)a->stack.n;
}

static void use(struct app *a, bool not_this)
{
	struct buf clause = { 0 };

	if (a->panel_at >= saved_filters(a))
		return;
	a->panel = PANEL_NONE;
	buf_printf(&clause, "%s@%s", not_this ? "not " : "",
		   a->options->config->filter[a->panel_at].name);
	app_narrow(a, clause.s);
	buf_release(&clause);
}

void command_use_saved(struct app *a)
{
	use(a, false);
}

void command_use_not(struct app *a)
{
	use(a, true);
}

void command_save_filter(struct app *a)
{
	if (*app_filter(a))
		app_bar_name(a);
	else
		snprintf(a->message, sizeof a->message, "there is no filter to be saved");
}

/* The clause alone goes to the bar; the others stay around it. */
static void edit_clause(struct app *a)
{
	a->panel = PANEL_NONE;
	app_bar_begin(a, app_filter(a));
	const struct stack *s = &a->stack;
	struct buf before = { 0 };
	for (int i = 0; i <= a->panel_at && i < (int)s->n; i++)
		if (!s->clause[i].off)
			buf_printf(&before, "%s%s", before.n ? " and " : "", s->clause[i].text);
	if (before.n && strncmp(a->prompt.text, before.s, before.n) == 0)
		a->prompt.cursor = (int)before.n;
	buf_release(&before);
}

static bool has_clause(const struct app *a)
{
	return a->panel_at < (int)a->stack.n;
}

void command_toggle_clause(struct app *a)
{
	if (has_clause(a) && !app_toggle_clause(a, (size_t)a->panel_at))
		snprintf(a->message, sizeof a->message, "%s",
			 a->error.message[0] ? a->error.message : "too long");
}

void command_remove_clause(struct app *a)
{
	if (has_clause(a))
		app_remove_clause(a, (size_t)a->panel_at);
	app_panel_move(a, 0);
}

void command_edit_clause(struct app *a)
{
	if (has_clause(a) && a->stack.clause[a->panel_at].off)
		app_toggle_clause(a, (size_t)a->panel_at);
	edit_clause(a);
}

bool app_panel_has_row(const struct app *a)
{
	return a->panel_at < panel_rows(a);
}

void app_panel_move(struct app *a, int by)
{
	a->panel_at = view_clamp(a->panel_at + by, panel_rows(a) - 1);
}

/* ---- drawing ---- */

/* "1,234", "1,234+50?": and 50 of which the filter can't tell. */
static const char *figure(const struct app *a, size_t i, uint64_t n, uint64_t undecided, char *out,
			  size_t size)
{
	char x[24];

	if (!a->counted_valid || i >= a->counted.n)
		return "...";
	view_count(out, size, n);
	if (undecided)
		snprintf(out + strlen(out), size - strlen(out), "+%s?",
			 human_count(x, sizeof x, undecided));
	return out;
}

static void draw_clause(struct app *a, struct area area, int y, size_t i)
{
	const struct count_clause *n = &a->counted.clause[i < COUNT_CLAUSES ? i : 0];
	bool off = a->stack.clause[i].off, wide = area.cols >= 60;
	bool kills = a->counted_valid && !off && n->above == 0 && !n->above_undecided &&
		     (i == 0 || a->counted.clause[i - 1].above > 0);
	int above = area.cols - 1, alone = wide ? above - 18 : 0;
	int end = (wide ? alone : above) - 13;
	char x[32];

	screen_puts(area, y, 1, off ? ROLE_DIM : ROLE_ACCEPT, off ? "[ ]" : "[x]");
	screen_text(area, y, 5, end - 5, off ? ROLE_DIM : ROLE_FILTER,
		    str_of(a->stack.clause[i].text));
	if (alone)
		screen_right(area, y, alone, ROLE_TEXT,
			     figure(a, i, n->alone, n->alone_undecided, x, sizeof x));
	screen_right(area, y, above,
		     kills ? ROLE_REJECT
		     : off ? ROLE_DIM
			   : ROLE_TEXT,
		     figure(a, i, n->above, n->above_undecided, x, sizeof x));
}

static bool any_undecided(const struct app *a)
{
	bool any = false;

	for (size_t i = 0; i < a->counted.n; i++)
		any |= a->counted.clause[i].alone_undecided || a->counted.clause[i].above_undecided;
	return any;
}

static void draw_clauses(struct app *a, struct area area)
{
	int lines = area.rows - 2, top = 0;
	char x[32];

	if (a->stack.n == 0) {
		screen_puts(area, 0, 1, ROLE_DIM, "the filter has no clause: / to type one");
		return;
	}
	if (lines > 0 && a->panel_at >= lines)
		top = a->panel_at - lines + 1;
	screen_paint(area, 0, 0, area.cols, ROLE_HEADING);
	screen_puts(area, 0, 5, ROLE_HEADING, "clause");
	if (area.cols >= 60)
		screen_right(area, 0, area.cols - 19, ROLE_HEADING, "alone");
	screen_right(area, 0, area.cols - 1, ROLE_HEADING, "with those above");
	for (int i = 0; i < lines && top + i < (int)a->stack.n; i++) {
		draw_clause(a, area, i + 1, (size_t)(top + i));
		if (top + i == a->panel_at)
			screen_paint(area, i + 1, 0, area.cols, ROLE_SELECTED);
	}
	if (!a->counted_valid)
		screen_printf(area, area.rows - 1, 1, ROLE_PROGRESS, "counting %u%%",
			      a->count ? count_percent(a->count) : 0);
	else
		screen_printf(area, area.rows - 1, 1, ROLE_DIM, "of %s %s in the window%s",
			      view_count(x, sizeof x, a->counted.within),
			      plural(a->counted.within, "flow", "flows"),
			      any_undecided(a) ? ", ? undecided" : "");
}

static void draw_saved(struct app *a, struct area area)
{
	const struct config *c = a->options->config;
	int lines = area.rows - 1, n = saved_filters(a), top = 0, name = 8;

	for (int i = 0; i < n; i++)
		if ((int)strlen(c->filter[i].name) + 1 > name)
			name = (int)strlen(c->filter[i].name) + 1;
	if (name > area.cols / 3)
		name = area.cols / 3;
	if (n == 0)
		screen_puts(area, 0, 1, ROLE_DIM,
			    "none yet: 'filter NAME = TEXT' in the configuration file");
	if (lines > 0 && a->panel_at >= lines)
		top = a->panel_at - lines + 1;
	for (int i = 0; i < lines && top + i < n; i++) {
		const struct saved_filter *f = &c->filter[top + i];
		int x = 1 + screen_puts(area, i, 1, ROLE_KEY, "@");
		screen_text(area, i, x, name - 1, ROLE_KEY, str_of(f->name));
		screen_text(area, i, name + 3, area.cols, ROLE_TEXT, str_of(f->text));
		if (top + i == a->panel_at)
			screen_paint(area, i, 0, area.cols, ROLE_SELECTED);
	}
	screen_printf(area, area.rows - 1, 1, ROLE_DIM, "they are in %s",
		      c && c->path ? c->path : "no file");
}

void app_panel_draw(struct app *a, struct area area)
{
	if (a->panel == PANEL_SAVED) {
		draw_saved(a, screen_box(area, true, "Saved filters"));
		return;
	}
	draw_clauses(a, screen_box(area, true, "Clauses"));
}
