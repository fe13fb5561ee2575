/* servers_hold.c - marks that are held back: what is on show stands still while somebody reads it. */
#include <stdlib.h>
#include <string.h>

#include "decode/servers_state.h"

static struct held_marks *held_of(struct servers *v, struct segment *s)
{
	struct held_marks *h;

	for (size_t i = 0; i < v->holds; i++)
		if (v->hold[i].segment == s)
			return &v->hold[i];
	xgrow((void **)&v->hold, &v->hold_cap, v->holds + 1, sizeof *v->hold);
	h = &v->hold[v->holds++];
	*h = (struct held_marks){ s, xmalloc(s->rows), s->rows };
	memcpy(h->mark, s->mark, s->rows);
	return h;
}

void servers_put(struct servers *v, struct segment *s, uint32_t first, uint32_t n,
		 const uint8_t *want, bool marked)
{
	struct held_marks *h;

	if (v->held && marked) {
		h = held_of(v, s);
		if (first + n > h->rows) { /* rows came since */
			h->mark = xrealloc(h->mark, s->rows);
			memcpy(h->mark + h->rows, s->mark + h->rows, s->rows - h->rows);
			h->rows = s->rows;
		}
		memcpy(h->mark + first, want, n);
		return;
	}
	if (memcmp(s->mark + first, want, n) == 0)
		return;
	if (marked && v->change)
		v->change(v->ctx, s);
	memcpy(s->mark + first, want, n);
}

void servers_hold(struct servers *v, bool on)
{
	v->held = on;
	for (; !on && v->holds > 0; v->holds--) {
		struct held_marks *h = &v->hold[v->holds - 1];
		servers_put(v, h->segment, 0, h->rows, h->mark, true);
		free(h->mark);
	}
}

void servers_drop_held(struct servers *v, const struct segment *s)
{
	for (size_t i = v->holds; i-- > 0;) {
		if (s && v->hold[i].segment != s)
			continue;
		free(v->hold[i].mark);
		v->hold[i] = v->hold[--v->holds];
	}
}
