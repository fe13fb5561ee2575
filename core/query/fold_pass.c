/* fold_pass.c - pass after pass over the segments, where tables hold a part of their groups at a
 * time: what has a rank in each part is kept, the best of all parts are the answer. Bins that were
 * put off are filled at last, for the rows that there are then. */
#include "query/fold_state.h"

#include <stdlib.h>

#include "base/job.h"

/* Shares of the room: of rows that are kept, of bins. */
#define ROWS_SHARE 4
#define BINS_SHARE 4
#define BIN_BYTES ((size_t)128)

void fold_forget_best(struct asked *k)
{
	piece_forget(k);
	accumulator_free(k->after);
	k->after = NULL;
	accumulator_free(k->best);
	accumulator_free(k->best_columns);
	accumulator_free(k->shown.spread);
	k->best = k->best_columns = k->shown.spread = NULL;
}

/* ---- the best ---- */

/* In whole slices. */
static uint32_t slices(size_t rows)
{
	rows = rows < UINT32_MAX / 2 ? rows / ANSWER_ROWS * ANSWER_ROWS : UINT32_MAX / 2;
	return rows > ANSWER_ROWS ? (uint32_t)rows : ANSWER_ROWS;
}

/* How many rows are kept, of groups as large as those of `from`, when a part is full. While those of another part come
 * to them there are twice as many. */
static uint32_t rows_to_keep(const struct folds *f, struct asked *k, const struct accumulator *from)
{
	size_t count = accumulator_count(from), bytes = fold_held(f) / (count ? count : 1) + 64;
	uint32_t rows = slices(f->room / ROWS_SHARE / bytes);

	k->row_bytes = bytes + bytes / 2;
	return k->query.limit && k->query.limit < rows ? k->query.limit : rows;
}

/* The groups of ranks below `to`, best first. */
static uint32_t *best_of(const struct accumulator *a, const struct query *q,
			 const struct compare *c, const struct accumulator *after, uint32_t to,
			 uint32_t *n, uint64_t *ranked)
{
	struct query all = *q;
	struct order *o;
	uint32_t *index;

	all.limit = after || to > ORDER_FEW ? 0 : to;
	o = order_new(a, &all, c);
	order_behind(o, after);
	while (!order_step(o, to))
		;
	*n = order_count(o) < to ? order_count(o) : to;
	*ranked = order_ranked(o);
	index = xmalloc((*n ? *n : 1) * sizeof *index);
	for (uint32_t i = 0; i < *n; i++)
		index[i] = order_group(o, i);
	order_free(o);
	return index;
}

static struct compare sides_of(const struct folds *f, const struct asked *k, struct span window)
{
	int64_t first, last;

	extent_data(&f->extent, window, &first, &last);
	return compare_of(k->query.mark.time, window, first, last);
}

static void take_rows(struct folds *f, struct asked *k, const struct accumulator *from,
		      struct span window)
{
	struct compare c = sides_of(f, k, window);
	uint32_t n, *index;
	uint64_t ranked;

	if (!k->keep)
		k->keep = rows_to_keep(f, k, from);
	if (!k->best)
		k->best = accumulator_like(from);
	if (piece_is_on(k)) {
		piece_take(f, k, from, &c);
		return;
	}
	if (piece_is_of(k)) {
		ranked = piece_note(f, k, from, &c);
		k->ranked += f->alone ? 0 : ranked;
		return;
	}
	index = best_of(from, &k->query, &c, k->after, k->keep, &n, &ranked);
	accumulator_take(k->best, from, index, n);
	free(index);
	k->ranked += f->alone ? 0 : ranked;
	if (accumulator_count(k->best) <= k->keep)
		return;
	index = best_of(k->best, &k->query, &c, NULL, k->keep, &n, &ranked);
	accumulator_keep(k->best, index, n);
	free(index);
}

static void take_columns(struct asked *k, const struct accumulator *from)
{
	uint32_t *index, n = accumulator_rank(from, k->query.metric, TIMELINE_BINS, &index);

	if (!k->best_columns)
		k->best_columns = accumulator_like(from);
	accumulator_take(k->best_columns, from, index, n);
	free(index);
	if (accumulator_count(k->best_columns) <= TIMELINE_BINS)
		return;
	n = accumulator_rank(k->best_columns, k->query.metric, TIMELINE_BINS, &index);
	accumulator_keep(k->best_columns, index, n);
	free(index);
}

/* Its part is counted. */
static void take_best(struct folds *f, const struct accumulator *from, struct span window)
{
	for (struct asked *k = f->asked; k < f->asked + f->n; k++) {
		if (k->tables.rows == from && (!f->alone || f->alone == k))
			take_rows(f, k, from, window);
		if (k->tables.columns == from)
			take_columns(k, from);
	}
}

/* All parts are. */
static void speak_for(struct folds *f, const struct accumulator *from, struct span window)
{
	for (struct asked *k = f->asked; k < f->asked + f->n; k++) {
		if (k->tables.rows == from && (!f->alone || f->alone == k)) {
			struct compare c = sides_of(f, k, window);
			piece_end(k, &c);
			accumulator_speak_for(k->best, from, k->ranked);
		}
		if (k->tables.columns == from)
			accumulator_speak_for(k->best_columns, from, 0);
	}
}

/* ---- bins that were put off ---- */

static uint32_t *all_groups(const struct accumulator *a)
{
	uint32_t *index = xmalloc((accumulator_count(a) + 1) * sizeof *index);

	for (uint32_t i = 0; i < accumulator_count(a); i++)
		index[i] = i;
	return index;
}

/* How many rows get bins at once: at first as if each had all, then by what the last ones took. */
static uint32_t rows_with_bins(const struct folds *f, const struct asked *k,
			       const struct fold_table *t)
{
	size_t room = f->room / BINS_SHARE;
	uint32_t least = slices(room / BIN_BYTES / t->most), rows;

	if (!k->binned)
		return least;
	rows = slices(room / 2 / (accumulator_used(t->a) / k->binned + 1));
	rows = rows < 2 * k->bins ? rows : 2 * k->bins;
	return rows > least ? rows : least;
}

/* The rows are known: those alone get bins, as many as there is room for; and which bins there are is
 * asked of all records. */
static void fill_bins(struct folds *f, struct asked *k, struct fold_table *t, struct span window)
{
	const struct accumulator *rows = k->best ? k->best : k->tables.rows;
	struct group time = { .field = { FIELD_BIN }, .n = 1 };
	struct compare c = sides_of(f, k, window);
	uint32_t *index, n;
	uint64_t unused;

	k->bins = rows_with_bins(f, k, t);
	index = best_of(rows, &k->query, &c, NULL, k->bins_at + k->bins, &n, &unused);
	k->binned = n > k->bins_at ? n - k->bins_at : 0;
	accumulator_put_off(t->a, false);
	accumulator_restrict(t->a, rows, index + (k->bins_at < n ? k->bins_at : n),
			     n > k->bins_at ? n - k->bins_at : 0);
	free(index);
	t->put_off = t->bins = false;
	t->small = true;
	if (k->tables.columns) {
		const struct accumulator *columns =
			k->best_columns ? k->best_columns : k->tables.columns;
		index = all_groups(columns);
		accumulator_restrict_last(t->a, columns, index, accumulator_count(columns));
		free(index);
	} else if (!k->shown.spread) {
		k->shown.spread = accumulator_new(&time, f->dict);
		accumulator_take_overlaps(k->shown.spread);
		fold_add(f, &k->query, k->shown.spread);
	}
}

static bool fill_all_bins(struct folds *f, struct span window)
{
	bool any = false;

	for (struct asked *k = f->asked; k < f->asked + f->n; k++)
		for (struct fold_lane *l = f->lane; l < f->lane + f->lanes; l++)
			for (unsigned i = 0; i < l->n; i++)
				if (l->table[i].put_off && l->table[i].a == k->tables.bins) {
					fill_bins(f, k, &l->table[i], window);
					any = true;
				}
	return any;
}

/* All groups are gone through again, for the rows behind those that there are, or the first ones. */
static void begin_again(struct asked *k, uint32_t rank)
{
	uint32_t had = accumulator_count(k->best), last;
	struct accumulator *after = NULL;

	piece_forget(k);

	k->base = rank ? k->base + had : 0;
	if (rank && had) { /* the last one: the best are not in order */
		const struct compare *c = &k->sides;
		uint32_t n, *index;
		uint64_t unused;
		index = best_of(k->best, &k->query, c, NULL, had, &n, &unused);
		last = index[n - 1];
		free(index);
		after = accumulator_like(k->best);
		accumulator_take(after, k->best, &last, 1);
	}
	if (!rank || had) {
		accumulator_free(k->after);
		k->after = after;
	}
	accumulator_free(k->best);
	k->best = NULL;
	accumulator_start_over(k->tables.rows);
}

static void turn_to(struct folds *f, struct asked *k, uint32_t rank)
{
	if (!piece_turn(f, k, rank))
		begin_again(k, rank);
}

/* ---- passes ---- */

/* Whether the table is folded into again. */
static bool go_on(struct folds *f, struct fold_table *t, struct span window, uint64_t room,
		  uint64_t held)
{
	bool more;

	if (accumulator_is_off(t->a))
		return false;
	if (!accumulator_has_counted(t->a, room, held))
		return true;
	if (!accumulator_is_part(t->a))
		return false;
	take_best(f, t->a, window);
	more = accumulator_go_on(t->a, room, held);
	if (!more)
		speak_for(f, t->a, window);
	t->bytes = accumulator_used(t->a);
	return more;
}

/* What there is now to answer from. */
static void show(struct asked *k)
{
	struct accumulator *spread = k->shown.spread;
	struct tables *t = &k->shown;
	uint32_t count;

	*t = k->tables;
	t->spread = spread;
	t->rows = k->best ? k->best : t->rows;
	t->columns = k->best_columns ? k->best_columns : t->columns;
	count = t->rows ? accumulator_count(t->rows) : 0;
	t->base = t->first = k->base;
	t->end = k->base + count;
	if (k->bins) {
		t->first += k->bins_at;
		t->end = t->end - t->first < k->bins ? t->end : t->first + k->bins;
	}
	t->some = k->best || k->bins;
}

bool folds_go_on(struct folds *f, struct span window)
{
	/* An eighth is left for groups that are larger than those before. */
	uint64_t room = fold_limit(f) / 8 * 7, held = fold_held(f);
	bool more = false;

	f->passes++;
	job_trim();
	f->over = false;
	if (!f->again)
		return false;
	for (struct fold_lane *l = f->lane; l < f->lane + f->lanes; l++)
		for (unsigned i = 0; i < l->n; i++)
			more |= go_on(f, &l->table[i], window, room, held);
	if (!more && f->alone && f->alone->noted) {
		struct asked *k = &f->asked[f->alone - f->asked];
		turn_to(f, k, k->base);
		more = true;
	}
	if (more || fill_all_bins(f, window))
		return true;
	if (f->alone)
		show(&f->asked[f->alone - f->asked]);
	return false;
}

/* ---- rows that are not there ---- */

static struct fold_table *table_of(struct folds *f, const struct accumulator *a)
{
	for (struct fold_lane *l = f->lane; l < f->lane + f->lanes; l++)
		for (unsigned i = 0; a && i < l->n; i++)
			if (l->table[i].a == a)
				return &l->table[i];
	return NULL;
}

void folds_show(struct folds *f, unsigned n, uint32_t rank, struct span window)
{
	struct asked *k = &f->asked[n];
	struct fold_table *bins = table_of(f, k->tables.bins);

	f->alone = k;
	if (k->best && (rank < k->base || rank >= k->base + accumulator_count(k->best)))
		turn_to(f, k, rank);
	k->bins_at = rank > k->base ? rank - k->base : 0;
	if (bins && k->bins)
		bins->put_off = true;
	if (accumulator_is_off(k->tables.rows)) /* they are known */
		fill_all_bins(f, window);
}

void folds_answer(struct folds *f, unsigned n, struct span window, struct answer *a)
{
	struct asked *k = &f->asked[n];

	k->sides = sides_of(f, k, window);
	show(k);
	answer_begin(a, &k->shown, &k->query, window, &f->extent);
}
