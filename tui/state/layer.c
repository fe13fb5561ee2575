/* layer.c - see layer.h. */
#include "state/layer.h"

/* The line where text is typed; LAYERS_N: there is none. */
static enum layer of_text(const struct app *a)
{
	if (a->saving.naming)
		return a->saving.asked ? LAYER_SURE : LAYER_EXPORT;
	if (a->findings.muting)
		return LAYER_SURE;
	if (a->why.typing)
		return LAYER_QUESTION;
	if (a->asking)
		return LAYER_PERIOD;
	if (a->grouping.active)
		return LAYER_GROUPING;
	if (a->find.typing)
		return LAYER_FIND;
	if (a->editing)
		return a->naming             ? LAYER_NAME
		       : a->prompt.searching ? LAYER_SEARCH
		       : a->menu.n           ? LAYER_MENU
					     : LAYER_BAR;
	return LAYERS_N;
}

static enum layer of_page(const struct app *a)
{
	return a->why.page.open        ? LAYER_WHY
	       : a->usual.page.open    ? LAYER_USUAL
	       : a->findings.page.open ? LAYER_FINDING
				       : LAYERS_N;
}

enum layer layer_below_help(const struct app *a)
{
	enum layer page = of_page(a);

	return page != LAYERS_N            ? page
	       : a->panel == PANEL_CLAUSES ? LAYER_CLAUSES
	       : a->panel == PANEL_SAVED   ? LAYER_SAVED
	       : a->list.choosing          ? LAYER_COLUMNS
	       : a->detail.segment != NULL ? LAYER_RECORD
	       : a->source_open            ? LAYER_SOURCE
					   : a->focus->view->layer;
}

enum layer layer_on_top(const struct app *a)
{
	enum layer text = of_text(a);

	return text != LAYERS_N ? text : a->help ? LAYER_HELP : layer_below_help(a);
}
