/* export_load.h - records as rows for a table of ClickHouse's, and the table that they are for. */
#ifndef ENITOP_EXPORT_LOAD_H
#define ENITOP_EXPORT_LOAD_H

#include "store/segment.h"

/* What beside the published fields is a column: 1 where the source serves, 1 where it is a guess
 * which side does. */
#define LOAD_FROM_SERVER "from_server"
#define LOAD_GUESS "guess"

/* Adds the names of the columns, a tab apart, as TabSeparatedWithNames begins. */
void load_head(struct buf *out);
/* Adds a row: every published field in the order of FIELDS, \N where it has none or an unreadable
 * one; times in seconds, `end` that which the record counts at. */
void load_row(const struct segment *s, const struct dict *d, uint32_t row, struct buf *out);
/* Adds the statement that makes the table. */
void load_table(struct buf *out);

#endif
