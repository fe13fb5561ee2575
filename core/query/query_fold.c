/* query_fold.c - folding rows in and out: see query.h. It goes in batches, stage by stage, so
 * that the misses of the tables overlap: which rows, what is known of them, and then for each
 * accumulator the words of keys, hash, prefetch, find, add. */
#include <stdlib.h>

#include "query/query_series.h"
#include "query/accumulator_state.h"

/* No flow, nor a share of one. */
static bool is_gone(const struct tally *t)
{
	return (t->flows | t->seconds) == 0;
}

/* Of an accumulator that holds some groups only: changes that of a key (g: its number, or
 * UINT32_MAX), and what it has before the mark. Its number after that. */
static uint32_t kept_change(struct accumulator *a, uint32_t tag, const uint32_t *key, uint32_t g,
			    const struct tally *by, const struct tally *before, uint64_t sign)
{
	if (cap_samples(&a->cap, tag))
		cap_sample_change(a, tag, key, by, sign);
	if (g == UINT32_MAX && sign == 1)
		g = group_add(a, tag, key);
	if (g == UINT32_MAX) {
		cap_take(&a->cap, tag, tally_metric(by, a->cap.metric));
		return g;
	}
	if (a->cap.missing[g] && sign != 1) {
		struct tally had;
		uint64_t off = tally_metric(by, a->cap.metric), has;
		tallies_get(&a->tally, g, &had);
		has = tally_metric(&had, a->cap.metric);
		cap_take(&a->cap, tag, off > has ? off - has : 0);
		cap_tally_add(&had, by, sign);
		tallies_set(&a->tally, g, &had);
	} else {
		tallies_sum(&a->tally, g, by, sign);
	}
	if (a->marked.on)
		marked_change(&a->marked, g, before, tallies_at(&a->tally, g, a->shown), sign);
	return g;
}

/* A group that was not held before, if it is of the part that is: its number, or UINT32_MAX. */
static uint32_t part_add(struct accumulator *a, uint32_t tag, const uint32_t *key)
{
	return !a->part.tallied && part_holds(&a->part.groups, key_place(&a->layout, key, a->dict))
		       ? group_add(a, tag, key)
		       : UINT32_MAX;
}

static void change_part_group(struct accumulator *a, uint32_t tag, const uint32_t *key, uint32_t g,
			      const struct tally *by, bool in_total)
{
	if (in_total && !a->part.summed)
		tally_add(&a->total, by, 1);
	if (g == UINT32_MAX)
		g = part_add(a, tag, key);
	if (g != UINT32_MAX)
		tallies_sum(&a->tally, g, by, 1);
}

/* The total is all the same for what is no record's end; without a key it is all that changes. */
static void group_change(struct accumulator *a, const uint32_t *key, const struct tally *by,
			 uint64_t sign, bool in_total)
{
	uint32_t tag, g;

	if (is_gone(by))
		return;
	if (!key) {
		if (!a->part.summed)
			tally_add(&a->total, by, sign);
		return;
	}
	tag = key_hash32(key, a->layout.words);
	g = key_table_find(&a->table, tag, key);
	if (a->part.groups.on || a->part.summed) {
		change_part_group(a, tag, key, g, by, in_total);
		return;
	}
	if (sign == 1 && a->cap.most) {
		cap_make_room(a, 1);
		g = key_table_find(&a->table, tag, key);
	}
	if (in_total)
		tally_add(&a->total, by, sign);
	if (a->cap.on) {
		g = kept_change(a, tag, key, g, by, NULL, sign);
		if (g != UINT32_MAX)
			cap_let_go(a, g);
		return;
	}
	if (g == UINT32_MAX)
		g = group_add(a, tag, key);
	tallies_sum(&a->tally, g, by, sign);
	if (tallies_is_gone(&a->tally, g))
		group_remove(a, g);
}

static void see_time(struct accumulator *a, uint32_t group, int64_t time)
{
	uint32_t t = time > UINT32_MAX ? UINT32_MAX : (uint32_t)time;

	if (time >= 0)
		seen_add(&a->seen[group], (struct seen){ t, t });
}

/* The likely group of each row, with what will be needed of it on its way. */
static void guess_groups(const struct accumulator *a, const struct key_batch *b, uint32_t *tag,
			 uint32_t *guess)
{
	unsigned words = a->layout.words;

	for (unsigned i = 0; i < b->rows->n; i++) {
		tag[i] = key_hash32(b->key + i * words, words);
		key_table_prefetch(&a->table, tag[i]);
	}
	for (unsigned i = 0; i < b->rows->n; i++) {
		guess[i] = key_table_guess(&a->table, tag[i]);
		if (guess[i] != UINT32_MAX) {
			__builtin_prefetch(key_at(&a->table, guess[i]));
			__builtin_prefetch(&a->tally.narrow[guess[i]]);
			if (a->keep_seen)
				__builtin_prefetch(&a->seen[guess[i]]);
		}
	}
	for (unsigned i = 0; a->distinct && i < b->rows->n; i++)
		if (guess[i] != UINT32_MAX)
			distinct_prefetch(a->distinct, i, guess[i]);
}

__attribute__((always_inline)) static inline void change_rows(struct accumulator *a,
							      const struct key_batch *b,
							      uint64_t sign)
{
	unsigned words = a->layout.words;
	uint32_t tag[ROW_BATCH], guess[ROW_BATCH];
	const struct row_batch *rows = b->rows;
	struct tally total = { 0 };

	guess_groups(a, b, tag, guess);
	for (unsigned i = 0; i < b->rows->n; i++) {
		const uint32_t *key = b->key + i * words;
		uint32_t g = guess[i];
		if (g >= a->table.count || !key_equal(&a->table, g, key))
			g = key_table_find(&a->table, tag[i], key);
		if (g == UINT32_MAX)
			g = group_add(a, tag[i], key);
		tallies_change(&a->tally, g, &rows->facts[i], sign);
		if (a->peaks->on)
			peaks_see(a->peaks, &a->tally, g, &rows->facts[i], sign);
		tally_change(&total, &rows->facts[i], 1);
		if (a->marked.on && rows->facts[i].before) {
			tallies_change(&a->marked.before, g, &rows->facts[i], sign);
			tally_change(&a->marked.total, &rows->facts[i], sign);
		}
		if (a->keep_seen)
			see_time(a, g, rows->time[i]);
		if (a->distinct)
			distinct_count(a->distinct, i, g, (uint32_t)sign);
		if (tallies_is_gone(&a->tally, g))
			group_remove(a, g);
	}
	tally_add(&a->total, &total, sign);
}

/* The same where some groups are held only. */
static void change_kept_rows(struct accumulator *a, const struct key_batch *b, uint64_t sign)
{
	const struct row_batch *rows = b->rows;

	for (unsigned i = 0; i < rows->n; i++) {
		const uint32_t *key = b->key + i * a->layout.words;
		uint32_t tag = key_hash32(key, a->layout.words);
		uint32_t g = key_table_find(&a->table, tag, key);
		struct tally by = { 0 }, before = { 0 };
		tally_change(&by, &rows->facts[i], 1);
		if (a->marked.on && rows->facts[i].before)
			before = by;
		tally_add(&a->total, &by, sign);
		tally_add(&a->marked.total, &before, sign);
		g = kept_change(a, tag, key, g, &by, &before, sign);
		if (a->distinct)
			distinct_count(a->distinct, i, g, (uint32_t)sign);
		if (g == UINT32_MAX)
			continue;
		if (a->keep_seen)
			see_time(a, g, rows->time[i]);
		cap_let_go(a, g);
	}
}

/* The same where a part of the groups is held at a time. */
static void change_part_rows(struct accumulator *a, const struct key_batch *b)
{
	const struct row_batch *rows = b->rows;

	for (unsigned i = 0; i < rows->n; i++) {
		const uint32_t *key = b->key + i * a->layout.words;
		const struct row_facts *f = &rows->facts[i];
		uint32_t tag = key_hash32(key, a->layout.words);
		uint32_t g = key_table_find(&a->table, tag, key);
		if (!a->part.summed) {
			tally_change(&a->total, f, 1);
			if (a->marked.on && f->before)
				tally_change(&a->marked.total, f, 1);
		}
		if (g == UINT32_MAX)
			g = part_add(a, tag, key);
		if (a->distinct)
			distinct_count(a->distinct, i, g, 1);
		if (g == UINT32_MAX || a->part.tallied)
			continue;
		tallies_change(&a->tally, g, f, 1);
		if (a->marked.on && f->before)
			tallies_change(&a->marked.before, g, f, 1);
		if (a->keep_seen)
			see_time(a, g, rows->time[i]);
	}
}

/* Of groups that are held, and of all together, where some are not. */
static void change_some_huge(struct accumulator *a, const uint32_t *key, const struct tally *by,
			     bool before, bool in_total)
{
	struct huge **h = before ? &a->huge_before : &a->huge;
	unsigned words = a->layout.words;

	if (in_total && !a->part.summed)
		huge_change_total(h, words, by);
	if (key && !a->part.tallied &&
	    key_table_find(&a->table, key_hash32(key, words), key) != UINT32_MAX)
		huge_change(h, words, key, by, 1, false);
}

/* Sums of a series. */
static void change_huge_bin(struct accumulator *a, const uint32_t *key, const struct tally *by,
			    uint64_t sign, bool in_total)
{
	if (a->part.groups.on || a->part.summed)
		change_some_huge(a, key, by, false, in_total);
	else
		huge_change(&a->huge, a->layout.words, key, by, sign, in_total);
}

static void change_huge(struct accumulator *a, const struct key_batch *b, uint64_t sign)
{
	unsigned words = a->layout.words;

	for (unsigned i = 0; i < b->rows->n; i++) {
		const struct row_facts *f = &b->rows->facts[i];
		const uint32_t *key = b->key + i * words;
		struct tally by = { 0 };
		if (!is_huge(f))
			continue;
		tally_change(&by, f, 1);
		if (a->cap.deferred || a->part.groups.on || a->part.summed) {
			change_some_huge(a, key, &by, false, true);
			if (a->marked.on && f->before)
				change_some_huge(a, key, &by, true, true);
			continue;
		}
		huge_change(&a->huge, words, key, &by, sign, true);
		if (a->marked.on && f->before)
			huge_change(&a->huge_before, words, key, &by, sign, true);
	}
}

static void add_rows(struct accumulator *a, const struct key_batch *b, uint64_t sign)
{
	if (sign == 1)
		cap_make_room(a, b->rows->n);
	if (a->distinct && !a->distinct->deferred)
		distinct_make_room(a->distinct, a->dict);
	if (a->part.groups.on || a->part.summed)
		change_part_rows(a, b);
	else if (a->cap.on)
		change_kept_rows(a, b, sign);
	else if (sign == 1) /* once for each sign, which is then no factor */
		change_rows(a, b, 1);
	else
		change_rows(a, b, sign);
	if (b->rows->huge)
		change_huge(a, b, sign);
}

/* One accumulator, while rows are folded into it. */
struct fold {
	struct accumulator *a;
	uint64_t sign;
	bool spread;
	struct key_reader reader;
	struct series series;
};

static void change_group(void *ctx, const uint32_t *key, const struct tally *sum)
{
	struct fold *f = ctx;

	group_change(f->a, key, sum, f->sign, true);
	if (f->series.huge)
		change_huge_bin(f->a, key, sum, f->sign, true);
}

static void fold_begin(struct fold *f, struct accumulator *a, const struct segment *s, uint32_t n,
		       int64_t since, int sign)
{
	f->a = a;
	f->sign = (uint64_t)(int64_t)sign;
	/* What is counted apart is a record's, whole. */
	f->spread = accumulator_is_series(a) && !a->distinct;
	if (f->spread)
		series_begin(&f->series, a->layout.words, (unsigned)key_layout_bin(&a->layout),
			     a->shift, n, since, change_group, f);
	key_reader_init(&f->reader, &a->layout, s, a->dict, a->shift, &a->only);
	f->reader.last = &a->last;
	if (a->distinct)
		distinct_begin(a->distinct, s, a->dict);
}

static uint32_t fold_rows(struct fold *f, struct row_batch *rows, struct key_batch *keys)
{
	struct accumulator *a = f->a;
	unsigned n = key_batch_read(keys, &f->reader, rows, a->mark);

	if (n == 0)
		return 0;
	rows_facts(keys->rows);
	if (a->refused)
		rows_refused(keys->rows, true);
	if (f->spread) {
		series_add(&f->series, keys);
		if (a->refused)
			rows_refused(keys->rows, false);
		return n;
	}
	if (a->marked.on)
		marked_read(&a->marked, keys->rows);
	if (a->keep_seen)
		rows_times(keys->rows);
	if (a->distinct)
		distinct_read(a->distinct, keys->rows);
	add_rows(a, keys, f->sign);
	if (a->refused)
		rows_refused(keys->rows, false);
	return n;
}

static bool takes_nothing(const struct accumulator *a)
{
	return a->part.off || (a->only.words && a->only.n == 0);
}

uint32_t accumulators_fold_since(struct accumulator *const *all, unsigned n,
				 const struct segment *s, uint32_t first, uint32_t rows,
				 const uint64_t *bits, struct span span, int64_t since, int sign)
{
	struct fold *fold = xmalloc((n + 1) * sizeof *fold);
	struct row_batch *batch;
	struct key_batch *keys;
	unsigned folds = 0, words = 0;
	uint32_t folded = 0;

	segment_check_published(s);
	for (unsigned i = 0; i < n; i++) {
		if (takes_nothing(all[i]))
			continue;
		words = all[i]->layout.words > words ? all[i]->layout.words : words;
		fold_begin(&fold[folds++], all[i], s, rows, since, sign);
	}
	batch = xmalloc(sizeof *batch);
	batch->unpriced = n && all[0]->unpriced;
	keys = key_batch_new(words);
	for (uint32_t done = 0; folds && done < rows;) {
		done += rows_select(batch, s, first + done, rows - done, bits, done, span);
		for (unsigned i = 0; i < folds && batch->n; i++)
			folded += fold_rows(&fold[i], batch, keys);
	}
	for (unsigned i = 0; i < folds; i++)
		if (fold[i].spread)
			series_end(&fold[i].series);
	free(keys);
	free(batch);
	free(fold);
	return folded;
}

uint32_t accumulators_fold(struct accumulator *const *all, unsigned n, const struct segment *s,
			   uint32_t first, uint32_t rows, const uint64_t *bits, struct span span,
			   int sign)
{
	return accumulators_fold_since(all, n, s, first, rows, bits, span, span.from, sign);
}

uint32_t accumulator_fold(struct accumulator *a, const struct segment *s, uint32_t first,
			  uint32_t n, const uint64_t *bits, struct span span, int sign)
{
	return accumulators_fold(&a, 1, s, first, n, bits, span, sign);
}

/* ---- shares without their records' end ---- */

static void change_overlap(void *ctx, const uint32_t *key, const struct tally *sum)
{
	struct fold *f = ctx;

	group_change(f->a, key, sum, f->sign, false);
	if (f->series.huge)
		change_huge_bin(f->a, key, sum, f->sign, false);
}

/* Those that began before `to`. */
static void rows_begun(struct row_batch *b, int64_t to)
{
	uint16_t at[ROW_BATCH];
	unsigned n = 0;

	rows_starts(b);
	for (unsigned i = 0; i < b->n; i++) {
		at[n] = (uint16_t)i;
		n += b->start[i] != INT64_MIN && b->start[i] < to;
	}
	rows_pick(b, b, at, n);
}

static void fold_shares(struct accumulator *a, const struct segment *s, struct row_batch *rows,
			struct key_batch *keys, struct span had, int sign)
{
	struct fold f = { .a = a, .sign = (uint64_t)(int64_t)sign };
	unsigned words = a->layout.words;

	f.series = (struct series){ .words = words,
				    .bin = (unsigned)key_layout_bin(&a->layout),
				    .shift = a->shift,
				    .flush = change_overlap,
				    .ctx = &f };

	key_reader_init(&f.reader, &a->layout, s, a->dict, a->shift, &a->only);
	key_batch_read(keys, &f.reader, rows, a->mark);
	rows_facts(keys->rows);
	rows_starts(keys->rows);
	if (a->refused)
		rows_refused(keys->rows, true);
	for (unsigned i = 0; i < keys->rows->n; i++)
		series_add_between(&f.series, keys, i, had.from, had.to);
	if (a->refused)
		rows_refused(keys->rows, false);
}

bool accumulators_fold_shares(struct accumulator *const *all, unsigned n, const struct segment *s,
			      uint32_t first, uint32_t rows, const uint64_t *bits, struct span span,
			      struct span had, int sign)
{
	struct accumulator **some = xmalloc((n + 1) * sizeof *some);
	struct row_batch *batch;
	struct key_batch *keys;
	unsigned folds = 0, words = 0;
	bool any = false;

	for (unsigned i = 0; i < n; i++) {
		if (!accumulator_is_series(all[i]) || all[i]->distinct)
			continue;
		words = all[i]->layout.words > words ? all[i]->layout.words : words;
		some[folds++] = all[i];
	}
	batch = xmalloc(sizeof *batch);
	batch->unpriced = n && all[0]->unpriced;
	keys = key_batch_new(words);
	for (uint32_t done = 0; folds && done < rows;) {
		done += rows_select(batch, s, first + done, rows - done, bits, done, span);
		any |= batch->n > 0;
		rows_begun(batch, had.to);
		for (unsigned i = 0; i < folds && batch->n; i++)
			if (!takes_nothing(some[i]))
				fold_shares(some[i], s, batch, keys, had, sign);
	}
	free(keys);
	free(batch);
	free(some);
	return any;
}

bool accumulators_fold_overlaps(struct accumulator *const *all, unsigned n, const struct segment *s,
				uint32_t first, uint32_t rows, const uint64_t *bits,
				struct span span, int sign)
{
	const struct span late = { span.to, INT64_MAX, true };
	struct accumulator **some = xmalloc((n + 1) * sizeof *some);
	unsigned k = 0;
	bool any = false;

	for (unsigned i = 0; i < n; i++)
		if (all[i]->overlaps)
			some[k++] = all[i];
	if (k && s->time_max >= span.to)
		any = accumulators_fold_shares(some, k, s, first, rows, bits, late, span, sign);
	free(some);
	return any;
}
