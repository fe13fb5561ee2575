/* app_heat.c - the heatmap's axes and scale, as keys change them. */
#include "app/command.h"
#include "query/heat.h"
#include "state/app_state.h"

void command_axes(struct app *a)
{
	struct pane *p = pane_of_heat(a);
	size_t n, next = 0;
	const struct heat *list = heats(&n);
	struct query q;

	if (!p)
		return;
	q = pane_query(a, p);
	for (size_t i = 0; i < n; i++)
		if (list[i].row->field == q.group.field[0] && list[i].column->field == q.bins.field)
			next = (i + 1) % n;
	q.group = (struct group){ .field = { list[next].row->field }, .n = 1 };
	q.bins.field = list[next].column->field;
	live_ask(a->live, p->query, &q);
	a->heat.on = false;
	pane_top(p);
}

void command_scale(struct app *a)
{
	a->heat.linear = !a->heat.linear;
}
