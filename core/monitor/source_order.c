/* source_order.c - see source_order.h. */
#include "monitor/source_order.h"

#include <stdlib.h>

#define TIME_BITS 40

/* Trouble, then time from the newest on, then the order of arrival. */
struct order_entry {
	uint64_t key;
	uint32_t source;
};

struct source_order {
	uint64_t *key; /* of each source, as it is now */
	size_t n, key_cap;
	struct order_entry *entry; /* sorted */
	size_t entries, entry_cap;
	struct order_entry *changed; /* not in `entry` under their key yet */
	size_t changes, changed_cap;
	size_t count[TROUBLES];
};

struct source_order *source_order_new(void)
{
	return xcalloc(1, sizeof(struct source_order));
}

void source_order_free(struct source_order *o)
{
	free(o->key);
	free(o->entry);
	free(o->changed);
	free(o);
}

static void set_key(struct source_order *o, uint32_t source, uint64_t key)
{
	o->key[source] = key;
	xgrow((void **)&o->changed, &o->changed_cap, o->changes + 1, sizeof *o->changed);
	o->changed[o->changes++] = (struct order_entry){ key, source };
}

void source_order_add(struct source_order *o, int64_t time_s)
{
	const int64_t last = (INT64_C(1) << TIME_BITS) - 1;
	uint64_t age = (uint64_t)(last - (time_s < 0 ? 0 : time_s > last ? last : time_s));

	xgrow((void **)&o->key, &o->key_cap, o->n + 1, sizeof *o->key);
	o->count[TROUBLE_NONE]++;
	set_key(o, (uint32_t)o->n++, (uint64_t)TROUBLE_NONE << TIME_BITS | age);
}

enum trouble source_order_trouble(const struct source_order *o, uint32_t source)
{
	return (enum trouble)(o->key[source] >> TIME_BITS);
}

void source_order_set(struct source_order *o, uint32_t source, enum trouble t)
{
	enum trouble had = source_order_trouble(o, source);
	uint64_t age = o->key[source] & ((UINT64_C(1) << TIME_BITS) - 1);

	if (had == t)
		return;
	o->count[had]--;
	o->count[t]++;
	set_key(o, source, (uint64_t)t << TIME_BITS | age);
}

size_t source_order_count(const struct source_order *o, enum trouble t)
{
	return o->count[t];
}

static int compare(const void *a, const void *b)
{
	const struct order_entry *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->source < y->source ? -1 : x->source > y->source;
}

/* Whether the entry is still its source's place. */
static bool is_current(const struct source_order *o, const struct order_entry *e)
{
	return o->key[e->source] == e->key;
}

/* Drops what has another key by now, and the second of two alike. */
static size_t drop_stale(const struct source_order *o, struct order_entry *list, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (is_current(o, &list[i]) && (!kept || compare(&list[kept - 1], &list[i]) != 0))
			list[kept++] = list[i];
	return kept;
}

/* Merges the changed ones into the sorted rest, from the end. */
static void settle(struct source_order *o)
{
	size_t a, b, at;

	if (o->changes == 0)
		return;
	qsort(o->changed, o->changes, sizeof *o->changed, compare);
	o->changes = drop_stale(o, o->changed, o->changes);
	o->entries = drop_stale(o, o->entry, o->entries);
	a = o->entries;
	b = o->changes;
	at = a + b;
	xgrow((void **)&o->entry, &o->entry_cap, at, sizeof *o->entry);
	while (b)
		if (a && compare(&o->entry[a - 1], &o->changed[b - 1]) > 0)
			o->entry[--at] = o->entry[--a];
		else
			o->entry[--at] = o->changed[--b];
	o->entries += o->changes;
	o->changes = 0;
	/* One that changed and changed back is there twice. */
	o->entries = o->entries > o->n ? drop_stale(o, o->entry, o->entries) : o->entries;
}

uint32_t source_order_at(struct source_order *o, size_t row)
{
	settle(o);
	return o->entry[row].source;
}

size_t source_order_row(struct source_order *o, uint32_t source)
{
	struct order_entry e = { o->key[source], source };

	settle(o);
	return (size_t)((struct order_entry *)bsearch(&e, o->entry, o->entries, sizeof e, compare) -
			o->entry);
}

size_t source_order_bytes(const struct source_order *o)
{
	return o->key_cap * sizeof *o->key + (o->entry_cap + o->changed_cap) * sizeof *o->entry;
}
