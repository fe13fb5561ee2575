/* pane.c - the panes of app_state.h: which is which, and the selected row of one. */
#include "state/app_state.h"

bool pane_asks(const struct pane *p)
{
	return view_is_query(p->view);
}

struct query pane_query(const struct app *a, const struct pane *p)
{
	return live_query(a->live, p->query);
}

struct pane *pane_of_rows(struct app *a, int rows)
{
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++)
		if (pane_asks(p) && (int)p->view->query.rows == rows)
			return p;
	return NULL;
}

struct pane *pane_of_heat(struct app *a)
{
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++)
		if (p->view->query.bins.kind == BINS_HEAT)
			return p;
	return NULL;
}

struct pane *pane_of_findings(struct app *a)
{
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++)
		if (p->view->judged)
			return p;
	return NULL;
}

struct pane *pane_of_layer(struct app *a, enum layer l)
{
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++)
		if (p->view->layer == l)
			return p;
	return NULL;
}

struct pane *pane_of_groups(struct app *a)
{
	if (a->focus->view->groups)
		return a->focus;
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++)
		if (p->view->groups)
			return p;
	return NULL;
}

void pane_top(struct pane *p)
{
	p->selected = 0;
	p->chosen = false;
	pane_forget(p);
}

void pane_forget(struct pane *p)
{
	struct held *h = &p->held;

	for (unsigned i = 0; i < h->group.n; i++)
		value_release(&h->key[i]);
	*h = (struct held){ .at = -1 };
}

int pane_scroll(struct pane *p, int rows, int lines)
{
	int *top = &p->top, *at = &p->selected;

	p->shown = lines;
	if (*at >= rows)
		*at = rows > 0 ? rows - 1 : 0;
	if (*top > *at)
		*top = *at;
	if (lines > 0 && *at >= *top + lines)
		*top = *at - lines + 1;
	if (*top > rows - lines)
		*top = rows > lines ? rows - lines : 0;
	return *top;
}
