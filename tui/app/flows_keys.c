/* flows_keys.c - see flows_keys.h: the commands of the list of flows. */
#include "app/flows_keys.h"

#include <string.h>

#include "app/app_findings.h"
#include "app/command.h"
#include "state/amount.h"

/* ---- one record ---- */

/* The place of the record that is so many behind the one on show; -1: there is none. */
static int neighbour(struct app *a, int step)
{
	int at = flows_find(a, a->detail.segment ? a->detail.segment->serial : 0, a->detail.row);

	at = at < 0 ? pane_of_rows(a, ROWS_RECORDS)->selected : at + step;
	return at < flows_rows(a) ? at : -1;
}

bool flows_turns(struct app *a, int step)
{
	return neighbour(a, step) >= 0;
}

static void turn(struct app *a, int step)
{
	struct pane *p = pane_of_rows(a, ROWS_RECORDS);
	int at;

	flows_take(a);
	at = neighbour(a, step);
	if (at < 0)
		return;
	p->selected = at;
	if (at >= (int)a->flows) {
		flows_forget(a); /* more of them */
		a->list.at_serial = 0;
		flows_take(a);
	}
	if (at < (int)a->flows)
		a->detail = a->flow[at];
	a->scroll = 0;
}

void command_next(struct app *a)
{
	if (a->findings.page.open)
		app_finding_step(a, 1);
	else
		turn(a, 1);
}

void command_previous(struct app *a)
{
	if (a->findings.page.open)
		app_finding_step(a, -1);
	else
		turn(a, -1);
}

/* ---- the chooser of columns ---- */

static void toggle(struct app *a, int field)
{
	struct flow_columns *c = &a->list.columns;
	int at = flow_columns_find(c, field);

	if (at >= 0) {
		c->n--;
		memmove(c->field + at, c->field + at + 1, (c->n - (unsigned)at) * sizeof *c->field);
	} else if (c->n < FLOW_COLUMNS_MAX) {
		c->field[c->n++] = field;
	} else {
		snprintf(a->message, sizeof a->message, "no more than %d columns",
			 FLOW_COLUMNS_MAX);
		return;
	}
	a->list.chosen = true;
}

/* The chosen column and its neighbour change places. */
static void shift(struct app *a, int step)
{
	struct flow_columns *c = &a->list.columns;
	int from = a->list.choice, to = from + step, field;

	if (!flows_can_shift(a, step))
		return;
	field = c->field[from];
	c->field[from] = c->field[to];
	c->field[to] = field;
	a->list.choice = to;
	a->list.chosen = true;
}

static void sort_by_choice(struct app *a, int field)
{
	struct flow_order *o = &a->list.order;

	flows_sort_by(a, field, o->field == field ? !o->ascending : flows_is_ascending(field));
}

void flows_choose(struct app *a, int by)
{
	int field[FORMAT_COLUMNS_MAX], n = (int)flows_choices(a, field, FORMAT_COLUMNS_MAX);

	a->list.choice = view_clamp(a->list.choice + by, n - 1);
}

/* The field that is chosen; -1: none. */
static int chosen_field(const struct app *a)
{
	int field[FORMAT_COLUMNS_MAX], n = (int)flows_choices(a, field, FORMAT_COLUMNS_MAX);

	return a->list.choice < n ? field[a->list.choice] : -1;
}

bool flows_can_shift(const struct app *a, int step)
{
	int n = (int)a->list.columns.n, to = a->list.choice + step;

	return a->list.choice < n && to >= 0 && to < n;
}

bool flows_has_choice(const struct app *a)
{
	return chosen_field(a) >= 0;
}

void command_toggle_column(struct app *a)
{
	if (flows_has_choice(a))
		toggle(a, chosen_field(a));
	flows_choose(a, 0);
}

void command_column_left(struct app *a)
{
	shift(a, -1);
}

void command_column_right(struct app *a)
{
	shift(a, 1);
}

void command_sort_column(struct app *a)
{
	if (flows_has_choice(a))
		sort_by_choice(a, chosen_field(a));
}

void command_usual_columns(struct app *a)
{
	a->list.chosen = false;
	flows_choose_usual(a);
	flows_choose(a, 0);
}

void command_close_columns(struct app *a)
{
	a->list.choosing = false;
}

/* ---- the list ---- */

void command_columns(struct app *a)
{
	a->list.choosing = true;
}

void command_sort(struct app *a)
{
	flows_sort(a, 1);
}

void command_sort_back(struct app *a)
{
	flows_sort(a, 0);
}
