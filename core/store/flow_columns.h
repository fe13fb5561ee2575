/* flow_columns.h - what a list of records shows of each: fields in an order of one's own,
 * and the value of any field of a row, derived ones too. */
#ifndef ENITOP_FLOW_COLUMNS_H
#define ENITOP_FLOW_COLUMNS_H

#include "store/segment.h"

#define FLOW_COLUMNS_MAX 32

struct flow_columns {
	int field[FLOW_COLUMNS_MAX];
	unsigned n;
};

/* "time,client,server,bytes" -> columns. 0, or -EINVAL with the offending name in *bad
 * (empty: too many): unknown, twice, or none. */
int flow_columns_parse(struct str names, struct flow_columns *c, struct str *bad);
/* Its place among them, or -1. */
int flow_columns_find(const struct flow_columns *c, int field);

/* The columns that a field's values are in; [1]: of rows whose source serves, which is
 * another one for client, server and service. FIELD_BIN: `end`. NULL: none. */
void flow_columns_of(const struct segment *s, int field, const struct column *c[2]);
/* That of a row. */
const struct column *flow_column(const struct segment *s, uint32_t row, int field);
/* Whether the row's value of a field is none that it can have. */
bool flow_is_unreadable(const struct segment *s, uint32_t row, int field);
/* Adds a row's value of any field, "-" when there is none: numbers in plain digits, others and
 * what is unreadable as delivered. FIELD_BIN is the row's time, RFC 3339. */
void flow_render(const struct segment *s, const struct dict *d, uint32_t row, int field,
		 struct buf *out);
/* The same of a column of the segment. */
void flow_render_column(const struct segment *s, const struct dict *d, uint32_t row,
			unsigned column, struct buf *out);

#endif
