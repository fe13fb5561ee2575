/* inventory.c - see inventory.h. */
#include "labels/inventory.h"

#include <stdlib.h>

static void entry_release(struct inventory_entry *e)
{
	free(e->interface);
	free(e->subnet);
	free(e->vpc);
	free(e->zone);
	free(e->zone_id);
	free(e->kind);
	free(e->instance);
}

void inventory_add(struct inventory *v, const struct inventory_entry *e)
{
	xgrow((void **)&v->entry, &v->cap, v->n + 1, sizeof *v->entry);
	v->entry[v->n] = *e;
	v->entry[v->n].order = v->n;
	v->n++;
}

void inventory_release(struct inventory *v)
{
	for (size_t i = 0; i < v->n; i++)
		entry_release(&v->entry[i]);
	free(v->entry);
	*v = (struct inventory){ 0 };
}

/* By interface; of equal ones the last added first. */
static int compare(const void *a, const void *b)
{
	const struct inventory_entry *x = a, *y = b;
	int order = strcmp(x->interface, y->interface);

	return order ? order : x->order > y->order ? -1 : x->order < y->order;
}

void inventory_seal(struct inventory *v)
{
	size_t kept = 0;

	if (v->n)
		qsort(v->entry, v->n, sizeof *v->entry, compare);
	for (size_t i = 0; i < v->n; i++)
		if (kept && strcmp(v->entry[kept - 1].interface, v->entry[i].interface) == 0)
			entry_release(&v->entry[i]);
		else
			v->entry[kept++] = v->entry[i];
	v->n = kept;
	for (size_t i = 0; i < kept; i++) /* files that are added later come behind these */
		v->entry[i].order = i;
}
