/* query_distinct.c - see query_distinct.h. */
#include "query/query_distinct.h"

#include <stdlib.h>

#define EVERYTHING UINT32_MAX  /* in place of a group's id: all of them together */
#define VALUES_DEAD UINT32_MAX /* more than a group has */

struct distinct *distinct_new(const struct group *part)
{
	struct distinct *d = xcalloc(1, sizeof *d);

	key_layout_init(&d->layout, part);
	d->table.words = 1 + d->layout.words;
	d->batch = key_batch_new(d->layout.words);
	return d;
}

static void unadopt(struct distinct *d, struct dict *dict)
{
	for (uint32_t i = 0; i < d->adopted; i++)
		key_keep(&d->layout, key_at(&d->table, i) + 1, dict, false);
	d->adopted = 0;
}

void distinct_clear(struct distinct *d, struct dict *dict)
{
	unadopt(d, dict);
	key_table_clear(&d->table);
	free(d->rows);
	free(d->id);
	free(d->values);
	free(d->spare);
	free(d->before);
	d->rows = d->id = d->values = d->spare = d->before = NULL;
	d->rows_cap = d->id_cap = d->values_cap = d->spare_cap = d->spares = d->before_cap = 0;
	d->ids = d->dead = 0;
	d->bits = d->all_bits = 0;
	d->part.on = false;
	if (d->all_counted) /* stays, as the sums over all groups do */
		return;
	d->total = d->total_before = 0;
}

void distinct_free(struct distinct *d, struct dict *dict)
{
	if (!d)
		return;
	distinct_clear(d, dict);
	free(d->batch);
	free(d);
}

void distinct_add_group(struct distinct *d, uint32_t group)
{
	uint32_t id = d->spares ? d->spare[--d->spares] : d->ids++;

	xgrow((void **)&d->id, &d->id_cap, (size_t)group + 1, sizeof *d->id);
	xgrow((void **)&d->values, &d->values_cap, (size_t)id + 1, sizeof *d->values);
	d->id[group] = id;
	d->values[id] = 0;
	if (d->before) {
		xgrow((void **)&d->before, &d->before_cap, (size_t)id + 1, sizeof *d->before);
		d->before[id] = 0;
	}
}

static void give_id(struct distinct *d, uint32_t id)
{
	xgrow((void **)&d->spare, &d->spare_cap, d->spares + 1, sizeof *d->spare);
	d->spare[d->spares++] = id;
}

void distinct_remove_group(struct distinct *d, uint32_t group, uint32_t last)
{
	uint32_t id = d->id[group];

	if (d->values[id]) { /* its keys stay in the table until they are looked through */
		d->values[id] = VALUES_DEAD;
		d->dead++;
	} else {
		give_id(d, id);
	}
	d->id[group] = d->id[last];
}

uint64_t distinct_values(const struct distinct *d, uint32_t group)
{
	uint32_t id = d->id[group];

	return ((uint64_t)d->values[id] << d->bits) + (d->before ? d->before[id] : 0);
}

/* ---- rows ---- */

void distinct_begin(struct distinct *d, const struct segment *s, const struct dict *dict)
{
	key_reader_init(&d->reader, &d->layout, s, dict, 0, NULL);
}

void distinct_read(struct distinct *d, struct row_batch *rows)
{
	key_batch_read_all(d->batch, &d->reader, rows);
}

static const uint32_t *value_of(const struct distinct *d, unsigned row)
{
	return d->batch->key + (size_t)row * d->layout.words;
}

static uint32_t make_key(const struct distinct *d, uint32_t id, const uint32_t *value,
			 uint32_t *key)
{
	key[0] = id;
	memcpy(key + 1, value, d->layout.words * sizeof *key);
	return key_hash32(key, d->table.words);
}

void distinct_prefetch(const struct distinct *d, unsigned row, uint32_t group)
{
	uint32_t key[1 + KEY_PART_WORDS];

	key_table_prefetch(&d->table, make_key(d, d->id[group], value_of(d, row), key));
}

/* Adds `rows` rows of a value; returns 1 when it is new there, -1 when it is gone. */
static int change(struct distinct *d, uint32_t id, const uint32_t *value, uint32_t rows)
{
	uint32_t key[1 + KEY_PART_WORDS], tag = make_key(d, id, value, key);
	uint32_t at = key_table_find(&d->table, tag, key), last;

	if (at == UINT32_MAX) {
		if (rows == UINT32_MAX) /* -1 of nothing: it was never counted */
			return 0;
		d->table.most = d->most ? d->most + d->over : 0;
		at = key_table_add(&d->table, tag, key);
		key_table_room(&d->table, (void **)&d->rows, &d->rows_cap, sizeof *d->rows);
		d->rows[at] = rows;
		return 1;
	}
	d->rows[at] += rows;
	if (d->rows[at])
		return 0;
	last = d->table.count - 1;
	key_table_remove(&d->table, at);
	d->rows[at] = d->rows[last];
	if (last < d->rows_cap / 4 && d->rows_cap > KEY_TABLE_SMALL) {
		key_table_fit(&d->table);
		key_table_fit_array(&d->table, (void **)&d->rows, &d->rows_cap, sizeof *d->rows);
	}
	return -1;
}

static bool is_sampled(const struct distinct *d, const uint32_t *value, unsigned bits)
{
	return bits == 0 || key_hash32(value, d->layout.words) >> (32 - bits) == 0;
}

void distinct_count(struct distinct *d, unsigned row, uint32_t group, uint32_t sign)
{
	const uint32_t *value = value_of(d, row);

	if (!key_part_known(d->layout.part, value) ||
	    (d->part.on && !part_holds(&d->part, key_place(&d->layout, value, d->reader.dict))))
		return;
	if (group != UINT32_MAX && is_sampled(d, value, d->bits))
		d->values[d->id[group]] += (uint32_t)change(d, d->id[group], value, sign);
	/* A value that no group had is new to the total; one that some group had is not. */
	if (!d->all_counted && is_sampled(d, value, d->all_bits) &&
	    change(d, EVERYTHING, value, sign))
		d->total += (uint64_t)(int64_t)(sign == 1 ? 1 : -1);
}

/* ---- fewer of them ---- */

static bool is_held(const struct distinct *d, const uint32_t *value, unsigned bits,
		    const struct dict *dict)
{
	return is_sampled(d, value, bits) &&
	       (!d->part.on || part_holds(&d->part, key_place(&d->layout, value, dict)));
}

/* Keeps what is sampled, or in the part, of groups that are held. */
static void look_through(struct distinct *d, struct dict *dict)
{
	uint32_t kept = 0, adopted = 0;

	for (uint32_t i = 0; i < d->ids; i++)
		if (d->values[i] != VALUES_DEAD)
			d->values[i] = 0;
	d->total = d->all_counted ? d->total : 0;
	for (uint32_t i = 0; i < d->table.count; i++) {
		const uint32_t *key = key_at(&d->table, i);
		bool all = key[0] == EVERYTHING;
		if ((all || d->values[key[0]] != VALUES_DEAD) &&
		    is_held(d, key + 1, all ? d->all_bits : d->bits, dict)) {
			if (all)
				d->total++;
			else
				d->values[key[0]]++;
			adopted += i < d->adopted;
			d->rows[kept] = d->rows[i];
			memmove(key_at(&d->table, kept++), key, d->table.words * sizeof *key);
		} else if (i < d->adopted) {
			key_keep(&d->layout, key + 1, dict, false);
		}
	}
	d->adopted = adopted;
	d->table.most = d->most;
	key_table_cut(&d->table, kept);
	key_table_fit_array(&d->table, (void **)&d->rows, &d->rows_cap, sizeof *d->rows);
	for (uint32_t i = 0; d->dead && i < d->ids; i++)
		if (d->values[i] == VALUES_DEAD) {
			d->values[i] = 0;
			d->dead--;
			give_id(d, i);
		}
}

void distinct_make_room(struct distinct *d, struct dict *dict)
{
	const uint32_t more = 2 * ROW_BATCH; /* a row: of its group, and of everything */

	if (!d->most || (d->table.count + more <= d->most && d->dead <= d->ids / 2))
		return;
	look_through(d, dict);
	while (d->table.count && d->table.count + more > d->most / 4 * 3 && d->bits < 31) {
		if (d->total > d->most / 4)
			d->all_bits++;
		d->bits++;
		look_through(d, dict);
	}
}

bool distinct_cut(struct distinct *d, struct dict *dict)
{
	if (!part_halve(&d->part))
		return false;
	look_through(d, dict);
	return true;
}

void distinct_tidy(struct distinct *d, struct dict *dict)
{
	look_through(d, dict);
}

bool distinct_go_on(struct distinct *d, struct dict *dict, uint64_t num, uint64_t den)
{
	struct place_range next = d->part;
	bool more = part_go_on(&next, num, den);

	d->all_counted |= !more;
	if (!more)
		return false;
	look_through(d, dict); /* none are dead */
	d->part = next;
	if (!d->before)
		d->before = xcalloc(d->before_cap = d->ids + 1, sizeof *d->before);
	for (uint32_t i = 0; i < d->ids; i++) {
		d->before[i] += d->values[i];
		d->values[i] = 0;
	}
	d->total_before += d->total;
	d->total = 0;
	unadopt(d, dict);
	key_table_clear(&d->table);
	free(d->rows);
	d->rows = NULL;
	d->rows_cap = 0;
	return true;
}

/* ---- merging ---- */

void distinct_merge(struct distinct *d, struct dict *dict, const uint32_t *group, uint32_t groups,
		    uint32_t n)
{
	uint32_t *number = xmalloc((d->ids + 1) * sizeof *number), *rows;
	struct key_table had;
	bool adopting = d->adopted > 0;

	look_through(d, dict); /* none are dead */
	had = d->table;
	rows = d->rows;
	for (uint32_t g = 0; g < groups; g++)
		number[d->id[g]] = group[g];
	d->table = (struct key_table){ .words = had.words };
	d->rows = NULL;
	d->rows_cap = 0;
	d->spares = 0;
	d->ids = 0;
	for (uint32_t g = 0; g < n; g++)
		distinct_add_group(d, g);
	for (uint32_t i = 0; i < had.count; i++) {
		const uint32_t *key = key_at(&had, i);
		uint32_t to = key[0] == EVERYTHING ? EVERYTHING : number[key[0]];
		/* New ids are the numbers. */
		int more = change(d, to, key + 1, rows[i]);
		if (to != EVERYTHING)
			d->values[d->id[to]] += (uint32_t)more;
		if (adopting && more == 0)
			key_keep(&d->layout, key + 1, dict, false);
	}
	d->adopted = adopting ? d->table.count : 0;
	key_table_clear(&had);
	free(rows);
	free(number);
}

void distinct_adopt(struct distinct *d, struct dict *dict)
{
	for (; d->adopted < d->table.count; d->adopted++)
		key_keep(&d->layout, key_at(&d->table, d->adopted) + 1, dict, true);
}

uint64_t distinct_total(const struct distinct *d)
{
	return (d->total << d->all_bits) + d->total_before;
}

size_t distinct_least(const struct distinct *d)
{
	return sizeof *d + sizeof *d->batch + ROW_BATCH * d->layout.words * sizeof(uint32_t);
}

size_t distinct_groups_bytes(const struct distinct *d)
{
	return (d->id_cap + d->values_cap + d->spare_cap + d->before_cap) * sizeof(uint32_t);
}

size_t distinct_bytes(const struct distinct *d)
{
	return distinct_least(d) + key_table_bytes(&d->table) + d->rows_cap * sizeof(uint32_t) +
	       distinct_groups_bytes(d);
}

size_t distinct_used(const struct distinct *d)
{
	return distinct_least(d) + d->table.cap * sizeof *d->table.slot +
	       d->table.count * (d->table.words + 1) * sizeof(uint32_t) +
	       d->ids * 4 * sizeof(uint32_t);
}
