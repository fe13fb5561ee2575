/* query.c - accumulators: the groups, folding rows in and out: see query.h.
 *
 * A key is some 32-bit words (enum key_kind of query_key.h). Rows are folded in batches, stage
 * by stage, so that the misses of the table overlap: gather words, hash, prefetch, find, add. */
#include "query.h"

#include <stdlib.h>
#include <string.h>

#include "query_series.h"
#include "query_state.h"

/* ---- groups: a number in the table, and in every array beside it ---- */

static uint32_t group_add(struct accumulator *a, uint32_t tag, const uint32_t *key)
{
	uint32_t g = key_table_add(&a->table, tag, key);

	xgrow((void **)&a->tally, &a->tally_cap, (size_t)g + 1, sizeof *a->tally);
	a->tally[g] = (struct tally){ 0 };
	marked_add(&a->marked, g);
	if (a->keep_seen) {
		xgrow((void **)&a->seen, &a->seen_cap, (size_t)g + 1, sizeof *a->seen);
		a->seen[g] = (struct seen){ UINT32_MAX, 0 };
	}
	if (a->distinct)
		distinct_add_group(a->distinct, g);
	return g;
}

static void group_remove(struct accumulator *a, uint32_t g)
{
	uint32_t last = a->table.count - 1;

	if (a->distinct)
		distinct_remove_group(a->distinct, g, last);
	if (a->keep_seen)
		a->seen[g] = a->seen[last];
	a->tally[g] = a->tally[last];
	marked_move(&a->marked, g, last);
	key_table_remove(&a->table, g);
}

/* ---- life ---- */

struct accumulator *accumulator_new(const struct group *g, struct dict *d)
{
	struct accumulator *a = xcalloc(1, sizeof *a);

	a->group = *g;
	a->dict = d;
	key_layout_init(&a->layout, g);
	a->table.words = a->layout.words;
	return a;
}

void accumulator_set_distinct(struct accumulator *a, const struct group *distinct)
{
	distinct_free(a->distinct, a->dict);
	a->counts = *distinct;
	a->distinct = distinct->n ? distinct_new(distinct) : NULL;
}

const struct group *accumulator_counts(const struct accumulator *a)
{
	return &a->counts;
}

void accumulator_keep_seen(struct accumulator *a)
{
	a->keep_seen = true;
}

static void unadopt(struct accumulator *a)
{
	for (uint32_t g = 0; g < a->adopted; g++)
		key_keep(&a->layout, key_at(&a->table, g), a->dict, false);
	a->adopted = 0;
}

void accumulator_clear(struct accumulator *a)
{
	unadopt(a);
	key_table_clear(&a->table);
	free(a->tally);
	free(a->seen);
	a->tally = NULL;
	a->seen = NULL;
	a->tally_cap = a->seen_cap = 0;
	a->total = (struct tally){ 0 };
	marked_clear(&a->marked);
	if (a->distinct)
		distinct_clear(a->distinct, a->dict);
}

void accumulator_free(struct accumulator *a)
{
	if (!a)
		return;
	accumulator_clear(a);
	distinct_free(a->distinct, a->dict);
	key_set_release(&a->only);
	free(a);
}

const struct group *accumulator_group(const struct accumulator *a)
{
	return &a->group;
}

bool accumulator_is_series(const struct accumulator *a)
{
	return key_layout_bin(&a->layout) >= 0;
}

unsigned accumulator_bin_shift(const struct accumulator *a)
{
	return a->shift;
}

static void seen_add(struct seen *to, struct seen more)
{
	to->first = more.first < to->first ? more.first : to->first;
	to->last = more.last > to->last ? more.last : to->last;
}

/* Builds the table anew under keys that were changed in place. */
static void merge_groups(struct accumulator *a)
{
	struct key_table had = a->table;
	struct tally *tally = a->tally;
	struct seen *seen = a->seen;
	uint32_t *became = xmalloc((had.count + 1) * sizeof *became);
	struct distinct *distinct = a->distinct;
	bool adopting = a->adopted > 0;

	a->table = (struct key_table){ .words = had.words };
	a->tally = NULL;
	a->seen = NULL;
	a->tally_cap = a->seen_cap = 0;
	a->distinct = NULL; /* its groups are merged at once, below */
	for (uint32_t g = 0; g < had.count; g++) {
		const uint32_t *key = key_at(&had, g);
		uint32_t tag = key_hash32(key, had.words), to = key_table_find(&a->table, tag, key);
		if (to == UINT32_MAX)
			to = group_add(a, tag, key);
		else if (adopting) /* one reference a group */
			key_keep(&a->layout, key, a->dict, false);
		tally_add(&a->tally[to], &tally[g], 1);
		if (a->keep_seen)
			seen_add(&a->seen[to], seen[g]);
		became[g] = to;
	}
	a->adopted = adopting ? a->table.count : 0;
	a->distinct = distinct;
	if (distinct)
		distinct_merge(distinct, a->dict, became, had.count, a->table.count);
	key_table_clear(&had);
	free(tally);
	free(seen);
	free(became);
}

void accumulator_set_bin_shift(struct accumulator *a, unsigned shift)
{
	int bin = key_layout_bin(&a->layout);
	unsigned more = shift - a->shift;

	a->shift = shift;
	if (bin < 0 || a->table.count == 0 || more == 0)
		return;
	for (uint32_t g = 0; g < a->table.count; g++) {
		uint32_t *word = key_at(&a->table, g) + bin;
		if (*word != KEY_ABSENT)
			*word >>= more;
	}
	merge_groups(a);
}

/* ---- folding ---- */

/* A group is there as long as it has a flow, or a share of one. */
static bool is_gone(const struct tally *t)
{
	return (t->flows | t->seconds) == 0;
}

static void group_change(struct accumulator *a, const uint32_t *key, const struct tally *by,
			 struct seen seen, uint64_t sign)
{
	uint32_t tag = key_hash32(key, a->layout.words), g = key_table_find(&a->table, tag, key);

	if (is_gone(by))
		return;
	if (g == UINT32_MAX)
		g = group_add(a, tag, key);
	tally_add(&a->tally[g], by, sign);
	tally_add(&a->total, by, sign);
	if (a->keep_seen)
		seen_add(&a->seen[g], seen);
	if (is_gone(&a->tally[g]))
		group_remove(a, g);
}

static void see(struct accumulator *a, uint32_t group, int64_t time)
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

	for (unsigned i = 0; i < b->n; i++) {
		tag[i] = key_hash32(b->key + i * words, words);
		key_table_prefetch(&a->table, tag[i]);
	}
	for (unsigned i = 0; i < b->n; i++) {
		guess[i] = key_table_guess(&a->table, tag[i]);
		if (guess[i] != UINT32_MAX) {
			__builtin_prefetch(key_at(&a->table, guess[i]));
			__builtin_prefetch(&a->tally[guess[i]]);
			if (a->keep_seen)
				__builtin_prefetch(&a->seen[guess[i]]);
		}
	}
	for (unsigned i = 0; a->distinct && i < b->n; i++)
		if (guess[i] != UINT32_MAX)
			distinct_prefetch(a->distinct, i, guess[i]);
}

static inline void change_rows(struct accumulator *a, const struct key_batch *b, uint64_t sign)
{
	unsigned words = a->layout.words;
	uint32_t tag[KEY_BATCH], guess[KEY_BATCH];
	struct tally total = { 0 };

	guess_groups(a, b, tag, guess);
	for (unsigned i = 0; i < b->n; i++) {
		const uint32_t *key = b->key + i * words;
		uint32_t g = guess[i];
		if (g >= a->table.count || !key_equal(&a->table, g, key))
			g = key_table_find(&a->table, tag[i], key);
		if (g == UINT32_MAX)
			g = group_add(a, tag[i], key);
		tally_change(&a->tally[g], &b->facts[i], sign);
		tally_change(&total, &b->facts[i], 1);
		if (a->marked.on && b->facts[i].before) {
			tally_change(&a->marked.before[g], &b->facts[i], sign);
			tally_change(&a->marked.total, &b->facts[i], sign);
		}
		if (a->keep_seen)
			see(a, g, b->time[i]);
		if (a->distinct)
			distinct_count(a->distinct, i, g, (uint32_t)sign);
		if (is_gone(&a->tally[g]))
			group_remove(a, g);
	}
	tally_add(&a->total, &total, sign);
}

/* Once for each sign, which is then no factor. */
static void add_rows(struct accumulator *a, const struct key_batch *b, uint64_t sign)
{
	if (sign == 1)
		change_rows(a, b, 1);
	else
		change_rows(a, b, sign);
}

struct change {
	struct accumulator *a;
	uint64_t sign;
};

static void change_group(void *ctx, const uint32_t *key, const struct share_sum *sum)
{
	struct change *c = ctx;

	group_change(c->a, key, &sum->tally, sum->seen, c->sign);
}

uint32_t accumulator_fold(struct accumulator *a, const struct segment *s, uint32_t first,
			  uint32_t n, const uint64_t *bits, struct span span, int sign)
{
	/* What is counted apart is a record's, whole. */
	bool spread = accumulator_is_series(a) && !a->distinct;
	struct change change = { a, (uint64_t)(int64_t)sign };
	struct key_batch *batch;
	struct key_reader reader;
	struct series series;
	uint32_t folded = 0;

	if (a->only.words && a->only.n == 0)
		return 0;
	batch = key_batch_new(a->layout.words);
	if (spread)
		series_begin(&series, a->layout.words, (unsigned)key_layout_bin(&a->layout),
			     a->shift, n, change_group, &change);
	key_reader_init(&reader, &a->layout, s, a->dict, a->shift, &a->only);
	if (a->distinct)
		distinct_begin(a->distinct, s, a->dict);
	for (uint32_t done = 0; done < n;) {
		done += key_batch_select(batch, s, first + done, n - done, bits, done, span);
		if (batch->n == 0)
			continue;
		if (a->mark)
			key_batch_only(batch, a->mark);
		folded += key_batch_read(batch, &reader);
		if (spread) {
			series_add(&series, batch);
			continue;
		}
		if (a->marked.on)
			marked_read(&a->marked, batch);
		if (a->keep_seen)
			key_batch_times(batch);
		if (a->distinct)
			distinct_read(a->distinct, batch);
		add_rows(a, batch, change.sign);
	}
	if (spread)
		series_end(&series);
	free(batch);
	return folded;
}

void accumulator_restrict(struct accumulator *a, const struct accumulator *from,
			  const uint32_t *index, uint32_t n)
{
	accumulator_clear(a);
	key_set_release(&a->only);
	key_set_init(&a->only, from->layout.words);
	for (uint32_t i = 0; i < n; i++)
		key_set_add(&a->only, key_at(&from->table, index[i]));
}

void accumulator_only(struct accumulator *a, uint8_t mark)
{
	accumulator_clear(a);
	a->mark = mark;
}

bool accumulator_covers(const struct accumulator *a, const struct accumulator *from,
			const uint32_t *index, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (!key_set_has(&a->only, key_at(&from->table, index[i])))
			return false;
	return true;
}

void accumulator_adopt(struct accumulator *a)
{
	for (; a->adopted < a->table.count; a->adopted++)
		key_keep(&a->layout, key_at(&a->table, a->adopted), a->dict, true);
	if (a->distinct)
		distinct_adopt(a->distinct, a->dict);
}

/* ---- reading ---- */

uint32_t accumulator_count(const struct accumulator *a)
{
	return a->table.count;
}

const struct tally *accumulator_tally(const struct accumulator *a, uint32_t index)
{
	return &a->tally[index];
}

const struct tally *accumulator_total(const struct accumulator *a)
{
	return &a->total;
}

uint64_t accumulator_distinct(const struct accumulator *a, uint32_t index)
{
	return a->distinct ? a->distinct->values[index] : 0;
}

uint64_t accumulator_distinct_total(const struct accumulator *a)
{
	return a->distinct ? a->distinct->total : 0;
}

struct seen accumulator_seen(const struct accumulator *a, uint32_t index)
{
	return a->keep_seen ? a->seen[index] : (struct seen){ UINT32_MAX, 0 };
}

uint64_t accumulator_metric(const struct accumulator *a, uint32_t index, enum metric m)
{
	return m == METRIC_DISTINCT ? accumulator_distinct(a, index)
				    : tally_metric(&a->tally[index], m);
}

void accumulator_key(const struct accumulator *a, uint32_t index, unsigned part, struct value *out)
{
	key_value(&a->layout, key_at(&a->table, index), part, a->dict, a->shift, out);
}

uint32_t accumulator_find(const struct accumulator *a, const struct value *value)
{
	uint32_t key[KEY_WORDS];

	if (!key_encode(&a->layout, value, a->dict, a->shift, key))
		return UINT32_MAX;
	return key_table_find(&a->table, key_hash32(key, a->layout.words), key);
}

const struct tally *accumulator_at(const struct accumulator *a, const struct accumulator *from,
				   uint32_t like, int64_t bin)
{
	uint32_t key[KEY_WORDS + 1], group;

	memcpy(key, key_at(&from->table, like), from->layout.words * sizeof *key);
	key[from->layout.words] = (uint32_t)bin;
	group = key_table_find(&a->table, key_hash32(key, a->layout.words), key);
	return group == UINT32_MAX ? NULL : &a->tally[group];
}

const struct tally *accumulator_cell(const struct accumulator *a, const struct accumulator *rows,
				     uint32_t row, const struct accumulator *columns,
				     uint32_t column)
{
	unsigned n = rows->layout.words, m = columns->layout.words;
	uint32_t key[2 * KEY_WORDS], group;

	if (n + m != a->layout.words)
		return NULL;
	memcpy(key, key_at(&rows->table, row), n * sizeof *key);
	memcpy(key + n, key_at(&columns->table, column), m * sizeof *key);
	group = key_table_find(&a->table, key_hash32(key, n + m), key);
	return group == UINT32_MAX ? NULL : &a->tally[group];
}

size_t accumulator_bytes(const struct accumulator *a)
{
	return sizeof *a + key_table_bytes(&a->table) + a->tally_cap * sizeof *a->tally +
	       a->marked.cap * sizeof *a->marked.before + a->seen_cap * sizeof *a->seen +
	       (a->distinct ? distinct_bytes(a->distinct) : 0);
}
