/* app_rank.c - which rows of a ranking a pane takes, and the row that stays selected while
 * ranks change: the selection goes with its key. Nobody chose the row that a pane begins
 * with, so there the selection stays on top, whoever that is. */
#include <string.h>

#include "view/view.h"

#define PORTS_STEP 64u

static enum metric metric_of(const struct app *a, enum view_kind v)
{
	return v == VIEW_REJECTS ? METRIC_REJECTS : a->metric;
}

void app_rank_top(struct app *a, enum view_kind v)
{
	a->selected[v] = 0;
	a->chosen[v] = false;
	app_rank_forget(a, v);
}

void app_rank_forget(struct app *a, enum view_kind v)
{
	struct held *h = &a->held[v];

	for (unsigned p = 0; p < h->group.n; p++)
		value_release(&h->key[p]);
	*h = (struct held){ .at = -1 };
}

/* Keeps the key of the row that was selected on the last frame. */
static void hold(struct app *a, enum view_kind v)
{
	const struct result *r = &a->result[v];
	const struct result_row *row = result_at(r, (uint32_t)a->selected[v]);
	struct held *h = &a->held[v];

	if (h->group.n && h->at == a->selected[v])
		return;
	app_rank_forget(a, v);
	if (!row) /* farther away than what was on show: as of the next frame */
		return;
	h->group = r->group;
	for (unsigned p = 0; p < r->group.n; p++)
		value_copy(&h->key[p], &row->key[p]);
}

/* Puts the selection where its key is now. */
static void follow(struct app *a, enum view_kind v)
{
	const struct group *g = v == VIEW_PORTS ? &a->result[v].group : live_group(a->live, v);
	struct held *h = &a->held[v];
	uint32_t rank;

	if (!h->group.n)
		return;
	rank = group_equal(&h->group, g) ? live_rank_of(a->live, v, metric_of(a, v), h->key)
					 : UINT32_MAX;
	if (rank != UINT32_MAX)
		a->selected[v] = (int)rank;
	else if (a->result[v].complete) /* it is gone, not just still to be counted */
		app_rank_forget(a, v);
}

/* The rows that will be on show, as view_scroll() decides it, and as many around them as
 * a resized screen may want. */
static struct result_window window_of(const struct app *a, enum view_kind v)
{
	int at = a->selected[v], lines = a->shown[v] > 0 ? a->shown[v] : a->screen.rows;
	int top = a->top[v], around = a->screen.rows, first = at > around ? at - around : 0;
	struct result_window w;

	top = top > at ? at : top;
	top = at >= top + lines ? at - lines + 1 : top;
	w = (struct result_window){ (uint32_t)first, (uint32_t)(at - first + around + 1),
				    (uint32_t)top, (uint32_t)lines };
	if (v == VIEW_PORTS) { /* it is drawn from its first row on */
		w.rows = ((uint32_t)at + (uint32_t)around) / PORTS_STEP * PORTS_STEP + PORTS_STEP;
		w.first = 0;
	}
	return w;
}

void app_rank_take(struct app *a, enum view_kind v)
{
	if (a->chosen[v]) {
		hold(a, v);
		follow(a, v);
	}
	a->taken[v] = a->shown[v] > 0 ? a->shown[v] : a->screen.rows;
	result_release(&a->result[v]);
	live_result_window(a->live, v, metric_of(a, v), window_of(a, v), &a->result[v]);
	if (a->selected[v] >= (int)a->result[v].ranked && a->result[v].ranked) {
		/* Fewer than there were: those at the end. */
		a->selected[v] = (int)a->result[v].ranked - 1;
		result_release(&a->result[v]);
		live_result_window(a->live, v, metric_of(a, v), window_of(a, v), &a->result[v]);
	}
}

void app_rank_drawn(struct app *a)
{
	for (int v = 0; v < VIEW_KINDS; v++) {
		a->held[v].at = a->selected[v];
		/* The pane turned out higher than it was: its last rows have no trend yet. */
		if (a->taken[v] > 0 && a->shown[v] > a->taken[v])
			app_dirty(a);
	}
}
