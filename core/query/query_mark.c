/* query_mark.c - see query_mark.h. */
#include "query/accumulator_state.h"

void marked_add(struct marked *m, const struct key_table *t)
{
	if (!m->on)
		return;
	tallies_add(&m->before, t);
}

void marked_move(struct marked *m, uint32_t to, uint32_t from)
{
	if (m->on)
		tallies_move(&m->before, to, from);
}

static void at_most(uint64_t *n, uint64_t most)
{
	*n = *n < most ? *n : most;
}

void marked_change(struct marked *m, uint32_t group, const struct tally *by,
		   const struct tally *all, uint64_t sign)
{
	struct tally t;

	tallies_get(&m->before, group, &t);
	cap_tally_add(&t, by, sign);
	at_most(&t.bytes, all->bytes);
	at_most(&t.packets, all->packets);
	at_most(&t.flows, all->flows);
	at_most(&t.accepts, all->accepts);
	at_most(&t.rejects, all->rejects);
	at_most(&t.sent, all->sent);
	at_most(&t.lost, all->lost);
	at_most(&t.guessed, all->guessed);
	tallies_set(&m->before, group, &t);
}

void marked_clear(struct marked *m)
{
	tallies_clear(&m->before);
	m->total = (struct tally){ 0 };
}

void marked_read(const struct marked *m, struct row_batch *b)
{
	const struct segment *s = b->segment;
	bool dated = s->dated == s->rows;

	if (b->n == 0)
		return;
	/* Most segments are on one side as a whole. */
	if (dated && (s->time_max < m->time || s->time_min >= m->time)) {
		for (unsigned i = 0; i < b->n; i++)
			b->facts[i].before = s->time_max < m->time;
		return;
	}
	rows_times(b);
	for (unsigned i = 0; i < b->n; i++)
		b->facts[i].before = !(s->mark[b->row[i]] & MARK_UNDATED) && b->time[i] < m->time;
}

/* ---- of query.h ---- */

const struct tally *accumulator_before(const struct accumulator *a, uint32_t index)
{
	if (!a->marked.on)
		return NULL;
	return huge_tally(a->huge_before, key_at(&a->table, index),
			  tallies_at(&a->marked.before, index, &a->shown[1]));
}

const struct tally *accumulator_before_total(const struct accumulator *a)
{
	return a->marked.on ? huge_total(a->huge_before, &a->marked.total) : NULL;
}

int accumulator_order(const struct accumulator *a, uint32_t x, uint32_t y)
{
	return key_compare(&a->layout, key_at(&a->table, x), key_at(&a->table, y), a->dict);
}
