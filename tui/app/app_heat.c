/* app_heat.c - the commands that one pane alone has: of the heatmap, the timeline, rejects, trust. */
#include "app/command.h"
#include "query/heat.h"
#include "state/cursor.h"

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

void command_mark_range(struct app *a)
{
	char key[16];

	bars_cursor_mark(a);
	if (a->cursor.mark != INT64_MIN)
		snprintf(a->message, sizeof a->message,
			 "a range from this bar on: move to its other end, %s looks at it",
			 keys_label(&a->options->keys, COMMAND_drill, key, sizeof key));
}

void command_by_hour(struct app *a)
{
	trust_next_grain(a);
}

void command_fold(struct app *a)
{
	struct pane *p = pane_of_layer(a, LAYER_REJECTS);

	a->causes.off = !a->causes.off;
	pane_top(p);
	if (!a->causes.off && !causes_are_shown(a, p))
		snprintf(a->message, sizeof a->message, "%s",
			 a->mark.time == INT64_MIN
				 ? "folded by cause once it is grouped by "
				   "client,server,service,protocol again"
				 : "folded by cause once the mark is gone: before and after are "
				   "of conversations");
}
