/* place_rows.h - which interfaces the rows of a segment are of: looked up once for each code. */
#ifndef ENITOP_PLACE_ROWS_H
#define ENITOP_PLACE_ROWS_H

#include "decode/places.h"

struct place_rows {
	const struct places *p;
	const struct segment *s;
	const struct dict *d;
	const struct column *name;
	uint32_t *of; /* by code; NULL: for so few rows it is not worth it */
};

/* For about so many rows of a published segment; place_rows_end() it. */
struct place_rows place_rows_begin(const struct places *p, const struct segment *s,
				   const struct dict *d, uint32_t rows);
void place_rows_end(struct place_rows *r);
/* As places_of_row() has it. */
uint32_t place_rows_at(struct place_rows *r, uint32_t row);

/* The same of rows first..first+n-1. */
void place_rows_read(struct place_rows *r, uint32_t first, uint32_t n, uint32_t *out);

/* A table by the codes of a column, for looking up about so many rows, full of `empty`; NULL where
 * it is not worth it, or where there is no column. */
uint32_t *code_table(const struct column *c, uint32_t rows, uint32_t empty);

#endif
