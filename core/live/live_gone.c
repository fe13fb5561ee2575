/* live_gone.c - rows that leave live.h, or are told otherwise: what was folded of them is taken out. */
#include "live/live_state.h"

#include <stdlib.h>
#include <string.h>

#include "query/bulk.h"

/* Takes out what was folded, parts that have the same of it together. */
static void fold_out(struct live *l, const struct slot *s)
{
	bool out[PARTS] = { false };

	for (unsigned p = 0; p < PARTS; p++) {
		struct accumulator *from[PARTS];
		const struct folded *f = &s->folded[p];
		unsigned n = 0;
		for (unsigned q = p; q < PARTS && f->rows; q++) {
			const struct folded *g = &s->folded[q];
			if (out[q] || g->rows != f->rows || !span_equal(g->span, f->span) ||
			    l->priced[q] != l->priced[p])
				continue;
			out[q] = true;
			from[n++] = l->part[q];
		}
		if (n == 0)
			continue;
		accumulators_fold(from, n, s->segment, 0, f->rows, slot_bits(s, l->priced[p]),
				  f->span, -1);
		accumulators_fold_overlaps(from, n, s->segment, 0, f->rows,
					   slot_bits(s, l->priced[p]), f->span, -1);
	}
}

static struct slot *slot_of(const struct live *l, const struct segment *s)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->slot[i].segment == s)
			return &l->slot[i];
	return NULL;
}

void live_evict(struct live *l, struct segment *s)
{
	struct slot *slot = slot_of(l, s);

	if (!slot)
		return;
	if (slot->published && slot->placed < slot->rows)
		live_place_rows(l, slot);
	live_feed_out(l, slot);
	fold_out(l, slot);
	bulk_add(l->bulk, s, 0, slot->rows, NULL, (struct span){ INT64_MIN, INT64_MAX, false },
		 INT64_MAX, -1);
	live_deselect(slot);
	free(slot->second);
	free(slot->uncharged);
	free(slot->pending);
	l->settled = false; /* its records' interval may have been the longest */
	l->n--;
	memmove(slot, slot + 1, (size_t)(l->slot + l->n - slot) * sizeof *slot);
}

void live_remark(struct live *l, const struct segment *s)
{
	struct slot *slot = slot_of(l, s);

	if (!slot)
		return;
	fold_out(l, slot);
	memset(slot->folded, 0, sizeof slot->folded);
	live_deselect(slot);
	live_unjudge(slot);
	live_look_again(slot, 0);
	l->settled = false;
}
