/* query_distinct.c - see query_distinct.h. */
#include "query/query_distinct.h"

#include <stdlib.h>

#define EVERYTHING UINT32_MAX /* in place of a group's id: all of them together */

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
	d->rows = d->id = d->values = d->spare = NULL;
	d->rows_cap = d->id_cap = d->values_cap = d->spare_cap = d->spares = 0;
	d->ids = 0;
	d->total = 0;
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
	xgrow((void **)&d->id, &d->id_cap, (size_t)group + 1, sizeof *d->id);
	xgrow((void **)&d->values, &d->values_cap, (size_t)group + 1, sizeof *d->values);
	d->id[group] = d->spares ? d->spare[--d->spares] : d->ids++;
	d->values[group] = 0;
}

void distinct_remove_group(struct distinct *d, uint32_t group, uint32_t last)
{
	xgrow((void **)&d->spare, &d->spare_cap, d->spares + 1, sizeof *d->spare);
	d->spare[d->spares++] = d->id[group];
	d->id[group] = d->id[last];
	d->values[group] = d->values[last];
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
		at = key_table_add(&d->table, tag, key);
		xgrow((void **)&d->rows, &d->rows_cap, d->table.count, sizeof *d->rows);
		d->rows[at] = rows;
		return 1;
	}
	d->rows[at] += rows;
	if (d->rows[at])
		return 0;
	last = d->table.count - 1;
	key_table_remove(&d->table, at);
	d->rows[at] = d->rows[last];
	return -1;
}

void distinct_count(struct distinct *d, unsigned row, uint32_t group, uint32_t sign)
{
	const uint32_t *value = value_of(d, row);
	int more;

	if (!key_part_known(d->layout.part, value))
		return;
	more = change(d, d->id[group], value, sign);
	d->values[group] += (uint32_t)more;
	/* A value that no group had is new to the total; one that some group had is not. */
	if (change(d, EVERYTHING, value, sign))
		d->total += (uint64_t)(int64_t)(sign == 1 ? 1 : -1);
}

/* ---- merging ---- */

void distinct_merge(struct distinct *d, struct dict *dict, const uint32_t *group, uint32_t groups,
		    uint32_t n)
{
	uint32_t *number = xmalloc((d->ids + 1) * sizeof *number), *rows = d->rows;
	struct key_table had = d->table;
	bool adopting = d->adopted > 0;

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
			d->values[to] += (uint32_t)more;
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

size_t distinct_bytes(const struct distinct *d)
{
	return sizeof *d + key_table_bytes(&d->table) +
	       (d->rows_cap + d->id_cap + d->values_cap + d->spare_cap) * sizeof(uint32_t) +
	       sizeof *d->batch + ROW_BATCH * d->layout.words * sizeof(uint32_t);
}
