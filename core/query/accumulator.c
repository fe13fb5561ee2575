/* accumulator.c - the groups: see accumulator.h. A key is some 32-bit words (struct key_kind of
 * query_key.h). */
#include "query/accumulator.h"

#include <stdlib.h>
#include <string.h>

#include "query/accumulator_state.h"

/* ---- groups: a number in the table, and in every array beside it ---- */

uint32_t group_add(struct accumulator *a, uint32_t tag, const uint32_t *key)
{
	uint32_t g;

	a->table.most = a->cap.most ? a->cap.most + a->cap.over : 0;
	g = key_table_add(&a->table, tag, key);
	tallies_add(&a->tally, &a->table);
	peaks_add(a);
	marked_add(&a->marked, &a->table);
	cap_add(&a->cap, &a->table);
	if (a->keep_seen) {
		key_table_room(&a->table, (void **)&a->seen, &a->seen_cap, sizeof *a->seen);
		a->seen[g] = (struct seen){ UINT32_MAX, 0 };
	}
	if (a->distinct)
		distinct_add_group(a->distinct, g);
	if (a->part.values)
		key_table_room(&a->table, (void **)&a->part.values, &a->part.values_cap,
			       sizeof *a->part.values);
	return g;
}

/* Gives back the references of group `g`; `last`, which takes its number, has some then. */
static void let_go(struct accumulator *a, uint32_t g, uint32_t last)
{
	if (g >= a->adopted)
		return;
	key_keep(&a->layout, key_at(&a->table, g), a->dict, false);
	if (last >= a->adopted)
		key_keep(&a->layout, key_at(&a->table, last), a->dict, true);
	else
		a->adopted--;
}

void group_remove(struct accumulator *a, uint32_t g)
{
	uint32_t last = a->table.count - 1;

	if (a->adopted)
		let_go(a, g, last);
	if (a->distinct)
		distinct_remove_group(a->distinct, g, last);
	if (a->keep_seen)
		a->seen[g] = a->seen[last];
	peaks_move(a, g, last);
	tallies_move(&a->tally, g, last);
	marked_move(&a->marked, g, last);
	cap_move(&a->cap, g, last);
	key_table_remove(&a->table, g);
	if (last < a->tally.cap / 4 && a->tally.cap > KEY_TABLE_SMALL)
		groups_fit(a);
}

static void fit(struct accumulator *a, uint32_t most)
{
	struct key_table *t = &a->table;

	t->most = most;
	key_table_fit(t);
	tallies_fit(&a->tally, t);
	key_table_fit_array(t, (void **)&a->seen, &a->seen_cap, sizeof *a->seen);
	tallies_fit(&a->marked.before, t);
	key_table_fit_array(t, (void **)&a->cap.missing, &a->cap.missing_cap,
			    sizeof *a->cap.missing);
}

void groups_fit(struct accumulator *a)
{
	fit(a, a->cap.most);
}

void groups_fit_exactly(struct accumulator *a)
{
	fit(a, a->table.count ? a->table.count : 1);
	a->table.most = 0;
}

/* ---- life ---- */

struct accumulator *accumulator_new(const struct group *g, struct dict *d)
{
	struct accumulator *a = xcalloc(1, sizeof *a);

	a->group = *g;
	a->dict = d;
	key_layout_init(&a->layout, g);
	a->table.words = a->layout.words;
	a->peaks = xcalloc(1, sizeof *a->peaks);
	a->shown = xcalloc(2, sizeof *a->shown);
	return a;
}

void accumulator_set_distinct(struct accumulator *a, const struct group *distinct)
{
	distinct_free(a->distinct, a->dict);
	a->counts = *distinct;
	a->distinct = distinct->n ? distinct_new(distinct) : NULL;
}

void accumulator_keep_seen(struct accumulator *a)
{
	a->keep_seen = true;
}

void accumulator_take_overlaps(struct accumulator *a)
{
	a->overlaps = true;
}

static void unadopt(struct accumulator *a)
{
	for (uint32_t g = 0; g < a->adopted; g++)
		key_keep(&a->layout, key_at(&a->table, g), a->dict, false);
	a->adopted = 0;
}

void accumulator_forget(struct accumulator *a)
{
	unadopt(a);
	key_table_clear(&a->table);
	tallies_clear(&a->tally);
	free(a->seen);
	a->seen = NULL;
	a->seen_cap = 0;
	a->total = (struct tally){ 0 };
	huge_clear(&a->huge);
	huge_clear(&a->huge_before);
	marked_clear(&a->marked);
	cap_clear(&a->cap);
	peaks_clear(a->peaks);
	if (a->distinct)
		distinct_clear(a->distinct, a->dict);
}

void accumulator_clear(struct accumulator *a)
{
	accumulator_forget(a);
	a->part.groups.on = a->part.summed = a->part.tallied = false;
}

void accumulator_free(struct accumulator *a)
{
	if (!a)
		return;
	accumulator_clear(a);
	distinct_free(a->distinct, a->dict);
	key_set_release(&a->only);
	key_set_release(&a->last);
	free(a->part.values);
	free(a->peaks);
	free(a->shown);
	free(a);
}

const struct group *accumulator_group(const struct accumulator *a)
{
	return &a->group;
}

static bool has_label(const struct group *g)
{
	struct label_field unused;

	for (unsigned p = 0; p < g->n; p++)
		if (label_field_get(g->field[p], &unused))
			return true;
	return false;
}

bool accumulator_wants_labels(const struct accumulator *a)
{
	return has_label(&a->group) || has_label(&a->counts);
}

bool accumulator_is_series(const struct accumulator *a)
{
	return key_layout_bin(&a->layout) >= 0;
}

unsigned accumulator_bin_shift(const struct accumulator *a)
{
	return a->shift;
}

/* Builds the table anew under keys that were changed in place. */
static void merge_groups(struct accumulator *a)
{
	struct key_table had = a->table;
	struct tallies tally = a->tally;
	struct tally room;
	struct seen *seen = a->seen;
	uint32_t *became = xmalloc((had.count + 1) * sizeof *became);
	struct distinct *distinct = a->distinct;
	bool adopting = a->adopted > 0;

	a->table = (struct key_table){ .words = had.words };
	a->tally = (struct tallies){ 0 };
	a->seen = NULL;
	a->seen_cap = 0;
	a->distinct = NULL; /* its groups are merged at once, below */
	for (uint32_t g = 0; g < had.count; g++) {
		const uint32_t *key = key_at(&had, g);
		uint32_t tag = key_hash32(key, had.words), to = key_table_find(&a->table, tag, key);
		if (to == UINT32_MAX)
			to = group_add(a, tag, key);
		else if (adopting) /* one reference a group */
			key_keep(&a->layout, key, a->dict, false);
		tallies_sum(&a->tally, to, tallies_at(&tally, g, &room), 1);
		if (a->keep_seen)
			seen_add(&a->seen[to], seen[g]);
		became[g] = to;
	}
	a->adopted = adopting ? a->table.count : 0;
	a->distinct = distinct;
	if (distinct)
		distinct_merge(distinct, a->dict, became, had.count, a->table.count);
	key_table_clear(&had);
	tallies_clear(&tally);
	free(seen);
	free(became);
}

void accumulator_set_bin_shift(struct accumulator *a, unsigned shift)
{
	int bin = key_layout_bin(&a->layout);
	unsigned more = shift - a->shift;

	a->shift = shift;
	if (bin >= 0 && more)
		huge_widen(&a->huge, (unsigned)bin, more);
	if (bin < 0 || a->table.count == 0 || more == 0)
		return;
	for (uint32_t g = 0; g < a->table.count; g++) {
		uint32_t *word = key_at(&a->table, g) + bin;
		if (*word != KEY_ABSENT)
			*word >>= more;
	}
	merge_groups(a);
}

/* ---- what counts ---- */

void accumulator_restrict(struct accumulator *a, const struct accumulator *from,
			  const uint32_t *index, uint32_t n)
{
	accumulator_clear(a);
	key_set_release(&a->only);
	key_set_init(&a->only, from->layout.words);
	for (uint32_t i = 0; i < n; i++)
		key_set_add(&a->only, key_at(&from->table, index[i]));
}

void accumulator_restrict_last(struct accumulator *a, const struct accumulator *from,
			       const uint32_t *index, uint32_t n)
{
	key_set_release(&a->last);
	key_set_init(&a->last, from->layout.words);
	for (uint32_t i = 0; i < n; i++)
		key_set_add(&a->last, key_at(&from->table, index[i]));
}

void accumulator_sum_refused(struct accumulator *a)
{
	a->refused = true;
}

void accumulator_only(struct accumulator *a, uint8_t mark)
{
	accumulator_clear(a);
	a->mark = mark;
}

void accumulator_set_mark(struct accumulator *a, int64_t time)
{
	accumulator_clear(a);
	/* What is put into bins has its time already. */
	a->marked.on = time != INT64_MIN && key_layout_bin(&a->layout) < 0;
	a->marked.time = time;
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

void accumulator_price(struct accumulator *a, bool on)
{
	a->unpriced = !on;
}

uint64_t tally_metric(const struct tally *t, enum metric m)
{
	switch (metric_base(m)) {
	case METRIC_BYTES:
		return t->bytes;
	case METRIC_PACKETS:
		return t->packets;
	case METRIC_FLOWS:
		return t->flows;
	case METRIC_REJECTS:
		return t->rejects;
	case METRIC_LOST:
		return t->lost;
	case METRIC_COST:
		return t->cost;
	default:
		return 0;
	}
}

uint32_t accumulator_count(const struct accumulator *a)
{
	return a->table.count;
}

const struct tally *accumulator_tally(const struct accumulator *a, uint32_t index)
{
	return huge_tally(a->huge, key_at(&a->table, index),
			  tallies_at(&a->tally, index, &a->shown[0]));
}

const struct tally *accumulator_total(const struct accumulator *a)
{
	return huge_total(a->huge, &a->total);
}

uint64_t accumulator_distinct(const struct accumulator *a, uint32_t index)
{
	if (a->part.values)
		return a->part.values[index];
	return a->distinct ? distinct_values(a->distinct, index) : 0;
}

uint64_t accumulator_distinct_total(const struct accumulator *a)
{
	if (a->part.speaks)
		return a->part.distinct;
	return a->distinct ? distinct_total(a->distinct) : 0;
}

struct seen accumulator_seen(const struct accumulator *a, uint32_t index)
{
	return a->keep_seen ? a->seen[index] : (struct seen){ UINT32_MAX, 0 };
}

uint64_t accumulator_metric(const struct accumulator *a, uint32_t index, enum metric m)
{
	return m == METRIC_DISTINCT ? accumulator_distinct(a, index)
				    : tally_metric(accumulator_tally(a, index), m);
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
	return group == UINT32_MAX ? NULL : accumulator_tally(a, group);
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
	return group == UINT32_MAX ? NULL : accumulator_tally(a, group);
}

size_t accumulator_bytes(const struct accumulator *a)
{
	return sizeof *a + huge_bytes(a->huge) + huge_bytes(a->huge_before) +
	       key_table_bytes(&a->table) + tallies_bytes(&a->tally) +
	       tallies_bytes(&a->marked.before) + a->seen_cap * sizeof *a->seen +
	       cap_bytes(&a->cap) + a->peaks->cap * sizeof *a->peaks->most +
	       a->part.values_cap * sizeof *a->part.values +
	       (a->distinct ? distinct_bytes(a->distinct) : 0);
}
