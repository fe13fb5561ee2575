/* app_command.c - what the commands do, and the way of a key. */

#include "app/app_copy.h"
#include "app/app_filter.h"
#include "app/app_findings.h"
#include "app/app_page.h"
#include "app/app_time.h"
#include "app/app_why.h"
#include "app/command.h"
#include "app/flows_keys.h"
#include "state/amount.h"
#include "state/layer.h"

/* ---- the filter: app_filter.c ---- */

void command_filter(struct app *a)
{
	app_bar_begin(a, app_filter(a));
}

void command_clauses(struct app *a)
{
	a->panel = a->panel == PANEL_CLAUSES ? PANEL_NONE : PANEL_CLAUSES;
	a->panel_at = 0;
}

void command_saved(struct app *a)
{
	a->panel = a->panel == PANEL_SAVED ? PANEL_NONE : PANEL_SAVED;
	a->panel_at = 0;
}

static void close_detail(struct app *a)
{
	a->detail.segment = NULL;
	a->source_open = false;
	a->cell = 0;
}

/* ---- the question ---- */

static void step_window(struct app *a, int step)
{
	static const int64_t windows[] = { 60, 5 * 60, 15 * 60, 3600, 6 * 3600, 24 * 3600, 0 };
	int n = (int)ARRAY_SIZE(windows), at = step > 0 ? n - 1 : 0;
	int64_t now = live_window(a->live);
	bool past;
	struct span look;

	a->window_chosen = true;
	past = live_looks_at(a->live, &look);
	if (past) {
		look = live_span(a->live);
		now = look.from == INT64_MIN ? 0 : look.to - look.from;
	}

	/* The nearest of the list on that side of what is in force; 0 is the longest. */
	for (int i = 0; i < n; i++) {
		bool longer = windows[i] == 0 ? now != 0 : now != 0 && windows[i] > now;
		bool shorter = now == 0 ? windows[i] != 0 : windows[i] != 0 && windows[i] < now;
		if (step > 0 && longer) {
			at = i;
			break;
		}
		if (step < 0 && shorter)
			at = i;
	}
	if (step < 0 && now && now <= windows[0])
		return;
	live_set_window(a->live, windows[at]);
	/* In the past it keeps its end. */
	if (past)
		live_look_at(a->live, windows[at] ? look.to - windows[at] : INT64_MIN, look.to);
}

void command_window(struct app *a)
{
	step_window(a, 1);
}

void command_window_back(struct app *a)
{
	step_window(a, -1);
}

void command_pause(struct app *a)
{
	a->paused = !a->paused;
	a->trust.arrives = false; /* what waits meanwhile is late by that */
	live_pause(a->live, a->paused);
	monitor_hold_sides(a->monitor, a->paused);
	monitor_counts(a->monitor, &a->at_pause);
}

/* ---- panes ---- */

/* Whether it stands beside others; on a small screen, whether it would on a large one. */
static bool has_place(const struct app *a, const struct pane *p)
{
	return app_is_split(a) ? app_has_place(a, p) : app_is_in_layout(a, p);
}

static void focus(struct app *a, struct pane *p)
{
	bool beside = has_place(a, p);

	close_detail(a);
	/* A pane that has no place beside the others has the screen. */
	if (!beside || !has_place(a, a->focus))
		a->zoomed = !beside;
	a->focus = p;
}

static void cycle(struct app *a, int step)
{
	bool all = !app_is_beside(a);
	int n = (int)a->panes, at = (int)(a->focus - a->pane);

	do
		at = (at + step + n) % n;
	while (!all && !has_place(a, &a->pane[at]));
	if (a->zoomed)
		a->focus = &a->pane[at];
	else
		focus(a, &a->pane[at]);
	close_detail(a);
}

void command_next_pane(struct app *a)
{
	cycle(a, 1);
}

void command_last_pane(struct app *a)
{
	cycle(a, -1);
}

void command_zoom(struct app *a)
{
	if (a->layout == LAYOUT_SINGLE)
		snprintf(a->message, sizeof a->message, "the layout shows one pane: | for another");
	else if (!has_place(a, a->focus))
		focus(a, app_first_place(a));
	else
		a->zoomed = !a->zoomed;
}

/* It stays where the configuration says so. */
static void keep_layout(struct app *a)
{
	const struct options *o = a->options;
	char why[100];

	if (o->keep_layout &&
	    !config_set_option(o->config, "layout", layout_name(a->layout), why, sizeof why))
		snprintf(a->message, sizeof a->message, "layout %s, %s", layout_name(a->layout),
			 why);
}

void command_layout(struct app *a)
{
	a->layout = (a->layout + 1) % LAYOUTS_N;
	close_detail(a);
	if (a->layout != LAYOUT_SINGLE && !app_is_in_layout(a, a->focus))
		a->focus = app_first_place(a);
	a->zoomed = !has_place(a, a->focus);
	snprintf(a->message, sizeof a->message, "layout %s: %s%s", layout_name(a->layout),
		 layout_says(a->layout),
		 app_is_split(a) || a->layout == LAYOUT_SINGLE
			 ? ""
			 : ", from 80 columns and 24 rows on");
	keep_layout(a);
}

/* ---- rows ---- */

#define FAR (1 << 29)
#define PAGE 10 /* lines, of what lies over the panes */

/* Moves the selection, or what is on show of what lies on top. */
static void move(struct app *a, int by)
{
	enum layer on = layer_on_top(a);

	if (on == LAYER_COLUMNS) {
		flows_choose(a, by);
	} else if (IN_PAGES & (1 << on)) {
		app_page_scroll(a, by);
	} else if (IN_PANELS & (1 << on)) {
		app_panel_move(a, by);
	} else if (on == LAYER_HELP || app_detail(a)) {
		a->scroll = view_clamp(a->scroll + by, FAR); /* its end is known when drawn */
	} else {
		int rows = a->focus->view->rows(a, a->focus);
		a->focus->selected = view_clamp(a->focus->selected + by, rows - 1);
		a->focus->chosen = by != -FAR;
	}
}

static int page(const struct app *a)
{
	bool pane = IN_PANES & (1 << layer_on_top(a));

	return !pane ? PAGE : a->focus->shown > 1 ? a->focus->shown - 1 : 1;
}

/* clang-format off */
void command_up(struct app *a) { move(a, -1); }
void command_down(struct app *a) { move(a, 1); }
void command_page_up(struct app *a) { move(a, -page(a)); }
void command_page_down(struct app *a) { move(a, page(a)); }
void command_top(struct app *a) { move(a, -FAR); }
void command_bottom(struct app *a) { move(a, FAR); }
/* clang-format on */

/* ---- the program ---- */

void command_redraw(struct app *a)
{
	app_redraw(a);
}

void command_suspend(struct app *a)
{
	app_suspend(a);
}

void command_help(struct app *a)
{
	a->help = !a->help;
	a->scroll = 0;
	prompt_set(&a->find.prompt, "");
}

void command_find(struct app *a)
{
	a->find.typing = true;
}

/* What is found is on show while it is typed; Enter keeps that, Esc shows all again. */
static void find_key(struct app *a, int key)
{
	int by = key == K_UP ? -1 : key == K_DOWN ? 1 : 0;

	if (by) {
		a->scroll = view_clamp(a->scroll + by, FAR);
		return;
	}
	switch (prompt_key(&a->find.prompt, key)) {
	case PROMPT_CANCEL:
		prompt_set(&a->find.prompt, "");
		a->find.typing = false;
		break;
	case PROMPT_ACCEPT:
		a->find.typing = false;
		break;
	default:
		break;
	}
	a->scroll = 0;
}

/* ---- keys ---- */

/* The line where text is typed, or what is asked: whether there was one to take the key. */
static bool text_key(struct app *a, int key)
{
	if (app_save_key(a, key) || app_findings_key(a, key) || app_why_key(a, key))
		return true;
	if (a->find.typing)
		find_key(a, key);
	else if (a->asking)
		app_ask_key(a, key);
	else if (a->grouping.active)
		app_group_key(a, key);
	else if (a->editing)
		app_bar_key(a, key);
	else
		return false;
	return true;
}

/* Another pane: what lies over them makes room. */
static void show_pane(struct app *a, struct pane *p)
{
	if (app_page(a))
		app_page(a)->kind->close(a);
	a->panel = PANEL_NONE;
	focus(a, p);
}

static void take_key(struct app *a, int typed)
{
	const struct keys *k = &a->options->keys;
	int key = typed == '\n' ? K_ENTER : typed;
	int command = keys_command(k, key, layer_on_top(a));

	a->message[0] = '\0';
	a->quit_asked &= command == COMMAND_quit;
	if (key < ' ' && keys_command(k, key, LAYER_PANE) == COMMAND_suspend) {
		app_suspend(a);
		return;
	}
	if (app_copy_key(a, key) || text_key(a, key))
		return;
	if (command >= COMMANDS_N)
		show_pane(a, &a->pane[command - COMMANDS_N]);
	else if (command >= 0)
		command_run(a, command);
	else if (a->help && keys_command(k, key, layer_below_help(a)) >= 0)
		a->help = false; /* to where that key is for */
}

void app_key(struct app *a, int typed)
{
	take_key(a, typed);
	findings_note(
		a, pane_of_findings(a)); /* what it selected stays so, until a frame and behind */
}
