/* flows_keys.c - see flows_keys.h. */
#include "app/flows_keys.h"

#include <string.h>

#include "state/amount.h"
#include "term/key.h"

/* ---- one record ---- */

static void turn(struct app *a, int step)
{
	struct pane *p = pane_of_rows(a, ROWS_RECORDS);
	int at;

	flows_take(a);
	at = flows_find(a, a->detail.segment ? a->detail.segment->serial : 0, a->detail.row);
	at = at < 0 ? p->selected : at + step;
	if (at < 0 || at >= flows_rows(a))
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

bool flows_detail_key(struct app *a, int key)
{
	if (key == 'n')
		turn(a, 1);
	else if (key == 'p' || key == 'N')
		turn(a, -1);
	else
		return false;
	return true;
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

	if (from >= (int)c->n || to < 0 || to >= (int)c->n)
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

void flows_choose_key(struct app *a, int key)
{
	int field[FORMAT_COLUMNS_MAX], n = (int)flows_choices(a, field, FORMAT_COLUMNS_MAX);
	struct flow_list *l = &a->list;

	switch (key) {
	case K_UP:
	case 'k':
		l->choice--;
		break;
	case K_DOWN:
	case 'j':
		l->choice++;
		break;
	case K_HOME:
		l->choice = 0;
		break;
	case K_END:
	case 'G':
		l->choice = n;
		break;
	case ' ':
		if (l->choice < n)
			toggle(a, field[l->choice]);
		break;
	case K_LEFT:
	case '<':
		shift(a, -1);
		break;
	case K_RIGHT:
	case '>':
		shift(a, 1);
		break;
	case 's':
		if (l->choice < n)
			sort_by_choice(a, field[l->choice]);
		break;
	case 'r':
		l->chosen = false;
		flows_choose_usual(a);
		break;
	case K_ENTER:
	case '\n':
	case K_ESCAPE:
	case K_BACKSPACE:
	case 'c':
	case 'q':
		l->choosing = false;
		break;
	default:
		break;
	}
	l->choice = view_clamp(l->choice, n - 1);
}
