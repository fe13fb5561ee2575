/* query_tally.c - see query_tally.h. */
#include "query/query_tally.h"

#include <stdlib.h>

#include "query/query_table.h"

void tallies_add(struct tallies *t, const struct key_table *of)
{
	key_table_room_large(of, (void **)&t->narrow, &t->cap, sizeof *t->narrow);
	t->narrow[of->count - 1] = (struct narrow_tally){ 0 };
}

/* A half is for more; few give nothing back. */
static void fit_wides(struct tallies *t)
{
	size_t cap = t->wides + t->wides / 2;

	xshrink((void **)&t->wide, &t->wide_cap, cap > 16 ? cap : 16, sizeof *t->wide);
}

static void drop_wide(struct tallies *t, uint32_t place)
{
	struct wide_tally *last = &t->wide[--t->wides];

	t->narrow[last->group].bytes = place;
	t->wide[place] = *last;
	if (t->wides < t->wide_cap / 2)
		fit_wides(t);
}

void tallies_move(struct tallies *t, uint32_t g, uint32_t last)
{
	if (tally_is_wide(&t->narrow[g]))
		drop_wide(t, t->narrow[g].bytes);
	if (g == last)
		return;
	t->narrow[g] = t->narrow[last];
	if (tally_is_wide(&t->narrow[g]))
		t->wide[t->narrow[g].bytes].group = g;
}

void tallies_clear(struct tallies *t)
{
	key_table_free_large(t->narrow, t->cap, sizeof *t->narrow);
	free(t->wide);
	*t = (struct tallies){ 0 };
}

void tallies_fit(struct tallies *t, const struct key_table *of)
{
	key_table_fit_large(of, (void **)&t->narrow, &t->cap, sizeof *t->narrow);
	xshrink((void **)&t->wide, &t->wide_cap, t->wides > 16 ? t->wides : 16, sizeof *t->wide);
}

size_t tallies_bytes(const struct tallies *t)
{
	return t->cap * sizeof *t->narrow + wides_bytes(t);
}

size_t wides_bytes(const struct tallies *t)
{
	return t->wide_cap * sizeof *t->wide;
}

size_t wides_used(const struct tallies *t)
{
	return t->wides * sizeof *t->wide;
}

struct tally *tallies_widen(struct tallies *t, uint32_t g)
{
	struct narrow_tally *n = &t->narrow[g];
	struct wide_tally *wide;

	if (tally_is_wide(n))
		return &t->wide[n->bytes].tally;
	xgrow_within((void **)&t->wide, &t->wide_cap, (size_t)t->wides + 1,
		     t->wide_cap + t->wide_cap / 2, sizeof *t->wide);
	wide = &t->wide[t->wides];
	tallies_get(t, g, &wide->tally);
	wide->group = g;
	n->bytes = t->wides++;
	n->flows = FLOWS_WIDE;
	return &wide->tally;
}

void tallies_get(const struct tallies *t, uint32_t g, struct tally *out)
{
	const struct narrow_tally *n = &t->narrow[g];

	if (tally_is_wide(n))
		*out = t->wide[n->bytes].tally;
	else
		*out = (struct tally){ .bytes = n->bytes,
				       .packets = n->packets,
				       .flows = n->flows,
				       .accepts = n->accepts,
				       .rejects = n->rejects,
				       .sent = n->sent,
				       .seconds = n->seconds };
}

void tallies_set(struct tallies *t, uint32_t g, const struct tally *v)
{
	struct narrow_tally *n = &t->narrow[g];

	if (!tally_is_wide(n) &&
	    !((v->bytes | v->packets | v->sent) >> 32 |
	      (v->accepts | v->rejects | v->seconds) >> 16 | v->lost) &&
	    v->flows < FLOWS_WIDE)
		*n = (struct narrow_tally){ (uint32_t)v->bytes,   (uint32_t)v->packets,
					    (uint32_t)v->sent,    (uint16_t)v->flows,
					    (uint16_t)v->accepts, (uint16_t)v->rejects,
					    (uint16_t)v->seconds };
	else
		*tallies_widen(t, g) = *v;
}

void tallies_copy(struct tallies *t, uint32_t to, const struct tallies *from, uint32_t g)
{
	struct tally value;

	tallies_get(from, g, &value);
	tallies_set(t, to, &value);
}

const struct tally *tallies_at(const struct tallies *t, uint32_t g, struct tally *room)
{
	if (tally_is_wide(&t->narrow[g]))
		return &t->wide[t->narrow[g].bytes].tally;
	tallies_get(t, g, room);
	return room;
}

void tallies_sum(struct tallies *t, uint32_t g, const struct tally *more, uint64_t sign)
{
	struct tally sum;

	tallies_get(t, g, &sum);
	tally_add(&sum, more, sign);
	tallies_set(t, g, &sum);
}
