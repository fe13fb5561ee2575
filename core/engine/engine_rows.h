/* engine_rows.h - what a server answered, as rows: JSONCompact, taken when all of it is there. */
#ifndef ENITOP_ENGINE_ROWS_H
#define ENITOP_ENGINE_ROWS_H

#include <jansson.h>

#include "engine/engine_http.h"

struct engine_rows {
	json_t *root, *data, *totals;
	size_t rows;
	uint64_t ranked; /* how many there are but for the limit */
};

/* Reads it. False with why there is no whole answer, in the server's words where it says, with nothing
 * of `secret` (NULL: there is none). `columns` a row; `totals`: there has to be a row of them;
 * at most `limit` rows (0: any number). Release it in either case. */
bool engine_rows_read(struct engine_rows *r, const struct http_answer *a, size_t columns,
		      bool totals, uint64_t limit, const char *secret, char *error, size_t size);
void engine_rows_release(struct engine_rows *r);

/* A cell, of data or totals; `row` is json_array_get(r->data, i). False: NULL, or no such value. */
bool engine_u64(const json_t *row, size_t column, uint64_t *out);
bool engine_i64(const json_t *row, size_t column, int64_t *out);
bool engine_real(const json_t *row, size_t column, double *out);
/* NULL: it has none. */
const char *engine_text(const json_t *row, size_t column);

#endif
