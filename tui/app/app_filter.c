/* app_filter.c - how the filter changes: clauses are added by rows and cells, switched off
 * and on, taken back. The bar that it is typed in is app_bar.c. */
#include <stdlib.h>
#include <string.h>

#include "app/app_filter.h"
#include "app/app_page.h"
#include "app/command.h"
#include "state/layer.h"
#include "state/steps.h"

void app_filter_release(struct app *a)
{
	steps_release(a);
	stack_release(&a->stack);
	count_free(a->count);
	free(a->counted_text);
	free(a->before);
	app_typed_release(a);
}

/* ---- narrowing ---- */

/* Puts another filter in force, undone as one step; false: it was refused. */
static bool change(struct app *a, const char *text)
{
	steps_remember(a, app_filter(a));
	if (!app_set_filter(a, text)) {
		snprintf(a->message, sizeof a->message, "%s", a->error.message);
		a->error.message[0] = '\0';
		steps_undo(a);
		return false;
	}
	stack_follow(&a->stack, live_filter(a->live));
	prompt_set(&a->prompt, text);
	prompt_remember(&a->prompt, text);
	pane_top(a->focus);
	return true;
}

/* What of a text is not among the clauses yet; "" when it is all there. */
static void add_new(const struct app *a, const char *clause, struct buf *out)
{
	struct filter_error e;
	struct filter *f = filter_new(str_of(clause), 0, &e);

	const char *between = "";

	for (size_t i = 0; f && i < filter_clauses(f); i++)
		if (!stack_has(&a->stack, filter_clause(f, i))) {
			buf_printf(out, "%s%s", between, filter_clause(f, i));
			between = " and ";
		}
	if (!f)
		buf_puts(out, clause); /* and be refused with a reason */
	filter_free(f);
}

bool app_says(const struct app *a, const char *clause)
{
	struct buf more = { 0 };
	bool said;

	add_new(a, clause, &more);
	said = more.n == 0;
	buf_release(&more);
	return said;
}

bool app_narrow(struct app *a, const char *clause)
{
	struct buf text = { 0 };
	bool done = false;

	stack_text(&a->stack, &text);
	if (text.n)
		buf_puts(&text, " and ");
	if (app_says(a, clause))
		snprintf(a->message, sizeof a->message, "the filter says so already");
	else if (add_new(a, clause, &text), text.n < PROMPT_MAX)
		done = change(a, text.s);
	else
		snprintf(a->message, sizeof a->message, "the filter is too long for one more");
	buf_release(&text);
	return done;
}

static bool is_conjunction(const char *clause)
{
	return strstr(clause, " and ") != NULL;
}

/* Rows that are of too many conversations for a filter. */
static void say_no_clause(struct app *a)
{
	if (a->focus->view->rows && a->focus->view->rows(a, a->focus) > 0 && !app_detail(a) &&
	    causes_are_shown(a, a->focus))
		snprintf(a->message, sizeof a->message,
			 "no filter says which these are: o has them one by one");
}

static void narrow_by_row(struct app *a, bool hide)
{
	struct buf clause = { 0 }, not_this = { 0 };

	app_selected_clause(a, &clause);
	if (clause.n && hide) {
		bool list = is_conjunction(clause.s);
		buf_printf(&not_this, "not %s%s%s", list ? "(" : "", clause.s, list ? ")" : "");
		app_narrow(a, not_this.s);
	} else if (clause.n) {
		app_narrow(a, clause.s);
	}
	/* The record was the way to the cell: what is left is to be seen. */
	if (clause.n)
		a->detail.segment = NULL;
	else
		say_no_clause(a);
	a->cell = 0;
	buf_release(&not_this);
	buf_release(&clause);
}

void command_only(struct app *a)
{
	narrow_by_row(a, false);
}

void command_hide(struct app *a)
{
	narrow_by_row(a, true);
}

void command_clear(struct app *a)
{
	if (*app_filter(a))
		change(a, "");
}

bool app_drill(struct app *a, const char *clause)
{
	struct pane *records = pane_of_rows(a, ROWS_RECORDS);

	/* What the filter says already still leads to the records. */
	if (!records)
		return false;
	if (app_says(a, clause))
		steps_remember(a, app_filter(a));
	else if (!app_narrow(a, clause))
		return false;
	a->step[a->steps - 1].drilled = true;
	a->message[0] = '\0';
	flows_begin(a);
	a->focus = records;
	a->zoomed = true;
	a->cell = 0;
	return true;
}

void command_drill(struct app *a)
{
	if (a->focus->view->drill) {
		a->focus->view->drill(a, a->focus);
		return;
	}
	struct buf clause = { 0 };
	app_selected_clause(a, &clause);
	if (clause.n)
		app_drill(a, clause.s);
	else
		say_no_clause(a);
	buf_release(&clause);
}

/* What lies on top, or a cell: whether there was one. */
static bool close_top(struct app *a)
{
	if (a->help && a->find.prompt.n) {
		prompt_set(&a->find.prompt, "");
	} else if (a->help) {
		a->help = false;
	} else if (app_page(a)) {
		app_page(a)->kind->close(a);
	} else if (a->panel) {
		a->panel = PANEL_NONE;
	} else if (a->list.choosing) {
		a->list.choosing = false;
	} else if (a->cell) {
		a->cell = 0;
	} else if (app_detail(a)) {
		a->detail.segment = NULL;
		a->source_open = false;
	} else {
		return false;
	}
	return true;
}

bool app_goes_back(const struct app *a)
{
	return a->cell || a->steps > 0 || !(IN_PANES & (1 << layer_on_top(a)));
}

bool app_is_at_bottom(const struct app *a)
{
	const struct view *v = a->focus->view;
	bool drilled = false;

	for (int i = 0; i < a->steps; i++)
		drilled |= a->step[i].drilled;
	return !a->cell && (IN_PANES & (1 << layer_on_top(a))) &&
	       !(drilled && view_is_query(v) && v->query.rows == ROWS_RECORDS);
}

void command_widen(struct app *a)
{
	if (!close_top(a) && a->steps > 0)
		steps_back(a);
}

/* Back to the row whose records are on show, whatever was narrowed since. */
static bool leave_drill(struct app *a)
{
	int at = a->steps;

	if (a->focus != pane_of_rows(a, ROWS_RECORDS))
		return false;
	while (at > 0 && !a->step[at - 1].drilled)
		at--;
	while (at > 0 && a->steps >= at)
		steps_back(a);
	return at > 0;
}

void command_quit(struct app *a)
{
	if (close_top(a) || leave_drill(a))
		return;
	if (options_read_stdin(a->options) && !a->quit_asked) {
		a->quit_asked = true;
		snprintf(a->message, sizeof a->message,
			 "standard input can't be read again, what came of it is lost: q once more "
			 "leaves");
		return;
	}
	app_quit(a);
}

void command_leave(struct app *a)
{
	app_quit(a);
}

/* ---- switching off and on ---- */

bool app_toggle_clause(struct app *a, size_t i)
{
	struct buf text = { 0 };
	struct stack *s = &a->stack;
	bool done;

	steps_remember(a, app_filter(a));
	s->clause[i].off = !s->clause[i].off;
	stack_text(s, &text);
	done = text.n < PROMPT_MAX && app_set_filter(a, text.n ? text.s : "");
	if (done) {
		prompt_set(&a->prompt, text.n ? text.s : "");
	} else {
		s->clause[i].off = !s->clause[i].off;
		steps_undo(a);
	}
	buf_release(&text);
	return done;
}

void app_remove_clause(struct app *a, size_t i)
{
	struct buf text = { 0 };

	steps_remember(a, app_filter(a));
	stack_remove(&a->stack, i);
	stack_text(&a->stack, &text);
	if (app_set_filter(a, text.n ? text.s : ""))
		prompt_set(&a->prompt, text.n ? text.s : "");
	buf_release(&text);
}

/* ---- counts ---- */

#define RECOUNT_S 2 /* between two counts of data that grows */

static void count_key(const struct app *a, struct buf *out)
{
	for (size_t i = 0; i < a->stack.n; i++)
		buf_printf(out, "%c%s\n", a->stack.clause[i].off ? '-' : '+',
			   a->stack.clause[i].text);
	buf_printf(out, "%lld", (long long)live_window(a->live));
}

static void start_count(struct app *a, struct buf *key)
{
	const char *text[STACK_MAX];
	bool off[STACK_MAX];
	const struct filter *f = live_filter(a->live);
	bool same = a->counted_text && strcmp(a->counted_text, key->s) == 0;

	for (size_t i = 0; i < a->stack.n; i++) {
		text[i] = a->stack.clause[i].text;
		off[i] = a->stack.clause[i].off;
	}
	count_free(a->count);
	a->count = count_new(monitor_ring(a->monitor), text, off, a->stack.n, a->totals.window,
			     f ? filter_now(f) : 0);
	a->counted_s = a->clock_s;
	a->counted_flows = ring_flows(monitor_ring(a->monitor));
	/* The last figures stay until there are new ones, when the question is the same. */
	a->counted_valid = a->counted_valid && same;
	free(a->counted_text);
	a->counted_text = xstrndup(key->s, key->n);
}

bool app_count(struct app *a, uint64_t budget_ns)
{
	struct buf key = { 0 };
	bool more = false, stale;

	if (a->panel != PANEL_CLAUSES && !app_found_nothing(a)) {
		count_free(a->count);
		a->count = NULL;
		a->counted_valid = false;
		return false;
	}
	count_key(a, &key);
	stale = !a->counted_text || strcmp(a->counted_text, key.s) != 0 ||
		(!a->count && !a->counted_valid) ||
		(!a->count && a->clock_s - a->counted_s >= RECOUNT_S &&
		 a->counted_flows != ring_flows(monitor_ring(a->monitor)));
	if (stale)
		start_count(a, &key);
	buf_release(&key);
	if (a->count) {
		more = count_step(a->count, budget_ns);
		if (!more) {
			a->counted = *count_answer(a->count);
			a->counted_valid = true;
			count_free(a->count);
			a->count = NULL;
			app_dirty(a);
		}
	}
	return more;
}
