/* field_counts.c - see field_counts.h. */
#include "store/field_counts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "schema/format.h"

void field_counts_add(struct field_counts *c, int field, uint64_t n)
{
	size_t at = 0;

	while (at < c->n && c->of[at].field < field)
		at++;
	if (at == c->n || c->of[at].field != field) {
		xgrow((void **)&c->of, &c->cap, c->n + 1, sizeof *c->of);
		memmove(&c->of[at + 1], &c->of[at], (c->n - at) * sizeof *c->of);
		c->of[at] = (struct field_count){ field, 0 };
		c->n++;
	}
	c->of[at].n += n;
	c->all += n;
}

uint64_t field_counts_within(const struct field_counts *c, const struct field_set *set)
{
	uint64_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		if (c->of[i].field < FIELDS_PUBLISHED && set->has[c->of[i].field])
			n += c->of[i].n;
	return n;
}

void field_counts_render(const struct field_counts *c, struct buf *out)
{
	for (size_t i = 0; i < c->n; i++)
		buf_printf(out, "%s%s %" PRIu64, i ? ", " : "", field_name(c->of[i].field),
			   c->of[i].n);
}

void field_counts_release(struct field_counts *c)
{
	free(c->of);
	*c = (struct field_counts){ 0 };
}
