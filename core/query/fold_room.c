/* fold_room.c - the room of folds: what its tables and the values of their keys may hold. Where rows
 * come once, tables keep the heaviest groups; where they can be had again, a part of the groups,
 * and bins are put off until the rows are known that have some. */
#include "query/fold_state.h"

#include <stdlib.h>

#include "base/job.h"

#define GROUP_ROOM ((size_t)256) /* of a row that makes a group of its own: tally, key, places */
#define GROWTH ((size_t)3) /* twice the groups, and what some are held with where others are not */
#define ORDER_ROOM ((size_t)24) /* of a group that is put in order */
#define LIST_ROOM ((size_t)8)   /* of a bin that is listed with others of its row */
#define ON_THEIR_WAY \
	16 /* part of the room, of segments that wait: as much of values comes with them */
#define CUTS_AT_ONCE 2 /* values that segments on their way still hold go late */

void folds_limit(struct folds *f, size_t room, size_t more, bool again, bool shares_values)
{
	if (again && f->lanes == 1 && f->lane[0].n == 1)
		room += more;
	f->room = again ? room : room / 4 * 3; /* tables grow before they are swept */
	f->again = again;
	f->shares_values = shares_values;
	if (f->most > room / ON_THEIR_WAY)
		f->most = room / ON_THEIR_WAY;
	if (f->hold > f->most / 2)
		f->hold = f->most / 2;
}

/* Whether its groups are put in order: those that are noted, or looked for, are not. */
static bool is_ordered(const struct folds *f, const struct fold_table *t)
{
	for (unsigned i = 0; t->orders && i < f->n; i++)
		if (f->asked[i].tables.rows == t->a && !piece_is_of(&f->asked[i]))
			return true;
	return false;
}

static size_t bytes_of(const struct folds *f, const struct fold_table *t)
{
	size_t bytes = accumulator_used(t->a);

	bytes += is_ordered(f, t) ? accumulator_count(t->a) * ORDER_ROOM : 0;
	return bytes + (t->bins ? accumulator_count(t->a) * LIST_ROOM : 0);
}

size_t fold_held(const struct folds *f)
{
	size_t held = f->shares_values ? 0 : dict_used(f->dict);

	for (const struct fold_lane *l = f->lane; l < f->lane + f->lanes; l++)
		for (unsigned i = 0; i < l->n; i++)
			held += l->table[i].bytes;
	for (unsigned i = 0; i < f->n; i++) {
		const struct asked *k = &f->asked[i];
		held += k->best ? accumulator_bytes(k->best) : 0;
		held += k->best_columns ? accumulator_bytes(k->best_columns) : 0;
		held += piece_bytes(k);
	}
	return held;
}

size_t fold_limit(const struct folds *f)
{
	unsigned jobs = f->lanes < 6 ? f->lanes : 6;

	return f->room - f->room / 16 * jobs;
}

size_t fold_rows_at_once(const struct fold_lane *l)
{
	return l->folds->room ? l->folds->room / 16 / GROUP_ROOM / (l->n ? l->n : 1) : SIZE_MAX;
}

/* ---- rows that come once ---- */

static int by_size(const void *x, const void *y)
{
	size_t a = *(const size_t *)x, b = *(const size_t *)y;

	return a < b ? -1 : a > b;
}

/* Tables have as much as they might grow to, the smallest first; those that want more than is left
 * share that: so much each. SIZE_MAX: there is enough. */
static size_t room_of_large(const struct folds *f, size_t more)
{
	size_t want[FOLD_MAX] = { 0 }, held = f->shares_values ? 0 : dict_used(f->dict), room;
	unsigned n = 0;

	room = held < f->room / 4 * 3 ? f->room - held : f->room / 4;
	for (const struct fold_lane *l = f->lane; l < f->lane + f->lanes; l++)
		for (unsigned i = 0; i < l->n; i++)
			if (!l->table[i].small)
				want[n++] = GROWTH * l->table[i].bytes + more;
	qsort(want, n, sizeof want[0], by_size);
	for (unsigned i = 0; i < n; i++) {
		if (want[i] > room / (n - i))
			return room / (n - i);
		room -= want[i];
	}
	return SIZE_MAX;
}

void fold_share_room(struct fold_lane *l, size_t rows)
{
	size_t level, more = rows * GROUP_ROOM;

	if (!l->folds->room || l->folds->again)
		return;
	level = room_of_large(l->folds, more);
	if (level != SIZE_MAX && !l->folds->short_of_room) {
		l->folds->short_of_room = true;
		job_set_memory(l->folds->room); /* see cut_one() */
		job_trim();
	}
	for (unsigned i = 0; i < l->n; i++) {
		struct fold_table *t = &l->table[i];
		size_t want = GROWTH * t->bytes + more;
		if (t->small)
			continue;
		accumulator_defer(t->a, (uint32_t)rows);
		want = want < level ? want : level;
		if (level == SIZE_MAX)
			want = SIZE_MAX / 4;
		accumulator_limit(t->a, t->orders ? want / 8 * 7 : want, t->metric);
	}
}

/* ---- rows that come again ---- */

static size_t largest(const struct folds *f)
{
	size_t most = 0;

	for (const struct fold_lane *l = f->lane; l < f->lane + f->lanes; l++)
		for (unsigned i = 0; i < l->n; i++)
			most = l->table[i].bytes > most ? l->table[i].bytes : most;
	return most;
}

static bool give_up(struct fold_table *t)
{
	if (t->small || accumulator_is_off(t->a))
		return false;
	if (t->bins) {
		accumulator_put_off(t->a, true);
		t->put_off = true;
		return true;
	}
	return accumulator_cut(t->a);
}

/* Of the tables of the lane, which no job has, the one that frees most. Another lane has a larger
 * one: that has its turn. */
static bool cut_one(struct fold_lane *l)
{
	size_t most = largest(l->folds) / 2;
	struct fold_table *best = NULL;

	for (unsigned i = 0; i < l->n; i++)
		if (l->table[i].bytes > most && (!best || l->table[i].bytes > best->bytes))
			best = &l->table[i];
	if (!best || !give_up(best))
		return false;
	best->bytes = bytes_of(l->folds, best);
	job_set_memory(l->folds->room); /* it is little, which reading need not pay for before */
	job_trim();
	return true;
}

void fold_make_room(struct fold_lane *l)
{
	struct folds *f = l->folds;

	size_t had = 0, has = 0;

	for (unsigned i = 0; i < l->n; i++) {
		had += f->room ? bytes_of(f, &l->table[i]) : 0;
		if (f->room && !f->again)
			accumulator_shrink(l->table[i].a, UINT32_MAX);
		l->table[i].bytes = f->room ? bytes_of(f, &l->table[i]) : 0;
		has += l->table[i].bytes;
	}
	if (has + f->room / 16 < had) /* what went leaves holes */
		job_trim();
	if (!f->room || !f->again)
		return;
	for (unsigned i = 0; i < CUTS_AT_ONCE && fold_held(f) > fold_limit(f); i++)
		if (!cut_one(l))
			return;
}
