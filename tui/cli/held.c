/* held.c - see held.h. */
#include "cli/held.h"

#include <stdlib.h>

#include "store/arrival.h"

bool held_is_before(const struct held_list *l, const struct segment *s)
{
	return segment_arrival(s, 0) >= l->until;
}

void held_add(struct held_list *l, struct segment *s, bool kept)
{
	uint64_t until = segment_arrival(s, s->rows - 1) + 1;

	xgrow((void **)&l->held, &l->cap, l->n + 1, sizeof *l->held);
	l->held[l->n++] = (struct held_segment){
		.segment = s,
		.bits = xcalloc((SEGMENT_ROWS + 63) / 64, sizeof *l->held->bits),
		.kept = kept,
	};
	l->until = until > l->until ? until : l->until;
}

/* The one whose next row came first; `other`: when the next row of any other did. NULL: all is
 * written. */
static struct held_segment *first_of(struct held_list *l, uint64_t *other)
{
	struct held_segment *next = NULL;
	uint64_t first = UINT64_MAX;

	*other = UINT64_MAX;
	for (size_t i = 0; i < l->n; i++) {
		struct held_segment *h = &l->held[i];
		if (h->at == h->segment->rows)
			continue;
		uint64_t order = segment_arrival(h->segment, h->at);
		if (!next || order < first) {
			*other = first;
			first = order;
			next = h;
		} else if (order < *other) {
			*other = order;
		}
	}
	return next;
}

void held_write(struct held_list *l,
		bool (*write)(void *ctx, const struct held_segment *h, uint32_t first, uint32_t n),
		void *ctx)
{
	bool on = true;
	uint64_t other;
	struct held_segment *h;

	for (size_t i = 0; i < l->n; i++)
		l->held[i].at = 0;
	while (on && (h = first_of(l, &other))) {
		uint32_t first = h->at, end = segment_arrived_until(h->segment, first, other);
		h->at = end > first ? end : first + 1;
		on = write(ctx, h, first, h->at - first);
	}
}

void held_clear(struct held_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->held[i].bits);
	l->n = 0;
	l->until = 0;
}

void held_release(struct held_list *l)
{
	held_clear(l);
	free(l->held);
	*l = (struct held_list){ 0 };
}
