/* query_part.c - see query_part.h, and accumulator.h: parts. */
#include "query/query_part.h"

#include <stdlib.h>

#include "query/accumulator_state.h"

/* ---- places ---- */

bool part_halve(struct place_range *p)
{
	if (!p->on)
		*p = (struct place_range){ true, 0, UINT32_MAX, NULL };
	if (p->first == p->last)
		return false;
	p->last = p->first + (p->last - p->first) / 2;
	return true;
}

bool part_go_on(struct place_range *p, uint64_t num, uint64_t den)
{
	uint64_t width = (uint64_t)(p->last - p->first) + 1;

	if (!p->on || p->last == UINT32_MAX)
		return false;
	width = width / den * num + width % den * num / den;
	width = width ? width : 1;
	p->first = p->last + 1;
	p->last = width > UINT32_MAX - p->first ? UINT32_MAX : p->first + (uint32_t)(width - 1);
	return true;
}

/* ---- less of an accumulator ---- */

static bool can_be_told_apart(const struct accumulator *a)
{
	for (unsigned p = 0; p < a->layout.n; p++)
		if (a->layout.part[p].field != FIELD_BIN)
			return true;
	return false;
}

static bool cut_groups(struct accumulator *a)
{
	if (a->part.tallied || !can_be_told_apart(a) || !part_halve(&a->part.groups))
		return false;
	/* From the last down: it takes the place of one that goes, and was looked at before. */
	for (uint32_t g = a->table.count; g-- > 0;) {
		const uint32_t *key = key_at(&a->table, g);
		if (part_holds(&a->part.groups, key_place(&a->layout, key, a->dict)))
			continue;
		huge_forget(&a->huge, key);
		huge_forget(&a->huge_before, key);
		group_remove(a, g);
	}
	groups_fit_exactly(a);
	return true;
}

bool accumulator_cut(struct accumulator *a)
{
	bool values = a->distinct && distinct_used(a->distinct) > accumulator_used(a) / 2;

	if (values && distinct_cut(a->distinct, a->dict))
		return true;
	if (!cut_groups(a))
		return a->distinct && !values && distinct_cut(a->distinct, a->dict);
	if (a->distinct)
		distinct_tidy(a->distinct, a->dict);
	return true;
}

void accumulator_put_off(struct accumulator *a, bool off)
{
	accumulator_clear(a);
	a->part.off = off;
}

bool accumulator_is_off(const struct accumulator *a)
{
	return a->part.off;
}

bool accumulator_is_part(const struct accumulator *a)
{
	return a->part.groups.on;
}

/* ---- from pass to pass ---- */

bool accumulator_has_counted(struct accumulator *a, uint64_t num, uint64_t den)
{
	bool more = a->distinct && distinct_go_on(a->distinct, a->dict, num, den);

	a->part.summed = true;
	a->part.tallied = more;
	a->part.off = !more;
	return !more;
}

bool accumulator_go_on(struct accumulator *a, uint64_t num, uint64_t den)
{
	struct tally total = a->total, before = a->marked.total;
	struct huge *all = huge_total_only(a->huge), *all_before = huge_total_only(a->huge_before);
	uint32_t width = a->part.groups.last - a->part.groups.first + 1;
	bool more = part_go_on(&a->part.groups, num, den);

	a->part.width = more ? width : a->part.width;
	a->part.taken += a->table.count;
	if (!more && !a->part.groups.only)
		a->part.all = a->part.taken;
	accumulator_forget(a);
	a->total = total;
	a->marked.total = before;
	a->huge = all;
	a->huge_before = all_before;
	a->part.off = !more;
	return more;
}

void accumulator_take(struct accumulator *a, const struct accumulator *from, const uint32_t *index,
		      uint32_t n)
{
	accumulator_adopt(a);
	for (uint32_t i = 0; i < n; i++) {
		const uint32_t *key = key_at(&from->table, index[i]);
		uint32_t to = group_add(a, key_hash32(key, a->layout.words), key);
		tallies_copy(&a->tally, to, &from->tally, index[i]);
		if (a->keep_seen)
			a->seen[to] = from->seen[index[i]];
		if (a->marked.on)
			tallies_copy(&a->marked.before, to, &from->marked.before, index[i]);
		if (a->part.values)
			a->part.values[to] = (uint32_t)accumulator_distinct(from, index[i]);
		huge_take(&a->huge, from->huge, key);
		huge_take(&a->huge_before, from->huge_before, key);
	}
	accumulator_adopt(a);
}

void accumulator_keep(struct accumulator *a, const uint32_t *index, uint32_t n)
{
	bool *kept = xcalloc(a->table.count + 1, sizeof *kept);

	for (uint32_t i = 0; i < n; i++)
		kept[index[i]] = true;
	for (uint32_t g = a->table.count; g-- > 0;) {
		if (kept[g])
			continue;
		huge_forget(&a->huge, key_at(&a->table, g));
		huge_forget(&a->huge_before, key_at(&a->table, g));
		if (a->part.values)
			a->part.values[g] = a->part.values[a->table.count - 1];
		group_remove(a, g);
	}
	free(kept);
	groups_fit_exactly(a);
}

void accumulator_start_over(struct accumulator *a)
{
	a->part.groups.first = 0;
	a->part.groups.last = a->part.width ? a->part.width - 1 : UINT32_MAX;
	a->part.groups.only = NULL;
	a->part.taken = 0;
	a->part.off = a->part.tallied = false;
}

void accumulator_look_for(struct accumulator *a, const struct place_set *s)
{
	a->part.groups = (struct place_range){ true, 0, UINT32_MAX, s };
	a->part.taken = 0;
	a->part.off = a->part.tallied = false;
}

uint32_t accumulator_place(const struct accumulator *a, uint32_t group)
{
	return key_place(&a->layout, key_at(&a->table, group), a->dict);
}

struct accumulator *accumulator_like(const struct accumulator *a)
{
	struct accumulator *b = accumulator_new(&a->group, a->dict);

	b->keep_seen = a->keep_seen;
	b->shift = a->shift;
	b->marked.on = a->marked.on;
	b->marked.time = a->marked.time;
	b->counts = a->counts;
	if (a->distinct || a->part.values)
		b->part.values = xcalloc(b->part.values_cap = 16, sizeof *b->part.values);
	b->part.off = true;
	return b;
}

void accumulator_speak_for(struct accumulator *a, const struct accumulator *from, uint64_t ranked)
{
	a->total = from->total;
	a->marked.total = from->marked.total;
	huge_take_total(&a->huge, from->huge);
	huge_take_total(&a->huge_before, from->huge_before);
	a->part.speaks = true;
	a->part.count = from->part.all;
	a->part.ranked = ranked;
	a->part.distinct = accumulator_distinct_total(from);
}
