/* place_rows.c - see place_rows.h. */
#include "decode/place_rows.h"

#include <stdlib.h>

#define NOT_LOOKED_UP (PLACE_NONE - 1)

uint32_t *code_table(const struct column *c, uint32_t rows, uint32_t empty)
{
	uint32_t *table;

	if (!c || rows < c->codes / 4)
		return NULL;
	table = xcalloc(c->codes, sizeof *table);
	for (uint32_t i = 0; i < c->codes; i++)
		table[i] = empty;
	return table;
}

struct place_rows place_rows_begin(const struct places *p, const struct segment *s,
				   const struct dict *d, uint32_t rows)
{
	const struct column *name = segment_column(s, FIELD_INTERFACE_ID);

	return (struct place_rows){ p, s, d, name, code_table(name, rows, NOT_LOOKED_UP) };
}

void place_rows_end(struct place_rows *r)
{
	free(r->of);
}

static uint32_t place_of(struct place_rows *r, uint32_t row, uint32_t code)
{
	if (!code) /* others may name it */
		return places_of_row(r->p, r->s, r->d, row);
	if (r->of[code] == NOT_LOOKED_UP)
		r->of[code] = places_of_row(r->p, r->s, r->d, row);
	return r->of[code];
}

uint32_t place_rows_at(struct place_rows *r, uint32_t row)
{
	return place_of(r, row, r->of ? column_code(r->name, row) : 0);
}

void place_rows_read(struct place_rows *r, uint32_t first, uint32_t n, uint32_t *out)
{
	if (r->of)
		column_codes(r->name, first, n, out);
	for (uint32_t i = 0; i < n; i++)
		out[i] = place_of(r, first + i, r->of ? out[i] : 0);
}
