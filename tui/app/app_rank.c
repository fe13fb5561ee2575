/* app_rank.c - which rows of a ranking a pane takes, and the row that stays selected while
 * ranks change: the selection goes with its key. Nobody chose the row that a pane begins
 * with, so there the selection stays on top, whoever that is. */
#include "app/app.h"

#define PORTS_STEP 64u

/* Keeps the key of the row that was selected on the last frame. */
static void hold(struct pane *p)
{
	const struct result *r = &p->result;
	const struct result_row *row = result_at(r, (uint32_t)p->selected);
	struct held *h = &p->held;

	if (h->group.n && h->at == p->selected)
		return;
	pane_forget(p);
	if (!row) /* farther away than what was on show: as of the next frame */
		return;
	h->group = r->query.group;
	for (unsigned i = 0; i < h->group.n; i++)
		value_copy(&h->key[i], &row->key[i]);
}

/* Puts the selection where its key is now. */
static void follow(struct app *a, struct pane *p)
{
	struct query q = pane_query(a, p);
	struct held *h = &p->held;
	uint32_t rank;

	if (!h->group.n)
		return;
	rank = group_equal(&h->group, &q.group) ? live_rank_of(a->live, p->query, h->key)
						: UINT32_MAX;
	if (rank != UINT32_MAX)
		p->selected = (int)rank;
	else if (p->result.complete) /* it is gone, not just still to be counted */
		pane_forget(p);
}

/* The rows that will be on show, as pane_scroll() decides it, and as many around them as
 * a resized screen may want. */
static struct result_window window_of(const struct app *a, const struct pane *p)
{
	int at = p->selected, lines = p->shown > 0 ? p->shown : a->screen.rows;
	int top = p->top, around = a->screen.rows, first = at > around ? at - around : 0;
	struct result_window w;

	top = top > at ? at : top;
	top = at >= top + lines ? at - lines + 1 : top;
	w = (struct result_window){ (uint32_t)first, (uint32_t)(at - first + around + 1),
				    (uint32_t)top, (uint32_t)lines };
	if (p->view->query.bins.kind == BINS_HEAT) { /* it is drawn from its first row on */
		w.rows = ((uint32_t)at + (uint32_t)around) / PORTS_STEP * PORTS_STEP + PORTS_STEP;
		w.first = 0;
	}
	return w;
}

static void answer(struct app *a, struct pane *p)
{
	result_release(&p->result);
	live_answer(a->live, p->query, window_of(a, p), &p->result);
}

void app_rank_take(struct app *a, struct pane *p)
{
	/* It is counted anew only to be exact: what is on show is right till then. */
	if (live_is_recounting(a->live, p->query) && p->result.rows)
		return;
	if (p->chosen) {
		hold(p);
		follow(a, p);
	}
	p->taken = p->shown > 0 ? p->shown : a->screen.rows;
	answer(a, p);
	if (p->selected >= (int)p->result.ranked && p->result.ranked) {
		/* Fewer than there were: those at the end. */
		p->selected = (int)p->result.ranked - 1;
		answer(a, p);
	}
}

void app_rank_drawn(struct app *a)
{
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++) {
		p->held.at = p->selected;
		/* The pane turned out higher than it was: its last rows have no trend yet. */
		if (p->taken > 0 && p->shown > p->taken)
			app_dirty(a);
	}
}
